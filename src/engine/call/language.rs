//! The first question of a call with somebody whose language nobody knows: in which one?

use super::keys;
use crate::engine::Effect;
use crate::engine::turn::Making;
use crate::flow::Question;
use crate::model::{ContactChange, Waiting};

impl<'a> Making<'a> {
    /// A key was pressed where the languages were offered. Who cannot choose is asked in the
    /// flow's first one, which is kept nowhere: they did not say so.
    pub(super) fn language_keyed(&mut self, first: &'a Question, waiting: Waiting, keys: &str) {
        let offered = &self.flow.languages;
        if let Some(key) = keys::one_of(keys, offered.len()) {
            let language = offered[key - 1].clone();
            let change = ContactChange::SetLanguage(language.clone());
            self.effects.push(Effect::Change(change));
            self.run.language = language;
            return self.go_on();
        }
        match keys {
            "0" => self.hand_to_person(first, waiting),
            _ if keys.ends_with('*') => self.ask_by_call(first, waiting, Vec::new()),
            _ if waiting.tries >= first.rules.voice.ask_again => self.go_on(),
            _ => self.wrong_key(first, waiting, keys),
        }
    }
}
