//! How long the network keeps trying (TS 23.040 §9.2.3.12).

use super::reader::Reader;
use super::{PduError, ServiceCentreTime};

/// The validity period of a message that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From five minutes to 63 weeks, in the steps of TS 23.040 §9.2.3.12.1.
    Relative(u8),
    /// Until a moment.
    Absolute(ServiceCentreTime),
    /// The enhanced format, kept as it is.
    Enhanced([u8; 7]),
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;

impl Validity {
    /// The longest relative period that is not longer than so many minutes; five at least.
    pub fn from_minutes(minutes: u32) -> Self {
        let steps = match minutes {
            ..=719 => (minutes / 5).saturating_sub(1),
            720..=1439 => 143 + (minutes - 12 * HOUR) / 30,
            1440..=2879 => 167,
            2880..=50_399 => (166 + minutes / DAY).min(196),
            _ => 192 + (minutes / WEEK).min(63),
        };
        Self::Relative(u8::try_from(steps).unwrap_or(u8::MAX))
    }

    /// The minutes of a relative period.
    pub fn minutes(self) -> Option<u32> {
        let Self::Relative(steps) = self else {
            return None;
        };
        let steps = u32::from(steps);
        Some(match steps {
            0..=143 => (steps + 1) * 5,
            144..=167 => 12 * HOUR + (steps - 143) * 30,
            168..=196 => (steps - 166) * DAY,
            _ => (steps - 192) * WEEK,
        })
    }

    /// TP-VPF, bits 4 and 3 of the first octet.
    pub(super) fn format(validity: Option<Self>) -> u8 {
        match validity {
            None => 0x00,
            Some(Self::Enhanced(_)) => 0x08,
            Some(Self::Relative(_)) => 0x10,
            Some(Self::Absolute(_)) => 0x18,
        }
    }

    pub(super) fn parse(
        reader: &mut Reader<'_>,
        first_octet: u8,
    ) -> Result<Option<Self>, PduError> {
        let field = "the validity period";
        Ok(match first_octet & 0x18 {
            0x00 => None,
            0x08 => Some(Self::Enhanced(reader.seven(field)?)),
            0x10 => Some(Self::Relative(reader.octet(field)?)),
            _ => Some(Self::Absolute(ServiceCentreTime::from_raw(reader.seven(field)?))),
        })
    }

    pub(super) fn emit(self, out: &mut Vec<u8>) {
        match self {
            Self::Relative(steps) => out.push(steps),
            Self::Absolute(time) => out.extend(time.raw()),
            Self::Enhanced(raw) => out.extend(raw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_in_steps_that_grow() {
        for (minutes, steps) in [
            (0, 0),
            (5, 0),
            (9, 0),
            (10, 1),
            (12 * HOUR, 143),
            (12 * HOUR + 30, 144),
            (DAY, 167),
            (2 * DAY - 1, 167),
            (2 * DAY, 168),
            (30 * DAY, 196),
            (5 * WEEK - 1, 196),
            (5 * WEEK, 197),
            (63 * WEEK, 255),
            (u32::MAX, 255),
        ] {
            assert_eq!(Validity::from_minutes(minutes), Validity::Relative(steps), "{minutes}");
        }
    }

    #[test]
    fn every_step_says_how_long_it_is() {
        for steps in 0..=u8::MAX {
            let minutes = Validity::Relative(steps).minutes().expect("relative");
            assert_eq!(Validity::from_minutes(minutes), Validity::Relative(steps), "{steps}");
        }
        assert_eq!(Validity::Enhanced([0; 7]).minutes(), None);
    }
}
