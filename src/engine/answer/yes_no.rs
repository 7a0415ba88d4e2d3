//! Yes or no: `Yess`, `okay`, `oui`, `1`, `no I am on leave`; never `1/2`, `not yes`, `yes no`.

use super::around;
use super::tokens::{begins_alike, plain, stands_in};
use super::{Speaker, Understood};
use crate::flow::{Side, WordList};
use crate::model::Value;

/// The most words that may follow a clear yes or no.
const MOST_WORDS: usize = 12;
/// Words that leave only a part of a no: `I do not only work here`.
const PARTS: [&str; 8] =
    ["only", "just", "all", "always", "every", "seulement", "toujours", "tout"];
/// Words that go on behind a no, where a thing would make another sentence of it.
const BEHIND_NO: [&str; 38] = [
    "o", "oo", "ooo", "wo", "i", "we", "am", "im", "i'm", "iam", "it", "its", "it's", "is", "they",
    "this", "that", "my", "me", "you", "sorry", "oh", "so", "and", "because", "at", "for", "on",
    "as", "the", "da", "dey", "he", "she", "mehn", "i've", "na", "since",
];
/// Pictures that say yes, and those that say no.
const PICTURES: [(&str, bool); 8] = [
    ("👍", true),
    ("✅", true),
    ("👌", true),
    ("✔", true),
    ("👎", false),
    ("❌", false),
    ("🚫", false),
    ("✖", false),
];

pub(super) fn read(text: &str, speaker: &Speaker<'_>) -> Understood {
    let said = plain(text);
    if text.contains(['?', '%'])
        || said.starts_with("wrong number")
        || said == "they do" && speaker.echoes("you")
    {
        return Understood::No;
    }
    let agrees = |yes: bool| {
        text.is_ascii() || PICTURES.iter().all(|(sign, says)| *says == yes || !text.contains(sign))
    };
    if let Some(yes) = whole(&said, speaker).filter(|yes| agrees(*yes)) {
        return Understood::Exact(Value::YesNo(yes));
    }
    let hedged = speaker.lexicon.hedge.stand_in(&speaker.unasked(&without_phrases(&said, speaker)))
        || is_unsure(&said, speaker);
    let words: Vec<&str> = said.split(' ').collect();
    let is_thing = || phrase(&words, speaker).is_none() && no_of_a_thing(text, speaker);
    if hedged || words.len() > MOST_WORDS || is_thing() {
        return Understood::No;
    }
    if speaks_of_another(&words, speaker) || is_of_then(&words, speaker) {
        return Understood::No;
    }
    let plain = |yes: &bool| is_plain(&words, *yes, speaker);
    match votes(&said, &words, speaker).filter(|yes| agrees(*yes)).filter(plain) {
        Some(yes) => Understood::Repaired(Value::YesNo(yes)),
        None if denies(&words, speaker) => Understood::Repaired(Value::YesNo(false)),
        None => Understood::No,
    }
}

/// `non, je ne suis pas sûr`: the doubt's `pas` is no no, though a phrase of no ends with it.
fn is_unsure(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let is_of_no =
        |doubt: &str| lexicon.no.iter().any(|no| stands_in(no, doubt) && stands_in(said, no));
    lexicon
        .hedge
        .iter()
        .any(|doubt| doubt.contains(' ') && stands_in(said, doubt) && !is_of_no(doubt))
}

/// `no, last year`, `it was not working last month`: how it was then, where now is asked for.
/// `no, I left last year` tells of now.
fn is_of_then(words: &[&str], speaker: &Speaker<'_>) -> bool {
    const SPANS: [&str; 4] = ["year", "years", "month", "week"];
    const ENDED: [&str; 10] = [
        "since",
        "left",
        "leave",
        "stopped",
        "stop",
        "retired",
        "resigned",
        "quit",
        "dismissed",
        "transferred",
    ];
    let is_asked = |two: &[&str]| two.iter().all(|word| speaker.echoes(word));
    let is_then = |two: &[&str]| {
        matches!(two[0], "last" | "past") && SPANS.contains(&two[1]) && !is_asked(two)
    };
    words.windows(2).any(is_then) && !words.iter().any(|word| ENDED.contains(word))
}

