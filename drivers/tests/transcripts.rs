//! Replays the dialogues in `transcripts/` against the modem's state machine.
//!
//! `transcripts/README.md` describes the lines of such a file.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rollcall_drivers::modem::{
    AttemptId, CallId, Command, Event, Modem, Place, Settings, SimSettings, Slot, Ussd, UssdNews,
    Written,
};
use rollcall_drivers::pdu::hex;
use rollcall_drivers::port::transcript::{Direction, Entry, unescape};

#[test]
fn every_transcript_is_followed_to_the_letter() {
    let mut failed = Vec::new();
    let files = transcripts();
    assert!(files.len() > 10, "the folder of transcripts was not found");
    for file in files {
        if let Err(trouble) = replay(&file) {
            failed.push(format!("{}: {trouble}", file.display()));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

fn transcripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .expect("the folder of transcripts is there")
        .flatten()
        .filter_map(|folder| std::fs::read_dir(folder.path()).ok())
        .flat_map(|files| files.flatten().map(|file| file.path()))
        .collect();
    files.sort();
    files
}

fn replay(file: &Path) -> Result<(), String> {
    let lines = lines(file)?;
    let setting = |name: &str| lines.iter().find_map(|line| line.1.strip_prefix(name));
    let settings = Settings {
        sim: SimSettings {
            pin: setting("pin ").map(str::to_owned),
            service_centre: setting("service-centre ").map(str::to_owned),
        },
        pin_refused_by: setting("pin-refused-by ").map(str::to_owned).into_iter().collect(),
        dials: lines.iter().any(|line| line.1 == "dials"),
        ..Settings::default()
    };
    let events_matter = lines.iter().any(|line| line.1.starts_with("is "));
    let mut replay = Replay::new(settings, events_matter);
    for (place, line) in &lines {
        replay.follow(line).map_err(|trouble| format!("{place}: {line}\n  {trouble}"))?;
    }
    replay.end()
}

/// The lines of a file and of those that it is like, each with its place.
fn lines(file: &Path) -> Result<Vec<(String, String)>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(other) = line.strip_prefix("like ") {
            all.extend(lines(&file.with_file_name(other))?);
        } else if !line.is_empty() && !line.starts_with('#') {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            all.push((format!("{name}:{}", number + 1), line.to_owned()));
        }
    }
    Ok(all)
}

struct Replay {
    modem: Modem,
    opened: Instant,
    now: Instant,
    written: Vec<u8>,
    events: VecDeque<String>,
    events_matter: bool,
}

impl Replay {
    #[expect(clippy::disallowed_methods, reason = "an Instant can be made in no other way")]
    fn new(settings: Settings, events_matter: bool) -> Replay {
        let now = Instant::now();
        let modem = Modem::new(settings, now);
        let (written, events) = (Vec::new(), VecDeque::new());
        let mut replay = Replay { modem, opened: now, now, written, events, events_matter };
        replay.drain();
        replay
    }

    fn follow(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "pin" | "pin-refused-by" | "service-centre" | "dials" => {}
            ">" => self.expect_written(&unescape(rest)?)?,
            "<" => self.hear(&unescape(rest)?),
            "wait" => {
                let seconds: f64 = rest.parse().map_err(|_| "no number of seconds")?;
                self.wait_until(self.now + Duration::from_secs_f64(seconds));
            }
            "do" => self.command(rest)?,
            "is" => {
                let event = self.events.pop_front().unwrap_or_else(|| "nothing".to_owned());
                if event != rest {
                    return Err(format!("reported was: {event}"));
                }
            }
            _ => self.follow_entry(Entry::parse(line)?)?,
        }
        Ok(())
    }

    fn follow_entry(&mut self, entry: Entry) -> Result<(), String> {
        self.wait_until(self.opened + entry.at);
        match entry.direction {
            Direction::ToModem => self.expect_written(&entry.bytes),
            Direction::Asked => self.command(&String::from_utf8_lossy(&entry.bytes)),
            Direction::FromModem => {
                self.hear(&entry.bytes);
                Ok(())
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.modem.handle_bytes(self.now, bytes);
        self.drain();
    }

    fn command(&mut self, text: &str) -> Result<(), String> {
        if let Some(rest) = text.strip_prefix("ussd ") {
            self.modem.handle_command(self.now, Command::Ussd(ussd(rest)?));
            self.drain();
            return Ok(());
        }
        let words: Vec<_> = text.split(' ').collect();
        let number = |text: &str| text.parse::<u32>().map_err(|_| format!("`{text}`: no number"));
        let command = match words[..] {
            ["send", attempt, length, pdu] => Command::Send {
                attempt: AttemptId(number(attempt)?.into()),
                tpdu_len: number(length)? as usize,
                pdu: hex::decode(pdu).map_err(|error| error.to_string())?,
            },
            ["forget", "direct", count] => Command::Forget { slot: Slot::Direct(number(count)?) },
            ["forget", memory, index] => {
                let place = Place { memory: memory.to_owned(), index: number(index)? };
                Command::Forget { slot: Slot::Stored(place) }
            }
            ["dial", attempt, to] => {
                Command::Dial { attempt: AttemptId(number(attempt)?.into()), number: to.to_owned() }
            }
            ["pick", "up", "came", nth] => Command::PickUp { call: CallId::Came(number(nth)?) },
            ["hang", "up", "came", nth] => Command::HangUp { call: CallId::Came(number(nth)?) },
            ["hang", "up", "placed", attempt] => {
                Command::HangUp { call: CallId::Placed(AttemptId(number(attempt)?.into())) }
            }
            ["leave", "alone"] => Command::LeaveAlone,
            ["restart"] => Command::Restart,
            ["unplug"] => {
                self.modem.handle_port_gone(self.now);
                self.drain();
                return Ok(());
            }
            _ => return Err("no such command".to_owned()),
        };
        self.modem.handle_command(self.now, command);
        self.drain();
        Ok(())
    }

    fn wait_until(&mut self, until: Instant) {
        while let Some(due) = self.modem.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.modem.handle_timeout(self.now);
            self.drain();
        }
        self.now = self.now.max(until);
    }

    /// A pause of the machine itself, like that before the first question, is skipped.
    fn expect_written(&mut self, expected: &[u8]) -> Result<(), String> {
        while self.written.is_empty()
            && let Some(due) = self.modem.poll_timeout()
            && due <= self.now + Duration::from_secs(1)
        {
            self.wait_until(due);
        }
        if !self.written.starts_with(expected) {
            return Err(format!("written was: {}", self.written.escape_ascii()));
        }
        self.written.drain(..expected.len());
        Ok(())
    }

    fn drain(&mut self) {
        while let Some(bytes) = self.modem.poll_transmit() {
            self.written.extend(bytes);
        }
        while let Some(event) = self.modem.poll_event() {
            if self.events_matter {
                self.events.push_back(in_words(&event));
            }
        }
    }

    fn end(&self) -> Result<(), String> {
        if let Some(event) = self.events.front() {
            return Err(format!("at the end, nobody expected: {event}"));
        }
        if !self.written.is_empty() {
            return Err(format!("at the end, nobody expected: > {}", self.written.escape_ascii()));
        }
        Ok(())
    }
}

