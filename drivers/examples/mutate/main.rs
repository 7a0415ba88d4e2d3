//! Changes PDUs and modems' talk at random and checks what must hold of any octets.
//!
//! ```text
//! mutate [--pdus N] [--streams N] [--seconds S] [--seed N]
//! ```
//!
//! Ends with 1 and the octets at the first that breaks a rule. With `--seconds` each half stops
//! after that time, whatever the number. Seeds are its own, and those of the public test suites
//! where `ROLLCALL_SHARED` names their folder.
#![expect(clippy::disallowed_methods, reason = "it measures how long it took")]

mod pdus;
mod streams;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rollcall_drivers::pdu::hex;
use serde_json::Value;

const USAGE: &str = "usage: mutate [--pdus N] [--streams N] [--seconds S] [--seed N]";

fn main() -> ExitCode {
    let order = match Order::read(std::env::args().skip(1)) {
        Ok(order) => order,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let halves = [
        Half { name: "PDUs", seeds: pdu_seeds(), most: order.pdus, check: pdus::check },
        Half {
            name: "AT streams",
            seeds: stream_seeds(),
            most: order.streams,
            check: streams::check,
        },
    ];
    for half in halves {
        if let Err(broken) = half.run(&order) {
            eprintln!("{}: {broken}", half.name);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What the arguments ask for.
struct Order {
    pdus: u64,
    streams: u64,
    time: Option<Duration>,
    seed: u64,
}

impl Order {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Order, String> {
        let mut order = Order { pdus: 1_000_000, streams: 100_000, time: None, seed: 1 };
        let mut arguments = arguments;
        while let Some(name) = arguments.next() {
            let number = arguments.next().and_then(|number| number.parse().ok());
            let number: u64 = number.ok_or_else(|| format!("{name} needs a number"))?;
            match name.as_str() {
                "--pdus" => order.pdus = number,
                "--streams" => order.streams = number,
                "--seconds" => order.time = Some(Duration::from_secs(number)),
                "--seed" => order.seed = number,
                other => return Err(format!("{other} is not an option of mutate")),
            }
        }
        Ok(order)
    }
}

/// One kind of input.
struct Half {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    most: u64,
    check: fn(&[u8]) -> Result<u32, String>,
}

impl Half {
    fn run(&self, order: &Order) -> Result<(), String> {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(order.seed));
        let (begun, mut done, mut read, mut octets) = (Instant::now(), 0_u64, 0_u64, Vec::new());
        for seed in &self.seeds {
            read += u64::from((self.check)(seed)?);
        }
        while done < self.most {
            let over = || order.time.is_some_and(|time| begun.elapsed() > time);
            if done.is_multiple_of(1024) && over() {
                break;
            }
            self.mutate(&mut chance, &mut octets);
            read += u64::from((self.check)(&octets)?);
            done += 1;
        }
        let time = begun.elapsed();
        let rate = done as f64 / time.as_secs_f64();
        let (name, seeds) = (self.name, self.seeds.len());
        println!(
            "{done} {name} from {seeds} seeds in {:.1} s, {rate:.0} a second; {read} readings",
            time.as_secs_f64()
        );
        Ok(())
    }

    /// A seed with one to six changes.
    fn mutate(&self, chance: &mut Chance, octets: &mut Vec<u8>) {
        octets.clear();
        octets.extend(&self.seeds[chance.below(self.seeds.len())]);
        for _ in 0..=chance.below(6) {
            if octets.is_empty() {
                octets.push(chance.octet());
            }
            let at = chance.below(octets.len());
            match chance.below(8) {
                0 => octets[at] ^= 1 << chance.below(8),
                1 => octets[at] = chance.octet(),
                2 => octets[at] = [0, 0x7F, 0x80, 0xFF, b'"', b'\r', b'\n', b'>'][chance.below(8)],
                3 => octets.truncate(at),
                4 => octets.insert(at, chance.octet()),
                5 => {
                    let from = chance.below(octets.len());
                    let piece = octets[from.min(at)..from.max(at)].to_vec();
                    octets.splice(at..at, piece);
                }
                6 => {
                    octets.remove(at);
                }
                _ => {
                    let other = &self.seeds[chance.below(self.seeds.len())];
                    let from = chance.below(other.len().max(1));
                    octets.truncate(at);
                    octets.extend(&other[from.min(other.len())..]);
                }
            }
        }
        // Doubling and doubling again is the tokenizer's business in one stream of many.
        octets.truncate(8192);
    }
}

/// Numbers at random, the same for the same seed.
struct Chance(ChaCha8Rng);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        let most = u32::try_from(most).unwrap_or(u32::MAX).max(1);
        usize::try_from(self.0.next_u32() % most).unwrap_or(0)
    }

    fn octet(&mut self) -> u8 {
        self.0.next_u32().to_le_bytes()[0]
    }
}

const PDUS: &[&str] = &[
    "00040C9132710700001000004230109003000003F9F21C",
    "0791327107000090440C91327107000010000442301090030000100500030702018C657B590ECA97E7",
    "00440C9132710700001000004230109003000011060804010702 01C6B2BD2C07E5CB73",
    "000405D0C2303B0D0000084230109003000004006500E9",
    "00640C91327107000010000442301090030000080605040B8423F0AB",
    "00062A0C91327107000010423010900300004230109003540000",
    "0021070C91327107000010000003F9F21C",
    "0011000C913271070000100000A703F9F21C",
    "0019000C9132710700001000004230109003000003F9F21C",
    "00090C0C913271070000100000420300000000000003F9F21C",
    "00020700022A0C9132710700001002ABCD",
    "00010742301090030000000003F9F21C",
    "0000D300",
    "00440C91327107000010000042301090030000120324010105000307020188",
];

const STREAMS: &[&str] = &[
    "AT+CREG?\r\r\n+CREG: 2,1,\"8BE3\",\"2BAF\",7\r\n\r\nOK\r\n",
    "\r\n+CMTI: \"SM\",3\r\n\r\n> \r\n+CMGS: 17\r\n\r\nOK\r\n",
    "\r\n+CMT: ,24\r\n07911326040000F0040B\r\n",
    "+CMGL: 1,1,,2\r\n0791\r\n+CMGL: 2,0,,2\r\n0792+CMGL: 3,0,,2\r\n0793\r\nOK\r\n",
    "+CMGR: 1,,147 07914306073011F00405\r\nOK\r\n",
    "+CUSD: 1,\"1 balance\r\n2 help\",15\r\nOK\r\n",
    "+CUSD: 0,\"00420061006C0061006E0063006500200035\",15\r\n",
    "+CMGR: \"REC READ\",\"+231770000001\",\"24/03/01,09:30:00+00\"\r\nyes\r\nno\r\nOK\r\n",
    "+COPS: (2,\"Orange LR\",\"Orange\",\"61807\",0),(1,\"A, B\",\"\",\"61801\"),2),,(0,1,2)\r\nOK\r\n",
    "\r\n+CMS ERROR: SM rejected - duplicate SM\r\n",
    "\r\n+CME ERROR: 14\r\n^RSSI:12\r\nRDY\r\n+CPIN: NOT READY\r\n^SMMEMFULL: \"SM\"\r\n",
    "+CPMS: (\"SM\",\"ME\"),(\"SM\"),(\"SM\")\r\n+CNMI: (2),(0-1,3),(0,2),(0-1),(0)\r\nOK\r\n",
    "+CLCC: 1,1,4,0,0,\"+231770000001\",145\r\n^SLCC: 1,1,4,0,0,1,\"0770\",129\r\n+CLIP: \"0770\",129\r\n",
    "+CSIM: 4,\"63C3\"\r\n+CPINR: SIM PIN,3,3\r\n+CRSM: 144,0,\"98320107000000000021\"\r\n",
    "^SYSINFO:2,3,0,5,1,,4\r\n^HCSQ: \"WCDMA\",30,30,58\r\n^NWTIME: 14/08/05,04:00:21+20,00\r\n",
];

fn pdu_seeds() -> Vec<Vec<u8>> {
    let own = PDUS.iter().map(|digits| digits.replace(' ', ""));
    let shared = facts("pdu.jsonl", "pdu");
    own.chain(shared).filter_map(|digits| hex::decode(&digits).ok()).collect()
}

fn stream_seeds() -> Vec<Vec<u8>> {
    let own = STREAMS.iter().map(|&text| text.to_owned());
    own.chain(facts("at.jsonl", "raw")).map(String::into_bytes).collect()
}

/// A field of every fact in a file of the public test suites; none where no folder is named.
fn facts(file: &str, field: &str) -> Vec<String> {
    let folder = std::env::var_os("ROLLCALL_SHARED").map(std::path::PathBuf::from);
    let text =
        folder.and_then(|shared| std::fs::read_to_string(shared.join("vectors").join(file)).ok());
    let values = text.iter().flat_map(|text| text.lines()).map(serde_json::from_str::<Value>);
    values.filter_map(|value| value.ok()?[field].as_str().map(str::to_owned)).collect()
}
