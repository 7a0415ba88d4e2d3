//! Eight calls at once in real time over pseudo-terminals, each with a prompt that a key interrupts
//! again and again: how late frames are, what the modem missed, what it costs, and how soon a prompt
//! stops. The modem's side takes and gives 20 ms every 20 ms, and counts what it missed by itself.
//!
//! ```text
//! cargo bench --bench voice -- [--seconds 60] [--calls 8] [--busy 0]
//! ```
//!
//! `--busy` keeps so many threads busy beside it. Linux tells the processor time of the threads.

use anyhow::{Context, Result};
use rollcall_drivers::audio::call_audio::{BargeIn, Digits};
use rollcall_drivers::audio::frame::{DURATION, Frame, SAMPLES};
use rollcall_drivers::audio::pacing::Tally;
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::port::pty::Pty;
use rollcall_drivers::port::sound;
use rollcall_drivers::port::voice::{News, Order, Voice};
use rollcall_drivers::simulator::sound::{KeySound, key};
use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Between two presses; the calls' presses are apart.
const APART: Duration = Duration::from_millis(2_300);
/// A key is held for so many frames.
const HELD: usize = 7;
/// A prompt that has not stopped by then did not.
const NEVER: Duration = Duration::from_secs(2);

/// A modem's side of a call.
struct Modem {
    line: Pty,
    voice: Voice,
    news: Receiver<News>,
    /// What it was given and has not played.
    taken: VecDeque<u8>,
    key: Vec<Frame>,
    said: usize,
    next_press: Instant,
    pressed: Option<Instant>,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    /// Frames that it had nothing to play for.
    missed: u64,
    played: u64,
    deepest: usize,
    stops: Vec<Duration>,
    unheard: u64,
}

fn main() -> Result<()> {
    let number = |name: &str, usual: u64| -> u64 {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1).and_then(|value| value.parse().ok()).unwrap_or(usual)
    };
    let (seconds, calls) = (number("--seconds", 60), number("--calls", 8));
    for _ in 0..number("--busy", 0) {
        std::thread::spawn(|| {
            let mut work = 0_u64;
            loop {
                work = black_box(work.wrapping_mul(31).wrapping_add(7));
            }
        });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(calls, Duration::from_secs(seconds)))
}

async fn run(calls: u64, lasting: Duration) -> Result<()> {
    let begin = now();
    let modem = |nth: u64| Modem::new(begin + APART * nth as u32 / calls as u32 + APART);
    let mut modems = (0..calls).map(modem).collect::<Result<Vec<Modem>>>()?;
    let before = processor_time();
    let (mut due, mut late_ticks) = (begin, 0_u32);
    while due < begin + lasting {
        due += DURATION;
        until(due).await;
        late_ticks += u32::from(now() > due + DURATION);
        for modem in &mut modems {
            modem.tick(due).await?;
        }
    }
    let spent = processor_time().zip(before).map(|(after, before)| after.saturating_sub(before));
    report(modems, spent, lasting, late_ticks)
}

fn report(
    modems: Vec<Modem>,
    spent: Option<Duration>,
    lasting: Duration,
    late_ticks: u32,
) -> Result<()> {
    let calls = modems.len();
    let (mut all, mut seen) = (Tally::default(), Seen::default());
    for Modem { voice, news, seen: one, .. } in modems {
        drop(voice);
        let over = news.iter().find_map(|it| match it {
            News::Over(tally) => Some(tally),
            News::Turn(..) | News::Fault(_) => None,
        });
        all.add(over.context("a call did not end")?.as_ref());
        seen.missed += one.missed;
        seen.played += one.played;
        seen.deepest = seen.deepest.max(one.deepest);
        seen.stops.extend(one.stops);
        seen.unheard += one.unheard;
    }
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("{calls} calls for {} s: {all}", lasting.as_secs());
    println!(
        "the modems played {} frames, missed {} and had {:.0} ms in hand at most; they were late \
         themselves {late_ticks} times",
        seen.played,
        seen.missed,
        ms(Duration::from_secs(seen.deepest as u64) / 16_000),
    );
    seen.stops.sort_unstable();
    let at = |share: usize| seen.stops.get(seen.stops.len() * share / 100).copied();
    println!(
        "a key's start to the last of the prompt: {} presses, {} unheard; middle {:.0} ms, 99 of 100 \
         {:.0} ms, longest {:.0} ms",
        seen.stops.len(),
        seen.unheard,
        ms(at(50).unwrap_or_default()),
        ms(at(99).unwrap_or_default()),
        ms(seen.stops.last().copied().unwrap_or_default()),
    );
    if let Some(spent) = spent {
        let share = spent.as_secs_f64() / lasting.as_secs_f64() / calls as f64;
        println!(
            "processor time: {:.2} s, {:.2} % of a core a call",
            spent.as_secs_f64(),
            share * 100.0
        );
    }
    Ok(())
}

