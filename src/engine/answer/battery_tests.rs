//! A battery of replies as people text them, in three languages: what each must become, or `?`
//! where it must be asked back. Then the same replies as other people would type them: in
//! capitals, with a full stop, with politeness. No value may ever become another one.

use super::*;
use crate::flow;
use crate::model::Region;
use expect_test::expect;
use std::fmt::Write;

/// Replies to the shipped flow for staff, and to a flow with all kinds of questions.
const STAFF: [(&str, &str); 7] = [
    ("yes or no", include_str!("battery/yes_no.tsv")),
    ("numbers", include_str!("battery/numbers.tsv")),
    ("choices", include_str!("battery/choices.tsv")),
    ("dates", include_str!("battery/dates.tsv")),
    ("phones", include_str!("battery/phones.tsv")),
    ("codes", include_str!("battery/codes.tsv")),
    ("places", include_str!("battery/places.tsv")),
];
const DESK: [(&str, &str); 9] = [
    ("yes or no", include_str!("battery/desk/yes_no.tsv")),
    ("numbers", include_str!("battery/desk/numbers.tsv")),
    ("choices", include_str!("battery/desk/choices.tsv")),
    ("several", include_str!("battery/desk/several.tsv")),
    ("dates", include_str!("battery/desk/dates.tsv")),
    ("times", include_str!("battery/desk/times.tsv")),
    ("phones", include_str!("battery/desk/phones.tsv")),
    ("codes", include_str!("battery/desk/codes.tsv")),
    ("places", include_str!("battery/desk/places.tsv")),
];

/// How others would type a reply.
const MANNERS: [fn(&str) -> String; 11] = [
    |reply| reply.to_uppercase(),
    |reply| format!("{reply}."),
    |reply| format!("  {reply}  "),
    |reply| format!("{reply}\n"),
    |reply| format!("{reply} please"),
    |reply| format!("{reply} thank you"),
    |reply| format!("ans: {reply}"),
    |reply| format!("{reply} sir"),
    |reply| reply.to_lowercase(),
    |reply| format!("Good morning sir, {reply}"),
    |reply| format!("{reply}. From Mary Kollie"),
];

pub(super) struct Desk {
    flow: Flow,
    today: Today,
}

impl Desk {
    pub(super) fn of(source: &str) -> Desk {
        let places = include_str!("../../../flows/lists/places.csv").to_owned();
        let files = BTreeMap::from([("lists/places.csv".to_owned(), places)]);
        let flow = flow::read(source, &flow::Beside::of(&files).0).0;
        let region = Region::new("LR").expect("LR is a country");
        let today = Today { date: jiff::civil::date(2026, 11, 24), region };
        Desk { flow: flow.expect("the flow is right"), today }
    }

    pub(super) fn takes_any_text(&self, question: &str) -> bool {
        let question = self.flow.question(question).expect("the question exists");
        matches!(question.kind, Kind::Text { .. } | Kind::Audio { .. })
    }

    pub(super) fn read(&self, question: &str, language: &str, reply: &str) -> Option<String> {
        let question = self.flow.question(question).expect("the question exists");
        let (language, earlier) = (Language::new(language), BTreeMap::new());
        let asked = Asked { flow: &self.flow, question, language: &language, earlier: &earlier };
        read_reply(&asked, reply, self.today).value.map(|value| value.to_text())
    }
}

/// What a reply must become.
#[derive(Clone, Copy)]
pub(super) enum Must<'a> {
    Become(&'a str),
    BeAskedBack,
    /// One clerk would take it for this, another would ask back; nothing else will do.
    BecomeOrBeAskedBack(&'a str),
}

impl Must<'_> {
    pub(super) fn of(text: &str) -> Must<'_> {
        match (text, text.strip_suffix('~')) {
            ("?", _) => Must::BeAskedBack,
            (_, Some(value)) => Must::BecomeOrBeAskedBack(value),
            (value, None) => Must::Become(value),
        }
    }

    /// A code without a shape is kept as it was typed: capitals do not count here.
    pub(super) fn holds(self, found: Option<&str>) -> bool {
        match self {
            Must::Become(value) => found.is_some_and(|found| found.eq_ignore_ascii_case(value)),
            Must::BeAskedBack => found.is_none(),
            Must::BecomeOrBeAskedBack(value) => {
                found.is_none_or(|found| found.eq_ignore_ascii_case(value))
            }
        }
    }

    /// Whether no wrong value is taken.
    pub(super) fn is_safe(self, found: Option<&str>) -> bool {
        found.is_none() || self.holds(found)
    }
}

#[derive(Default)]
struct Count {
    replies: usize,
    asked_back: usize,
    others: usize,
    others_understood: usize,
}

#[test]
fn no_reply_becomes_a_wrong_value_however_it_is_typed() {
    let staff = Desk::of(include_str!("../../../flows/staff-validation.yaml"));
    let desk = Desk::of(include_str!("battery/desk/desk.yaml"));
    let mut wrong = Vec::new();
    let mut table: Vec<(&str, Count)> = Vec::new();
    let all = STAFF.map(|file| (&staff, file)).into_iter().chain(DESK.map(|file| (&desk, file)));
    for (desk, (kind, text)) in all {
        let known = table.iter().position(|(known, _)| *known == kind);
        let at = known.unwrap_or_else(|| {
            table.push((kind, Count::default()));
            table.len() - 1
        });
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            play(line, desk, &mut table[at].1, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let mut shown = String::new();
    for (kind, Count { replies, asked_back, others, others_understood }) in table {
        let _ = writeln!(
            shown,
            "{kind:<10} {replies:>3} replies, {asked_back:>3} asked back; typed otherwise: \
             {others_understood} of {others} understood"
        );
    }
    expect![[r#"
        yes or no  1347 replies, 588 asked back; typed otherwise: 6093 of 6171 understood
        numbers    2134 replies, 1114 asked back; typed otherwise: 8572 of 8734 understood
        choices    1842 replies, 909 asked back; typed otherwise: 7513 of 7568 understood
        dates      1068 replies, 506 asked back; typed otherwise: 5397 of 5423 understood
        phones     435 replies, 225 asked back; typed otherwise: 1961 of 2002 understood
        codes      453 replies, 236 asked back; typed otherwise: 1991 of 2024 understood
        places     973 replies, 434 asked back; typed otherwise: 4527 of 4631 understood
        several    411 replies, 209 asked back; typed otherwise: 1578 of 1606 understood
        times      537 replies, 272 asked back; typed otherwise: 2335 of 2354 understood
    "#]]
    .assert_eq(&shown);
}

/// One reply as it stands, then in every manner.
fn play(line: &str, desk: &Desk, count: &mut Count, wrong: &mut Vec<String>) {
    let cells: Vec<&str> = line.split('\t').collect();
    let [language, question, reply, expected] = cells[..] else { panic!("{line:?}") };
    let must = Must::of(expected);
    count.replies += 1;
    count.asked_back += usize::from(matches!(must, Must::BeAskedBack));
    let found = desk.read(question, language, reply);
    if !must.holds(found.as_deref()) {
        wrong.push(format!("{language} {question} {reply:?}: {found:?}, not {expected}"));
    }
    for manner in MANNERS {
        let typed = manner(reply);
        let found = desk.read(question, language, &typed);
        let clear = matches!(must, Must::Become(_));
        count.others += usize::from(clear);
        count.others_understood += usize::from(clear && must.holds(found.as_deref()));
        if !must.is_safe(found.as_deref()) {
            wrong.push(format!("{language} {question} {typed:?}: {found:?}, not {expected}"));
        }
    }
}
