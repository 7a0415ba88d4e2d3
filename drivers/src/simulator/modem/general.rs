//! The commands of TS 27.007 and V.250 that are not about messages: identity, SIM card, network.

use super::super::agenda::Moment;
use super::super::plan::Pace;
use super::failure::{Equipment, Failure, INCORRECT};
use super::firmware::{Firmware, Lock, OnAir, Outcome, PIN_TRIES};
use super::line::{Args, Ask, BadValue};
use super::personality::{Ends, Personality};

/// What `+CLAC` lists, beside the commands about messages.
const COMMANDS: [&str; 43] = [
    "+CBC", "+CCID", "+CCLK", "+CEER", "+CESQ", "+CFUN", "+CGATT", "+CGMI", "+CGMM", "+CGMR",
    "+CGREG", "+CGSN", "+CHUP", "+CIMI", "+CLAC", "+CLCC", "+CLIP", "+CMEE", "+CNUM", "+COPS",
    "+CPAS", "+CPBF", "+CPBR", "+CPBS", "+CPBW", "+CPIN", "+CRC", "+CREG", "+CRSM", "+CSCS",
    "+CSIM", "+CSQ", "+CUSD", "+GCAP", "+GMI", "+GMM", "+GMR", "+GSN", "+IFC", "+IPR", "E", "V",
    "Z",
];
/// How the model's name ends where seconds are milliseconds.
const FAST: &str = ", fast";
/// Country and network code of the simulated network.
const NETWORK_CODE: &str = "61899";

/// Whether a modem that says this of itself is one of a country where seconds are milliseconds:
/// people there need no time to read.
pub fn is_fast(manufacturer: &str, model: &str) -> bool {
    model.ends_with(FAST) && Personality::ALL.iter().any(|kind| kind.maker == manufacturer)
}

impl From<BadValue> for Failure {
    fn from(_: BadValue) -> Failure {
        INCORRECT
    }
}

impl Firmware {
    pub(super) fn model(&self) -> String {
        let model = self.plan.personality.model;
        match self.country_pace {
            Pace::Real => String::from(model),
            Pace::Fast => format!("{model}{FAST}"),
        }
    }

    pub(super) fn general(
        &mut self,
        name: &str,
        ask: &Ask,
        moment: Moment,
    ) -> Result<Outcome, Failure> {
        match name {
            "+CGMI" | "+GMI" => constant(ask, self.plan.personality.maker),
            "+CGMM" | "+GMM" => constant(ask, &self.model()),
            "+CGMR" | "+GMR" => constant(ask, self.plan.personality.revision),
            "+CGSN" | "+GSN" => constant(ask, &self.plan.imei),
            "+GCAP" => constant(ask, "+GCAP: +CGSM"),
            "+CLAC" => self.list_commands(ask),
            "+CBC" => constant(ask, "+CBC: 0,100"),
            "+CCID" | "+CIMI" | "+CNUM" => self.card(name, ask),
            "+CPIN" => self.pin(ask, moment),
            "+CMEE" => setting(ask, "+CMEE", "(0-2)", &mut self.settings.error_form),
            "+CREG" => self.registration(name, ask, moment),
            "+CGREG" => self.registration(name, ask, moment),
            "+COPS" => self.operator(ask, moment),
            "+CSQ" => self.signal(ask, moment),
            "+CSCS" => self.alphabet(ask),
            "+CFUN" => self.functions(ask, moment),
            "+CCLK" => clock(ask, moment),
            "+CUSD" => self.service(ask),
            "+CRSM" => self.read_card_file(ask),
            "+CSIM" => self.command_card(ask),
            "+CPBS" | "+CPBR" | "+CPBW" | "+CPBF" => self.phone_book(name, ask),
            "+IFC" | "+IPR" => line_setting(name, ask),
            _ => self.small(name, ask),
        }
    }

