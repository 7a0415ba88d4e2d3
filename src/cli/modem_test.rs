//! `rollcall modem test`: sends a text, waits for it and for its report, and says what works.
//!
//! Where `serve` runs, the text goes its way like any other and the store is watched; where it does
//! not, this command holds the modem itself.

use super::modem_port::{Found, Held, Which};
use super::{Context, Outcome, table};
use crate::clock::stopwatch;
use crate::model::PhoneNumber;
use crate::office::Office;
use crate::store::MessageFilter;
use crate::switchboard::{Reply, Request};
use anyhow::{Context as _, Result};
use rollcall_drivers::modem::{AttemptId, Command, Event, Registration, Slot, Status};
use rollcall_drivers::pdu::{
    Address, DeliveryStatus, Incoming, ReferenceWidth, ReportRequest, Submit, decode_incoming,
    split,
};
use serde::Serialize;
use std::time::Duration;

/// Send a text to oneself, wait for it and its report, say what works
///
/// Without --to it goes to the channel's own number and has to come back; with --to it goes to a
/// phone that you can look at. It costs one text.
///
/// Example: rollcall modem test --channel stick-1 --to 0886123456
#[derive(Debug, clap::Args)]
pub struct TestCommand {
    #[command(flatten)]
    which: Which,
    /// The phone; else the channel's own number
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// For how many seconds the text and its report are waited for
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    wait: u64,
}

/// What was looked at, in order.
#[derive(Default, Serialize)]
struct Findings {
    steps: Vec<Step>,
    #[serde(skip)]
    began: Duration,
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    result: Verdict,
    seconds: Option<f64>,
    words: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Works,
    Missing,
    Failed,
}

/// What a test text is still waited for.
struct Awaited {
    text: String,
    /// The text itself comes back to the same SIM.
    back: bool,
    report: bool,
}

impl TestCommand {
    pub(super) async fn run(self, context: &Context) -> Result<Outcome> {
        let mut findings = Findings { began: stopwatch(), ..Findings::default() };
        match self.which.find(context).await? {
            Found::Not(outcome) => return Ok(outcome),
            Found::Held(mut held) => {
                let Some(to) = self.number(context, held.number.as_deref())? else {
                    held.release().await?;
                    return Ok(Outcome::WrongUsage);
                };
                self.try_held(&mut held, &to, &mut findings).await?;
                held.release().await?;
            }
            Found::Served(office) => {
                let Some(channel) = self.which.channel_in(&office)? else {
                    eprintln!("Say by which channel, with --channel; `rollcall modem list`.");
                    return Ok(Outcome::WrongUsage);
                };
                let Some(to) = self.number(context, channel.number.as_deref())? else {
                    return Ok(Outcome::WrongUsage);
                };
                let back = channel.number.as_deref() == Some(&to);
                self.try_served(&office, &channel.name, &to, back, &mut findings).await?;
            }
        }
        Ok(findings.tell(context))
    }

    /// Where the text goes; nobody knows: `None`, and it was said.
    fn number(&self, context: &Context, own: Option<&str>) -> Result<Option<String>> {
        let Some(named) = self.to.as_deref().or(own) else {
            eprintln!(
                "The SIM's own number is not known: name a phone with --to, or write `number:` \
                 under the channel in rollcall.yaml."
            );
            return Ok(None);
        };
        if let Some(number) = PhoneNumber::from_e164(named) {
            return Ok(Some(number.e164().to_owned()));
        }
        let region = context.office()?.settings()?.region;
        let number = PhoneNumber::parse(named, region).with_context(|| format!("`{named}`"))?;
        Ok(Some(number.e164().to_owned()))
    }

    /// Sends by the modem that this command holds.
    async fn try_held(&self, held: &mut Held, to: &str, findings: &mut Findings) -> Result<()> {
        let identity = &held.identity;
        let who = format!("{} {}, IMEI {}", identity.manufacturer, identity.model, identity.imei);
        findings.works("modem", who);
        let own = held.number.as_deref() == Some(to);
        let waited = tokio::time::timeout(Duration::from_secs(60), has_network(held, findings));
        if waited.await.unwrap_or(false) {
            let text = test_text()?;
            let awaited = Awaited { text, back: own, report: true };
            let patience = Duration::from_secs(self.wait);
            let mut awaited = send(held, to, awaited, findings).await?;
            let waited = tokio::time::timeout(patience, wait_for(held, &mut awaited, findings));
            let _ = waited.await;
            findings.miss(&awaited.0, patience);
        } else if findings.steps.len() == 1 {
            findings.note("network", Verdict::Failed, "the modem does not tell how it is");
        }
        Ok(())
    }

