//! Draws a flow: top to bottom, a box a question, arrows in words, endings beside them.
//!
//! Pure: a [`Flow`] and figures in, the text of an SVG out. Everything that people wrote is
//! escaped, and every width is guessed too wide rather than too narrow, because nobody knows
//! which font the reader has. Black on white: a copier must not lose anything.

mod blocks;
mod layout;
mod letters;
mod paint;
mod svg;

use super::Flow;
use std::collections::BTreeMap;

/// What became of the people of a campaign, by question and ending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What the picture is of: the campaign's name.
    pub of: String,
    /// By question.
    pub questions: BTreeMap<String, QuestionFigures>,
    /// How many people reached each ending.
    pub endings: BTreeMap<String, u64>,
}

/// What became of those who were asked one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuestionFigures {
    /// People whom the question left for.
    pub asked: u64,
    /// People whose answer was understood.
    pub answered: u64,
    /// People whose tries were used up.
    pub not_understood: u64,
    /// People who did not want to answer it.
    pub refused: u64,
    /// People who are waited for.
    pub waiting: u64,
    /// People whose run ended here without an answer: time over, STOP, cancelled.
    pub dropped: u64,
    /// How often it was asked again because a reply was not understood, or on the person's wish.
    pub again: u64,
    /// How many reminders left.
    pub reminders: u64,
}

/// The picture, as the text of an SVG file.
pub fn draw(flow: &Flow, figures: Option<&Figures>) -> String {
    let scene = layout::layout(flow, figures);
    paint::paint(flow, figures, &scene)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(source: &str) -> Flow {
        let (flow, problems) = crate::flow::read(source, &crate::flow::Beside::default());
        flow.unwrap_or_else(|| panic!("the flow is right: {problems:?}"))
    }

    const FLOW: &str = "flow: a\ntitle: A <b>title</b> & more\nlanguages: [en]\nquestions:\n\
        - id: open\n  ask: {en: \"Open? <script>alert('x')</script>\"}\n  type: yes_no\n  if: {\"no\": end shut}\n\
        - id: packs\n  ask: {en: \"How many?\"}\n  type: number\n  if: {\"packs > 9\": water}\n\
        - id: why\n  only_if: packs < 3\n  ask: {en: \"Why so few?\"}\n  type: choice\n  choices:\n    gone: {en: [\"All \\\"gone\\\"\"]}\n    late: {en: [Late]}\n\
        - id: water\n  ask: {en: \"Water?\"}\n  type: yes_no\n\
        endings:\n  done: {say: {en: Bye.}}\n  shut: {say: {en: \"Shut & closed.\"}}\n";

    #[test]
    fn what_people_wrote_is_inert() {
        let picture = draw(&flow(FLOW), None);
        assert!(!picture.contains("<script"), "{picture}");
        assert!(!picture.contains("<b>"), "{picture}");
        assert!(picture.contains("&lt;script&gt;"), "{picture}");
        assert!(picture.contains("Shut &amp; closed."), "{picture}");
    }

    #[test]
    fn every_step_ending_and_condition_is_in_it() {
        let picture = draw(&flow(FLOW), None);
        for words in [
            "open",
            "packs",
            "why",
            "water",
            "shut",
            "done",
            "only if packs &lt; 3",
            "packs &gt; 9",
        ] {
            assert!(picture.contains(words), "{words} is missing in {picture}");
        }
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    }

    #[test]
    fn the_figures_of_a_campaign_stand_in_their_boxes() {
        let mut figures = Figures { of: "May".to_owned(), ..Figures::default() };
        let open =
            QuestionFigures { asked: 482, answered: 301, dropped: 181, ..Default::default() };
        figures.questions.insert("open".to_owned(), open);
        figures.endings.insert("shut".to_owned(), 17);
        let picture = draw(&flow(FLOW), Some(&figures));
        for words in ["asked 482", "answered 301 (62%)", "dropped here 181", "17 people"] {
            assert!(picture.contains(words), "{words} is missing in {picture}");
        }
    }

    #[test]
    fn a_flow_that_is_odd_is_drawn_all_the_same() {
        let long = "x".repeat(400);
        let source = format!(
            "flow: a\ntitle: \"{long}\"\nquestions:\n- id: one\n  ask: \"{long} \u{1} {long}\"\n  type: text\n"
        );
        let picture = draw(&flow(&source), Some(&Figures::default()));
        assert!(!picture.contains('\u{1}'));
    }
}
