//! The standing texts of a call: "for yes, press 1", "that is no answer here". A flow changes them
//! under `messages:`; they are recorded once for all flows, in `prompts/standing/LANGUAGE/`.
//!
//! A text that a flow words otherwise is recorded for that flow: `prompts/FLOW/LANGUAGE/messages.NAME.wav`.

use super::voice::{Recordings, Spoken};
use super::{Flow, Kind, Step, Voice, Wording};
use crate::model::{Language, Mode};
use std::collections::{BTreeMap, BTreeSet};

/// The folder in `prompts` of what all flows say alike.
const FOLDER: &str = "standing";

/// A standing text of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ByCall {
    /// "For English, press {key}", in each language's own words.
    InLanguage,
    /// "For yes, press 1."
    PressYes,
    /// "For no, press 2."
    PressNo,
    /// "For", before the name of a choice.
    PressFor,
    /// "press {key}", after it.
    Press,
    /// How several choices are keyed.
    PressSeveral,
    /// How a number is keyed.
    KeyNumber,
    /// How a number with a point is keyed.
    KeyPoint,
    /// How a date is keyed.
    KeyDate,
    /// How a time of day is keyed.
    KeyTime,
    /// How a phone number is keyed.
    KeyPhone,
    /// How a code is keyed.
    KeyCode,
    /// How to go on without an answer, where that is allowed.
    PressToSkip,
    /// Before a recording.
    Speak,
    /// Before what was keyed.
    YouKeyed,
    /// After what was keyed.
    IfRight,
    /// After keys that are no answer.
    WrongKey,
    /// After no key.
    NoKey,
    /// When a call goes on where another one ended.
    GoOn,
    /// After 0: a person in the office hears of it.
    PersonHears,
    /// At the end, where the flow says nothing.
    GoodBye,
}

/// Its name in the file, and what is said where the flow says nothing: in English, in French and
/// in Liberian English.
type Line = (ByCall, &'static str, [&'static str; 3]);

use ByCall::*;

const LINES: [Line; 21] = [
    (
        InLanguage,
        "language",
        [
            "For English, press {key}.",
            "Pour le français, tapez {key}.",
            "For Liberian English, press {key}.",
        ],
    ),
    (PressYes, "press_yes", ["For yes, press 1.", "Pour oui, tapez 1.", "If yes, press 1."]),
    (PressNo, "press_no", ["For no, press 2.", "Pour non, tapez 2.", "If no, press 2."]),
    (PressFor, "press_for", ["For", "Pour", "For"]),
    (Press, "press", ["press {key}.", "tapez {key}.", "press {key}."]),
    (
        PressSeveral,
        "press_several",
        [
            "Press all that fit, then press hash.",
            "Tapez tout ce qui convient, puis dièse.",
            "Press all that fit, then press hash.",
        ],
    ),
    (
        KeyNumber,
        "key_number",
        [
            "Key the number, then press hash.",
            "Tapez le nombre, puis dièse.",
            "Press the number, then press hash.",
        ],
    ),
    (
        KeyPoint,
        "key_point",
        [
            "For the point, press star.",
            "Pour la virgule, tapez étoile.",
            "For the point, press star.",
        ],
    ),
    (
        KeyDate,
        "key_date",
        [
            "Key the day with two digits, the month with two, and the year with four.",
            "Tapez le jour en deux chiffres, le mois en deux, et l'année en quatre.",
            "Press the day with two digits, the month with two, and the year with four.",
        ],
    ),
    (
        KeyTime,
        "key_time",
        [
            "Key the hour with two digits and the minutes with two. In the afternoon, one o'clock \
             is 13.",
            "Tapez l'heure en deux chiffres et les minutes en deux.",
            "Press the hour with two digits and the minutes with two. In the afternoon, one \
             o'clock is 13.",
        ],
    ),
    (
        KeyPhone,
        "key_phone",
        [
            "Key the whole number, then press hash.",
            "Tapez le numéro entier, puis dièse.",
            "Press the whole number, then press hash.",
        ],
    ),
    (
        KeyCode,
        "key_code",
        [
            "Key the digits, then press hash.",
            "Tapez les chiffres, puis dièse.",
            "Press the digits, then press hash.",
        ],
    ),
    (
        PressToSkip,
        "press_to_skip",
        [
            "To go on without an answer, press hash.",
            "Pour continuer sans répondre, tapez dièse.",
            "To leave it, press hash.",
        ],
    ),
    (
        Speak,
        "speak",
        [
            "Speak after the tone. Press hash when you have finished.",
            "Parlez après le signal. Tapez dièse quand vous avez fini.",
            "Talk after the tone. Press hash when you finish.",
        ],
    ),
    (YouKeyed, "you_keyed", ["You keyed", "Vous avez tapé", "You press"]),
    (
        IfRight,
        "if_right",
        [
            "If that is right, press 1. To key it again, press 2.",
            "Si c'est juste, tapez 1. Pour recommencer, tapez 2.",
            "If that right, press 1. To do it again, press 2.",
        ],
    ),
    (
        WrongKey,
        "wrong_key",
        [
            "Sorry, that is no answer here.",
            "Désolé, ce n'est pas une réponse ici.",
            "Sorry, that not answer here.",
        ],
    ),
    (
        NoKey,
        "no_key",
        [
            "Sorry, we heard nothing.",
            "Désolé, nous n'avons rien entendu.",
            "Sorry, we not hear anything.",
        ],
    ),
    (
        GoOn,
        "go_on",
        [
            "We go on where we stopped.",
            "Nous continuons là où nous étions.",
            "We going on where we stopped.",
        ],
    ),
    (
        PersonHears,
        "person_hears",
        [
            "A person in the office will hear of this.",
            "Une personne du bureau en sera informée.",
            "Somebody in the office will hear about this.",
        ],
    ),
    (GoodBye, "good_bye", ["Thank you. Good-bye.", "Merci. Au revoir.", "Thank you. Bye-bye."]),
];

