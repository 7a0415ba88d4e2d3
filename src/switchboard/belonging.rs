//! Which question a reply answers. A pure judgement over what was asked and heard in a run.
//!
//! A question may have arrived twice (it was uncertain and sent again, or the reminder crossed
//! the answer), and then people answer twice. A reply that may belong to an earlier question is
//! never read as the answer to the next one: it is kept for a person, and the next question
//! waits. Two clocks are told apart: ours (when something came or left) and the network's (when
//! it was said, when it was on the phone); times are compared within one clock only.

use crate::store::{AskedCopy, Conversation, HeardReply};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// A reply that just came.
pub(super) struct Reply<'a> {
    pub text: &'a str,
    /// By the network's clock.
    pub said_at: Timestamp,
}

/// Whose a reply is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The answer to the question waited at.
    Ours,
    /// The text of a moment ago, again: it counts once.
    Again(String),
    /// It may be meant for this earlier question, and why. A question that its flow has no more,
    /// because the person went on with another version, is an earlier one too.
    Earlier(String, &'static str),
    /// It came on the heels of the last reply, to this question, with this text: perhaps its
    /// second part; and why it is not the answer to the next one.
    OnTheHeels(HeardReply, &'static str),
    /// It came before any question had left.
    Nobodys,
}

/// The service centre counts whole seconds.
const A_SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Judges a reply while `question` is waited at. `reading_time` is the least time in which
/// anybody gets, reads and answers a text.
pub(super) fn whose(
    reply: &Reply<'_>,
    question: &str,
    so_far: &Conversation,
    reading_time: Duration,
) -> Whose {
    let last = said_before(reply, so_far);
    let Some(first_copy) = first_copy(question, so_far) else {
        return match last {
            Some(last) => just_after(reply, last, "it came before the next question had left"),
            None => Whose::Nobodys,
        };
    };
    if let Some(last) = last.filter(|last| within(reply, last, reading_time)) {
        match says(last, reply.text) {
            Says::TheSame => return Whose::Again(last.question.clone()),
            Says::WhoKnows if last.question != question => {
                return Whose::OnTheHeels(last.clone(), "it may be what was said a moment before");
            }
            Says::Another | Says::WhoKnows => {}
        }
    }
    if let Some(later) = heard_before_asking(reply, question, first_copy, so_far) {
        return match says(later, reply.text) {
            Says::TheSame => Whose::Again(later.question.clone()),
            Says::Another | Says::WhoKnows => {
                let why = "it was said before the answer to the question before";
                Whose::Earlier(later.question.clone(), why)
            }
        };
    }
    if let Some(last) = last.filter(|last| last.question != question)
        && !has_been_read(question, so_far, reply.said_at, reading_time)
        && was_said_too_soon(reply, last, first_copy, reading_time)
    {
        return just_after(reply, last, "it came too soon to answer the next question");
    }
    match earlier_in_doubt(question, so_far).find(|earlier| has_said(earlier, so_far, reply.text)) {
        Some(earlier) => {
            let why = "the question before may have come twice, and so did its answer";
            Whose::Earlier(earlier.to_owned(), why)
        }
        None => Whose::Ours,
    }
}

/// A reply that was said later than this one, and was heard before the question left: nobody
/// answers what is not asked yet. Sticks tell what they hold in any order.
fn heard_before_asking<'a>(
    reply: &Reply<'_>,
    question: &str,
    copy: &AskedCopy,
    so_far: &'a Conversation,
) -> Option<&'a HeardReply> {
    so_far.heard.iter().find(|heard| {
        heard.question != question && heard.said_at > reply.said_at && heard.came_at <= copy.left_at
    })
}

/// What was said just before a reply, by the network's clock: a stick that hung for an hour tells
/// late what it took long ago, in any order. Where nothing was said before it, what came last.
pub(super) fn said_before<'a>(
    reply: &Reply<'_>,
    so_far: &'a Conversation,
) -> Option<&'a HeardReply> {
    let before = so_far.heard.iter().filter(|heard| heard.said_at <= reply.said_at);
    before.max_by_key(|heard| heard.said_at).or(so_far.heard.last())
}

/// An earlier question that may still be answered a second time, the oldest first.
pub(super) fn earlier_in_doubt<'a>(
    question: &'a str,
    so_far: &'a Conversation,
) -> impl Iterator<Item = &'a str> {
    let earlier = so_far.asked.iter().map(|copy| copy.question.as_str());
    let mut seen: Vec<&str> = vec![question];
    earlier.filter(move |earlier| {
        let is_new = !seen.contains(earlier);
        seen.push(earlier);
        is_new && may_be_answered_again(earlier, so_far)
    })
}

/// The first copy of a question that left, or may have.
fn first_copy<'a>(question: &str, so_far: &'a Conversation) -> Option<&'a AskedCopy> {
    so_far.asked.iter().find(|copy| copy.question == question)
}

fn just_after(reply: &Reply<'_>, last: &HeardReply, why: &'static str) -> Whose {
    match says(last, reply.text) {
        Says::TheSame => Whose::Again(last.question.clone()),
        Says::Another | Says::WhoKnows => Whose::OnTheHeels(last.clone(), why),
    }
}

