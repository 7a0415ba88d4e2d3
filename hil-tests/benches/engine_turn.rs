//! One turn of the engine: a reply read, a value kept, the next question made. Aim: 5 µs.

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use rollcall::engine::{Today, advance, begin};
use rollcall::flow::{self, Beside, Flow, Kind};
use rollcall::model::{Contact, ContactId, Input, Language, Mode, Region, Run, RunStatus};
use rollcall::world::pilot;
use std::hint::black_box;

/// The staff validation's questions, and what a health worker says to them.
const REPLIES: [(&str, &str); 9] = [
    ("yes or no", "Yes"),
    ("yes or no", "yes I work there since 2009"),
    ("a choice", "2"),
    ("a choice", "the second one, nurse"),
    ("a phone number", "0886 51 00 00"),
    ("a text", "Boakai Cooper Jr"),
    ("a date", "24 Jan 1977"),
    ("a place", "Grand Cape Mount"),
    ("a place", "Grand Cape Mont"),
];

fn turns(criterion: &mut Criterion) {
    let beside = Beside::of(&pilot::flow().beside).0;
    let flow = flow::read(pilot::FLOW, &beside).0.expect("the flow is right");
    let contact = Contact {
        language: Some(Language::new("en")),
        ..Contact::named(ContactId(1), "Boakai Cooper")
    };
    let today = Today { date: date(2026, 3, 2), region: Region::new("LR").expect("a country") };
    let begun = begin(&flow, &contact, Mode::Sms, today).run;
    let mut group = criterion.benchmark_group("engine turn");
    for (name, reply) in REPLIES {
        let run = waiting_for(name, &flow, &begun);
        let input = Input::Text(reply.to_owned());
        group.bench_function(format!("{name}: {reply}"), |bencher| {
            bencher.iter(|| advance(&flow, &contact, black_box(&run), black_box(&input), today));
        });
    }
    group.finish();
}

/// The run as it is when it waits at the first question of this kind.
fn waiting_for(kind: &str, flow: &Flow, begun: &Run) -> Run {
    let is_of_kind = |asked: &Kind| match asked {
        Kind::YesNo => kind == "yes or no",
        Kind::Choice(_) => kind == "a choice",
        Kind::Phone => kind == "a phone number",
        Kind::Text { .. } => kind == "a text",
        Kind::Date(_) => kind == "a date",
        Kind::Place(_) => kind == "a place",
        Kind::Number(_) | Kind::Choices(_) | Kind::Time(_) | Kind::Code { .. } => false,
        Kind::Audio { .. } => false,
    };
    let question = flow.questions().find(|question| is_of_kind(&question.kind));
    let question = question.expect("the flow has such a question").id.clone();
    let mut run = begun.clone();
    if let RunStatus::Waiting(waiting) = &mut run.status {
        waiting.question = question;
    }
    run
}

criterion_group!(benches, turns);
criterion_main!(benches);
