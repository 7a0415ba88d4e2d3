//! What words mean in each language: those that are built in, and those of an office's own files
//! `lists/words.LANGUAGE.txt`, which a speaker writes.
//!
//! One line a kind: `yes: ehn, ya`. The words of a region are added to those of the language, and a
//! language without built-in words begins with the English ones: who is written to in Kpelle
//! still counts in English now and then.

use super::frames::{Frames, Side};
use super::word_list::WordList;
use super::{Problem, plain, problem};
use crate::model::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

const ENGLISH_WORDS: &str = include_str!("lexicon/en.txt");
const LIBERIAN_WORDS: &str = include_str!("lexicon/en-LR.txt");
const FRENCH_WORDS: &str = include_str!("lexicon/fr.txt");

/// What a language's words mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lexicon {
    /// Says yes.
    pub yes: WordList,
    /// Says no.
    pub no: WordList,
    /// Turns a meaning around.
    pub not: WordList,
    /// Makes a meaning unsure.
    pub hedge: WordList,
    /// May stand around an answer without changing it.
    pub filler: WordList,
    /// None, as a number.
    pub zero: WordList,
    /// What is counted.
    pub units: WordList,
    /// Makes another thing of a word that it stands beside: `student nurse`.
    pub changes: WordList,
    /// Says that somebody does not want to answer.
    pub refuse: WordList,
    /// Says yes only where nothing else is said: `ok`, `right`.
    pub assent: WordList,
    /// Takes something back from a yes: `when`, `until`, `partly`.
    pub limits: WordList,
    /// Stands in front of an answer, as in a letter.
    pub greeting: WordList,
    /// Stands behind a greeting: `sir`.
    pub titles: WordList,
    /// Stands before the name below an answer.
    pub signature: WordList,
    /// Says that a place is not the one that is named: `near`, `left`.
    pub elsewhere: WordList,
    /// No more messages.
    pub stop: WordList,
    /// Messages again.
    pub start: WordList,
    /// A person, please.
    pub help: WordList,
    /// Stands around such a word and changes nothing.
    pub polite: WordList,
    /// To the question before.
    pub back: WordList,
    /// To an earlier answer.
    pub fix: WordList,
    /// Behind `fix`, says nothing about which answer is meant.
    pub which: WordList,
    /// What people call a language: `anglais` → `en`.
    pub languages: BTreeMap<String, Language>,
    /// `may` → 5.
    pub months: BTreeMap<String, i8>,
    /// Number words; those that multiply (`hundred`) are negative.
    pub numbers: BTreeMap<String, i64>,
    /// `third` → 3.
    pub ordinals: BTreeMap<String, i64>,
    /// Units of time, those of one length together: seven months are not seven years.
    pub spans: Vec<BTreeSet<String>>,
    /// What is counted, the words for one kind together: beds are no patients. The first three
    /// are people.
    pub counted: Vec<BTreeSet<String>>,
    /// What things are packed in or measured by, those of one size together.
    pub packings: Vec<BTreeSet<String>>,
    /// When something was or will be: `yesterday`, `monday`, `night`.
    pub moments: WordList,
    /// What questions are made of, so that to repeat it says nothing: `how`, `your`.
    pub asking: WordList,
    /// Of whom a question may ask beside who answers it: `supervisor`.
    pub others: WordList,
    /// The forms of a word that are not alike together: `pay paid`.
    pub forms: Vec<BTreeSet<String>>,
    /// In a question they say that it asks what somebody is: `job`, `sex`.
    pub persons: WordList,
    /// What may stand around an answer, phrase by phrase.
    pub frames: Frames,
}

static ENGLISH: LazyLock<Arc<Lexicon>> = LazyLock::new(|| built_in(&[ENGLISH_WORDS]));
static LIBERIAN: LazyLock<Arc<Lexicon>> =
    LazyLock::new(|| built_in(&[ENGLISH_WORDS, LIBERIAN_WORDS]));
