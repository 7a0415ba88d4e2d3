//! One of several: by number, id, label or synonym, inside a sentence, with a small slip.

use super::around::{self, Part};
use super::tokens::{is_slip, plain, slack, stands_in};
use super::{Speaker, Understood};
use crate::flow::Choice;
use crate::model::Value;

/// Before a label they make somebody else of it: `I work for the doctor`, `my nurse`.
const OTHERS: [&str; 17] = [
    "for", "to", "of", "from", "with", "by", "my", "our", "pour", "avec", "du", "mon", "ma",
    "notre", "no", "at", "under",
];
/// Behind a label they only say that it is a person or a job.
const PERSONS: [&str; 15] = [
    "man",
    "woman",
    "lady",
    "person",
    "people",
    "staff",
    "worker",
    "officer",
    "work",
    "job",
    "department",
    "dept",
    "section",
    "professional",
    "reason",
];
/// Behind a label they begin what does not change it: `nurse at Rennie`.
const CIRCUMSTANCES: [&str; 18] = [
    "at", "in", "from", "for", "since", "on", "a", "au", "aux", "dans", "chez", "depuis", "pour",
    "en", "here", "ici", "by", "because",
];

/// Before a label they speak to somebody who is called so.
const THANKS: [&str; 8] =
    ["thanks", "thank you", "merci", "merci beaucoup", "god bless you", "dear", "sorry", "pardon"];

pub(super) fn read(text: &str, choices: &[Choice], speaker: &Speaker<'_>) -> Understood {
    let said = plain(text);
    let chosen = |at: usize| Value::Choice(choices[at].id.clone());
    if text.contains(['?', '%']) {
        return Understood::No;
    }
    if ["are you", "are u", "do you", "etes vous", "est ce"].iter().any(|ask| stands_in(&said, ask))
    {
        return Understood::No;
    }
    if let Some(at) = whole(&said, choices) {
        return Understood::Exact(chosen(at));
    }
    // `good night` is no shift.
    if speaker.lexicon.greeting.contains(&said) {
        return Understood::No;
    }
    let named = named(&said, choices);
    let numbered = numbered(&said, choices.len(), speaker);
    let mut nearest_words = String::new();
    let has_number = matches!(numbered, Number::One(_));
    let found = match (&named[..], numbered) {
        (_, Number::Several) => None,
        ([], Number::One(at)) => Some(at).filter(|_| only_numbers(&said, speaker)),
        ([(named, word)], Number::One(at)) => {
            Some(at).filter(|at| named == at && is_clear(&said, word, &choices[*at], speaker))
        }
        ([(named, word)], Number::None) => {
            Some(*named).filter(|at| is_clear(&said, word, &choices[*at], speaker))
        }
        ([], Number::None) => {
            let (at, window) = misspelt(&said, choices, speaker).unzip();
            nearest_words = window.unwrap_or_default();
            at
        }
        _ => None,
    };
    let found = found.filter(|at| !names_another(&said, *at, choices));
    let found = found.filter(|at| {
        let own = Own { choice: &choices[*at], words: &nearest_words, numbers: has_number };
        is_plain(&said, &own, speaker)
    });
    found.map_or(Understood::No, |at| Understood::Repaired(chosen(at)))
}

/// The words by which a choice was found.
struct Own<'a> {
    choice: &'a Choice,
    /// Those that come near to a label.
    words: &'a str,
    /// Whether its number is among them.
    numbers: bool,
}