impl Modem {
    fn new(next_press: Instant) -> Result<Modem> {
        let line = Pty::open()?;
        let (give, news) = channel();
        let voice = Voice::start(sound::open(line.path())?, move |it| drop(give.send(it)))?;
        voice.order(Order::Answered);
        let held = KeySound { duration: DURATION * HELD as u32, ..KeySound::default() };
        let samples = key('5', held).context("it is a key")?;
        let mut frames: Vec<Frame> = Vec::new();
        for piece in samples.chunks(SAMPLES) {
            let mut frame = Frame::SILENCE;
            frame.0[..piece.len()].copy_from_slice(piece);
            frames.push(frame);
        }
        let said = frames.len();
        let (taken, seen) = (VecDeque::new(), Seen::default());
        let mut modem =
            Modem { line, voice, news, taken, key: frames, said, next_press, pressed: None, seen };
        modem.ask();
        Ok(modem)
    }

    /// A prompt that is louder than nothing at every moment, and a key that stops it.
    fn ask(&mut self) {
        let wave = |at: usize| 2_000 + ((at * 7_919) % 4_001) as i16;
        let clip = Clip::new((0..8_000 * 20).map(wave).collect());
        let hour = Duration::from_secs(3_600);
        let digits = Digits { min: 1, max: 1, end_with: None, first: hour, between: hour };
        self.voice.order(Order::Ask(1, vec![clip], digits, BargeIn::Yes));
    }

    /// 20 ms: plays what it was given, and gives what is said.
    async fn tick(&mut self, now: Instant) -> Result<()> {
        self.take().await?;
        if now >= self.next_press {
            self.next_press += APART;
            (self.said, self.pressed) = (0, Some(now));
        }
        let frame = self.key.get(self.said).copied().unwrap_or(Frame::SILENCE);
        self.said += 1;
        self.line.write(&frame.to_octets())?;
        self.seen.deepest = self.seen.deepest.max(self.taken.len());
        if self.taken.len() < Frame::OCTETS {
            self.seen.missed += 1;
            return Ok(());
        }
        self.seen.played += 1;
        let silent = self.taken.drain(..Frame::OCTETS).all(|octet| octet == 0);
        if let Some(pressed) = self.pressed {
            let lasted = now.saturating_duration_since(pressed);
            if silent || lasted > NEVER {
                self.pressed = None;
                if silent {
                    self.seen.stops.push(lasted)
                } else {
                    self.seen.unheard += 1
                }
                self.ask();
            }
        }
        Ok(())
    }

    /// Takes what was written for it, without waiting.
    async fn take(&mut self) -> Result<()> {
        let mut octets = [0; 4_096];
        loop {
            let read = tokio::select! {
                biased;
                read = self.line.read(&mut octets) => read?,
                () = std::future::ready(()) => return Ok(()),
            };
            self.taken.extend(&octets[..read]);
        }
    }
}

/// The processor time of the threads that move sound; none where the system does not tell.
fn processor_time() -> Option<Duration> {
    let mut all = Duration::ZERO;
    for thread in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        if std::fs::read_to_string(thread.path().join("comm")).ok()?.trim() == "voice" {
            let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let spent = told.split_whitespace().next()?.parse().ok()?;
            all += Duration::from_nanos(spent);
        }
    }
    Some(all)
}

#[expect(clippy::disallowed_methods, reason = "a bench in real time")]
fn now() -> Instant {
    Instant::now()
}

async fn until(due: Instant) {
    tokio::time::sleep_until(due.into()).await;
}
