//! What the office says about its SIMs, and which of them refused their PIN.
//!
//! A PIN that was wrong once is wrong after the service starts again, too, and three wrong tries
//! lock a SIM. So a refusal is written down, beside the data, and holds until a PIN in the
//! settings is changed. The file holds the numbers of SIMs and no PIN.

use crate::switchboard::{ChannelSettings, Find};
use rollcall_drivers::modem::{Settings, SimSettings, Trouble};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The SIMs of an office.
#[derive(Clone)]
pub struct Sims {
    channels: Vec<ChannelSettings>,
    refusals: PathBuf,
}

impl Sims {
    /// `data` is the file of the database.
    pub fn new(channels: Vec<ChannelSettings>, data: &Path) -> Sims {
        Sims { channels, refusals: data.with_file_name("pins-refused.txt") }
    }

    /// For a port that a channel names.
    pub fn of_channel(&self, channel: &ChannelSettings) -> Settings {
        Settings { sim: sim(channel), dials: channel.calls, ..self.settings() }
    }

    /// For a port that was found: which channel its modem carries, its IMEI tells.
    pub fn of_found(&self) -> Settings {
        let auto = self.channels.iter().find(|channel| channel.find == Find::Auto);
        let mut settings = self.settings();
        settings.sim = auto.map(sim).unwrap_or_default();
        settings.dials = self.channels.iter().any(|channel| channel.calls);
        for channel in &self.channels {
            if let Find::ByImei(imei) = &channel.find {
                settings.sim_in.insert(imei.clone(), sim(channel));
            }
        }
        settings
    }

    fn settings(&self) -> Settings {
        let written = std::fs::read_to_string(&self.refusals).unwrap_or_default();
        let refused = written.lines().filter_map(|line| {
            let (fingerprint, sim) = line.split_once(' ')?;
            (fingerprint == self.fingerprint(sim)).then(|| sim.to_owned())
        });
        Settings { pin_refused_by: refused.collect(), ..Settings::default() }
    }

    /// Writes a refusal down, once.
    pub fn note(&self, trouble: &Trouble) {
        let Trouble::PinRefused { sim } = trouble else { return };
        if self.settings().pin_refused_by.contains(sim) {
            return;
        }
        let line = format!("{} {sim}\n", self.fingerprint(sim));
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.refusals);
        if let Err(trouble) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
            tracing::warn!("that a SIM refused its PIN could not be written down: {trouble}");
        }
    }

    /// Names the PINs that are set, at this SIM, without telling them.
    fn fingerprint(&self, sim: &str) -> String {
        let pins: Vec<&str> =
            self.channels.iter().map(|channel| channel.pin.as_deref().unwrap_or("")).collect();
        let named = format!("{sim}:{}", pins.join(":"));
        Sha256::digest(named.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn sim(channel: &ChannelSettings) -> SimSettings {
    SimSettings { pin: channel.pin.clone(), service_centre: channel.service_centre.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(name: &str, find: Find, pin: Option<&str>) -> ChannelSettings {
        ChannelSettings { pin: pin.map(str::to_owned), ..ChannelSettings::new(name, find) }
    }

    #[test]
    fn a_refused_pin_is_remembered_until_it_is_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("rollcall.db");
        let refused = Trouble::PinRefused { sim: "89231070000000000012".to_owned() };
        let wrong = channel("a", Find::Auto, Some("1234"));
        Sims::new(vec![wrong.clone()], &data).note(&refused);
        Sims::new(vec![wrong.clone()], &data).note(&refused);
        let after_a_start = Sims::new(vec![wrong.clone()], &data).of_channel(&wrong);
        assert_eq!(after_a_start.pin_refused_by, ["89231070000000000012"]);
        let right = channel("a", Find::Auto, Some("4321"));
        assert!(Sims::new(vec![right], &data).of_found().pin_refused_by.is_empty());
        let written = std::fs::read_to_string(folder.path().join("pins-refused.txt"));
        let written = written.expect("it was written");
        assert_eq!(written.lines().count(), 1);
        assert!(!written.contains("1234"), "{written}");
    }

    #[test]
    fn a_stick_that_is_found_gets_its_own_channels_pin_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let one = channel("one", Find::ByImei("356938035643809".to_owned()), Some("1111"));
        let named = channel("named", Find::ByPort("/dev/ttyUSB0".to_owned()), Some("2222"));
        let sims = Sims::new(vec![one, named], &folder.path().join("rollcall.db"));
        let found = sims.of_found();
        assert_eq!(found.sim.pin, None);
        assert_eq!(found.sim_in["356938035643809"].pin.as_deref(), Some("1111"));
    }
}