/// `it is not working`, `not paid`, `il ne marche pas`: the question's own words, denied.
fn denies(words: &[&str], speaker: &Speaker<'_>) -> bool {
    const ASKED_SO: [&str; 5] = ["not", "never", "pas", "jamais", "sans"];
    let is_not = |at: usize| {
        speaker.lexicon.not.contains(words[at]) && one_word(words[at], speaker).is_none()
    };
    if ASKED_SO.iter().any(|word| speaker.echoes(word)) {
        return false;
    }
    let nots: Vec<usize> = (0..words.len()).filter(|at| is_not(*at)).collect();
    let (Some(first), Some(last)) = (nots.first().copied(), nots.last().copied()) else {
        return false;
    };
    let is_french = speaker.asked.language.base().as_str() == "fr";
    let denied = if is_french {
        let inside = &words[first + 1..last.max(first + 1)];
        nots.len() == 2
            && inside.iter().any(|word| speaker.asks(word))
            && around::is_covered(Side::Before, inside, &["any", "denial"], speaker)
    } else {
        nots.len() == 1 && words.get(last + 1).is_some_and(|word| speaker.asks(word))
    };
    denied
        && around::is_covered(Side::Before, &words[..first], &["any", "denial", "no"], speaker)
        && around::is_covered(Side::After, &words[last + 1..], &["any", "denial"], speaker)
}

/// `yes she does`, `oui il travaille`, where the question says `you`. `They paid me` is of me.
fn speaks_of_another(words: &[&str], speaker: &Speaker<'_>) -> bool {
    const OTHERS: [&str; 6] = ["he", "she", "they", "elle", "ils", "does"];
    let is_yes = words.first().is_some_and(|word| one_word(word, speaker) == Some(true));
    let is_of_me = || words.iter().any(|word| matches!(*word, "me" | "us" | "nous" | "m"));
    let is_other = |at: usize| {
        OTHERS.contains(&words[at]) || words[at] == "il" && at > 0 && words[at - 1] != "s"
    };
    is_yes
        && ["you", "vous"].iter().any(|word| speaker.echoes(word))
        && (0..words.len()).any(is_other)
        && !is_of_me()
}

/// Whether all beside the words of yes or no changes nothing.
fn is_plain(words: &[&str], yes: bool, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let phrases = if yes { &lexicon.yes } else { &lexicon.no };
    let own: Vec<bool> = words
        .iter()
        .map(|word| one_word(word, speaker) == Some(yes) || digit(word) == Some(yes))
        .collect();
    let mut with_phrases = own.clone();
    for phrase in phrases.iter().filter(|phrase| phrase.contains(' ')) {
        let parts: Vec<&str> = phrase.split(' ').collect();
        for at in (0..words.len()).filter(|at| words[*at..].starts_with(&parts)) {
            with_phrases[at..at + parts.len()].fill(true);
        }
    }
    let has_phrase = own_is_phrase(words, phrases);
    let is_digit =
        || words.iter().all(|word| one_word(word, speaker).is_none_or(|_| digit(word).is_some()));
    let answers: &[&'static str] = match yes {
        // `2 fridges` counts them.
        _ if is_digit() && !has_phrase => &["any"],
        true => &["any", "yes"],
        // `I don't see`
        false if has_phrase && denies_a_verb(words) => &["any", "denial"],
        false => &["any", "no"],
    };
    let covered = |own: &[bool]| are_covered(words, own, yes, has_phrase, answers, speaker);
    own.contains(&true) && covered(&own) || covered(&with_phrases)
}

