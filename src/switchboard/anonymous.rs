//! Replies to anonymous flows: what is kept of them, and what is only remembered.
//!
//! The store never learns what such a reply said beside who sent it. But a text that comes twice
//! must count once, and its second part belongs to its first: so texts are remembered in memory
//! for minutes, and beyond that as a keyed digest whose key nobody ever writes down. A start
//! forgets both; then nobody guesses, and what is in doubt answers nothing.

use super::belonging::{resembles, same};
use super::turns::TurnOf;
use super::{Chance, Work};
use crate::engine;
use crate::flow::{Flow, Kind};
use crate::model::{Answer, How, MessageId, Value};
use crate::store::{AnonymousId, Conversation, HeardReply, NewAnonymous, REFUSED};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use rollcall_drivers::pdu::{
    Alphabet, DataCoding, Deliver, Incoming, Part, UserData, decode_incoming,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};

/// What stands in the store in the place of a text that may be an anonymous answer.
pub(super) const SEALED: &str = "(anonymous answer)";
/// How long the words themselves are remembered: longer than anybody takes for a second part.
const WORDS: SignedDuration = SignedDuration::from_mins(10);
/// How long after an anonymous run what its person texts may still be meant for it.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24);
/// The same, where another flow waits for that person by now.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_hours(1);
/// The most digests that are remembered, the newest: some 3 MB.
const MOST_DIGESTS: usize = 50_000;

/// Whether the store may keep what a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Yes: it is no anonymous answer.
    Open,
    /// No: it may be one.
    Sealed,
}

/// What is known of anonymous replies until the program stops, and never written down.
pub(super) struct Remembered {
    dice: ChaCha20Rng,
    key: [u8; 32],
    words: VecDeque<Words>,
    digests: BTreeMap<MessageId, [u8; 16]>,
}

/// A text of the last minutes.
struct Words {
    came_at: Timestamp,
    message: MessageId,
    text: String,
    /// The answer it became.
    answer: Option<AnonymousId>,
    /// How long that may grow, where it is somebody's own words.
    longest: Option<usize>,
}

impl Remembered {
    pub(super) fn new(chance: Chance) -> Remembered {
        let mut dice = ChaCha20Rng::from_seed(chance.0);
        let mut key = [0; 32];
        dice.fill_bytes(&mut key);
        Remembered { dice, key, words: VecDeque::new(), digests: BTreeMap::new() }
    }

    /// Lets go of the words of texts that came so long ago.
    pub(super) fn forget(&mut self, now: Timestamp) {
        while self.words.front().is_some_and(|words| now.duration_since(words.came_at) > WORDS) {
            self.words.pop_front();
        }
        while self.digests.len() > MOST_DIGESTS {
            self.digests.pop_first();
        }
    }

    pub(super) fn remember(&mut self, message: MessageId, text: &str, now: Timestamp) {
        self.digests.insert(message, self.digest(text));
        let text = text.to_owned();
        let words = Words { came_at: now, message, text, answer: None, longest: None };
        self.words.push_back(words);
    }

    /// Whether a text is what this message said; `None`: nobody knows any more.
    pub(super) fn is_again(&self, message: MessageId, text: &str) -> Option<bool> {
        Some(*self.digests.get(&message)? == self.digest(text))
    }

    /// What a message said, as far as anybody still knows; where it is known to have said this or
    /// something else, this or something else.
    fn recall(&self, message: MessageId, beside: &str) -> Option<String> {
        if let Some(words) = self.words.iter().find(|words| words.message == message) {
            return Some(words.text.clone());
        }
        let same = self.is_again(message, beside)?;
        Some(if same { beside.to_owned() } else { SEALED.to_owned() })
    }

    /// The row that a message's text became, while its words are remembered.
    pub(super) fn answer_of(&self, message: MessageId) -> Option<AnonymousId> {
        self.words.iter().find(|words| words.message == message)?.answer
    }

    fn became(&mut self, message: Option<MessageId>, answer: AnonymousId, kind: Option<&Kind>) {
        if let Some(words) = self.words.iter_mut().find(|words| Some(words.message) == message) {
            words.answer = Some(answer);
            words.longest = match kind {
                Some(Kind::Text { longest } | Kind::Audio { longest }) => Some(*longest),
                Some(_) | None => None,
            };
        }
    }

    /// The row of somebody's own words, and the whole text if this is their second part.
    fn grown(&self, first: MessageId, rest: &str) -> Option<(AnonymousId, String)> {
        let words = self.words.iter().find(|words| words.message == first)?;
        let whole = format!("{} {}", words.text.trim(), rest.trim());
        let fits = whole.chars().count() <= words.longest? && !resembles(&words.text, rest);
        Some((words.answer.filter(|_| fits)?, whole))
    }

    /// Letters that a person would call the same have one digest, as in `belonging::same`.
    fn digest(&self, text: &str) -> [u8; 16] {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(letters.collect::<String>().as_bytes());
        let mut digest = [0; 16];
        digest.copy_from_slice(&hash.finalize()[..16]);
        digest
    }

