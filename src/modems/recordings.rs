//! What people said in calls, as files that a power cut does not take back.

use rollcall_drivers::audio::frame::RATE;
use rollcall_drivers::audio::wav;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// The folder of recordings, in the data folder.
const FOLDER: &str = "recordings";

/// Writes a recording; when this returns, it is on the disk. Says its path in the data folder. The
/// name says nothing about who spoke, or when: an answer may have been promised to be nobody's.
pub(super) fn keep(data: &Path, samples: &[i16]) -> io::Result<String> {
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let mut drawn = [0; 16];
    getrandom::fill(&mut drawn).map_err(|error| io::Error::other(error.to_string()))?;
    let name: String = drawn.iter().map(|octet| format!("{octet:02x}")).collect();
    let name = format!("{name}.wav");
    let mut file = File::create_new(folder.join(&name))?;
    file.write_all(&wav::write(RATE, samples))?;
    file.sync_all()?;
    // Its name is durable, too. Not every system can open a folder.
    if let Ok(folder) = File::open(&folder) {
        folder.sync_all()?;
    }
    Ok(format!("{FOLDER}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_drivers::audio::wav::Wav;

    #[test]
    fn a_recording_is_kept_as_it_was_said() {
        let data = tempfile::tempdir().expect("a folder");
        let [first, second] = [1, 2].map(|value| keep(data.path(), &[value; 4_000]).expect("room"));
        assert_ne!(first, second);
        assert!(first.starts_with("recordings/"), "{first}");
        let octets = std::fs::read(data.path().join(&first)).expect("it is there");
        let wav = Wav::read(&octets).expect("it is a recording");
        assert_eq!((wav.rate, wav.samples), (8_000, vec![1; 4_000]));
    }
}