    /// Sends by the `serve` that has the modem, and watches the store.
    async fn try_served(
        &self,
        office: &Office,
        channel: &str,
        to: &str,
        back: bool,
        findings: &mut Findings,
    ) -> Result<()> {
        let known = office.reader().await?.channels().await?;
        match known.iter().find(|line| line.name == channel) {
            Some(line) if line.state == "ready" => {
                let signal = line.signal.map(|dbm| format!(", signal {dbm} dBm"));
                findings.works("modem", format!("ready{}", signal.unwrap_or_default()));
            }
            line => {
                let why = line.map(|line| format!("{}: {}", line.state, line.why));
                findings.note("modem", Verdict::Failed, why.unwrap_or_else(|| "not there".into()));
                return Ok(());
            }
        }
        let text = test_text()?;
        let (channel, number) = (Some(channel.to_owned()), to.to_owned());
        let reply =
            office.submit(Request::SendText { channel, number, text: text.clone() }).await?;
        if let Reply::Refused { words } | Reply::NotFound { words } = reply {
            findings.note("sent", Verdict::Failed, words);
            return Ok(());
        }
        let patience = Duration::from_secs(self.wait);
        let mut awaited = Awaited { text, back, report: true };
        let watch = watch(office, to, &mut awaited, findings);
        if let Ok(watched) = tokio::time::timeout(patience, watch).await {
            watched?;
        }
        if !findings.steps.iter().any(|step| step.step == "sent") {
            let words = "it has not left yet: `rollcall messages list --status queued` says why";
            findings.note("sent", Verdict::Missing, words);
        } else {
            findings.miss(&awaited, patience);
        }
        Ok(())
    }
}

/// Waits until the modem has told how it is. `true`: it has a network.
async fn has_network(held: &mut Held, findings: &mut Findings) -> bool {
    while let Some(event) = held.next().await {
        let Event::Status(status) = event else { continue };
        if status.registration.is_registered() {
            findings.works("network", status_words(&status));
            return true;
        }
        if status.registration == Registration::Denied {
            findings.note("network", Verdict::Failed, status_words(&status));
            return false;
        }
    }
    false
}

fn status_words(status: &Status) -> String {
    let operator = status.operator.as_deref().unwrap_or("no name");
    let signal = status.signal.map_or("signal unknown".to_owned(), |signal| {
        format!("signal {} of 31 ({} dBm)", signal.level, signal.dbm())
    });
    format!("{operator}, {}, {signal}", status.registration)
}

/// Words that no other text has.
fn test_text() -> Result<String> {
    let mut drawn = [0; 2];
    getrandom::fill(&mut drawn).context("this machine gives no random numbers")?;
    Ok(format!("Rollcall test {}", u16::from_be_bytes(drawn)))
}

/// The reference stands for the report: the modem's number of what was sent.
async fn send(
    held: &mut Held,
    to: &str,
    mut awaited: Awaited,
    findings: &mut Findings,
) -> Result<(Awaited, Option<u8>)> {
    let to = Address::parse(to)?;
    let mut pieces = split(&awaited.text, 1, ReferenceWidth::Eight)?;
    let piece = pieces.pop().context("the text is empty")?;
    let submit = Submit { report: ReportRequest::Yes, ..Submit::new(to, piece) };
    let encoded = submit.encode();
    let (attempt, tpdu_len) = (AttemptId(1), encoded.tpdu_len);
    held.give(Command::Send { attempt, tpdu_len, pdu: encoded.octets });
    let mut reference = None;
    let words = loop {
        match held.next().await {
            Some(Event::Sent { reference: told, .. }) => {
                reference = told;
                findings.works("sent", "the network took the text");
                return Ok((awaited, reference));
            }
            Some(Event::NotSent { cause, .. }) => {
                break format!("not sent: {cause}; {}", cause.advice().words());
            }
            Some(Event::Unclear { why, .. }) => break format!("it may have left or not: {why}"),
            Some(_) => {}
            None => break "the modem is gone".to_owned(),
        }
    };
    findings.note("sent", Verdict::Failed, words);
    (awaited.back, awaited.report) = (false, false);
    Ok((awaited, reference))
}

/// Waits for the text and its report. Both are taken out of the stick; nothing else is.
async fn wait_for(
    held: &mut Held,
    (awaited, reference): &mut (Awaited, Option<u8>),
    findings: &mut Findings,
) {
    while awaited.back || awaited.report {
        let Some(event) = held.next().await else { return };
        let Event::Received { slot, pdu } = event else { continue };
        let is_ours = match decode_incoming(&pdu) {
            Ok(Incoming::Deliver(message)) if message.data.text() == Some(&awaited.text) => {
                findings.works("arrived", "the text came back to this SIM");
                awaited.back = false;
                true
            }
            Ok(Incoming::StatusReport(report))
                if reference.is_none_or(|reference| reference == report.reference) =>
            {
                findings.report(report.status);
                awaited.report = false;
                true
            }
            Ok(_) | Err(_) => false,
        };
        if let Some(slot) = slot.filter(|_| is_ours) {
            forget(held, slot);
        }
    }
}

