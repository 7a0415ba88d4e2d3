//! How long a person waits for the office: from the last byte that a modem says about an
//! arriving text to the first byte of the command that sends the next question, through a real
//! pseudo-terminal, the real service and a store that does not wait for the disk. The modem
//! itself takes no time. Aim: 20 ms at the 99th percentile.

#[cfg(unix)]
mod figures;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    let times = unix::turnarounds()?;
    figures::show("turnaround on a pseudo-terminal, less the disk's part", times);
    Ok(())
}

#[cfg(not(unix))]
fn main() {
    println!("pseudo-terminals are there on unix only");
}

#[cfg(unix)]
mod unix {
    use anyhow::{Context, Result};
    use jiff::tz::TimeZone;
    use rollcall::clock::{self, Clock};
    use rollcall::contacts::{ImportPlan, ImportedPerson};
    use rollcall::model::{Pace, Region};
    use rollcall::service;
    use rollcall::store::{Audience, Home, Store};
    use rollcall::switchboard::{
        Chance, ChannelSettings, Event, Find, ReplyTo, Request, Settings, Switchboard, WrittenFlow,
    };
    use rollcall_drivers::pdu::{Incoming, decode_incoming};
    use rollcall_drivers::port::pty::Pty;
    use rollcall_drivers::simulator::{
        Between, Country, ModemNo, ModemPlan, NetworkPlan, PersonPlan, Plan, Temperament, What,
    };
    use std::fmt::Write;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    const QUESTIONS: usize = 100;
    const PEOPLE: usize = 10;
    const GOOD_BYE: &str = "Thank you.";

    pub fn turnarounds() -> Result<Vec<Duration>> {
        let folder = tempfile::tempdir()?;
        let (tell, port) = std::sync::mpsc::channel();
        let country = std::thread::spawn(move || country(&tell));
        let port: PathBuf = port.recv().context("no pseudo-terminal")?;
        let folder = folder.path().to_owned();
        let office = std::thread::spawn(move || office(&folder, port));
        let times = country.join().map_err(|_| anyhow::anyhow!("the country fell over"))??;
        drop(office);
        Ok(times)
    }

    fn runtime() -> Result<tokio::runtime::Runtime> {
        Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
    }

    /// The office: the service as `serve` runs it.
    fn office(folder: &Path, port: PathBuf) -> Result<()> {
        runtime()?.block_on(async {
            let region = Region::new("LR").context("Liberia is a country")?;
            let mut settings = Settings::new(region, TimeZone::UTC);
            settings.quiet_hours = None;
            settings.budget_per_hour = 10_000;
            settings.channels = vec![ChannelSettings {
                pace: Pace::UNLIMITED,
                ..ChannelSettings::new("stick", Find::ByPort(port.display().to_string()))
            }];
            std::fs::create_dir_all(folder.join("data"))?;
            let home = Home::Scratch(folder.join("data/rollcall.db"));
            let (store, _) = Store::open(&home, clock::stopwatch).await?;
            let (mut office, mut first) =
                Switchboard::open(store, settings, Chance([0; 32]), clock::wall()).await?;
            for request in requests() {
                let event = Event::Request(request, ReplyTo(1));
                first.extend(office.handle(clock::wall(), vec![event]).await?);
            }
            let clock = Clock::new(clock::wall());
            service::run(office, first, clock, &folder.join("data"), std::future::pending()).await
        })
    }

    fn requests() -> Vec<Request> {
        let people = (0..PEOPLE).map(|person| ImportedPerson {
            name: format!("Person {person}"),
            numbers: vec![number_of(person)],
            ..ImportedPerson::default()
        });
        let plan = ImportPlan { people: people.collect(), ..ImportPlan::default() };
        let start = Request::StartCampaign {
            flow: WrittenFlow {
                file: "long.yaml".to_owned(),
                source: long_flow(),
                beside: Default::default(),
                recordings: None,
            },
            name: None,
            audience: Audience::default(),
            start_key: "bench".to_owned(),
            by: None,
        };
        vec![Request::ImportContacts { plan }, start]
    }

