//! Huawei USB sticks of the E1xx and E17xx series: a talkative port, mode 1 alone for messages,
//! packed digits for network services.

use super::{
    ANNOUNCING, Announcing, CARD, Calls, Card, Chatter, Coding, Errors, Gate, MessageErrors, While,
};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::memory::Place::{Both, Modem, Reports, Sim};

pub(super) const HUAWEI: Personality = Personality {
    name: "huawei",
    maker: "huawei",
    model: "E1752",
    revision: "11.126.13.00.00",
    identity: &[
        "Manufacturer: {maker}",
        "Model: {model}",
        "Revision: {revision}",
        "IMEI: {imei}",
        "+GCAP: +CGSM,+DS,+ES",
    ],
    answers: &[
        ("^CURC=0", &[]),
        ("^CURC=1", &[]),
        ("^CURC?", &["^CURC: 1"]),
        ("^PORTSEL=1", &[]),
        ("^USSDMODE=0", &[]),
        ("^USSDMODE?", &["^USSDMODE: 0"]),
        ("^CVOICE?", &["^CVOICE:0,8000,16,20"]),
        ("^ICCID?", &["^ICCID: {swapped}"]),
        ("^CPIN?", &["^CPIN: {lock},{times},{puk},{pin},10,3"]),
        ("^SYSINFO", &["^SYSINFO:2,3,0,5,1,,4"]),
        ("^HCSQ?", &["^HCSQ: \"WCDMA\",40,37,58"]),
        ("^CARDMODE", &["^CARDMODE: 2"]),
        ("^GETPORTMODE", &["^GETPORTMODE: TYPE: WCDMA: huawei,PCUI:0,MDM:1,DIAG:2"]),
        ("^U2DIAG?", &["^U2DIAG: 276"]),
        ("+CSCS=?", &["+CSCS: (\"IRA\",\"GSM\",\"UCS2\")"]),
    ],
    lacks: &["+CCID", "+CPINR", "+CSIM", "+CESQ"],
    speech: Speech {
        before_pdu: "\r\n\r\n",
        caller_gave_up: Some("^CEND:1,0,104,16"),
        location: ", 00C3, 1A2B",
        ..SPEECH
    },
    boot: &[
        (ms(0), "^BOOT:36214507,0,0,0,20"),
        (ms(900), "^SIMST:1"),
        (ms(1_500), "^SRVST:2"),
        (ms(1_600), "^MODE:5,4"),
    ],
    chatter: Chatter {
        lines: &[
            "^RSSI:19",
            "^BOOT:36214507,0,0,0,20",
            "^MODE:5,4",
            "^RSSI:20",
            "^DSFLOWRPT:0000000C,00000000,00000000,0000000000000000,0000000000000000,0003E800,0003E800",
        ],
        every: ms(20_000),
        hushed_by: "^CURC=0",
    },
    errors: Errors { unknown_command: Unknown::Words, messages: MessageErrors::Numbers },
    storage: Storage {
        offered: [
            &[Modem, Both, Sim, Reports],
            &[Modem, Both, Sim, Reports],
            &[Modem, Both, Sim, Reports],
        ],
        at_start: [Sim; 3],
        own_slots: 255,
        first_index: 0,
        says_full: Some("^SMMEMFULL: \"{place}\""),
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1,2,3),(0,2,3),(0,1,2),(0,1)",
        takes: [&[0, 1], &[0, 1, 2, 3], &[0, 2, 3], &[0, 1, 2], &[0, 1]],
        acknowledged_by: &["+CNMA", "+CNMA=0"],
        ..ANNOUNCING
    },
    card: Card { centre_lost_by: &["Z"], ..CARD },
    services: Coding::PackedHex,
    calls: Calls {
        dialled: Some("^ORIG:1,0"),
        alerting: Some("^CONF:1"),
        connected: Some("^CONN:1,0"),
        over: Some("^CEND:1,{seconds},104,{cause}"),
        has_result_codes: false,
        gate: Gate::Ordered {
            opens: "^DDSETEX=2",
            closes: "^DDSETEX=0",
            asked: None,
            during: While::Calling,
            keys: None,
        },
    },
};
