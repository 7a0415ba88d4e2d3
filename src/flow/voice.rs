//! What a step is by call: which recording is played, and whether keys or speech answer it.
//!
//! A recording that is not named is looked for by its usual name:
//! `prompts/FLOW/LANGUAGE/QUESTION.wav`, `QUESTION.CHOICE.wav` for a choice, `end.NAME.wav` for an
//! ending. Nothing is opened here: the door says which files there are.

use super::{Flow, Kind, PlaceRule, Question, Step, Wording};
use crate::model::{Interrupts, Language, Mode};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The folder of the office in which recordings lie.
pub const PROMPTS: &str = "prompts";
/// What a recording's name may end with. A call plays the first kind alone; `rollcall prompt import`
/// makes it from the others.
pub const SOUNDS: [&str; 3] = [PLAYED, "mp3", "ogg"];
/// The kind that a call plays.
const PLAYED: &str = "wav";
/// How long an answer to a question for a recording may be where it says nothing.
const LONGEST_RECORDING: Duration = Duration::from_secs(60);

/// Where the recordings of one thing to say lie, in each language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recordings {
    /// Those that the flow names, as paths in the office folder.
    pub named: BTreeMap<Language, String>,
    /// The flow and the name that make the usual path. A flow that is taken in keeps its own: it
    /// is recorded once for all who take it in.
    usual: (String, String),
    /// The same in the languages in which it lies elsewhere.
    elsewhere: BTreeMap<Language, (String, String)>,
}

/// What a step or an ending is by call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// It is played; keys answer it where it asks.
    Prompted {
        /// The recordings.
        recordings: Recordings,
    },
    /// It is passed by.
    Skip,
    /// It is played, and what the person says is recorded as the answer.
    Record {
        /// The longest recording.
        longest: Duration,
        /// The recordings.
        recordings: Recordings,
    },
}

/// What a step is by SMS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BySms {
    /// It is sent.
    #[default]
    Sent,
    /// It is passed by.
    Skip,
}

/// The rules of a question that is asked by call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceRules {
    /// How long no key may be pressed before the question counts as not answered.
    pub no_key_after: Duration,
    /// How often it is played again, after a wrong key or none.
    pub ask_again: u8,
    /// How long after each call that was not taken or broke off the next one is made.
    pub redial: Vec<Duration>,
    /// What follows when all calls were in vain.
    pub fallback: Fallback,
    /// Whether a key interrupts what is played.
    pub interrupts: Interrupts,
    /// Which answers are said back before they are kept.
    pub read_back: ReadBack,
}

/// Which answers are said back before they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// Those of several digits, where a slip makes another answer: numbers, dates, times, phone
    /// numbers, codes.
    Numbers,
    /// All that are keyed.
    Always,
    /// None.
    Never,
}

/// What follows when all calls were in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The same question by SMS.
    Sms,
    /// Nothing.
    Nothing,
}

/// What a keypad makes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keypad {
    /// Every answer can be keyed.
    Keys,
    /// There are more choices than keys.
    TooManyChoices,
    /// No keys: why, in office words.
    NoKeys(&'static str),
}

/// One thing that a call says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// Its name in this flow: `consent`, `staff_type.nurse`, `end.done`.
    pub name: String,
    /// What is said, as the flow writes it.
    pub words: BTreeMap<&'a Language, &'a str>,
    /// The key that answers with it, where it is one of the choices that have a key.
    pub key: Option<usize>,
    /// Its recordings.
    pub recordings: &'a Recordings,
}

impl Default for Voice {
    fn default() -> Voice {
        Voice::Prompted { recordings: Recordings::default() }
    }
}

impl Voice {
    /// The recordings; `None` where the step is passed by.
    pub fn recordings(&self) -> Option<&Recordings> {
        match self {
            Voice::Prompted { recordings } | Voice::Record { recordings, .. } => Some(recordings),
            Voice::Skip => None,
        }
    }

    fn recordings_mut(&mut self) -> Option<&mut Recordings> {
        match self {
            Voice::Prompted { recordings } | Voice::Record { recordings, .. } => Some(recordings),
            Voice::Skip => None,
        }
    }

    /// What it is for a question of this kind: a recording answers `audio`, said or not.
    pub(super) fn of(self, kind: &Kind) -> Voice {
        match (self, kind) {
            (Voice::Prompted { recordings }, Kind::Audio { .. }) => {
                Voice::Record { longest: LONGEST_RECORDING, recordings }
            }
            (voice, _) => voice,
        }
    }
}

