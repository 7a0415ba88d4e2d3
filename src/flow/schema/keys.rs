//! The table of a flow's header, rules, endings and tests: every key, what may stand behind it, what
//! it says, an example. The keys of questions are in `question_keys`.
//!
//! A key or word that the reader learns is added here, in the list of its group; the tests beside
//! this file name the list. Examples are JSON.

use super::by_call_keys::BY_CALL;
use super::{Key, Need, Value};

pub(super) const fn key(
    name: &'static str,
    value: Value,
    what: &'static str,
    example: &'static str,
) -> Key {
    Key { name, value, what, example, need: Need::Perhaps }
}

pub(super) const fn need(
    name: &'static str,
    value: Value,
    what: &'static str,
    example: &'static str,
) -> Key {
    Key { name, value, what, example, need: Need::Always }
}

/// The whole file.
pub(super) const FLOW: &[Key] = &[
    need("flow", Value::Name, "The flow's id, under which commands know it.", r#""my-flow""#),
    key("title", Value::Text, "What people call the flow.", r#""Staff validation""#),
    key(
        "languages",
        Value::Texts,
        "Its languages; the first is used where a translation is missing. en-LR is Liberian \
         English.",
        r#"["en", "fr", "en-LR"]"#,
    ),
    key(
        "anonymous",
        Value::Words(&[
            ("true", "Nobody can tell who answered what."),
            ("yes", "Nobody can tell who answered what."),
            ("false", "Answers are kept with the person."),
            ("no", "Answers are kept with the person."),
        ]),
        "Whether answers are kept apart from who gave them.",
        "true",
    ),
    key(
        "start_words",
        Value::Texts,
        "Words that a person can text to begin this flow.",
        r#"["STAFF", "VALIDER"]"#,
    ),
    key(
        "starts_on_anything",
        Value::Words(YES_OR_NO),
        "Whether a text that nobody asked for begins this flow; one flow of the office may.",
        "true",
    ),
    key(
        "channels",
        Value::ListedWords(MODES),
        "In which ways people are asked; by SMS alone where nothing is said.",
        r#"["sms", "voice"]"#,
    ),
    key(
        "missed_call_starts",
        Value::Words(MODES),
        "In which way a missed call begins the flow, free for the person.",
        r#""sms""#,
    ),
    key(
        "schedule",
        Value::GroupOrList(SCHEDULE),
        "When the flow starts by itself, and for whom; several are a list.",
        r#"{"every": "week", "on": "monday", "at": "09:00", "for": "everybody"}"#,
    ),
    key(
        "rules",
        Value::Group(RULES),
        "Tries, reminders and time, for every question that has no rules of its own.",
        r#"{"expires_after": "7 days"}"#,
    ),
    key(
        "messages",
        Value::Group(MESSAGES),
        "Standing texts; each has a usable text where none is given.",
        r#"{"wrong": {"en": "Sorry, not understood: {reply}."}}"#,
    ),
    need(
        "questions",
        Value::Steps,
        "The questions, in the order they are asked; `say:` instead of `ask:` only says something.",
        r#"[{"id": "packs", "ask": {"en": "How many packs?"}, "type": "number"}]"#,
    ),
    key(
        "endings",
        Value::NamedGroups(ENDING),
        "What is said last, by name; `done` follows the last question.",
        r#"{"done": {"say": {"en": "Thank you {contact.first_name}."}}}"#,
    ),
    key(
        "tests",
        Value::ListedGroups(TEST),
        "Conversations that prove the flow: what the person sends, what must be kept.",
        r#"[{"replies": ["14"], "expect": {"ending": "done"}}]"#,
    ),
];

/// `schedule:`.
const SCHEDULE: &[Key] = &[
    key(
        "every",
        Value::Words(&[
            ("day", "Every day."),
            ("week", "Every week; `on` says on which days."),
            ("month", "Every month; `on` says on which days."),
        ]),
        "By the calendar.",
        r#""day""#,
    ),
    key(
        "on",
        Value::Texts,
        "The days: monday, or [monday, thursday]; in a month 1 to 31, or last.",
        r#"["monday", "thursday"]"#,
    ),
    key(
        "by",
        Value::Text,
        "By a date that is known of each person: a field of the contact.",
        r#""contact.contract_ends""#,
    ),
    key(
        "offset",
        Value::Text,
        "How long before or after the date; 0 is the day itself.",
        r#""14 days before""#,
    ),
    need("at", Value::Text, "The time of day, in the office's zone.", r#""09:00""#),
    need("for", Value::GroupOr("everybody", WHO), "For whom.", r#""everybody""#),
    key(
        "if_missed",
        Value::Text,
        "When the office was off at that time: `run within 1 day`, or `skip`.",
        r#""run within 1 day""#,
    ),
];

/// `for:` of a schedule.
const WHO: &[Key] = &[
    key("groups", Value::Texts, "Those in one of these groups.", r#"["Officers in charge"]"#),
    key("with", Value::TextsByName, "Those with these values.", r#"{"county": "Bomi"}"#),
    key("not_groups", Value::Texts, "Not those in one of these groups.", r#"["On leave"]"#),
    key("not_with", Value::TextsByName, "Not those with these values.", r#"{"county": "Bomi"}"#),
    key(
        "not_in_a_flow",
        Value::Words(&[
            ("yes", "Those whom a flow waits for now are left out."),
            ("no", "They are taken; their turn comes after it."),
        ]),
        "Whether those whom a flow waits for now are left out.",
        r#""yes""#,
    ),
    key("not_started", Value::Texts, "Not those who had one of these flows.", r#"["re-engage"]"#),
    key(
        "within",
        Value::Time,
        "With `not_started`: only if they had it within this time.",
        r#""30 days""#,
    ),
    key(
        "silent_for",
        Value::Time,
        "Only those who have written nothing for this time.",
        r#""90 days""#,
    ),
    key("heard_within", Value::Time, "Only those who wrote within this time.", r#""90 days""#),
];

/// The ways in which people are asked.
const MODES: &[(&str, &str)] =
    &[("sms", "By short messages."), ("voice", "By phone call, answered with keys.")];

/// `rules:`, of the flow and of a question.
pub(super) const RULES: &[Key] = &[
    key(
        "wrong_answer",
        Value::Group(WRONG_ANSWER),
        "What happens when a reply is not understood.",
        r#"{"ask_again": 2, "then": "skip"}"#,
    ),
    key(
        "no_answer",
        Value::Group(NO_ANSWER),
        "What happens when nobody replies. The clock starts when our message has left.",
        r#"{"remind_after": "1 day", "times": 2, "then": "expire"}"#,
    ),
    key(
        "expires_after",
        Value::Time,
        "How long after the last message the run ends by itself.",
        r#""7 days""#,
    ),
    key(
        "one_flow_at_a_time",
        Value::Words(&[
            ("finish_this_first", "A flow that is to start waits until this one is over."),
            ("let_new_one_interrupt", "A flow that is to start ends this one."),
            ("ask_the_person", "The person is told, and NEXT begins it."),
        ]),
        "What happens when another flow is to start while this one waits for an answer.",
        r#""finish_this_first""#,
    ),
    key(
        "voice",
        Value::Group(VOICE_RULES),
        "What holds by call.",
        r#"{"no_key_after": "8 s", "redial": ["10 min", "2 hours"]}"#,
    ),
];

/// `voice:` under `rules:`.
const VOICE_RULES: &[Key] = &[
    key("no_key_after", Value::Time, "How long no key may be pressed, 2 s to 60 s.", r#""8 s""#),
    key(
        "ask_again",
        Value::Whole(0, 5),
        "How often the question is played again, after a wrong key or none.",
        "2",
    ),
    key(
        "redial",
        Value::TimesOr("never"),
        "When the next calls are made after one in vain, five at most; `never` for none.",
        r#"["10 min", "2 hours", "1 day"]"#,
    ),
    key(
        "fallback",
        Value::Words(&[
            ("sms", "The same question is asked by SMS."),
            ("none", "Nothing more is tried."),
        ]),
        "What follows when all calls were in vain.",
        r#""sms""#,
    ),
    key(
        "keys_interrupt",
        Value::Words(&[
            ("yes", "A key interrupts what is played."),
            ("no", "The question is heard to its end first."),
        ]),
        "Whether a key interrupts the question; not where somebody is asked for their consent.",
        r#""no""#,
    ),
    key(
        "read_back",
        Value::Words(&[
            ("numbers", "Numbers, dates, times, phone numbers and codes."),
            ("always", "Every answer that is keyed."),
            ("never", "None."),
        ]),
        "Which keyed answers are said back before they are kept.",
        r#""numbers""#,
    ),
];

/// `wrong_answer:`.
const WRONG_ANSWER: &[Key] = &[
    key(
        "ask_again",
        Value::Whole(0, 5),
        "How often a reply that is not understood is asked again.",
        "2",
    ),
    key(
        "then",
        Value::Words(&[
            ("skip", "On to the next question; the answer stays empty."),
            ("end", "The run ends."),
            ("help", "A person in the office takes over."),
        ]),
        "What happens when the tries are used up.",
        r#""skip""#,
    ),
];

/// `no_answer:`.
const NO_ANSWER: &[Key] = &[
    key(
        "remind_after",
        Value::TimeOr("never"),
        "How long after our message left a reminder goes; `never` for no reminders.",
        r#""1 day""#,
    ),
    key("times", Value::Whole(0, 10), "How many reminders at most.", "2"),
    key(
        "then",
        Value::Words(&[("expire", "The run ends when its time is over.")]),
        "What happens after the last reminder.",
        r#""expire""#,
    ),
];

/// `messages:`: those of calls stand beside the others.
const MESSAGES: &[Key] = &{
    let mut all = [STANDING[0]; STANDING.len() + BY_CALL.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < STANDING.len() { STANDING[at] } else { BY_CALL[at - STANDING.len()] };
        at += 1;
    }
    all
};

const STANDING: [Key; 10] = [
    key(
        "wrong",
        Value::Wording,
        "Said before the question is asked again; may use {reply}.",
        r#"{"en": "Sorry, not understood: {reply}."}"#,
    ),
    key(
        "must_answer",
        Value::Wording,
        "Said before the question is asked again, to who wanted to skip it and may not.",
        r#"{"en": "Sorry, this one needs an answer. Text HELP if you cannot."}"#,
    ),
    key(
        "reminder",
        Value::Wording,
        "Said before the question, as a reminder.",
        r#"{"en": "We are still waiting for your answer. Reply STOP to end."}"#,
    ),
    key("stopped", Value::Wording, "Said after STOP.", r#"{"en": "No more messages."}"#),
    key("started", Value::Wording, "Said after START.", r#"{"en": "You get messages again."}"#),
    key("help", Value::Wording, "Said after HELP.", r#"{"en": "A person will read this."}"#),
    key(
        "confirm",
        Value::Wording,
        "Asked when a reply is nearly understood; uses {proposal}.",
        r#"{"en": "Did you mean {proposal}? Yes or no."}"#,
    ),
    key(
        "fix",
        Value::Wording,
        "Asked after FIX; {answers} is the list of answers that can be corrected.",
        r#"{"en": "Which answer do you want to change? Send its number: {answers}"}"#,
    ),
    key(
        "other_waits",
        Value::Wording,
        "Said when another flow, {title}, waits until this one is over or the person texts NEXT.",
        r#"{"en": "Another questionnaire waits for you: {title}. Text NEXT to begin it now."}"#,
    ),
    key(
        "too_late",
        Value::Wording,
        "Said when an answer comes after the run's time was over.",
        r#"{"en": "Thank you. This came after the time was over; we have kept it."}"#,
    ),
];

/// An ending.
const ENDING: &[Key] = &[
    key(
        "say",
        Value::Wording,
        "What is said last.",
        r#"{"en": "Thank you {contact.first_name}."}"#,
    ),
    SAID_BY_CALL,
    key(
        "counts_as",
        Value::Words(&[
            ("completed", "They answered what there was to answer."),
            ("partial", "They answered a part."),
            ("refused", "They do not want to."),
            ("ineligible", "They are not the person meant."),
        ]),
        "How reports count who ends here; `done` has completed, others are not the person meant.",
        r#""completed""#,
    ),
    key("add_to_groups", Value::Texts, "Groups that the person joins.", r#"["Validated"]"#),
    key("remove_from_groups", Value::Texts, "Groups that the person leaves.", r#"["Waiting"]"#),
    key(
        "start_flow",
        Value::NameOrGroup(START_FLOW),
        "Another flow that begins for the person: at once, or after a time.",
        r#"{"flow": "training-quiz", "after": "3 days"}"#,
    ),
];

/// `start_flow:`.
const START_FLOW: &[Key] = &[
    need("flow", Value::Name, "The flow's id.", r#""training-quiz""#),
    key("after", Value::Time, "How long after the ending.", r#""3 days""#),
];

/// A test.
const TEST: &[Key] = &[
    key("name", Value::Text, "What the test proves.", r#""says no at once""#),
    key(
        "contact",
        Value::TextsByName,
        "Who the person is: name, language, and fields of the contact.",
        r#"{"name": "Mary Kollie", "language": "en"}"#,
    ),
    key(
        "channel",
        Value::Words(MODES),
        "How they are reached at first; by SMS where nothing is said.",
        r#""voice""#,
    ),
    need(
        "replies",
        Value::Texts,
        "What the person sends, or by call the keys that they press, in order. Put yes and no in \
         quotes.",
        r#"["14"]"#,
    ),
    need(
        "expect",
        Value::TextsByName,
        "What must be kept: a line for each question, and `ending`. A question that is not named \
         may hold anything.",
        r#"{"ending": "done"}"#,
    ),
];

/// A setting that is on or off.
pub(super) const YES_OR_NO: &[(&str, &str)] = &[
    ("true", "Yes."),
    ("yes", "Yes."),
    ("false", "No, as where nothing is said."),
    ("no", "No, as where nothing is said."),
];

/// What a question, a text or an ending is by call.
pub(super) const SAID_BY_CALL: Key = key(
    "voice",
    Value::Wording,
    "What is played by call: a recording in the office's folder `prompts`, or one in each \
     language; `skip` passes it by. Where nothing is said, the one with the usual name.",
    r#"{"en": "prompts/common/hello.wav"}"#,
);
