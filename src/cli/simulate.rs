//! `rollcall simulate`: a country of modems, network and people behind pseudo-terminals.
//!
//! The same country as in tests and the demo, but in real time and for any program that can open
//! a serial port. It decides nothing: bytes and times go in, bytes come out, and `--log` keeps
//! what really happened.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use rollcall_drivers::port::pty::Pty;
use rollcall_drivers::simulator::{
    Country, Fault, Happening, ModemNo, ModemPlan, NetworkPlan, Pace, PersonPlan, Personality,
    Plan, Port, Recurring, Told, What,
};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::simulate_sound::{self, Sounds};
use crate::people;

/// Reads that may wait until the country has time for them.
const WAITING_READS: usize = 64;

/// Run a simulated country behind pseudo-terminals until told to stop.
///
/// Example: rollcall simulate --modems 2 --personality huawei,zte --dir /tmp/country
#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// How many modems are plugged in
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=64))]
    pub modems: u16,
    /// What kinds of modems they are, in turn: huawei,zte or --personality huawei --personality zte
    ///
    /// generic keeps to the standards; the others behave like sticks and modules of their makers.
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = "generic")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(
        Personality::ALL.iter().map(Personality::name)
    ))]
    pub personality: Vec<String>,
    /// What goes wrong with them, at moments that the seed draws: hang,port-gone=4 or all
    ///
    /// bytes-lost, garbage, hang, hang-in-send, reboot, port-gone, result-lost, storage-lies,
    /// flood, verbose-errors, slow-prompts; =N is how many times a day, else once an hour.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = faults)]
    pub faults: Vec<Faults>,
    /// Who lives there, as a table (docs/people-file.md); without it, only numbers ending in 1 to 5
    #[arg(long, value_name = "FILE")]
    pub people: Option<PathBuf>,
    /// Where the modems appear, as modem-1, modem-2, … and modem-1.audio, the sound of its calls
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,
    /// Whether people and network take their time
    #[arg(long, value_enum, default_value_t = PaceName::Real)]
    pub pace: PaceName,
    /// Draws delays and slips; the same number draws the same
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Keeps what really happened, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

/// What goes wrong again and again: one kind, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Recurring>);

/// How often a day a fault comes where nothing else is said.
const TIMES_A_DAY: u32 = 24;

/// Reads `NAME`, `NAME=N`, `all` or `all=N`.
fn faults(text: &str) -> Result<Faults, String> {
    let (name, times) = match text.split_once('=') {
        Some((name, times)) => (name, times.parse().ok().filter(|times| *times > 0)),
        None => (text, Some(TIMES_A_DAY)),
    };
    let times =
        times.ok_or_else(|| format!("{text}: after = stands how many times a day, from 1"))?;
    if name == "all" {
        return Ok(Faults(Fault::EACH.map(|fault| fault.times_a_day(times)).into()));
    }
    let fault = Fault::named(name).ok_or_else(|| {
        let names: Vec<&str> = Fault::EACH.iter().map(Fault::name).collect();
        format!("nothing that goes wrong is called {name}; there are all, {}", names.join(", "))
    })?;
    Ok(Faults(vec![fault.times_a_day(times)]))
}

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PaceName {
    /// As in life
    Real,
    /// Milliseconds instead of seconds
    Fast,
}

