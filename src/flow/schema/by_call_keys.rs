//! The table of the standing texts of a call, which stand under `messages:` beside the others.

use super::keys::key;
use super::{Key, Value};

pub(super) const BY_CALL: [Key; 21] = [
    key(
        "language",
        Value::Wording,
        "By call: each language offers itself, in its own words; {key} is its key.",
        r#"{"en": "For English, press {key}."}"#,
    ),
    key(
        "press_yes",
        Value::Wording,
        "By call: how yes is keyed.",
        r#"{"en": "For yes, press 1."}"#,
    ),
    key("press_no", Value::Wording, "By call: how no is keyed.", r#"{"en": "For no, press 2."}"#),
    key(
        "press_for",
        Value::Wording,
        "By call: said before the name of a choice.",
        r#"{"en": "For"}"#,
    ),
    key(
        "press",
        Value::Wording,
        "By call: said after it; {key} is its key.",
        r#"{"en": "press {key}."}"#,
    ),
    key(
        "press_several",
        Value::Wording,
        "By call: how several choices are keyed.",
        r#"{"en": "Press all that fit, then press hash."}"#,
    ),
    key(
        "key_number",
        Value::Wording,
        "By call: how a number is keyed.",
        r#"{"en": "Key the number, then press hash."}"#,
    ),
    key(
        "key_point",
        Value::Wording,
        "By call: how a number that may have parts is keyed.",
        r#"{"en": "For the point, press star."}"#,
    ),
    key(
        "key_date",
        Value::Wording,
        "By call: how a date is keyed.",
        r#"{"en": "Key the day with two digits, the month with two, and the year with four."}"#,
    ),
    key(
        "key_time",
        Value::Wording,
        "By call: how a time of day is keyed.",
        r#"{"en": "Key the hour with two digits and the minutes with two. In the afternoon, one o'clock is 13."}"#,
    ),
    key(
        "key_phone",
        Value::Wording,
        "By call: how a phone number is keyed.",
        r#"{"en": "Key the whole number, then press hash."}"#,
    ),
    key(
        "key_code",
        Value::Wording,
        "By call: how a code is keyed.",
        r#"{"en": "Key the digits, then press hash."}"#,
    ),
    key(
        "press_to_skip",
        Value::Wording,
        "By call: how to go on without an answer, where that is allowed.",
        r#"{"en": "To go on without an answer, press hash."}"#,
    ),
    key(
        "speak",
        Value::Wording,
        "By call: said before the tone of a recording.",
        r#"{"en": "Speak after the tone. Press hash when you have finished."}"#,
    ),
    key(
        "you_keyed",
        Value::Wording,
        "By call: said before the answer that was keyed.",
        r#"{"en": "You keyed"}"#,
    ),
    key(
        "if_right",
        Value::Wording,
        "By call: said after it; 1 keeps it, 2 keys it again.",
        r#"{"en": "If that is right, press 1. To key it again, press 2."}"#,
    ),
    key(
        "wrong_key",
        Value::Wording,
        "By call: said before the question, after keys that are no answer.",
        r#"{"en": "Sorry, that is no answer here."}"#,
    ),
    key(
        "no_key",
        Value::Wording,
        "By call: said before the question, after no key or silence.",
        r#"{"en": "Sorry, we heard nothing."}"#,
    ),
    key(
        "go_on",
        Value::Wording,
        "By call: said first when a call goes on where another one ended.",
        r#"{"en": "We go on where we stopped."}"#,
    ),
    key(
        "person_hears",
        Value::Wording,
        "By call: said after 0, which tells a person in the office.",
        r#"{"en": "A person in the office will hear of this."}"#,
    ),
    key(
        "good_bye",
        Value::Wording,
        "By call: said at the end, where the flow says nothing.",
        r#"{"en": "Thank you. Good-bye."}"#,
    ),
];
