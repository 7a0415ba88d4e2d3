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

    /// The seconds of a relative or an enhanced period; none where the octets give none, and for a
    /// moment.
    pub fn seconds(self) -> Option<u32> {
        let raw = match self {
            Self::Relative(_) => return self.minutes().map(|minutes| minutes * 60),
            Self::Absolute(_) => return None,
            Self::Enhanced(raw) => raw,
        };
        // TS 23.040 §9.2.3.12.3; a further octet of the kind stands in between where bit 7 says so.
        let at = 1 + raw.iter().take_while(|octet| **octet & 0x80 != 0).count();
        let octet = |after: usize| raw.get(at + after).copied();
        let decimal = |after: usize| {
            let octet = octet(after)?;
            let (tens, ones) = (u32::from(octet & 0x0F), u32::from(octet >> 4));
            (tens < 10 && ones < 10).then_some(tens * 10 + ones)
        };
        match raw[0] & 0b111 {
            0b001 => Self::Relative(octet(0)?).seconds(),
            0b010 => octet(0).map(u32::from),
            0b011 => Some((decimal(0)? * 60 + decimal(1)?) * 60 + decimal(2)?),
            _ => None,
        }
    }

    /// Whether the network tries only once (bit 6 of the enhanced format).
    pub fn is_single_shot(self) -> bool {
        matches!(self, Self::Enhanced([first, ..]) if first & 0x40 != 0)
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
    fn the_enhanced_format_says_how_long_and_how_often() {
        for (raw, seconds, once) in [
            ([0x00, 0, 0, 0, 0, 0, 0], None, false),
            ([0x40, 0, 0, 0, 0, 0, 0], None, true),
            ([0x01, 167, 0, 0, 0, 0, 0], Some(24 * 3600), false),
            ([0x42, 90, 0, 0, 0, 0, 0], Some(90), true),
            ([0x03, 0x21, 0x43, 0x65, 0, 0, 0], Some((12 * 60 + 34) * 60 + 56), false),
            ([0x03, 0x2A, 0x43, 0x65, 0, 0, 0], None, false),
            ([0x82, 0x00, 90, 0, 0, 0, 0], Some(90), false),
            ([0xFF; 7], None, true),
            ([0x07, 1, 2, 3, 0, 0, 0], None, false),
        ] {
            let validity = Validity::Enhanced(raw);
            assert_eq!(
                (validity.seconds(), validity.is_single_shot()),
                (seconds, once),
                "{raw:02X?}"
            );
        }
        assert_eq!(Validity::from_minutes(5).seconds(), Some(300));
    }

    #[test]
    fn every_validity_of_a_message_is_read_and_written_alike() {
        for first_octet in [0x00, 0x08, 0x10, 0x18] {
            for octet in 0..=u8::MAX {
                let octets = [octet; 7];
                let read = Validity::parse(&mut Reader::new(&octets), first_octet);
                let read = read.expect("seven octets are enough");
                assert_eq!(Validity::format(read), first_octet);
                let mut written = Vec::new();
                if let Some(validity) = read {
                    validity.emit(&mut written);
                }
                assert_eq!(written, octets[..written.len()]);
            }
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
