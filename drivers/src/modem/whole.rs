//! Whether a message came off the modem whole.
//!
//! A line may lose what the modem says, or have noise in it, and a text with a letter less is
//! another answer. Each PDU is announced with its length: one of another length is read again, and
//! is taken as it is only where the modem says the very same thing each time.

use std::collections::BTreeMap;

use super::command::Place;
use crate::at::fields;
use crate::pdu::hex;

/// Readings that must be alike for a wrong length to be the modem's own doing.
const ALIKE: u32 = 3;
/// Readings of one place until the next look into its memory.
const MOST_READINGS: u32 = 8;

/// Places whose message did not come whole.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    places: BTreeMap<Place, Doubt>,
    /// Is to be read once more.
    again: Option<Place>,
}

#[derive(Debug, Default)]
struct Doubt {
    last: String,
    alike: u32,
    readings: u32,
}

/// What to make of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Taken,
    /// Not now: it is read again at once, or with the next look.
    Doubted,
}

impl Doubts {
    /// Judges what was read from a place.
    pub fn judge(&mut self, place: &Place, header: &str, digits: &str) -> Reading {
        if is_whole(header, digits) {
            self.places.remove(place);
            return Reading::Taken;
        }
        let reading = format!("{header} {digits}");
        let doubt = self.places.entry(place.clone()).or_default();
        doubt.readings += 1;
        doubt.alike = if doubt.last == reading { doubt.alike + 1 } else { 1 };
        doubt.last = reading;
        if doubt.alike >= ALIKE {
            self.places.remove(place);
            return Reading::Taken;
        }
        self.again = (doubt.readings < MOST_READINGS).then(|| place.clone());
        Reading::Doubted
    }

    /// Whether a place that was just read is to be read once more.
    pub fn take_again(&mut self, place: &Place) -> bool {
        self.again.take_if(|again| again == place).is_some()
    }

    pub fn clear(&mut self) {
        self.places.clear();
        self.again = None;
    }
}

/// Whether a PDU is as long as the line before it announced (TS 27.005 §3.1, `<length>`: octets
/// without the service centre's address).
pub(super) fn is_whole(header: &str, digits: &str) -> bool {
    let centre = digits.get(..2).and_then(|first| hex::decode(first).ok());
    let centre = centre.and_then(|octets| octets.first().copied()).map(usize::from);
    let (Some(announced), Some(centre)) = (fields::announced_length(header), centre) else {
        return false;
    };
    digits.len() == 2 * (1 + centre + announced)
}

/// As much of a message as says that there was one, and nothing that could be misread.
pub(super) fn unreadable(pdu: &[u8]) -> Vec<u8> {
    let centre = pdu.first().map_or(0, |length| usize::from(*length));
    pdu.iter().copied().take(1 + centre).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_whole_if_it_is_as_long_as_announced() {
        assert!(is_whole("+CMGR: 0,,3", "00040506") && is_whole("+CMGL: 7,1,\"\",3", "0191040506"));
        for (header, digits) in [
            ("+CMGR: 0,,3", "0004050"),
            ("+CMGR: 0,,3", "000405"),
            ("+CMGR: 0,,", "00040506"),
            ("+CMGR: 0,,33", "00040506"),
            ("+CMGR: 0,,3", ""),
            ("+CMGR: 0,,3", "z004050"),
        ] {
            assert!(!is_whole(header, digits), "{header} {digits}");
        }
    }

    #[test]
    fn what_is_never_whole_is_taken_when_it_is_always_the_same() {
        let place = Place { memory: "SM".to_owned(), index: 3 };
        let mut doubts = Doubts::default();
        for (digits, expected) in [
            ("0004", Reading::Doubted),
            ("0005", Reading::Doubted),
            ("0005", Reading::Doubted),
            ("0005", Reading::Taken),
        ] {
            assert_eq!(doubts.judge(&place, "+CMGR: 0,,7", digits), expected);
        }
        for nth in 0..MOST_READINGS {
            doubts.judge(&place, "+CMGR: 0,,7", &format!("{nth:04}"));
            assert_eq!(doubts.take_again(&place), nth + 1 < MOST_READINGS);
        }
    }
}
