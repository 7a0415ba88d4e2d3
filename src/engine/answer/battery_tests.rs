//! A battery of replies as people text them, in three languages: what each must become, or `?`
//! where it must be asked back. Then the same replies as other people would type them: in
//! capitals, with a full stop, with politeness. No value may ever become another one.

use super::*;
use crate::flow;
use crate::model::Region;
use expect_test::expect;
use std::fmt::Write;

const FILES: [(&str, &str); 7] = [
    ("yes or no", include_str!("battery/yes_no.tsv")),
    ("numbers", include_str!("battery/numbers.tsv")),
    ("choices", include_str!("battery/choices.tsv")),
    ("dates", include_str!("battery/dates.tsv")),
    ("phones", include_str!("battery/phones.tsv")),
    ("codes", include_str!("battery/codes.tsv")),
    ("places", include_str!("battery/places.tsv")),
];

/// How others would type a reply.
const MANNERS: [fn(&str) -> String; 8] = [
    |reply| reply.to_uppercase(),
    |reply| format!("{reply}."),
    |reply| format!("  {reply}  "),
    |reply| format!("{reply}\n"),
    |reply| format!("{reply} please"),
    |reply| format!("{reply} thank you"),
    |reply| format!("ans: {reply}"),
    |reply| format!("{reply} sir"),
];

struct Desk {
    flow: Flow,
    today: Today,
}

impl Desk {
    fn read(&self, question: &str, language: &str, reply: &str) -> Option<String> {
        let question = self.flow.question(question).expect("the question exists");
        let (language, earlier) = (Language::new(language), BTreeMap::new());
        let asked = Asked { flow: &self.flow, question, language: &language, earlier: &earlier };
        read_reply(&asked, reply, self.today).value.map(|value| value.to_text())
    }
}

fn desk() -> Desk {
    let places = include_str!("../../../flows/lists/places.csv").to_owned();
    let files = BTreeMap::from([("lists/places.csv".to_owned(), places)]);
    let source = include_str!("../../../flows/staff-validation.yaml");
    let flow = flow::read(source, &flow::Beside::of(&files).0).0;
    let region = Region::new("LR").expect("LR is a country");
    let today = Today { date: jiff::civil::date(2026, 11, 24), region };
    Desk { flow: flow.expect("the shipped flow is right"), today }
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
    let desk = desk();
    let mut wrong = Vec::new();
    let mut table = String::new();
    for (kind, text) in FILES {
        let mut count = Count::default();
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [language, question, reply, expected] = cells[..] else { panic!("{line:?}") };
            let meant = Some(expected.to_owned()).filter(|expected| expected != "?");
            count.replies += 1;
            count.asked_back += usize::from(meant.is_none());
            let found = desk.read(question, language, reply);
            if found != meant {
                wrong.push(format!("{language} {question} {reply:?}: {found:?}, not {expected}"));
            }
            for manner in MANNERS {
                let typed = manner(reply);
                let found = desk.read(question, language, &typed);
                count.others += usize::from(meant.is_some());
                count.others_understood += usize::from(meant.is_some() && found == meant);
                if found.is_some() && found != meant {
                    wrong.push(format!(
                        "{language} {question} {typed:?}: {found:?}, not {expected}"
                    ));
                }
            }
        }
        let Count { replies, asked_back, others, others_understood } = count;
        let _ = writeln!(
            table,
            "{kind:<10} {replies:>3} replies, {asked_back:>2} asked back; typed otherwise: \
             {others_understood} of {others} understood"
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    expect![[r#"
        yes or no  193 replies, 58 asked back; typed otherwise: 976 of 1080 understood
        numbers    172 replies, 90 asked back; typed otherwise: 588 of 656 understood
        choices    151 replies, 58 asked back; typed otherwise: 712 of 744 understood
        dates       89 replies, 37 asked back; typed otherwise: 355 of 416 understood
        phones      32 replies, 13 asked back; typed otherwise: 152 of 152 understood
        codes       27 replies, 12 asked back; typed otherwise: 116 of 120 understood
        places      57 replies, 20 asked back; typed otherwise: 296 of 296 understood
    "#]]
    .assert_eq(&table);
}
