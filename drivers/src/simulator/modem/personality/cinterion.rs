//! Siemens, Cinterion and Gemalto modules (TC35, BGS2, EHS5, PHS8): what waits is forgotten and
//! never told (`bfr` 1 alone), no reports told, no link kept open.

use super::{ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Errors, MessageErrors};
use super::{Personality, SPEECH, STORAGE, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Both, Modem, Sim};

pub(super) const CINTERION: Personality = Personality {
    name: "cinterion",
    maker: "Cinterion",
    model: "EHS5-E",
    revision: "REVISION 02.000",
    identity: &["{maker}", "{model}", "{revision}"],
    answers: &[
        ("^SCID", &["^SCID: {iccid}"]),
        ("^SPIC", &["^SPIC: {tries}"]),
        ("^SPIC?", &["^SPIC: {lock}"]),
        ("^SCKS?", &["^SCKS: 0,1"]),
        ("^SIND?", &["^SIND: battchg,0,5", "^SIND: signal,0,0", "^SIND: service,0,1"]),
        ("^SCFG=\"URC/DstIfc\",\"app\"", &["^SCFG: \"URC/DstIfc\",\"app\""]),
        ("^SMGO?", &["^SMGO: 0,0"]),
    ],
    lacks: &["+CMMS", "+CPINR", "+CESQ"],
    speech: SPEECH,
    boot: &[(ms(0), "^SYSSTART")],
    chatter: Chatter {
        lines: &["+CIEV: rssi,4", "+CIEV: rssi,3"],
        every: ms(120_000),
        hushed_by: "",
    },
    errors: Errors {
        unknown_command: Unknown::Told(Equipment::Unknown),
        messages: MessageErrors::Words,
    },
    storage: Storage {
        offered: [&[Modem, Sim, Both], &[Modem, Sim, Both], &[Sim, Both]],
        at_start: [Both; 3],
        own_slots: 25,
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1),(0,2),(0),(1)",
        takes: [&[0, 1, 2], &[0, 1], &[0, 2], &[0], &[1]],
        ..ANNOUNCING
    },
    card: Card {
        busy: Some((ms(1_500), Equipment::SimBusy)),
        centre_lost_by: &["Z", "&F"],
        ..CARD
    },
    services: Coding::Plain,
    calls: CALLS,
};