/// Whether what stands around the label or the number changes nothing.
fn is_plain(said: &str, own: &Own<'_>, speaker: &Speaker<'_>) -> bool {
    const ARTICLES: [&str; 8] = ["the", "our", "my", "this", "le", "la", "l", "notre"];
    let words: Vec<&str> = said.split(' ').collect();
    let is_number = |word: &str| {
        word.bytes().any(|byte| byte.is_ascii_digit()) && word.len() < 4
            || own.numbers
                && (speaker.ordinal(word).is_some() || speaker.lexicon.numbers.contains_key(word))
    };
    let is_own = |word: &str| is_of(word, own.choice) || own.words.split(' ').any(|o| o == word);
    let next =
        |at: usize, is: &dyn Fn(&str) -> bool| words.get(at + 1).is_some_and(|word| is(word));
    let is_long = words.iter().filter(|word| is_own(word)).count() > 1;
    // `other people` are something.
    let is_other = |word: &&str| matches!(*word, "other" | "others" | "autre" | "autres");
    // `un malade` is somebody, where `malade` was asked for.
    let is_patient =
        |word: &str| speaker.lexicon.counted.first().is_some_and(|ones| ones.contains(word));
    if words
        .windows(2)
        .any(|two| matches!(two[0], "un" | "une" | "le" | "la" | "les") && is_patient(two[1]))
    {
        return false;
    }
    if words.iter().filter(|word| **word == "no").count() > 1 {
        return false;
    }
    let names_other = words.iter().any(is_other);
    let part = |at: usize| {
        let word = words[at];
        if names_other && matches!(word, "reason" | "job" | "work" | "raison" | "thing") {
            return Part::Own;
        }
        if word == "one" && at > 0 && speaker.ordinal(words[at - 1]).is_some() {
            return Part::Own;
        }
        let is_article =
            || ARTICLES.contains(&word) && (next(at, &is_number) || is_long && next(at, &is_own));
        if is_own(word) || is_number(word) || is_article() {
            Part::Own
        } else if matches!(
            word,
            "and" | "et" | "is" | "the" | "de" | "d" | "du" | "est" | "l" | "la" | "le"
        ) {
            Part::Joint
        } else {
            Part::Beside
        }
    };
    let answers: &[&'static str] =
        if names_other && !own.numbers { &["any"] } else { speaker.answers() };
    around::is_harmless(&words, part, answers, speaker)
}

/// Whether a word is another choice's with a slip: `sick, on leae`.
fn names_another(said: &str, found: usize, choices: &[Choice]) -> bool {
    let is_own = |word: &str| is_of(word, &choices[found]);
    let others = choices.iter().enumerate().filter(|(at, _)| *at != found);
    let labels = others.flat_map(|(_, choice)| &choice.called);
    let mut single = labels.filter(|label| label.len() >= 4 && !label.contains(' '));
    single.any(|label| {
        said.split(' ').any(|word| !is_own(word) && is_slip(word, label, slack(label.len())))
    })
}

/// Whether nothing around a label makes another thing of it. What stands before it must be
/// known to be harmless; behind it a circumstance may be told.
fn is_clear(said: &str, label: &str, choice: &Choice, speaker: &Speaker<'_>) -> bool {
    let Some(at) = place_of(said, label) else { return false };
    let before: Vec<&str> = said[..at].split_whitespace().collect();
    let after = said[at + label.len()..].replace(label, " ");
    let around = format!("{} {after}", before.join(" "));
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = |word: &str| {
        number(word)
            || nth(word).is_some()
            || speaker.is_harmless(word)
            || speaker.lexicon.ordinals.contains_key(word)
            || speaker.lexicon.numbers.contains_key(word)
            || is_of(word, choice)
    };
    let goes_on =
        |word: &&str| is_known(word) || PERSONS.contains(word) || is_asked_state(word, speaker);
    let mut after = after.split_whitespace().skip_while(goes_on);
    let told = after.next();
    let behind = said[at + label.len()..].split_whitespace().next();
    // `doctor is my boss` speaks of the doctor.
    let own = || {
        let mut behind = said[at + label.len()..].split_whitespace();
        behind.any(|word| is_of(word, choice) || is_asked_state(word, speaker))
    };
    if behind.is_some_and(|word| matches!(word, "is" | "are" | "was" | "est")) && !own() {
        return false;
    }
    let ends = told.is_none() || behind.is_some_and(|word| CIRCUMSTANCES.contains(&word));
    !unclear(&around, speaker)
        && !is_changed(&around, speaker)
        && before.iter().all(|word| is_known(word))
        && before.last().is_none_or(|word| !OTHERS.contains(word) || is_ours(word, label))
        && !is_there(&around, label)
        && !is_somebody_else(&before, said[at + label.len()..].trim(), speaker)
        && !before.iter().any(|word| matches!(*word, "for" | "with" | "pour" | "avec" | "no"))
        && ends
}

/// `my ma is nurse`, `il est médecin`, `nurse I working with`, `support me`.
fn is_somebody_else(before: &[&str], behind: &str, speaker: &Speaker<'_>) -> bool {
    let third = |at: usize| {
        matches!(before[at], "il" | "elle" | "ils" | "elles") && (at == 0 || before[at - 1] != "s")
    };
    let behind: Vec<&str> = behind.split(' ').collect();
    let lexicon = speaker.lexicon;
    let closes = |word: &&str| {
        let sets = [&lexicon.polite, &lexicon.titles, &lexicon.signature];
        *word == "thank" || sets.iter().any(|words| words.contains(word))
    };
    let ends_with =
        |at: usize| matches!(behind[at], "with" | "avec") && behind.get(at + 1).is_none_or(closes);
    (0..before.len()).any(third)
        || speaker.names_anothers(before)
        || matches!(behind[0], "me" | "us" | "you" | "of")
        || (0..behind.len()).any(ends_with)
}

/// `thank you nurse`, `bonjour docteur`: who is greeted so is not who answers.
pub(super) fn is_address(text: &str, choices: &[Choice], speaker: &Speaker<'_>) -> bool {
    if choices.is_empty() || !text.contains(' ') {
        return false;
    }
    let said = plain(text);
    let lower = text.to_lowercase();
    let lexicon = speaker.lexicon;
    // `Good morning, nurse` answers.
    let is_parted = |label: &str| {
        let before = lower.find(label).map(|at| lower[..at].trim_end());
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    };
    let greets = |before: &str| {
        let words: Vec<&str> = before.split_whitespace().collect();
        (1..=words.len().min(3))
            .map(|count| words[words.len() - count..].join(" "))
            .any(|said| lexicon.greeting.contains(&said) || THANKS.contains(&said.as_str()))
    };
    let labels = choices.iter().flat_map(|choice| &choice.called);
    let mut standing = labels.filter_map(|label| Some((label, place_of(&said, label)?)));
    standing.any(|(label, at)| greets(&said[..at]) && !is_parted(label))
}

/// `our facility closed`: what is ours may be what a longer label speaks of.
fn is_ours(word: &str, label: &str) -> bool {
    label.contains(' ') && matches!(word, "my" | "our" | "mon" | "ma" | "notre")
}

/// Whether words say that something is there, is not, or is wanted: `we have water`, `gloves no`,
/// `call the doctor`. A label like `no staff` may be said so.
fn is_there(around: &str, label: &str) -> bool {
    const THERE: [&str; 19] = [
        "have", "has", "had", "get", "got", "there", "ok", "okay", "fine", "call", "see", "saw",
        "contact", "reach", "use", "avons", "appelez", "treated", "attended",
    ];
    let words: Vec<&str> = around.split_whitespace().collect();
    let is_number = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_no = |at: usize| words[at] == "no" && !words.get(at + 1).is_some_and(is_number);
    let tells = ["no ", "not "].iter().any(|no| label.starts_with(no));
    // `on a de l'eau`, `il y a du courant`
    let il_y_a = |three: &[&str]| {
        matches!(three, ["on" | "y", "a", "de" | "du" | "des" | "l" | "la" | "le" | "les"])
    };
    !tells && words.iter().any(|word| THERE.contains(word))
        || words.windows(3).any(il_y_a)
        || (0..words.len()).any(is_no)
}

/// Whether a word is one of the choice's own, cut short or with a slip: `lab tech`.
fn is_of(word: &str, choice: &Choice) -> bool {
    let mut own = choice.called.iter().flat_map(|called| called.split(' '));
    own.any(|own| {
        own == word
            || word.len() >= 4 && own.starts_with(word)
            || word.len() >= 5 && is_slip(word, own, slack(own.len()))
    })
}

/// Where a label stands as whole words.
fn place_of(said: &str, label: &str) -> Option<usize> {
    let starts = said.match_indices(label).map(|(at, _)| at);
    let mut whole = starts.filter(|at| {
        let ends = |byte: Option<&u8>| matches!(byte, None | Some(b' '));
        ends(said.as_bytes().get(at + label.len()))
            && (*at == 0 || ends(said.as_bytes().get(at - 1)))
    });
    whole.next()
}

fn whole(said: &str, choices: &[Choice]) -> Option<usize> {
    if let Ok(number) = said.parse::<usize>() {
        return (1..=choices.len()).contains(&number).then(|| number - 1);
    }
    let hits: Vec<usize> = (0..choices.len())
        .filter(|at| choices[*at].called.iter().any(|word| word == said))
        .collect();
    match hits[..] {
        [at] => Some(at),
        _ => None,
    }
}

/// Whether a reply has nothing in it but a number and words that change nothing.
fn only_numbers(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let is_number = |word: &str| {
        word.bytes().any(|byte| byte.is_ascii_digit())
            || lexicon.numbers.contains_key(word)
            || speaker.ordinal(word).is_some()
            || word == "one"
    };
    let harmless = |word: &str| is_number(word) || speaker.is_harmless(word);
    !unclear(said, speaker) && said.split(' ').all(harmless)
}

fn unclear(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    lexicon.not.stand_in(said)
        || lexicon.hedge.stand_in(said)
        || said.split(' ').any(|word| !speaker.is_harmless(word) && lexicon.may_change(word))
}

/// The choices whose words stand in the sentence, each with the longest of them; a shorter word
/// inside a longer one of another choice does not count. A single letter counts only where all
/// else is filler.
fn named<'a>(said: &str, choices: &'a [Choice]) -> Vec<(usize, &'a str)> {
    let mut hits: Vec<(usize, &str)> = Vec::new();
    for (at, choice) in choices.iter().enumerate() {
        let called = choice.called.iter().map(String::as_str);
        hits.extend(called.filter(|word| stands_in(said, word)).map(|word| (at, word)));
    }
    if hits.iter().any(|(_, word)| word.len() > 1) {
        hits.retain(|(_, word)| word.len() > 1);
    }
    let covered = |word: &str| {
        hits.iter().any(|(_, longer)| longer.len() > word.len() && stands_in(longer, word))
    };
    let mut left: Vec<(usize, &str)> =
        hits.iter().filter(|(_, word)| !covered(word)).copied().collect();
    left.sort_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())));
    left.dedup_by_key(|(at, _)| *at);
    left
}

