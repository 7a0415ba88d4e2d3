//! The words that work everywhere, in every language we ship: STOP, START, HELP.
//!
//! The whole message must be the word, perhaps with a "please": "bus stop" is an answer.

/// A word that works everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// A person, please.
    Help,
}

const STOP: &[&str] = &[
    "stop",
    "stopp",
    "stop it",
    "stop all",
    "stopall",
    "unsubscribe",
    "arret",
    "arreter",
    "arretez",
    "fin stop",
    "stop sms",
    "stop message",
    "stop messages",
    "stop texting me",
    "stop text",
    "don't text me",
    "dont text me",
    "do not text me",
    "no more messages",
    "no more sms",
];
const START: &[&str] = &["start", "unstop", "commencer", "commence", "reprendre", "start again"];
const HELP: &[&str] = &["help", "help me", "aide", "aidez moi", "info"];
const POLITE: &[&str] = &["please", "pls", "plz", "svp", "now", "o", "ok", "s'il vous plait"];

/// Whether a text is one of the words.
pub fn keyword(text: &str) -> Option<Keyword> {
    if text.chars().count() > 60 {
        return None;
    }
    let whole = without_courtesy(text);
    let is_one = |list: &[&str]| list.contains(&whole.as_str());
    if is_one(STOP) {
        Some(Keyword::Stop)
    } else if is_one(START) {
        Some(Keyword::Start)
    } else if is_one(HELP) {
        Some(Keyword::Help)
    } else {
        None
    }
}

/// A text as words are compared, without a "please" before or after it.
pub(super) fn without_courtesy(text: &str) -> String {
    let plain = super::answer::plain(text);
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|word| POLITE.contains(word)) {
        words.pop();
    }
    while words.len() > 1 && words.first().is_some_and(|word| POLITE.contains(word)) {
        words.remove(0);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_known_however_they_are_typed() {
        for text in ["STOP", "stop.", "Stop pls", "ARRÊT", "arrêter", " please STOP!", "\"stop\""]
        {
            assert_eq!(keyword(text), Some(Keyword::Stop), "{text}");
        }
        assert_eq!(keyword("Start"), Some(Keyword::Start));
        assert_eq!(keyword("AIDE"), Some(Keyword::Help));
    }

    #[test]
    fn an_answer_with_such_a_word_in_it_is_an_answer() {
        for text in ["bus stop", "Stop Hunger Clinic", "I start at 8", "self help group", "yes"] {
            assert_eq!(keyword(text), None, "{text}");
        }
    }
}
