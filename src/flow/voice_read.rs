//! `channels:`, `missed_call_starts:`, `voice:` and `sms:`, read.

use super::fields::{self, Fields, Problems, text_of, whole};
use super::problem::{Problem, nearest};
use super::read::{no_such_language, one_of};
use super::tree::{Content, Key, Node};
use super::voice::{BySms, Fallback, PROMPTS, ReadBack, Recordings, SOUNDS, Voice, VoiceRules};
use crate::model::{Interrupts, Language, Mode};
use std::collections::BTreeMap;
use std::time::Duration;

const MODES: [(&str, Mode); 2] = [("sms", Mode::Sms), ("voice", Mode::Voice)];
/// The most calls after the first one.
const MOST_REDIALS: usize = 5;

/// From when to when a time makes sense.
struct Limits {
    code: &'static str,
    least: Duration,
    most: Duration,
    words: &'static str,
}

/// Shorter, and nobody finds the key; longer, and everybody has hung up.
const NO_KEY_AFTER: Limits = Limits {
    code: "F086",
    least: Duration::from_secs(2),
    most: Duration::from_secs(60),
    words: "from 2 s to 60 s",
};
const REDIAL: Limits = Limits {
    code: "F086",
    least: Duration::from_secs(60),
    most: Duration::from_secs(7 * 86_400),
    words: "from 1 min to 7 days",
};
/// Three minutes are longer than any answer, and as much as a laptop should keep of thousands.
const RECORD: Limits = Limits {
    code: "F085",
    least: Duration::from_secs(1),
    most: Duration::from_secs(180),
    words: "from 1 s to 3 min",
};

/// Whether what the person says can be recorded here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// At a question.
    Awaited,
    /// Where something is only said.
    NotAwaited,
}

/// `channels: [sms, voice]`; SMS alone where nothing is said.
pub(super) fn channels(node: Option<&Node>, problems: &mut Problems) -> Vec<Mode> {
    let Some(node) = node else { return vec![Mode::Sms] };
    let mut channels = Vec::new();
    match &node.content {
        Content::Text(..) => channels.extend(one_of(node, "channels", &MODES, problems)),
        Content::List(items) => {
            for item in items {
                let Some(mode) = one_of(item, "channels", &MODES, problems) else { continue };
                if channels.contains(&mode) {
                    let problem = Problem::error("F019", item.place, "This stands here twice.");
                    problems.add(problem.help("Keep one of them."));
                } else {
                    channels.push(mode);
                }
            }
        }
        Content::Map(_) => {
            let problem = Problem::error("F010", node.place, "`channels` must be a list.");
            problems.add(problem.help("Write it like `channels: [sms, voice]`."));
        }
    }
    let says_nothing = matches!(&node.content, Content::List(items) if items.is_empty());
    if says_nothing {
        let problem = Problem::error("F010", node.place, "`channels` names no way to people.");
        problems.add(problem.help("Write `channels: [sms]`, or take the line away."));
    }
    if channels.is_empty() { vec![Mode::Sms] } else { channels }
}

/// `channel: voice`; SMS where nothing is said.
pub(super) fn channel(node: Option<&Node>, problems: &mut Problems) -> Mode {
    node.and_then(|node| one_of(node, "channel", &MODES, problems)).unwrap_or(Mode::Sms)
}

/// `missed_call_starts: sms`.
pub(super) fn missed_call_starts(node: Option<&Node>, problems: &mut Problems) -> Option<Mode> {
    node.and_then(|node| one_of(node, "missed_call_starts", &MODES, problems))
}

/// `voice: {no_key_after: 8 s, …}` under `rules:`: what it does not say stays as it is.
pub(super) fn rules(node: &Node, rules: &mut VoiceRules, problems: &mut Problems) {
    let Some(mut fields) = Fields::of(node, "`voice` under `rules`", problems) else { return };
    if let Some(node) = fields.take("no_key_after") {
        let time = within(node, "no_key_after", &NO_KEY_AFTER, problems);
        rules.no_key_after = time.unwrap_or(rules.no_key_after);
    }
    if let Some(node) = fields.take("ask_again") {
        let times = whole(node, "ask_again", (0, 5), problems);
        rules.ask_again =
            times.and_then(|times| u8::try_from(times).ok()).unwrap_or(rules.ask_again);
    }
    if let Some(node) = fields.take("redial") {
        rules.redial = redial(node, problems);
    }
    if let Some(node) = fields.take("fallback") {
        let choices = [("sms", Fallback::Sms), ("none", Fallback::Nothing)];
        rules.fallback = one_of(node, "fallback", &choices, problems).unwrap_or(rules.fallback);
    }
    if let Some(node) = fields.take("keys_interrupt") {
        let choices = [("yes", Interrupts::Yes), ("no", Interrupts::No)];
        let interrupts = one_of(node, "keys_interrupt", &choices, problems);
        rules.interrupts = interrupts.unwrap_or(rules.interrupts);
    }
    if let Some(node) = fields.take("read_back") {
        let choices = [
            ("numbers", ReadBack::Numbers),
            ("always", ReadBack::Always),
            ("never", ReadBack::Never),
        ];
        rules.read_back = one_of(node, "read_back", &choices, problems).unwrap_or(rules.read_back);
    }
    fields.finish(problems);
}

