//! Quectel modules (EC2x, EG9x, M95): `+QIND` and its kin, exactly one acknowledgement where
//! acknowledgements are on.

use super::{
    ANNOUNCING, Announcing, CALLS, CARD, Calls, Card, Chatter, Coding, Errors, Gate, MessageErrors,
    While,
};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Both, Modem, Sim};

pub(super) const QUECTEL: Personality = Personality {
    name: "quectel",
    maker: "Quectel",
    model: "EC25",
    revision: "EC25EFAR06A03M4G",
    identity: &["{maker}", "{model}", "Revision: {revision}"],
    answers: &[
        ("+QCCID", &["+QCCID: {iccid}"]),
        ("+QPINC?", &["+QPINC: \"SC\",{pin},{puk}", "+QPINC: \"P2\",3,10"]),
        ("+QINISTAT", &["+QINISTAT: 7"]),
        ("+QURCCFG=\"urcport\",\"usbat\"", &[]),
        ("+QNWINFO", &["+QNWINFO: \"GSM\",\"61899\",\"GSM 900\",50"]),
    ],
    lacks: &["+CCID", "+CPINR"],
    speech: Speech {
        caller_gave_up: Some("NO CARRIER"),
        location: ",\"00C3\",\"1A2B\",0",
        ..SPEECH
    },
    boot: &[
        (ms(0), "RDY"),
        (ms(600), "+CPIN: READY"),
        (ms(700), "+QUSIM: 1"),
        (ms(1_000), "+CFUN: 1"),
        (ms(3_000), "+QIND: SMS DONE"),
        (ms(5_000), "+QIND: PB DONE"),
    ],
    chatter: Chatter {
        lines: &["+QIND: \"csq\",19,99", "+QIND: \"act\",\"GSM\"", "+QIND: \"csq\",21,99"],
        every: ms(60_000),
        hushed_by: "+QINDCFG=\"all\",0",
    },
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Words },
    storage: Storage {
        offered: [&[Modem, Both, Sim], &[Modem, Both, Sim], &[Modem, Both, Sim]],
        at_start: [Modem; 3],
        own_slots: 255,
        first_index: 0,
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)",
        takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 2], &[0, 1, 2], &[0, 1]],
        acknowledged_by: &["+CNMA=1", "+CNMA"],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(1_000), Equipment::SimBusy)), ..CARD },
    services: Coding::Plain,
    calls: Calls {
        gate: Gate::Ordered {
            opens: "+QPCMV=1,0",
            closes: "+QPCMV=0",
            asked: None,
            during: While::Calling,
            keys: Some(("+QTONEDET=1", "+QTONEDET: {code}")),
        },
        ..CALLS
    },
};