/// Runs the country until SIGTERM or Ctrl-C.
///
/// # Errors
/// A people file that cannot be read, a folder that cannot be written, no pseudo-terminals left.
pub async fn run(args: &Simulate) -> anyhow::Result<()> {
    let plan = plan(args)?;
    let mut log = args.log.as_deref().map(Log::open).transpose()?;
    let (mut doors, mut heard) = Doors::open(&args.dir, &plan.modems)?;
    for line in doors.announcements(&plan.modems) {
        println!("{line}");
    }
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut sounds = Sounds::open(&args.dir, plan.modems.len(), now())?;
    let mut country = Country::new(plan, args.seed, now(), utc_ms());
    loop {
        doors.pass_on(&mut country)?;
        while let Some(happening) = country.poll_happening() {
            log.as_mut().map_or(Ok(()), |log| log.keep(&happening))?;
        }
        tokio::select! {
            Some((modem, bytes)) = heard.recv() => country.handle_bytes(now(), modem, &bytes),
            () = until(country.poll_timeout()) => country.handle_timeout(now()),
            () = until(Some(sounds.next())) => sounds.tick(now(), &mut country).await?,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    eprintln!("The simulated country is switched off.");
    Ok(())
}

fn plan(args: &Simulate) -> anyhow::Result<Plan> {
    let people = args.people.as_deref().map(read_people).transpose()?.unwrap_or_default();
    let kinds: Vec<Personality> =
        args.personality.iter().filter_map(|name| Personality::named(name)).collect();
    let modem = |(nth, personality): (u16, &Personality)| {
        let faults = args.faults.iter().flat_map(|faults| faults.0.clone()).collect();
        let personality = *personality;
        let mut modem = ModemPlan { personality, faults, ..ModemPlan::numbered(nth) };
        if args.pace == PaceName::Fast {
            modem.latency = Duration::ZERO;
        }
        modem
    };
    let modems = (1..=args.modems).zip(kinds.iter().cycle()).map(modem).collect();
    let pace = match args.pace {
        PaceName::Real => Pace::Real,
        PaceName::Fast => Pace::Fast,
    };
    Ok(Plan { modems, network: NetworkPlan::default(), people, pace })
}

fn read_people(file: &Path) -> anyhow::Result<Vec<PersonPlan>> {
    let name = file.display().to_string();
    let source = std::fs::read_to_string(file)
        .with_context(|| format!("the people file {name} cannot be read"))?;
    people::read(&source, &name).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", lines.join("\n"))
    })
}

/// The modems' pseudo-terminals and the names under which they are found. The names go away with
/// it.
struct Doors {
    doors: Vec<Door>,
    tell: mpsc::Sender<(ModemNo, Vec<u8>)>,
}

/// A modem's name, and what is behind it now.
struct Door {
    link: PathBuf,
    behind: Behind,
}

enum Behind {
    Port(Arc<Pty>, AbortHandle),
    /// Its port is gone. The next one is there already: so it has another path than the last.
    Nothing(Pty),
}

impl Doors {
    fn open(dir: &Path, modems: &[ModemPlan]) -> anyhow::Result<(Doors, Heard)> {
        std::fs::create_dir_all(dir)
            .with_context(|| format!("the folder {} cannot be made", dir.display()))?;
        let dir = std::path::absolute(dir)?;
        let (tell, heard) = mpsc::channel(WAITING_READS);
        let mut doors = Doors { doors: Vec::new(), tell };
        for nth in 0..modems.len() {
            let pty = new_pty()?;
            let link = dir.join(format!("modem-{}", nth + 1));
            make_link(pty.path(), &link)?;
            let behind = doors.listen(ModemNo(nth), pty);
            doors.doors.push(Door { link, behind });
        }
        Ok((doors, heard))
    }

    /// Hears what the computer writes to a modem.
    fn listen(&self, modem: ModemNo, pty: Pty) -> Behind {
        let pty = Arc::new(pty);
        let (reads, tell) = (Arc::clone(&pty), self.tell.clone());
        let reader = tokio::spawn(async move {
            let mut bytes = [0; 4_096];
            while let Ok(length) = reads.read(&mut bytes).await {
                if tell.send((modem, bytes[..length].to_vec())).await.is_err() {
                    break;
                }
            }
        });
        Behind::Port(pty, reader.abort_handle())
    }

    /// One line a modem, for whoever looks for them.
    fn announcements(&self, modems: &[ModemPlan]) -> Vec<Value> {
        let line = |(door, modem): (&Door, &ModemPlan)| {
            json!({
                "schema": 1,
                "path": door.link,
                "audio": simulate_sound::beside(&door.link),
                "imei": modem.imei,
                "iccid": modem.iccid,
                "number": modem.number,
                "personality": modem.personality.name(),
            })
        };
        self.doors.iter().zip(modems).map(line).collect()
    }