fn redial(node: &Node, problems: &mut Problems) -> Vec<Duration> {
    let items = match &node.content {
        Content::Text(text, _) if text == "never" => return Vec::new(),
        Content::Text(..) | Content::Map(_) => std::slice::from_ref(node),
        Content::List(items) => items,
    };
    if items.len() > MOST_REDIALS {
        let message = format!("`redial` has {} times; {MOST_REDIALS} are the most.", items.len());
        let problem = Problem::error("F086", node.place, message);
        problems.add(problem.help("Who does not answer six calls is reached in another way."));
    }
    items.iter().filter_map(|item| within(item, "redial", &REDIAL, problems)).collect()
}

fn within(node: &Node, name: &str, limits: &Limits, problems: &mut Problems) -> Option<Duration> {
    let time = fields::duration(node, name, problems)?;
    if (limits.least..=limits.most).contains(&time) {
        return Some(time);
    }
    let message = format!("`{name}` cannot be `{}`.", node.text().unwrap_or_default());
    let problem = Problem::error(limits.code, node.place, message);
    problems.add(problem.help(format!("Write a time {}.", limits.words)));
    None
}

/// `sms: skip`.
pub(super) fn by_sms(node: Option<&Node>, problems: &mut Problems) -> BySms {
    node.and_then(|node| one_of(node, "sms", &[("skip", BySms::Skip)], problems))
        .unwrap_or_default()
}

/// `voice:` of a step or an ending: a path, a path in each language, `skip`, `{record: 20 s}`.
pub(super) fn voice(
    node: Option<&Node>,
    languages: &[Language],
    answer: Answer,
    problems: &mut Problems,
) -> Voice {
    let Some(node) = node else { return Voice::default() };
    if let Content::Text(text, _) = &node.content {
        let is_path = text.contains(['/', '\\', '.']);
        match nearest(text, ["skip", "record"]).filter(|_| !is_path) {
            Some("skip") if text == "skip" => return Voice::Skip,
            Some("record") => {
                problems.add(no_recording(node).help("Write `voice: {record: 20 s}`."))
            }
            Some(near) => problems.add(no_recording(node).help(format!("Did you mean `{near}`?"))),
            None => {
                return Voice::Prompted { recordings: recordings(node, languages, problems) };
            }
        }
        return Voice::default();
    }
    let record = match &node.content {
        Content::Map(pairs) => pairs.iter().find(|(key, _)| key.name == "record"),
        Content::Text(..) | Content::List(_) => None,
    };
    let recordings = recordings(node, languages, problems);
    match record {
        Some((key, _)) if answer == Answer::NotAwaited => {
            let message = "Nothing is asked here, so there is nothing to record.";
            problems.add(Problem::error("F080", key.place, message).help("Take `record` away."));
            Voice::Prompted { recordings }
        }
        Some((_, time)) => match within(time, "record", &RECORD, problems) {
            Some(longest) => Voice::Record { longest, recordings },
            None => Voice::Record { longest: RECORD.most, recordings },
        },
        None => Voice::Prompted { recordings },
    }
}

/// Paths of recordings: one for the first language, or one for each.
pub(super) fn recordings(
    node: &Node,
    languages: &[Language],
    problems: &mut Problems,
) -> Recordings {
    let mut named = BTreeMap::new();
    match &node.content {
        Content::Text(..) => {
            let path = path(node, problems);
            named.extend(path.map(|path| (languages[0].clone(), path)));
        }
        Content::Map(pairs) => {
            for (key, node) in pairs.iter().filter(|(key, _)| key.name != "record") {
                let language = Language::new(&key.name);
                if languages.contains(&language) {
                    named.extend(path(node, problems).map(|path| (language, path)));
                } else {
                    problems.add(no_such_key(key, "record", languages));
                }
            }
        }
        Content::List(_) => {
            let help = "Write one path, one for each language, like `{en: …, fr: …}`, or `skip`.";
            problems.add(no_recording(node).help(help));
        }
    }
    Recordings::of(named)
}

/// A key that is no language of the flow; it may have been meant for `word`.
pub(super) fn no_such_key(key: &Key, word: &str, languages: &[Language]) -> Problem {
    if nearest(&key.name, [word]).is_some() {
        let message = format!("There is no setting `{}` here.", key.name);
        return Problem::error("F012", key.place, message).help(format!("Did you mean `{word}`?"));
    }
    no_such_language(&key.name, key.place, languages)
}

fn path(node: &Node, problems: &mut Problems) -> Option<String> {
    let path = text_of(node, "voice", problems)?;
    let is_sound = path
        .rsplit_once('.')
        .is_some_and(|(_, ending)| SOUNDS.iter().any(|sound| ending.eq_ignore_ascii_case(sound)));
    let lies_in_prompts = path.strip_prefix(PROMPTS).is_some_and(|rest| rest.starts_with('/'));
    let leads_out = path.contains('\\') || path.split('/').any(|part| part == ".." || part == ".");
    if is_sound && lies_in_prompts && !leads_out {
        return Some(path.to_owned());
    }
    problems.add(if is_sound {
        let message = format!("`{path}` does not lie in the office's folder `{PROMPTS}`.");
        Problem::error("F080", node.place, message)
            .help(format!("Put it there and write `{PROMPTS}/…`, with `/` between the folders."))
    } else {
        no_recording(node).help(format!(
            "Write the path of a .wav, .mp3 or .ogg file in `{PROMPTS}/`, or `skip`, or \
             `{{record: 20 s}}`."
        ))
    });
    None
}

fn no_recording(node: &Node) -> Problem {
    let message = match node.text() {
        Some(text) => format!("`{text}` is no recording."),
        None => format!("This is {}, and no recording.", node.what()),
    };
    Problem::error("F080", node.place, message)
}
