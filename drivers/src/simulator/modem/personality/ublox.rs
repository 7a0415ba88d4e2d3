//! u-blox modules (LISA, SARA, TOBY): a greeting, a busy card, a memory for reports.

use super::{ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Errors, MessageErrors};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Both, Broadcasts, Modem, Reports, Sim};

pub(super) const UBLOX: Personality = Personality {
    name: "ublox",
    maker: "u-blox",
    model: "SARA-U201",
    revision: "23.60",
    identity: &["{model}-03S-01"],
    answers: &[
        ("+CCID", &["+CCID: {iccid}"]),
        ("+CCID?", &["+CCID: {iccid}"]),
        ("+UPINCNT", &["+UPINCNT: {pin},3,{puk},10"]),
        ("+UPSV?", &["+UPSV: 0"]),
        ("+UCGED?", &["+UCGED: 0"]),
    ],
    lacks: &["+CPINR", "+CESQ"],
    speech: Speech { prompt: "\r\n>", prompt_after: ms(20), nobody: "", ..SPEECH },
    boot: &[(ms(0), "+AT: READY"), (ms(3_500), "+PBREADY")],
    chatter: Chatter {
        lines: &["+UUSTS: 0,1,25,2", "+CIEV: 2,3", "+CIEV: 9,2"],
        every: ms(90_000),
        hushed_by: "",
    },
    errors: Errors {
        unknown_command: Unknown::Told(Equipment::Unknown),
        messages: MessageErrors::Words,
    },
    storage: Storage {
        offered: [
            &[Broadcasts, Modem, Both, Sim, Reports],
            &[Modem, Both, Sim],
            &[Modem, Both, Sim],
        ],
        at_start: [Both; 3],
        reports: Some(Reports),
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0-2),(0-3),(0-3),(0-2),(0-1)",
        takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 1, 2, 3], &[0, 1, 2], &[0, 1]],
        acknowledged_by: &["+CNMA", "+CNMA=0", "+CNMA=1", "+CNMA=2"],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(2_500), Equipment::SimBusy)), ..CARD },
    services: Coding::Plain,
    calls: CALLS,
};
