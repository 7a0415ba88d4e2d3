//! The log: lines on standard error, more of them with `-v`. Numbers mask themselves.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts the log. `ROLLCALL_LOG` overrides the level (`debug`, `rollcall=trace`).
pub fn start(verbose: u8) {
    let level = match verbose {
        // What is wrong with a recording is said once, in our own words.
        0 => {
            "warn,rollcall=info,symphonia=off,symphonia_core=off,symphonia_bundle_mp3=off,\
              symphonia_format_ogg=off,symphonia_codec_vorbis=off,symphonia_metadata=off"
        }
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