impl ByCall {
    /// All of them, in the order in which a call may say them.
    pub fn all() -> impl Iterator<Item = ByCall> {
        LINES.iter().map(|(one, ..)| *one)
    }

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        self.line().1
    }

    /// The text of this name.
    pub fn named(name: &str) -> Option<ByCall> {
        LINES.iter().find(|(_, known, _)| *known == name).map(|(one, ..)| *one)
    }

    fn line(self) -> &'static Line {
        let mut lines = LINES.iter();
        lines.find(|(one, ..)| *one == self).unwrap_or(&LINES[0])
    }

    /// Where nothing is said, in those of the languages that have a text, and in the first one
    /// always.
    fn usual(self, languages: &[Language]) -> Wording {
        let [english, french, liberian] = self.line().2;
        let mut wording = Wording::new();
        for (at, language) in languages.iter().enumerate() {
            let text = match (language.as_str(), language.base().as_str()) {
                ("en-LR", _) => liberian,
                (_, "fr") => french,
                (_, "en") => english,
                // A language that we do not speak: English is better than silence.
                _ if at == 0 => english,
                _ => continue,
            };
            wording.insert(language.clone(), text.to_owned());
        }
        wording
    }
}

/// The standing texts of a flow's calls.
#[derive(Clone, Debug, PartialEq)]
pub struct ByCallTexts {
    texts: BTreeMap<ByCall, Wording>,
    /// Those that the flow says in its own words.
    own: BTreeSet<(ByCall, Language)>,
}

impl ByCallTexts {
    pub(super) fn usual(languages: &[Language]) -> ByCallTexts {
        let texts = ByCall::all().map(|one| (one, one.usual(languages))).collect();
        ByCallTexts { texts, own: BTreeSet::new() }
    }

    pub(super) fn put(&mut self, one: ByCall, wording: Wording) {
        self.own.extend(wording.keys().map(|language| (one, language.clone())));
        self.texts.entry(one).or_default().extend(wording);
    }

    /// Each text with its name.
    pub fn by_name(&self) -> impl Iterator<Item = (&'static str, &Wording)> {
        self.texts.iter().map(|(one, wording)| (one.name(), wording))
    }
}

/// A standing text as it is recorded: with its key filled in, where it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which text.
    pub text: ByCall,
    /// The key that it speaks of.
    pub key: Option<usize>,
    /// The recording's name: `press-1`, `no_key`.
    pub name: String,
    /// What is said.
    pub words: Wording,
    /// Its recordings.
    pub recordings: Recordings,
}

