//! The files: a name, the text, and the code of what must be said; none where it can be used.

use std::fmt::Write;

const HEAD: &str = "flow: a\ntitle: A\nquestions:\n";

/// All of them, each smaller than the largest file that is read, but for the one that is not.
pub fn files() -> Vec<(&'static str, String, Option<&'static str>)> {
    let head = |text: String| format!("{HEAD}{text}");
    let ask = |text: &str| head(format!("- {{id: a, ask: \"{text}\", type: text}}\n"));
    let only_if = |condition: String| {
        head(format!(
            "- {{id: a, ask: A, type: yes_no}}\n\
             - {{id: b, ask: B, type: text, only_if: \"{condition}\"}}\n"
        ))
    };
    let deep = format!("- id: a\n  ask: {}x{}\n", "{en: ".repeat(5_000), "}".repeat(5_000));
    vec![
        ("deep", head(deep), Some("F002")),
        ("brackets", "[".repeat(100_000), Some("F009")),
        (
            "questions",
            head(lines(30_000, |n| format!("- {{id: q{n}, ask: A, type: text}}"))),
            Some("F002"),
        ),
        ("a long text", ask(&"x".repeat(900_000)), None),
        ("too large", ask(&"x".repeat(20_000_000)), Some("F002")),
        ("doubling", doubling(), Some("F007")),
        (
            "keys",
            head(format!("- id: a\n{}", lines(50_000, |n| format!("  k{n}: v")))),
            Some("F012"),
        ),
        (
            "one key",
            head(format!("- id: a\n{}", lines(50_000, |_| "  ask: v".to_owned()))),
            Some("F006"),
        ),
        ("choices", head(choices(5_000)), Some("F002")),
        ("branches", head(branches(20_000)), Some("F002")),
        (
            "deep condition",
            only_if(format!("{}a is yes{}", "(".repeat(3_000), ")".repeat(3_000))),
            Some("F030"),
        ),
        ("long condition", only_if(vec!["a is yes"; 20_000].join(" and ")), Some("F030")),
        ("tabs", lines(100_000, |_| "\tx: y".to_owned()), Some("F040")),
        ("colons", ": ".repeat(200_000), Some("F043")),
        ("quotes", "\"".repeat(300_001), Some("F001")),
        ("zeros", head("\0".repeat(100_000)), Some("F001")),
        ("pictures", ask(&"😀".repeat(50_000)), None),
        ("placeholders", ask(&"{x}".repeat(20_000)), Some("F037")),
        (
            "other placeholders",
            ask(&(0..20_000).fold(String::new(), |mut text, n| {
                let _ = write!(text, "{{x{n}}}");
                text
            })),
            Some("F037"),
        ),
    ]
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

fn doubling() -> String {
    let mut text = "a: &a [x]\n".to_owned();
    for (name, before) in ["b", "c", "d", "e"].iter().zip(["a", "b", "c", "d"]) {
        let _ = writeln!(text, "{name}: &{name} [{}]", vec![format!("*{before}"); 9].join(","));
    }
    text
}

fn choices(count: usize) -> String {
    let all = lines(count, |n| format!("    c{n}: {{en: [w{n}]}}"));
    format!("- id: a\n  ask: A\n  type: choice\n  choices:\n{all}")
}

fn branches(count: usize) -> String {
    let all = lines(count, |n| format!("    \"a > {n}\": end"));
    format!("- id: a\n  ask: A\n  type: number\n  if:\n{all}")
}
