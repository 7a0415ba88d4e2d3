//! Files made to hurt: deep, wide, long, doubled. Each is told in a few words or read; none makes
//! the program say more than anybody reads. How fast: `cargo bench --bench hostile_flows`.

#[path = "../benches/hostile/mod.rs"]
mod hostile;

use rollcall::flow::{self, Beside, Severity};

#[test]
fn hostile_files_are_told_in_a_few_words() {
    for (name, source, code) in hostile::files() {
        let (flow, problems) = flow::read(&source, &Beside::default());
        assert!(problems.len() <= 200, "{name}: {} problems", problems.len());
        let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
        assert_eq!(flow.is_none(), is_wrong, "{name}");
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        match code {
            Some(code) => assert!(codes.contains(&code), "{name}: {codes:?}"),
            None => assert!(!is_wrong, "{name}: {codes:?}"),
        }
    }
}
