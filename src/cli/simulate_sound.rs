//! The sound of the simulated modems' calls, each behind a pseudo-terminal of its own beside the
//! modem's: `modem-1.audio`. It gives and takes 20 ms every 20 ms while the modem has sound on, as a
//! real one does, and keeps no more than it can play in a moment.

use super::simulate::{make_link, new_pty};
use anyhow::Result;
use rollcall_drivers::audio::frame::{DURATION, Frame};
use rollcall_drivers::port::pty::Pty;
use rollcall_drivers::simulator::{Country, ModemNo};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// So many octets a modem keeps of what it is to play: 400 ms. What comes beyond pushes the oldest out.
const KEPT: usize = 20 * Frame::OCTETS;

/// Where a modem's sound is: beside it.
pub(super) fn beside(modem: &Path) -> PathBuf {
    modem.with_extension("audio")
}

/// All ports for sound.
pub(super) struct Sounds {
    lines: Vec<Line>,
    next: Instant,
}

struct Line {
    link: PathBuf,
    pty: Pty,
    taken: VecDeque<u8>,
}

impl Sounds {
    /// A port for each of so many modems.
    pub(super) fn open(dir: &Path, modems: usize, now: Instant) -> Result<Sounds> {
        let dir = std::path::absolute(dir)?;
        let line = |nth: usize| -> Result<Line> {
            let (link, pty) = (beside(&dir.join(format!("modem-{nth}"))), new_pty()?);
            make_link(pty.path(), &link)?;
            Ok(Line { link, pty, taken: VecDeque::new() })
        };
        let lines = (1..=modems).map(line).collect::<Result<Vec<Line>>>()?;
        Ok(Sounds { lines, next: now + DURATION })
    }

    /// When the next 20 ms are due.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// Moves 20 ms both ways in every call with sound. A computer that was away for long goes on from
    /// now.
    pub(super) async fn tick(&mut self, now: Instant, country: &mut Country) -> Result<()> {
        let late = now.saturating_duration_since(self.next);
        self.next = if late > DURATION * 10 { now + DURATION } else { self.next + DURATION };
        for (nth, line) in self.lines.iter_mut().enumerate() {
            line.take().await?;
            let ours = line.played();
            match country.exchange_sound(now, ModemNo(nth), &ours.0) {
                Some(theirs) => {
                    // What nobody reads is lost.
                    line.pty.write(&Frame(theirs).to_octets())?;
                }
                // Nothing is played, and nothing waits for the next call.
                None => line.taken.clear(),
            }
        }
        Ok(())
    }
}

impl Line {
    /// Takes what the computer wrote, without waiting.
    async fn take(&mut self) -> Result<()> {
        let mut octets = [0; 4_096];
        loop {
            let read = tokio::select! {
                biased;
                read = self.pty.read(&mut octets) => read?,
                () = std::future::ready(()) => break,
            };
            self.taken.extend(&octets[..read]);
        }
        // Whole samples only, or all that follows is noise.
        let beyond = self.taken.len().saturating_sub(KEPT).next_multiple_of(2);
        self.taken.drain(..beyond.min(self.taken.len()));
        Ok(())
    }

    /// The next 20 ms; silence where the computer gave none.
    fn played(&mut self) -> Frame {
        if self.taken.len() < Frame::OCTETS {
            return Frame::SILENCE;
        }
        let mut octets = [0; Frame::OCTETS];
        octets.iter_mut().zip(self.taken.drain(..Frame::OCTETS)).for_each(|(to, from)| *to = from);
        Frame::from_octets(&octets)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if std::fs::read_link(&self.link).is_ok_and(|target| target == self.pty.path()) {
            std::fs::remove_file(&self.link).ok();
        }
    }
}