// People who are written to in French answer in English too, but the risk of a wrong reading is
// greater than the gain: `si`, `o` and `six` differ.
static FRENCH: LazyLock<Arc<Lexicon>> = LazyLock::new(|| built_in(&[FRENCH_WORDS]));

fn built_in(texts: &[&str]) -> Arc<Lexicon> {
    let mut lexicon = Lexicon::default();
    for line in texts.iter().flat_map(|text| text.lines()) {
        // A test sees that every line is right.
        let _ = lexicon.take_line(line);
    }
    Arc::new(lexicon)
}

/// The words that are built in for people who are spoken to in this language.
fn of_language(language: &Language) -> &'static Arc<Lexicon> {
    if *language == Language::new("en-LR") {
        &LIBERIAN
    } else if language.base().as_str() == "fr" {
        &FRENCH
    } else {
        &ENGLISH
    }
}

/// Every word that is built in: those that move a person about work in all languages.
pub fn built_in_words() -> [&'static Lexicon; 2] {
    [&LIBERIAN, &FRENCH]
}

/// The words of each of a flow's languages.
#[derive(Clone, Default, PartialEq)]
pub struct Words(BTreeMap<Language, Arc<Lexicon>>);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Words {
    /// The built-in words of these languages with those of the office, and what is wrong with
    /// the office's files. A region's language takes in the words of the language itself.
    pub(super) fn of(
        languages: &[Language],
        files: &BTreeMap<Language, WordFile>,
    ) -> (Words, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut words = BTreeMap::new();
        for language in languages {
            let own: BTreeSet<Language> = [language.base(), language.clone()].into();
            let files: Vec<&WordFile> = own.iter().filter_map(|one| files.get(one)).collect();
            if files.is_empty() {
                continue;
            }
            let mut lexicon = Lexicon::clone(of_language(language));
            for file in files {
                problems.extend(file.add_to(&mut lexicon));
            }
            words.insert(language.clone(), Arc::new(lexicon));
        }
        problems.dedup();
        (Words(words), problems)
    }

    /// What words mean in a language.
    pub fn of_language(&self, language: &Language) -> &Lexicon {
        self.0.get(language).unwrap_or_else(|| of_language(language))
    }

    /// The lexicons that the office has added to.
    pub fn of_office(&self) -> impl Iterator<Item = &Lexicon> {
        self.0.values().map(|lexicon| &**lexicon)
    }
}

/// A file of words that an office wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordFile {
    name: String,
    text: String,
}

impl WordFile {
    /// The language of a file's name, where it is one of words: `lists/words.kpe.txt`.
    pub(super) fn language(name: &str) -> Option<Language> {
        let tag = name.strip_prefix("lists/words.")?.strip_suffix(".txt")?;
        (!tag.is_empty()).then(|| Language::new(tag))
    }

    /// The name of a language's file.
    pub(super) fn name_of(language: &Language) -> String {
        format!("lists/words.{language}.txt")
    }

    pub(super) fn new(name: &str, text: &str) -> WordFile {
        WordFile { name: name.to_owned(), text: text.to_owned() }
    }

    /// Adds its words to those of a language; what is wrong is named, and changes nothing.
    fn add_to(&self, lexicon: &mut Lexicon) -> Vec<Problem> {
        let mut problems = Vec::new();
        let text = self.text.trim_start_matches('\u{feff}');
        for (number, line) in (1..).zip(text.lines()) {
            lexicon.take_filler(line);
            if let Err(Wrong { code, message, help }) = lexicon.take_line(line) {
                let message = format!("{}, line {number}: {message}", self.name);
                problems.push(Problem::error(code, problem::Place::START, message).help(help));
            }
        }
        for clash in lexicon.clashes() {
            let message = format!("{}: {clash}", self.name);
            let problem = Problem::error("F076", problem::Place::START, message);
            problems.push(problem.help(
                "Take the word out of one of them. A built-in word is taken away by a line \
                 `forget: the word` at the top.",
            ));
        }
        problems
    }
}

