//! Each shipped flow has a page in `docs/flows/`, which says of each step and each ending just
//! what the flow says.

use rollcall::flow::{self, Beside, Flow, Step, Wording};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[test]
fn every_shipped_flow_has_a_page_that_says_what_the_flow_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let overview = text(&root.join("docs/shipped-flows.md"));
    let mut wrong = Vec::new();
    let flows = shipped(&root);
    assert!(flows.len() >= 8, "only {} flows", flows.len());
    for flow in flows {
        let page = text(&root.join(format!("docs/flows/{}.md", flow.id)));
        let link = format!("(flows/{}.md)", flow.id);
        if !overview.contains(&link) {
            wrong.push(format!("docs/shipped-flows.md has no link {link}"));
        }
        let said = rows(&flow).into_iter().filter(|row| !page.contains(row.as_str()));
        wrong.extend(said.map(|row| format!("docs/flows/{}.md lacks `{row}`", flow.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The beginning of each row that the page must have.
fn rows(flow: &Flow) -> Vec<String> {
    let english = |wording: &Wording| wording[&flow.languages[0]].replace('|', "\\|");
    let step = |step: &Step| match step {
        Step::Say(say) => format!("| `{}` | {} |", say.id, english(&say.say)),
        Step::Ask(question) => format!("| `{}` | {} |", question.id, english(&question.ask)),
    };
    let ending = |(name, ending): (&String, &flow::Ending)| {
        let text = ending.say.as_ref().map(english).unwrap_or_default();
        format!("| `{name}` | {text} |")
    };
    flow.steps.iter().map(step).chain(flow.endings.iter().map(ending)).collect()
}

fn shipped(root: &Path) -> Vec<Flow> {
    let places = text(&root.join("flows/lists/places.csv"));
    let beside = Beside::of(&BTreeMap::from([("lists/places.csv".to_owned(), places)])).0;
    let entries = std::fs::read_dir(root.join("flows")).expect("the folder of the flows");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let read = |file: &PathBuf| flow::read(&text(file), &beside).0.expect("it can be used");
    files.iter().map(read).collect()
}

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}
