//! What stands beside a flow in the office folder: the files that it names.
//!
//! The door reads the files and hands their texts in; a version of a flow keeps them, so that a
//! list changed tomorrow changes nobody's questionnaire of today.

use super::{PlaceList, Problem};
use std::collections::BTreeMap;

/// The files that a flow names, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Place lists by the name that flows use: `lists/places.csv`.
    pub lists: BTreeMap<String, PlaceList>,
}

impl Beside {
    /// Reads texts by the name that the flow uses, and names what is wrong with them.
    pub fn of(files: &BTreeMap<String, String>) -> (Beside, Vec<Problem>) {
        let mut beside = Beside::default();
        let mut problems = Vec::new();
        for (name, text) in files {
            let (list, wrong) = PlaceList::parse(name, text);
            problems.extend(wrong);
            beside.lists.insert(name.clone(), list);
        }
        (beside, problems)
    }
}
