//! Telit modules (GL865, HE910, LE910): `#` commands, a silent start, SIM-toolkit news.

use super::{ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Errors, MessageErrors};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Modem, Sim};

pub(super) const TELIT: Personality = Personality {
    name: "telit",
    maker: "Telit",
    model: "HE910",
    revision: "12.00.226",
    identity: &["332"],
    answers: &[
        ("#CCID", &["#CCID: {iccid}"]),
        ("#CGMI", &["#CGMI: {maker}"]),
        ("#CGMM", &["#CGMM: {model}"]),
        ("#CGMR", &["#CGMR: {revision}"]),
        ("#CGSN", &["#CGSN: {imei}"]),
        ("#PCT", &["#PCT: {tries}"]),
        ("#QSS?", &["#QSS: 0,1"]),
        ("#QSS=1", &[]),
        ("#STIA=0", &[]),
        ("#PORTCFG?", &["#PORTCFG: 0,0"]),
        ("+CNMI=?", &["+CNMI: (0-3),(0-3),(0,2,3),(0-2),(0,1)"]),
    ],
    lacks: &["+CCID", "+CPINR"],
    speech: Speech {
        nobody: "\"\"",
        prompt_after: ms(150),
        location: ",\"00C3\",\"1A2B\"",
        ..SPEECH
    },
    boot: &[],
    chatter: Chatter {
        lines: &["#STN: 150,1,\"\"", "#STN: 254"],
        every: ms(600_000),
        hushed_by: "#STIA=0",
    },
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Words },
    storage: Storage {
        offered: [&[Sim, Modem], &[Sim, Modem], &[Sim]],
        at_start: [Sim; 3],
        ..STORAGE
    },
    announcing: Announcing {
        takes: [&[0, 1, 2, 3], &[0, 1, 2, 3], &[0, 2, 3], &[0, 1, 2], &[0, 1]],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(2_000), Equipment::SimBusy)), ..CARD },
    services: Coding::Plain,
    calls: CALLS,
};
