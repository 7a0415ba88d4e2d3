//! How long a program takes of its own, and what it uses.

use anyhow::{Context, Result};
use rollcall_drivers::simulator::{PerMille, What};
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::Who;
use crate::country::{Land, Order, Rig, number_of};
use crate::peers::{Answers, Haste, Office, Usage, pause, wait_until};

/// What the network takes for a message; each program waits for it.
const SUBMIT: Duration = Duration::from_millis(200);
/// How long a program may take to start.
const TO_START: Duration = Duration::from_secs(60);
/// How long a round may take; what is not sent by then is told as such.
const PATIENCE: Duration = Duration::from_secs(120);
/// People who write, one after the other, and are answered.
const WRITERS: usize = 10;
const BETWEEN_WRITERS: Duration = Duration::from_secs(2);
/// How many modems, and how many texts all of them together.
const ROUNDS: [(u16, usize); 3] = [(1, 10), (4, 300), (16, 80)];

/// Measures all, and prints a table.
pub fn measure() -> Result<()> {
    println!("the disk's fdatasync takes {:.1} ms", milliseconds(fdatasync()?));
    println!("program | modems | texts | own time a text | all sent in | CPU | memory");
    for (modems, texts) in ROUNDS {
        each(|who| Ok(send(who, modems, texts)?.line(who, modems, texts)));
    }
    println!("program | from arrival to answer: middle | longest | answered");
    each(answer);
    Ok(())
}

/// Ours alone, then the others at once: they sleep for most of the time, and nothing of theirs is
/// compared to a millisecond.
fn each(measure: impl Fn(Who) -> Result<String> + Sync) {
    let (ours, others): (Vec<Who>, Vec<Who>) =
        Who::wanted().into_iter().partition(|who| *who == Who::Rollcall);
    let show = |who: Who, line: Result<String>| match line {
        Ok(line) => println!("{line}"),
        Err(why) => println!("{who:?} | could not be measured: {why:#}"),
    };
    for who in ours {
        show(who, measure(who));
    }
    std::thread::scope(|scope| {
        let measure = &measure;
        let running: Vec<_> =
            others.iter().map(|who| (*who, scope.spawn(move || measure(*who)))).collect();
        for (who, one) in running {
            show(who, one.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the rig broke"))));
        }
    });
}

/// A round of texts.
struct Sent {
    /// How many left.
    texts: usize,
    /// From the first that left to the last.
    lasted: Duration,
    used: Usage,
}

impl Sent {
    /// A modem is busy with the network all the time that it can be: what is more is the
    /// program's own.
    fn line(&self, who: Who, modems: u16, texts: usize) -> String {
        let turns = self.texts.saturating_sub(usize::from(modems)) as f64 / f64::from(modems);
        let own = self.lasted.as_secs_f64() / turns.max(1.0) - SUBMIT.as_secs_f64();
        format!(
            "{who:?} | {modems} | {} of {texts} | {:.1} ms | {:.1} s | {:.2} s | {:.1} MB",
            self.texts,
            own * 1_000.0,
            self.lasted.as_secs_f64(),
            self.used.cpu.as_secs_f64(),
            self.used.memory_kib as f64 / 1_024.0,
        )
    }
}

fn send(who: Who, modems: u16, texts: usize) -> Result<Sent> {
    let folder = tempfile::tempdir()?;
    let people = texts + usize::from(modems);
    let land = Land { modems, people, submit: SUBMIT, lost_result: PerMille::NEVER };
    let rig = Rig::open(land, &folder.path().join("modems"))?;
    let mut program = who.set_up(office(&rig, folder.path(), Answers::None))?;
    program.start()?;
    // Once every modem has sent one, all of them are ready.
    let warm: Vec<String> = (texts..people).map(number_of).collect();
    program.send_all(&warm, "Are you awake?")?;
    wait_until(TO_START, || Ok(accepted(&rig).len() >= warm.len())).context("it does not start")?;
    pause(Duration::from_secs(2));
    let before = program.usage();
    let numbers: Vec<String> = (0..texts).map(number_of).collect();
    program.send_all(&numbers, "This is a text from the rig. Please read it.")?;
    let all = warm.len() + texts;
    let _ = wait_until(PATIENCE, || Ok(accepted(&rig).len() >= all));
    let used = program.usage();
    program.kill();
    let left = accepted(&rig).split_off(warm.len());
    let (first, last) = (left.first().context("nothing left")?, left.last().context("nothing")?);
    Ok(Sent {
        texts: left.len(),
        lasted: *last - *first,
        used: Usage { cpu: used.cpu.saturating_sub(before.cpu), ..used },
    })
}

/// From the moment when a text is in the modem to the moment when the answer is with the network.
fn answer(who: Who) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let land = Land { modems: 1, people: 1, submit: SUBMIT, lost_result: PerMille::NEVER };
    let rig = Rig::open(land, &folder.path().join("modems"))?;
    let answers = Answers::Always("We have got your text.");
    let mut program = who.set_up(office(&rig, folder.path(), answers))?;
    program.start()?;
    program.send_all(&[number_of(0)], "Are you awake?")?;
    wait_until(TO_START, || Ok(!accepted(&rig).is_empty())).context("it does not start")?;
    pause(Duration::from_secs(3));
    for writer in 1..=WRITERS {
        rig.order(Order::Say { from: number_of(100 + writer), text: "I have a question".into() });
        pause(BETWEEN_WRITERS);
    }
    let _ = wait_until(Duration::from_secs(60), || Ok(accepted(&rig).len() > WRITERS));
    program.kill();
    let mut times: Vec<Duration> =
        (1..=WRITERS).filter_map(|writer| turn(&rig, &number_of(100 + writer))).collect();
    times.sort();
    let at = |place: usize| times.get(place).map_or(f64::NAN, |time| milliseconds(*time));
    let (middle, longest) = (at(times.len() / 2), at(times.len().saturating_sub(1)));
    Ok(format!("{who:?} | {middle:.1} ms | {longest:.1} ms | {} of {WRITERS}", times.len()))
}

fn turn(rig: &Rig, number: &str) -> Option<Duration> {
    let came = rig.moments(|what| matches!(what, What::Received { from, .. } if from == number));
    let left = rig.moments(|what| matches!(what, What::Accepted { to, .. } if to == number));
    Some(*left.first()? - *came.first()?)
}

fn accepted(rig: &Rig) -> Vec<Instant> {
    rig.moments(|what| matches!(what, What::Accepted { .. }))
}

/// Where a program works.
pub fn office(rig: &Rig, folder: &std::path::Path, answers: Answers) -> Office {
    Office {
        folder: folder.join("office"),
        ports: rig.ports(),
        news: "2,1,0,2,0",
        haste: Haste::AsShipped,
        answers,
    }
}

/// The middle of fifty.
fn fdatasync() -> Result<Duration> {
    let mut file = tempfile::tempfile()?;
    let mut times = Vec::new();
    for _ in 0..50 {
        file.write_all(&[0; 4_096])?;
        let begun = rollcall::clock::instant();
        file.sync_data()?;
        times.push(rollcall::clock::instant() - begun);
    }
    times.sort();
    Ok(times[times.len() / 2])
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