/// `nurse aide`, `student nurse`: a word beside the choice's own makes another thing of it.
fn is_changed(around: &str, speaker: &Speaker<'_>) -> bool {
    let mut words = around.split_whitespace();
    words.any(|word| speaker.lexicon.changes.contains(word) && !is_asked_state(word, speaker))
}

/// `water is missing` where what is missing was asked.
fn is_asked_state(word: &str, speaker: &Speaker<'_>) -> bool {
    matches!(word, "missing" | "lost" | "broken" | "stolen" | "expired" | "off")
        && speaker.echoes(word)
}

enum Number {
    None,
    One(usize),
    Several,
}

/// `no 2`, `option two`, `2 please`: one number, and nothing but fillers or a label around it.
fn numbered(said: &str, count: usize, speaker: &Speaker<'_>) -> Number {
    let mut found = None;
    let mut before = "";
    for word in said.split(' ') {
        let is_year = word.len() == 4 && matches!(before, "since" | "depuis");
        before = word;
        if is_year && word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let number = match word.parse::<i64>() {
            Ok(number) => Some(number),
            Err(_) if word.bytes().any(|byte| byte.is_ascii_digit()) => match nth(word) {
                None => return Number::Several,
                number => number,
            },
            Err(_) => {
                let number = speaker.lexicon.numbers.get(word).copied();
                let number = number.or_else(|| speaker.ordinal(word));
                number.filter(|_| alone(said, word, speaker))
            }
        };
        let Some(number) = number else { continue };
        let fits = usize::try_from(number).ok().filter(|number| (1..=count).contains(number));
        match (fits, found) {
            (Some(number), None) => found = Some(number - 1),
            _ => return Number::Several,
        }
    }
    match found {
        Some(at) if said.split(' ').count() <= 12 => Number::One(at),
        Some(_) => Number::Several,
        None => Number::None,
    }
}

