//! The country in which all are measured: its modems on pseudo-terminals, its line that can be
//! spoiled, and its truth with the moment of everything.

use anyhow::{Context, Result};
use rollcall::clock;
use rollcall_drivers::port::pty::Pty;
use rollcall_drivers::simulator::{
    Between, Country, ModemNo, ModemPlan, NetworkPlan, PerMille, PersonPlan, Plan, Rates,
    Temperament, What,
};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

/// What a country is like.
#[derive(Debug, Clone)]
pub struct Land {
    /// How many modems.
    pub modems: u16,
    /// How many people can be written to.
    pub people: usize,
    /// From the end of a text at the modem to the network's answer.
    pub submit: Duration,
    /// How many answers of the network never reach the computer.
    pub lost_result: PerMille,
}

/// What happens to the line and the modem.
#[derive(Debug)]
pub enum Order {
    /// Somebody sends a text to the first modem.
    Say { from: String, text: String },
    /// The modem hears and says nothing for so long.
    Hang(Duration),
    /// The modem starts anew.
    Reboot,
    /// The stick is pulled out.
    Unplug,
    /// It is plugged in again.
    Plug,
    /// The modem says a line that nobody asked for.
    Babble(&'static str),
    /// What becomes of the bytes from now on.
    Line(Line),
}

/// What becomes of bytes on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// They arrive.
    Clean,
    /// A tenth of what the modem says has some bytes more that mean nothing.
    Garbled,
    /// One in a hundred is lost, either way.
    Lossy,
}

/// A country that is alive in a thread of its own, until it is dropped.
pub struct Rig {
    orders: UnboundedSender<Order>,
    truth: Arc<Mutex<Vec<(Instant, What)>>>,
    ports: Vec<PathBuf>,
    thread: Option<std::thread::JoinHandle<Result<()>>>,
}

