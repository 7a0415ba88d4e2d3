//! The commands of TS 27.005, in PDU mode, which is the only mode of this modem.

use crate::pdu::{Address, Encoded, hex};

use super::failure::{
    BAD_INDEX, BAD_PDU_PARAMETER, Failure, INCORRECT, MEMORY_FULL, NO_ACKNOWLEDGEMENT_EXPECTED,
    NOT_ALLOWED, NOT_SUPPORTED,
};
use super::firmware::{Firmware, Outcome, Writing};
use super::general::setting;
use super::lies::{Count, Deletion, Listing};
use super::line::{Args, Ask};
use super::memory::{Place, Status, Stored};
use super::personality::Speech;

/// All of them.
pub(super) const COMMANDS: [&str; 15] = [
    "+CMGD", "+CMGF", "+CMGL", "+CMGR", "+CMGS", "+CMGW", "+CMMS", "+CMSS", "+CNMA", "+CNMI",
    "+CPMS", "+CSAS", "+CSCA", "+CSMP", "+CSMS",
];

/// Octets that a message without its service centre's address has at most (TS 23.040 §9.2.2.2).
const LONGEST: u32 = 164;

impl Firmware {
    pub(super) fn messaging(&mut self, name: &str, ask: &Ask) -> Result<Outcome, Failure> {
        self.needs_sim_for_messages()?;
        match (name, ask) {
            ("+CMGF", _) => message_form(ask),
            ("+CSMS", _) => self.message_service(ask),
            ("+CMMS", _) => setting(ask, name, "(0-2)", &mut self.settings.more_to_send),
            ("+CPMS", _) => self.choose_places(ask),
            ("+CNMI", _) => self.choose_routing(ask),
            ("+CSCA", _) => self.choose_service_centre(ask),
            ("+CNMA", _) => self.take_acknowledgement(ask),
            ("+CSAS", _) => Err(NOT_SUPPORTED),
            ("+CSMP", _) => Err(NOT_SUPPORTED),
            ("+CMGL", Ask::Test) => Outcome::line("+CMGL: (0-4)"),
            ("+CMGL", Ask::Do) => Ok(self.list(Some(Status::Unread))),
            ("+CMGL", Ask::Set(args)) => {
                let wanted = args.small(0, 4)?.ok_or(BAD_PDU_PARAMETER)?;
                Ok(self.list(Status::from_code(wanted)))
            }
            ("+CMGD", Ask::Test) => Ok(self.list_deletable()),
            ("+CMGR" | "+CMGS" | "+CMGW" | "+CMSS", Ask::Test) => Outcome::ok(),
            ("+CMGR", Ask::Set(args)) => self.read_message(args),
            ("+CMGD", Ask::Set(args)) => self.delete(args),
            ("+CMGS", Ask::Set(args)) => Ok(Outcome::Prompt(Writing::ToSend(length(args)?))),
            ("+CMGW", Ask::Set(args)) => {
                let status = args.small(1, 3)?.map_or(Some(Status::Unsent), Status::from_code);
                let status = status.ok_or(BAD_PDU_PARAMETER)?;
                Ok(Outcome::Prompt(Writing::ToStore(length(args)?, status)))
            }
            ("+CMSS", Ask::Set(args)) => self.send_stored(args),
            _ => Err(INCORRECT),
        }
    }

    /// Checks a whole text given at the prompt, hexadecimal digits and nothing else.
    pub(super) fn read_text(&self, text: &[u8], length: usize) -> Result<Encoded, Failure> {
        let text = std::str::from_utf8(text).map_err(|_| BAD_PDU_PARAMETER)?;
        let octets = hex::decode(text).map_err(|_| BAD_PDU_PARAMETER)?;
        let centre = octets.first().map_or(0, |centre| usize::from(*centre));
        if octets.len() != 1 + centre + length {
            return Err(BAD_PDU_PARAMETER);
        }
        Ok(Encoded { octets, tpdu_len: length })
    }

    pub(super) fn store(&mut self, status: Status, pdu: Encoded) -> Result<Outcome, Failure> {
        let place = self.settings.places[1];
        let index = self.memories.keep(place, status, pdu).ok_or(MEMORY_FULL)?;
        Outcome::line(format!("+CMGW: {index}"))
    }