impl Flow {
    /// A standing text of its calls, and the key that it speaks of.
    pub fn standing_piece(&self, text: ByCall, key: Option<usize>) -> Option<&Standing> {
        self.standing.iter().find(|one| one.text == text && one.key == key)
    }

    /// The standing texts that its calls can say, to be recorded once for all flows; in a flow
    /// without calls there are none.
    pub fn spoken_standing(&self) -> Vec<Spoken<'_>> {
        let needed = self.needed();
        let standing = self.standing.iter().filter(|one| needed.contains(&one.text));
        standing
            .map(|one| Spoken {
                name: one.name.clone(),
                words: one.words.iter().map(|(language, text)| (language, text.as_str())).collect(),
                key: None,
                recordings: &one.recordings,
            })
            .collect()
    }

    /// Makes the pieces of the standing texts, once languages and texts are known.
    pub(super) fn settle_standing(&mut self) {
        let most = self.questions().map(|question| question.kind.choices().len()).max();
        let keys = most.unwrap_or(0).min(Kind::MOST_KEYED_CHOICES);
        let languages = self.languages.len().min(Kind::MOST_KEYED_CHOICES);
        let mut standing = Vec::new();
        for (text, wording) in &self.messages.by_call.texts {
            match text {
                Press => standing.extend((1..=keys).map(|key| self.keyed(*text, key, wording))),
                InLanguage if languages > 1 => {
                    let own = (1..).zip(&self.languages).take(languages);
                    standing.extend(own.map(|(key, language)| {
                        let text_of = wording.get(language).or(wording.get(&self.languages[0]));
                        let words = text_of.map(|words| (language.clone(), words.clone()));
                        self.keyed(*text, key, &words.into_iter().collect())
                    }));
                }
                InLanguage => {}
                _ => {
                    standing.push(self.piece(*text, None, text.name().to_owned(), wording.clone()))
                }
            }
        }
        self.standing = standing;
    }

    fn keyed(&self, text: ByCall, key: usize, wording: &Wording) -> Standing {
        let fill = |words: &String| words.replace("{key}", &key.to_string());
        let words = wording.iter().map(|(language, words)| (language.clone(), fill(words)));
        self.piece(text, Some(key), format!("{}-{key}", text.name()), words.collect())
    }

    fn piece(&self, text: ByCall, key: Option<usize>, name: String, words: Wording) -> Standing {
        let own = self.messages.by_call.own.iter().filter(|(own, _)| *own == text);
        let own = own
            .map(|(_, language)| (language.clone(), (self.id.clone(), format!("messages.{name}"))));
        let recordings = Recordings::usual(FOLDER, &name).but_in(own.collect());
        Standing { text, key, name, words, recordings }
    }

    /// The texts that the flow's questions lead to.
    fn needed(&self) -> BTreeSet<ByCall> {
        let mut needed = BTreeSet::new();
        if !self.channels.contains(&Mode::Voice) {
            return needed;
        }
        needed.extend([InLanguage, NoKey, GoOn, PersonHears, GoodBye]);
        for step in &self.steps {
            let Step::Ask(question) = step else { continue };
            match &question.voice {
                Voice::Skip => continue,
                Voice::Record { .. } => {
                    needed.insert(Speak);
                    continue;
                }
                Voice::Prompted { .. } => needed.insert(WrongKey),
            };
            needed.extend(of_kind(&question.kind));
            if question.is_read_back() && !self.anonymous {
                needed.extend([YouKeyed, IfRight]);
            }
            if question.may_refuse {
                needed.insert(PressToSkip);
            }
        }
        needed
    }
}

/// How a question of this kind is answered, as it is said.
fn of_kind(kind: &Kind) -> &'static [ByCall] {
    match kind {
        Kind::YesNo => &[PressYes, PressNo],
        Kind::Choice(_) => &[PressFor, Press],
        Kind::Choices(_) => &[PressFor, Press, PressSeveral],
        Kind::Number(rule) if rule.whole => &[KeyNumber],
        Kind::Number(_) => &[KeyNumber, KeyPoint],
        Kind::Date(_) => &[KeyDate],
        Kind::Time(_) => &[KeyTime],
        Kind::Phone => &[KeyPhone],
        Kind::Code { .. } | Kind::Place(_) => &[KeyCode],
        Kind::Text { .. } | Kind::Audio { .. } => &[],
    }
}
