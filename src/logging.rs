//! The log: lines on standard error, more of them with `-v`. Numbers mask themselves.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts the log. `ROLLCALL_LOG` overrides the level (`debug`, `rollcall=trace`).
pub fn start(verbose: u8) {
    let level = match verbose {
        0 => "warn,rollcall=info",
        1 => "info,rollcall=debug",
        _ => "debug,rollcall=trace,rollcall_drivers=trace",
    };
    let filter = std::env::var("ROLLCALL_LOG").unwrap_or_else(|_| level.to_owned());
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .with_target(false)
        // Colours are for eyes; in a file they are letters that nobody can read.
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}
