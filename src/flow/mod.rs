//! The flow language: YAML in, a checked [`Flow`] or a list of problems out.
//!
//! The question is the primitive; top-to-bottom order is the default path. This module is the
//! shape of a flow once read; `read` makes one from text and `check` judges it. Pure: no clock,
//! no files (the office's place lists are handed in).

mod anonymous;
mod audience;
mod beside;
mod by_call;
mod calendar;
mod check;
mod check_translations;
mod check_voice;
mod check_ways;
mod condition;
mod condition_parse;
mod defaults;
mod diagnose;
mod diff;
pub mod draw;
pub mod fields;
mod find;
mod frames;
mod inside;
mod lexicon;
mod lint;
mod named_fields;
mod places;
mod plain;
pub mod problem;
mod question;
mod read;
mod schedule;
mod schema;
mod start_flow;
mod take_in;
pub mod texts;
pub mod tree;
pub mod voice;
mod voice_read;
mod word_list;
pub mod words;

pub use beside::Beside;
pub use by_call::{ByCall, ByCallTexts, Standing};
pub use calendar::{Occurrence, date_of};
pub use condition::{Condition, Operand};
pub use diff::{Change, Changed, changes};
pub use find::{schedule_place, text_place};
pub use frames::{Fit, Frames, Side, Slot};
pub use lexicon::{Lexicon, WordFile, Words, built_in_words};
pub use named_fields::contact_fields;
pub use plain::plain;
pub use problem::{Problem, Severity};
pub use schema::{SCHEMA_FILE, SCHEMA_LINE, json_schema};
pub use voice::{BySms, Fallback, Keypad, ReadBack, Recordings, Spoken, Voice, VoiceRules};
pub use word_list::WordList;

pub use schedule::{IfMissed, MonthDay, Schedule, When};

use crate::model::{Answer, Language, Mode, Place, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// A text in each language it was written in.
pub type Wording = BTreeMap<Language, String>;

/// One flow, as one file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The id: the file's `flow:`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its languages; the first is used when a translation is missing.
    pub languages: Vec<Language>,
    /// Whether answers are kept apart from who gave them.
    pub anonymous: bool,
    /// What words mean in each of them.
    pub words: Words,
    /// Words that a person can text to begin it.
    pub start_words: Vec<String>,
    /// Whether a text that nobody asked for begins it.
    pub starts_on_anything: bool,
    /// The rules that hold for every question that has none of its own.
    pub rules: Rules,
    /// The standing texts, each complete in the flow's first language (defaults filled in).
    pub messages: Messages,
    /// When it starts by itself.
    pub schedules: Vec<Schedule>,
    /// What happens, from top to bottom.
    pub steps: Vec<Step>,
    /// The endings by name; `done` is reached after the last step.
    pub endings: BTreeMap<String, Ending>,
    /// Conversations that prove it.
    pub tests: Vec<FlowTest>,
    /// The ways in which people are asked; SMS alone where the file says nothing.
    pub channels: Vec<Mode>,
    /// In which way a missed call begins it; `None`: it does not.
    pub missed_call_starts: Option<Mode>,
    /// The standing texts of its calls, as they are recorded.
    pub standing: Vec<Standing>,
}

impl Flow {
    /// How many of the answers are right, and how many questions have a right answer.
    pub fn score(&self, answers: &BTreeMap<String, Answer>) -> (usize, usize) {
        let value = |id: &str| answers.get(id)?.value.as_ref().map(Value::to_text);
        let marked = || self.questions().filter(|question| question.right.is_some());
        let right = marked().filter(|question| value(&question.id) == question.right).count();
        (right, marked().count())
    }
}

/// A place in a flow.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all steps of a flow are the large one")]
pub enum Step {
    /// Says something and goes on.
    Say(Say),
    /// Asks and waits.
    Ask(Question),
}

/// A text without an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Say {
    /// Its id.
    pub id: String,
    /// Only when this holds.
    pub only_if: Option<Condition>,
    /// What is said.
    pub say: Wording,
    /// What it is by call.
    pub voice: Voice,
    /// What it is by SMS.
    pub sms: BySms,
}