    fn message_service(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::line("+CSMS: (0,1)"),
            Ask::Read => Outcome::line(format!("+CSMS: {},1,1,0", self.settings.message_service)),
            Ask::Set(args) => {
                let service = args.small(0, 1).ok().flatten().ok_or(NOT_SUPPORTED)?;
                self.settings.message_service = service;
                Outcome::line("+CSMS: 1,1,0")
            }
            Ask::Do => Err(INCORRECT),
        }
    }

    fn choose_places(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        let storage = self.plan.personality.storage;
        match ask {
            Ask::Test => Outcome::line(format!("+CPMS: {}", lists(&storage.offered))),
            Ask::Read => Outcome::line(self.places(|place| format!("\"{place}\","))),
            Ask::Set(args) if (1..=storage.values()).contains(&args.count()) => {
                let mut places = self.settings.places;
                let chosen = places.iter_mut().zip(storage.offered).enumerate();
                for (nth, (place, offered)) in chosen.take(args.count()) {
                    let name = args.text(nth).map_err(|_| NOT_ALLOWED)?.ok_or(NOT_ALLOWED)?;
                    let named = Place::named(name).filter(|named| offered.contains(named));
                    *place = named.ok_or(NOT_ALLOWED)?;
                }
                self.settings.places = places;
                Outcome::line(self.places(|_| String::new()))
            }
            Ask::Set(_) | Ask::Do => Err(NOT_ALLOWED),
        }
    }

    fn places(&mut self, name: impl Fn(Place) -> String) -> String {
        let count = self.lies.count(self.now);
        let values = self.plan.personality.storage.values();
        let told = self.settings.places.iter().take(values).map(|place| {
            let size = self.memories.size(*place);
            let used = if count == Count::True { self.memories.used(*place) } else { 0 };
            format!("{}{used},{size}", name(*place))
        });
        format!("+CPMS: {}", told.collect::<Vec<_>>().join(","))
    }

    fn choose_routing(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        let announcing = self.plan.personality.announcing;
        match ask {
            Ask::Test => Outcome::line(announcing.offered),
            Ask::Read => {
                let [mode, mt, bm, ds, bfr] = self.settings.routing;
                Outcome::line(format!("+CNMI: {mode},{mt},{bm},{ds},{bfr}"))
            }
            Ask::Set(args) if (1..=5).contains(&args.count()) => {
                let mut routing = self.settings.routing;
                for (nth, (value, takes)) in routing.iter_mut().zip(announcing.takes).enumerate() {
                    let given = args.small(nth, 9).map_err(|_| NOT_ALLOWED)?.unwrap_or(*value);
                    *value = takes.contains(&given).then_some(given).ok_or(NOT_ALLOWED)?;
                }
                self.settings.routing = routing;
                self.release_kept_back();
                Outcome::ok()
            }
            Ask::Set(_) | Ask::Do => Err(NOT_ALLOWED),
        }
    }

    fn choose_service_centre(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::ok(),
            Ask::Read => Outcome::line(match &self.service_centre {
                Some(number) => format!("+CSCA: \"{}\",145", self.in_alphabet(number)),
                None => String::from("+CSCA: \"\",129"),
            }),
            Ask::Set(args) => {
                let number = args.text(0)?.filter(|text| Address::parse(text).is_ok());
                self.service_centre = Some(String::from(number.ok_or(INCORRECT)?));
                Outcome::ok()
            }
            Ask::Do => Err(INCORRECT),
        }
    }

    fn take_acknowledgement(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        let forms = self.plan.personality.announcing.acknowledged_by;
        let written = match ask {
            Ask::Test => return Outcome::line("+CNMA: (0-2)"),
            Ask::Do => String::from("+CNMA"),
            Ask::Set(args) => format!("+CNMA={args}"),
            Ask::Read => return Err(BAD_PDU_PARAMETER),
        };
        if !forms.contains(&written.as_str()) {
            return Err(BAD_PDU_PARAMETER);
        }
        self.acknowledge().map_or(Err(NO_ACKNOWLEDGEMENT_EXPECTED), |_| Outcome::ok())
    }

    fn list(&mut self, wanted: Option<Status>) -> Outcome {
        let speech = self.plan.personality.speech;
        let messages = self.memories.messages(self.settings.places[0]);
        let wanted = messages.filter(|(_, m)| wanted.is_none_or(|status| m.status == status));
        let shown = wanted.map(|(index, m)| show(&format!("+CMGL: {index},"), m, &speech));
        let shown: Vec<String> = shown.collect();
        Outcome::Done(match self.lies.listing(self.now) {
            Listing::True => shown,
            Listing::Nothing => Vec::new(),
            Listing::EachTwice => {
                shown.iter().flat_map(|line| [line.clone(), line.clone()]).collect()
            }
        })
    }

    fn list_deletable(&mut self) -> Outcome {
        let place = self.settings.places[0];
        let indexes: Vec<String> =
            self.memories.messages(place).map(|(index, _)| index.to_string()).collect();
        Outcome::Done(vec![format!("+CMGD: ({}),(0-4)", indexes.join(","))])
    }

    fn read_message(&mut self, args: &Args) -> Result<Outcome, Failure> {
        let speech = self.plan.personality.speech;
        let stored = self.slot(args)?.as_mut().ok_or(BAD_INDEX)?;
        Outcome::line(show("+CMGR: ", stored, &speech))
    }

    fn delete(&mut self, args: &Args) -> Result<Outcome, Failure> {
        let place = self.settings.places[0];
        let which = args.small(1, 4).map_err(|_| BAD_PDU_PARAMETER)?;
        if self.lies.deletion(self.now) == Deletion::OnlySaid {
            return self.slot(args).and_then(|_| Outcome::ok());
        }
        match which {
            None | Some(0) => *self.slot(args)? = None,
            Some(1) => self.memories.forget(place, |s| s == Status::Read),
            Some(2) => self.memories.forget(place, |s| matches!(s, Status::Read | Status::Sent)),
            Some(3) => self.memories.forget(place, |s| s != Status::Unread),
            Some(_) => self.memories.forget(place, |_| true),
        }
        Outcome::ok()
    }

    fn send_stored(&mut self, args: &Args) -> Result<Outcome, Failure> {
        let index = args.number(0).map_err(|_| BAD_INDEX)?.ok_or(BAD_INDEX)?;
        let place = self.settings.places[1];
        let stored = self.memories.slot(place, index).and_then(Option::as_mut).ok_or(BAD_INDEX)?;
        match stored.status {
            Status::Unsent | Status::Sent => stored.status = Status::Sent,
            Status::Unread | Status::Read => return Err(NOT_ALLOWED),
        }
        Ok(Outcome::Send(stored.pdu.clone(), "+CMSS"))
    }

    fn slot(&mut self, args: &Args) -> Result<&mut Option<Stored>, Failure> {
        let index = args.number(0).map_err(|_| BAD_INDEX)?.ok_or(BAD_INDEX)?;
        self.memories.slot(self.settings.places[0], index).ok_or(BAD_INDEX)
    }
}

