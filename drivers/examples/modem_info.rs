//! Says which modem is behind a port, which SIM is in it, and how it is.
//!
//! ```text
//! modem_info /dev/ttyUSB2 [PIN]
//! ```

use std::path::Path;
use std::process::ExitCode;

use rollcall_drivers::link;
use rollcall_drivers::modem::{Event, Identity, Settings, SimSettings, Status};
use rollcall_drivers::port::serial;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("usage: modem_info PORT [PIN]");
        return ExitCode::from(2);
    };
    match ask(path, arguments.get(1).cloned()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn ask(path: &str, pin: Option<String>) -> Result<(), String> {
    let port = serial::open(Path::new(path)).map_err(|error| error.to_string())?;
    let sim = SimSettings { pin, ..SimSettings::default() };
    let settings = Settings { sim, ..Settings::default() };
    let mut modem = link::spawn(settings, port);
    while let Some(event) = modem.events.recv().await {
        match event {
            Event::Ready(identity) => show_identity(&identity),
            Event::Status(status) => {
                show_status(&status);
                return Ok(());
            }
            Event::NeedsAttention(trouble) => return Err(trouble.to_string()),
            Event::Lost(why) => return Err(why.to_string()),
            Event::Warning(warning) => eprintln!("{warning}"),
            Event::Received { .. } | Event::StorageFull => {}
            Event::Call(..) | Event::Ussd(_) => {}
            Event::Sent { .. } | Event::NotSent { .. } | Event::Unclear { .. } => {}
        }
    }
    Err("the modem said nothing".to_owned())
}

fn show_identity(identity: &Identity) {
    println!("modem           {} {}", identity.manufacturer, identity.model);
    println!("firmware        {}", identity.revision);
    println!("driven as       {}", identity.profile);
    println!("IMEI            {}", identity.imei);
    println!("ICCID           {}", known(identity.iccid.as_deref()));
    println!("own number      {}", known(identity.own_number.as_deref()));
    println!("service centre  {}", identity.service_centre);
}

fn show_status(status: &Status) {
    println!("registration    {}", status.registration);
    println!("operator        {}", known(status.operator.as_deref()));
    match status.signal {
        Some(signal) => println!("signal          {} of 31 ({} dBm)", signal.level, signal.dbm()),
        None => println!("signal          unknown"),
    }
    if let Some(storage) = status.storage {
        println!("messages kept   {} of {}", storage.used, storage.total);
    }
}

fn known(text: Option<&str>) -> &str {
    text.unwrap_or("unknown")
}