impl Kind {
    /// The most choices that have a key each, 1 to 9; 0 and * are for going about in the call.
    pub const MOST_KEYED_CHOICES: usize = 9;

    /// What a keypad makes of it.
    pub fn keypad(&self) -> Keypad {
        match self {
            Kind::YesNo | Kind::Number(_) | Kind::Date(_) | Kind::Time(_) | Kind::Phone => {
                Keypad::Keys
            }
            Kind::Choice(choices) | Kind::Choices(choices) => {
                let fits = choices.len() <= Kind::MOST_KEYED_CHOICES;
                if fits { Keypad::Keys } else { Keypad::TooManyChoices }
            }
            Kind::Code { shape: None } => Keypad::NoKeys("a code without a shape may have letters"),
            Kind::Code { shape: Some(shape) } => {
                let has_letters = shape.contains(|sign: char| sign == '@' || sign.is_alphabetic());
                if has_letters { Keypad::NoKeys("its shape has letters") } else { Keypad::Keys }
            }
            Kind::Place(rule) if rule.has_keyed_codes() => Keypad::Keys,
            Kind::Place(_) => Keypad::NoKeys("the name of a place cannot be keyed"),
            Kind::Text { .. } => Keypad::NoKeys("a text cannot be keyed"),
            Kind::Audio { .. } => Keypad::NoKeys("it asks for a recording"),
        }
    }
}

impl PlaceRule {
    /// Whether the codes of its places are digits, so that they can be keyed.
    pub fn has_keyed_codes(&self) -> bool {
        let mut rows = self.list.rows.iter().filter(|row| row.level == self.level).peekable();
        let is_keyed = |code: &str| !code.is_empty() && code.bytes().all(|c| c.is_ascii_digit());
        rows.peek().is_some() && rows.all(|row| is_keyed(&row.place.code))
    }
}

impl Question {
    /// Whether what is keyed is said back before it is kept.
    pub fn is_read_back(&self) -> bool {
        match self.rules.voice.read_back {
            ReadBack::Always => true,
            ReadBack::Never => false,
            ReadBack::Numbers => match self.kind {
                Kind::Number(_)
                | Kind::Date(_)
                | Kind::Time(_)
                | Kind::Phone
                | Kind::Code { .. }
                | Kind::Place(_) => true,
                Kind::YesNo
                | Kind::Choice(_)
                | Kind::Choices(_)
                | Kind::Text { .. }
                | Kind::Audio { .. } => false,
            },
        }
    }
}

impl Step {
    /// What it is by call.
    pub fn voice(&self) -> &Voice {
        match self {
            Step::Say(say) => &say.voice,
            Step::Ask(question) => &question.voice,
        }
    }

    /// What it is by SMS.
    pub fn by_sms(&self) -> BySms {
        match self {
            Step::Say(say) => say.sms,
            Step::Ask(question) => question.sms,
        }
    }

    /// Whether it is no part of the flow for a person who is reached in this way.
    pub fn is_passed_by(&self, mode: Mode) -> bool {
        match mode {
            Mode::Sms => self.by_sms() == BySms::Skip,
            Mode::Voice => *self.voice() == Voice::Skip,
        }
    }
}

