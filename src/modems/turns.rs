//! One turn of a call in the words of both sides: what the flow awaits as an order for the sound, and
//! what the sound tells as what was heard.

use crate::model::{Awaits, Interrupts, Keys};
use rollcall_drivers::audio::call_audio::{BargeIn, Digits, Take};
use rollcall_drivers::audio::digit::Digit;
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::port::voice::{Order, TurnNo};

/// The order that plays the clips and waits for what is awaited.
pub(super) fn order(turn: TurnNo, clips: Vec<Clip>, awaits: &Awaits) -> Order {
    match awaits {
        Awaits::Nothing => Order::Say(turn, clips),
        Awaits::Keys(keys) => {
            let (digits, barge_in) = digits(keys);
            Order::Ask(turn, clips, digits, barge_in)
        }
        Awaits::Speech { longest, silence } => {
            Order::Record(turn, clips, Take { longest: *longest, silence: *silence })
        }
    }
}

/// What is asked with keys; `#` always ends an answer.
pub(crate) fn digits(keys: &Keys) -> (Digits, BargeIn) {
    let barge_in = match keys.interrupts {
        Interrupts::Yes => BargeIn::Yes,
        Interrupts::No => BargeIn::No,
    };
    let Keys { min, max, first, between, .. } = *keys;
    (Digits { min, max, end_with: Some(Digit::HASH), first, between }, barge_in)
}

/// Pressed keys as they are written.
pub(crate) fn written(digits: &[Digit]) -> String {
    digits.iter().map(|digit| digit.sign()).collect()
}