/// What an earlier reply said, beside a text.
#[derive(PartialEq, Eq)]
enum Says {
    TheSame,
    Another,
    /// It was to an anonymous flow, and what it said is forgotten.
    WhoKnows,
}

fn says(heard: &HeardReply, text: &str) -> Says {
    match &heard.text {
        None => Says::WhoKnows,
        Some(said) if same(said, text) => Says::TheSame,
        Some(_) => Says::Another,
    }
}

/// The question asked just before this one, if the flow has it no more, nobody answered it, and
/// this reply was not surely said by somebody who had this question on their phone.
pub(super) fn meant_for_one_that_is_gone<'a>(
    reply: &Reply<'_>,
    question: &str,
    so_far: &'a Conversation,
    reading_time: Duration,
    is_gone: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let first = first_copy(question, so_far)?;
    let mut before = so_far.asked.iter().rev();
    let before = before.find(|copy| copy.question != question && copy.left_at <= first.left_at)?;
    let is_answered = so_far.heard.iter().any(|heard| heard.question == before.question);
    let has_this = has_been_read(question, so_far, reply.said_at, reading_time);
    let in_doubt = is_gone(&before.question) && !is_answered && !has_this;
    in_doubt.then_some(before.question.as_str())
}

/// What was said to this question a moment before: perhaps the first part of this reply.
pub(super) fn first_part<'a>(
    reply: &Reply<'_>,
    question: &str,
    so_far: &'a Conversation,
    reading_time: Duration,
) -> Option<&'a str> {
    let last = said_before(reply, so_far).filter(|last| last.question == question)?;
    let text = last.text.as_deref()?;
    let is_part = !resembles(text, reply.text) && within(reply, last, reading_time);
    is_part.then_some(text)
}

/// Whether a reply was said so soon after another that nobody can have read anything between.
fn within(reply: &Reply<'_>, last: &HeardReply, reading_time: Duration) -> bool {
    let reading = SignedDuration::try_from(reading_time).unwrap_or(SignedDuration::MAX);
    reply.said_at.duration_since(last.said_at) + A_SECOND <= reading
}

/// Whether a question is known to have been on the phone long enough when this was said. Most of
/// the reading time goes into reading and typing, the rest into the network.
fn has_been_read(
    question: &str,
    so_far: &Conversation,
    said_at: Timestamp,
    reading_time: Duration,
) -> bool {
    let mut copies = so_far.asked.iter().filter(|copy| copy.question == question);
    copies.any(|copy| copy.on_phone_at.is_some_and(|at| said_at >= at + reading_time * 7 / 10))
}

/// The network says how long after the last reply this one was said; we know how long after the
/// last reply the question left. No clock need be right for that.
fn was_said_too_soon(
    reply: &Reply<'_>,
    last: &HeardReply,
    copy: &AskedCopy,
    reading_time: Duration,
) -> bool {
    let said_after = reply.said_at.duration_since(last.said_at);
    let left_after = copy.left_at.duration_since(last.came_at);
    let reading = SignedDuration::try_from(reading_time).unwrap_or(SignedDuration::MAX);
    said_after + A_SECOND <= left_after.saturating_add(reading)
}

/// Whether more copies of a question may have been answered than replies to it were heard. A
/// copy that was on the phone before the first reply was said is answered by that reply.
fn may_be_answered_again(question: &str, so_far: &Conversation) -> bool {
    let mut heard = so_far.heard.iter().filter(|reply| reply.question == question);
    let Some(first) = heard.next() else { return false };
    let copies: Vec<_> = so_far.asked.iter().filter(|copy| copy.question == question).collect();
    let read = |copy: &&&AskedCopy| copy.on_phone_at.is_some_and(|at| at <= first.said_at);
    let answered = copies.iter().filter(read).count().max(1);
    copies.len().saturating_sub(answered) > heard.count()
}

/// Whether this was said to a question, or may have been.
fn has_said(question: &str, so_far: &Conversation, text: &str) -> bool {
    let mut heard = so_far.heard.iter().filter(|reply| reply.question == question);
    heard.any(|reply| says(reply, text) != Says::Another)
}

/// Whether a text is another try at the same words rather than their second part.
pub(super) fn resembles(one: &str, other: &str) -> bool {
    let longest = one.chars().count().max(other.chars().count());
    strsim::osa_distance(&one.to_lowercase(), &other.to_lowercase()) * 3 <= longest
}