/// A step that waits for an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id, under which the answer is kept.
    pub id: String,
    /// Asked only when this holds.
    pub only_if: Option<Condition>,
    /// What is asked, without the numbered choices: the engine adds them.
    pub ask: Wording,
    /// What counts as an answer.
    pub kind: Kind,
    /// The example shown for `{example}`.
    pub example: Option<String>,
    /// The answer that counts a point for `{score}`, as it is stored.
    pub right: Option<String>,
    /// Whether the person may text SKIP instead of an answer.
    pub may_refuse: bool,
    /// Where the answer goes beside its own name: a field of the contact.
    pub save_to: Option<String>,
    /// What follows certain answers; the first that holds wins. Else the next step.
    pub branches: Vec<Branch>,
    /// The rules of this question, the flow's own where it says nothing.
    pub rules: Rules,
    /// What it is by call.
    pub voice: Voice,
    /// What it is by SMS.
    pub sms: BySms,
}

/// "If the answer is this, go there."
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// What must hold.
    pub when: Condition,
    /// Where to go.
    pub then: Target,
}

/// Where a branch leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A later step.
    Step(String),
    /// An ending.
    End(String),
}

/// What counts as an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// One of several.
    Choice(Vec<Choice>),
    /// Several of several.
    Choices(Vec<Choice>),
    /// A number.
    Number(NumberRule),
    /// A date.
    Date(DateRule),
    /// A time of day.
    Time(TimeRule),
    /// A phone number of the office's country or a foreign one in full.
    Phone,
    /// An identifier that keeps its zeros; `#` stands for a digit, `@` for a letter.
    Code {
        /// `######`, `LR-####`; `None` takes any single token.
        shape: Option<String>,
    },
    /// A place of a list.
    Place(PlaceRule),
    /// Anything.
    Text {
        /// The longest text taken, in characters.
        longest: usize,
    },
    /// A recording by call; by SMS, the answer in writing.
    Audio {
        /// The longest text taken where it is written, in characters.
        longest: usize,
    },
}

/// One choice: the first label of each language is shown, all of them are understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The id that is stored.
    pub id: String,
    /// Labels by language, the shown one first.
    pub labels: BTreeMap<Language, Vec<String>>,
    /// All that people may call it, as words are compared.
    pub called: Vec<String>,
    /// The recordings of its name that the flow names.
    pub recordings: Recordings,
}

/// Which times of day are taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeRule {
    /// The earliest, itself taken.
    pub from: Option<jiff::civil::Time>,
    /// The latest, itself taken.
    pub until: Option<jiff::civil::Time>,
}

impl Kind {
    /// What there is to choose, where the question offers something.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Kind::Choice(choices) | Kind::Choices(choices) => choices,
            _ => &[],
        }
    }
}

/// Which numbers are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberRule {
    /// Whole numbers only.
    pub whole: bool,
    /// The smallest, itself taken.
    pub least: Option<f64>,
    /// The largest, itself taken.
    pub most: Option<f64>,
}

/// Which dates are taken, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct DateRule {
    /// The earliest.
    pub from: Option<DateBound>,
    /// The latest.
    pub until: Option<DateBound>,
}

/// A bound of a date: fixed, or counted from today.
#[derive(Clone, Debug, PartialEq)]
pub enum DateBound {
    /// This day.
    Day(jiff::civil::Date),
    /// `today - 16 years`: whole days, months or years from today.
    FromToday(jiff::SpanFieldwise),
}

/// Which places are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRule {
    /// The level in the list: `county`, `facility`.
    pub level: String,
    /// Only inside the answer to this earlier question.
    pub inside: Option<String>,
    /// The list, as read from the office folder.
    pub list: PlaceList,
    /// Whether an unsure reading is proposed ("Did you mean …?") or simply asked again.
    pub unsure: Unsure,
}

/// What to do with a reading that is near but not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsure {
    /// Propose it.
    Confirm,
    /// Ask again.
    AskAgain,
}