impl Rig {
    /// Opens a country whose modems appear in the folder.
    pub fn open(land: Land, folder: &Path) -> Result<Rig> {
        std::fs::create_dir_all(folder)?;
        let ports: Vec<PathBuf> =
            (1..=land.modems).map(|nth| folder.join(format!("modem-{nth}"))).collect();
        let truth = Arc::new(Mutex::new(Vec::new()));
        let (orders, heard) = unbounded_channel();
        let (links, told) = (ports.clone(), Arc::clone(&truth));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(live(&land, &links, heard, &told))
        });
        let rig = Rig { orders, truth, ports, thread: Some(thread) };
        let last = rig.ports.last().context("a country has modems")?.clone();
        crate::peers::wait_until(Duration::from_secs(10), || Ok(last.exists()))?;
        Ok(rig)
    }

    /// Where its modems are.
    pub fn ports(&self) -> Vec<PathBuf> {
        self.ports.clone()
    }

    /// Lets something happen.
    pub fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// The moments of all that fits, in order.
    pub fn moments(&self, is_meant: impl Fn(&What) -> bool) -> Vec<Instant> {
        let truth = self.truth.lock().unwrap_or_else(PoisonError::into_inner);
        truth.iter().filter(|(_, what)| is_meant(what)).map(|(at, _)| *at).collect()
    }

    /// How often that fits has happened.
    pub fn count(&self, is_meant: impl Fn(&What) -> bool) -> usize {
        self.moments(is_meant).len()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let (closed, _) = unbounded_channel();
        self.orders = closed;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The number of somebody who can be written to.
pub fn number_of(person: usize) -> String {
    format!("+23188612{person:04}")
}

fn plan(land: &Land) -> Plan {
    let modem = |nth| ModemPlan { latency: Duration::ZERO, ..ModemPlan::numbered(nth) };
    let soon = Between::exactly(Duration::from_millis(50));
    let network = NetworkPlan {
        submit: Between::exactly(land.submit),
        delivery: soon,
        report: soon,
        rates: Rates { lost_result: land.lost_result, ..Rates::default() },
        ..NetworkPlan::default()
    };
    let people = (0..land.people)
        .map(|person| PersonPlan::new(number_of(person), Temperament::ReadsOnly))
        .collect();
    let modems = (1..=land.modems).map(modem).collect();
    Plan { modems, network, people, ..Plan::default() }
}

/// The pseudo-terminals and what is heard on them.
struct Table {
    links: Vec<PathBuf>,
    ptys: Vec<Option<(Arc<Pty>, AbortHandle)>>,
    tell: UnboundedSender<(ModemNo, Vec<u8>)>,
    line: Line,
    dice: u64,
}

impl Table {
    fn plug(&mut self, nth: usize) -> Result<()> {
        let pty = Arc::new(Pty::open()?);
        let (reader, tell) = (Arc::clone(&pty), self.tell.clone());
        let task = tokio::spawn(async move {
            let mut bytes = [0; 4_096];
            while let Ok(length) = reader.read(&mut bytes).await {
                if tell.send((ModemNo(nth), bytes[..length].to_vec())).is_err() {
                    break;
                }
            }
        });
        std::os::unix::fs::symlink(pty.path(), &self.links[nth])?;
        self.ptys[nth] = Some((pty, task.abort_handle()));
        Ok(())
    }

    /// The port and its name are gone.
    fn unplug(&mut self, nth: usize) {
        if let Some((_, task)) = self.ptys[nth].take() {
            task.abort();
            let _ = std::fs::remove_file(&self.links[nth]);
        }
    }

    fn write(&mut self, nth: usize, bytes: &[u8]) {
        let bytes = self.garble(bytes);
        let bytes = self.lose(&bytes);
        if let Some((pty, _)) = &self.ptys[nth] {
            let _ = pty.write(&bytes);
        }
    }

    /// What is left where one byte in a hundred is lost.
    fn lose(&mut self, bytes: &[u8]) -> Vec<u8> {
        let line = self.line;
        bytes.iter().copied().filter(|_| line != Line::Lossy || self.draw(100) != 0).collect()
    }

    /// One saying of the modem in ten has bytes in it that mean nothing.
    fn garble(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut garbled = bytes.to_vec();
        if self.line == Line::Garbled && self.draw(10) == 0 {
            let at = usize::try_from(self.draw(1 + bytes.len() as u64)).unwrap_or(0);
            for _ in 0..=self.draw(8) {
                garbled.insert(at, u8::try_from(self.draw(256)).unwrap_or(0));
            }
        }
        garbled
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % below
    }
}

async fn live(
    land: &Land,
    links: &[PathBuf],
    mut orders: UnboundedReceiver<Order>,
    truth: &Mutex<Vec<(Instant, What)>>,
) -> Result<()> {
    let (tell, mut heard) = unbounded_channel();
    let ptys = links.iter().map(|_| None).collect();
    let links = links.to_vec();
    let mut table = Table { links, ptys, tell, line: Line::Clean, dice: 7 };
    for nth in 0..table.links.len() {
        table.plug(nth)?;
    }
    let utc_ms = clock::wall().as_millisecond();
    let mut country = Country::new(plan(land), 1, clock::instant(), utc_ms);
    loop {
        while let Some((modem, bytes)) = country.poll_transmit() {
            table.write(modem.0, &bytes);
        }
        while let Some(happening) = country.poll_happening() {
            let mut truth = truth.lock().unwrap_or_else(PoisonError::into_inner);
            truth.push((clock::instant(), happening.what));
        }
        tokio::select! {
            Some((modem, bytes)) = heard.recv() => {
                let bytes = table.lose(&bytes);
                country.handle_bytes(clock::instant(), modem, &bytes);
            }
            () = until(country.poll_timeout()) => country.handle_timeout(clock::instant()),
            order = orders.recv() => match order {
                Some(order) => obey(&mut country, &mut table, order)?,
                None => break,
            },
        }
    }
    (0..table.links.len()).for_each(|nth| table.unplug(nth));
    Ok(())
}

fn obey(country: &mut Country, table: &mut Table, order: Order) -> Result<()> {
    let (now, first) = (clock::instant(), ModemNo(0));
    match order {
        Order::Say { from, text } => {
            let to = country.plan().modems[0].number.clone();
            country.person_says(now, &from, &to, &text);
        }
        Order::Hang(lasting) => country.hang(now, first, lasting),
        Order::Reboot => country.reboot(now, first),
        Order::Unplug => {
            country.unplug(first);
            table.unplug(0);
        }
        Order::Plug => {
            table.plug(0)?;
            country.plug(now, first);
        }
        Order::Babble(line) => country.babble(now, first, line),
        Order::Line(line) => table.line = line,
    }
    Ok(())
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
