//! Words that move a person about in a flow: BACK, FIX, and the languages' names. They work at
//! every question, in every language we ship.
//!
//! The whole message must be the word; `FIX` may name the answer: `FIX 3`, `fix my name`.

use super::answer::plain;
use crate::flow::{Flow, Lexicon, Question, built_in_words};
use crate::model::{Answer, Language};
use std::collections::BTreeMap;

/// Where somebody wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// To the question before.
    Back,
    /// To an earlier answer, in their words; empty where they did not say which.
    Fix(String),
    /// On in another language of the flow.
    Speak(Language),
}

/// Begins the flow that waits, where the person was told of one.
const NEXT: [&str; 8] = [
    "next",
    "next one",
    "the next",
    "next please",
    "suivant",
    "suivante",
    "le suivant",
    "au suivant",
];
/// The most words after FIX: what is longer is a sentence, and an answer.
const MOST_WORDS: usize = 5;

/// Whether a text is a wish to correct an answer, in the words of one of the flows.
pub fn is_fix<'a>(text: &str, flows: impl IntoIterator<Item = &'a Flow>) -> bool {
    let said = plain(text);
    let offices = flows.into_iter().flat_map(|flow| flow.words.of_office());
    fix(&said, built_in_words().into_iter().chain(offices)).is_some()
}

/// Whether a text is the wish to begin the flow that waits, at this question: NEXT, SUIVANT.
pub fn is_next(text: &str, question: &Question) -> bool {
    let said = plain(text);
    NEXT.contains(&said.as_str()) && !super::answer::is_called(question, &said)
}

/// Whether a text is one of the words that move a person about in this flow.
pub fn is_move(text: &str, flow: &Flow) -> bool {
    wanted(text, flow).is_some()
}

/// What a text wants, if it is one of the words.
pub(super) fn wanted(text: &str, flow: &Flow) -> Option<Move> {
    let said = plain(text);
    if lexicons(flow).any(|words| words.back.contains(&said)) {
        return Some(Move::Back);
    }
    if let Some(which) = fix(&said, lexicons(flow)) {
        return Some(Move::Fix(which));
    }
    let language = lexicons(flow).find_map(|words| words.languages.get(&said))?;
    flow.languages.contains(language).then(|| Move::Speak(language.clone()))
}

/// The words that are built in, and those that the office added.
fn lexicons(flow: &Flow) -> impl Iterator<Item = &Lexicon> {
    built_in_words().into_iter().chain(flow.words.of_office())
}

fn fix<'a>(said: &str, mut lexicons: impl Iterator<Item = &'a Lexicon>) -> Option<String> {
    let mut words = said.split(' ');
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    let is_word = lexicons.any(|words| words.fix.contains(first));
    (is_word && rest.len() <= MOST_WORDS).then(|| rest.join(" "))
}

/// The questions that were answered, in the flow's order: the numbers that FIX speaks of.
pub(super) fn answered<'a, 'b>(
    flow: &'a Flow,
    answers: &'b BTreeMap<String, Answer>,
) -> impl Iterator<Item = (&'a Question, &'b Answer)> {
    flow.questions().filter_map(|question| Some((question, answers.get(&question.id)?)))
}

/// The one answered question that these words mean: its number, its id, or a word of its id.
pub(super) fn meant<'a>(
    words: &str,
    flow: &'a Flow,
    answers: &BTreeMap<String, Answer>,
) -> Option<&'a Question> {
    let said = plain(words);
    let is_empty = |word: &str| lexicons(flow).any(|words| words.which.contains(word));
    let words: Vec<&str> = said.split(' ').filter(|word| !is_empty(word)).collect();
    if let [number] = words[..]
        && let Ok(number) = number.parse::<usize>()
    {
        return answered(flow, answers).nth(number.checked_sub(1)?).map(|(question, _)| question);
    }
    let called = |question: &Question| plain(&question.id.replace('_', " "));
    let whole = words.join(" ");
    let fits = |question: &Question| {
        let called = called(question);
        let has = |word: &&str| called.split(' ').any(|part| part == *word);
        !words.is_empty() && (called == whole || words.iter().all(has))
    };
    let mut found = answered(flow, answers).map(|(question, _)| question).filter(|q| fits(q));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::engine::{Today, advance, begin, said};
    use crate::flow;
    use crate::model::{Contact, ContactId, Input, Mode, Region, RunStatus};
    use expect_test::{Expect, expect};
    use std::fmt::Write;

    const FLOW: &str = r#"
flow: moves
title: Moves
languages: [en, fr]
questions:
- id: staff
  ask: {en: "Do you work here?", fr: "Travaillez-vous ici?"}
  type: yes_no
  if: {"no": end not_staff}
- id: cadre
  ask: {en: "Which?", fr: "Lequel?"}
  type: choice
  choices: {nurse: {en: Nurse, fr: Infirmier}, midwife: {en: Midwife, fr: Sage-femme}}
- id: births
  only_if: cadre is midwife
  ask: {en: "How many births?", fr: "Combien de naissances?"}
  type: number
