//! What is lost and what is doubled when something goes wrong.

use anyhow::{Context, Result};
use rollcall_drivers::simulator::{PerMille, What};
use std::time::Duration;

use crate::country::{Land, Line, Order, Rig, number_of};
use crate::peers::{Answers, Peer, pause, wait_until};
use crate::speed::office;
use crate::{Who, after};

/// Texts that are sent, and texts that come.
const TEXTS: usize = 20;
/// The first of the people who write.
const WRITER: usize = 500;
/// Long enough that a program can be killed while the network has a text and has not said so.
const SUBMIT: Duration = Duration::from_millis(1_000);
/// How long a program may take to start.
const TO_START: Duration = Duration::from_secs(90);
/// How long it may take until all is well again; known of others are 15 to 260 s.
const PATIENCE: u64 = 150;
/// What comes twice comes within this time.
const TO_SETTLE: Duration = Duration::from_secs(20);
/// How long noise lasts.
const NOISE: Duration = Duration::from_secs(40);
/// Texts that have left before the trouble begins.
const BEFORE: usize = 5;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    KilledInMidAir,
    Hangs30s,
    Hangs75s,
    Reboots,
    PortGone10s,
    LostAnswers,
    StrayLines,
    GarbledTenth,
    LostHundredth,
}

/// Tried all at once, each program in a country of its own: they wait for most of the time.
const TROUBLES: [Trouble; 9] = [
    Trouble::KilledInMidAir,
    Trouble::Hangs30s,
    Trouble::Hangs75s,
    Trouble::Reboots,
    Trouble::PortGone10s,
    Trouble::LostAnswers,
    Trouble::StrayLines,
    Trouble::GarbledTenth,
    Trouble::LostHundredth,
];

/// Tries all, and prints a table.
pub fn measure() -> Result<()> {
    println!(
        "trouble | program | sent: not there, doubled (told) | came: not taken, doubled | well after"
    );
    let each = |trouble: Trouble| Who::wanted().into_iter().map(move |who| (trouble, who));
    let named = after("--trouble");
    let is_wanted =
        |trouble: &Trouble| named.as_ref().is_none_or(|name| *name == format!("{trouble:?}"));
    let running: Vec<_> = TROUBLES
        .into_iter()
        .filter(is_wanted)
        .flat_map(each)
        .map(|(trouble, who)| (trouble, who, std::thread::spawn(move || suffer(trouble, who))))
        .collect();
    for (trouble, who, one) in running {
        match one.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the rig broke"))) {
            Ok(line) => println!("{trouble:?} | {who:?} | {line}"),
            Err(why) => println!("{trouble:?} | {who:?} | could not be tried: {why:#}"),
        }
    }
    Ok(())
}

fn suffer(trouble: Trouble, who: Who) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let lost_result = if trouble == Trouble::LostAnswers { PerMille(150) } else { PerMille::NEVER };
    let land = Land { modems: 1, people: TEXTS + 1, submit: SUBMIT, lost_result };
    let rig = Rig::open(land, &folder.path().join("modems"))?;
    let mut program = who.set_up(office(&rig, folder.path(), Answers::None))?;
    program.start()?;
    program.send_all(&[number_of(TEXTS)], "Are you awake?")?;
    wait_until(TO_START, || Ok(left(&rig) > 0)).context("it does not start")?;
    pause(Duration::from_secs(3));
    let numbers: Vec<String> = (0..TEXTS).map(number_of).collect();
    program.send_all(&numbers, "This is a text from the rig. Please read it.")?;
    if !is_in_the_line(trouble) {
        let _ = wait_until(Duration::from_secs(60), || Ok(left(&rig) > BEFORE));
    }
    say(&rig, 0..TEXTS / 2);
    begin(trouble, &rig, program.as_mut())?;
    let over = rollcall::clock::instant();
    let all_the_time = all_left(&rig);
    say(&rig, TEXTS / 2..TEXTS);
    let patience = after("--patience").map_or(Ok(PATIENCE), |it| it.parse())?;
    let _ = wait_until(Duration::from_secs(patience), || {
        Ok(all_left(&rig) && came(program.as_ref())?.0 == 0)
    });
    let next = rig
        .moments(|what| matches!(what, What::Accepted { .. }))
        .into_iter()
        .find(|at| *at > over)
        .map(|at| format!("{:.0} s", (at - over).as_secs_f64()));
    let well = if all_the_time { Some("0 s".to_owned()) } else { next };
    pause(TO_SETTLE);
    let told = program.told_uncertain()?;
    let (lost_in, doubled_in) = came(program.as_ref())?;
    program.kill();
    if after("--keep").is_some() {
        println!("{trouble:?} {who:?}: {}", folder.keep().display());
    }
    let copies = |number: &String| {
        rig.count(|what| matches!(what, What::Delivered { to, .. } if to == number))
    };
    let lost: Vec<&String> = numbers.iter().filter(|number| copies(number) == 0).collect();
    let doubled: Vec<&String> = numbers.iter().filter(|number| copies(number) > 1).collect();
    let said = doubled.iter().chain(&lost).filter(|number| told.contains(number)).count();
    Ok(format!(
        "{}, {} ({said}) | {lost_in}, {doubled_in} | {}",
        lost.len(),
        doubled.len(),
        well.as_deref().unwrap_or("not in that time")
    ))
}

