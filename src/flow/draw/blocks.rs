//! What stands in the boxes: lines of text that fit, and how high that is.

use super::letters::{width, wrapped};
use super::{Figures, QuestionFigures};
use crate::flow::words::{self, counted};
use crate::flow::{AfterTries, Ending, Flow, Question, Say, Step, Wording};
use crate::model::Language;

/// The width of a question's box, and of an ending's.
pub(super) const BOX: i32 = 420;
pub(super) const ENDING: i32 = 270;
/// Between a box's edge and its words.
pub(super) const PAD: i32 = 14;
/// The height of the bar that compares people.
pub(super) const BAR: i32 = 14;

const MOST_LINES: usize = 9;

/// A line of a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// How it looks.
    pub class: &'static str,
    /// What it says.
    pub text: String,
    /// How far its foot is from the foot of the line before.
    pub rise: i32,
}

/// A box before it has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The step's id, or the ending's name.
    pub id: String,
    /// How its box looks.
    pub class: &'static str,
    /// What stands at the right of the first line.
    pub corner: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// What became of those who were asked.
    pub figures: Option<QuestionFigures>,
    /// How high it is.
    pub height: i32,
    /// What a screen reader says.
    pub spoken: String,
}

/// A step's box.
pub(super) fn of_step(flow: &Flow, step: &Step, figures: Option<&Figures>) -> Block {
    let language = &flow.languages[0];
    match step {
        Step::Say(say) => of_say(say, language),
        Step::Ask(question) => {
            let figures = figures
                .map(|figures| figures.questions.get(&question.id).copied().unwrap_or_default());
            of_question(flow, question, figures)
        }
    }
}

fn of_say(say: &Say, language: &Language) -> Block {
    let mut lines = vec![head(&say.id)];
    let text = text(&say.say, language);
    lines.extend(lines_of("words", &text, 14, BOX));
    let spoken = format!("{} says: {text}", say.id);
    block(&say.id, "say", "says".to_owned(), lines, spoken)
}

fn of_question(flow: &Flow, question: &Question, figures: Option<QuestionFigures>) -> Block {
    let language = &flow.languages[0];
    let kind = words::kind(&question.kind);
    let mut lines = vec![head(&question.id)];
    let fits = width(&question.id, 17) + width(&kind, 12) + 3 * PAD <= BOX;
    if !fits {
        lines.extend(lines_of("kind", &kind, 12, BOX));
    }
    let text = text(&question.ask, language);
    lines.extend(lines_of("words", &text, 14, BOX));
    lines.extend(lines_of("small", &choices(question, language), 12, BOX));
    if let Some(field) = &question.save_to {
        lines.extend(lines_of("note", &format!("kept with the person: {field}"), 12, BOX));
    }
    if question.rules != flow.rules {
        lines.extend(lines_of("note", &rules(&question.rules), 12, BOX));
    }
    let mut spoken = format!("{} asks: {text} Takes {kind}.", question.id);
    if let Some(figures) = figures {
        for phrase in phrases(&figures) {
            spoken.push_str(&format!(" {phrase}."));
            lines.extend(lines_of("figures", &phrase, 14, BOX));
        }
    }
    let corner = if fits { kind } else { String::new() };
    let mut block = block(&question.id, "ask", corner, lines, spoken);
    if figures.is_some() {
        block.figures = figures;
        block.height += BAR + 8;
    }
    block
}

