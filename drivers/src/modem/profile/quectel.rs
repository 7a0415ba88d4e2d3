//! Quectel: modules EC2x, EG9x, BG9x, M95.

use super::{Begins, GENERIC, Profile, Sound, SoundPort, UsbPort, order, question};
use crate::at::commands::{Own, Request};
use crate::at::line::Spontaneous;

const PIN_TRIES: Own = question("AT+QPINC?", "+QPINC:");
const ICCID: Own = question("AT+QCCID", "+QCCID:");

const SOUND: SoundPort = SoundPort {
    begins: Begins::WithTheCall,
    // The receiver of satellites speaks by the same port; and what was on already is refused.
    begin: &[order("AT+QGPSCFG=\"outport\",\"none\""), order("AT+QPCMV=0"), order("AT+QPCMV=1,0")],
    keys: &[order("AT+QTONEDET=1")],
    end: Some(order("AT+QPCMV=0")),
    // EC20, EC21, EC25, EG91, EG95: the interface of the receiver.
    usb: &[UsbPort { vendor: 0x2c7c, products: &[0x0121, 0x0125, 0x0191, 0x0195], interface: 1 }],
    ..SoundPort::AS_NAMED
};

/// Quectel: modules.
pub const QUECTEL: Profile = Profile {
    name: "quectel",
    makers: &["quectel"],
    // The newer ones want the number, the older ones no number.
    acknowledgements: &[Request::AcknowledgeWithOne, Request::Acknowledge],
    iccid: &[Request::Own(&ICCID), Request::Iccid, Request::IccidOfCard],
    pin_tries: &[Request::Own(&PIN_TRIES), Request::PinTries, Request::PinTriesOfCard],
    set_up: &[order("AT+QINDCFG=\"ccinfo\",1,0")],
    spontaneous: Spontaneous {
        booted: &["POWERED DOWN", "NORMAL POWER DOWN"],
        woken: &["+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"],
        bad_power: &["UNDER_VOLTAGE", "OVER_VOLTAGE"],
        ..Spontaneous::NONE
    },
    sounds: &[
        ("ec2", Sound::Port(&SOUND)),
        ("eg", Sound::Port(&SOUND)),
        ("uc20", Sound::Port(&SOUND)),
        ("", Sound::None("this model has no digital sound: use it for texts only")),
    ],
    ..GENERIC
};