fn is_in_the_line(trouble: Trouble) -> bool {
    match trouble {
        Trouble::StrayLines | Trouble::GarbledTenth | Trouble::LostHundredth => true,
        Trouble::KilledInMidAir
        | Trouble::Hangs30s
        | Trouble::Hangs75s
        | Trouble::Reboots
        | Trouble::PortGone10s
        | Trouble::LostAnswers => false,
    }
}

/// Lets it go wrong, until it is over.
fn begin(trouble: Trouble, rig: &Rig, program: &mut dyn Peer) -> Result<()> {
    let hang = |seconds| {
        rig.order(Order::Hang(Duration::from_secs(seconds)));
        pause(Duration::from_secs(seconds));
    };
    match trouble {
        Trouble::KilledInMidAir => {
            let so_far = left(rig);
            wait_until(Duration::from_secs(60), || Ok(left(rig) > so_far))?;
            program.kill();
            pause(Duration::from_secs(2));
            program.start()?;
        }
        Trouble::Hangs30s => hang(30),
        Trouble::Hangs75s => hang(75),
        Trouble::Reboots => rig.order(Order::Reboot),
        Trouble::PortGone10s => {
            rig.order(Order::Unplug);
            pause(Duration::from_secs(10));
            rig.order(Order::Plug);
        }
        Trouble::LostAnswers => {}
        Trouble::StrayLines => {
            let lines =
                ["RING", "+CREG: 1", "^RSSI:19", "+CIEV: 2,1", "^MODE:5,4", "*PSUTTZ: 14,10,21"];
            for line in lines.iter().cycle().take(150) {
                rig.order(Order::Babble(line));
                pause(NOISE / 150);
            }
        }
        Trouble::GarbledTenth => noise(rig, Line::Garbled),
        Trouble::LostHundredth => noise(rig, Line::Lossy),
    }
    Ok(())
}

fn noise(rig: &Rig, line: Line) {
    rig.order(Order::Line(line));
    pause(NOISE);
    rig.order(Order::Line(Line::Clean));
}

fn say(rig: &Rig, writers: std::ops::Range<usize>) {
    for writer in writers {
        let text = format!("text number {writer}");
        rig.order(Order::Say { from: number_of(WRITER + writer), text });
    }
}

fn left(rig: &Rig) -> usize {
    rig.count(|what| matches!(what, What::Accepted { .. }))
}

fn all_left(rig: &Rig) -> bool {
    let got = |person: usize| {
        let number = number_of(person);
        rig.count(|what| matches!(what, What::Delivered { to, .. } if *to == number)) > 0
    };
    (0..TEXTS).all(got)
}

/// How many of the texts that people sent a program does not have, and how many it has twice.
fn came(program: &dyn Peer) -> Result<(usize, usize)> {
    let all = program.came()?;
    let times = |writer: usize| {
        let text = format!("text number {writer}");
        all.iter().filter(|came| came.text.trim() == text).count()
    };
    let counts: Vec<usize> = (0..TEXTS).map(times).collect();
    Ok((counts.iter().filter(|it| **it == 0).count(), counts.iter().filter(|it| **it > 1).count()))
}
