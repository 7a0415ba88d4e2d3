//! Who a campaign is for, and who is left out of it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Who a campaign is for. An empty one is everybody; several lines narrow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// In one of these groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// With these values in these fields: (field, stored text).
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// With one of these numbers, in E.164.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Left out: in one of these groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_groups: Vec<String>,
    /// Left out: with one of these values in these fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_fields: Vec<(String, String)>,
    /// Left out: who had one of these flows before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_started: Vec<String>,
    /// Only a start within this time counts for `not_started`, in seconds; `None`: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_within: Option<u64>,
    /// Left out: who wrote within this time, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_for: Option<u64>,
    /// Left out: who did not write within this time, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_within: Option<u64>,
    /// Whether those whom a flow waits for now are left out.
    #[serde(default, skip_serializing_if = "WhoIsInAFlow::is_taken")]
    pub in_a_flow: WhoIsInAFlow,
}

/// What happens to those whom a flow waits for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoIsInAFlow {
    /// They are taken; their turn comes when the other flow is over.
    #[default]
    Taken,
    /// They are left out.
    LeftOut,
}

impl WhoIsInAFlow {
    fn is_taken(&self) -> bool {
        *self == WhoIsInAFlow::Taken
    }
}

impl fmt::Display for Audience {
    /// In words: `group Bomi, not in group On leave`. How many numbers, never which.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if !self.groups.is_empty() {
            words.push(format!("group {}", self.groups.join(" or ")));
        }
        words.extend(self.fields.iter().map(|(field, value)| format!("{field} {value}")));
        if !self.numbers.is_empty() {
            words.push(format!("{} numbers", self.numbers.len()));
        }
        if words.is_empty() {
            words.push("everybody".to_owned());
        }
        let not_group = |group: &String| format!("not in group {group}");
        words.extend(self.not_groups.iter().map(not_group));
        let not_with = |(field, value): &(String, String)| format!("not with {field} {value}");
        words.extend(self.not_fields.iter().map(not_with));
        let within = self.started_within.map(|time| format!(" within {}", length_in_words(time)));
        let within = within.unwrap_or_default();
        let had = |flow: &String| format!("not who had {flow}{within}");
        words.extend(self.not_started.iter().map(had));
        let length = |time: Option<u64>| time.map(length_in_words);
        words.extend(length(self.silent_for).map(|time| format!("not who wrote within {time}")));
        words.extend(length(self.heard_within).map(|time| format!("who wrote within {time}")));
        if self.in_a_flow == WhoIsInAFlow::LeftOut {
            words.push("not who is in a flow".to_owned());
        }
        f.write_str(&words.join(", "))
    }
}

/// A length of time in seconds, as people say it: `90 days`, `36 hours`.
pub fn length_in_words(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let fits = |(length, _): &&(u64, &str)| seconds.is_multiple_of(*length);
    let (length, unit) = units.iter().find(fits).copied().unwrap_or((1, "second"));
    let count = seconds / length;
    let many = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{many}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_of_an_older_store_can_be_read() {
        let old = r#"{"groups":["Bomi"],"fields":[],"numbers":[]}"#;
        let read: Audience = serde_json::from_str(old).expect("an old audience");
        assert_eq!(read, Audience { groups: vec!["Bomi".to_owned()], ..Audience::default() });
        assert_eq!(serde_json::to_string(&read).expect("it is plain"), old);
    }

    #[test]
    fn lengths_of_time_are_said_in_their_largest_unit() {
        for (seconds, said) in [(86_400, "1 day"), (129_600, "36 hours"), (90, "90 seconds")] {
            assert_eq!(length_in_words(seconds), said);
        }
    }
}
