//! The last lines of a modem, written beside the log at every warning about it: what somebody will
//! ask for. Without people's words and numbers.
//!
//! A PDU holds a number and what it said. Nobody needs either to see why a stick was lost, and a
//! survey that promises not to know who answered what must not be told by a log.

use jiff::Timestamp;
use rollcall_drivers::modem::{Event, RetryClass};
use rollcall_drivers::port::recorder::Tape;
use rollcall_drivers::port::transcript::{Direction, Entry};
use std::path::{Path, PathBuf};

/// So many hexadecimal digits in a row are a PDU, not an IMEI or the number of a card.
const A_PDU: usize = 24;

/// So many decimal digits in a row are somebody's phone number; an IMEI has fifteen.
const A_NUMBER: std::ops::Range<usize> = 7..15;

/// Of one modem at most so many files are kept.
const MOST_FILES: usize = 20;

/// A modem that gives a warning every second does not fill the disk.
const BETWEEN_FILES_MS: i64 = 60_000;

/// Where the last lines of one modem go.
pub(super) struct LastLines {
    tape: Tape,
    folder: PathBuf,
    /// The port's name, with which the files' names begin.
    name: String,
    written: Option<Timestamp>,
    /// It was lost and has not been ready since: what is recorded now is silence.
    lost: bool,
}

impl LastLines {
    /// For the modem at this port.
    pub(super) fn new(tape: Tape, folder: &Path, port: &Path) -> LastLines {
        let name = port.file_name().map(|name| name.to_string_lossy().into_owned());
        let (folder, name) = (folder.to_owned(), name.unwrap_or_default());
        LastLines { tape, folder, name, written: None, lost: false }
    }

    /// Writes the lines if what the modem reports is a warning.
    pub(super) fn note(&mut self, event: &Event, now: Timestamp) {
        let was_lost = self.lost;
        match event {
            Event::Lost(_) => self.lost = true,
            Event::Ready(_) => self.lost = false,
            _ => {}
        }
        if let Some(why) = warning(event).filter(|_| !was_lost) {
            self.write(&why, now);
        }
    }

    fn write(&mut self, why: &str, now: Timestamp) {
        let is_soon = |then: Timestamp| {
            now.as_millisecond().saturating_sub(then.as_millisecond()) < BETWEEN_FILES_MS
        };
        if self.written.is_some_and(is_soon) {
            return;
        }
        self.written = Some(now);
        let file = self.folder.join(format!("{}-{}.txt", self.name, now.strftime("%Y%m%d-%H%M%S")));
        let when = now.strftime("%Y-%m-%dT%H:%M:%SZ");
        let text = format!("# {when}: {why}\n{}\n", without_words(&self.tape.lines()));
        let made = std::fs::create_dir_all(&self.folder);
        match made.and_then(|()| std::fs::write(&file, text)) {
            Ok(()) => {
                tracing::warn!("{why}: the last lines of the modem are in {}", file.display());
                self.remove_old();
            }
            Err(trouble) => {
                tracing::warn!("the last lines of a modem could not be written: {trouble}");
            }
        }
    }

    /// The names hold the time, so the first ones are the oldest.
    fn remove_old(&self) {
        let begins = format!("{}-", self.name);
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let is_ours = |name: &str| name.starts_with(&begins) && name.ends_with(".txt");
        let mut ours: Vec<PathBuf> = entries
            .filter(|entry| is_ours(&entry.file_name().to_string_lossy()))
            .map(|entry| entry.path())
            .collect();
        ours.sort();
        for old in ours.iter().rev().skip(MOST_FILES) {
            // What cannot be removed now is removed after the next warning.
            let _ = std::fs::remove_file(old);
        }
    }
}

/// What is a warning, in words without a number.
fn warning(event: &Event) -> Option<String> {
    match event {
        Event::Lost(why) | Event::Unclear { why, .. } => Some(why.to_string()),
        Event::NeedsAttention(trouble) => Some(trouble.to_string()),
        // A wrong number says nothing about the modem.
        Event::NotSent { cause, .. } => match cause.advice() {
            RetryClass::Sim | RetryClass::Setup | RetryClass::Bug | RetryClass::Device => {
                Some(format!("a text was refused: {cause}"))
            }
            RetryClass::RetrySoon
            | RetryClass::RetryLater
            | RetryClass::WaitNetwork
            | RetryClass::StorageFull
            | RetryClass::Destination
            | RetryClass::TreatAsSent
            | RetryClass::Harmless
            | RetryClass::Ambiguous
            | RetryClass::Unclear => None,
        },
        Event::Warning(warning) => Some(warning.to_string()),
        Event::StorageFull => Some("the memory for messages is full".to_owned()),
        Event::Ready(_)
        | Event::Sent { .. }
        | Event::Received { .. }
        | Event::Ussd(_)
        | Event::Call(..)
        | Event::Status(_) => None,
    }
}

