//! What holds where a flow says nothing: rules and standing texts.
//!
//! Each text fits one short message together with a usual question's first words and stays
//! within the GSM alphabet.

use super::{AfterTries, Messages, OtherFlow, Rules, Wording};
use crate::model::{Interrupts, Language};
use std::time::Duration;

const DAY: u64 = 86_400;

/// The rules of a flow that says nothing.
pub(super) fn rules() -> Rules {
    Rules {
        ask_again: 2,
        then: AfterTries::Skip,
        remind_after: Some(Duration::from_secs(DAY)),
        reminders: 2,
        expires_after: Duration::from_secs(7 * DAY),
        other_flow: OtherFlow::FinishThisFirst,
        voice: super::VoiceRules {
            no_key_after: Duration::from_secs(8),
            ask_again: 2,
            redial: [600, 7_200, DAY].map(Duration::from_secs).to_vec(),
            fallback: super::Fallback::Sms,
            interrupts: Interrupts::Yes,
            read_back: super::ReadBack::Numbers,
        },
    }
}

/// The standing texts in those of the languages that have them, and in the first one always.
pub(super) fn messages(languages: &[Language]) -> Messages {
    let texts = |english: &str, french: &str| wording(languages, english, french);
    Messages {
        wrong: texts("Sorry, not understood: {reply}.", "Désolé, pas compris: {reply}."),
        must_answer: texts(
            "Sorry, this one needs an answer. Text HELP if you cannot.",
            "Désolé, il faut une réponse ici. AIDE si vous ne pouvez pas.",
        ),
        reminder: texts(
            "We are still waiting for your answer. Reply STOP to end.",
            "Nous attendons votre réponse. STOP pour finir.",
        ),
        stopped: texts(
            "You will get no more messages from us. Text START to get them again.",
            "Vous ne recevrez plus de messages. Envoyez START pour reprendre.",
        ),
        started: texts(
            "You will get messages from us again. Text STOP to end.",
            "Vous recevrez de nouveau nos messages. STOP pour finir.",
        ),
        help: texts(
            "This is the health office. Answer the last question, or text STOP to end. A person \
             will read this.",
            "Ici le bureau de santé. Répondez à la question, ou envoyez STOP. Une personne lira \
             ceci.",
        ),
        confirm: texts("Did you mean {proposal}? Yes or no.", "Est-ce {proposal}? Oui ou non."),
        fix: texts(
            "Which answer do you want to change? Send its number: {answers}",
            "Quelle réponse voulez-vous corriger? Envoyez son numéro: {answers}",
        ),
        other_waits: texts(
            "Another questionnaire waits for you: {title}. Finish this one first, or text NEXT to \
             begin the other one now.",
            "Un autre questionnaire vous attend: {title}. Finissez celui-ci, ou envoyez SUIVANT \
             pour commencer l'autre.",
        ),
        too_late: texts(
            "Thank you. This came after the time was over; we have kept it.",
            "Merci. Le délai est passé; nous gardons votre réponse.",
        ),
        by_call: super::ByCallTexts::usual(languages),
    }
}

/// The standing texts of an anonymous flow: none of them says an answer back.
pub(super) fn anonymous_messages(languages: &[Language]) -> Messages {
    let texts = |english: &str, french: &str| wording(languages, english, french);
    Messages {
        wrong: texts("Sorry, not understood.", "Désolé, pas compris."),
        fix: texts(
            "Answers are anonymous: nobody can find yours to change it.",
            "Les réponses sont anonymes: on ne peut plus les changer.",
        ),
        ..messages(languages)
    }
}

fn wording(languages: &[Language], english: &str, french: &str) -> Wording {
    let mut wording = Wording::new();
    for (at, language) in languages.iter().enumerate() {
        match language.base().as_str() {
            "fr" => drop(wording.insert(language.clone(), french.to_owned())),
            "en" => drop(wording.insert(language.clone(), english.to_owned())),
            // A language that we do not speak: English is better than silence.
            _ if at == 0 => drop(wording.insert(language.clone(), english.to_owned())),
            _ => {}
        }
    }
    wording
}
