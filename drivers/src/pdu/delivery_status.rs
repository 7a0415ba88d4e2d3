//! TP-Status: what became of a message, by class and in words (TS 23.040 §9.2.3.15).

use std::fmt;

/// The status octet, in its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryStatus {
    /// The network is done with it and well: it arrived, mostly.
    Delivered(u8),
    /// It has not arrived; the network keeps trying.
    StillTrying(u8),
    /// It will not arrive, and trying again would not help.
    Failed(u8),
    /// It has not arrived, and the network has stopped trying: sending again may help.
    GaveUp(u8),
}

impl DeliveryStatus {
    /// Every octet has a class. 0x80 and above are reserved and are read, like every failure that
    /// is not known, as a failure that trying again may cure.
    pub fn from_octet(octet: u8) -> Self {
        match octet {
            0x00..=0x1F => Self::Delivered(octet),
            0x20..=0x3F => Self::StillTrying(octet),
            0x40..=0x5F => Self::Failed(octet),
            0x60..=0xFF => Self::GaveUp(octet),
        }
    }

    /// The octet as it travels.
    pub fn octet(self) -> u8 {
        match self {
            Self::Delivered(octet)
            | Self::StillTrying(octet)
            | Self::Failed(octet)
            | Self::GaveUp(octet) => octet,
        }
    }

    /// What the octet means, in words. Values that the standard reserves, and those that each
    /// service centre may use as it likes, are told from each other and from what is known.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Delivered(octet) => delivered(octet),
            Self::StillTrying(octet) => {
                let own = "the network is still trying, for a reason of its own";
                passing(octet & 0x1F, ["the network is still trying", own])
            }
            Self::Failed(octet) => failed(octet),
            Self::GaveUp(octet @ 0x60..=0x7F) => {
                let own = "the network has stopped trying, for a reason of its own";
                passing(octet & 0x1F, ["the network has stopped trying", own])
            }
            Self::GaveUp(_) => "a status that the standard does not know",
        }
    }
}

fn delivered(octet: u8) -> &'static str {
    match octet {
        0x00 => "delivered to the phone",
        0x01 => "passed on; the network cannot say whether it arrived",
        0x02 => "replaced by a later message",
        0x03..=0x0F => "done, in a way that the standard does not know",
        _ => "done, for a reason of this network's own",
    }
}

/// Causes that may pass, the same for "still trying" and "stopped trying"; then what to say of a
/// reserved one and of a network's own.
fn passing(cause: u8, [reserved, own]: [&'static str; 2]) -> &'static str {
    match cause {
        0x00 => "the network is congested",
        0x01 => "the phone is busy",
        0x02 => "no answer from the phone",
        0x03 => "service refused",
        0x04 => "no channel good enough to the phone",
        0x05 => "an error in the phone",
        0x06..=0x0F => reserved,
        _ => own,
    }
}

fn failed(octet: u8) -> &'static str {
    match octet {
        0x40 => "an error of the remote procedure",
        0x41 => "the phone cannot take such a message",
        0x42 => "the network cannot connect",
        0x43 => "the number cannot be reached",
        0x44 => "no channel good enough to the phone",
        0x45 => "no way between the networks",
        0x46 => "the message outlived its validity period",
        0x47 => "deleted by the one who sent it",
        0x48 => "deleted by the service centre",
        0x49 => "the service centre does not know the message",
        0x4A..=0x4F => "failed, in a way that the standard does not know",
        _ => "failed, for a reason of this network's own",
    }
}

impl fmt::Display for DeliveryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status 0x{:02X})", self.meaning(), self.octet())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_has_one_class_and_words() {
        for octet in 0..=u8::MAX {
            let status = DeliveryStatus::from_octet(octet);
            assert_eq!(status.octet(), octet);
            assert!(!status.meaning().is_empty());
        }
    }

    /// TS 23.040 §9.2.3.15, range by range; together all 256.
    #[test]
    fn every_octet_is_in_one_row_of_the_standard() {
        let rows = [
            (0x00..=0x02, "known"),
            (0x03..=0x0F, "the standard does not know"),
            (0x10..=0x1F, "own"),
            (0x20..=0x25, "known"),
            (0x26..=0x2F, "the network is still trying"),
            (0x30..=0x3F, "own"),
            (0x40..=0x49, "known"),
            (0x4A..=0x4F, "the standard does not know"),
            (0x50..=0x5F, "own"),
            (0x60..=0x65, "known"),
            (0x66..=0x6F, "the network has stopped trying"),
            (0x70..=0x7F, "own"),
            (0x80..=0xFF, "the standard does not know"),
        ];
        let mut next = 0_u16;
        for (row, sort) in rows {
            for octet in row {
                assert_eq!(u16::from(octet), next, "no octet is left out");
                next += 1;
                let meaning = DeliveryStatus::from_octet(octet).meaning();
                let is_own = meaning.ends_with(" own");
                let is_known = !is_own
                    && !meaning.contains("does not know")
                    && !meaning.ends_with("still trying")
                    && !meaning.ends_with("stopped trying")
                    || octet == 0x49;
                let fits = match sort {
                    "known" => is_known,
                    "own" => is_own,
                    words => meaning.ends_with(words),
                };
                assert!(fits, "{octet:02X}: {meaning}");
            }
        }
        assert_eq!(next, 256);
    }

    #[test]
    fn classes_are_those_of_the_standard() {
        for (octet, status, meaning) in [
            (0x00, DeliveryStatus::Delivered(0x00), "delivered to the phone"),
            (0x22, DeliveryStatus::StillTrying(0x22), "no answer from the phone"),
            (0x26, DeliveryStatus::StillTrying(0x26), "the network is still trying"),
            (0x46, DeliveryStatus::Failed(0x46), "the message outlived its validity period"),
            (0x50, DeliveryStatus::Failed(0x50), "failed, for a reason of this network's own"),
            (0x65, DeliveryStatus::GaveUp(0x65), "an error in the phone"),
            (0x80, DeliveryStatus::GaveUp(0x80), "a status that the standard does not know"),
        ] {
            assert_eq!(DeliveryStatus::from_octet(octet), status);
            assert_eq!(status.meaning(), meaning);
        }
    }
}