/// Whether every run of words between those of yes or no changes nothing.
fn are_covered(
    words: &[&str],
    own: &[bool],
    yes: bool,
    has_phrase: bool,
    answers: &[&'static str],
    speaker: &Speaker<'_>,
) -> bool {
    let mut side = Side::Before;
    let mut at = 0;
    while at < words.len() {
        let end = (at..words.len()).find(|end| own[*end] != own[at]).unwrap_or(words.len());
        if own[at] {
            side = Side::After;
        } else {
            // `I no longer work there`
            let behind = words.get(end).is_some_and(|word| one_word(word, speaker) != Some(yes));
            let may_begin = side == Side::Before && (behind || has_phrase);
            let answers = if may_begin && !yes { &["any", "no", "denial"] } else { answers };
            // `I no sir`: I know?
            let may_know = words[end - 1] == "i"
                && words.get(end) == Some(&"no")
                && words.get(end + 1).is_none_or(|word| !matches!(*word, "longer" | "more"));
            if may_know || !around::is_covered(side, &words[at..end], answers, speaker) {
                return false;
            }
        }
        at = end;
    }
    true
}

/// `I don't`, `we do not`: what follows is what is not done.
fn denies_a_verb(words: &[&str]) -> bool {
    let is_we = |word: &str| matches!(word, "i" | "we" | "they" | "it" | "je" | "j");
    is_we(words[0])
        && words.get(1).is_some_and(|word| matches!(*word, "don't" | "dont" | "do" | "not" | "n"))
}

/// Whether a phrase of several words stands among them.
fn own_is_phrase(words: &[&str], phrases: &WordList) -> bool {
    let said = words.join(" ");
    phrases.iter().any(|phrase| phrase.contains(' ') && stands_in(&said, phrase))
}

/// What is left where phrases of no are taken out: `plus maintenant` is more of nothing.
fn without_phrases(said: &str, speaker: &Speaker<'_>) -> String {
    let phrases = speaker.lexicon.no.iter().filter(|phrase| phrase.contains(' '));
    let standing = phrases.filter(|phrase| stands_in(said, phrase)).max_by_key(|p| p.len());
    standing.map_or_else(|| said.to_owned(), |phrase| said.replacen(phrase.as_str(), " ", 1))
}

fn whole(said: &str, speaker: &Speaker<'_>) -> Option<bool> {
    if said == "1" || speaker.lexicon.yes.contains(said) {
        Some(true)
    } else if said == "2" || speaker.lexicon.no.contains(said) {
        Some(false)
    } else {
        None
    }
}

/// `no network`, `no problem`: there is none of something, which answers another question.
fn no_of_a_thing(text: &str, speaker: &Speaker<'_>) -> bool {
    let mut words = text.split_whitespace().skip_while(|word| plain(word) != "no");
    let Some(no) = words.next() else { return false };
    let Some(thing) = words.next().map(plain) else { return false };
    let lexicon = speaker.lexicon;
    no.ends_with(char::is_alphanumeric)
        && !thing.is_empty()
        && !thing.bytes().all(|byte| byte.is_ascii_digit())
        && !BEHIND_NO.contains(&thing.as_str())
        && !lexicon.greeting.contains(&thing)
        && !lexicon.titles.contains(&thing)
        && !lexicon.signature.contains(&thing)
        && !lexicon.polite.contains(&thing)
        && !lexicon.no.contains(&thing)
        && !lexicon.not.contains(&thing)
}

/// All words that say yes or no must say the same, and one of them must come first (fillers
/// aside). A negation goes with a no and spoils a yes.
fn votes(said: &str, words: &[&str], speaker: &Speaker<'_>) -> Option<bool> {
    if let Some(yes) = phrase(words, speaker) {
        return Some(yes).filter(|yes| !yes || !is_limited(said, speaker));
    }
    let lexicon = speaker.lexicon;
    let mut votes: Vec<(usize, bool)> = Vec::new();
    // `no, since 2020` counts nothing.
    let is_year = |at: usize| {
        at > 1 && words[at].len() == 4 && matches!(words[at - 1], "in" | "since" | "en" | "depuis")
    };
    for (at, word) in words.iter().enumerate().filter(|(at, _)| !is_year(*at)) {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            votes.push((at, digit(word)?));
        } else if let Some(yes) = one_word(word, speaker) {
            votes.push((at, yes));
        }
    }
    let (first, yes) = votes.first().copied()?;
    if votes.iter().any(|(_, other)| *other != yes) {
        return None;
    }
    let phrase_of_no = |phrase: &&String| phrase.contains(' ') && stands_in(said, phrase);
    let is_not = |word: &&str| lexicon.not.contains(word);
    let negated = words.iter().any(|word| is_not(word) && !lexicon.no.contains(word))
        || lexicon.no.iter().any(|phrase| phrase_of_no(&phrase));
    if yes && (negated || takes_back(said, words, first, speaker)) {
        return None;
    }
    if !yes && (is_told_so(&words[first + 1..], speaker) || is_within(words, first, speaker)) {
        return None;
    }
    // `never said no` is no no.
    let last = votes.last().map_or(first, |(at, _)| *at);
    let goes_on = |word: &&str| {
        speaker.is_harmless(word) || is_not(word) || one_word(word, speaker).is_some()
    };
    if !yes && last > first && !words[first..last].iter().all(goes_on) {
        return None;
    }
    // `not no` is neither.
    let before = &words[..first];
    if before.last().is_some_and(is_not) {
        return None;
    }
    before.iter().all(|word| lexicon.filler.contains(word) || is_not(word)).then_some(yes)
}

