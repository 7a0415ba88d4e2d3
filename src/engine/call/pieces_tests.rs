//! What a call plays and waits for, piece by piece.

use super::tests::{FLOW, flow_of, mary, today};
use crate::engine::{Effect, advance, begin};
use crate::model::{Awaits, Input, Interrupts, Language, Mode, Piece};

#[test]
fn consent_is_heard_to_its_end_and_a_number_has_room_for_one_key_too_many() {
    let flow = flow_of(FLOW);
    let mut turn = begin(&flow, &mary(Some("en")), Mode::Voice, today());
    let mut found = Vec::new();
    for reply in ["1", "1", "1", "12", "1", "03051979", "1"] {
        let awaits = turn.effects.iter().find_map(|effect| match effect {
            Effect::AskByCall { awaits: Awaits::Keys(keys), .. } => Some(*keys),
            _ => None,
        });
        let keys = awaits.expect("keys are awaited");
        found.push((keys.min, keys.max, keys.interrupts == Interrupts::Yes));
        turn = advance(&flow, &mary(Some("en")), &turn.run, &Input::Keys(reply.into()), today());
    }
    let expected = [
        (1, 1, false),
        (1, 1, true),
        (1, 3, true),
        (1, 4, true),
        (1, 1, true),
        (8, 9, true),
        (1, 1, true),
    ];
    assert_eq!(found, expected);
    let speaks = |effect: &Effect| {
        matches!(effect, Effect::AskByCall { awaits: Awaits::Speech { longest, .. }, .. }
            if longest.as_secs() == 20)
    };
    assert!(turn.effects.iter().any(speaks));
}

#[test]
fn recordings_are_played_where_they_are_and_a_name_is_said_between_their_parts() {
    let flow = flow_of(FLOW);
    let turn = begin(&flow, &mary(Some("en-LR")), Mode::Voice, today());
    let files = [
        "prompts/visit/en/hello.wav",
        "prompts/visit/en/consent-1.wav",
        "prompts/visit/en/consent-2.wav",
        "prompts/standing/en-LR/press_yes.wav",
        "prompts/standing/en/press_yes.wav",
        "prompts/standing/en/press_no.wav",
    ];
    let files = files.map(str::to_owned).into();
    let mut played = Vec::new();
    for effect in &turn.effects {
        if let Effect::Play(pieces) | Effect::AskByCall { pieces, .. } = effect {
            played.extend(Piece::settled(pieces, &files).into_iter().map(|piece| match piece {
                Piece::Recording(path) => path,
                Piece::Words { language, text } => format!("{language}: {text}"),
                Piece::FirstOf { .. } | Piece::AllOf { .. } => panic!("it is settled"),
            }));
        }
    }
    let expected = [
        "prompts/visit/en/hello.wav",
        "prompts/visit/en/consent-1.wav",
        "en-LR: Mary",
        "prompts/visit/en/consent-2.wav",
        "prompts/standing/en-LR/press_yes.wav",
        "prompts/standing/en/press_no.wav",
    ];
    assert_eq!(played, expected);
}

#[test]
fn a_text_that_a_flow_words_itself_is_recorded_for_that_flow() {
    let own = FLOW.replace("questions:", "messages: {no_key: {fr: \"Allô?\"}}\nquestions:");
    let flow = flow_of(&own);
    let standing = flow.spoken_standing();
    let no_key = standing.iter().find(|one| one.name == "no_key").expect("it is needed");
    let path = |tag| no_key.recordings.path(&Language::new(tag));
    let paths = [path("en"), path("fr")];
    assert_eq!(paths, ["prompts/standing/en/no_key.wav", "prompts/visit/fr/messages.no_key.wav"]);
    let names: Vec<&str> = standing.iter().map(|one| one.name.as_str()).collect();
    let expected = [
        "language-1",
        "language-2",
        "language-3",
        "press_yes",
        "press_no",
        "press_for",
        "press-1",
        "press-2",
        "press-3",
        "press_several",
        "key_number",
        "key_point",
        "key_date",
        "press_to_skip",
        "speak",
        "you_keyed",
        "if_right",
        "wrong_key",
        "no_key",
        "go_on",
        "person_hears",
        "good_bye",
    ];
    assert_eq!(names, expected);
}

#[test]
fn what_comes_of_a_call_that_is_over_says_nothing_to_a_run_by_sms() {
    let flow = flow_of(FLOW);
    let run = begin(&flow, &mary(Some("en")), Mode::Sms, today()).run;
    let late =
        [Input::Keys("1".into()), Input::NoKey, Input::Recorded("a.wav".into()), Input::HungUp];
    for input in late {
        let turn = advance(&flow, &mary(Some("en")), &run, &input, today());
        assert_eq!((turn.run, turn.effects), (run.clone(), vec![]), "{input:?}");
    }
}
