//! `rollcall flow cost`: what a flow takes for these people, before anything is sent.

use super::flow::Opened;
use super::flow_fix::dear_texts;
use super::{Context, Outcome, table};
use crate::engine::{self, Amount, Cost, Habits, sent_texts};
use crate::flow::words::{counted, duration};
use crate::flow::{Beside, Flow};
use crate::model::{Audience, Contact, ContactId};
use crate::office::Office;
use crate::store::Reader;
use crate::switchboard::{Prices, Settings, WrittenFlow};
use anyhow::Result;
use std::time::Duration;

/// Campaigns of fewer people say little about habits.
const EXPERIENCE: i64 = 50;
/// A name of a person whom nobody knows yet.
const SOMEBODY: &str = "Wilhelmina Freeman Tolbert";

/// Whom it is counted for.
#[derive(Debug, clap::Args)]
pub struct CostOf {
    /// The flow's id or file
    flow: String,
    /// For everybody; this is what is counted where nobody is named
    #[arg(long, conflicts_with_all = ["group", "with", "people", "campaign"])]
    everybody: bool,
    /// For the people in this group; several widen it
    #[arg(long, conflicts_with_all = ["people", "campaign"])]
    group: Vec<String>,
    /// For people with this value in a field: county=Bomi; several narrow it
    #[arg(long, value_name = "FIELD=VALUE", conflicts_with_all = ["people", "campaign"])]
    with: Vec<String>,
    /// For so many people who are not on the list yet
    #[arg(long, value_name = "COUNT", conflicts_with = "campaign")]
    people: Option<u64>,
    /// For the people of this campaign, by name or number
    #[arg(long)]
    campaign: Option<String>,
    /// How many of a hundred people answer; else as in the campaigns so far
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    answering: Option<u8>,
}

/// All that the words need.
struct Estimate {
    flow: Flow,
    source: String,
    cost: Cost,
    habits: Habits,
    assumed: Vec<String>,
    settings: Option<Settings>,
}

impl CostOf {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let opened = Opened::open(context, &self.flow)?;
        let office = context.office().ok();
        let Some((people, mut assumed)) = self.whom(office.as_ref(), &opened.flow).await? else {
            return Ok(Outcome::NotFound);
        };
        if people.iter().map(|(_, count)| count).sum::<u64>() == 0 {
            eprintln!(
                "Nobody who can be written to fits; --people COUNT counts for a number of them."
            );
            return Ok(Outcome::NotFound);
        }
        let (mut habits, experience) = habits(office.as_ref()).await?;
        if let Some(percent) = self.answering {
            habits.answer = f64::from(percent) / 100.0;
        }
        assumed.push(in_words(habits, experience && self.answering.is_none()));
        let settings = office.as_ref().map(Office::settings).transpose()?;
        let cost = engine::cost(&opened.flow, &people, habits);
        let (flow, source) = (opened.flow, opened.written.source);
        let estimate = Estimate { flow, source, cost, habits, assumed, settings };
        Ok(estimate.show(context))
    }

    /// The people, how many are like each, and what had to be assumed of them.
    async fn whom(
        &self,
        office: Option<&Office>,
        flow: &Flow,
    ) -> Result<Option<(Vec<(Contact, u64)>, Vec<String>)>> {
        let (Some(office), None) = (office, self.people) else {
            let count = self.people.unwrap_or(100);
            let language = flow.languages[0].clone();
            let assumed = format!(
                "{count} people who are written to in {language}, with names as long as {SOMEBODY}"
            );
            let mut somebody = nobody();
            (somebody.name, somebody.language) = (SOMEBODY.to_owned(), Some(language));
            return Ok(Some((vec![(somebody, count)], vec![assumed])));
        };
        let reader = office.reader().await?;
        let people = match &self.campaign {
            None => reader.people_of(&self.audience(), crate::clock::wall()).await?,
            Some(name) => match reader.campaign_id(Some(name)).await? {
                Some(id) => reader.people_of_campaign(id).await?,
                None => {
                    eprintln!(
                        "There is no campaign `{name}`; `rollcall campaign status` lists them."
                    );
                    return Ok(None);
                }
            },
        };
        Ok(Some((people.into_iter().map(|person| (person, 1)).collect(), Vec::new())))
    }

    fn audience(&self) -> Audience {
        let pair = |text: &String| {
            let (field, value) = text.split_once('=').unwrap_or((text, ""));
            (field.to_owned(), value.to_owned())
        };
        let fields = self.with.iter().map(pair).collect();
        Audience { groups: self.group.clone(), fields, ..Audience::default() }
    }
}

