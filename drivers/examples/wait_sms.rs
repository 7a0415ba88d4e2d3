//! Shows messages and delivery reports as they come, until it is stopped.
//!
//! ```text
//! wait_sms /dev/ttyUSB2 [--forget]
//! ```
//!
//! Messages stay in the modem, and are shown again the next time, unless `--forget` is given.

use std::path::Path;
use std::process::ExitCode;

use rollcall_drivers::link;
use rollcall_drivers::modem::{Command, Event, Settings};
use rollcall_drivers::pdu::{Deliver, Incoming, decode_incoming, hex};
use rollcall_drivers::port::serial;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, forget) = match arguments.as_slice() {
        [path] => (path, Afterwards::Keep),
        [path, option] if option == "--forget" => (path, Afterwards::Forget),
        _ => {
            eprintln!("usage: wait_sms PORT [--forget]");
            return ExitCode::from(2);
        }
    };
    let trouble = wait(path, forget).await;
    eprintln!("{trouble}");
    ExitCode::FAILURE
}

/// What becomes of a message that was shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Afterwards {
    Keep,
    Forget,
}

/// Shows what comes. Returns why nothing can come any more.
async fn wait(path: &str, afterwards: Afterwards) -> String {
    let port = match serial::open(Path::new(path)) {
        Ok(port) => port,
        Err(error) => return error.to_string(),
    };
    let mut modem = link::spawn(Settings::default(), port);
    while let Some(event) = modem.events.recv().await {
        match event {
            Event::Ready(identity) => eprintln!("waiting on modem {}", identity.imei),
            Event::Received { slot, pdu } => {
                println!("{}", in_words(&pdu));
                if let Some(slot) = slot
                    && afterwards == Afterwards::Forget
                    && modem.commands.send(Command::Forget { slot }).is_err()
                {
                    break;
                }
            }
            Event::StorageFull => eprintln!("the modem is full: run again with --forget"),
            Event::Warning(warning) => eprintln!("{warning}"),
            Event::NeedsAttention(trouble) => eprintln!("{trouble}"),
            Event::Lost(why) => return why.to_string(),
            Event::Sent { .. } | Event::NotSent { .. } | Event::Unclear { .. } => {}
            Event::Status(_) | Event::Call(..) | Event::Ussd(_) => {}
        }
    }
    "the modem is gone".to_owned()
}

fn in_words(pdu: &[u8]) -> String {
    match decode_incoming(pdu) {
        Ok(Incoming::Deliver(message)) => message_in_words(&message),
        Ok(Incoming::StatusReport(report)) => format!(
            "{}  report on {} to {}: {}",
            report.discharged, report.reference, report.to, report.status
        ),
        Err(error) => format!("unreadable ({error}): {}", hex::encode(pdu)),
    }
}

fn message_in_words(message: &Deliver) -> String {
    let text = message.text().unwrap_or("(no text)");
    match message.part() {
        Some(part) => format!(
            "{}  {}  part {} of {}: {text}",
            message.time, message.from, part.number, part.total
        ),
        None => format!("{}  {}: {text}", message.time, message.from),
    }
}