/// `yes so far`, `for now yes`.
fn is_limited(said: &str, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    let mut phrases = lexicon.limits.iter().filter(|phrase| phrase.contains(' '));
    // `yes by March`
    let by_month = |two: &[&str]| two[0] == "by" && lexicon.months.contains_key(two[1]);
    phrases.any(|phrase| stands_in(said, phrase))
        || said.split(' ').collect::<Vec<_>>().windows(2).any(by_month)
}

/// `yes, when I am paid`; `ok I see`: something follows that makes less of a yes.
fn takes_back(said: &str, words: &[&str], first: usize, speaker: &Speaker<'_>) -> bool {
    let lexicon = speaker.lexicon;
    if is_limited(said, speaker) {
        return true;
    }
    let is_strong =
        |word: &&str| one_word(word, speaker).is_some() && !lexicon.assent.contains(word);
    let limited = words.iter().any(|word| {
        let limits = lexicon.limits.contains(word) || lexicon.may_change(word);
        limits && !speaker.echoes(word) && one_word(word, speaker).is_none()
    });
    let says_more = words[first..]
        .iter()
        .any(|word| !speaker.is_harmless(word) && one_word(word, speaker).is_none());
    limited || says_more && !words.iter().any(is_strong)
}

/// `no I work for the Ministry`, `no I do`: what follows says what the question asks.
fn is_told_so(behind: &[&str], speaker: &Speaker<'_>) -> bool {
    const WHO: [&str; 16] = [
        "i", "we", "i'm", "im", "am", "je", "j", "nous", "he", "she", "they", "it", "it's", "il",
        "elle", "on",
    ];
    const DO: [&str; 9] = ["do", "am", "are", "have", "did", "does", "is", "there", "here"];
    const STAYS: [&str; 4] = ["still", "there", "toujours", "encore"];
    const ENDS: [&str; 10] =
        ["left", "stopped", "stop", "quit", "longer", "more", "anymore", "again", "leave", "plus"];
    const WORK: [&str; 3] = ["work", "working", "travaille"];
    // `no I work private` says where instead.
    const INSTEAD: [&str; 4] = ["private", "own", "myself", "prive"];
    let lexicon = speaker.lexicon;
    let closes = |word: &&str| {
        let sets = [&lexicon.polite, &lexicon.titles, &lexicon.signature];
        *word == "thank" || sets.iter().any(|words| words.contains(word))
    };
    let end = behind.iter().skip(1).position(closes);
    let told = &behind[..end.map_or(behind.len(), |end| end + 1)];
    let has = |words: &[&str]| told.iter().any(|word| words.contains(word));
    let denied = told.iter().any(|word| lexicon.not.contains(word) || lexicon.no.contains(word));
    if told.first().is_some_and(|word| WHO.contains(word)) && has(&STAYS) && !denied && !has(&ENDS)
    {
        return true;
    }
    let repeats = |word: &&str| word.len() > 3 && speaker.echoes(word) || WORK.contains(word);
    told.first().is_some_and(|word| WHO.contains(word))
        && (told[1..].iter().any(repeats) || told[1..].last().is_some_and(|word| DO.contains(word)))
        && told.iter().all(|word| {
            let is_known = lexicon.filler.contains(word)
                || speaker.asks(word)
                || WHO.contains(word)
                || DO.contains(word);
            is_known && !lexicon.not.contains(word) && !INSTEAD.contains(word)
        })
}