/// `dial *124#`, `dial packed *124#`, `reply 1`, `end`.
fn ussd(text: &str) -> Result<Ussd, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (way, code) = rest.split_once(' ').unwrap_or(("", rest));
    let written = match way {
        "" => None,
        "plain" => Some(Written::Plain),
        "packed" => Some(Written::PackedHex),
        "ucs2" => Some(Written::Ucs2Hex),
        "octets" => Some(Written::OctetHex),
        _ => return Err(format!("`{way}` is no way to write")),
    };
    match word {
        "dial" => Ok(Ussd::Dial { code: code.to_owned(), written }),
        "reply" => Ok(Ussd::Reply { text: rest.to_owned() }),
        "end" => Ok(Ussd::End),
        _ => Err(format!("`{word}` is nothing to ask the network")),
    }
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Ready(identity) => format!(
            "ready {} sim {} by {} {} through {}{}",
            identity.imei,
            identity.iccid.as_deref().unwrap_or("unknown"),
            identity.manufacturer,
            identity.model,
            identity.service_centre,
            match identity.profile {
                "generic" => String::new(),
                profile => format!(" as {profile}"),
            },
        ),
        Event::Sent { attempt, reference } => match reference {
            Some(reference) => format!("sent {} reference {reference}", attempt.0),
            None => format!("sent {}", attempt.0),
        },
        Event::NotSent { attempt, cause } => format!("not sent {}: {cause}", attempt.0),
        Event::Unclear { attempt, why } => format!("unclear {}: {why}", attempt.0),
        Event::Received { slot: Some(Slot::Stored(place)), pdu } => {
            format!("received {} {} {}", place.memory, place.index, hex::encode(pdu))
        }
        Event::Received { slot: Some(Slot::Direct(number)), pdu } => {
            format!("received direct {number} {}", hex::encode(pdu))
        }
        Event::Received { slot: None, pdu } => format!("received {}", hex::encode(pdu)),
        Event::Status(status) => format!(
            "status {}, {}, signal {}, memory {}",
            status.registration,
            status.operator.as_deref().unwrap_or("no name"),
            status.signal.map_or("unknown".to_owned(), |signal| signal.level.to_string()),
            status.storage.map_or("unknown".to_owned(), |it| format!("{}/{}", it.used, it.total)),
        ),
        Event::Call(CallId::Placed(attempt), what) => format!("call placed {} {what}", attempt.0),
        Event::Call(CallId::Came(nth), what) => format!("call came {nth} {what}"),
        Event::Ussd(UssdNews::Menu { text }) => format!("ussd menu: {}", text.escape_debug()),
        Event::Ussd(UssdNews::Answer { text }) => format!("ussd answer: {}", text.escape_debug()),
        Event::Ussd(UssdNews::Unasked { text }) => format!("ussd unasked: {}", text.escape_debug()),
        Event::Ussd(UssdNews::Over(why)) => format!("ussd over: {why}"),
        Event::Warning(warning) => format!("warning {warning}"),
        Event::StorageFull => "storage full".to_owned(),
        Event::NeedsAttention(trouble) => format!("attention {trouble}"),
        Event::Lost(why) => format!("lost: {why}"),
    }
}
