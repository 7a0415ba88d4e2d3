//! Sierra Wireless cards and modules (AirCard, MC87xx): a silent start, reports handed over and
//! not kept, acknowledgements demanded, `!` commands.

use super::{ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Errors, MessageErrors};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Modem, Sim};

pub(super) const SIERRA: Personality = Personality {
    name: "sierra",
    maker: "Sierra Wireless, Incorporated",
    model: "MC8790V",
    revision: "K2_0_8_16BAP C:/WS/FW/K2_0_8_16BAP/MSM6290/SRC 2011/02/23 14:41:03",
    identity: &[
        "Manufacturer: {maker}",
        "Model: {model}",
        "Revision: {revision}",
        "IMEI: {imei}",
        "IMEI SV: 14",
        "+GCAP: +CGSM,+DS,+ES",
    ],
    answers: &[
        ("!ICCID?", &["!ICCID: {iccid}"]),
        ("!GSTATUS?", &["!GSTATUS:", "Mode: ONLINE        System mode: GSM", "GSM channel: 50"]),
        ("+CPINC?", &["+CPINC: {pin},3,{puk},10"]),
    ],
    lacks: &["+CCID", "+CPINR"],
    speech: Speech { prompt_after: ms(500), location: ", 00C3, 00001A2B", ..SPEECH },
    boot: &[],
    chatter: Chatter { lines: &["^SYSINFO:2,3,0,5,1,,4"], every: ms(300_000), hushed_by: "" },
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Numbers },
    storage: Storage {
        offered: [&[Sim, Modem], &[Sim, Modem], &[Sim, Modem]],
        at_start: [Sim; 3],
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1),(0,1)",
        takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 2], &[0, 1], &[0, 1]],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(4_000), Equipment::SimBusy)), ..CARD },
    services: Coding::Plain,
    calls: CALLS,
};
