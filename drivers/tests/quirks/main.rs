//! Every oddity of modems that is known, each with the check that it is handled.
//!
//! The list of oddities is not part of the project: each has a name, Q001 to Q135, and here stands
//! what is checked for it. Those that are not ours to handle stand in `docs/modems.md` with the
//! reason. With the folder that `ROLLCALL_SHARED` names, the list itself is compared.

mod lines;
mod messages;
mod set_up;
mod stick;

use std::collections::BTreeSet;
use std::path::Path;

/// How an oddity is known to be handled.
pub enum Check {
    /// By this.
    Here(fn()),
    /// By a test that stands elsewhere: its file, its name.
    There(&'static str, &'static str),
}

type Row = (&'static str, Check);

fn table() -> impl Iterator<Item = &'static Row> {
    lines::TABLE.iter().chain(set_up::TABLE).chain(messages::TABLE)
}

#[test]
fn every_quirk_in_the_table_is_handled() {
    let mut failed = Vec::new();
    for (id, check) in table() {
        match check {
            Check::Here(check) => {
                if std::panic::catch_unwind(check).is_err() {
                    failed.push((*id).to_owned());
                }
            }
            Check::There(file, name) => {
                let text = read(file);
                let stands = ["#[test]", "#[tokio::test]"].iter().any(|kind| {
                    let indented = format!("{kind}\n    fn {name}(");
                    let waits = format!("{kind}\n    async fn {name}(");
                    let plain = format!("{kind}\nfn {name}(");
                    let plain_waits = format!("{kind}\nasync fn {name}(");
                    [indented, waits, plain, plain_waits].iter().any(|form| text.contains(form))
                });
                if !stands {
                    failed.push(format!("{id}: {file} has no test `{name}`"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_known_quirk_is_in_the_table_or_has_its_reason() {
    let checked: Vec<&str> = table().map(|(id, _)| *id).collect();
    let known: Vec<String> = match std::env::var_os("ROLLCALL_SHARED") {
        Some(shared) => listed(&Path::new(&shared).join("reference/quirks.jsonl")),
        None => (1..=135).map(|number| format!("Q{number:03}")).collect(),
    };
    let reasons = reasons();
    let known_set: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let checked_set: BTreeSet<&str> = checked.iter().copied().collect();
    let reason_set: BTreeSet<&str> = reasons.iter().map(String::as_str).collect();
    assert_eq!(checked.len(), checked_set.len(), "one stands in the table twice");
    assert_eq!(reasons.len(), reason_set.len(), "one has two reasons");
    let both: Vec<_> = checked_set.intersection(&reason_set).collect();
    assert!(both.is_empty(), "checked, and not ours: {both:?}");
    let all: BTreeSet<&str> = checked_set.union(&reason_set).copied().collect();
    let missing: Vec<_> = known_set.difference(&all).collect();
    assert!(missing.is_empty(), "neither checked nor explained: {missing:?}");
    let unknown: Vec<_> = all.difference(&known_set).collect();
    assert!(unknown.is_empty(), "not in the list: {unknown:?}");
}

/// The names in the list of oddities.
fn listed(file: &Path) -> Vec<String> {
    let lines = std::fs::read_to_string(file).expect("ROLLCALL_SHARED names a readable folder");
    let id = |line: &str| {
        let fact: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        fact["id"].as_str().expect("a name").to_owned()
    };
    lines.lines().map(id).collect()
}

/// The names in the table of those that are not ours: rows with a name and a reason.
fn reasons() -> Vec<String> {
    let text = read("docs/modems.md");
    let heading = "## Quirks that are not ours to handle, and why\n";
    let (_, section) = text.split_once(heading).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, id, reason, _] = cells[..] else { return None };
        let named = id.len() == 4 && id[1..].bytes().all(|digit| digit.is_ascii_digit());
        (named && reason.len() > 20).then(|| id.to_owned())
    };
    section.lines().filter_map(row).collect()
}

/// A file of the project, by its path from the top.
fn read(file: &str) -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(top.join(file)).expect(file)
}

/// What the drivers' sources say to modems: lines of code without comments and tests, of `at` and
/// `modem`.
pub fn code() -> String {
    let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![drivers.join("at"), drivers.join("modem")];
    let mut code = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).expect("a source can be read");
            let text = text.split("\nmod tests {").next().unwrap_or_default();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
    assert!(code.contains("AT+CMGS="), "the commands are not where they are looked for");
    code
}
