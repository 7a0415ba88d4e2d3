//! Codes such as `*124#`: an operator's request goes to a modem, and its answer comes back to whoever
//! waits for it.
//!
//! Nothing of this is kept: a code concerns the office's own SIM and nobody's answers. Who waits is
//! told in any case, at the latest when the modem is gone. What a session is, is the driver's.

use super::{Command, ModemNo, Reply, ReplyTo, Request, Work};
use crate::model::PhoneNumber;
use rollcall_drivers::modem::{self, Ussd, UssdNews};

impl Work<'_> {
    /// Takes a request that waits for a modem's answer. Hands others back.
    pub(super) fn ask_network(&mut self, request: Request, to: ReplyTo) -> Option<Request> {
        let (channel, ask) = match request {
            Request::DialCode { channel, code, written } => {
                let written = written.map(Into::into);
                (channel, Ussd::Dial { code: code.trim().to_owned(), written })
            }
            Request::ReplyToMenu { channel, text } => (channel, Ussd::Reply { text }),
            Request::EndCode { channel } => (channel, Ussd::End),
            other => return Some(other),
        };
        let reply = match self.modem_for_code(channel.as_deref()) {
            Ok(modem) if ask == Ussd::End => {
                self.commands.push(Command::Modem(modem, modem::Command::Ussd(ask)));
                Reply::Done { words: "What was under way is ended.".to_owned() }
            }
            Ok(modem) => {
                self.channels.asked_network.insert(modem, to);
                self.commands.push(Command::Modem(modem, modem::Command::Ussd(ask)));
                return None;
            }
            Err(reply) => *reply,
        };
        self.commands.push(Command::Reply(to, reply));
        None
    }

    /// The modem that is meant: that of the channel, or of the only one.
    fn modem_for_code(&self, channel: Option<&str>) -> Result<ModemNo, Box<Reply>> {
        let refused = |words: String| Err(Box::new(Reply::Refused { words }));
        let channel = match (channel, self.channels.all.as_slice()) {
            (Some(name), _) => self.channels.by_name(name).ok_or_else(|| {
                let words = format!("There is no channel `{name}`.");
                Box::new(Reply::NotFound { words })
            })?,
            (None, [only]) => only,
            (None, []) => return refused("No channel is named in rollcall.yaml.".to_owned()),
            (None, several) => {
                let names: Vec<&str> =
                    several.iter().map(|channel| channel.settings.name.as_str()).collect();
                let names = names.join(", ");
                return refused(format!("Say by which channel, with --channel: {names}."));
            }
        };
        let name = &channel.settings.name;
        match channel.modem {
            Some(modem) if self.channels.asked_network.contains_key(&modem) => refused(format!(
                "{name}: another code is under way. Wait for its answer and try again."
            )),
            Some(modem) => Ok(modem),
            None => {
                refused(format!("{name}: no modem carries it. `rollcall modem list` says why."))
            }
        }
    }

    /// The network's services say something.
    pub(super) fn network_says(&mut self, modem: ModemNo, news: UssdNews) {
        let name = self.channels.of_modem(modem).map(|channel| channel.settings.name.clone());
        let name = name.unwrap_or_default();
        let asked = match news {
            UssdNews::Unasked { .. } => None,
            UssdNews::Menu { .. } | UssdNews::Answer { .. } | UssdNews::Over(_) => {
                self.channels.asked_network.remove(&modem)
            }
        };
        let Some(to) = asked else {
            let words = match news {
                UssdNews::Menu { text }
                | UssdNews::Answer { text }
                | UssdNews::Unasked { text } => {
                    format!("the network says: {}", without_numbers(&text))
                }
                UssdNews::Over(why) => format!("the code that was dialled: {why}"),
            };
            return self.show(format!("{name}: {words}"));
        };
        let reply = match news {
            UssdNews::Menu { text } => {
                Reply::NetworkSays { channel: name, text, waits_for_reply: true }
            }
            UssdNews::Answer { text } | UssdNews::Unasked { text } => {
                Reply::NetworkSays { channel: name, text, waits_for_reply: false }
            }
            UssdNews::Over(why) => Reply::Refused { words: format!("{name}: {why}.") },
        };
        self.commands.push(Command::Reply(to, reply));
    }

    /// A modem is gone: who waits for its answer waits no more.
    pub(super) fn network_is_gone(&mut self, modem: ModemNo) {
        if let Some(to) = self.channels.asked_network.remove(&modem) {
            let words = "The modem is gone. Nobody knows whether the network has done it: look \
                         before you ask again."
                .to_owned();
            self.commands.push(Command::Reply(to, Reply::Refused { words }));
        }
    }
}

/// A text for the log: what may be somebody's number is masked.
fn without_numbers(text: &str) -> String {
    /// Balances and dates have fewer digits, national numbers have not.
    const SHORTEST_NUMBER: usize = 7;
    let is_digit = |c: char| c.is_ascii_digit() || c == '+';
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !is_digit(c)).unwrap_or(from.len()));
        shown.push_str(before);
        match PhoneNumber::from_e164(run) {
            Some(number) => shown.push_str(&number.to_string()),
            None if run.len() >= SHORTEST_NUMBER => {
                shown.push_str("•••");
                shown.push_str(&run[run.len() - 2..]);
            }
            None => shown.push_str(run),
        }
        rest = after;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_the_networks_words_is_masked_in_the_log() {
        let text = "0886123456 or +231886123456 sent you 250.00 LRD on 2026-11-25.";
        let shown = "•••56 or +231•••3456 sent you 250.00 LRD on 2026-11-25.";
        assert_eq!(without_numbers(text), shown);
    }
}