/// `you people nah pay me`: a no that turns round something else.
fn is_within(words: &[&str], first: usize, speaker: &Speaker<'_>) -> bool {
    let harmless = |word: &&str| speaker.is_harmless(word);
    // `I no` may go on: `I no know`.
    let breaks_off = || words[first] == "no" && words[first - 1] == "i";
    first > 0
        && (breaks_off()
            || speaker.lexicon.not.contains(words[first])
                && !words[first + 1..].iter().all(harmless))
}

/// `I don't work there`, `that is true sir`: a phrase that begins the reply, with nothing but
/// fillers and the question's own words around it.
fn phrase(words: &[&str], speaker: &Speaker<'_>) -> Option<bool> {
    let lexicon = speaker.lexicon;
    let starts = |at: usize, phrase: &str| {
        let mut rest = words[at..].iter();
        phrase.contains(' ') && phrase.split(' ').all(|word| rest.next() == Some(&word))
    };
    let courtesy = |word: &&str| {
        let sets = [&lexicon.polite, &lexicon.greeting, &lexicon.signature];
        *word == "you" || sets.iter().any(|words| words.contains(word))
    };
    let says = |phrases: &WordList, may_follow: &dyn Fn(&&str) -> bool| {
        let fits = |at: usize, phrase: &String| {
            starts(at, phrase) && {
                let (before, after) = (&words[..at], &words[at + phrase.split(' ').count()..]);
                before.iter().all(|word| {
                    speaker.is_harmless(word)
                        && !PARTS.contains(word)
                        && !lexicon.means_something(word)
                }) && after.iter().all(|word| may_follow(word) && !PARTS.contains(word))
            }
        };
        (0..words.len()).any(|at| phrases.iter().any(|phrase| fits(at, phrase)))
    };
    // `I do not no`
    let may_follow_no = |word: &&str| {
        *word != "no"
            && one_word(word, speaker) != Some(true)
            && (speaker.is_harmless(word) || courtesy(word))
    };
    let no = says(&lexicon.no, &may_follow_no);
    let repeats =
        |word: &&str| courtesy(word) || speaker.echoes(word) || matches!(*word, "there" | "here");
    match (says(&lexicon.yes, &repeats), no) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn digit(word: &str) -> Option<bool> {
    match word {
        "1" => Some(true),
        "2" => Some(false),
        _ => None,
    }
}

/// One word, perhaps with letters held down (`yesss`, `nooo`) or one slip in five letters.
fn one_word(word: &str, speaker: &Speaker<'_>) -> Option<bool> {
    let squeezed = squeeze(word);
    for candidate in [word, &squeezed] {
        if (candidate.len() > 1 || word.len() == 1)
            && let Some(yes) = whole(candidate, speaker)
        {
            return Some(yes);
        }
    }
    let lexicon = speaker.lexicon;
    if word.len() < 5 || lexicon.filler.contains(word) || lexicon.is_word(word) {
        return None;
    }
    let near = |set: &WordList| {
        set.iter().any(|known| {
            known.len() >= 5
                && !known.contains(' ')
                && strsim::osa_distance(word, known) == 1
                && begins_alike(word, known)
        })
    };
    match (near(&lexicon.yes), near(&lexicon.no)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    for c in word.chars() {
        if !squeezed.ends_with(c) {
            squeezed.push(c);
        }
    }
    squeezed
}
