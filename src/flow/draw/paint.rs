//! The picture of a layout: what is behind first, words last.

use super::blocks::{BAR, BOX, PAD};
use super::layout::{AROUND, LEFT, MIDDLE, Placed, Scene, spoken};
use super::letters::wrapped;
use super::svg::{Anchor, Rect, Svg};
use super::{Figures, QuestionFigures};
use crate::flow::Flow;
use crate::flow::words::{counted, duration};

/// The line of the first box's way in.
const START_Y: i32 = 128;

pub(super) fn paint(flow: &Flow, figures: Option<&Figures>, scene: &Scene) -> String {
    let mut svg = Svg::default();
    heading(&mut svg, flow, figures, scene);
    for (name, frame) in &scene.frames {
        svg.rect("inside", *frame, 6);
        svg.text("label", (frame.x + 4, frame.y - 4), Anchor::Start, name);
    }
    ways_down(&mut svg, scene);
    for way in &scene.ways {
        svg.line("way", &way.points);
    }
    let most = figures.map_or(0, |figures| {
        figures.questions.values().map(|question| question.asked).max().unwrap_or(0)
    });
    for (placed, step) in scene.steps.iter().zip(&flow.steps) {
        let mut words = placed.block.spoken.clone();
        words.push_str(&spoken(step));
        svg.group(&words, |svg| a_box(svg, placed, 4, most));
    }
    for placed in &scene.endings {
        svg.group(&placed.block.spoken, |svg| a_box(svg, placed, 18, most));
    }
    for way in &scene.ways {
        words_above(&mut svg, &way.words, way.words_at);
    }
    let title = format!("The flow {}", flow.title);
    let about = match figures {
        Some(figures) => format!("The campaign {}. ", figures.of),
        None => String::new(),
    };
    let count = counted(flow.questions().count() as u64, "question");
    svg.finish(
        (scene.width, scene.height),
        &title,
        &format!("{about}{count}, from top to bottom, and where each answer leads."),
    )
}

fn heading(svg: &mut Svg, flow: &Flow, figures: Option<&Figures>, scene: &Scene) {
    let room = scene.width - 2 * 28;
    let title = wrapped(&flow.title, 24, room, 1).pop().unwrap_or_default();
    svg.text("heading", (28, 38), Anchor::Start, &title);
    let languages: Vec<&str> = flow.languages.iter().map(|l| l.as_str()).collect();
    let rules = &flow.rules;
    let reminders = match rules.remind_after {
        Some(after) if rules.reminders > 0 => format!(
            "{}, each after {}",
            counted(u64::from(rules.reminders), "reminder"),
            duration(after)
        ),
        _ => "no reminders".to_owned(),
    };
    let about = format!(
        "{} · {} · {} · {reminders} · {} to answer",
        flow.id,
        languages.join(", "),
        counted(flow.questions().count() as u64, "question"),
        duration(rules.expires_after)
    );
    let about = wrapped(&about, 12, room, 1).pop().unwrap_or_default();
    svg.text("small", (28, 60), Anchor::Start, &about);
    if let Some(figures) = figures {
        legend(svg, figures, room);
    }
    let by_itself = flow.schedules.iter().map(ToString::to_string);
    let ways: Vec<String> = flow.start_words.iter().cloned().chain(by_itself).collect();
    let begins = match ways.as_slice() {
        [] => "begins with a campaign".to_owned(),
        ways => format!("begins with a campaign, or {}", ways.join(", ")),
    };
    let begins = wrapped(&begins, 13, BOX - 2 * PAD, 1).pop().unwrap_or_default();
    let rect = Rect { x: LEFT, y: START_Y - 26, width: BOX, height: 26 };
    svg.rect("start", rect, 13);
    svg.text("begins", (MIDDLE, START_Y - 9), Anchor::Middle, &begins);
}