    /// Gives the computer what the modems say. What it does not read is lost.
    fn pass_on(&mut self, country: &mut Country) -> anyhow::Result<()> {
        while let Some((modem, port)) = country.poll_port() {
            match port {
                Port::Gone => self.take_away(modem)?,
                Port::Back => self.bring_back(modem)?,
            }
        }
        while let Some((modem, bytes)) = country.poll_transmit() {
            if let Behind::Port(pty, _) = &self.doors[modem.0].behind {
                pty.write(&bytes).context("a pseudo-terminal is gone")?;
            }
        }
        Ok(())
    }

    fn take_away(&mut self, modem: ModemNo) -> anyhow::Result<()> {
        let next = Behind::Nothing(new_pty()?);
        self.doors[modem.0].close();
        self.doors[modem.0].behind = next;
        Ok(())
    }

    fn bring_back(&mut self, modem: ModemNo) -> anyhow::Result<()> {
        let next = Behind::Nothing(new_pty()?);
        if let Behind::Nothing(pty) = std::mem::replace(&mut self.doors[modem.0].behind, next) {
            make_link(pty.path(), &self.doors[modem.0].link)?;
            self.doors[modem.0].behind = self.listen(modem, pty);
        }
        Ok(())
    }
}

impl Door {
    /// Takes the name away, and hangs up on whoever holds the port open.
    fn close(&self) {
        let Behind::Port(pty, reader) = &self.behind else { return };
        reader.abort();
        if std::fs::read_link(&self.link).is_ok_and(|target| target == pty.path()) {
            std::fs::remove_file(&self.link).ok();
        }
    }
}

impl Drop for Doors {
    fn drop(&mut self) {
        self.doors.iter().for_each(Door::close);
    }
}

type Heard = mpsc::Receiver<(ModemNo, Vec<u8>)>;

pub(super) fn new_pty() -> anyhow::Result<Pty> {
    Pty::open().context("the system gives no pseudo-terminal")
}

/// Makes the name, in the place of one that an earlier country left behind.
pub(super) fn make_link(target: &Path, link: &Path) -> anyhow::Result<()> {
    match std::fs::symlink_metadata(link) {
        Ok(found) if found.is_symlink() => std::fs::remove_file(link)?,
        Ok(_) => bail!("{} is in the way and is no link; choose another folder", link.display()),
        Err(_) => {}
    }
    std::os::unix::fs::symlink(target, link)
        .with_context(|| format!("the link {} cannot be made", link.display()))
}

/// What really happened, for checks from outside.
struct Log(File);

impl Log {
    fn open(path: &Path) -> anyhow::Result<Log> {
        let file = File::options().create(true).append(true).open(path);
        file.map(Log).with_context(|| format!("the log {} cannot be written", path.display()))
    }

    fn keep(&mut self, happening: &Happening) -> anyhow::Result<()> {
        writeln!(self.0, "{}", told(happening)).context("the log cannot be written")
    }
}

