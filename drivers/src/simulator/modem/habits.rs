//! What a modem does because of its maker: answers of its own, greetings, chatter, a card that
//! takes its time.

use std::time::Instant;

use super::failure::Equipment;
use super::firmware::{Firmware, Lock};
use super::services::ucs2;

impl Firmware {
    /// The answer to a command that only this kind of modem has, or answers in its own way.
    pub(super) fn answer_of_its_own(&self, written: &str) -> Option<Vec<String>> {
        let answers = self.plan.personality.answers;
        let (_, lines) = answers.iter().find(|(command, _)| *command == written)?;
        Some(lines.iter().map(|line| self.filled_in(line)).collect())
    }

    /// What follows from a command beside its answer.
    pub(super) fn note(&mut self, written: &str) {
        let personality = &self.plan.personality;
        if personality.chatter.hushed_by == written {
            self.next_chatter = None;
        }
        if personality.card.centre_lost_by.iter().any(|command| is_form_of(written, command)) {
            self.service_centre = None;
        }
    }

    pub(super) fn identity(&self) -> Vec<String> {
        let lines = self.plan.personality.identity.iter();
        lines.map(|line| self.filled_in(line)).collect()
    }

    /// A line of the personality with what is this modem's own.
    fn filled_in(&self, line: &str) -> String {
        if !line.contains('{') {
            return String::from(line);
        }
        let (tries, lock) = match self.lock {
            Lock::Open => (self.pin_tries, "READY"),
            Lock::Pin => (self.pin_tries, "SIM PIN"),
            Lock::Puk => (self.puk_tries, "SIM PUK"),
        };
        let times = if self.lock == Lock::Open { String::new() } else { tries.to_string() };
        line.replace("{maker}", self.plan.personality.maker)
            .replace("{model}", &self.model())
            .replace("{revision}", self.plan.personality.revision)
            .replace("{imei}", &self.plan.imei)
            .replace("{iccid}", &self.plan.iccid)
            .replace("{swapped}", &swapped(&self.plan.iccid))
            .replace("{lock}", lock)
            .replace("{times}", &times)
            .replace("{tries}", &tries.to_string())
            .replace("{pin}", &self.pin_tries.to_string())
            .replace("{puk}", &self.puk_tries.to_string())
    }

    /// A text in the letters of `+CSCS`.
    pub(super) fn in_alphabet(&self, text: &str) -> String {
        if self.settings.alphabet == "UCS2" { ucs2(text) } else { String::from(text) }
    }

    /// Says what it says after a start, now or in its time.
    pub(super) fn say_hello(&mut self, now: Instant) {
        for (after, line) in self.plan.personality.boot {
            if after.is_zero() {
                self.babble(*line);
            } else {
                self.say_later(now + self.country_pace.of(*after), String::from(*line));
            }
        }
    }

    pub(super) fn begin_chatter(&mut self, now: Instant) {
        let chatter = self.plan.personality.chatter;
        self.next_chatter = (!chatter.lines.is_empty()).then(|| now + chatter.every);
    }

    /// Says the next of its lines, if it is time.
    pub(super) fn chatter(&mut self, now: Instant) {
        if self.next_chatter.is_none_or(|due| due > now) {
            return;
        }
        let chatter = self.plan.personality.chatter;
        let line = chatter.lines[self.chattered % chatter.lines.len()];
        self.chattered += 1;
        self.babble(line);
        self.next_chatter = Some(now + chatter.every);
    }

    /// The card was just switched on, or opened.
    pub(super) fn occupy_card(&mut self, now: Instant) {
        if let Some((lasting, _)) = self.plan.personality.card.busy {
            self.card_busy_until = now + self.country_pace.of(lasting);
        }
    }

    /// What the modem says to whatever needs the card, while it cannot be used.
    pub(super) fn card_is_busy(&self) -> Option<Equipment> {
        let (_, says) = self.plan.personality.card.busy?;
        (self.now < self.card_busy_until).then_some(says)
    }
}

/// Whether a command is this one with any values.
fn is_form_of(written: &str, command: &str) -> bool {
    written.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

/// Digits as the card's file has them, every two in the other order.
pub(super) fn swapped(digits: &str) -> String {
    let mut octets = Vec::from(digits);
    if octets.len() % 2 == 1 {
        octets.push(b'F');
    }
    octets.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    octets.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_a_card_lie_in_its_file_two_by_two() {
        assert_eq!(swapped("8923101"), "983201F1");
        assert_eq!(swapped("1234"), "2143");
    }

    #[test]
    fn a_setting_is_a_form_of_its_command_and_a_longer_name_is_not() {
        assert!(is_form_of("+CSMP=17,167", "+CSMP") && is_form_of("Z", "Z"));
        assert!(!is_form_of("+CSMPX", "+CSMP"));
    }
}
