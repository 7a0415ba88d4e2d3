//! What is odd about a kind of modem, as data: the only place where makers differ.
//!
//! A profile holds lists to be tried in order, words to be known and times to be kept; it decides
//! nothing. Which one a modem gets, its maker's and its model's names tell; one that nobody knows is
//! *generic*. A profile says only what is different: the rest of its row is generic's.

mod cinterion;
mod generic;
mod huawei;
mod novatel;
mod quectel;
mod sierra;
mod simcom;
mod sound;
mod telit;
mod ublox;
mod wavecom;
mod zte;

pub use cinterion::CINTERION;
pub use generic::GENERIC;
pub use huawei::HUAWEI;
pub use novatel::NOVATEL;
pub use quectel::QUECTEL;
pub use sierra::SIERRA;
pub use simcom::SIMCOM;
pub use sound::{Begins, Sound, SoundPort, UsbPort};
pub use telit::TELIT;
pub use ublox::UBLOX;
pub use wavecom::WAVECOM;
pub use zte::ZTE;

use std::time::Duration;

use crate::at::commands::{Answer, Own, Places, Request};
use crate::at::line::Spontaneous;
use crate::at::ussd::Written;

/// What is odd about a kind of modem.
#[derive(Debug)]
pub struct Profile {
    /// What the profile is called.
    pub name: &'static str,
    /// Words of which the maker's name has one, in small letters.
    pub makers: &'static [&'static str],
    /// How the names of its models begin, in small letters: for modems that do not say who made
    /// them.
    pub models: &'static [&'static str],
    /// What is given once at each start, before the SIM is asked for. All of it is best effort: a
    /// refusal is no trouble, since what matters is read back later.
    pub set_up: &'static [Own],
    /// Memories for incoming messages, the best first.
    pub memories: &'static [&'static str],
    /// How a memory is chosen, the best first.
    pub places: &'static [Places],
    /// Ways to be told of new messages (the numbers of `AT+CNMI=`), the best first.
    pub announcements: &'static [&'static str],
    /// The same for a modem that keeps no messages and hands them over instead.
    pub deliveries: &'static [&'static str],
    /// Ways to say that a message which was handed over is safe.
    pub acknowledgements: &'static [Request],
    /// Ways to read the number printed on the SIM, the cheapest first.
    pub iccid: &'static [Request],
    /// Ways to learn how many tries the PIN has left.
    pub pin_tries: &'static [Request],
    /// Ways to write a request to the network's services, the likeliest first. `Plain` stands for
    /// the modem's own character set.
    pub ussd: &'static [Written],
    /// Whether it may be asked to keep the link between messages.
    pub link: Link,
    /// How a text is handed over.
    pub typing: Typing,
    /// Whether its word about the PIN is followed by a result.
    pub pin_state: PinState,
    /// How long it is left alone after the PIN.
    pub after_pin: Duration,
    /// How long it may take over a message, if that is longer than the setting.
    pub send: Duration,
    /// Whether it may be told to start anew (`AT+CFUN=1,1`) when it does not answer.
    pub start_anew: StartAnew,
    /// What it says by itself, beside what many say.
    pub spontaneous: Spontaneous,
    /// What becomes of the sound of its calls: the first whose word its model's name has, in small
    /// letters.
    pub sounds: &'static [(&'static str, Sound)],
}

/// For a maker whose modems have no port for sound that is known here.
const SILENT: &[(&str, Sound)] = &[(
    "",
    Sound::None(
        "no port for the sound of calls is known for modems of this maker: use it for texts",
    ),
)];

impl Profile {
    /// What becomes of the sound of the calls of this model.
    pub fn sound_of(&'static self, model: &str) -> &'static Sound {
        const UNKNOWN: &Sound =
            &Sound::None("nothing is known about the sound of this model's calls");
        let model = model.to_lowercase();
        let found = self.sounds.iter().find(|(word, _)| model.contains(word));
        found.map_or(UNKNOWN, |(_, sound)| sound)
    }
}

/// Whether a port of the USB carries sound and no commands, whichever modem it belongs to.
pub fn is_sound_port(vendor: u16, product: u16, interface: u8) -> bool {
    let sounds = all().flat_map(|profile| profile.sounds);
    sounds.into_iter().any(|(_, sound)| match sound {
        Sound::Port(port) => port.usb.iter().any(|usb| usb.is(vendor, product, interface)),
        Sound::None(_) => false,
    })
}

/// Whether a modem may be asked to keep the link to the network between messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It may; it counts where it is read back.
    Ask,
    /// It does harm.
    Leave,
}