    fn list_commands(&self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Do => {
                let lacks = self.plan.personality.lacks;
                let all = COMMANDS.iter().chain(&super::messages::COMMANDS);
                let has = all.filter(|name| !lacks.contains(name));
                Ok(Outcome::Done(has.map(|name| String::from(*name)).collect()))
            }
            Ask::Test => Outcome::ok(),
            Ask::Read | Ask::Set(_) => Err(INCORRECT),
        }
    }

    fn card(&self, name: &str, ask: &Ask) -> Result<Outcome, Failure> {
        self.needs_sim()?;
        match name {
            "+CCID" if *ask == Ask::Read => Outcome::line(format!("+CCID: {}", self.plan.iccid)),
            "+CCID" => constant(ask, &format!("+CCID: {}", self.plan.iccid)),
            "+CIMI" => {
                let digits = self.plan.iccid.get(8..18).unwrap_or(&self.plan.iccid);
                constant(ask, &format!("{NETWORK_CODE}{digits}"))
            }
            _ => constant(ask, &format!("+CNUM: \"\",\"{}\",145", self.plan.number)),
        }
    }

    fn pin(&mut self, ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
        if let Some(busy) = self.card_is_busy() {
            return Err(Failure::Equipment(busy));
        }
        match (ask, self.lock) {
            (Ask::Test, _) => Outcome::ok(),
            (Ask::Read, Lock::Open) => self.pin_state("READY"),
            (Ask::Read, Lock::Pin) => self.pin_state("SIM PIN"),
            (Ask::Read, Lock::Puk) => self.pin_state("SIM PUK"),
            (Ask::Set(args), Lock::Pin) => self.try_pin(args, moment),
            (Ask::Set(args), Lock::Puk) => self.try_puk(args, moment),
            (Ask::Set(_) | Ask::Do, _) => Err(INCORRECT),
        }
    }

    fn pin_state(&self, state: &str) -> Result<Outcome, Failure> {
        let line = format!("+CPIN: {state}");
        match self.plan.personality.card.pin_state_ends {
            Ends::WithOk => Outcome::line(line),
            Ends::WithNothing => Ok(Outcome::DoneWithoutOk(vec![line])),
        }
    }

    fn try_pin(&mut self, args: &Args, moment: Moment) -> Result<Outcome, Failure> {
        let right = self.plan.pin.as_ref().map(|plan| plan.pin.as_str());
        if args.count() == 1 && args.either(0) == right {
            return self.unlock(moment);
        }
        self.pin_tries = self.pin_tries.saturating_sub(1);
        if self.pin_tries == 0 {
            self.lock = Lock::Puk;
        }
        Err(Failure::Equipment(Equipment::WrongPassword))
    }

    fn try_puk(&mut self, args: &Args, moment: Moment) -> Result<Outcome, Failure> {
        let Some(plan) = self.plan.pin.as_mut().filter(|_| self.puk_tries > 0) else {
            return Err(Failure::Equipment(Equipment::PukRequired));
        };
        match (args.either(0), args.either(1)) {
            (Some(puk), Some(new)) if puk == plan.puk => plan.pin = String::from(new),
            (Some(_), Some(_)) => {
                self.puk_tries -= 1;
                return Err(Failure::Equipment(Equipment::WrongPassword));
            }
            _ => return Err(Failure::Equipment(Equipment::PukRequired)),
        }
        self.unlock(moment)
    }

    fn unlock(&mut self, moment: Moment) -> Result<Outcome, Failure> {
        self.lock = Lock::Open;
        self.pin_tries = PIN_TRIES;
        self.occupy_card(moment.at);
        self.look_for_network(moment.at);
        Outcome::ok()
    }

    fn registration(&mut self, name: &str, ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
        let state = match (self.on_air(moment.at), self.lock, self.settings.functions) {
            (OnAir::Yes, _, _) => 1,
            (OnAir::No, Lock::Open, 1) => 2,
            (OnAir::No, _, _) => 0,
        };
        let news = match name {
            "+CREG" => &mut self.settings.registration_news,
            _ => &mut self.settings.packet_news,
        };
        match ask {
            Ask::Read if *news == 2 && state == 1 => {
                Outcome::line(format!("{name}: 2,1{}", self.plan.personality.speech.location))
            }
            Ask::Read => Outcome::line(format!("{name}: {news},{state}")),
            Ask::Test | Ask::Set(_) | Ask::Do => setting(ask, name, "(0-2)", news),
        }
    }

    fn operator(&mut self, ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
        self.needs_sim()?;
        let name = &self.plan.operator;
        match ask {
            Ask::Test => Outcome::line(format!(
                "+COPS: (2,\"{name}\",\"{name}\",\"{NETWORK_CODE}\"),,(0,3),(0-2)"
            )),
            Ask::Read if self.on_air(moment.at) == OnAir::No => Outcome::line("+COPS: 0"),
            Ask::Read => {
                let form = self.settings.operator_form;
                let shown = if form == 2 { NETWORK_CODE } else { name };
                Outcome::line(format!("+COPS: 0,{form},\"{}\"", self.in_alphabet(shown)))
            }
            Ask::Set(args) => {
                let mode = args.small(0, 4)?.unwrap_or(0);
                if mode == 3 {
                    self.settings.operator_form = args.small(1, 2)?.ok_or(INCORRECT)?;
                }
                if mode == 0 || mode == 3 { Outcome::ok() } else { Err(INCORRECT) }
            }
            Ask::Do => Err(INCORRECT),
        }
    }

    fn signal(&self, ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
        match (ask, self.on_air(moment.at)) {
            (Ask::Test, _) => Outcome::line("+CSQ: (0-31,99),(0-7,99)"),
            (Ask::Do, OnAir::Yes) => Outcome::line("+CSQ: 19,99"),
            (Ask::Do, OnAir::No) => Outcome::line("+CSQ: 99,99"),
            (Ask::Read | Ask::Set(_), _) => Err(INCORRECT),
        }
    }

    fn alphabet(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::line("+CSCS: (\"IRA\",\"GSM\",\"UCS2\")"),
            Ask::Read => Outcome::line(format!("+CSCS: \"{}\"", self.settings.alphabet)),
            Ask::Set(args) => {
                let known = |name: &&str| ["IRA", "GSM", "UCS2"].contains(name);
                let name = args.text(0)?.filter(known).ok_or(INCORRECT)?;
                self.settings.alphabet = String::from(name);
                Outcome::ok()
            }
            Ask::Do => Err(INCORRECT),
        }
    }

    fn functions(&mut self, ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::line("+CFUN: (0,1,4),(0,1)"),
            Ask::Read => Outcome::line(format!("+CFUN: {}", self.settings.functions)),
            Ask::Set(args) => match (args.small(0, 4)?, args.small(1, 1)?) {
                (Some(1), Some(1)) => Ok(Outcome::Restart),
                (Some(level @ (0 | 1 | 4)), None | Some(0)) => {
                    if self.settings.functions != 1 && level == 1 {
                        self.look_for_network(moment.at);
                    }
                    self.settings.functions = level;
                    Outcome::ok()
                }
                _ => Err(INCORRECT),
            },
            Ask::Do => Err(INCORRECT),
        }
    }
}

