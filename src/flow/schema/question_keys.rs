//! The table of questions and the other steps: every key, by the type of the question.
//!
//! In the examples `years` (a number), `cadre` (a choice of nurse and midwife) and `county` (a
//! place) were asked before.

use super::keys::{RULES, SAID_BY_CALL, YES_OR_NO, key, need};
use super::{Key, OtherStep, QuestionType, Value};

const ID: Key = need("id", Value::Name, "The name under which the answer is kept.", r#""packs""#);
const ONLY_IF: Key = key(
    "only_if",
    Value::Text,
    "Only when this holds, like `name_ok is no` or `years >= 5 and cadre is nurse`.",
    r#""years >= 5 and cadre is nurse""#,
);

const BY_SMS: Key = key(
    "sms",
    Value::Words(&[("skip", "By SMS it is passed by.")]),
    "What it is by SMS.",
    r#""skip""#,
);

/// The steps that are no questions.
pub(super) const OTHER_STEPS: &[OtherStep] = &[
    OtherStep {
        mark: "say",
        keys: &[
            ID,
            ONLY_IF,
            need(
                "say",
                Value::Wording,
                "What is said, in each language; the flow goes on at once.",
                r#"{"en": "Now some questions about your facility."}"#,
            ),
            SAID_BY_CALL,
            BY_SMS,
        ],
    },
    OtherStep {
        mark: "flow",
        keys: &[
            ID,
            ONLY_IF,
            need(
                "flow",
                Value::Name,
                "Another flow of the office, whose questions are asked here; their answers are \
                 kept under both names: `home.county`.",
                r#""address""#,
            ),
        ],
    },
];

/// The keys of every question.
pub(super) const QUESTION: &[Key] = &[
    ID,
    ONLY_IF,
    need(
        "ask",
        Value::Wording,
        "What is asked, in each language. {contact.first_name}, {contact.name}, {contact.FIELD}, \
         {example} and earlier answers can stand in it. The numbered choices are added by \
         themselves.",
        r#"{"en": "How many packs do you have?"}"#,
    ),
    // The words and what they mean are those of TYPES below.
    need("type", Value::Words(&[]), "What counts as an answer.", r#""text""#),
    key("example", Value::Text, "The example shown for {example}.", r#""7""#),
    key(
        "right",
        Value::Text,
        "The answer that counts a point; {score} and {score.of} tell how many were right.",
        r#""yes""#,
    ),
    key(
        "may_refuse",
        Value::Words(YES_OR_NO),
        "Whether the person may text SKIP instead of an answer.",
        "true",
    ),
    key(
        "save_to",
        Value::Text,
        "Keeps the answer with the contact too.",
        r#""contact.name_reported""#,
    ),
    key(
        "rules",
        Value::Group(RULES),
        "Rules of this question alone.",
        r#"{"wrong_answer": {"ask_again": 1}}"#,
    ),
    key(
        "if",
        Value::TextsByName,
        "What follows an answer: a later question's id, or `end` and an ending's name.",
        r#"{"years >= 5": "end"}"#,
    ),
    key(
        "voice",
        Value::Voice,
        "What it is by call: a recording in the office's folder `prompts`, or one in each \
         language; `skip` passes it by, and `{record: 20 s}` records what the person says.",
        r#"{"record": "20 s", "en": "prompts/common/name.wav"}"#,
    ),
    BY_SMS,
];

/// The types of questions.
pub(super) const TYPES: &[QuestionType] = &[
    QuestionType {
        word: "yes_no",
        what: "yes, y, okay, oui, 1 … no, non, 2 …; conditions say `is \"yes\"` and `is \"no\"`",
        keys: &[],
    },
    QuestionType {
        word: "choice",
        what: "one of several: its number, a label, a word of the list, a small misspelling",
        keys: CHOICES,
    },
    QuestionType { word: "choices", what: "several of several: `1 3`", keys: CHOICES },
    QuestionType {
        word: "number",
        what: "7, seven, 7 yrs, O7",
        keys: &[
            key(
                "whole",
                Value::Words(&[
                    ("true", "Whole numbers only."),
                    ("yes", "Whole numbers only."),
                    ("false", "Parts are taken too: 7.5"),
                    ("no", "Parts are taken too: 7.5"),
                ]),
                "Whether only whole numbers are taken.",
                "true",
            ),
            key("between", Value::Bounds, "The smallest and the largest number.", "[0, 60]"),
        ],
    },
    QuestionType {
        word: "date",
        what: "03/05/1979, 030579, 3 May 79; the day first",
        keys: &[key(
            "between",
            Value::Bounds,
            "The first and the last day, fixed or counted from today.",
            r#"["1940-01-01", "today - 16 years"]"#,
        )],
    },
    QuestionType {
        word: "time",
        what: "10:30, 1030, 10h30, 3pm, 8 in the morning",
        keys: &[key(
            "between",
            Value::Bounds,
            "The earliest and the latest time, in quotes.",
            r#"["06:00", "20:00"]"#,
        )],
    },
    QuestionType {
        word: "phone",
        what: "a whole number of the country, or a foreign one with +",
        keys: &[],
    },
    QuestionType {
        word: "code",
        what: "an identifier; its zeros stay",
        keys: &[key(
            "shape",
            Value::Text,
            "What it looks like: `#` stands for a digit, `@` for a letter.",
            "\"LR-####\"",
        )],
    },
    QuestionType {
        word: "place",
        what: "a place of a list, with spelling mistakes, inside a sentence",
        keys: &[
            need("level", Value::Text, "A word of the list's second column.", r#""county""#),
            need(
                "list",
                Value::Text,
                "The list's file in the office folder.",
                r#""lists/places.csv""#,
            ),
            key(
                "inside",
                Value::Text,
                "The earlier question for the place around it.",
                r#""county""#,
            ),
            key(
                "unsure",
                Value::Words(&[
                    ("confirm", "Did you mean …?"),
                    ("ask_again", "The question is asked again."),
                ]),
                "What happens with a reply that is near but not sure.",
                r#""confirm""#,
            ),
        ],
    },
    QuestionType { word: "text", what: "anything", keys: LONGEST },
    QuestionType {
        word: "audio",
        what: "by call, a recording; by SMS, the answer in writing, unless `sms: skip` is said",
        keys: LONGEST,
    },
];

const LONGEST: &[Key] =
    &[key("longest", Value::Whole(1, 480), "The longest text that is kept, in letters.", "100")];

const CHOICES: &[Key] = &[need(
    "choices",
    Value::Choices,
    "A line for each choice: its name, and its words in each language, the shown one first; \
     `voice:` beside them names its recordings.",
    r#"{"nurse": {"en": ["Nurse", "RN"]}, "midwife": {"en": ["Midwife", "CM"]}}"#,
)];
