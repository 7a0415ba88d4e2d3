//! Every way in which a flow may be written, with a translation put into it.

use super::edit::{ByHand, add_language, put};
use crate::flow::texts::Spot;
use crate::model::Language;
use expect_test::{Expect, expect};

fn ask() -> Spot {
    Spot::Ask("b".to_owned())
}

fn nurse() -> Spot {
    Spot::Choice { question: "b".to_owned(), choice: "nurse".to_owned() }
}

/// What `question` becomes with a French text.
fn french(question: &str, spot: &Spot, text: &str, after: &Expect) {
    let source = format!("flow: a\nquestions:\n- id: b\n{question}# the end\n");
    let (en, fr) = (Language::new("en"), Language::new("fr"));
    let edited = put(&source, spot, &en, &fr, text).expect("it can be put");
    let rest = edited.strip_prefix("flow: a\nquestions:\n").expect("the head stays");
    after.assert_eq(rest.strip_suffix("# the end\n").expect("the end stays"));
}

#[test]
fn a_text_is_exchanged_where_it_stands() {
    french(
        "  ask: # asked first\n    en: \"Job?\"\n    fr: 'Travail?'   # to be looked at\n  type: text\n",
        &ask(),
        "Quel \"poste\"?",
        &expect![[r#"
            - id: b
              ask: # asked first
                en: "Job?"
                fr: "Quel \"poste\"?"   # to be looked at
              type: text
        "#]],
    );
    french(
        "  ask: {fr: Travail ?, en: Job?}\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask: {fr: "Poste?", en: Job?}
        "#]],
    );
    french(
        "  ask:\n    fr: Quel est\n      le travail?\n    en: Job?\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask:
                fr: "Poste?"
                en: Job?
        "#]],
    );
}

#[test]
fn a_text_in_a_block_is_exchanged_or_left_to_a_person() {
    let source = "flow: a\nquestions:\n- id: b\n  ask:\n    fr: |\n      Travail?\n    en: Job?\n";
    let (en, fr) = (Language::new("en"), Language::new("fr"));
    let edited = put(source, &ask(), &en, &fr, "Poste?");
    expect![[r#"
        Ok(
            "flow: a\nquestions:\n- id: b\n  ask:\n    fr: \"Poste?\"\n    en: Job?\n",
        )
    "#]]
    .assert_debug_eq(&edited);
}

#[test]
fn a_language_is_added_behind_the_others() {
    french(
        "  ask: {en: \"Job?\"}  # short\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask: {en: "Job?", fr: "Poste?"}  # short
        "#]],
    );
    french(
        "  ask:\n      en: \"Job?\" # short\n\n  type: text\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask:
                  en: "Job?" # short
                  fr: "Poste?"

              type: text
        "#]],
    );
    french(
        "  ask:\n    en: >\n      What is\n      your job?\n  type: text\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask:
                en: >
                  What is
                  your job?
                fr: "Poste?"
              type: text
        "#]],
    );
    french(
        "  ask:\n    en: Job?\n    fr:\n  type: text\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask:
                en: Job?
                fr: "Poste?"
              type: text
        "#]],
    );
}

#[test]
fn a_bare_text_becomes_a_text_in_two_languages() {
    french(
        "  ask: \"Job: yes, or no?\"  # short\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask: {en: "Job: yes, or no?", fr: "Poste?"}  # short
        "#]],
    );
    french(
        "  ask: Job, please?\n  type: text\n",
        &ask(),
        "Poste?",
        &expect![[r#"
            - id: b
              ask: {en: "Job, please?", fr: "Poste?"}
              type: text
        "#]],
    );
}

#[test]
fn the_words_of_a_choice_stand_as_they_stood() {
    french(
        "  choices:\n    nurse: {en: [Nurse, RN], fr: [Infirmier]} # all of them\n    other: Other\n",
        &nurse(),
        "Infirmier, infirmière, non, I.D.E.",
        &expect![[r#"
            - id: b
              choices:
                nurse: {en: [Nurse, RN], fr: [Infirmier, infirmière, non, "I.D.E."]} # all of them
                other: Other
        "#]],
    );
    french(
        "  choices:\n    nurse: [Nurse, RN]\n",
        &nurse(),
        "Infirmier",
        &expect![[r#"
            - id: b
              choices:
                nurse: {en: [Nurse, RN], fr: "Infirmier"}
        "#]],
    );
    french(
        "  choices:\n    nurse:\n      en:\n      - Nurse\n      - RN\n      fr:\n      - Infirmier\n    other: Other\n",
        &nurse(),
        "Infirmier, infirmière",
        &expect![[r#"
            - id: b
              choices:
                nurse:
                  en:
                  - Nurse
                  - RN
                  fr:
                  - Infirmier
                  - infirmière
                other: Other
        "#]],
    );
    french(
        "  choices:\n    nurse:\n      en:\n        - Nurse\n        - RN\n    other: Other\n",
        &nurse(),
        "Infirmier, infirmière",
        &expect![[r#"
            - id: b
              choices:
                nurse:
                  en:
                    - Nurse
                    - RN
                  fr: [Infirmier, infirmière]
                other: Other
        "#]],
    );
}

#[test]
fn standing_texts_and_languages_find_their_place() {
    let (en, fr) = (Language::new("en"), Language::new("fr"));
    let source = "flow: a\ntitle: A # the name\n\n# Now the questions.\nquestions: []\n";
    let edited = add_language(source, &en, &fr).expect("it can be put");
    let edited = put(&edited, &Spot::Message("wrong"), &en, &fr, "Non: {reply}").expect("it can");
    let edited = put(&edited, &Spot::Message("help"), &en, &fr, "Aide").expect("it can");
    expect![[r#"
        flow: a
        title: A # the name
        languages: [en, fr]

        messages:
          wrong: {fr: "Non: {reply}"}
          help: {fr: "Aide"}

        # Now the questions.
        questions: []
    "#]]
    .assert_eq(&edited);
    for (before, after) in [
        ("languages: [en] # all\n", "languages: [en, fr] # all\n"),
        ("languages: en\n", "languages: [en, fr]\n"),
        ("languages:\n  - en # first\n", "languages:\n  - en # first\n  - fr\n"),
        ("languages:\n- en\n", "languages:\n- en\n- fr\n"),
    ] {
        let edited = add_language(&format!("flow: a\n{before}"), &en, &fr);
        assert_eq!(edited, Ok(format!("flow: a\n{after}")));
    }
}

#[test]
fn marks_and_line_ends_of_windows_stay() {
    let (en, fr) = (Language::new("en"), Language::new("fr"));
    let source = "\u{feff}flow: a\r\nquestions:\r\n- id: b\r\n  ask:\r\n    en: \"Job?\"\r\n  type: text\r\n";
    let edited = put(source, &ask(), &en, &fr, "Poste?").expect("it can be put");
    assert_eq!(edited, source.replace("Job?\"\r\n", "Job?\"\r\n    fr: \"Poste?\"\r\n"));
}

#[test]
fn what_cannot_be_placed_is_left_to_a_person() {
    let (en, fr) = (Language::new("en"), Language::new("fr"));
    for source in [
        "",
        "flow: a\n",
        "flow: a\nquestions: []\n",
        "flow: [\n",
        "flow: a\nquestions:\n- id: b\n  ask: {}\n",
    ] {
        assert_eq!(put(source, &ask(), &en, &fr, "Poste?"), Err(ByHand), "{source}");
    }
}