fn nobody() -> Contact {
    Contact::named(ContactId(0), "")
}

/// How people of this office behaved so far; whether that is known.
async fn habits(office: Option<&Office>) -> Result<(Habits, bool)> {
    let Some(office) = office else { return Ok((Habits::ASSUMED, false)) };
    experience(&office.reader().await?).await
}

async fn experience(reader: &Reader) -> Result<(Habits, bool)> {
    let (mut messaged, mut responded, mut completed) = (0, 0, 0);
    for line in reader.campaigns().await?.iter().filter(|line| line.status == "finished") {
        messaged += line.funnel.messaged;
        responded += line.funnel.responded;
        completed += line.funnel.completed;
    }
    if messaged < EXPERIENCE || responded == 0 {
        return Ok((Habits::ASSUMED, false));
    }
    let share = |part: i64, of: i64| (part as f64 / of as f64).clamp(0.0, 1.0);
    let (answer, finish) = (share(responded, messaged), share(completed, responded));
    Ok((Habits { answer, finish, ..Habits::ASSUMED }, true))
}

fn in_words(habits: Habits, experience: bool) -> String {
    let percent = |share: f64| (share * 100.0).round();
    let how = if experience { "as in the campaigns so far" } else { "assumed" };
    format!(
        "expected: {} of 100 answer, {} of 100 who begin get to the end ({how}); 1 answer in 10 is \
         asked again, 1 question in 5 needs a reminder, half the people get a question with only_if",
        percent(habits.answer),
        percent(habits.finish)
    )
}

impl Estimate {
    fn show(&self, context: &Context) -> Outcome {
        let late = self.late();
        if context.json {
            println!("{}", self.json(late));
        } else {
            println!("{}", self.text());
            if let Some(late) = late {
                let limit = duration(self.flow.rules.expires_after);
                println!(
                    "\nLook at this: the modems need {} for it, and people have {limit} to answer \
                     (expires_after). Use more modems, ask fewer people at once, or give more time.",
                    time(late)
                );
            }
        }
        if late.is_some() { Outcome::LookAt } else { Outcome::Done }
    }

    /// The time that is needed, where it is longer than people have.
    fn late(&self) -> Option<Duration> {
        let needed = self.time(self.cost.expected)?;
        (needed > self.flow.rules.expires_after).then_some(needed)
    }

    fn time(&self, amount: Amount) -> Option<Duration> {
        time_for(self.settings.as_ref()?, amount)
    }

    fn rows(&self) -> [(&'static str, &'static str, Amount); 3] {
        [
            ("nobody answers", "the first message and its reminders", self.cost.silence),
            ("expected", "as people do", self.cost.expected),
            ("at most", "everything is asked, with every retry and reminder", self.cost.most),
        ]
    }

    fn text(&self) -> String {
        let languages: Vec<String> =
            self.cost.languages.iter().map(|(l, count)| format!("{l} {count}")).collect();
        let mut text = format!(
            "{}: {} ({}), {}\n\n",
            self.flow.id,
            people(self.cost.people),
            languages.join(", "),
            counted(self.flow.questions().count() as u64, "question"),
        );
        let prices = self.prices();
        let currency = prices.map_or("", |prices| prices.currency.as_str());
        let rows = self.rows().into_iter().map(|(name, words, amount)| {
            vec![
                name.to_owned(),
                grouped(amount.messages),
                grouped(amount.segments),
                self.money(amount).map(money).unwrap_or_default(),
                self.time(amount).map(time).unwrap_or_default(),
                words.to_owned(),
            ]
        });
        let head = ["", "messages", "segments", currency, "time", ""];
        text.push_str(&table(&head, rows.collect()));
        text.push_str(&self.remarks());
        text
    }

