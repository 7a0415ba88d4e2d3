//! How the sound of a call leaves a kind of modem, as data.
//!
//! Some hand it over by a serial port of their own, in frames of 20 ms both ways; when that begins
//! differs, and what has to be said for it. Others have a microphone and a loudspeaker only.

use std::time::Duration;

use crate::at::commands::Own;

/// What becomes of the sound of a call.
#[derive(Debug)]
pub enum Sound {
    /// It comes and goes by a serial port of its own.
    Port(&'static SoundPort),
    /// It does not reach the computer, and why, in plain words.
    None(&'static str),
}

/// A serial port for sound: 8,000 samples a second of 16 bits, both ways.
#[derive(Debug)]
pub struct SoundPort {
    /// Asked at each start: a modem that refuses it cannot call.
    pub able: Option<Own>,
    /// When it may be begun.
    pub begins: Begins,
    /// How long the modem is left alone before.
    pub pause: Duration,
    /// What begins it, in this order; the last must be obeyed.
    pub begin: &'static [Own],
    /// What proves that it has begun: a question and how its answer must go on.
    pub proof: Option<(Own, &'static str)>,
    /// What lets the modem report pressed keys, best effort.
    pub keys: &'static [Own],
    /// What ends it, after the call.
    pub end: Option<Own>,
    /// What makes a modem well again whose sound did not begin at the first try. It starts anew by it.
    pub cure: Option<Own>,
    /// Which port of a stick it is.
    pub usb: &'static [UsbPort],
}

/// When the sound may be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// Right behind the order to dial or to answer: the ringing there is heard too.
    WithTheCall,
    /// When both sides talk.
    WhenAnswered,
}

/// A port of a stick, by numbers of the USB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsbPort {
    /// The maker.
    pub vendor: u16,
    /// The maker's products.
    pub products: &'static [u16],
    /// The interface.
    pub interface: u8,
}

impl SoundPort {
    /// A port that nothing has to be said for. Which one it is, the office names.
    pub const AS_NAMED: SoundPort = SoundPort {
        able: None,
        begins: Begins::WhenAnswered,
        pause: Duration::ZERO,
        begin: &[],
        proof: None,
        keys: &[],
        end: None,
        cure: None,
        usb: &[],
    };
}

impl UsbPort {
    /// Whether a port with these numbers is it.
    pub fn is(&self, vendor: u16, product: u16, interface: u8) -> bool {
        (self.vendor, self.interface) == (vendor, interface) && self.products.contains(&product)
    }
}
