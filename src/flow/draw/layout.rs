//! Where everything stands: boxes from top to bottom, endings beside those who lead to them,
//! ways that jump ahead in lanes at the right, ways around at the left.

use super::Figures;
use super::blocks::{self, BOX, Block, ENDING};
use super::letters::{width, wrapped};
use super::svg::Rect;
use crate::flow::{Branch, Flow, Step, Target, words};
use std::collections::BTreeSet;

/// The left edge of the boxes: ways around and their words have room before it.
pub(super) const LEFT: i32 = 112;
/// How far a way around keeps from the boxes.
pub(super) const AROUND: i32 = 24;
/// The room for the words of a way that leaves to the right, at most and at least.
const LABEL: i32 = 170;
const LEAST_LABEL: i32 = 84;
const LABEL_SIZE: i32 = 13;
const LABEL_LINE: i32 = 16;
const LANE: i32 = 18;
/// Between boxes.
const GAP: i32 = 34;
const TOP: i32 = 128;
const MARGIN: i32 = 28;

/// Everything with its place.
pub(super) struct Scene {
    pub width: i32,
    pub height: i32,
    pub steps: Vec<Placed>,
    /// The ending after the last step, then those beside the steps.
    pub endings: Vec<Placed>,
    pub ways: Vec<Way>,
    /// Steps that came from one other flow: its name, and the frame around them.
    pub frames: Vec<(String, Rect)>,
}

/// A box in its place.
pub(super) struct Placed {
    pub block: Block,
    pub rect: Rect,
    /// When it is come to; empty: always.
    pub only_if: Vec<String>,
}

/// A way that leaves a box to the right.
pub(super) struct Way {
    pub words: Vec<String>,
    pub words_at: (i32, i32),
    pub points: Vec<(i32, i32)>,
}

/// A way before it has its place.
struct Exit {
    words: Vec<String>,
    to: Target,
    lane: usize,
}

impl Exit {
    fn height(&self) -> i32 {
        i32::try_from(self.words.len()).unwrap_or(1) * LABEL_LINE + 14
    }
}

/// Where the middle of the boxes is.
pub(super) const MIDDLE: i32 = LEFT + BOX / 2;

pub(super) fn layout(flow: &Flow, figures: Option<&Figures>) -> Scene {
    let mut exits: Vec<Vec<Exit>> = flow.steps.iter().map(exits).collect();
    let lanes = assign_lanes(flow, &mut exits);
    let lines = exits.iter().flatten().flat_map(|exit| &exit.words);
    let widest = lines.map(|line| width(line, LABEL_SIZE)).max().unwrap_or(0);
    let label = (widest + 30).clamp(LEAST_LABEL, LABEL);
    let mut making = Making {
        flow,
        figures,
        exits,
        label,
        endings_x: LEFT + BOX + label + i32::try_from(lanes).unwrap_or(0) * LANE + 24,
        shown: BTreeSet::new(),
        y: TOP,
        scene: Scene {
            width: 0,
            height: 0,
            steps: Vec::new(),
            endings: Vec::new(),
            ways: Vec::new(),
            frames: Vec::new(),
        },
    };
    making.boxes();
    making.jumps();
    making.frames();
    making.finish()
}

struct Making<'a> {
    flow: &'a Flow,
    figures: Option<&'a Figures>,
    exits: Vec<Vec<Exit>>,
    label: i32,
    endings_x: i32,
    shown: BTreeSet<String>,
    y: i32,
    scene: Scene,
}