    fn remarks(&self) -> String {
        let mut remarks: Vec<String> = self.assumed.clone();
        match &self.settings {
            Some(settings) => {
                let channels = counted(settings.channels.len() as u64, "channel");
                let quiet = quiet_hours(settings);
                remarks.push(format!(
                    "time: {channels}, as fast as their pace allows; {quiet:.0} hours of a day are quiet"
                ));
                if settings.prices.is_none() {
                    let line = "prices: {currency: USD, per_sms: 0.02}";
                    remarks.push(format!("no money: `{line}` in rollcall.yaml says the price"));
                }
            }
            None => remarks.push("no office here: no prices, no time".to_owned()),
        }
        let others = self.flow.started();
        if !others.is_empty() {
            remarks.push(format!("not counted: what its endings start ({})", others.join(", ")));
        }
        if self.cost.dear_names > 0 {
            remarks.push(format!(
                "{} with a letter in their name that makes their texts dear (70 letters fit, not \
                 160)",
                people(self.cost.dear_names)
            ));
        }
        let mut text: String = remarks.iter().map(|remark| format!("\n- {remark}")).collect();
        let dear = dear_texts(&self.flow, &self.source);
        if !dear.is_empty() {
            text.push_str("\n\nTexts that could cost less:");
        }
        for problem in dear {
            let help = problem.help.map(|help| format!(" {help}")).unwrap_or_default();
            text.push_str(&format!("\n- line {}: {}{help}", problem.place.line, problem.message));
        }
        text
    }

    fn prices(&self) -> Option<&Prices> {
        self.settings.as_ref()?.prices.as_ref()
    }

    fn money(&self, amount: Amount) -> Option<f64> {
        money_for(self.settings.as_ref()?, amount)
    }

    fn json(&self, late: Option<Duration>) -> serde_json::Value {
        let amount = |amount: Amount| {
            serde_json::json!({
                "messages": amount.messages.ceil(), "segments": amount.segments.ceil(),
                "money": self.money(amount).map(|money| (money * 100.0).ceil() / 100.0),
                "seconds": self.time(amount).map(|time| time.as_secs()),
            })
        };
        let texts: Vec<_> = sent_texts(&self.flow)
            .into_iter()
            .map(|text| {
                let dear: String = text.dear_letters().into_iter().map(|(dear, _)| dear).collect();
                serde_json::json!({
                    "step": text.step, "language": text.language.as_str(),
                    "segments": text.cost().segments, "dear_letters": dear,
                })
            })
            .collect();
        let languages: serde_json::Map<_, _> = self
            .cost
            .languages
            .iter()
            .map(|(language, count)| (language.as_str().to_owned(), (*count).into()))
            .collect();
        serde_json::json!({
            "schema": 1, "flow": self.flow.id, "people": self.cost.people, "languages": languages,
            "currency": self.prices().map(|prices| &prices.currency),
            "nobody_answers": amount(self.cost.silence), "expected": amount(self.cost.expected),
            "most": amount(self.cost.most), "dear_names": self.cost.dear_names,
            "answering": self.habits.answer, "finishing": self.habits.finish,
            "assumed": self.assumed, "texts": texts,
            "expires_after_seconds": self.flow.rules.expires_after.as_secs(),
            "too_slow": late.is_some(),
        })
    }
}