fn forget(held: &Held, slot: Slot) {
    held.give(Command::Forget { slot });
}

/// Watches the store until the text has come to its end.
async fn watch(
    office: &Office,
    to: &str,
    awaited: &mut Awaited,
    findings: &mut Findings,
) -> Result<()> {
    let reader = office.reader().await?;
    let filter =
        MessageFilter { number: Some(to.to_owned()), status: None, direction: None, limit: 50 };
    let mut left = false;
    while awaited.back || awaited.report {
        let mut lines = reader.messages(&filter).await?;
        // It may have come back between two looks: that it left is told first.
        lines.sort_by_key(|line| line.direction == "in");
        for line in lines {
            if line.text != awaited.text {
                continue;
            }
            if line.direction == "in" && awaited.back {
                findings.works("arrived", "the text came back to this SIM");
                awaited.back = false;
                close_in_inbox(office, &awaited.text).await?;
            }
            if line.direction == "in" {
                continue;
            }
            if matches!(line.status.as_str(), "sent" | "delivered") && !left {
                left = true;
                findings.works("sent", "the network took the text");
            }
            match line.status.as_str() {
                "delivered" if awaited.report => {
                    findings.works("report", "the network says that it was delivered");
                    awaited.report = false;
                }
                "failed" | "uncertain" | "expired" | "cancelled" => {
                    let words = format!("{}: {}", line.status, line.why);
                    findings.note("sent", Verdict::Failed, words);
                    return Ok(());
                }
                _ => {}
            }
        }
        rest(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// The office keeps what its own numbers write for a person; this one is done with.
async fn close_in_inbox(office: &Office, text: &str) -> Result<()> {
    let lines = office.reader().await?.inbox().await?;
    if let Some(line) = lines.iter().find(|line| line.text == text) {
        office.submit(Request::InboxClose { inbox: line.id }).await?;
    }
    Ok(())
}

impl Findings {
    fn works(&mut self, step: &'static str, words: impl Into<String>) {
        self.note(step, Verdict::Works, words);
    }

    fn note(&mut self, step: &'static str, result: Verdict, words: impl Into<String>) {
        let seconds = stopwatch().saturating_sub(self.began).as_secs_f64();
        let seconds = Some((seconds * 10.0).round() / 10.0);
        self.steps.push(Step { step, result, seconds, words: words.into() });
    }

    fn report(&mut self, status: DeliveryStatus) {
        if matches!(status, DeliveryStatus::Delivered(_)) {
            self.works("report", "the network says that it was delivered");
        } else {
            self.note("report", Verdict::Failed, format!("the network says: {status}"));
        }
    }

    /// What did not come in time.
    fn miss(&mut self, awaited: &Awaited, patience: Duration) {
        let seconds = patience.as_secs();
        if awaited.back {
            let words = format!("the text did not come back within {seconds} s");
            self.note("arrived", Verdict::Missing, words);
        }
        if awaited.report {
            let words = format!(
                "no delivery report within {seconds} s; some networks give none, and then \
                 Rollcall waits for answers alone"
            );
            self.note("report", Verdict::Missing, words);
        }
    }

    fn outcome(&self) -> Outcome {
        let has = |verdict| self.steps.iter().any(|step| step.result == verdict);
        match (has(Verdict::Failed), has(Verdict::Missing)) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::LookAt,
            (false, false) => Outcome::Done,
        }
    }

    fn tell(self, context: &Context) -> Outcome {
        let outcome = self.outcome();
        if context.json {
            let works = outcome == Outcome::Done;
            println!("{}", serde_json::json!({"schema": 1, "works": works, "steps": self.steps}));
            return outcome;
        }
        let rows = self.steps.into_iter().map(|step| {
            let verdict = match step.result {
                Verdict::Works => "works",
                Verdict::Missing => "missing",
                Verdict::Failed => "fails",
            };
            let after = step.seconds.map(|seconds| format!("after {seconds:.1} s"));
            vec![step.step.into(), verdict.into(), after.unwrap_or_default(), step.words]
        });
        println!("{}", table(&["step", "", "", ""], rows.collect()));
        println!(
            "\n{}",
            match outcome {
                Outcome::Done => "All of it works.",
                Outcome::LookAt => "Texts leave; look at what is missing.",
                _ => "This does not work yet. `rollcall modem list` may say more.",
            }
        );
        outcome
    }
}

#[expect(clippy::disallowed_methods, reason = "this door may wait")]
async fn rest(duration: Duration) {
    tokio::time::sleep(duration).await;
}
