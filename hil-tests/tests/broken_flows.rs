//! A folder of broken flows: each says in its first line which problem must be found, and where.
//! What is said must be office words, never a library's; all of it stands in `messages.txt`.

use rollcall::flow::{self, Beside};
use std::path::PathBuf;

const FOREIGN_WORDS: [&str; 10] = [
    "serde",
    "panicked",
    "unwrap",
    "mapping value",
    "block mapping",
    "token",
    "None",
    "null",
    "expected one of",
    "scalar",
];

/// Flows that the broken ones take in: `address.sub.yaml` is the flow `address`.
const INNER: &str = ".sub.yaml";

fn broken_flows() -> Vec<(PathBuf, String)> {
    let is_inner = |path: &PathBuf| path.to_string_lossy().ends_with(INNER);
    files().into_iter().filter(|(path, _)| !is_inner(path)).collect()
}

fn beside() -> Beside {
    let inner = |(path, source): (PathBuf, String)| {
        let name = path.file_name()?.to_str()?.strip_suffix(INNER)?.to_owned();
        Some((format!("flows/{name}.yaml"), source))
    };
    let mut beside = Beside::of(&files().into_iter().filter_map(inner).collect()).0;
    beside.known_flows = Some(beside.flows.keys().cloned().collect());
    beside
}

fn files() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("broken-flows");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is part of the project")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a text file");
    files.into_iter().map(|path| (path.clone(), text(&path))).collect()
}

/// Where the flow is about recordings, somebody looked for them and found none.
fn with(beside: &Beside, source: &str) -> Beside {
    let recordings = source.starts_with("# expect: F083").then(Default::default);
    Beside { recordings, ..beside.clone() }
}

#[test]
fn each_broken_flow_is_found_out_where_it_is_broken() {
    let (flows, beside) = (broken_flows(), beside());
    assert!(flows.len() >= 100);
    let mut wrong = Vec::new();
    for (path, source) in flows {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let expected = source.lines().next().unwrap_or_default().trim_start_matches("# expect: ");
        let (code, place) = expected.split_once(" line ").expect("`# expect: F012 line 3`");
        let line = place.trim_end_matches(" warning");
        let (flow, problems) = flow::read(&source, &with(&beside, &source));
        let found = problems.iter().any(|problem| {
            problem.code == code && (line == "any" || problem.place.line.to_string() == line)
        });
        if !found || flow.is_some() != place.ends_with(" warning") {
            let found: Vec<_> = problems.iter().map(|p| (p.code, p.place.line)).collect();
            wrong.push(format!("{name}: expected {expected}, found {found:?}"));
        }
        for problem in problems {
            let shown = problem.show(&name, "");
            if let Some(word) = FOREIGN_WORDS.iter().find(|word| shown.contains(*word)) {
                wrong.push(format!("{name}: says `{word}`: {shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_said_of_each_broken_flow_is_what_people_should_read() {
    let (mut said, beside) = (String::new(), beside());
    for (path, source) in broken_flows() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for problem in flow::read(&source, &with(&beside, &source)).1 {
            said.push_str(&problem.show(&name, &source));
            said.push('\n');
        }
    }
    expect_test::expect_file!["../broken-flows/messages.txt"].assert_eq(&said);
}