fn legend(svg: &mut Svg, figures: &Figures, room: i32) {
    let name = wrapped(&format!("campaign: {}", figures.of), 14, room - 430, 1).pop();
    svg.text("figures", (28, 84), Anchor::Start, &name.unwrap_or_default());
    let words = [
        ("answered", "answered"),
        ("unclear", "no answer understood"),
        ("waiting", "waiting"),
        ("dropped", "dropped"),
    ];
    let mut x = 28 + (room - 430).max(0);
    for (class, words) in words {
        svg.rect(class, Rect { x, y: 73, width: 22, height: 12 }, 0);
        svg.text("small", (x + 28, 84), Anchor::Start, words);
        x += 28 + super::letters::width(words, 12) + 16;
    }
}

/// The way from box to box, and around those that come only sometimes.
fn ways_down(svg: &mut Svg, scene: &Scene) {
    let mut from = START_Y;
    // Where the way around the box before comes back.
    let mut joins: Option<i32> = None;
    for placed in &scene.steps {
        let rect = placed.rect;
        svg.line("way", &[(MIDDLE, from), (MIDDLE, rect.y)]);
        if !placed.only_if.is_empty() {
            let splits = joins.unwrap_or(from).max(from) + if joins.is_some() { 6 } else { 12 };
            let back = rect.bottom() + 20;
            let lane = LEFT - AROUND;
            let points = [(MIDDLE, splits), (lane, splits), (lane, back), (MIDDLE, back)];
            svg.line("round", &points);
            svg.dot((MIDDLE, splits));
            svg.dot((MIDDLE, back));
            svg.text("label", (lane - 6, rect.middle() + 4), Anchor::End, "otherwise");
            words_above(svg, &placed.only_if, (MIDDLE + 12, rect.y - 10));
            joins = Some(back);
        } else {
            joins = None;
        }
        from = rect.bottom();
    }
    if let Some(done) = scene.endings.first() {
        svg.line("way", &[(MIDDLE, from), (MIDDLE, done.rect.y)]);
    }
}

/// Lines of a label, the last one here.
fn words_above(svg: &mut Svg, words: &[String], (x, y): (i32, i32)) {
    for (up, line) in (0..).zip(words.iter().rev()) {
        svg.text("label", (x, y - up * 16), Anchor::Start, line);
    }
}

fn a_box(svg: &mut Svg, placed: &Placed, round: i32, most: u64) {
    let (block, rect) = (&placed.block, placed.rect);
    svg.rect(block.class, rect, round);
    let mut y = rect.y;
    for (at, line) in block.lines.iter().enumerate() {
        y += line.rise;
        if at == 0 {
            svg.text("kind", (rect.right() - PAD, y), Anchor::End, &block.corner);
        }
        svg.text(line.class, (rect.x + PAD, y), Anchor::Start, &line.text);
    }
    if let Some(figures) = &block.figures {
        let room = Rect { x: rect.x + PAD, y: y + 8, width: BOX - 2 * PAD, height: BAR };
        bar(svg, figures, room, most);
    }
}

/// A bar as long as people were asked, in the parts that they became.
fn bar(svg: &mut Svg, figures: &QuestionFigures, room: Rect, most: u64) {
    let parts = [
        ("answered", figures.answered),
        ("unclear", figures.not_understood + figures.refused),
        ("waiting", figures.waiting),
        ("dropped", figures.dropped),
    ];
    let most = most.max(parts.iter().map(|(_, count)| count).sum()).max(1);
    let wide = |count: u64| {
        let wide = u128::from(count) * u128::from(room.width.unsigned_abs()) / u128::from(most);
        i32::try_from(wide).unwrap_or(room.width)
    };
    let mut so_far = 0;
    for (class, count) in parts.into_iter().filter(|(_, count)| *count > 0) {
        let from = room.x + wide(so_far);
        so_far += count;
        let width = (room.x + wide(so_far) - from).max(1);
        svg.rect(class, Rect { x: from, width, ..room }, 0);
    }
    if so_far == 0 {
        svg.text("note", (room.x, room.y + 11), Anchor::Start, "nobody was asked yet");
    }
}
