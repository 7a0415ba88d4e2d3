//! What a call says and waits for: data between the engine, which decides it, and whoever plays it.
//!
//! A run goes on by call turn by turn: a [`Sound`] is played and what comes of it is a [`Heard`].
//! Nothing is opened or played here, and no modem is known.

use super::Language;
use std::collections::BTreeSet;
use std::time::Duration;

/// What a call plays next, and what it waits for afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// One prompt, piece by piece without a pause; none: nothing is played.
    pub pieces: Vec<Piece>,
    /// What is waited for.
    pub awaits: Awaits,
}

/// One piece of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// A recording: its path in the office folder.
    Recording(String),
    /// Words that nobody has recorded: a draft voice says them where there is one.
    Words {
        /// The language they are in.
        language: Language,
        /// As they are written.
        text: String,
    },
    /// The first of these recordings that the office has; where it has none of them, what stands in
    /// for it. The engine says it so, for it knows no files; [`Piece::settled`] decides.
    FirstOf {
        /// Paths in the office folder, the best one first.
        recordings: Vec<String>,
        /// What is said without a recording.
        otherwise: Vec<Piece>,
    },
    /// These recordings one after the other, where the office has all of them: a number is said in
    /// one voice or not at all.
    AllOf {
        /// Paths in the office folder.
        recordings: Vec<String>,
        /// What is said where one is missing.
        otherwise: Vec<Piece>,
    },
}

impl Piece {
    /// These pieces once it is known which recordings the office has, by their paths in the office
    /// folder: recordings that are there, and words. Words that follow one another are said in one
    /// breath. Capitals in paths do not count, for recorders write `CONSENT.WAV`.
    pub fn settled(pieces: &[Piece], files: &BTreeSet<String>) -> Vec<Piece> {
        let mut settled = Vec::new();
        settle(pieces, files, &mut settled);
        settled
    }

    /// What is said where nothing is recorded, for people to read.
    pub fn words(pieces: &[Piece]) -> String {
        let said = Piece::settled(pieces, &BTreeSet::new());
        let words = said.iter().map(|piece| match piece {
            Piece::Words { text, .. } => text.as_str(),
            Piece::Recording(path) => path,
            Piece::FirstOf { .. } | Piece::AllOf { .. } => "",
        });
        words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn settle(pieces: &[Piece], files: &BTreeSet<String>, settled: &mut Vec<Piece>) {
    for piece in pieces {
        match piece {
            Piece::Recording(_) => settled.push(piece.clone()),
            Piece::Words { language, text } => match settled.last_mut() {
                Some(Piece::Words { language: before, text: words }) if before == language => {
                    words.push(' ');
                    words.push_str(text);
                }
                _ => settled.push(piece.clone()),
            },
            Piece::AllOf { recordings, otherwise } => {
                let found: Option<Vec<&String>> = recordings
                    .iter()
                    .map(|one| first_of(std::slice::from_ref(one), files))
                    .collect();
                match found {
                    Some(all) => settled.extend(all.into_iter().cloned().map(Piece::Recording)),
                    None => settle(otherwise, files, settled),
                }
            }
            Piece::FirstOf { recordings, otherwise } => match first_of(recordings, files) {
                Some(path) => settled.push(Piece::Recording(path.clone())),
                None => settle(otherwise, files, settled),
            },
        }
    }
}

fn first_of<'a>(wanted: &[String], files: &'a BTreeSet<String>) -> Option<&'a String> {
    let find = |wanted: &String| {
        let same = |file: &&String| file.eq_ignore_ascii_case(wanted);
        files.get(wanted).or_else(|| files.iter().find(same))
    };
    wanted.iter().find_map(find)
}

/// What follows the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// Nothing: [`Heard::Played`] comes at the end.
    Nothing,
    /// Pressed keys.
    Keys(Keys),
    /// A beep, and then speech.
    Speech {
        /// The longest recording.
        longest: Duration,
        /// So much silence ends it.
        silence: Duration,
    },
}

/// What is asked with keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// With fewer keys than these, the next is waited for as long as for the first.
    pub min: usize,
    /// With so many keys the answer is complete.
    pub max: usize,
    /// How long the first key is waited for, from the end of the prompt.
    pub first: Duration,
    /// How long each further key is waited for.
    pub between: Duration,
    /// Whether a key interrupts the prompt.
    pub interrupts: Interrupts,
}

/// Whether a key interrupts a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupts {
    /// It does, and counts.
    Yes,
    /// The prompt is heard to its end first: consent is asked like this.
    No,
}

/// What came of a [`Sound`]; exactly one, unless the call ends or another sound takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// All was played.
    Played,
    /// These keys were pressed, without the `#` that ended them; a lone `#` leaves none.
    Keys(String),
    /// No key was pressed, or nobody spoke.
    Silence,
    /// Somebody spoke, and the recording is durable.
    Recorded {
        /// Its path in the office's data folder.
        file: String,
        /// How long it is.
        length: Duration,
    },
    /// The call has no sound, and why, in plain words: it is of no use and is to be ended.
    Broken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_heard_and_the_rest_is_said_in_one_breath() {
        let words = |text: &str| Piece::Words { language: Language::new("en"), text: text.into() };
        let first_of = |path: &str, text: &str| Piece::FirstOf {
            recordings: vec![format!("{path}.wav"), format!("{path}.mp3")],
            otherwise: vec![words(text)],
        };
        let pieces = [
            first_of("prompts/a/en/ask", "Which?"),
            words("For"),
            first_of("prompts/a/en/nurse", "nurse"),
            first_of("prompts/a/en/press-1", "press 1."),
        ];
        let files = ["prompts/a/en/ASK.MP3".to_owned()].into();
        let expected =
            [Piece::Recording("prompts/a/en/ASK.MP3".into()), words("For nurse press 1.")];
        assert_eq!(Piece::settled(&pieces, &files), expected);
        assert_eq!(Piece::words(&pieces), "Which? For nurse press 1.");
    }
}
