//! The house's own rules, read off the sources as a test reads any file.
//!
//! What the compiler and clippy cannot keep is kept here: who may know whom, how long a file may
//! be, what a file may be called. The never-list in ARCHITECTURE.md names which line each rule
//! keeps. Sizes of functions and counts of parameters are clippy's (`clippy.toml`).

use std::path::{Path, PathBuf};

/// In these folders none of these words may stand in code.
struct Ban {
    folder: &'static str,
    words: &'static [&'static str],
    why: &'static str,
}

const OUTSIDE_WORLD: &[&str] =
    &["tokio", "sqlx", "std::fs", "std::net", "std::time::Instant", "getrandom", "rand_chacha"];

const BANS: &[Ban] = &[
    Ban { folder: "src/model", words: OUTSIDE_WORLD, why: "the nouns are pure" },
    Ban { folder: "src/flow", words: OUTSIDE_WORLD, why: "the language is pure" },
    Ban { folder: "src/engine", words: OUTSIDE_WORLD, why: "the interpreter is pure" },
    Ban {
        folder: "src/model",
        words: &["crate::flow", "crate::engine", "crate::store", "crate::switchboard"],
        why: "the nouns know nobody",
    },
    Ban {
        folder: "src/flow",
        words: &["crate::engine", "crate::store", "crate::switchboard", "rollcall_drivers"],
        why: "the language knows only the nouns",
    },
    Ban {
        folder: "src/engine",
        words: &["crate::store", "crate::switchboard", "rollcall_drivers::modem"],
        why: "the interpreter knows the language and the nouns",
    },
    Ban { folder: "src/translations", words: OUTSIDE_WORLD, why: "translations are pure" },
    Ban {
        folder: "src/translations",
        words: &["crate::store", "crate::switchboard", "crate::cli", "crate::contacts"],
        why: "translations know the language and how long its texts are sent",
    },
    Ban {
        folder: "src/store",
        words: &["crate::switchboard", "crate::engine", "crate::cli", "crate::service"],
        why: "the memory makes no decisions",
    },
    Ban {
        folder: "src/switchboard",
        words: &["tokio", "mpsc", "std::fs", "crate::cli", "crate::modems", "crate::service"],
        why: "`handle` awaits nothing but the store",
    },
    Ban {
        folder: "drivers/src/pdu",
        words: &["tokio", "crate::at", "crate::modem", "crate::simulator"],
        why: "the codec knows nobody",
    },
    Ban {
        folder: "drivers/src/at",
        words: &["tokio", "crate::modem", "crate::simulator"],
        why: "lines know no modem",
    },
    Ban {
        folder: "drivers/src/modem",
        words: &["tokio", "crate::simulator", "std::fs"],
        why: "the state machine does no I/O",
    },
    Ban {
        folder: "drivers/src/audio",
        words: &["tokio", "crate::at", "crate::modem", "crate::pdu", "crate::port", "std::fs"],
        why: "sound knows no modem and opens no file",
    },
    Ban {
        folder: "drivers/src/simulator",
        words: &["tokio", "crate::at", "crate::audio", "crate::modem", "std::fs"],
        why: "the two sides meet as bytes only, so that they cannot agree on the same mistake",
    },
];

/// Makers stand in `modem/profile/`, in transcripts and in papers, nowhere else in the drivers.
const MAKERS: &[&str] = &["huawei", "simcom", "quectel", "wavecom", "cinterion", "u-blox"];

const VAGUE_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "manager"];

/// Code lines of a file, tests left out, beyond which the test fails.
const LONGEST_FILE: usize = 600;

#[test]
fn every_folder_knows_only_those_below_it() {
    let mut found = Vec::new();
    for ban in BANS {
        for file in sources(&root().join(ban.folder)) {
            for (number, line) in code_lines(&file) {
                if let Some(word) = ban.words.iter().find(|word| has_word(&line, word)) {
                    found.push(format!("{}:{number}: `{word}`: {}", file.display(), ban.why));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_makers_name_stands_in_its_profile_or_personality_only() {
    let theirs = ["modem/profile", "simulator/modem/personality", "simulator/tests"];
    let mut found = Vec::new();
    for file in sources(&root().join("drivers/src")) {
        if theirs.iter().any(|folder| file.to_string_lossy().contains(folder)) {
            continue;
        }
        for (number, line) in code_lines(&file) {
            let line = line.to_lowercase();
            if let Some(maker) = MAKERS.iter().find(|maker| line.contains(*maker)) {
                found.push(format!("{}:{number}: `{maker}`", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sql_stands_in_the_store_only() {
    let mut found = Vec::new();
    for file in sources(&root().join("src")) {
        if file.starts_with(root().join("src/store")) || file.ends_with("tidy.rs") {
            continue;
        }
        for (number, line) in code_lines(&file) {
            if ["SELECT ", "INSERT INTO", "DELETE FROM"].iter().any(|verb| line.contains(verb)) {
                found.push(format!("{}:{number}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_file_is_short_enough_to_be_read_in_one_sitting() {
    let long: Vec<_> = all_sources()
        .iter()
        .map(|file| (file, code_lines(file).count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines of code:\n{}", long.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_has_a_telling_name() {
    let mut found = Vec::new();
    for file in all_sources() {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if name.is_some_and(|name| VAGUE_NAMES.contains(&name.as_str())) {
            found.push(format!("{}: the name says nothing", file.display()));
        }
        if !read(&file).starts_with("//!") {
            found.push(format!("{}: begins without saying what it is", file.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "unimplemented!", "todo!(", "#[ignore", "#[allow("];
    let mut found = Vec::new();
    for file in all_sources().iter().filter(|file| !file.ends_with("tidy.rs")) {
        for (number, line) in read(file).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(*word)) {
                found.push(format!("{}:{}: `{word}`", file.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn all_sources() -> Vec<PathBuf> {
    ["src", "drivers/src", "drivers/examples", "hil-tests/src", "hil-tests/tests", "benches"]
        .iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .collect()
}

/// The Rust files below a folder, in order of their names.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("the file was listed a moment ago")
}

/// The numbered lines of code before the tests: no comments, no blank lines.
fn code_lines(file: &Path) -> impl Iterator<Item = (usize, String)> {
    let text = read(file);
    let lines: Vec<_> = text
        .lines()
        .enumerate()
        .take_while(|(_, line)| *line != "mod tests {")
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
        .map(|(number, line)| (number + 1, line.to_owned()))
        .collect();
    lines.into_iter()
}

/// Whether a path or name stands in the line, not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(part_of_a_name)
            && !line[at + word.len()..].starts_with(part_of_a_name)
    })
}
