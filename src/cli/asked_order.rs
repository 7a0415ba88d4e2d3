//! The order in which questions stand in reports and exports: as the flows ask them.

use crate::flow::{self, Beside};
use crate::store::{FlowVersion, Reader};
use anyhow::Result;

/// The questions of some versions, the newest version first; what only older ones ask comes after.
pub(super) struct AskedOrder {
    questions: Vec<String>,
}

impl AskedOrder {
    /// Of a campaign; of all flows that anybody had where none is named.
    pub async fn of(reader: &Reader, campaign: Option<i64>) -> Result<AskedOrder> {
        Ok(AskedOrder::of_versions(&reader.versions_begun(campaign).await?))
    }

    fn of_versions(versions: &[FlowVersion]) -> AskedOrder {
        let mut order = AskedOrder { questions: Vec::new() };
        for version in versions {
            let Ok(beside) = serde_json::from_str(&version.beside) else { continue };
            let Some(flow) = flow::read(&version.source, &Beside::of(&beside).0).0 else {
                continue;
            };
            for question in flow.questions() {
                if !order.questions.contains(&question.id) {
                    order.questions.push(question.id.clone());
                }
            }
        }
        order
    }

    /// What to sort a question by: those that no version knows stand last, by their names.
    pub fn place<'a>(&self, question: &'a str) -> (usize, &'a str) {
        let at = self.questions.iter().position(|known| known == question);
        (at.unwrap_or(self.questions.len()), question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(questions: &[&str]) -> FlowVersion {
        let steps = questions
            .iter()
            .map(|id| format!("- id: {id}\n  ask: \"How many?\"\n  type: number\n"));
        FlowVersion {
            digest: String::new(),
            flow: "stock".to_owned(),
            source: format!("flow: stock\ntitle: Stock\nquestions:\n{}", steps.collect::<String>()),
            beside: "{}".to_owned(),
            anonymous: false,
        }
    }

    #[test]
    fn questions_stand_as_they_are_asked_and_not_by_alphabet() {
        let order = AskedOrder::of_versions(&[
            version(&["packs", "enough", "need"]),
            version(&["packs", "beds", "need"]),
        ]);
        let mut found = ["beds", "unknown", "need", "enough", "gone", "packs"];
        found.sort_by_key(|question| order.place(question));
        assert_eq!(found, ["packs", "enough", "need", "beds", "gone", "unknown"]);
    }
}
