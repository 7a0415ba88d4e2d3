//! SIMCom: modules SIM800, SIM900, SIM7000, SIM7600, A76xx.
//!
//! A start is told in words, one after the other; messages can be used only after the last of them.
//! They complain of bad power, which is the usual reason for their troubles.

use std::time::Duration;

use super::{Begins, GENERIC, Profile, Sound, SoundPort, UsbPort, order, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT+SPIC", "+SPIC:");

const SOUND: SoundPort = SoundPort {
    // Sooner it is refused, or says that it is on and is not.
    begins: Begins::WhenAnswered,
    pause: Duration::from_millis(100),
    begin: &[order("AT+CPCMREG=1")],
    proof: Some((question("AT+CPCMREG?", "+CPCMREG:"), "+CPCMREG: 1")),
    keys: &[order("AT+DDET=1")],
    end: Some(order("AT+CPCMREG=0")),
    // After a call whose sound did not begin at once, the next one's is in shreds until then.
    cure: Some(order("AT+CRESET")),
    usb: &[UsbPort { vendor: 0x1e0e, products: &[0x9001], interface: 4 }],
    ..SoundPort::AS_NAMED
};

/// SIMCom: modules.
pub const SIMCOM: Profile = Profile {
    name: "simcom",
    makers: &["simcom"],
    models: &["sim7", "sim8", "sim9", "simcom", "a76"],
    // Some have no acknowledgement at all: what they hand over is theirs to have settled.
    acknowledgements: &[Request::Acknowledge],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    spontaneous: Spontaneous {
        booted: &["NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN"],
        sim_gone: &["+CPIN: SIM REMOVED"],
        // The maker's spelling.
        bad_power: &["UNDER-VOLTAGE WARNNING", "OVER-VOLTAGE WARNNING", "UNDER-VOLTAGE WARNING"],
        chatter: &["VOICE CALL:", "MISSED_CALL:"],
        ..Spontaneous::NONE
    },
    sounds: &[
        ("sim75", Sound::Port(&SOUND)),
        ("sim76", Sound::Port(&SOUND)),
        ("a76", Sound::None("this model's sound is analogue: use it for texts only")),
        (
            "",
            Sound::None(
                "this model has no digital sound, only a microphone and a loudspeaker: \
                          use it for texts only",
            ),
        ),
    ],
    ..GENERIC
};