impl Flow {
    /// Everything that a call can say, in the flow's order.
    pub fn spoken(&self) -> Vec<Spoken<'_>> {
        let mut all = Vec::new();
        for step in &self.steps {
            let Some(recordings) = step.voice().recordings() else { continue };
            let words = match step {
                Step::Say(say) => in_each_language(&say.say),
                Step::Ask(question) => in_each_language(&question.ask),
            };
            all.push(Spoken { name: step.id().to_owned(), words, key: None, recordings });
            if let (Step::Ask(question), Voice::Prompted { .. }) = (step, step.voice()) {
                all.extend(spoken_choices(question));
            }
        }
        for (name, ending) in &self.endings {
            let (Some(say), Some(recordings)) = (&ending.say, ending.voice.recordings()) else {
                continue;
            };
            let (name, words) = (of_ending(name), in_each_language(say));
            all.push(Spoken { name, words, key: None, recordings });
        }
        all
    }

    /// What can only be said once all is read: nothing goes on by SMS in a flow that sends none.
    pub(super) fn settle_voice(&mut self) {
        self.name_recordings();
        self.settle_standing();
        if self.channels.contains(&Mode::Sms) {
            return;
        }
        self.rules.voice.fallback = Fallback::Nothing;
        for step in &mut self.steps {
            if let Step::Ask(question) = step {
                question.rules.voice.fallback = Fallback::Nothing;
            }
        }
    }

    /// Tells everything that is said where its recordings usually lie. What is taken in from
    /// another flow was told there.
    fn name_recordings(&mut self) {
        let flow = self.id.clone();
        let tell = |recordings: Option<&mut Recordings>, name: String| {
            if let Some(recordings) = recordings {
                recordings.usual = (flow.clone(), name);
            }
        };
        for step in self.steps.iter_mut().filter(|step| !step.is_taken_in()) {
            match step {
                Step::Say(say) => tell(say.voice.recordings_mut(), say.id.clone()),
                Step::Ask(question) => {
                    tell(question.voice.recordings_mut(), question.id.clone());
                    let (Kind::Choice(choices) | Kind::Choices(choices)) = &mut question.kind
                    else {
                        continue;
                    };
                    for choice in choices {
                        let name = of_choice(&question.id, &choice.id);
                        tell(Some(&mut choice.recordings), name);
                    }
                }
            }
        }
        for (name, ending) in &mut self.endings {
            tell(ending.voice.recordings_mut(), of_ending(name));
        }
    }
}

/// The names of a question's choices, as a call says them after it.
fn spoken_choices(question: &Question) -> impl Iterator<Item = Spoken<'_>> {
    let choices = question.kind.choices();
    let keyed = choices.len() <= Kind::MOST_KEYED_CHOICES;
    (1..).zip(choices).map(move |(key, choice)| Spoken {
        name: of_choice(&question.id, &choice.id),
        words: choice
            .labels
            .iter()
            .filter_map(|(language, labels)| Some((language, labels.first()?.as_str())))
            .collect(),
        key: keyed.then_some(key),
        recordings: &choice.recordings,
    })
}

fn in_each_language(wording: &Wording) -> BTreeMap<&Language, &str> {
    wording.iter().map(|(language, text)| (language, text.as_str())).collect()
}

fn of_choice(question: &str, choice: &str) -> String {
    format!("{question}.{choice}")
}

fn of_ending(name: &str) -> String {
    format!("end.{name}")
}

impl Recordings {
    /// Recordings that lie in this folder of `prompts`, in each language's own.
    pub(super) fn usual(folder: &str, name: &str) -> Recordings {
        let usual = (folder.to_owned(), name.to_owned());
        Recordings { usual, ..Recordings::default() }
    }

    /// The same, but in these languages in another folder, under another name.
    pub(super) fn but_in(self, elsewhere: BTreeMap<Language, (String, String)>) -> Recordings {
        Recordings { elsewhere, ..self }
    }

    /// The recordings of one part of a text that is filled in while it is said.
    pub fn part(&self, number: usize) -> Recordings {
        let part = |(folder, name): &(String, String)| (folder.clone(), format!("{name}-{number}"));
        let elsewhere = self.elsewhere.iter().map(|(language, at)| (language.clone(), part(at)));
        Recordings {
            named: BTreeMap::new(),
            usual: part(&self.usual),
            elsewhere: elsewhere.collect(),
        }
    }

    /// Recordings that a flow names; where it names none, the usual ones.
    pub(super) fn of(named: BTreeMap<Language, String>) -> Recordings {
        Recordings { named, ..Recordings::default() }
    }

    /// The recording in this language among the files of the office; capitals do not count, for
    /// recorders write `CONSENT.WAV`.
    pub fn find<'a>(&self, language: &Language, files: &'a BTreeSet<String>) -> Option<&'a str> {
        same_name(&self.path(language), files)
    }

    /// The file of another kind that lies in its place and has not been brought in: no call plays
    /// it.
    pub fn not_brought_in<'a>(
        &self,
        language: &Language,
        files: &'a BTreeSet<String>,
    ) -> Option<&'a str> {
        let place = self.place(language);
        let others = SOUNDS.iter().filter(|sound| **sound != PLAYED);
        others.map(|sound| format!("{place}.{sound}")).find_map(|path| same_name(&path, files))
    }

    /// Where a call finds it: the path that the flow names, or else the usual one.
    pub fn path(&self, language: &Language) -> String {
        match self.named.get(language) {
            Some(path) if ending(path).is_some_and(|it| it.eq_ignore_ascii_case(PLAYED)) => {
                path.clone()
            }
            Some(_) | None => format!("{}.{PLAYED}", self.place(language)),
        }
    }

    /// The same without the ending.
    fn place(&self, language: &Language) -> String {
        let (flow, name) = self.elsewhere.get(language).unwrap_or(&self.usual);
        match self.named.get(language) {
            Some(path) => {
                path.rsplit_once('.').map_or(path.as_str(), |(place, _)| place).to_owned()
            }
            None => format!("{PROMPTS}/{flow}/{language}/{name}"),
        }
    }
}