/// An ending's box.
pub(super) fn of_ending(
    name: &str,
    ending: Option<&Ending>,
    language: &Language,
    figures: Option<&Figures>,
) -> Block {
    let mut lines = vec![head(name)];
    let said = ending.and_then(|ending| ending.say.as_ref());
    let text = said.map(|say| text(say, language)).unwrap_or_default();
    lines.extend(lines_of("small", &text, 12, ENDING));
    for (verb, groups) in ending.into_iter().flat_map(|ending| {
        [("joins", &ending.add_to_groups), ("leaves", &ending.remove_from_groups)]
    }) {
        if !groups.is_empty() {
            let note = format!("{verb} {}", groups.join(", "));
            lines.extend(lines_of("note", &note, 12, ENDING));
        }
    }
    if let Some(next) = ending.and_then(|ending| ending.start_flow.as_ref()) {
        let after = match next.after.is_zero() {
            true => String::new(),
            false => format!(", {} later", words::duration(next.after)),
        };
        let note = format!("then starts {}{after}", next.flow);
        lines.extend(lines_of("note", &note, 12, ENDING));
    }
    let mut spoken = format!("The ending {name}. {text}");
    if let Some(figures) = figures {
        let people = counted_people(figures.endings.get(name).copied().unwrap_or_default());
        spoken.push_str(&format!(" {people}."));
        lines.extend(lines_of("figures", &people, 14, ENDING));
    }
    block(name, "end", "end".to_owned(), lines, spoken)
}

/// An ending that stands somewhere already: its name alone.
pub(super) fn of_ending_again(name: &str) -> Block {
    let spoken = format!("The ending {name}, as above.");
    block(name, "again", "end, as above".to_owned(), vec![head(name)], spoken)
}

fn block(id: &str, class: &'static str, corner: String, lines: Vec<Line>, spoken: String) -> Block {
    let height = lines.iter().map(|line| line.rise).sum::<i32>() + PAD;
    Block { id: id.to_owned(), class, corner, lines, figures: None, height, spoken }
}

fn head(id: &str) -> Line {
    Line { class: "id", text: id.to_owned(), rise: 24 }
}

fn lines_of(class: &'static str, text: &str, size: i32, box_width: i32) -> Vec<Line> {
    let lines = wrapped(text, size, box_width - 2 * PAD, MOST_LINES);
    let first = if class == "words" { 5 } else { 3 };
    let line = |(at, text)| {
        let rise = size.max(13) + 4 + if at == 0 { first } else { 0 };
        Line { class, text, rise }
    };
    lines.into_iter().enumerate().map(line).collect()
}

fn text(wording: &Wording, language: &Language) -> String {
    wording.get(language).cloned().unwrap_or_default()
}

fn choices(question: &Question, language: &Language) -> String {
    let shown = question.kind.choices().iter().enumerate().map(|(at, choice)| {
        let label = choice.labels.get(language).and_then(|words| words.first());
        // A number and its words stay together in a line.
        let label = label.unwrap_or(&choice.id).replace(' ', "\u{a0}");
        format!("{}\u{a0}{label}", at + 1)
    });
    shown.collect::<Vec<_>>().join("\u{a0}· ")
}

fn rules(rules: &crate::flow::Rules) -> String {
    let then = match rules.then {
        AfterTries::Skip => "the next question",
        AfterTries::End => "the end",
        AfterTries::Help => "a person in the office",
    };
    let again = counted(u64::from(rules.ask_again), "time");
    let time = words::duration(rules.expires_after);
    format!("its own rules: asked again {again}, then {then}; {time} to answer")
}

/// The figures of a question, a phrase a line.
fn phrases(figures: &QuestionFigures) -> Vec<String> {
    let share =
        (figures.answered * 100).checked_div(figures.asked).map(|share| format!(" ({share}%)"));
    let first = format!(
        "asked {} · answered {}{} · dropped here {}",
        figures.asked,
        figures.answered,
        share.unwrap_or_default(),
        figures.dropped
    );
    let more = [
        ("waiting", figures.waiting),
        ("not understood", figures.not_understood),
        ("skipped", figures.refused),
        ("asked again", figures.again),
        ("reminders", figures.reminders),
    ];
    let more: Vec<String> = more
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    let more = (!more.is_empty()).then(|| more.join(" · "));
    std::iter::once(first).chain(more).collect()
}

fn counted_people(count: u64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}
