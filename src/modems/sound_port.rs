//! Which port carries the sound of a modem's calls: the one that its channel names, the one beside a
//! simulated modem's, or the one that its stick is known to have.

use crate::switchboard::{ChannelSettings, Find};
use rollcall_drivers::port::discover::{self, Candidate};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The port for sound of the modem at `port`, of which the number may be known.
///
/// # Errors
/// None is known; what to do, in plain words.
pub fn find(
    channels: &[ChannelSettings],
    port: &Path,
    imei: Option<&str>,
) -> Result<PathBuf, String> {
    among(channels, port, imei, discover::candidates)
}

fn among(
    channels: &[ChannelSettings],
    port: &Path,
    imei: Option<&str>,
    found: impl FnOnce() -> Vec<Candidate>,
) -> Result<PathBuf, String> {
    if let Some(named) = channel_of(channels, port, imei).and_then(|one| one.audio.as_ref()) {
        return Ok(PathBuf::from(named));
    }
    let beside = beside(port);
    if beside.exists() {
        return Ok(beside);
    }
    let real = fs::canonicalize(port).unwrap_or_else(|_| port.to_owned());
    discover::sound_port_of(&found(), &real).map(Path::to_owned).ok_or_else(|| {
        format!(
            "no port for the sound of calls is known for the modem at {}: write it as `audio:` under \
             its channel in rollcall.yaml",
            port.display()
        )
    })
}

/// The channel that the modem carries: by its port, its number, or because any modem will do.
fn channel_of<'a>(
    channels: &'a [ChannelSettings],
    port: &Path,
    imei: Option<&str>,
) -> Option<&'a ChannelSettings> {
    let named = |channel: &&ChannelSettings| match &channel.find {
        Find::ByPort(path) => Path::new(path) == port,
        Find::ByImei(wanted) => imei == Some(wanted.as_str()),
        Find::Auto => false,
    };
    let any = |channel: &&ChannelSettings| channel.find == Find::Auto;
    channels.iter().find(named).or_else(|| channels.iter().find(any))
}

/// A simulated modem's sound is beside it, by its name: `modem-1.audio`.
fn beside(port: &Path) -> PathBuf {
    let mut name = OsString::from(port);
    name.push(".audio");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_for_sound_is_named_or_beside_or_the_sticks() {
        let folder = tempfile::tempdir().expect("a folder");
        let port = folder.path().join("modem-1");
        let by_port = ChannelSettings::new("a", Find::ByPort(port.display().to_string()));
        let named = ChannelSettings { audio: Some("/dev/ttyUSB7".to_owned()), ..by_port.clone() };
        let by_imei = ChannelSettings {
            audio: Some("/dev/ttyUSB9".to_owned()),
            ..ChannelSettings::new("b", Find::ByImei("356938035643809".to_owned()))
        };
        let of = |channels: &[ChannelSettings], imei| among(channels, &port, imei, Vec::new);
        assert_eq!(of(&[named], None), Ok(PathBuf::from("/dev/ttyUSB7")));
        let imei = Some("356938035643809");
        assert_eq!(of(&[by_imei], imei), Ok(PathBuf::from("/dev/ttyUSB9")));
        let unknown = of(std::slice::from_ref(&by_port), None).expect_err("nothing is there");
        assert!(unknown.contains("`audio:` under its channel"), "{unknown}");
        let audio = folder.path().join("modem-1.audio");
        fs::write(&audio, "").expect("the folder is ours");
        assert_eq!(of(&[by_port], None), Ok(audio));
    }
}
