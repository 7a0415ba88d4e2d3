//! SIMCom modules, from SIM900 to SIM7600 and A76xx: a start told in six lines, mode 2 offered
//! but not taken, a bare prompt, no acknowledgements.

use super::{
    ANNOUNCING, Announcing, CALLS, CARD, Calls, Card, Chatter, Coding, Errors, Gate, MessageErrors,
    While,
};
use super::{Personality, SPEECH, STORAGE, Speech, Storage, Unknown, ms};
use crate::simulator::modem::failure::Equipment;
use crate::simulator::modem::memory::Place::{Both, Modem, Sim};

pub(super) const SIMCOM: Personality = Personality {
    name: "simcom",
    maker: "SIMCOM INCORPORATED",
    model: "SIMCOM_SIM7600E-H",
    revision: "+CGMR: LE20B04SIM7600M22",
    identity: &[
        "Manufacturer: {maker}",
        "Model: {model}",
        "Revision: SIM7600M22_V1.1",
        "IMEI: {imei}",
        "+GCAP: +CGSM",
    ],
    answers: &[
        ("+CICCID", &["+ICCID: {iccid}"]),
        ("+CCID", &["{iccid}"]),
        ("+SPIC", &["+SPIC: {pin},{puk},0,10"]),
        ("+CPSI?", &["+CPSI: GSM,Online,618-99,0x00c3,6699,50 EGSM 900,-68,0,32-32"]),
        ("+AUTOCSQ=0", &[]),
        ("+CIURC=0", &[]),
        ("+CBC", &["+CBC: 4.021V"]),
    ],
    lacks: &["+CNMA", "+CPINR"],
    speech: Speech {
        prompt: "\r\n>\r\n",
        prompt_after: ms(40),
        around_news: ("\r\n", "\r\r\n"),
        nobody: "\"\"",
        caller_gave_up: Some("VOICE CALL: END: 000000"),
        ..SPEECH
    },
    boot: &[
        (ms(0), "RDY"),
        (ms(300), "+CFUN: 1"),
        (ms(800), "+CPIN: READY"),
        (ms(2_500), "SMS DONE"),
        (ms(4_000), "Call Ready"),
        (ms(6_000), "PB DONE"),
    ],
    chatter: Chatter {
        lines: &["+CTZV: 21/10/14,08:00:00+00", "*PSUTTZ: 14,10,21,8,0,0,\"+0\",0"],
        every: ms(3_600_000),
        hushed_by: "",
    },
    errors: Errors { unknown_command: Unknown::Plain, messages: MessageErrors::Words },
    storage: Storage {
        offered: [&[Modem, Both, Sim], &[Modem, Both, Sim], &[Modem, Both, Sim]],
        at_start: [Sim; 3],
        own_slots: 50,
        first_index: 0,
        ..STORAGE
    },
    announcing: Announcing {
        offered: "+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
        takes: [&[0, 1], &[0, 1, 2, 3], &[0, 2], &[0, 1, 2], &[0, 1]],
        ..ANNOUNCING
    },
    card: Card { busy: Some((ms(2_000), Equipment::SimBusy)), ..CARD },
    services: Coding::Plain,
    calls: Calls {
        connected: Some("VOICE CALL: BEGIN"),
        over: Some("VOICE CALL: END: {time}"),
        gate: Gate::Ordered {
            opens: "+CPCMREG=1",
            closes: "+CPCMREG=0",
            asked: Some(("+CPCMREG?", "+CPCMREG: ")),
            during: While::Talking,
            keys: Some(("+DDET=1", "+RXDTMF: {key}")),
        },
        ..CALLS
    },
};