/// A happening as a line of the log.
fn told(happening: &Happening) -> Value {
    let mut line = match &happening.what {
        What::Accepted { modem, to, text, reference, told } => json!({
            "what": "accepted", "modem": modem.0 + 1, "to": to, "text": text,
            "reference": reference, "told": *told == Told::Yes,
        }),
        What::Refused { modem, to, cause } => {
            json!({"what": "refused", "modem": modem.0 + 1, "to": to, "cause": cause})
        }
        What::Delivered { to, from, text } => {
            json!({"what": "delivered", "to": to, "from": from, "text": text})
        }
        What::Undelivered { to, status } => {
            json!({"what": "undelivered", "to": to, "status": status})
        }
        What::Said { by, to, text, answering } => {
            json!({"what": "said", "by": by, "to": to, "text": text, "answering": answering})
        }
        What::Received { modem, from, text } => {
            json!({"what": "received", "modem": modem.0 + 1, "from": from, "text": text})
        }
        What::Called { modem, to } => {
            json!({"what": "called", "modem": modem.0 + 1, "to": to})
        }
        What::PickedUp { by } => json!({"what": "picked_up", "by": by}),
        What::Pressed { by, keys } => json!({"what": "pressed", "by": by, "keys": keys}),
        What::Spoke { by, text } => json!({"what": "spoke", "by": by, "text": text}),
        What::CallOver { with, cause } => {
            json!({"what": "call_over", "with": with, "cause": cause})
        }
        What::Struck { modem, fault } => {
            json!({"what": "struck", "modem": modem.0 + 1, "fault": fault})
        }
        What::Reported { modem, to, reference, status } => json!({
            "what": "reported", "modem": modem.0 + 1, "to": to, "reference": reference,
            "status": status,
        }),
    };
    line["schema"] = json!(1);
    line["at_ms"] = json!(happening.utc_ms);
    line
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulated country runs in real time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "its network's clock starts from the computer's")]
fn utc_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[tokio::test]
    async fn a_modem_is_found_under_its_name_as_long_as_the_country_runs() {
        let dir = tempfile::tempdir().expect("a folder can be made");
        let link = dir.path().join("modem-1");
        std::os::unix::fs::symlink("/dev/gone", &link).expect("a link can be made");
        let modems = [ModemPlan::numbered(1)];
        let (doors, _heard) = Doors::open(dir.path(), &modems).expect("an old link is no obstacle");
        assert!(std::fs::read_link(&link).is_ok_and(|target| !target.ends_with("gone")));
        assert_eq!(doors.announcements(&modems)[0]["imei"], "356938035600015");
        drop(doors);
        assert!(std::fs::symlink_metadata(&link).is_err());
    }

    #[tokio::test]
    async fn a_port_that_was_gone_is_back_under_another_path_and_the_same_name() {
        let dir = tempfile::tempdir().expect("a folder can be made");
        let link = dir.path().join("modem-1");
        let (mut doors, mut heard) =
            Doors::open(dir.path(), &[ModemPlan::numbered(1)]).expect("a folder that is empty");
        let before = std::fs::read_link(&link).expect("the first name");
        doors.take_away(ModemNo(0)).expect("it can be pulled");
        assert!(std::fs::symlink_metadata(&link).is_err());
        doors.bring_back(ModemNo(0)).expect("it can be plugged");
        let after = std::fs::read_link(&link).expect("the second name");
        assert_ne!(before, after);
        std::fs::write(&link, "AT\r").expect("it can be written to");
        assert_eq!(heard.recv().await, Some((ModemNo(0), b"AT\r".to_vec())));
    }

    #[test]
    fn faults_are_named_with_how_often_they_come() {
        let every = |text| faults(text).map(|found| found.0[0].every);
        assert_eq!(every("hang"), Ok(Fault::Reboot.times_a_day(24).every));
        assert_eq!(every("port-gone=4"), Ok(Fault::Reboot.times_a_day(4).every));
        assert_eq!(faults("all").map(|found| found.0.len()), Ok(Fault::EACH.len()));
        assert!(faults("rain").is_err_and(|why| why.contains("called rain; there are all, bytes")));
        assert!(faults("hang=0").is_err() && faults("hang=often").is_err());
    }

    #[tokio::test]
    async fn a_file_in_the_place_of_a_modem_is_not_touched() {
        let dir = tempfile::tempdir().expect("a folder can be made");
        std::fs::write(dir.path().join("modem-2"), "precious").expect("a file can be written");
        let modems = [ModemPlan::numbered(1), ModemPlan::numbered(2)];
        assert!(Doors::open(dir.path(), &modems).is_err());
        assert!(std::fs::symlink_metadata(dir.path().join("modem-1")).is_err());
        assert!(dir.path().join("modem-2").exists());
    }

    #[test]
    fn the_log_tells_what_a_person_said_and_to_what() {
        let what = What::Said {
            by: String::from("+231880000001"),
            to: String::from("+231770000001"),
            text: String::from("yes"),
            answering: Some(String::from("Do you work here?")),
        };
        let line = told(&Happening { utc_ms: 1_413_878_400_000, what }).to_string();
        expect![[r#"
            {"answering":"Do you work here?","at_ms":1413878400000,"by":"+231880000001","schema":1,"text":"yes","to":"+231770000001","what":"said"}
        "#]]
        .assert_eq(&format!("{line}\n"));
    }
}