/// What `+CPMS=?` answers.
fn lists(offered: &[&[Place]]) -> String {
    let list = |places: &&[Place]| {
        let names: Vec<String> = places.iter().map(|place| format!("\"{place}\"")).collect();
        format!("({})", names.join(","))
    };
    offered.iter().map(list).collect::<Vec<_>>().join(",")
}

/// `+CMGF`: there is PDU mode and no other.
fn message_form(ask: &Ask) -> Result<Outcome, Failure> {
    match ask {
        Ask::Test => Outcome::line("+CMGF: (0)"),
        Ask::Read => Outcome::line("+CMGF: 0"),
        Ask::Set(args) if args.number(0) == Ok(Some(0)) => Outcome::ok(),
        Ask::Set(_) | Ask::Do => Err(NOT_SUPPORTED),
    }
}

fn length(args: &Args) -> Result<usize, Failure> {
    let length = args.number(0).map_err(|_| BAD_PDU_PARAMETER)?.ok_or(BAD_PDU_PARAMETER)?;
    let fits = (1..=LONGEST).contains(&length);
    usize::try_from(length).ok().filter(|_| fits).ok_or(BAD_PDU_PARAMETER)
}

/// A stored message as it is listed, and read from now on.
fn show(head: &str, stored: &mut Stored, speech: &Speech) -> String {
    let status = stored.status;
    if status == Status::Unread {
        stored.status = Status::Read;
    }
    let (code, nobody, length) = (status.code(), speech.nobody, stored.pdu.tpdu_len);
    format!("{head}{code},{nobody},{length}\r\n{}", stored.pdu.hex())
}
