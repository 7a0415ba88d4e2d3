//! The commands of TS 27.005, in PDU mode, which is the only mode of this modem.

use crate::pdu::{Address, Encoded, hex};

use super::failure::{
    BAD_INDEX, BAD_PDU_PARAMETER, Failure, INCORRECT, MEMORY_FULL, NO_ACKNOWLEDGEMENT_EXPECTED,
    NOT_ALLOWED, NOT_SUPPORTED,
};
use super::firmware::{Firmware, Outcome, Writing};
use super::general::setting;
use super::line::{Args, Ask};
use super::memory::{Memory, Place, Status, Stored};

/// All of them.
pub(super) const COMMANDS: [&str; 15] = [
    "+CMGD", "+CMGF", "+CMGL", "+CMGR", "+CMGS", "+CMGW", "+CMMS", "+CMSS", "+CNMA", "+CNMI",
    "+CPMS", "+CSAS", "+CSCA", "+CSMP", "+CSMS",
];

/// Octets that a message without its service centre's address has at most (TS 23.040 §9.2.2.2).
const LONGEST: u32 = 164;
/// The greatest value of each part of `+CNMI`.
const ROUTING_RANGE: [u8; 5] = [2, 3, 2, 2, 1];
/// What `+CNMI` does not take for news from cells: this modem has no memory for them, and can
/// only hand them on. None ever come; but there are programs that leave all of `+CNMI` alone
/// where these cannot be had.
const NO_MEMORY_FOR_CELLS: u8 = 1;

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
        let index = self.memory(place).keep(status, pdu).ok_or(MEMORY_FULL)?;
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
        match ask {
            Ask::Test => Outcome::line("+CPMS: (\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")"),
            Ask::Read => Outcome::line(self.places(|place| format!("\"{place}\","))),
            Ask::Set(args) if (1..=3).contains(&args.count()) => {
                let mut places = self.settings.places;
                for (nth, place) in places.iter_mut().enumerate().take(args.count()) {
                    let name = args.text(nth).map_err(|_| NOT_ALLOWED)?.ok_or(NOT_ALLOWED)?;
                    *place = Place::named(name).ok_or(NOT_ALLOWED)?;
                }
                self.settings.places = places;
                Outcome::line(self.places(|_| String::new()))
            }
            Ask::Set(_) | Ask::Do => Err(NOT_ALLOWED),
        }
    }

    fn places(&mut self, name: impl Fn(Place) -> String) -> String {
        let told = self.settings.places.map(|place| {
            let memory = self.memory(place);
            format!("{}{},{}", name(place), memory.used(), memory.size())
        });
        format!("+CPMS: {}", told.join(","))
    }

    fn choose_routing(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::line("+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"),
            Ask::Read => {
                let [mode, mt, bm, ds, bfr] = self.settings.routing;
                Outcome::line(format!("+CNMI: {mode},{mt},{bm},{ds},{bfr}"))
            }
            Ask::Set(args) if (1..=5).contains(&args.count()) => {
                let mut routing = self.settings.routing;
                for (nth, (value, most)) in routing.iter_mut().zip(ROUTING_RANGE).enumerate() {
                    let given = args.small(nth, most).map_err(|_| NOT_ALLOWED)?;
                    *value = given.unwrap_or(*value);
                }
                if routing[2] == NO_MEMORY_FOR_CELLS {
                    return Err(NOT_ALLOWED);
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
            Ask::Read => Outcome::line(format!("+CSCA: \"{}\",145", self.service_centre)),
            Ask::Set(args) => {
                let number = args.text(0)?.filter(|text| Address::parse(text).is_ok());
                self.service_centre = String::from(number.ok_or(INCORRECT)?);
                Outcome::ok()
            }
            Ask::Do => Err(INCORRECT),
        }
    }

    fn take_acknowledgement(&mut self, ask: &Ask) -> Result<Outcome, Failure> {
        match ask {
            Ask::Test => Outcome::line("+CNMA: (0-2)"),
            Ask::Do => {
                self.acknowledge().map_or(Err(NO_ACKNOWLEDGEMENT_EXPECTED), |_| Outcome::ok())
            }
            Ask::Set(args) if args.small(0, 1).is_ok() && args.count() == 1 => {
                self.acknowledge().map_or(Err(NO_ACKNOWLEDGEMENT_EXPECTED), |_| Outcome::ok())
            }
            Ask::Set(_) | Ask::Read => Err(BAD_PDU_PARAMETER),
        }
    }

    fn list(&mut self, wanted: Option<Status>) -> Outcome {
        let place = self.settings.places[0];
        let messages = self.memory(place).messages();
        let wanted = messages.filter(|(_, m)| wanted.is_none_or(|status| m.status == status));
        Outcome::Done(wanted.map(|(index, m)| show(&format!("+CMGL: {index},"), m)).collect())
    }

    fn list_deletable(&mut self) -> Outcome {
        let place = self.settings.places[0];
        let indexes: Vec<String> =
            self.memory(place).messages().map(|(index, _)| index.to_string()).collect();
        Outcome::Done(vec![format!("+CMGD: ({}),(0-4)", indexes.join(","))])
    }

    fn read_message(&mut self, args: &Args) -> Result<Outcome, Failure> {
        let stored = self.slot(args)?.as_mut().ok_or(BAD_INDEX)?;
        Outcome::line(show("+CMGR: ", stored))
    }

    fn delete(&mut self, args: &Args) -> Result<Outcome, Failure> {
        match args.small(1, 4).map_err(|_| BAD_PDU_PARAMETER)? {
            None | Some(0) => *self.slot(args)? = None,
            Some(1) => self.first_place().forget(|s| s == Status::Read),
            Some(2) => self.first_place().forget(|s| matches!(s, Status::Read | Status::Sent)),
            Some(3) => self.first_place().forget(|s| s != Status::Unread),
            Some(_) => self.first_place().forget(|_| true),
        }
        Outcome::ok()
    }

    fn send_stored(&mut self, args: &Args) -> Result<Outcome, Failure> {
        let index = args.number(0).map_err(|_| BAD_INDEX)?.ok_or(BAD_INDEX)?;
        let place = self.settings.places[1];
        let stored = self.memory(place).slot(index).and_then(Option::as_mut).ok_or(BAD_INDEX)?;
        match stored.status {
            Status::Unsent | Status::Sent => stored.status = Status::Sent,
            Status::Unread | Status::Read => return Err(NOT_ALLOWED),
        }
        Ok(Outcome::Send(stored.pdu.clone(), "+CMSS"))
    }

    fn slot(&mut self, args: &Args) -> Result<&mut Option<Stored>, Failure> {
        let index = args.number(0).map_err(|_| BAD_INDEX)?.ok_or(BAD_INDEX)?;
        self.first_place().slot(index).ok_or(BAD_INDEX)
    }

    fn first_place(&mut self) -> &mut Memory {
        let place = self.settings.places[0];
        self.memory(place)
    }
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
fn show(head: &str, stored: &mut Stored) -> String {
    let status = stored.status;
    if status == Status::Unread {
        stored.status = Status::Read;
    }
    format!("{head}{},,{}\r\n{}", status.code(), stored.pdu.tpdu_len, stored.pdu.hex())
}