/// What is wrong with a line.
struct Wrong {
    code: &'static str,
    message: String,
    help: String,
}

const KINDS: [&str; 26] = [
    "yes",
    "no",
    "not",
    "hedge",
    "filler",
    "zero",
    "units",
    "changes",
    "refuse",
    "assent",
    "limits",
    "greeting",
    "signature",
    "elsewhere",
    "stop",
    "start",
    "help",
    "polite",
    "back",
    "fix",
    "which",
    "titles",
    "moments",
    "asking",
    "others",
    "persons",
];
const OTHER_KINDS: [&str; 9] = [
    "months",
    "numbers",
    "ordinals",
    "spans",
    "counted",
    "packings",
    "forms",
    "languages",
    "forget",
];

impl Lexicon {
    /// Whether a word has a meaning of its own, so that it is no slip of another one.
    pub fn means_something(&self, word: &str) -> bool {
        [&self.yes, &self.no, &self.not, &self.hedge, &self.zero]
            .iter()
            .any(|words| words.contains(word))
    }

    /// Whether a word can be no part of somebody's name: it means something to some question.
    pub fn is_word(&self, word: &str) -> bool {
        let sets = [&self.units, &self.changes, &self.limits, &self.elsewhere];
        self.means_something(word)
            || sets.iter().any(|words| words.contains(word))
            || self.numbers.contains_key(word)
            || self.ordinals.contains_key(word)
            || self.months.contains_key(word)
    }

    /// Whether an unknown word may be a slip of one that makes a meaning unsure: `soemtimes`.
    pub fn may_change(&self, word: &str) -> bool {
        let sets = [&self.hedge, &self.limits, &self.not, &self.changes, &self.elsewhere];
        let near = |known: &String| {
            known.len() >= 5
                && known.len().abs_diff(word.len()) <= 1
                && strsim::osa_distance(known, word) == 1
        };
        word.len() >= 4
            && !self.filler.contains(word)
            && sets.iter().any(|words| words.iter().any(near))
    }

