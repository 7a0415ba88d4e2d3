//! What stands beside a flow in the office folder: the files that it names.
//!
//! The door reads the files and hands their texts in; a version of a flow keeps them, so that a
//! list changed tomorrow changes nobody's questionnaire of today.

use super::lexicon::WordFile;
use super::{PlaceList, Problem};
use crate::model::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The files that a flow names, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Place lists by the name that flows use: `lists/places.csv`.
    pub lists: BTreeMap<String, PlaceList>,
    /// The office's words by language: `lists/words.kpe.txt`. A flow takes in those of its own
    /// languages, and names what is wrong with them.
    pub words: BTreeMap<Language, WordFile>,
    /// The texts of the flows that it takes in, and of those that they take in, by id.
    pub flows: BTreeMap<String, String>,
    /// The ids of all flows of the office, where the door has looked: for suggestions. No part of
    /// a version.
    pub known_flows: Option<BTreeSet<String>>,
    /// The recordings in the office's `prompts/`, by their paths in the office folder; `None` where
    /// nobody looked, and then none is missing. They are no part of a version: a better recording
    /// is heard by those who are in the middle, too.
    pub recordings: Option<BTreeSet<String>>,
}

impl Beside {
    /// Reads texts by the name that the flow uses, and names what is wrong with them.
    pub fn of(files: &BTreeMap<String, String>) -> (Beside, Vec<Problem>) {
        let mut beside = Beside::default();
        let mut problems = Vec::new();
        for (name, text) in files {
            if let Some(flow) = name.strip_suffix(".yaml") {
                let id = flow.rsplit('/').next().unwrap_or(flow);
                beside.flows.insert(id.to_owned(), text.clone());
                continue;
            }
            if let Some(language) = WordFile::language(name) {
                beside.words.insert(language, WordFile::new(name, text));
                continue;
            }
            let (list, wrong) = PlaceList::parse(name, text);
            problems.extend(wrong);
            beside.lists.insert(name.clone(), list);
        }
        (beside, problems)
    }
}
