//! What `flow check` finds in the texts that are sent, and what `--fix` puts right by itself.

use crate::engine;
use crate::flow::problem::Problem;
use crate::flow::{self, Flow};
use std::collections::BTreeSet;

/// Texts that cost more than they need to.
pub(super) fn dear_texts(flow: &Flow, source: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in own_texts(flow) {
        let place = || flow::text_place(source, &text.step, text.key, &text.language);
        let (cost, dear) = (text.cost(), text.dear_letters());
        if !dear.is_empty() {
            let letters: Vec<String> =
                dear.iter().map(|(letter, _)| format!("`{letter}`")).collect();
            let message = format!(
                "Because of {} only {} letters fit into a message, not 160: this text takes {}.",
                letters.join(", "),
                cost.unit_limit,
                messages(cost.segments)
            );
            let instead: Vec<String> = dear
                .iter()
                .filter_map(|(letter, cheap)| Some(format!("`{}` for `{letter}`", (*cheap)?)))
                .collect();
            let problem = Problem::warning("F072", place(), message);
            problems.push(match instead.is_empty() {
                true => problem.help("Write it without them."),
                false => problem.help(format!("Write {}, or use --fix.", instead.join(", "))),
            });
        } else if cost.segments > 1 {
            let message = format!(
                "With the longest name and answers this text takes {}: {} letters, and {} fit into one.",
                messages(cost.segments),
                cost.units,
                160
            );
            let problem = Problem::warning("F071", place(), message);
            problems.push(problem.help("Shorten it, or leave it if it is worth the price."));
        }
    }
    problems
}

/// The texts that this file writes: those of a flow that it takes in are put right over there.
fn own_texts(flow: &Flow) -> Vec<engine::SentText> {
    let mut texts = engine::sent_texts(flow);
    texts.retain(|text| !text.step.contains('.'));
    texts
}

fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

/// The source with all that has one cure put right, and how much that was.
pub(super) fn fixed(source: &str, problems: &[Problem], flow: Option<&Flow>) -> (String, usize) {
    let lines_of = |code: &str| -> BTreeSet<usize> {
        problems.iter().filter(|p| p.code == code).map(|p| p.place.line).collect()
    };
    let (tabs, spaces, quotes) = (lines_of("F040"), lines_of("F041"), lines_of("F042"));
    let dear: BTreeSet<char> = flow
        .map(own_texts)
        .unwrap_or_default()
        .iter()
        .flat_map(|text| text.dear_letters())
        .filter_map(|(letter, cheap)| cheap.map(|_| letter))
        .collect();
    let mut count = 0;
    let lines: Vec<String> = (1..)
        .zip(source.lines())
        .map(|(number, line)| {
            let mut line = line.to_owned();
            let mut put = |from: char, to: &str, line: &mut String| {
                count += line.matches(from).count();
                *line = line.replace(from, to);
            };
            if tabs.contains(&number) {
                put('\t', "  ", &mut line);
            }
            if spaces.contains(&number) {
                put('\u{a0}', " ", &mut line);
            }
            if quotes.contains(&number) {
                for (from, to) in [('“', "\""), ('”', "\""), ('„', "\""), ('‘', "'"), ('’', "'")]
                {
                    put(from, to, &mut line);
                }
            }
            // A remark is for people: it costs nothing.
            if !line.trim_start().starts_with('#') {
                for letter in &dear {
                    put(*letter, quoted(*letter), &mut line);
                }
            }
            line
        })
        .collect();
    (lines.join("\n") + "\n", count)
}

/// What stands for a letter inside a text that is in straight quotes.
fn quoted(letter: char) -> &'static str {
    match engine::instead_of(letter) {
        Some("\"") => "'",
        Some(cheap) => cheap,
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const FLOW: &str = "flow: a\ntitle: A\nlanguages: [en, fr]\nquestions:\n- id: name\n  \
        ask: {en: \"Is your name still {contact.name}? We ask because the list of the ministry was \
        made some years ago, and many of our health workers have moved since that time.\", \
        fr: \"C’est bien vous…?\"}\n  type: yes_no # l’agent\n";

    #[test]
    fn long_and_dear_texts_are_named_with_their_cure() {
        let flow = flow::read(FLOW, &flow::Beside::default()).0.expect("it can be used");
        let shown: Vec<String> = dear_texts(&flow, FLOW)
            .iter()
            .map(|p| {
                format!(
                    "{} {}:{} {} {}",
                    p.code,
                    p.place.line,
                    p.place.col,
                    p.message,
                    p.help.clone().unwrap_or_default()
                )
            })
            .collect();
        expect![[r#"
            F071 6:13 With the longest name and answers this text takes 2 messages: 170 letters, and 160 fit into one. Shorten it, or leave it if it is worth the price.
            F072 6:179 Because of `’`, `…` only 70 letters fit into a message, not 160: this text takes 1 message. Write `'` for `’`, `...` for `…`, or use --fix."#]].assert_eq(&shown.join("\n"));
    }

    #[test]
    fn what_has_one_cure_is_put_right() {
        let flow = flow::read(FLOW, &flow::Beside::default()).0.expect("it can be used");
        let (source, count) = fixed(FLOW, &[], Some(&flow));
        assert_eq!(count, 3);
        assert!(source.contains("fr: \"C'est bien vous...?\""), "{source}");
        let broken = "flow: a\ntitle: “A”\nquestions:\n-\tid: b\n\u{a0} ask: c\n";
        let problems = flow::read(broken, &flow::Beside::default()).1;
        let (source, _) = fixed(broken, &problems, None);
        expect![[r#"
            flow: a
            title: "A"
            questions:
            -	id: b
              ask: c
        "#]]
        .assert_eq(&source);
    }
}