/// A list of places: `code,level,parent,name,other names`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaceList {
    /// The file it came from, as the flow names it.
    pub file: String,
    /// The rows in the file's order.
    pub rows: Vec<PlaceRow>,
}

/// One row of a place list.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRow {
    /// Code and name.
    pub place: Place,
    /// Its level.
    pub level: String,
    /// The code of the place around it.
    pub parent: Option<String>,
    /// Other names people use.
    pub other_names: Vec<String>,
    /// All its names, as words are compared.
    pub called: Vec<String>,
}

/// The rules of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// How often a reply that is not understood is asked again.
    pub ask_again: u8,
    /// What happens when the tries are used up.
    pub then: AfterTries,
    /// How long after our message left a reminder goes; `None`: no reminders.
    pub remind_after: Option<Duration>,
    /// How many reminders at most.
    pub reminders: u8,
    /// How long after the last message left the run ends by itself.
    pub expires_after: Duration,
    /// What happens when this flow is to start and another one waits.
    pub other_flow: OtherFlow,
    /// What holds by call.
    pub voice: VoiceRules,
}

/// What happens when the tries are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterTries {
    /// On to the next step; the answer stays empty.
    Skip,
    /// The run ends.
    End,
    /// A person in the office takes over.
    Help,
}

/// One flow at a time: what happens to a start while another flow waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherFlow {
    /// The new one waits until the first is over.
    FinishThisFirst,
    /// The new one ends the first.
    LetNewOneInterrupt,
    /// The person is told, and says whether they want the new one now.
    AskThePerson,
}

/// The standing texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Messages {
    /// Before the question is asked again. May use `{reply}`.
    pub wrong: Wording,
    /// Before the question is asked again, where the person wanted to skip it and may not.
    pub must_answer: Wording,
    /// Before the question, as a reminder.
    pub reminder: Wording,
    /// After STOP.
    pub stopped: Wording,
    /// After START.
    pub started: Wording,
    /// After HELP.
    pub help: Wording,
    /// "Did you mean {proposal}? yes/no".
    pub confirm: Wording,
    /// After FIX: which answer? `{answers}` is the list of them.
    pub fix: Wording,
    /// Another flow waits, by its `{title}`: NEXT begins it.
    pub other_waits: Wording,
    /// After the run's time was over and an answer came.
    pub too_late: Wording,
    /// Those of calls.
    pub by_call: ByCallTexts,
}

/// How a flow ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// What becomes of who ends here; `None`: `done` has completed, others are not meant.
    pub counts_as: Option<Counts>,
    /// What is said last.
    pub say: Option<Wording>,
    /// What that is by call.
    pub voice: Voice,
    /// Groups the contact joins.
    pub add_to_groups: Vec<String>,
    /// Groups the contact leaves.
    pub remove_from_groups: Vec<String>,
    /// The flow that begins next for the person.
    pub start_flow: Option<NextFlow>,
}

/// A flow that begins for a person when another one is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextFlow {
    /// Its id.
    pub flow: String,
    /// How long after the ending.
    pub after: Duration,
}

/// What becomes of somebody at an ending, in the terms of survey research.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// They answered what there was to answer.
    Completed,
    /// They answered a part.
    Partial,
    /// They do not want to.
    Refused,
    /// They are not the person meant.
    Ineligible,
}

impl Counts {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Counts::Completed => "completed",
            Counts::Partial => "partial",
            Counts::Refused => "refused",
            Counts::Ineligible => "ineligible",
        }
    }
}

/// A conversation that proves the flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowTest {
    /// What it proves.
    pub name: String,
    /// The line it begins at, for messages.
    pub line: usize,
    /// The contact's name, language and fields.
    pub contact: TestContact,
    /// How they are reached at first.
    pub mode: Mode,
    /// What the person sends or presses, in order.
    pub replies: Vec<String>,
    /// Question id → stored text, and `ending` → its name.
    pub expect: BTreeMap<String, String>,
}

