//! Words and short phrases, looked up in a sentence without going through all of them.

use super::plain;
use std::collections::BTreeSet;

/// Words and phrases as they are compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WordList {
    words: BTreeSet<String>,
    /// How many words the longest of them has.
    longest: usize,
}

impl WordList {
    /// Adds words as somebody wrote them.
    pub fn add<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        for word in words.map(plain).filter(|word| !word.is_empty()) {
            self.longest = self.longest.max(word.split(' ').count());
            self.words.insert(word);
        }
    }

    /// Takes a word away.
    pub fn remove(&mut self, word: &str) {
        self.words.remove(word);
    }

    /// Whether this is one of them.
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether one of them stands in a sentence, as whole words one space apart.
    pub fn stand_in(&self, said: &str) -> bool {
        let starts = |at: usize| at == 0 || said.as_bytes().get(at - 1) == Some(&b' ');
        let from = (0..said.len()).filter(|at| starts(*at));
        from.into_iter().any(|from| {
            let spaces = said[from..].match_indices(' ').map(|(at, _)| from + at);
            let ends = spaces.chain([said.len()]).take(self.longest);
            ends.into_iter().any(|to| self.words.contains(&said[from..to]))
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.words.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_stand_in_a_sentence_as_a_whole() {
        let mut list = WordList::default();
        list.add(["No", "not at all", "I don't"].into_iter());
        for said in ["no", "i have no", "it is not at all so", "i don't", "yes i don't know"] {
            assert!(list.stand_in(said), "{said}");
        }
        for said in ["", "nobody", "not at", "at all", "don't", "piano"] {
            assert!(!list.stand_in(said), "{said}");
        }
    }
}