/// An answer that never changes.
pub(super) fn constant(ask: &Ask, text: &str) -> Result<Outcome, Failure> {
    match ask {
        Ask::Do => Outcome::line(text),
        Ask::Test => Outcome::ok(),
        Ask::Read | Ask::Set(_) => Err(INCORRECT),
    }
}

/// One small number that is set, read, and told the range of.
pub(super) fn setting(
    ask: &Ask,
    name: &str,
    range: &str,
    value: &mut u8,
) -> Result<Outcome, Failure> {
    match ask {
        Ask::Test => Outcome::line(format!("{name}: {range}")),
        Ask::Read => Outcome::line(format!("{name}: {value}")),
        Ask::Set(args) if args.count() == 1 => {
            *value = args.small(0, 2)?.ok_or(INCORRECT)?;
            Outcome::ok()
        }
        Ask::Set(_) | Ask::Do => Err(INCORRECT),
    }
}

/// The network's time, in UTC.
fn clock(ask: &Ask, moment: Moment) -> Result<Outcome, Failure> {
    match ask {
        Ask::Read => {
            let digit = |octet: u8| format!("{}{}", octet & 0x0F, octet >> 4);
            let [year, month, day, hour, minute, second, _] = moment.time().raw().map(digit);
            Outcome::line(format!("+CCLK: \"{year}/{month}/{day},{hour}:{minute}:{second}+00\""))
        }
        Ask::Set(args) if args.text(0)?.is_some() => Outcome::ok(),
        Ask::Test => Outcome::ok(),
        Ask::Set(_) | Ask::Do => Err(INCORRECT),
    }
}

/// Settings of the serial line, which a PTY does not have.
fn line_setting(name: &str, ask: &Ask) -> Result<Outcome, Failure> {
    match (name, ask) {
        ("+IFC", Ask::Test) => Outcome::line("+IFC: (0,2),(0,2)"),
        ("+IFC", Ask::Read) => Outcome::line("+IFC: 0,0"),
        (_, Ask::Test) => Outcome::line("+IPR: (),(115200)"),
        (_, Ask::Read) => Outcome::line("+IPR: 115200"),
        (_, Ask::Set(args)) if args.number(0)?.is_some() => Outcome::ok(),
        (_, Ask::Set(_) | Ask::Do) => Err(INCORRECT),
    }
}
