//! Sticks that are plugged in and have no port for AT: they show themselves as a CD with their
//! software, or as a network card.
//!
//! To somebody at the computer such a stick looks like none at all. Here it is known by its USB
//! numbers, so that it can be said what it is and what helps. Only Linux tells (`/sys`).

use std::fmt;

/// A stick that cannot be used as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disguised {
    /// The USB number of the maker.
    pub vendor: u16,
    /// The maker's number of the product.
    pub product: u16,
    /// As what it shows itself.
    pub guise: Guise,
}

/// As what a stick shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guise {
    /// As a CD, until it is switched.
    Cd,
    /// As a CD that the system's own rule makes a network card.
    CdThatBecomesACard,
    /// As a network card.
    Card,
}

/// Sticks by vendor, product and guise.
const KNOWN: [(u16, u16, Guise); 6] = [
    (0x12d1, 0x1446, Guise::Cd),
    (0x12d1, 0x14fe, Guise::Cd),
    (0x19d2, 0x2000, Guise::Cd),
    (0x12d1, 0x1f01, Guise::CdThatBecomesACard),
    (0x12d1, 0x14db, Guise::Card),
    (0x12d1, 0x14dc, Guise::Card),
];

impl Disguised {
    fn of(vendor: u16, product: u16) -> Option<Disguised> {
        let known = KNOWN.iter().find(|known| (known.0, known.1) == (vendor, product))?;
        Some(Disguised { vendor, product, guise: known.2 })
    }
}

/// What it is and what helps, for people.
impl fmt::Display for Disguised {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a stick (USB {:04x}:{:04x}) shows itself as ", self.vendor, self.product)?;
        out.write_str(match self.guise {
            Guise::Cd => "a CD: install `usb_modeswitch` and plug it in again",
            Guise::CdThatBecomesACard => {
                "a CD, and the system would make it a network card: it needs a rule of its own in \
                 /etc/usb_modeswitch.d with `TargetProduct=0x1001`, or use another stick"
            }
            Guise::Card => {
                "a network card and has no port for messages: use another stick, or switch it \
                 once with a rule in /etc/usb_modeswitch.d"
            }
        })
    }
}

/// All such sticks that are plugged in now.
pub fn sticks() -> Vec<Disguised> {
    below(std::path::Path::new("/sys/bus/usb/devices"))
}

fn below(devices: &std::path::Path) -> Vec<Disguised> {
    let number = |folder: &std::path::Path, name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        u16::from_str_radix(text.trim(), 16).ok()
    };
    let folders = std::fs::read_dir(devices).into_iter().flatten().flatten();
    let mut found: Vec<Disguised> = folders
        .filter_map(|folder| {
            let folder = folder.path();
            Disguised::of(number(&folder, "idVendor")?, number(&folder, "idProduct")?)
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugged(ids: &[(&str, &str)]) -> Vec<Disguised> {
        let devices = tempfile::tempdir().expect("there is room for a folder");
        for (nth, (vendor, product)) in ids.iter().enumerate() {
            let folder = devices.path().join(format!("1-{nth}"));
            std::fs::create_dir(&folder).expect("the folder is ours");
            std::fs::write(folder.join("idVendor"), format!("{vendor}\n")).expect("ours");
            std::fs::write(folder.join("idProduct"), format!("{product}\n")).expect("ours");
        }
        std::fs::create_dir(devices.path().join("usb1")).expect("the folder is ours");
        below(devices.path())
    }

    #[test]
    fn a_stick_that_shows_itself_as_a_cd_is_named_and_what_helps() {
        for id in ["1446", "14fe"] {
            let found = plugged(&[("12d1", id), ("1d6b", "0002")]);
            assert_eq!(found.len(), 1, "{id}");
            let words = found[0].to_string();
            assert!(words.contains("as a CD") && words.contains("usb_modeswitch"), "{words}");
        }
        assert_eq!(plugged(&[("12d1", "1506"), ("046d", "c077")]), []);
    }

    #[test]
    fn a_stick_that_becomes_a_network_card_is_named_and_what_helps() {
        for (id, guise) in
            [("1f01", Guise::CdThatBecomesACard), ("14db", Guise::Card), ("14dc", Guise::Card)]
        {
            let found = plugged(&[("12d1", id)]);
            assert_eq!(found.first().map(|stick| stick.guise), Some(guise), "{id}");
            let words = found[0].to_string();
            assert!(words.contains("network card") && words.contains("another stick"), "{words}");
        }
    }

    #[test]
    fn a_machine_without_such_a_tree_has_none() {
        assert_eq!(below(std::path::Path::new("/nowhere")), []);
    }
}