impl Making<'_> {
    fn boxes(&mut self) {
        let flow = self.flow;
        for (at, step) in flow.steps.iter().enumerate() {
            let only_if = only_if(step);
            self.y += GAP + i32::try_from(only_if.len()).unwrap_or(0) * LABEL_LINE;
            self.y += if only_if.is_empty() { 0 } else { 22 };
            let block = blocks::of_step(flow, step, self.figures);
            let arrivals = self.arrivals(step.id());
            let needed: i32 = self.exits[at].iter().map(Exit::height).sum();
            let height = block.height.max(needed + arrivals * 14 + 10);
            let rect = Rect { x: LEFT, y: self.y, width: BOX, height };
            self.scene.steps.push(Placed { block, rect, only_if });
            let beside = self.endings_beside(at, rect, arrivals);
            self.y = rect.bottom().max(beside);
            if only_if_of(step) {
                self.y += 14;
            }
        }
        self.y += GAP;
        let done = flow.endings.get("done");
        let block = blocks::of_ending("done", done, &flow.languages[0], self.figures);
        let x = MIDDLE - ENDING / 2;
        let rect = Rect { x, y: self.y, width: ENDING, height: block.height };
        self.y = rect.bottom();
        self.scene.endings.insert(0, Placed { block, rect, only_if: Vec::new() });
    }

    /// How many ways jump to a step.
    fn arrivals(&self, id: &str) -> i32 {
        let is_it = |exit: &&Exit| matches!(&exit.to, Target::Step(to) if to == id);
        i32::try_from(self.exits.iter().flatten().filter(is_it).count()).unwrap_or(0)
    }

    /// Endings that a step leads to, one under the other beside it; where the last one stops.
    fn endings_beside(&mut self, at: usize, from: Rect, arrivals: i32) -> i32 {
        let flow = self.flow;
        let mut exit_y = from.y + 10 + arrivals * 14;
        let mut ending_y = from.y;
        for exit in &self.exits[at] {
            let leaves_at = exit_y + exit.height() - 8;
            exit_y += exit.height();
            let Target::End(name) = &exit.to else { continue };
            let block = if self.shown.insert(name.clone()) && name != "done" {
                let ending = flow.endings.get(name);
                blocks::of_ending(name, ending, &flow.languages[0], self.figures)
            } else {
                blocks::of_ending_again(name)
            };
            let top = ending_y.max(leaves_at - 24);
            let rect = Rect { x: self.endings_x, y: top, width: ENDING, height: block.height };
            ending_y = rect.bottom() + 12;
            let arrives_at = leaves_at.clamp(rect.y + 10, rect.bottom() - 10);
            let elbow = rect.x - 14;
            let (right, words) = (from.right(), exit.words.clone());
            let words_at = (right + 10, leaves_at - 6);
            let points = vec![
                (right, leaves_at),
                (elbow, leaves_at),
                (elbow, arrives_at),
                (rect.x, arrives_at),
            ];
            self.scene.ways.push(Way { words, words_at, points });
            self.scene.endings.push(Placed { block, rect, only_if: Vec::new() });
        }
        ending_y
    }

    /// Ways to a later step, each in its lane.
    fn jumps(&mut self) {
        let mut arrived = vec![0; self.scene.steps.len()];
        for at in 0..self.exits.len() {
            let from = self.scene.steps[at].rect;
            let mut exit_y = from.y + 10 + self.arrivals(&self.scene.steps[at].block.id) * 14;
            for exit in &self.exits[at] {
                let leaves_at = exit_y + exit.height() - 8;
                exit_y += exit.height();
                let Target::Step(id) = &exit.to else { continue };
                let Some(to) = self.flow.steps.iter().position(|step| step.id() == id) else {
                    continue;
                };
                let target = self.scene.steps[to].rect;
                let arrives_at = target.y + 12 + arrived[to] * 14;
                arrived[to] += 1;
                let lane = from.right() + self.label + i32::try_from(exit.lane).unwrap_or(0) * LANE;
                let points = vec![
                    (from.right(), leaves_at),
                    (lane, leaves_at),
                    (lane, arrives_at),
                    (target.right(), arrives_at),
                ];
                let words_at = (from.right() + 10, leaves_at - 6);
                self.scene.ways.push(Way { words: exit.words.clone(), words_at, points });
            }
        }
    }

    /// Frames around neighbours whose ids begin with the same word and a dot.
    fn frames(&mut self) {
        let mut frames: Vec<(String, Rect)> = Vec::new();
        let mut before: Option<String> = None;
        for placed in &self.scene.steps {
            let name = placed.block.id.split_once('.').map(|(name, _)| name.to_owned());
            let rect = placed.rect;
            match (&name, frames.last_mut()) {
                (Some(name), Some((_, frame))) if before.as_ref() == Some(name) => {
                    frame.height = rect.bottom() + 8 - frame.y;
                }
                (Some(name), _) => {
                    let frame = Rect {
                        x: rect.x - 8,
                        y: rect.y - 8,
                        width: rect.width + 16,
                        height: rect.height + 16,
                    };
                    frames.push((name.clone(), frame));
                }
                (None, _) => {}
            }
            before = name;
        }
        self.scene.frames = frames;
    }

    fn finish(self) -> Scene {
        let mut scene = self.scene;
        let endings = scene.endings.iter().map(|placed| placed.rect);
        let rects = scene.steps.iter().map(|placed| placed.rect).chain(endings);
        let ways = scene.ways.iter().flat_map(|way| &way.points).map(|(x, _)| *x);
        let labels = scene.ways.iter().map(|way| way.words_at.0 + self.label);
        let right = rects.clone().map(|rect| rect.right()).chain(ways).chain(labels).max();
        scene.width = right.unwrap_or(0).max(LEFT + BOX + LEFT) + MARGIN;
        scene.height = rects.map(|rect| rect.bottom()).max().unwrap_or(0) + MARGIN;
        scene
    }
}