fn ending(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, ending)| ending)
}

fn same_name<'a>(wanted: &str, files: &'a BTreeSet<String>) -> Option<&'a str> {
    let same = |file: &&String| file.eq_ignore_ascii_case(wanted);
    files.get(wanted).or_else(|| files.iter().find(same)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use crate::flow::{self, Beside, Flow, Voice};
    use crate::model::{Language, Mode};
    use std::collections::BTreeSet;
    use std::time::Duration;

    const FLOW: &str = r#"
flow: staff
languages: [en, fr, en-LR]
channels: [sms, voice]
missed_call_starts: voice
rules:
  voice: {no_key_after: 10 s, redial: [15 min]}
questions:
- id: hello
  say: {en: "Good day.", fr: "Bonjour."}
  voice: {fr: prompts/common/bonjour.mp3}
- id: cadre
  ask: {en: "What is your job?", fr: "Votre poste?"}
  type: choice
  choices:
    nurse: {en: Nurse, fr: Infirmier, voice: {fr: prompts/common/infirmier.ogg}}
    other: {en: Other, fr: Autre}
  rules: {voice: {ask_again: 0, redial: never, fallback: none}}
- id: name
  ask: {en: "Your name?", fr: "Votre nom?"}
  type: text
  voice: skip
- id: supervisor
  ask: {en: "Who is your supervisor?", fr: "Votre superviseur?"}
  type: text
  voice: {record: 20 s}
- id: story
  ask: {en: "Tell us.", fr: "Dites-nous."}
  type: audio
  voice: prompts/staff/tell-us.wav
  sms: skip
endings:
  done: {say: {en: "Thank you.", fr: "Merci."}}
"#;

    fn read(recordings: Option<&[&str]>) -> (Flow, Vec<String>) {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let beside = Beside { recordings: recordings.map(names), ..Beside::default() };
        let (flow, problems) = flow::read(FLOW, &beside);
        let said = problems.iter().filter(|problem| problem.code != "F039");
        let said = said.map(|problem| format!("{} {}", problem.code, problem.message)).collect();
        (flow.unwrap_or_else(|| panic!("{problems:?}")), said)
    }

    #[test]
    fn a_flow_says_what_each_step_is_by_call() {
        let (flow, problems) = read(None);
        assert_eq!(problems, [""; 0], "where nobody looked for recordings, none is missing");
        assert_eq!(flow.channels, [Mode::Sms, Mode::Voice]);
        assert_eq!(flow.missed_call_starts, Some(Mode::Voice));
        let voice = |id: &str| flow.question(id).expect("it is asked").voice.clone();
        assert_eq!(voice("name"), Voice::Skip);
        let seconds = |voice| match voice {
            Voice::Record { longest, .. } => Some(longest.as_secs()),
            Voice::Prompted { .. } | Voice::Skip => None,
        };
        let longest = ["cadre", "supervisor", "story"].map(|id| seconds(voice(id)));
        assert_eq!(longest, [None, Some(20), Some(60)]);
        let skipped = |mode| {
            let passed_by = flow.steps.iter().filter(move |step| step.is_passed_by(mode));
            passed_by.map(super::super::Step::id).collect::<Vec<_>>()
        };
        assert_eq!((skipped(Mode::Sms), skipped(Mode::Voice)), (vec!["story"], vec!["name"]));
    }

    #[test]
    fn a_question_keeps_the_flows_rules_for_calls_where_it_says_nothing() {
        let (flow, _) = read(None);
        let rules = |id: &str| flow.question(id).expect("it is asked").rules.voice.clone();
        let (own, usual) = (rules("cadre"), rules("name"));
        assert_eq!((own.ask_again, usual.ask_again), (0, 2));
        assert_eq!((own.no_key_after, usual.no_key_after), ([Duration::from_secs(10); 2]).into());
        assert_eq!((own.redial, usual.redial), (vec![], vec![Duration::from_secs(900)]));
        assert_eq!(own.fallback, flow::Fallback::Nothing);
        assert_eq!(usual.fallback, flow::Fallback::Sms);
    }

    #[test]
    fn a_recording_is_found_under_the_name_that_is_written_or_the_usual_one() {
        let (flow, _) = read(None);
        let files = [
            "prompts/common/bonjour.wav",
            "prompts/staff/en/CADRE.WAV",
            "prompts/staff/fr/cadre.other.wav",
            "prompts/staff/fr/end.done.wav",
            "prompts/staff/fr/hello.wav",
            "prompts/staff/tell-us.wav",
        ];
        let files: BTreeSet<String> = files.map(str::to_owned).into();
        let found = |language: &str| {
            let language = Language::new(language);
            let found = flow.spoken().into_iter().filter_map(|one| {
                Some(format!("{} = {}", one.name.clone(), one.recordings.find(&language, &files)?))
            });
            found.collect::<Vec<_>>()
        };
        let english = ["cadre = prompts/staff/en/CADRE.WAV", "story = prompts/staff/tell-us.wav"];
        assert_eq!(found("en"), english);
        let french = [
            "hello = prompts/common/bonjour.wav",
            "cadre.other = prompts/staff/fr/cadre.other.wav",
            "end.done = prompts/staff/fr/end.done.wav",
        ];
        assert_eq!(found("fr"), french);
    }

    #[test]
    fn a_recording_that_was_never_brought_in_is_missing_and_is_known() {
        let (flow, _) = read(None);
        let files = ["prompts/common/bonjour.MP3", "prompts/staff/fr/cadre.ogg"];
        let files: BTreeSet<String> = files.map(str::to_owned).into();
        let french = Language::new("fr");
        let mut waiting = Vec::new();
        for one in flow.spoken() {
            assert_eq!(one.recordings.find(&french, &files), None, "{}", one.name);
            let file = one.recordings.not_brought_in(&french, &files);
            waiting.extend(file.map(|file| (one.name.clone(), file, one.recordings.path(&french))));
        }
        let expected = [
            ("hello", "prompts/common/bonjour.MP3", "prompts/common/bonjour.wav"),
            ("cadre", "prompts/staff/fr/cadre.ogg", "prompts/staff/fr/cadre.wav"),
        ];
        let expected = expected.map(|(name, file, path)| (name.to_owned(), file, path.to_owned()));
        assert_eq!(waiting, expected);
    }

    #[test]
    fn a_flow_that_is_taken_in_is_recorded_once_for_all() {
        let inner = "flow: address\nchannels: [sms, voice]\nquestions:\n\
            - id: kind\n  ask: Where?\n  type: choice\n  choices: {town: Town, farm: Farm}\n\
            - id: street\n  ask: Which street?\n  type: text\n  voice: {record: 20 s}\n";
        let outer = "flow: staff\nchannels: [sms, voice]\nquestions:\n\
            - id: home\n  flow: address\n";
        let flows = [("address".to_owned(), inner.to_owned())].into();
        let beside = Beside { flows, ..Beside::default() };
        let flow = flow::read(outer, &beside).0.expect("the flow is right");
        let english = Language::new("en");
        let paths = flow.spoken().into_iter().map(|one| (one.name, one.recordings.path(&english)));
        let path = |name: &str, file: &str| (name.to_owned(), format!("prompts/address/en/{file}"));
        let expected = [
            path("home.kind", "kind.wav"),
            path("home.kind.town", "kind.town.wav"),
            path("home.kind.farm", "kind.farm.wav"),
            path("home.street", "street.wav"),
        ];
        assert_eq!(paths.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn missing_recordings_are_one_line_for_each_language() {
        let english = [
            "prompts/staff/en/hello.wav",
            "prompts/staff/en/cadre.wav",
            "prompts/staff/en/cadre.nurse.wav",
            "prompts/staff/en/cadre.other.wav",
            "prompts/staff/en/supervisor.wav",
            "prompts/staff/tell-us.wav",
        ];
        let said = read(Some(&english)).1;
        // Liberian English is heard in English where it has no recording of its own.
        let expected = [
            "F083 Of 7 recordings in `en`, 1 is missing: end.done.",
            "F083 Of 7 recordings in `fr`, 7 are missing: hello, cadre, cadre.nurse and 4 more.",
            "F083 Of 7 recordings in `en-LR`, 1 is missing: end.done.",
        ];
        assert_eq!(said, expected);
    }
}