/// Texts that a person would call the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    one == other || letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MessageId;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).expect("a time of our days")
    }

    fn asked(question: &str, left: i64, on_phone: Option<i64>) -> AskedCopy {
        let question = question.to_owned();
        AskedCopy { question, left_at: at(left), on_phone_at: on_phone.map(at) }
    }

    fn heard(question: &str, text: &str, came: i64) -> HeardReply {
        let (message, question) = (MessageId(0), question.to_owned());
        let text = Some(text.to_owned());
        HeardReply { message, question, text, came_at: at(came), said_at: at(came) }
    }

    /// What "yes" is, said at second 300 while `water` is waited at.
    fn judge(asked: Vec<AskedCopy>, heard: Vec<HeardReply>) -> Whose {
        let reply = Reply { text: "yes", said_at: at(300) };
        whose(&reply, "water", &Conversation { asked, heard }, Duration::from_secs(10))
    }

    #[test]
    fn a_reply_long_after_the_question_is_its_answer() {
        let asked = vec![asked("open", 0, None), asked("water", 65, None)];
        assert_eq!(judge(asked, vec![heard("open", "Yes.", 60)]), Whose::Ours);
    }

    #[test]
    fn a_reply_before_the_question_left_is_not() {
        let before = |text| judge(vec![asked("open", 0, None)], vec![heard("open", text, 299)]);
        assert_eq!(before("YES!"), Whose::Again("open".to_owned()));
        assert!(matches!(before("no"), Whose::OnTheHeels(..)));
        assert_eq!(judge(vec![], vec![]), Whose::Nobodys);
    }

    #[test]
    fn the_clocks_need_not_agree() {
        // Our clock is a year behind the network's; the question left 5 s after the last reply.
        let year = 365 * 86_400;
        let said = |second: i64| {
            let last = HeardReply { said_at: at(second), ..heard("open", "no", -year) };
            judge(vec![asked("water", 5 - year, None)], vec![last])
        };
        assert!(matches!(said(290), Whose::OnTheHeels(..)), "10 s after the last reply");
        assert_eq!(said(270), Whose::Ours, "30 s after it");
    }

    #[test]
    fn a_question_on_the_phone_may_be_answered_as_soon_as_it_was_read() {
        let asked = |on_phone| vec![asked("open", 0, None), asked("water", 295, Some(on_phone))];
        assert_eq!(judge(asked(293), vec![heard("open", "no", 291)]), Whose::Ours);
        let too_soon = judge(asked(294), vec![heard("open", "no", 294)]);
        assert!(matches!(too_soon, Whose::OnTheHeels(..)), "6 s are not enough");
    }

    #[test]
    fn a_reply_that_a_stick_held_for_an_hour_is_judged_by_what_was_said_just_before_it() {
        // "yes" was said at 300, two seconds after the first; a reply of long before came between.
        let asked = vec![asked("open", 0, Some(5)), asked("water", 299, Some(300))];
        let held = HeardReply { said_at: at(100), ..heard("open", "maybe", 4_000) };
        let replies = vec![heard("open", "yes", 298), held];
        assert_eq!(judge(asked, replies), Whose::Again("open".to_owned()));
    }

    #[test]
    fn a_reply_that_a_stick_told_after_a_later_one_is_no_answer_to_the_next_question() {
        // "yes" was said at 300, five seconds before "yess", which was told first and was the
        // answer; the stick told "yes" an hour later, when `water` had long been asked.
        let asked = vec![asked("open", 0, Some(5)), asked("water", 306, Some(310))];
        let replies = |text| vec![heard("name", "Mary", 40), heard("open", text, 305)];
        let judged = judge(asked.clone(), replies("yess"));
        assert!(matches!(judged, Whose::Earlier(question, _) if question == "open"));
        assert_eq!(judge(asked, replies("Yes.")), Whose::Again("open".to_owned()));
    }

    #[test]
    fn the_same_text_within_seconds_counts_once_even_if_the_next_question_was_quick() {
        let asked = vec![asked("open", 0, None), asked("water", 291, Some(292))];
        assert_eq!(judge(asked, vec![heard("open", "Yes", 291)]), Whose::Again("open".to_owned()));
    }

    #[test]
    fn where_nobody_knows_what_was_said_nothing_is_guessed() {
        let forgotten = |second| HeardReply { text: None, ..heard("open", "", second) };
        let asked_twice =
            vec![asked("open", 0, None), asked("open", 5, None), asked("water", 20, None)];
        assert!(matches!(judge(asked_twice, vec![forgotten(10)]), Whose::Earlier(..)));
        let quick = vec![asked("open", 0, None), asked("water", 292, Some(292))];
        assert!(matches!(judge(quick, vec![forgotten(291)]), Whose::OnTheHeels(..)));
        let slow = vec![asked("open", 0, None), asked("water", 65, None)];
        assert_eq!(judge(slow, vec![forgotten(60)]), Whose::Ours);
    }

    #[test]
    fn a_second_copy_may_be_answered_until_its_answer_was_heard() {
        let copies = |second| {
            let first = asked("open", 0, Some(5));
            vec![
                first,
                asked("open", 50, second),
                asked("packs", 65, None),
                asked("water", 99, None),
            ]
        };
        let replies = || vec![heard("open", "yes", 60), heard("packs", "14", 90)];
        assert!(matches!(judge(copies(None), replies()), Whose::Earlier(..)));
        assert_eq!(judge(copies(Some(55)), replies()), Whose::Ours, "one reply for both copies");
        let mut both = replies();
        both.push(heard("open", "yes", 120));
        assert_eq!(judge(copies(None), both), Whose::Ours);
    }
}
