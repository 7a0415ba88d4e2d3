//! A flow goes out, is translated, and comes back.

use super::*;
use crate::flow::{self, Beside, Flow};
use crate::model::Language;
use expect_test::expect;

const FLOW: &str = r#"# Who works where.
flow: a
languages: [en, fr]   # the first is used where one is missing
questions:
- id: ok
  ask:
    en: "Hello {contact.first_name}, do you work here? Yes or no"
    fr: "Bonjour {contact.first_name}, travaillez-vous ici? Oui ou non"
  type: yes_no
- id: job   # the words count
  ask: {en: "Your job?"}
  type: choice
  choices:
    nurse: {en: [Nurse, RN], fr: [Infirmier]}
    other: Other
endings:
  done: {say: "Thank you."}
"#;

fn en() -> Language {
    Language::new("en")
}

fn fr() -> Language {
    Language::new("fr")
}

fn read(source: &str) -> Flow {
    let (flow, problems) = flow::read(source, &Beside::default());
    flow.unwrap_or_else(|| panic!("{problems:?}"))
}

fn row(key: &str, source: &str, translation: &str) -> Returned {
    Returned {
        at: String::new(),
        key: key.to_owned(),
        language: fr(),
        source: Some(source.to_owned()),
        translation: Ok(translation.to_owned()),
        mark: Mark::Unsaid,
    }
}

fn take_back(record: &Record, returned: &[Returned], stale: EvenStale) -> Taken {
    let (flow, beside) = (read(FLOW), Beside::default());
    take(&Written { source: FLOW, beside: &beside, flow: &flow, record }, returned, stale)
}

fn fates(taken: &Taken) -> Vec<Fate> {
    taken.lines.iter().map(|line| line.fate.clone()).collect()
}

