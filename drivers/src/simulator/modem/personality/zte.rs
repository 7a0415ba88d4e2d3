//! ZTE USB sticks (MF1xx, MF6xx): zeros and registration news at any moment, also between a
//! command and its prompt; a flood until somebody asks for the memories.

use super::{ANNOUNCING, Announcing, CALLS, CARD, Card, Chatter, Coding, Errors, MessageErrors};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Both, Modem, Reports, Sim};

pub(super) const ZTE: Personality = Personality {
    name: "zte",
    maker: "ZTE INCORPORATED",
    model: "MF190",
    revision: "BD_MF190V1.0.0B03",
    identity: &[
        "Manufacturer: {maker}",
        "Model: {model}",
        "Revision: {revision}",
        "IMEI: {imei}",
        "+GCAP: +CGSM,+DS,+ES",
    ],
    answers: &[
        ("+ZGETICCID", &["+ZGETICCID: {iccid}"]),
        ("+ZPINPUK=?", &["+ZPINPUK: {pin},{puk}"]),
        ("+ZPAS?", &["+ZPAS: \"UMTS\",\"CS_ONLY\""]),
        ("+ZCDRUN=8", &["Close autorun state result(0:FAIL 1:SUCCESS):1"]),
        ("+ZOPRT=5", &[]),
        ("+ZSNT?", &["+ZSNT: 0,0,0"]),
        ("+CFUN=?", &["+CFUN: (0-1,4-7),(0-1)"]),
        ("+CSCS=?", &["+CSCS: (\"IRA\",\"GSM\",\"UCS2\")"]),
    ],
    lacks: &["+CCID", "+CPINR", "+CSIM", "+CESQ"],
    speech: Speech {
        prompt_after: ms(120),
        around_news: ("\0\r\n", "\r\n"),
        nobody: "\"\"",
        report_head: "+CDS: ,",
        location: ",\"C3\",\"1A2B\"",
        ..SPEECH
    },
    boot: &[
        (ms(0), "+ZUSIMR:2"),
        (ms(700), "+ZPSTM: 0,1"),
        (ms(2_000), "+ZDONR: \"Lone Star Test\",618,99,\"CS_ONLY\",\"ROAM_OFF\""),
    ],
    chatter: Chatter {
        lines: &[
            "+ZUSIMR:2",
            "+ZPASR: \"UMTS\"",
            "+ZDONR: \"Lone Star Test\",618,99,\"CS_ONLY\",\"ROAM_OFF\"",
        ],
        every: ms(2_000),
        hushed_by: "+CPMS?",
    },
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Numbers },
    storage: Storage {
        offered: [
            &[Modem, Both, Sim, Reports],
            &[Modem, Both, Sim, Reports],
            &[Modem, Both, Sim, Reports],
        ],
        at_start: [Modem; 3],
        first_index: 0,
        own_slots: 23,
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1,2,3),(0,2,3),(0,1,2),(0,1)",
        takes: [&[0, 1, 2], &[0, 1, 2, 3], &[0, 2, 3], &[0, 1, 2], &[0, 1]],
        acknowledged_by: &["+CNMA", "+CNMA=0"],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(1_500), Equipment::SimBusy)), centre_lost_by: &["+CSMP"], ..CARD },
    services: Coding::Ucs2Hex,
    calls: CALLS,
};
