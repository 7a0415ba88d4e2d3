//! Scenes of what comes in: whose it is, which question it answers, and what is never answered.

use super::*;
use expect_test::expect;

#[test]
fn an_answer_brings_the_next_question_and_the_last_one_a_thank_you() {
    let mut scene = Scene::new();
    scene.asks_mary();
    for reply in ["yes", "14", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, reply);
        scene.waits(5 * SECOND);
        scene.sent(1);
    }
    expect![[r#"
        Mon 09:01:00  stick 1 sends +231•••0001 "How many packs?"
        Mon 09:02:05  stick 1 sends +231•••0001 "Is there water?"
        Mon 09:03:10  campaign stock: everybody is done
        Mon 09:03:10  stick 1 sends +231•••0001 "Thank you."
    "#]]
    .assert_eq(&scene.story());
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] packs = 14 (exact)
        Mary Kollie [completed] water = no (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
}

#[test]
fn the_same_message_offered_again_is_forgotten_again_and_counts_once() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let pdu = texts(MARY, "yes", scene.now).remove(0);
    scene.receives(1, pdu.clone());
    scene.sent(1);
    scene.receives(1, pdu);
    expect![[r#"
        out +231•••0001 "Is your clinic open?" delivered
        in +231•••0001 "yes" received
        out +231•••0001 "How many packs?" sent
    "#]]
    .assert_eq(&scene.messages());
}

#[test]
fn the_same_text_sent_twice_within_seconds_counts_once() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(3 * SECOND);
    scene.sent(1);
    scene.waits(3 * SECOND);
    scene.says(MARY, "yes");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#""#]].assert_eq(&scene.inbox());
}

#[test]
fn a_reply_that_came_before_the_next_question_left_is_not_its_answer() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(SECOND);
    scene.says(MARY, "12");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "12": it came too soon to answer the next question
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_second_part_that_comes_just_after_the_next_question_left_is_not_its_answer() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let said = scene.now;
    scene.said(MARY, "yes", said);
    scene.waits(4 * SECOND);
    scene.sent(1);
    scene.waits(2 * SECOND);
    scene.said(MARY, "24", said + SignedDuration::from_secs(6));
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "24": it came too soon to answer the next question
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_quick_answer_counts_when_the_question_is_known_to_be_on_the_phone() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(2 * SECOND);
    let reference = scene.sent(1);
    scene.waits(SECOND);
    scene.reports(MARY, reference, 0);
    scene.waits(7 * SECOND);
    scene.says(MARY, "24");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 24 (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn stop_ends_everything_with_one_confirmation_and_start_begins_nothing_by_itself() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    for word in ["Stop.", "STOP", "hello", "START"] {
        scene.says(MARY, word);
        scene.waits(MINUTE);
        if word != "STOP" && word != "hello" {
            scene.sent(1);
        }
    }
    scene.waits(5 * DAY);
    expect![[r#"
        Mon 09:01:00  campaign stock: everybody is done
        Mon 09:01:00  stick 1 sends +231•••0001 "You will get no more messages from us. Text START to get them again."
        Mon 09:04:00  stick 1 sends +231•••0001 "You will get messages from us again. Text STOP to end."
    "#]].assert_eq(&scene.story());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
        in +231•••0001 "Stop." received
        out +231•••0001 "You will get no more messages from us. Text START to get them again." sent
        in +231•••0001 "STOP" received
        in +231•••0001 "hello" received
        in +231•••0001 "START" received
        out +231•••0001 "You will get messages from us again. Text STOP to end." sent
    "#]]
    .assert_eq(&scene.messages());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 0 responded, 0 completed; 1 refused"]
        .assert_eq(&scene.campaign());
}

#[test]
fn a_question_that_the_modem_refuses_after_stop_is_not_tried_again() {
    let mut scene = Scene::new();
    let numbers = vec![MARY.to_owned()];
    scene.starts_for(STOCK, Audience { numbers, ..Default::default() });
    scene.says(MARY, "STOP");
    scene.refused(1, Cause::Message(38));
    scene.sent(1);
    scene.waits(DAY);
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:00:00  campaign stock: everybody is done
        Mon 09:00:00  stick 1 sends +231•••0001 "You will get no more messages from us. Text START to get them again."
    "#]].assert_eq(&scene.story());
}

#[test]
fn services_and_the_offices_own_numbers_are_never_answered() {
    let mut scene = Scene::new();
    for sender in ["MTN-INFO", "8080", "+231770000001"] {
        scene.says(sender, "HELP");
        scene.says(sender, "STOCK");
    }
    expect![[r#""#]].assert_eq(&scene.story());
    expect![[r#"
        MTN-INFO "HELP": it came from a service, not from a person's phone
        MTN-INFO "STOCK": it came from a service, not from a person's phone
        8080 "HELP": it came from a service, not from a person's phone
        8080 "STOCK": it came from a service, not from a person's phone
        +231•••0001 "HELP": it came from one of the office's own numbers
        +231•••0001 "STOCK": it came from one of the office's own numbers
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_machine_that_says_the_same_again_and_again_is_not_answered_any_more() {
    let mut scene = Scene::new();
    for _ in 0..8 {
        scene.says(MARY, "stock");
        scene.waits(20 * SECOND);
    }
    expect![[r#"
        +231•••0001 "stock": nobody had asked for it
        +231•••0001 "stock": nobody had asked for it
        +231•••0001 "stock": nobody had asked for it
        +231•••0001 "stock": nobody had asked for it
        +231•••0001 "stock": the same text came again and again; it is not answered any more
        +231•••0001 "stock": the same text came again and again; it is not answered any more
        +231•••0001 "stock": the same text came again and again; it is not answered any more
        +231•••0001 "stock": the same text came again and again; it is not answered any more
    "#]]
    .assert_eq(&scene.inbox());
    let mut scene = Scene::new();
    for _ in 0..8 {
        scene.says(MARY, "HELP");
        scene.waits(20 * SECOND);
        if scene.story().contains("sends") {
            scene.sent(1);
        }
    }
    expect![[r#"
        in +231•••0001 "HELP" received
        out +231•••0001 "This is the health office. Answer the last question, or text STOP to end. A person will read this." sent
        in +231•••0001 "HELP" received
        out +231•••0001 "This is the health office. Answer the last question, or text STOP to end. A person will read this." sent
        in +231•••0001 "HELP" received
        out +231•••0001 "This is the health office. Answer the last question, or text STOP to end. A person will read this." sent
        in +231•••0001 "HELP" received
        in +231•••0001 "HELP" received
        in +231•••0001 "HELP" received
        in +231•••0001 "HELP" received
        in +231•••0001 "HELP" received
    "#]].assert_eq(&scene.messages());
}

#[test]
fn people_who_answer_every_question_with_the_same_word_are_no_machine() {
    let mut scene = Scene::with(1, |settings| settings.same_text_limit = 2);
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says(MARY, "1");
    scene.waits(2 * SECOND);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "1");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 1 (exact)
    "#]]
    .assert_eq(&scene.answers());
    scene.waits(2 * SECOND);
    scene.sent(1);
    for _ in 0..3 {
        scene.waits(MINUTE);
        scene.says(MARY, "I am driving");
    }
    expect![[r#"
        +231•••0001 "I am driving": the same text came again and again; it is not answered any more
        +231•••0001 "I am driving": the same text came again and again; it is not answered any more
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn on_a_simulated_channel_an_answer_may_come_at_once() {
    let mut scene = Scene::with(1, |settings| settings.reading_time = None);
    scene.asks_mary();
    scene.says(MARY, "yes");
    scene.sent(1);
    scene.says(MARY, "24");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 24 (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_start_word_begins_the_flow_but_while_a_question_waits_it_is_an_answer() {
    let mut scene = Scene::new();
    let flow = written(STOCK);
    scene.ask(Request::PublishFlow { flow });
    scene.says(MARY, "Stock please");
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "stock");
    expect![[r#"
        Mon 09:00:00  stick 1 sends +231•••0001 "Is your clinic open?"
        Mon 09:01:00  stick 1 sends +231•••0001 "Sorry, not understood: stock. Is your clinic open?"
    "#]]
    .assert_eq(&scene.story());
}

#[test]
fn a_text_that_nobody_asked_for_waits_for_a_person() {
    let mut scene = Scene::new();
    scene.says(MARY, "our vaccines did not come");
    scene.says("+231886999999", "who are you");
    expect![[r#""#]].assert_eq(&scene.story());
    expect![[r#"
        +231•••0001 "our vaccines did not come": nobody had asked for it
        +231•••9999 "who are you": nobody had asked for it
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_reply_after_the_time_was_over_reopens_the_run_at_its_question() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(DAY + MINUTE);
    scene.sent(1);
    scene.waits(3 * DAY);
    expect!["finished: 1 listed, 1 messaged, 0 reached, 0 responded, 0 completed; 1 unresponsive"]
        .assert_eq(&scene.campaign());
    scene.says(MARY, "yes");
    scene.waits(MINUTE);
    scene.sent(1);
    expect![[r#"
        Tue 09:00:00  stick 1 sends +231•••0001 "We are still waiting for your answer. Reply STOP to end. Is your clinic open?"
        Thu 09:01:00  campaign stock: everybody is done
        Fri 09:01:00  stick 1 sends +231•••0001 "How many packs?"
    "#]].assert_eq(&scene.story());
    expect!["running: 1 listed, 1 messaged, 1 reached, 1 responded, 0 completed; 1 started"]
        .assert_eq(&scene.campaign());
}

#[test]
fn the_parts_of_a_long_text_are_joined_in_any_order_across_a_cut() {
    let mut scene = Scene::new();
    let text = "the cold chain is broken ".repeat(14);
    let mut parts = texts(MARY, &text, scene.now);
    parts.reverse();
    let last = parts.pop().expect("three parts");
    for part in parts {
        scene.receives(1, part);
    }
    scene.cut();
    assert_eq!(scene.inbox(), "");
    scene.receives(1, last);
    assert!(scene.inbox().contains(&text), "{}", scene.inbox());
}

#[test]
fn a_long_text_that_never_becomes_whole_is_shown_as_far_as_it_came() {
    let mut scene = Scene::new();
    let text = "the cold chain is broken ".repeat(14);
    let mut parts = texts(MARY, &text, scene.now);
    parts.remove(1);
    for part in parts {
        scene.receives(1, part);
    }
    scene.waits(2 * DAY);
    expect![[r#"
        +231•••0001 "the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the[…]ld chain is broken the cold chain is broken ": parts of this text never came
    "#]].assert_eq(&scene.inbox());
}

#[test]
fn a_reference_used_again_does_not_mix_two_texts() {
    let mut scene = Scene::new();
    let first = texts(MARY, &"the cold chain is broken ".repeat(8), scene.now);
    scene.receives(1, first[0].clone());
    scene.waits(HOUR);
    for part in texts(MARY, &"all is well in the north ".repeat(8), scene.now) {
        scene.receives(1, part);
    }
    expect![[r#"
        +231•••0001 "the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the cold chain is broken the[…]": parts of this text never came
        +231•••0001 "all is well in the north all is well in the north all is well in the north all is well in the north all is well in the north all is well in the north all is well in the north all is well in the north ": nobody had asked for it
    "#]].assert_eq(&scene.inbox());
}

#[test]
fn what_is_not_for_a_person_is_kept_and_never_answers_anything() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let time = ServiceCentreTime::from_unix(scene.now.as_second(), 0);
    let data = || split("yes", 0, ReferenceWidth::Eight).expect("short").remove(0).data;
    let text = |coding| Deliver::new(address(MARY), time, coding, data());
    let silent = Deliver { protocol: 0x40, ..text(DataCoding::GSM7) };
    let waiting = text(DataCoding(0xC8));
    for message in [silent, waiting] {
        scene.receives(1, message.encode().octets);
    }
    scene.receives(1, vec![0x00, 0x43, 0x0C]);
    expect![[r#"
        Mary Kollie [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        out +231•••0001 "Is your clinic open?" sent
        in unknown "(unreadable message: the first octet 43 does not announce a message or a report to us)" received
    "#]].assert_eq(&scene.messages());
}

#[test]
fn a_text_whose_end_is_missing_is_never_taken_for_an_answer() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says(MARY, "yes");
    scene.waits(5 * SECOND);
    scene.sent(1);
    scene.waits(MINUTE);
    let whole = texts(MARY, "14", scene.now).remove(0);
    scene.receives(1, whole[..whole.len() - 1].to_vec());
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        +231•••0001 "1… (the rest of this message is missing)": the end of this message is missing: ask for it again
    "#]]
    .assert_eq(&scene.inbox());
    // When it comes whole it is an answer.
    scene.receives(1, whole);
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
        Mary Kollie [waiting] packs = 14 (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn a_compressed_text_is_never_taken_for_an_answer() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    let time = ServiceCentreTime::from_unix(scene.now.as_second(), 0);
    let data = rollcall_drivers::pdu::UserData::from_octets(b"yes", Vec::new()).expect("short");
    let compressed = Deliver::new(address(MARY), time, DataCoding(0x20), data);
    scene.receives(1, compressed.encode().octets);
    expect![[r#"
        Mary Kollie [waiting]  = nothing ()
    "#]]
    .assert_eq(&scene.answers());
    expect![[r#"
        unknown "(unreadable message: a compressed text)": this message could not be read
    "#]]
    .assert_eq(&scene.inbox());
}

#[test]
fn a_text_that_would_replace_another_or_is_shown_at_once_is_an_answer_like_any_other() {
    for (protocol, coding) in [(0x41, 0x00), (0x00, 0x10), (0x5F, 0x00)] {
        let mut scene = Scene::new();
        scene.asks_mary();
        scene.waits(MINUTE);
        let time = ServiceCentreTime::from_unix(scene.now.as_second(), 0);
        let data = split("yes", 0, ReferenceWidth::Eight).expect("short").remove(0).data;
        let text = Deliver::new(address(MARY), time, DataCoding(coding), data);
        scene.receives(1, Deliver { protocol, ..text }.encode().octets);
        expect![[r#"
            Mary Kollie [waiting] open = yes (exact)
        "#]]
        .assert_eq(&scene.answers());
    }
}

#[test]
fn a_sender_in_national_form_is_the_same_person() {
    let mut scene = Scene::new();
    scene.asks_mary();
    scene.waits(MINUTE);
    scene.says("0886000001", "yes");
    expect![[r#"
        Mary Kollie [waiting] open = yes (exact)
    "#]]
    .assert_eq(&scene.answers());
}

#[test]
fn fix_after_the_end_corrects_an_answer_and_the_person_has_still_completed() {
    let mut scene = Scene::new();
    scene.asks_mary();
    for answer in ["yes", "24", "no"] {
        scene.waits(MINUTE);
        scene.says(MARY, answer);
        scene.waits(2 * SECOND);
        scene.sent(1);
    }
    scene.waits(MINUTE);
    scene.says(MARY, "FIX 2");
    scene.waits(2 * SECOND);
    scene.sent(1);
    scene.waits(MINUTE);
    scene.says(MARY, "25");
    scene.waits(2 * SECOND);
    scene.sent(1);
    expect![[r#"
        Mary Kollie [completed] open = yes (exact)
        Mary Kollie [completed] water = no (exact)
        Mary Kollie [completed] packs = 25 (exact)
    "#]]
    .assert_eq(&scene.answers());
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
    scene.waits(MINUTE);
    scene.says(MARY, "fix");
    scene.waits(2 * SECOND);
    scene.sent(1);
    scene.waits(25 * 60 * MINUTE);
    scene.sent(1);
    scene.waits(4 * 24 * 60 * MINUTE);
    expect!["finished: 1 listed, 1 messaged, 1 reached, 1 responded, 1 completed; 1 completed"]
        .assert_eq(&scene.campaign());
}

#[test]
fn two_parts_of_an_answer_sent_within_seconds_are_joined() {
    let flow = "flow: who\ntitle: Who\nlanguages: [en]\nquestions:\n\
        - id: born\n  ask: {en: \"When were you born?\"}\n  type: date\n\
        - id: name\n  ask: {en: \"Your full name?\"}\n  type: text\n  save_to: contact.said_name\n\
        - id: water\n  ask: {en: \"Is there water?\"}\n  type: yes_no\n";
    let mut scene = Scene::new();
    scene.starts_for(flow, Audience { numbers: vec![MARY.to_owned()], ..Default::default() });
    scene.sent(1);
    for parts in [["3 May", "1979"], ["Mary Fatu", "Kollie"]] {
        scene.waits(MINUTE);
        scene.says(MARY, parts[0]);
        scene.waits(4 * SECOND);
        scene.says(MARY, parts[1]);
        scene.waits(SECOND);
        scene.sent(1);
        scene.waits(2 * SECOND);
        if scene.story().contains("sends") {
            scene.sent(1);
        }
    }
    expect![[r#"
        Mary Kollie [waiting] born = 1979-05-03 (repaired)
        Mary Kollie [waiting] name = Mary Fatu Kollie (repaired)
    "#]]
    .assert_eq(&scene.answers());
    expect![[""]].assert_eq(&scene.inbox());
}