/// The lines with every PDU, and what may be the rest of one, made unreadable, and of a phone number
/// all but its last two digits.
fn without_words(lines: &[String]) -> String {
    let mut entries: Vec<Entry> = lines.iter().filter_map(|line| Entry::parse(line).ok()).collect();
    for direction in [Direction::ToModem, Direction::FromModem, Direction::Asked] {
        // A port hands a PDU over in pieces of any size: runs are looked for across entries.
        let mut of_one: Vec<&mut u8> = entries
            .iter_mut()
            .filter(|entry| entry.direction == direction)
            .flat_map(|entry| &mut entry.bytes)
            .collect();
        let is_pdu = |begun: usize, length: usize| {
            // The oldest lines are gone: what comes first may be the end of a PDU.
            length >= A_PDU || (begun == 0 && length > 1)
        };
        mask(
            &mut of_one,
            u8::is_ascii_hexdigit,
            |begun, length| {
                if is_pdu(begun, length) { length } else { 0 }
            },
        );
        mask(&mut of_one, u8::is_ascii_digit, |_, length| {
            if A_NUMBER.contains(&length) { length - 2 } else { 0 }
        });
    }
    let shown: Vec<String> = entries.iter().map(Entry::to_string).collect();
    shown.join("\n")
}

/// Makes runs of such octets unreadable: of a run that begins there and is so long, as many octets
/// as `how_many` says.
fn mask(
    octets: &mut [&mut u8],
    is_meant: fn(&u8) -> bool,
    how_many: impl Fn(usize, usize) -> usize,
) {
    let mut begun = 0;
    for at in 0..=octets.len() {
        if octets.get(at).is_some_and(|octet| is_meant(octet)) {
            continue;
        }
        let masked = how_many(begun, at - begun);
        octets[begun..begun + masked].iter_mut().for_each(|octet| **octet = b'.');
        begun = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_drivers::modem::{AttemptId, Identity, Why};

    #[test]
    fn a_pdu_is_not_readable_however_it_came_in_pieces() {
        let lines = [
            "0.010 < 21C\\r\\nOK\\r\\n",
            "0.100 > AT+CGSN\\r",
            "0.120 < \\r\\n356938035643809\\r\\nOK\\r\\n",
            "1.000 > AT+CMGR=1\\r",
            "1.020 < \\r\\n+CMGR: 0,,22\\r\\n0004040C913271",
            "1.030 < 0710000100004230109003000003F9",
            "1.040 < F21C\\r\\n\\r\\nOK\\r\\n",
        ];
        expect_test::expect![[r#"
            0.010 < ...\r\nOK\r\n
            0.100 > AT+CGSN\r
            0.120 < \r\n356938035643809\r\nOK\r\n
            1.000 > AT+CMGR=1\r
            1.020 < \r\n+CMGR: 0,,22\r\n..............
            1.030 < ..............................
            1.040 < ....\r\n\r\nOK\r\n"#]]
        .assert_eq(&without_words(&lines.map(str::to_owned)));
    }

    #[test]
    fn a_phone_number_is_not_readable_and_the_number_of_a_card_is() {
        let lines = [
            "1.000 < \\r\\nOK\\r\\n+CLIP: \"+231886123456\",145\\r\\n",
            "1.100 > ATD0886123456;\\r",
            "1.200 < +CCID: \"89231010000000000012\"\\r\\nOK\\r\\n",
            "1.300 < +CUSD: 0,\"Your number is 231770000001, 1500 LRD\",15\\r\\n",
        ];
        expect_test::expect![[r#"
            1.000 < \r\nOK\r\n+CLIP: "+..........56",145\r\n
            1.100 > ATD........56;\r
            1.200 < +CCID: "89231010000000000012"\r\nOK\r\n
            1.300 < +CUSD: 0,"Your number is ..........01, 1500 LRD",15\r\n"#]]
        .assert_eq(&without_words(&lines.map(str::to_owned)));
    }

    #[test]
    fn every_warning_is_kept_once_a_minute_and_the_oldest_files_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let tape = Tape::new(crate::clock::instant());
        let mut lines = LastLines::new(tape, folder.path(), Path::new("/dev/ttyUSB2"));
        let at = |second: i64| Timestamp::from_second(1_772_438_400 + second).expect("a time");
        let lost = Event::Lost(Why::PortGone);
        lines.note(&Event::Sent { attempt: AttemptId(1), reference: None }, at(0));
        let files = || std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files(), 0);
        for second in [0, 1, 59] {
            lines.note(&lost, at(second));
        }
        assert_eq!(files(), 1);
        let first = std::fs::read_to_string(folder.path().join("ttyUSB2-20260302-080000.txt"));
        assert!(first.expect("it is there").starts_with("# 2026-03-02T08:00:00Z: the modem was"));
        // A stick that stays away has said what there is to say.
        lines.note(&lost, at(61));
        assert_eq!(files(), 1);
        for minute in 1..40 {
            lines.note(&Event::Ready(Identity::default()), at(minute * 60));
            lines.note(&lost, at(minute * 60));
        }
        assert_eq!(files(), MOST_FILES);
        assert!(folder.path().join("ttyUSB2-20260302-083900.txt").exists(), "the newest is kept");
    }
}