/// Whether a kind of modem may be told to start anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartAnew {
    /// It comes back.
    ByCommand,
    /// It hangs for good, or comes back without its SIM.
    Never,
}

/// How a text is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// All at once.
    AtOnce,
    /// So many digits at a time, with a pause between.
    InPieces {
        /// Digits in a piece.
        digits: usize,
        /// Between two pieces.
        pause: Duration,
    },
}

/// Whether the word about the PIN (`+CPIN:`) is followed by a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// As the standard has it.
    WithResult,
    /// Perhaps none comes: a short silence ends it too.
    MayLackResult,
}

/// Where a modem that nobody knows is looked for: whoever is not here is generic.
const FAMILIES: [&Profile; 10] =
    [&HUAWEI, &ZTE, &SIMCOM, &QUECTEL, &WAVECOM, &UBLOX, &TELIT, &CINTERION, &SIERRA, &NOVATEL];

/// All profiles.
pub fn all() -> impl Iterator<Item = &'static Profile> {
    FAMILIES.into_iter().chain([&GENERIC])
}

/// The profile of a modem that calls its maker and itself so.
pub fn of(maker: &str, model: &str) -> &'static Profile {
    let (maker, model) = (maker.to_lowercase(), model.to_lowercase());
    let by_maker = |family: &&&Profile| family.makers.iter().any(|word| maker.contains(word));
    let by_model = |family: &&&Profile| family.models.iter().any(|start| model.starts_with(start));
    let found = FAMILIES.iter().find(by_maker).or_else(|| FAMILIES.iter().find(by_model));
    found.copied().unwrap_or(&GENERIC)
}

/// A maker's own command that answers nothing but its result.
const fn order(form: &'static str) -> Own {
    Own { form, answer: Answer::Nothing, seconds: 5 }
}

/// A maker's own question.
const fn question(form: &'static str, prefix: &'static str) -> Own {
    Own { form, answer: Answer::Prefixed(prefix), seconds: 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modem_is_known_by_its_maker_or_by_its_model() {
        for (maker, model, name) in [
            ("huawei", "E173", "huawei"),
            ("ZTE CORPORATION", "MF190", "zte"),
            ("SIMCOM_Ltd", "SIMCOM_SIM800L", "simcom"),
            ("INCORPORATED", "A7670E-FASE", "simcom"),
            ("", "SIM7600E-H", "simcom"),
            ("Quectel", "EC25", "quectel"),
            ("WAVECOM MODEM", "MULTIBAND  900E  1800", "wavecom"),
            ("u-blox", "SARA-U201", "ublox"),
            ("Telit", "HE910", "telit"),
            ("Cinterion", "EHS6", "cinterion"),
            ("SIEMENS", "TC35i", "cinterion"),
            ("Sierra Wireless, Incorporated", "MC7304", "sierra"),
            ("Novatel Wireless Incorporated", "MC679", "novatel"),
            ("Rollcall", "Simulated modem", "generic"),
            ("", "", "generic"),
        ] {
            assert_eq!(of(maker, model).name, name, "{maker} {model}");
        }
    }

    #[test]
    fn every_profile_can_be_used() {
        for profile in all() {
            assert!(!profile.memories.is_empty(), "{}", profile.name);
            assert!(!profile.places.is_empty(), "{}", profile.name);
            assert!(!profile.announcements.is_empty(), "{}", profile.name);
            for numbers in profile.announcements.iter().chain(profile.deliveries) {
                assert_eq!(numbers.split(',').count(), 5, "{}: {numbers}", profile.name);
            }
            let kept = |numbers: &&str| !numbers[2..].starts_with('2');
            assert!(profile.announcements.iter().all(kept), "{}", profile.name);
            assert!(!profile.deliveries.iter().any(kept), "{}", profile.name);
        }
    }

    #[test]
    fn names_differ() {
        let mut names: Vec<&str> = all().map(|profile| profile.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().count());
    }
}