fn only_if(step: &Step) -> Vec<String> {
    let condition = match step {
        Step::Say(say) => &say.only_if,
        Step::Ask(question) => &question.only_if,
    };
    let Some(condition) = condition else { return Vec::new() };
    wrapped(&format!("only if {condition}"), LABEL_SIZE, BOX / 2 - 20, 4)
}

fn only_if_of(step: &Step) -> bool {
    match step {
        Step::Say(say) => say.only_if.is_some(),
        Step::Ask(question) => question.only_if.is_some(),
    }
}

/// The ways that leave a step: those to one target are one way.
fn exits(step: &Step) -> Vec<Exit> {
    let branches: &[Branch] = match step {
        Step::Say(_) => &[],
        Step::Ask(question) => &question.branches,
    };
    let mut found: Vec<(String, &Target)> = Vec::new();
    for branch in branches {
        let words = branch.when.under(step.id());
        match found.iter_mut().find(|(_, to)| **to == branch.then) {
            Some((before, _)) => before.push_str(&format!(", or {words}")),
            None => found.push((words, &branch.then)),
        }
    }
    let exit = |(text, to): (String, &Target)| {
        let room = LABEL - 24;
        let words = if width(&text, LABEL_SIZE) <= room {
            vec![text]
        } else {
            wrapped(&text, LABEL_SIZE, room, 4)
        };
        Exit { words, to: to.clone(), lane: 0 }
    };
    found.into_iter().map(exit).collect()
}

/// Gives ways that jump ahead lanes of their own where they are side by side; how many there are.
fn assign_lanes(flow: &Flow, exits: &mut [Vec<Exit>]) -> usize {
    let index = |id: &str| flow.steps.iter().position(|step| step.id() == id);
    let mut jumps: Vec<(usize, usize, usize)> = Vec::new();
    for (from, ways) in exits.iter().enumerate() {
        for (number, exit) in ways.iter().enumerate() {
            match &exit.to {
                Target::Step(id) => jumps.extend(index(id).map(|to| (from, to, number))),
                Target::End(_) => {}
            }
        }
    }
    jumps.sort_by_key(|(from, to, _)| to.saturating_sub(*from));
    let mut lanes: Vec<Vec<(usize, usize)>> = Vec::new();
    for (from, to, number) in jumps {
        let is_free = |lane: &Vec<(usize, usize)>| lane.iter().all(|(a, b)| to < *a || *b < from);
        let lane = lanes.iter().position(is_free).unwrap_or(lanes.len());
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push((from, to));
        exits[from][number].lane = lane;
    }
    lanes.len()
}

/// What a way is called where it is not drawn but spoken.
pub(super) fn spoken(step: &Step) -> String {
    let branches: &[Branch] = match step {
        Step::Say(_) => &[],
        Step::Ask(question) => &question.branches,
    };
    let ways = branches.iter().map(|branch| {
        format!(" {} leads to {}.", branch.when.under(step.id()), words::target(&branch.then))
    });
    ways.collect()
}