- id: full_name
  ask: {en: "Your name?", fr: "Votre nom?"}
  type: text
endings:
  done: {say: {en: "Thank you.", fr: "Merci."}}
  not_staff: {say: {en: "Good-bye.", fr: "Adieu."}}
"#;

    /// What is said to each text, and the answers at the end.
    fn talk(texts: &[&str], expected: &Expect) {
        let (flow, problems) = flow::read(FLOW, &flow::Beside::default());
        let flow = flow.unwrap_or_else(|| panic!("{problems:?}"));
        let contact = Contact::named(ContactId(1), "Mary Kollie");
        let region = Region::new("LR").expect("LR is a country");
        let today = Today { date: jiff::civil::date(2026, 3, 2), region };
        let mut turn = begin(&flow, &contact, Mode::Sms, today);
        let mut told = format!("> {}\n", said(&turn.effects).join(" | "));
        for text in texts {
            turn = advance(&flow, &contact, &turn.run, &Input::Text((*text).to_owned()), today);
            let _ = writeln!(told, "{text}\n> {}", said(&turn.effects).join(" | "));
        }
        let answers: Vec<String> = (turn.run.answers.values())
            .map(|answer| {
                format!(
                    "{} = {}",
                    answer.question,
                    answer.value.as_ref().map_or_else(String::new, |v| v.to_text())
                )
            })
            .collect();
        let over = if matches!(turn.run.status, RunStatus::Ended(_)) { "over" } else { "waiting" };
        let _ = writeln!(told, "{over}: {}", answers.join(", "));
        expected.assert_eq(&told);
    }

    #[test]
    fn back_asks_the_question_before_and_goes_on_where_the_person_was() {
        talk(
            &["yes", "nurse", "BACK", "midwife", "12", "Mary"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            nurse
            > Your name?
            BACK
            > Which? 1 Nurse 2 Midwife
            midwife
            > How many births?
            12
            > Your name?
            Mary
            > Thank you.
            over: births = 12, cadre = midwife, full_name = Mary, staff = yes
        "#]],
        );
        talk(
            &["back"],
            &expect![[r#"
            > Do you work here?
            back
            > Do you work here?
            waiting: 
        "#]],
        );
    }

    #[test]
    fn fix_names_the_answer_or_asks_which() {
        talk(
            &["yes", "2", "12", "fix 1", "yes"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            2
            > How many births?
            12
            > Your name?
            fix 1
            > Do you work here?
            yes
            > Your name?
            waiting: births = 12, cadre = midwife, staff = yes
        "#]],
        );
        talk(
            &["yes", "2", "12", "FIX", "2", "nurse", "Mary"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            2
            > How many births?
            12
            > Your name?
            FIX
            > Which answer do you want to change? Send its number: 1 yes, 2 Midwife, 3 12
            2
            > Which? 1 Nurse 2 Midwife
            nurse
            > Your name?
            Mary
            > Thank you.
            over: births = 12, cadre = nurse, full_name = Mary, staff = yes
        "#]],
        );
        talk(
            &["yes", "2", "12", "fix births", "13"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            2
            > How many births?
            12
            > Your name?
            fix births
            > How many births?
            13
            > Your name?
            waiting: births = 13, cadre = midwife, staff = yes
        "#]],
        );
    }

    #[test]
    fn who_cannot_say_which_answer_goes_on_where_they_were() {
        talk(
            &["yes", "2", "12", "FIX", "9", "the moon", "??"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            2
            > How many births?
            12
            > Your name?
            FIX
            > Which answer do you want to change? Send its number: 1 yes, 2 Midwife, 3 12
            9
            > Which answer do you want to change? Send its number: 1 yes, 2 Midwife, 3 12
            the moon
            > Which answer do you want to change? Send its number: 1 yes, 2 Midwife, 3 12
            ??
            > Your name?
            waiting: births = 12, cadre = midwife, staff = yes
        "#]],
        );
        talk(
            &["fix", "yes"],
            &expect![[r#"
            > Do you work here?
            fix
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            waiting: staff = yes
        "#]],
        );
    }

    #[test]
    fn a_corrected_answer_may_lead_elsewhere() {
        talk(
            &["yes", "1", "fix 1", "no"],
            &expect![[r#"
            > Do you work here?
            yes
            > Which? 1 Nurse 2 Midwife
            1
            > Your name?
            fix 1
            > Do you work here?
            no
            > Good-bye.
            over: cadre = nurse, staff = no
        "#]],
        );
    }

    #[test]
    fn a_languages_name_changes_the_language() {
        talk(
            &["français", "oui", "english", "1"],
            &expect![[r#"
            > Do you work here?
            français
            > Travaillez-vous ici?
            oui
            > Lequel? 1 Infirmier 2 Sage-femme
            english
            > Which? 1 Nurse 2 Midwife
            1
            > Your name?
            waiting: cadre = nurse, staff = yes
        "#]],
        );
        talk(
            &["koloqua"],
            &expect![[r#"
            > Do you work here?
            koloqua
            > Sorry, not understood: koloqua. Do you work here?
            waiting: 
        "#]],
        );
    }
}