/// The contact of a test.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TestContact {
    /// The full name.
    pub name: String,
    /// The language, where said.
    pub language: Option<Language>,
    /// Fields of the contact.
    pub fields: BTreeMap<String, Value>,
}

/// Reads one file: the flow, if it can be used, and everything that is wrong with it.
///
/// `beside` holds what stands beside it in the office folder. What this returns a flow for, loads;
/// there is no other way to make one.
pub fn read(source: &str, beside: &Beside) -> (Option<Flow>, Vec<Problem>) {
    let (flow, problems) = read_within(source, beside, &take_in::Around::default());
    let usable = problems.iter().all(|problem| problem.severity == Severity::Warning);
    (flow.filter(|_| usable), problems)
}

/// Reads one file that may stand inside others: the flow as far as it can be understood.
fn read_within(
    source: &str,
    beside: &Beside,
    around: &take_in::Around,
) -> (Option<Flow>, Vec<Problem>) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let linted = lint::lint(source);
    if !linted.is_empty() {
        return (None, linted);
    }
    let root = match tree::parse(source) {
        Ok(root) => root,
        Err(problem) => return (None, vec![problem]),
    };
    let mut problems = fields::Problems::default();
    let flow = read::flow(&root, beside, around, &mut problems);
    if let Some(flow) = &flow {
        check::check(flow, &root, &mut problems);
        check_voice::check(flow, &root, beside.recordings.as_ref(), &mut problems);
        check_translations::check(flow, &root, &mut problems);
        start_flow::check(flow, &root, beside, &mut problems);
        take_in::forget_what_follows(&root, &mut problems);
    }
    (flow, problems.into_sorted())
}

/// The standing texts where no flow is at hand: after STOP, START and HELP from anybody.
pub fn standing_messages(languages: &[Language]) -> Messages {
    defaults::messages(languages)
}

/// The files that a flow may have beside it: those that it names, and the words of its languages.
pub fn files_beside(source: &str) -> Vec<String> {
    let mut names = files_named(source);
    let languages = languages_named(source).into_iter().flat_map(|one| [one.base(), one]);
    names.extend(languages.map(|language| WordFile::name_of(&language)));
    names.sort();
    names.dedup();
    names
}

/// The languages of a flow, read off the text alone.
fn languages_named(source: &str) -> Vec<Language> {
    let mut lines = source.lines().skip_while(|line| !line.starts_with("languages:"));
    let Some(first) = lines.next() else { return vec![Language::new("en")] };
    let own = first.trim_start_matches("languages:").to_owned();
    let listed = lines.take_while(|line| line.starts_with([' ', '-', ']']));
    let text = listed
        .fold(own, |text, line| format!("{text} {}", line.split('#').next().unwrap_or_default()));
    let text = text.split('#').next().unwrap_or_default().replace(['[', ']', ',', '"', '\''], " ");
    text.split_whitespace().filter(|word| *word != "-").map(Language::new).collect()
}

/// The files that a flow names, read off the text alone, before they are read themselves.
pub fn files_named(source: &str) -> Vec<String> {
    let named = |line: &str| {
        let name = line.trim_start().strip_prefix("list:")?;
        let name = name.split('#').next().unwrap_or_default();
        Some(name.trim().trim_matches(['"', '\'']).to_owned())
    };
    let names: std::collections::BTreeSet<String> = source.lines().filter_map(named).collect();
    let names: std::collections::BTreeSet<String> =
        names.into_iter().chain(take_in::flows_named(source)).collect();
    names.into_iter().collect()
}

/// Names a version for good: SHA-256 over the source and the files it names, in hexadecimal.
pub fn digest(source: &str, beside: &BTreeMap<String, String>) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(source.as_bytes());
    for (name, text) in beside {
        hash.update([0]);
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Flow {
    /// The questions in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.steps.iter().filter_map(|step| match step {
            Step::Ask(question) => Some(question),
            Step::Say(_) => None,
        })
    }

    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }
}

impl Step {
    /// The step's id.
    pub fn id(&self) -> &str {
        match self {
            Step::Say(say) => &say.id,
            Step::Ask(question) => &question.id,
        }
    }
}