    /// Takes a line of a file in: `yes: ehn, ya`.
    fn take_line(&mut self, line: &str) -> Result<(), Wrong> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let Some((kind, words)) = line.split_once(':') else {
            return Err(no_such_kind(line.split_whitespace().next().unwrap_or_default()));
        };
        let (kind, words) = (kind.trim(), words.split(',').map(str::trim));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        match kind {
            "months" => self.take_months(&words),
            "numbers" => take_numbers(&mut self.numbers, &words),
            "ordinals" => take_numbers(&mut self.ordinals, &words),
            "languages" => self.take_languages(&words),
            "spans" => {
                take_groups(&mut self.spans, &words);
                Ok(())
            }
            "counted" => {
                take_groups(&mut self.counted, &words);
                Ok(())
            }
            "packings" => {
                self.packings.extend(words.iter().map(|words| group(words)));
                Ok(())
            }
            "forms" => {
                self.forms.extend(words.iter().map(|words| group(words)));
                Ok(())
            }
            "forget" => {
                self.forget(&words);
                Ok(())
            }
            _ => {
                if let Some(kind) = Frames::kind(kind) {
                    self.frames.add(kind, &words);
                } else {
                    let list = self.list(kind).ok_or_else(|| no_such_kind(kind))?;
                    list.add(words.into_iter());
                }
                Ok(())
            }
        }
    }

    /// What an office calls a filler may stand around every answer.
    fn take_filler(&mut self, line: &str) {
        if let Some(("filler", words)) = line.trim().split_once(':') {
            let words: Vec<&str> = words.split(',').map(str::trim).collect();
            self.frames.add((Side::Before, "any"), &words);
            self.frames.add((Side::After, "any"), &words);
        }
    }

    fn take_months(&mut self, words: &[&str]) -> Result<(), Wrong> {
        if words.len() != 12 {
            return Err(Wrong {
                code: "F075",
                message: format!("there are {} months.", words.len()),
                help: "Name all twelve, with commas between; several names of one month stand \
                       side by side: `months: january jan, february feb, …`."
                    .to_owned(),
            });
        }
        for (month, names) in (1..).zip(words) {
            self.months.extend(group(names).into_iter().map(|name| (name, month)));
        }
        Ok(())
    }

    fn take_languages(&mut self, words: &[&str]) -> Result<(), Wrong> {
        for word in words {
            let Some((name, language)) = word.split_once('=') else { return Err(unvalued(word)) };
            self.languages.insert(plain(name), Language::new(language));
        }
        Ok(())
    }

    /// Takes words away that mean something else here. STOP stays in force whatever a file says.
    fn forget(&mut self, words: &[&str]) {
        for word in words.iter().map(|word| plain(word)) {
            for kind in KINDS.iter().filter(|kind| **kind != "stop") {
                if let Some(list) = self.list(kind) {
                    list.remove(&word);
                }
            }
            self.numbers.remove(&word);
            self.ordinals.remove(&word);
            self.months.remove(&word);
        }
    }

    fn list(&mut self, kind: &str) -> Option<&mut WordList> {
        Some(match kind {
            "yes" => &mut self.yes,
            "no" => &mut self.no,
            "not" => &mut self.not,
            "hedge" => &mut self.hedge,
            "filler" => &mut self.filler,
            "zero" => &mut self.zero,
            "units" => &mut self.units,
            "changes" => &mut self.changes,
            "refuse" => &mut self.refuse,
            "assent" => &mut self.assent,
            "limits" => &mut self.limits,
            "greeting" => &mut self.greeting,
            "signature" => &mut self.signature,
            "elsewhere" => &mut self.elsewhere,
            "stop" => &mut self.stop,
            "start" => &mut self.start,
            "help" => &mut self.help,
            "polite" => &mut self.polite,
            "back" => &mut self.back,
            "fix" => &mut self.fix,
            "which" => &mut self.which,
            "titles" => &mut self.titles,
            "moments" => &mut self.moments,
            "asking" => &mut self.asking,
            "others" => &mut self.others,
            "persons" => &mut self.persons,
            _ => return None,
        })
    }

    /// Words that mean two things of which only one can be meant.
    fn clashes(&self) -> Vec<String> {
        let moves = [
            ("stop", &self.stop),
            ("start", &self.start),
            ("help", &self.help),
            ("back", &self.back),
            ("refuse", &self.refuse),
        ];
        let mut pairs = vec![("yes", &self.yes, "no", &self.no)];
        for (name, words) in moves {
            pairs.extend([("yes", &self.yes, name, words), ("no", &self.no, name, words)]);
        }
        let mut found = Vec::new();
        for (one, words, other, others) in pairs {
            for word in words.iter().filter(|word| others.contains(word)) {
                found.push(format!("`{word}` means `{one}` and `{other}`."));
            }
        }
        let numbered = self.yes.iter().chain(self.no.iter());
        for word in numbered.filter(|word| self.numbers.contains_key(*word)) {
            found.push(format!("`{word}` means a number and `yes` or `no`."));
        }
        found
    }
}

fn group(words: &str) -> BTreeSet<String> {
    words.split_whitespace().map(plain).collect()
}

/// Adds to the groups one by one: the first is years in every language, the second months.
fn take_groups(groups: &mut Vec<BTreeSet<String>>, words: &[&str]) {
    groups.resize(groups.len().max(words.len()), BTreeSet::new());
    for (known, words) in groups.iter_mut().zip(words) {
        known.extend(group(words));
    }
}

