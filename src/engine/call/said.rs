//! What is said, as pieces: recordings where the office has them, and words.

use crate::engine::wording::{Local, Speech};
use crate::flow::{Question, Recordings, Voice, Wording};
use crate::model::Piece;

impl Speech<'_> {
    /// A question, and what there is to choose.
    pub(in crate::engine) fn question_by_call(&self, question: &Question) -> Vec<Piece> {
        let local = Local { example: question.example.as_deref(), ..Local::default() };
        let text = self.say(&question.ask, &local);
        let mut pieces = vec![self.recorded(question.voice.recordings(), text)];
        for choice in question.kind.choices() {
            let label = self.label(&choice.labels).unwrap_or(&choice.id).to_owned();
            pieces.push(self.recorded(Some(&choice.recordings), label));
        }
        pieces
    }

    /// Something that is only said.
    pub(in crate::engine) fn played(&self, wording: &Wording, voice: &Voice) -> Vec<Piece> {
        let Some(recordings) = voice.recordings() else { return Vec::new() };
        vec![self.recorded(Some(recordings), self.say(wording, &Local::default()))]
    }

    fn recorded(&self, recordings: Option<&Recordings>, text: String) -> Piece {
        let words = Piece::Words { language: self.language.clone(), text };
        let recordings = recordings.map(|ones| ones.paths(self.language)).unwrap_or_default();
        Piece::FirstOf { recordings, otherwise: vec![words] }
    }
}
