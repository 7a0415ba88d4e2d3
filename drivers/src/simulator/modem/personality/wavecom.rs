//! Wavecom Fastrack and its kin, on a real serial line: two memories in use instead of three, reports in a memory
//! of their own, no `OK` after `+CPIN`, busy for seconds.

use super::{
    ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Ends, Errors, MessageErrors,
};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Broadcasts, Reports, Sim};

pub(super) const WAVECOM: Personality = Personality {
    name: "wavecom",
    maker: " WAVECOM MODEM",
    model: " MULTIBAND  900E  1800",
    revision: "641b09gg.Q2403A 1320676 061804 14:38",
    identity: &["{maker}", "{model}"],
    answers: &[
        ("+CPMS=?", &["+CPMS: ((\"SM\",\"BM\",\"SR\"),(\"SM\"))"]),
        ("+CCID", &["+CCID: \"{iccid}\""]),
        ("+CCID?", &["+CCID: \"{iccid}\""]),
        ("+CPINC?", &["+CPINC: {pin},3,{puk},10"]),
        ("+WIND?", &["+WIND: 0"]),
        ("+WIND=0", &[]),
        ("+CBC", &["+CBC: 0,100"]),
    ],
    lacks: &["+CLAC", "+CPINR", "+CSIM", "+CESQ", "+CGREG", "+CRSM"],
    speech: Speech { prompt_after: ms(80), ..SPEECH },
    boot: &[(ms(0), "+WIND: 1"), (ms(1_500), "+WIND: 7"), (ms(2_500), "+WIND: 4")],
    chatter: Chatter::NONE,
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Numbers },
    storage: Storage {
        offered: [&[Sim, Broadcasts, Reports], &[Sim], &[]],
        at_start: [Sim; 3],
        reports: Some(Reports),
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1,2,3),(0,1,2,3),(0,1,2),(0,1)",
        takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 1, 2, 3], &[0, 1, 2], &[0, 1]],
        ..ANNOUNCING
    },
    card: Card {
        pin_state_ends: Ends::WithNothing,
        busy: Some((ms(3_000), Equipment::Starting)),
        ..CARD
    },
    services: Coding::Plain,
    calls: CALLS,
};