    fn draw(&mut self) -> AnonymousId {
        let mut id = [0; 16];
        self.dice.fill_bytes(&mut id);
        AnonymousId(id)
    }
}

impl Work<'_> {
    /// Whether the store may keep what comes from a number now: not while an anonymous flow waits
    /// for it, nor soon after one.
    pub(super) async fn keeping(&mut self, number: &str) -> Result<Keeping> {
        let mut another_waits = false;
        for run in self.tx.newest_runs(number).await? {
            let flow = self.flow(&run.digest).await?;
            let until = match run.ended_at {
                None => self.now,
                // A second copy of the last answer may still be on its way. What the flow that
                // waits now takes for its own answer is kept as that.
                Some(ended_at) if another_waits => ended_at + ON_ITS_WAY,
                Some(ended_at) => {
                    // A late reply may open an expired run again for as long as it waited.
                    let waits = flow.questions().map(|question| question.rules.expires_after);
                    let waits = waits.max().filter(|_| run.expired).unwrap_or_default();
                    ended_at + SignedDuration::try_from(waits)?.max(AFTERWARDS)
                }
            };
            if flow.anonymous && self.now <= until {
                return Ok(Keeping::Sealed);
            }
            if run.ended_at.is_some() {
                break;
            }
            another_waits = true;
        }
        Ok(Keeping::Open)
    }

    /// Keeps an answer with nobody's name, and with the run only that there is one.
    pub(super) async fn keep_apart(
        &mut self,
        of: TurnOf<'_>,
        flow: &Flow,
        answer: &Answer,
    ) -> Result<()> {
        let said = match (&answer.value, answer.how) {
            (Some(value), _) => Some((value.kind(), value.to_text())),
            (None, How::Refused) => Some((REFUSED, engine::REFUSED.to_owned())),
            (None, _) => None,
        };
        let how = if said.is_some() { How::Anonymous } else { answer.how };
        if let Some((kind, value)) = said {
            let id = self.remembered.draw();
            let new = NewAnonymous {
                id,
                campaign: of.campaign,
                flow: &flow.id,
                question: &answer.question,
                kind,
                value: &value,
            };
            self.tx.keep_anonymous(&new).await?;
            let kind = flow.question(&answer.question).map(|question| &question.kind);
            self.remembered.became(of.heard, id, kind);
        }
        let question = answer.question.clone();
        let nothing = Answer { question, value: None, heard: String::new(), how };
        self.tx.keep_answer(of.run, &nothing, of.heard, self.now).await
    }

    /// The second part of a text whose first part was kept moments ago. `false` where nobody
    /// knows any more which row that is.
    pub(super) async fn grow_apart(&mut self, first: MessageId, value: &Value) -> Result<bool> {
        let Some(id) = self.remembered.answer_of(first) else { return Ok(false) };
        self.tx.anonymous_grows(id, &value.to_text()).await?;
        Ok(true)
    }

    /// The second part of the last answer, that came when all was over. `false` where it is none.
    pub(super) async fn grows_after_the_end(
        &mut self,
        first: MessageId,
        rest: &str,
    ) -> Result<bool> {
        let Some((id, whole)) = self.remembered.grown(first, rest) else { return Ok(false) };
        self.tx.anonymous_grows(id, &whole).await?;
        Ok(true)
    }

    /// Puts into a conversation what its replies said, as far as anybody still knows.
    pub(super) fn recall(&self, so_far: &mut Conversation, reply: &str) {
        let sealed = |heard: &&mut HeardReply| heard.text.as_deref() == Some(SEALED);
        for heard in so_far.heard.iter_mut().filter(sealed) {
            heard.text = self.remembered.recall(heard.message, reply);
        }
    }

    /// How often a conversation has this very text since then.
    pub(super) fn said_since(so_far: &Conversation, text: &str, since: Timestamp) -> u32 {
        let recent = so_far.heard.iter().filter(|heard| heard.came_at > since);
        let same = recent.filter(|heard| heard.text.as_deref().is_some_and(|it| same(it, text)));
        u32::try_from(same.count()).unwrap_or(u32::MAX)
    }
}

/// What names a message for good without a word of it: who, when, which part. Short answers
/// cannot be guessed from it.
pub(super) fn without_words(number: &str, deliver: &Deliver) -> Vec<u8> {
    let mut octets = number.as_bytes().to_vec();
    octets.push(0);
    octets.extend(deliver.time.raw());
    if let Some(Part { reference, total, number, .. }) = deliver.part() {
        octets.extend(reference.to_be_bytes());
        octets.extend([total, number]);
    }
    octets
}

/// A message with its text taken out: sender and time stay.
pub(super) fn envelope(octets: &[u8]) -> Vec<u8> {
    let empty = UserData::from_text("", Alphabet::Gsm7, Vec::new());
    match (decode_incoming(octets), empty) {
        (Ok(Incoming::Deliver(deliver)), Ok(data)) => {
            Deliver { protocol: 0, coding: DataCoding::GSM7, data, ..deliver }.encode().octets
        }
        (Ok(Incoming::Deliver(_) | Incoming::StatusReport(_)) | Err(_), _) => Vec::new(),
    }
}