fn changed_lines(taken: &Taken) -> String {
    let before: Vec<&str> = FLOW.lines().collect();
    let lines = taken.source.lines().filter(|line| !before.contains(line));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_goes_out_as_a_workbook_comes_back_as_it_was() {
    let sheet = sheet(&read(FLOW), &Record::default(), &fr());
    let bytes = xlsx::write(std::slice::from_ref(&sheet)).expect("a workbook is made");
    let returned = xlsx::read(&bytes).expect("it is one of ours");
    assert_eq!(returned.len(), sheet.rows.len());
    for (row, returned) in sheet.rows.iter().zip(&returned) {
        assert_eq!(returned.key, row.key);
        assert_eq!(returned.language, fr());
        assert_eq!(returned.source.as_ref(), Some(&row.source));
        assert_eq!(returned.translation, Ok(row.translation.clone().unwrap_or_default()));
    }
    let taken = take_back(&Record::default(), &returned, EvenStale::Refuse);
    assert_eq!(taken.source, FLOW);
    assert!(fates(&taken).iter().all(|fate| matches!(fate, Fate::Unchanged | Fate::Open)));
}

#[test]
fn what_goes_out_as_po_is_what_translators_programs_read_and_comes_back_as_it_was() {
    let mut record = Record::default();
    record.made("questions.job.choices.nurse", &fr(), "Sister", "Infirmier");
    let sheet = sheet(&read(FLOW), &record, &fr());
    let po = po::write(&sheet, "2026-11-24 10:30+0000");
    let shown: Vec<&str> = po.split("\n\n").take(4).collect();
    expect![[r#"
        msgid ""
        msgstr ""
        "Project-Id-Version: a\n"
        "POT-Creation-Date: 2026-11-24 10:30+0000\n"
        "PO-Revision-Date: 2026-11-24 10:30+0000\n"
        "Last-Translator: \n"
        "Language-Team: fr\n"
        "Language: fr\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "X-Source-Language: en\n"

        #. a question
        #. letters left, with the longest names: 109 of 160
        #. must stay as it is: {contact.first_name}
        msgctxt "questions.ok.ask"
        msgid "Hello {contact.first_name}, do you work here? Yes or no"
        msgstr "Bonjour {contact.first_name}, travaillez-vous ici? Oui ou non"

        #. a question
        #. letters left, with the longest names: 131 of 160
        msgctxt "questions.job.ask"
        msgid "Your job?"
        msgstr ""

        #. words of a choice of `job`, the shown one first
        #, fuzzy
        #| msgid "Sister"
        msgctxt "questions.job.choices.nurse"
        msgid "Nurse, RN"
        msgstr "Infirmier""#]]
    .assert_eq(&shown.join("\n\n"));
    let returned = po::read(po.as_bytes()).expect("it is one of ours");
    let taken = take_back(&record, &returned, EvenStale::Refuse);
    assert_eq!(taken.source, FLOW);
    assert_ne!(taken.record, record);
    assert!(fates(&taken).iter().all(|fate| matches!(fate, Fate::Unchanged | Fate::Open)));
}

#[test]
fn translations_are_taken_and_every_other_line_stays() {
    let taken = take_back(
        &Record::default(),
        &[
            row("questions.job.ask", "Your job?", " Votre\u{a0}poste ? "),
            row("questions.job.choices.nurse", "Nurse, RN", "Infirmier; infirmière"),
            row("questions.job.choices.other", "Other", "Autre"),
            row("endings.done.say", "Thank you.", "Merci."),
            row("messages.wrong", "Sorry, not understood: {reply}.", "Pas compris: {reply}."),
        ],
        EvenStale::Refuse,
    );
    assert_eq!(fates(&taken), vec![Fate::Taken; 5]);
    assert_eq!(taken.errors, []);
    expect![[r#"
        messages:
          wrong: {fr: "Pas compris: {reply}."}

          ask: {en: "Your job?", fr: "Votre poste ?"}
            nurse: {en: [Nurse, RN], fr: [Infirmier, infirmière]}
            other: {en: "Other", fr: "Autre"}
          done: {say: {en: "Thank you.", fr: "Merci."}}
    "#]]
    .assert_eq(&changed_lines(&taken));
    let flow = read(&taken.source);
    assert_eq!(flow.messages.wrong[&fr()], "Pas compris: {reply}.");
    assert_eq!(check(&flow, &taken.source, &taken.record), []);
    let later = taken.source.replace("Thank you.", "Thanks a lot.");
    let problems = check(&read(&later), &later, &taken.record);
    assert_eq!(problems.len(), 1);
    expect![[r#"
        a.yaml:20:41: The text in `fr` is older than the one in `en`: it was made for “Thank you.”. [F116]
          20 |   done: {say: {en: "Thanks a lot.", fr: "Merci."}}
             |                                         ^^^^^^^^
          help: Translate it anew; if it is still right, `rollcall flow translate a --mark-current` says so.
    "#]].assert_eq(&problems[0].show("a.yaml", &later));
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let hello = "Hello {contact.first_name}, do you work here? Yes or no";
    let mut formula = row("questions.job.ask", "Your job?", "");
    formula.translation = Err("the cell holds a formula, not a text".to_owned());
    let mut english = row("endings.done.say", "Thank you.", "Thanks.");
    english.language = en();
    let mut unsure = row("questions.job.choices.other", "Other", "Autre");
    unsure.mark = Mark::Unsure;
    let taken = take_back(
        &Record::default(),
        &[
            row("questions.ok.ask", hello, "Bonjour, travaillez-vous ici?"),
            row("questions.ok.ask", hello, "Bonjour {contact.first_name}"),
            row("questions.jobs.ask", "Your job?", "Poste?"),
            formula,
            english,
            unsure,
            row("endings.done.say", "Thanks!", "Merci!"),
            row("questions.job.choices.nurse", "Nurse, RN", " "),
            row("messages.help", "This is the health office.", "{reponse}"),
        ],
        EvenStale::Refuse,
    );
    assert_eq!(taken.source, FLOW);
    let reasons: Vec<String> = taken
        .lines
        .iter()
        .map(|line| match &line.fate {
            Fate::Refused(why) => why.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    expect![[r#"
        `{contact.first_name}` is lost; it must stay in the text
        the text stands in the file twice; only the first is looked at
        the flow has no text `questions.jobs.ask`; there is `questions.job.ask`
        the cell holds a formula, not a text
        `en` is the language that is translated
        it is still marked as unsure (fuzzy)
        the text has changed since it was sent out: it was “Thanks!”, it is “Thank you.”; send it out again, or use --even-stale
        it is empty; what was there stays
        the text has changed since it was sent out: it was “This is the health office.”, it is “This is the health office. Answer the last question, or text STOP to end. A person will read this.”; send it out again, or use --even-stale"#]].assert_eq(&reasons.join("\n"));
}

#[test]
fn a_translation_that_takes_more_messages_than_its_text_is_named() {
    let long = "Votre poste, s'il vous plait. ".repeat(7);
    let source = FLOW.replace("{en: \"Your job?\"}", &format!("{{en: Job?, fr: \"{long}\"}}"));
    let problems = check(&read(&source), &source, &Record::default());
    assert_eq!(problems.len(), 1);
    expect!["With the longest names this text takes 2 messages, the one in `en` 1."]
        .assert_eq(&problems[0].message);
}

#[test]
fn a_text_that_changed_meanwhile_is_taken_only_when_asked_and_stays_stale() {
    let old = [row("endings.done.say", "Thanks!", "Merci!")];
    let taken = take_back(&Record::default(), &old, EvenStale::Take);
    assert_eq!(fates(&taken), [Fate::Taken]);
    let text = flow::texts::texts(&read(&taken.source));
    let ending = text.iter().find(|text| text.spot.key() == "endings.done.say").expect("it is");
    let stale = State::Stale { made_for: "Thanks!".to_owned() };
    assert_eq!(taken.record.state(ending, &en(), &fr()), stale);
}

#[test]
fn a_stale_translation_is_confirmed_by_a_translator_who_says_so() {
    let mut record = Record::default();
    record.made("questions.job.choices.nurse", &fr(), "Sister", "Infirmier");
    let mut same = row("questions.job.choices.nurse", "Nurse, RN", "Infirmier");
    let taken = take_back(&record, &[same.clone()], EvenStale::Refuse);
    assert_eq!((fates(&taken), taken.record), (vec![Fate::Unchanged], record.clone()));
    same.mark = Mark::Sure;
    let taken = take_back(&record, &[same], EvenStale::Refuse);
    assert_eq!(fates(&taken), [Fate::Confirmed]);
    assert_ne!(taken.record, record);
}

#[test]
fn a_new_language_is_added_and_a_file_that_would_be_wrong_is_shown() {
    let mut pidgin = row("endings.done.say", "Thank you.", "Tenki.");
    pidgin.language = Language::new("kri");
    let taken = take_back(&Record::default(), &[pidgin], EvenStale::Refuse);
    assert_eq!((fates(&taken), taken.errors.len()), (vec![Fate::Taken], 0));
    expect![[r#"
        languages: [en, fr, kri]   # the first is used where one is missing
          done: {say: {en: "Thank you.", kri: "Tenki."}}
    "#]]
    .assert_eq(&changed_lines(&taken));
    let clash = row("questions.job.choices.other", "Other", "Infirmier");
    let taken = take_back(&Record::default(), &[clash], EvenStale::Refuse);
    assert_eq!(taken.errors[0].code, "F034");
}

#[test]
fn files_that_are_none_are_refused() {
    assert_eq!(xlsx::read(b"PK\x03\x04 not really"), Err(xlsx::Unreadable::Broken));
    assert_eq!(xlsx::read(b""), Err(xlsx::Unreadable::Broken));
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_string(1_048_575, 16_383, "far out").expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook is made");
    assert_eq!(xlsx::read(&bytes), Err(xlsx::Unreadable::Size));
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_string(0, 0, "phone").expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook is made");
    assert_eq!(xlsx::read(&bytes), Err(xlsx::Unreadable::Headings));
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, text) in (0_u16..).zip(["Key", "Text (en)", "Translation (fr)"]) {
        page.write_string(0, column, text).expect("a cell");
    }
    page.write_string(1, 0, "questions.job.ask").expect("a cell");
    page.write_formula(1, 2, "=HYPERLINK(\"http://x\",\"Poste?\")").expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook is made");
    let returned = xlsx::read(&bytes).expect("it has the headings");
    assert_eq!(returned[0].translation, Err("the cell holds a formula, not a text".to_owned()));
}
