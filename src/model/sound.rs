//! What a call says and waits for: data between the engine, which decides it, and whoever plays it.
//!
//! A run goes on by call turn by turn: a [`Sound`] is played and what comes of it is a [`Heard`].
//! Nothing is opened or played here, and no modem is known.

use super::Language;
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