/// What a start will probably take, in one line; `None` where it cannot be said.
pub(super) async fn before_start(
    office: &Office,
    written: &WrittenFlow,
    audience: &Audience,
) -> Option<String> {
    let beside = Beside::of(&written.beside).0;
    let flow = crate::flow::read(&written.source, &beside).0?;
    let settings = office.settings().ok()?;
    let reader = office.reader().await.ok()?;
    let people = reader.people_of(audience, crate::clock::wall()).await.ok()?;
    if people.is_empty() {
        return None;
    }
    let (habits, _) = experience(&reader).await.ok()?;
    let people: Vec<(Contact, u64)> = people.into_iter().map(|person| (person, 1)).collect();
    let cost = engine::cost(&flow, &people, habits);
    let amount = cost.expected;
    let price = money_for(&settings, amount).zip(settings.prices.as_ref());
    let price = price.map(|(sum, prices)| format!(", about {} {}", money(sum), prices.currency));
    let long = time_for(&settings, amount).map(|long| format!(", {} of sending", time(long)));
    Some(format!(
        "Expected: about {} SMS for {}{}{}; `rollcall flow cost {}` tells more.",
        grouped(amount.segments),
        self::people(cost.people),
        price.unwrap_or_default(),
        long.unwrap_or_default(),
        flow.id
    ))
}

fn time_for(settings: &Settings, amount: Amount) -> Option<Duration> {
    let paces: Vec<_> = settings.channels.iter().map(|channel| channel.pace).collect();
    engine::time_to_send(amount.segments, &paces, quiet_hours(settings))
}

/// Segments go out by all channels: the price is that of their operators, on average.
fn money_for(settings: &Settings, amount: Amount) -> Option<f64> {
    let prices = settings.prices.as_ref()?;
    let of_channel = |operator: &Option<String>| {
        let own = operator.as_ref().and_then(|operator| prices.operators.get(operator));
        own.copied().unwrap_or(prices.per_sms)
    };
    let each: Vec<f64> =
        settings.channels.iter().map(|channel| of_channel(&channel.operator)).collect();
    let average = match each.len() {
        0 => prices.per_sms,
        count => each.iter().sum::<f64>() / count as f64,
    };
    Some(amount.segments * average)
}

fn quiet_hours(settings: &Settings) -> f64 {
    let Some(quiet) = settings.quiet_hours else { return 0.0 };
    let minute = |time: jiff::civil::Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    f64::from((minute(quiet.to) - minute(quiet.from)).rem_euclid(24 * 60)) / 60.0
}

fn people(count: u64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", grouped(count as f64)) }
}

fn money(sum: f64) -> String {
    let cents = (sum * 100.0).ceil();
    format!("{}.{:02.0}", grouped((cents / 100.0).floor()), cents % 100.0)
}

fn time(long: Duration) -> String {
    let minutes = long.as_secs().div_ceil(60);
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => counted(minutes, "minute"),
        (0, hours, 0) => counted(hours, "hour"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => counted(days, "day"),
        (days, hours, _) => format!("{} {hours} h", counted(days, "day")),
    }
}

/// A whole number with its thousands apart: `12,345`.
fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.ceil());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(grouped(0.0), "0");
        assert_eq!(grouped(1_234_567.2), "1,234,568");
        assert_eq!(money(64.2), "64.20");
        assert_eq!(money(1_000.0), "1,000.00");
        assert_eq!(time(Duration::from_secs(90 * 60)), "1 h 30 min");
        assert_eq!(time(Duration::from_secs(25 * 3_600)), "1 day 1 h");
        assert_eq!(time(Duration::from_secs(59)), "1 minute");
    }

    #[test]
    fn the_price_is_that_of_the_channels_operators() {
        let settings = crate::config::read(
            "prices: {currency: USD, per_sms: 0.02, operators: {orange-lr: 0.04}}\n\
             channels:\n- name: a\n  operator: orange-lr\n- name: b\n",
        )
        .expect("the settings are right");
        let amount = Amount { messages: 10.0, segments: 100.0 };
        assert_eq!(money_for(&settings, amount).map(money).as_deref(), Some("3.00"));
        assert_eq!(quiet_hours(&settings), 12.0);
    }
}
