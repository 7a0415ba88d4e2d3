//! `rollcall init`: makes an office folder.

use super::{Outcome, flow_schema, flow_translate};
use crate::office::SETTINGS;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Make an office folder with settings, flows, places and sample contacts.
///
/// Example: rollcall init my-office
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// What a new office holds beside its flows: path and text.
const FILES: [(&str, &str); 4] = [
    (SETTINGS, include_str!("init/rollcall.yaml")),
    ("contacts.csv", include_str!("init/contacts.csv")),
    ("lists/words.en-LR.txt", include_str!("init/words.en-LR.txt")),
    ("lists/places.csv", include_str!("../../flows/lists/places.csv")),
];

/// The shipped flows: id and text. Each is a template too.
pub(super) const FLOWS: [(&str, &str); 8] = [
    ("staff-validation", include_str!("../../flows/staff-validation.yaml")),
    ("facility-status", include_str!("../../flows/facility-status.yaml")),
    ("service-delivery", include_str!("../../flows/service-delivery.yaml")),
    ("urgent-alert", include_str!("../../flows/urgent-alert.yaml")),
    ("re-engage", include_str!("../../flows/re-engage.yaml")),
    ("training-quiz", include_str!("../../flows/training-quiz.yaml")),
    ("attitudes", include_str!("../../flows/attitudes.yaml")),
    ("three-questions", include_str!("../../flows/three-questions.yaml")),
];

impl Init {
    pub(super) fn run(&self) -> Result<Outcome> {
        if self.dir.join(SETTINGS).exists() {
            eprintln!("{} is an office already; nothing was changed.", self.dir.display());
            return Ok(Outcome::Failed);
        }
        lay_out(&self.dir)?;
        println!(
            "{} is ready. Next:\n  cd {0}\n  rollcall flow check\n  rollcall contacts import \
             contacts.csv\n  rollcall modem list",
            self.dir.display()
        );
        Ok(Outcome::Done)
    }
}

/// Lays an office out; what is there already stays as it is.
pub(super) fn lay_out(dir: &Path) -> Result<()> {
    for folder in ["flows", "lists", "prompts", "data", "reports", "logs"] {
        std::fs::create_dir_all(dir.join(folder))
            .with_context(|| format!("making {}", dir.join(folder).display()))?;
    }
    flow_schema::write_beside_flows(dir)?;
    let flows =
        FLOWS.iter().map(|(id, text)| (format!("flows/{id}.yaml"), flow_schema::pointing(text)));
    let files = FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    for (name, text) in files.chain(flows) {
        let file = dir.join(name);
        if !file.exists() {
            std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
        }
    }
    for (id, _) in FLOWS {
        flow_translate::remember(&dir.join(format!("flows/{id}.yaml")), dir)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{self, Today};
    use crate::flow::{self, Beside};
    use crate::model::Region;
    use std::collections::BTreeMap;

    #[test]
    fn every_shipped_flow_is_right_cheap_and_proved_in_each_language() {
        let places = include_str!("../../flows/lists/places.csv").to_owned();
        let beside = Beside::of(&BTreeMap::from([("lists/places.csv".to_owned(), places)])).0;
        let region = Region::new("LR").expect("LR is a country");
        let today = Today { date: jiff::civil::date(2026, 11, 24), region };
        for (id, source) in FLOWS {
            let (flow, problems) = flow::read(source, &beside);
            assert_eq!(problems, [], "{id}");
            let flow = flow.expect("it has no problems");
            assert_eq!(flow.id, id);
            assert_eq!(engine::prove(&flow, today), [], "{id}");
            for text in engine::sent_texts(&flow) {
                assert_eq!(text.cost().segments, 1, "{id}: {}", text.text);
            }
            let proved: Vec<_> =
                flow.tests.iter().filter_map(|test| test.contact.language.clone()).collect();
            let speaks = |language| flow.languages.len() == 1 || proved.contains(language);
            assert!(flow.languages.iter().all(speaks), "{id} is proved in {proved:?} only");
        }
    }
}