/// `seven=7`, `hundred=x100`.
fn take_numbers(numbers: &mut BTreeMap<String, i64>, words: &[&str]) -> Result<(), Wrong> {
    for word in words {
        let parts = word.split_once('=').and_then(|(name, value)| {
            let value: i64 = match value.trim().strip_prefix('x') {
                Some(factor) => -factor.parse::<i64>().ok()?,
                None => value.trim().parse().ok()?,
            };
            // A hyphen is part of a number: `dix-sept`.
            Some((plain(name).replace(' ', "-"), value))
        });
        let Some((name, value)) =
            parts.filter(|(_, value)| (-1_000_000..=1_000_000).contains(value))
        else {
            return Err(unvalued(word));
        };
        numbers.insert(name, value);
    }
    Ok(())
}

fn unvalued(word: &str) -> Wrong {
    Wrong {
        code: "F075",
        message: format!("`{word}` does not say what it stands for."),
        help: "Write it like `seven=7`; a word that multiplies like `hundred=x100`; the name of \
               a language like `anglais=en`."
            .to_owned(),
    }
}

fn no_such_kind(kind: &str) -> Wrong {
    let known = KINDS.iter().chain(&OTHER_KINDS).copied();
    let help = match problem::nearest(kind, known.clone()) {
        Some(near) => format!("Did you mean `{near}:`?"),
        None => format!("A line begins with one of: {}.", known.collect::<Vec<_>>().join(", ")),
    };
    Wrong { code: "F074", message: format!("`{kind}` is no kind of words."), help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_built_in_files_is_read_and_no_word_means_two_things() {
        for text in [ENGLISH_WORDS, LIBERIAN_WORDS, FRENCH_WORDS] {
            for line in text.lines() {
                assert!(Lexicon::default().take_line(line).is_ok(), "{line}");
            }
        }
        for lexicon in [&*ENGLISH, &*LIBERIAN, &*FRENCH] {
            assert!(lexicon.yes.len() > 10 && lexicon.no.len() > 5 && lexicon.not.len() > 5);
            assert_eq!(lexicon.months.values().max(), Some(&12));
            assert!(lexicon.numbers.len() > 20 && lexicon.units.len() > 20);
            assert_eq!(lexicon.clashes(), Vec::<String>::new());
        }
    }

    fn of(text: &str) -> (Words, Vec<String>) {
        let kpelle = Language::new("kpe");
        let languages = [kpelle.clone()];
        let file = WordFile::new("lists/words.kpe.txt", text);
        let (words, problems) = Words::of(&languages, &BTreeMap::from([(kpelle, file)]));
        (words, problems.iter().map(|p| format!("{} {}", p.code, p.message)).collect())
    }

    #[test]
    fn an_offices_words_are_added_to_the_built_in_ones() {
        let (words, problems) = of("# Kpelle\nyes: Owei\nno: kpa\nnumbers: tonoo=1, feerɛ=2\n");
        assert_eq!(problems, Vec::<String>::new());
        let lexicon = words.of_language(&Language::new("kpe"));
        assert!(lexicon.yes.contains("owei") && lexicon.yes.contains("yes"));
        assert!(lexicon.no.contains("kpa"));
    }

    #[test]
    fn bad_lines_and_words_with_two_meanings_are_named() {
        let (_, problems) = of("yess: owei\nhello\nnumbers: tonoo\nmonths: a, b\nno: owei, yes\n");
        assert_eq!(
            problems,
            [
                "F074 lists/words.kpe.txt, line 1: `yess` is no kind of words.",
                "F074 lists/words.kpe.txt, line 2: `hello` is no kind of words.",
                "F075 lists/words.kpe.txt, line 3: `tonoo` does not say what it stands for.",
                "F075 lists/words.kpe.txt, line 4: there are 2 months.",
                "F076 lists/words.kpe.txt: `yes` means `yes` and `no`.",
            ]
        );
        let (words, problems) = of("forget: yes, stop\nno: yes\n");
        assert_eq!(problems, Vec::<String>::new());
        let lexicon = words.of_language(&Language::new("kpe"));
        assert!(lexicon.no.contains("yes") && lexicon.stop.contains("stop"));
    }
}