    /// The country behind the pseudo-terminal, until everybody has answered everything. Where two
    /// texts arrive together, the time is that of the later one.
    fn country(tell: &std::sync::mpsc::Sender<PathBuf>) -> Result<Vec<Duration>> {
        runtime()?.block_on(async {
            let pty = Pty::open()?;
            tell.send(pty.path().to_owned())?;
            let utc_ms = clock::wall().as_millisecond();
            let mut country = Country::new(plan(), 1, clock::instant(), utc_ms);
            let mut watch = Watch::default();
            let mut bytes = [0; 4_096];
            let mut done = 0;
            while done < PEOPLE {
                while let Some((_, bytes)) = country.poll_transmit() {
                    pty.write(&bytes)?;
                    watch.modem_said(&bytes, clock::instant());
                }
                while let Some(happening) = country.poll_happening() {
                    let is_last = |text: &str| text == GOOD_BYE;
                    done += usize::from(
                        matches!(&happening.what, What::Delivered { text, .. } if is_last(text)),
                    );
                }
                tokio::select! {
                    length = pty.read(&mut bytes) => {
                        let now = clock::instant();
                        let heard = &bytes[..length?];
                        watch.office_said(heard, now);
                        country.handle_bytes(now, ModemNo(0), heard);
                    }
                    () = until(country.poll_timeout()) => country.handle_timeout(clock::instant()),
                }
            }
            Ok(watch.times)
        })
    }

    /// Looks at the bytes of both sides.
    #[derive(Default)]
    struct Watch {
        /// When the newest text from a person had wholly been said.
        text_at: Option<Instant>,
        times: Vec<Duration>,
    }

    impl Watch {
        fn modem_said(&mut self, bytes: &[u8], now: Instant) {
            let said = String::from_utf8_lossy(bytes);
            let is_text = |line: &str| {
                let octets: Option<Vec<u8>> = (0..line.len() / 2)
                    .map(|at| u8::from_str_radix(line.get(2 * at..2 * at + 2)?, 16).ok())
                    .collect();
                let incoming = octets.filter(|octets| octets.len() > 10);
                matches!(incoming.map(|it| decode_incoming(&it)), Some(Ok(Incoming::Deliver(_))))
            };
            if said.lines().any(|line| is_text(line.trim())) {
                self.text_at = Some(now);
            }
        }

        fn office_said(&mut self, bytes: &[u8], now: Instant) {
            if String::from_utf8_lossy(bytes).contains("AT+CMGS")
                && let Some(text_at) = self.text_at.take()
            {
                self.times.push(now - text_at);
            }
        }
    }

    fn plan() -> Plan {
        let modem = ModemPlan { latency: Duration::ZERO, ..ModemPlan::numbered(1) };
        let at_once = Between { from: Duration::ZERO, to: Duration::ZERO };
        let network = NetworkPlan {
            submit: at_once,
            delivery: at_once,
            report: at_once,
            ..NetworkPlan::default()
        };
        let people = (0..PEOPLE).map(|person| {
            let mut plan = PersonPlan::new(number_of(person), Temperament::Completes);
            for question in 0..QUESTIONS {
                plan = plan.says(&format!("thing {question} "), &format!("{question}"));
            }
            // One conversation after the other.
            plan.delay = at_once;
            plan
        });
        let people = people.collect();
        Plan { modems: vec![modem], network, people, ..Plan::default() }
    }

    fn number_of(person: usize) -> String {
        format!("+2318861200{person:02}")
    }

    fn long_flow() -> String {
        let mut flow = "flow: long\ntitle: Long\nlanguages: [en]\nquestions:\n".to_owned();
        for question in 0..QUESTIONS {
            let ask = format!("ask: {{en: \"How many of thing {question} do you have?\"}}");
            let _ = writeln!(flow, "- id: q{question}\n  {ask}\n  type: number");
        }
        flow + &format!("endings:\n  done:\n    say: {{en: \"{GOOD_BYE}\"}}\n")
    }

    async fn until(deadline: Option<Instant>) {
        match deadline {
            Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
            None => std::future::pending().await,
        }
    }
}