/// `2nd`, `3e`.
fn nth(word: &str) -> Option<i64> {
    let end = word.find(|c: char| !c.is_ascii_digit())?;
    let is_ending = matches!(&word[end..], "st" | "nd" | "rd" | "th" | "e" | "er" | "eme");
    is_ending.then(|| word[..end].parse().ok()).flatten()
}

/// A number word counts only where everything else is filler; `one` is also a pronoun, so it
/// counts alone or behind a word like `number`.
fn alone(said: &str, word: &str, speaker: &Speaker<'_>) -> bool {
    const LABELS: [&str; 12] = [
        "option", "number", "num", "no", "answer", "ans", "choice", "nr", "numero", "choix",
        "reponse", "n",
    ];
    let is_pronoun = matches!(word, "one" | "un" | "une");
    let is_ordinal = speaker.ordinal(word).is_some();
    let is_harmless = |other: &str| {
        let known = speaker.lexicon.filler.contains(other);
        if is_pronoun { LABELS.contains(&other) } else { known || is_ordinal && other == "one" }
    };
    said.split(' ').all(|other| other == word || is_harmless(other))
}

/// The one choice whose word is near, with no other as near.
fn misspelt(said: &str, choices: &[Choice], speaker: &Speaker<'_>) -> Option<(usize, String)> {
    let mut near: Vec<(usize, usize, String)> = (0..choices.len())
        .filter_map(|at| nearest(said, &choices[at], speaker).map(|(far, said)| (far, at, said)))
        .collect();
    near.sort_unstable();
    let (at, window) = match &near[..] {
        [(_, at, window)] => (*at, window),
        [(best, at, window), (second, ..), ..]
            if *second > best + 1 || *best == 0 && *second > 0 =>
        {
            (*at, window)
        }
        _ => return None,
    };
    is_clear(said, window, &choices[at], speaker).then(|| (at, window.clone()))
}

