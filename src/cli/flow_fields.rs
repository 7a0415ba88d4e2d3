//! What `flow check` finds in the fields of contacts that a flow names: a field that nobody in
//! the office has, but nearly.

use crate::flow::problem::{Place, Problem, nearest};
use crate::flow::{self, Flow};

/// Names that every contact has.
const ALWAYS: [&str; 3] = ["name", "first_name", "language"];

/// Fields that are not known but look like one that is. One that looks like none is new.
pub(super) fn misspelt(flow: &Flow, source: &str, known: &[String]) -> Vec<Problem> {
    let is_known = |field: &str| known.iter().any(|one| one == field) || ALWAYS.contains(&field);
    let mut problems = Vec::new();
    for field in flow::contact_fields(flow).iter().filter(|field| !is_known(field)) {
        let Some(near) = nearest(field, known.iter().map(String::as_str)) else { continue };
        let message = format!("No contact of this office has the field `{field}`.");
        let problem = Problem::warning("F134", place(source, field), message);
        problems.push(problem.help(format!("Did you mean `contact.{near}`?")));
    }
    problems
}

/// Where the field is named first.
fn place(source: &str, field: &str) -> Place {
    let word = format!("contact.{field}");
    let found = source.lines().enumerate().find_map(|(index, line)| {
        let byte = line.match_indices(&word).find(|(at, _)| {
            let after = line[at + word.len()..].chars().next();
            !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })?;
        let col = line[..byte.0].chars().count() + 1;
        Some(Place { line: index + 1, col, width: word.chars().count() })
    });
    found.unwrap_or(Place::START)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_field_that_is_nearly_one_of_the_offices_gets_the_right_name() {
        let source = "flow: a\nquestions:\n- {id: a, ask: \"Hello {contact.name}, still in \
                      {contact.contry}?\", type: yes_no, only_if: contact.cadre is nurse}\n\
                      - {id: b, ask: \"B?\", type: text, save_to: contact.something_new}\n";
        let flow = flow::read(source, &flow::Beside::default()).0.expect("it can be used");
        let known = ["cadre", "county"].map(str::to_owned);
        let told: Vec<String> =
            misspelt(&flow, source, &known).iter().map(|p| p.show("a.yaml", source)).collect();
        expect![[r#"
            a.yaml:3:49: No contact of this office has the field `contry`. [F134]
              3 | - {id: a, ask: "Hello {contact.name}, still in {contact.contry}?", type: yes_no, only_if: contact.cadre is nurse}
                |                                                 ^^^^^^^^^^^^^^
              help: Did you mean `contact.county`?
        "#]]
        .assert_eq(&told.join("\n"));
    }
}
