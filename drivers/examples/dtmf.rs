//! Says which keys are pressed in WAV files, and when.
//!
//! ```text
//! dtmf FILE.wav…
//! ```
//!
//! One line a file: its path, then `digit@sample` for each key, the sample counted at 8,000 a
//! second up to where the key was clear.

use std::process::ExitCode;

use rollcall_drivers::audio::dtmf::Detector;
use rollcall_drivers::audio::frame::SAMPLES;
use rollcall_drivers::audio::prompt::Clip;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: dtmf FILE.wav…");
        return ExitCode::from(2);
    }
    let mut all_read = ExitCode::SUCCESS;
    for file in files {
        match keys(&file) {
            Ok(keys) => println!("{file}{keys}"),
            Err(trouble) => {
                eprintln!("{file}: {trouble}");
                all_read = ExitCode::FAILURE;
            }
        }
    }
    all_read
}

/// The keys of one file, as they arrive in a call: 20 ms at a time.
fn keys(file: &str) -> Result<String, String> {
    let octets = std::fs::read(file).map_err(|error| error.to_string())?;
    let clip = Clip::from_wav(&octets).map_err(|error| error.to_string())?;
    let mut detector = Detector::new();
    let mut keys = String::new();
    for frame in clip.samples().chunks(SAMPLES) {
        detector.handle_samples(frame);
        while let Some(heard) = detector.poll_heard() {
            keys += &format!(" {}@{}", heard.digit, heard.at);
        }
    }
    Ok(keys)
}