/// How far words are from a label's, if each of them is that word or a slip of it.
fn slips(window: &str, label: &str) -> Option<usize> {
    let far = |(word, right): (&str, &str)| {
        let is_short =
            || label.contains(' ') && (is_short_for(word, right) || is_short_for(right, word));
        if word != right && is_short() {
            return Some(1);
        }
        let is_near = word == right || is_slip(word, right, slack(right.len()));
        is_near.then(|| strsim::osa_distance(word, right))
    };
    let same_count = window.split(' ').count() == label.split(' ').count();
    let each = same_count.then(|| window.split(' ').zip(label.split(' ')).map(far));
    each?.sum::<Option<usize>>().filter(|far| *far <= slack(label.len()))
}

/// `asst` for assistant, `comm` for community, beside the other words of a label.
fn is_short_for(word: &str, right: &str) -> bool {
    let mut letters = right.chars();
    let mut in_order = || word.chars().all(|c| letters.any(|other| other == c));
    let is_cut = word.len() >= 3 && right.starts_with(word);
    let is_thinned = word.len() >= 4 && word.chars().last() == right.chars().last();
    right.len() >= word.len() + 4
        && word.chars().next() == right.chars().next()
        && (is_cut || is_thinned && in_order())
}

/// The words of the sentence that come nearest to one of the choice's, if they are near enough:
/// with a slip, or written together or apart.
fn nearest(said: &str, choice: &Choice, speaker: &Speaker<'_>) -> Option<(usize, String)> {
    let lexicon = speaker.lexicon;
    let means_else = |word: &str| {
        lexicon.means_something(word)
            || lexicon.filler.contains(word)
            || speaker.echoes(word)
            || lexicon.numbers.contains_key(word)
            || lexicon.ordinals.contains_key(word)
    };
    let mut found: Option<(usize, String)> = None;
    for word in choice.called.iter().filter(|word| slack(word.len()) > 0) {
        let count = word.split(' ').count();
        let together = word.replace(' ', "");
        for window in (count.max(2) - 1..=count + 1).flat_map(|count| windows(said, count)) {
            if means_else(&window) {
                continue;
            }
            let far = if window.replace(' ', "") == together {
                0
            } else if let Some(far) = slips(&window, word) {
                far
            } else {
                continue;
            };
            if found.as_ref().is_none_or(|(best, _)| far < *best) {
                found = Some((far, window));
            }
        }
    }
    found
}

/// Runs of so many words; of a longer sentence only its beginning is searched for slips.
pub(super) fn windows(said: &str, count: usize) -> impl Iterator<Item = String> {
    let words: Vec<String> = said.split(' ').take(8).map(str::to_owned).collect();
    let count = count.clamp(1, 5);
    (0..words.len().saturating_sub(count - 1)).map(move |at| words[at..at + count].join(" "))
}
