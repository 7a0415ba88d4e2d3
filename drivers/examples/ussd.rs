//! Dials a code, shows what the network says, and answers its menus from standard input.
//!
//! ```text
//! ussd /dev/ttyUSB2 '*124#'
//! ```

use std::path::Path;
use std::process::ExitCode;

use rollcall_drivers::link::{self, Ends};
use rollcall_drivers::modem::{Command, Event, Settings, Ussd, UssdNews};
use rollcall_drivers::port::serial;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, code] = arguments.as_slice() else {
        eprintln!("usage: ussd PORT CODE");
        return ExitCode::from(2);
    };
    match dial(path, code).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn dial(path: &str, code: &str) -> Result<(), String> {
    let port = serial::open(Path::new(path)).map_err(|error| error.to_string())?;
    let mut modem = link::spawn(Settings::default(), port);
    while let Some(event) = modem.events.recv().await {
        match event {
            Event::Ready(_) => {
                ask(&modem, Ussd::Dial { code: code.to_owned(), written: None })?;
            }
            Event::Ussd(UssdNews::Menu { text }) => {
                println!("{text}");
                match a_line().await {
                    Some(text) => ask(&modem, Ussd::Reply { text })?,
                    None => ask(&modem, Ussd::End)?,
                }
            }
            Event::Ussd(UssdNews::Answer { text }) => {
                println!("{text}");
                return Ok(());
            }
            Event::Ussd(UssdNews::Unasked { text }) => eprintln!("(unasked) {text}"),
            Event::Ussd(UssdNews::Over(why)) => return Err(why.to_string()),
            Event::NeedsAttention(trouble) => return Err(trouble.to_string()),
            Event::Lost(why) => return Err(why.to_string()),
            // Texts stay in the modem, for whoever collects them.
            _ => {}
        }
    }
    Err("the modem is gone".to_owned())
}

fn ask(modem: &Ends, ask: Ussd) -> Result<(), String> {
    modem.commands.send(Command::Ussd(ask)).map_err(|_| "the modem is gone".to_owned())
}

/// A line that somebody types; none, or an empty one: `None`.
async fn a_line() -> Option<String> {
    let read = || {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    };
    let line = tokio::task::spawn_blocking(read).await.ok()?.ok()?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
