//! Sends a text, in as many messages as it takes, and says what became of each.
//!
//! ```text
//! send_sms /dev/ttyUSB2 +231770000001 "The clinic opens at eight."
//! ```

use std::path::Path;
use std::process::ExitCode;

use rollcall_drivers::link::{self, Ends};
use rollcall_drivers::modem::{AttemptId, Command, Event, Settings};
use rollcall_drivers::pdu::{Address, Encoded, ReferenceWidth, ReportRequest, Submit, split};
use rollcall_drivers::port::serial;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, number, text] = arguments.as_slice() else {
        eprintln!("usage: send_sms PORT NUMBER TEXT");
        return ExitCode::from(2);
    };
    match send(path, number, text).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn send(path: &str, number: &str, text: &str) -> Result<(), String> {
    let messages = messages(number, text)?;
    let port = serial::open(Path::new(path)).map_err(|error| error.to_string())?;
    let mut modem = link::spawn(Settings::default(), port);
    wait_until_ready(&mut modem).await?;
    let total = messages.len();
    for (message, number) in messages.into_iter().zip(1..) {
        let reference = send_one(&mut modem, AttemptId(number), message).await?;
        let reference = reference.map_or("unknown".to_owned(), |number| number.to_string());
        println!("message {number} of {total} sent, reference {reference}");
    }
    Ok(())
}

fn messages(number: &str, text: &str) -> Result<Vec<Encoded>, String> {
    let to = Address::parse(number).map_err(|error| error.to_string())?;
    let pieces = split(text, 1, ReferenceWidth::Eight).map_err(|error| error.to_string())?;
    let submit = |piece| Submit { report: ReportRequest::No, ..Submit::new(to.clone(), piece) };
    Ok(pieces.into_iter().map(|piece| submit(piece).encode()).collect())
}

async fn wait_until_ready(modem: &mut Ends) -> Result<(), String> {
    loop {
        match modem.events.recv().await {
            Some(Event::Ready(_)) => return Ok(()),
            Some(Event::NeedsAttention(trouble)) => return Err(trouble.to_string()),
            Some(Event::Lost(why)) => return Err(why.to_string()),
            Some(_) => {}
            None => return Err("the modem said nothing".to_owned()),
        }
    }
}

/// The reference under which the network took the message.
async fn send_one(
    modem: &mut Ends,
    attempt: AttemptId,
    message: Encoded,
) -> Result<Option<u8>, String> {
    let Encoded { octets: pdu, tpdu_len } = message;
    let command = Command::Send { attempt, tpdu_len, pdu };
    modem.commands.send(command).map_err(|_| "the modem is gone".to_owned())?;
    loop {
        match modem.events.recv().await {
            Some(Event::Sent { attempt: of, reference }) if of == attempt => return Ok(reference),
            Some(Event::NotSent { cause, .. }) => {
                return Err(format!("not sent: {cause}; {}", cause.advice().words()));
            }
            Some(Event::Unclear { why, .. }) => {
                return Err(format!("it may have been sent or not: {why}"));
            }
            Some(_) => {}
            None => return Err("the modem is gone".to_owned()),
        }
    }
}
