//! The words that work everywhere, in every language we ship: STOP, START, HELP.
//!
//! The whole message must be the word, perhaps with a "please": "bus stop" is an answer.

use crate::flow::{Flow, built_in_words};

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

/// Whether a text is one of the words: of those that are built in, in every language, or of
/// those that the office added to the languages of its flows.
pub fn keyword<'a>(text: &str, flows: impl IntoIterator<Item = &'a Flow>) -> Option<Keyword> {
    if text.chars().count() > 60 {
        return None;
    }
    let whole = without_courtesy(text);
    let offices = flows.into_iter().flat_map(|flow| flow.words.of_office());
    built_in_words().into_iter().chain(offices).find_map(|words| {
        let lists = [
            (&words.stop, Keyword::Stop),
            (&words.start, Keyword::Start),
            (&words.help, Keyword::Help),
        ];
        lists.into_iter().find(|(list, _)| list.contains(&whole)).map(|(_, keyword)| keyword)
    })
}

/// A text as words are compared, without a "please" before or after it.
pub(super) fn without_courtesy(text: &str) -> String {
    let plain = super::answer::plain(text);
    let is_polite = |word: &str| built_in_words().iter().any(|words| words.polite.contains(word));
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_polite(word)) {
        words.pop();
    }
    while words.len() > 1 && words.first().is_some_and(|word| is_polite(word)) {
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
            assert_eq!(keyword(text, []), Some(Keyword::Stop), "{text}");
        }
        assert_eq!(keyword("Start", []), Some(Keyword::Start));
        assert_eq!(keyword("AIDE", []), Some(Keyword::Help));
    }

    #[test]
    fn an_answer_with_such_a_word_in_it_is_an_answer() {
        for text in ["bus stop", "Stop Hunger Clinic", "I start at 8", "self help group", "yes"] {
            assert_eq!(keyword(text, []), None, "{text}");
        }
    }
}
