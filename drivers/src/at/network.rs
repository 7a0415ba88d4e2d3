//! What a modem says of the networks around it: the list of networks, signal, system, clock.
//!
//! Each function reads one kind of line and gives `None` where the line makes no sense.

use super::fields::{after, fields};
use crate::pdu::ServiceCentreTime;

/// A network in the answer to `AT+COPS=?`, TS 27.007 §7.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// 0 not known, 1 to be had, 2 in use, 3 forbidden.
    pub state: u8,
    /// Its long name.
    pub long: Option<String>,
    /// Its short name.
    pub short: Option<String>,
    /// Country and network, five or six digits.
    pub plmn: String,
    /// `<AcT>`, by number; 0, GSM, where it is left out.
    pub technology: u8,
}

/// `+COPS: (2,"Orange LR","Orange","61807",0),…`; brackets may stand at the wrong places.
pub fn networks(line: &str) -> Vec<Network> {
    let mut entries = vec![String::new()];
    let mut quoted = false;
    for c in after("+COPS:", line).chars() {
        match c {
            '(' if !quoted => {
                entries.push(String::new());
                continue;
            }
            ')' if !quoted => continue,
            '"' => quoted = !quoted,
            _ => {}
        }
        entries.last_mut().expect("there is one from the start").push(c);
    }
    entries.iter().filter_map(|entry| network(entry)).collect()
}

fn network(entry: &str) -> Option<Network> {
    let fields = fields(entry);
    let plmn = fields.get(3)?;
    let is_plmn = matches!(plmn.len(), 5 | 6) && plmn.bytes().all(|byte| byte.is_ascii_digit());
    let name = |at: usize| fields.get(at).filter(|name| !name.is_empty()).cloned();
    is_plmn.then(|| Network {
        state: fields[0].parse().unwrap_or(0),
        long: name(1),
        short: name(2),
        plmn: plmn.clone(),
        technology: fields.get(4).and_then(|field| field.parse().ok()).unwrap_or(0),
    })
}

/// `+CESQ:`, TS 27.007 §8.69: levels as they travel; `None` is "not known".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignalQuality {
    /// GSM, 0 to 63.
    pub rxlev: Option<u8>,
    /// GSM bit errors, 0 to 7.
    pub ber: Option<u8>,
    /// UMTS, 0 to 96.
    pub rscp: Option<u8>,
    /// UMTS, 0 to 49.
    pub ecno: Option<u8>,
    /// LTE, 0 to 34.
    pub rsrq: Option<u8>,
    /// LTE, 0 to 97.
    pub rsrp: Option<u8>,
}

/// `+CESQ: 99,99,95,40,255,255`.
pub fn signal_quality(line: &str) -> Option<SignalQuality> {
    let fields = fields(line.strip_prefix("+CESQ:")?);
    let level = |at: usize, most: u8| -> Option<u8> {
        fields.get(at)?.parse().ok().filter(|level| *level <= most)
    };
    (fields.len() >= 6).then(|| SignalQuality {
        rxlev: level(0, 63),
        ber: level(1, 7),
        rscp: level(2, 96),
        ecno: level(3, 49),
        rsrq: level(4, 34),
        rsrp: level(5, 97),
    })
}

impl SignalQuality {
    /// The best known power in dBm: LTE, then UMTS, then GSM.
    pub fn dbm(self) -> Option<i16> {
        let lte = self.rsrp.map(|level| i16::from(level) - 141);
        let umts = self.rscp.map(|level| i16::from(level) - 121);
        lte.or(umts).or_else(|| self.rxlev.map(|level| i16::from(level) - 111))
    }

    /// UMTS signal to noise, in tenths of a dB.
    pub fn ecno_tenths(self) -> Option<i16> {
        self.ecno.map(|level| i16::from(level) * 5 - 245)
    }
}

/// `^SYSINFO:` and `^SYSINFOEX:`, a widespread pair of one maker's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemState {
    /// 0 none, 1 restricted, 2 full, 3 regional, 4 asleep.
    pub service: u8,
    /// What the service is for: calls, packets or both.
    pub domain: u8,
    /// Whether it roams, as the modem says it.
    pub roaming: u8,
    /// 1 is a SIM that works.
    pub sim: u8,
    /// The kind of system.
    pub mode: u8,
    /// Whether the stick is locked to a network.
    pub lock: Option<u8>,
    /// The kind in detail.
    pub submode: Option<u8>,
}

/// Reads either form. A sixth field alone is a lock, not a detail, in the shorter one.
pub fn system_state(line: &str) -> Option<SystemState> {
    let extended = line.strip_prefix("^SYSINFOEX:");
    let fields = fields(extended.or_else(|| line.strip_prefix("^SYSINFO:"))?);
    let number = |at: usize| -> Option<u8> { fields.get(at)?.parse().ok() };
    let (sim, mode, lock, submode) = match extended {
        Some(_) => (number(3)?, number(5)?, number(4), number(7)),
        None => (number(4)?, number(3)?, number(5), number(6)),
    };
    let (service, domain, roaming) = (number(0)?, number(1)?, number(2)?);
    Some(SystemState { service, domain, roaming, sim, mode, lock, submode })
}

/// `^HCSQ: "WCDMA",30,30,58`: the system's name and its levels; none without service.
pub fn levels(line: &str) -> Option<(String, Vec<u8>)> {
    let fields = fields(line.strip_prefix("^HCSQ:")?);
    let (name, levels) = fields.split_first()?;
    let levels: Vec<u8> = levels.iter().filter_map(|level| level.parse().ok()).collect();
    (name != "NOSERVICE" && !levels.is_empty()).then(|| (name.clone(), levels))
}

/// `^NWTIME: 14/08/05,04:00:21+20,00` → the network's time, and the hours of summer time in it.
pub fn network_time(line: &str) -> Option<(ServiceCentreTime, u8)> {
    let fields = fields(line.strip_prefix("^NWTIME:")?);
    let summer = fields.get(2).map_or(Some(0), |hours| hours.parse().ok())?;
    Some((time(&format!("{},{}", fields.first()?, fields.get(1)?))?, summer))
}

/// `^TIME: 14/08/05 04:00:21` → the network's time, in UTC.
pub fn clock(line: &str) -> Option<ServiceCentreTime> {
    time(&line.strip_prefix("^TIME:")?.trim().replacen(' ', ",", 1))
}

/// `13/04/29,19:58:00+04`, the form of TS 27.005 §3.1: quarters of an hour after the sign; a year
/// may have four digits, and the zone may be missing.
pub fn time(text: &str) -> Option<ServiceCentreTime> {
    let (date, clock) = text.split_once(',')?;
    let at = clock.find(['+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(at);
    let mut raw = [0; 7];
    let [year, month, day] = numbers(date, '/')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let quarters: u8 = zone.get(1..).map_or(Some(0), |zone| zone.parse().ok())?;
    let values = [year % 100, month, day, hour, minute, second, u16::from(quarters)];
    for (octet, value) in raw.iter_mut().zip(values) {
        let value = u8::try_from(value).ok().filter(|value| *value < 100)?;
        *octet = ((value % 10) << 4) | (value / 10);
    }
    if zone.starts_with('-') {
        raw[6] |= 0x08;
    }
    let time = ServiceCentreTime::from_raw(raw);
    time.unix_seconds().map(|_| time)
}

fn numbers(text: &str, between: char) -> Option<[u16; 3]> {
    let numbers: Option<Vec<u16>> =
        text.split(between).map(|number| number.trim().parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_networks_is_read_with_its_brackets_astray() {
        let list = "+COPS: (2,\"Orange LR\",\"Orange\",\"61807\",0),(1,\"A, B\",\"\",\"61801\"),2),,(0,1,2),(0-2)";
        let found = networks(list);
        let told: Vec<(u8, &str, u8)> =
            found.iter().map(|one| (one.state, one.plmn.as_str(), one.technology)).collect();
        assert_eq!(told, [(2, "61807", 0), (1, "61801", 2)]);
        assert_eq!((found[1].long.as_deref(), found[1].short.as_deref()), (Some("A, B"), None));
        assert!(networks("+COPS: ").is_empty());
    }

    #[test]
    fn levels_beyond_the_scale_are_not_known() {
        let signal = signal_quality("+CESQ: 99,99,255,255,20,50").expect("six levels");
        assert_eq!((signal.rxlev, signal.rsrp, signal.dbm()), (None, Some(50), Some(-91)));
        assert_eq!(signal_quality("+CESQ: 1,2"), None);
        assert_eq!(levels("^HCSQ: \"NOSERVICE\""), None);
    }

    #[test]
    fn times_that_there_are_not_are_refused() {
        assert_eq!(time("13/04/29,19:58:00+04").map(|time| time.quarter_hours()), Some(4));
        assert_eq!(time("2009/8/18,19:11:45-06").map(|time| time.quarter_hours()), Some(-6));
        for text in [
            "",
            "13/13/29,19:58:00",
            "13-04-29,19:58:00",
            "13/04/29",
            "a/b/c,d:e:f",
            "1/1/1,1:1:999",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
        assert_eq!(clock("^TIME: 14-08-05,04:00:21"), None);
    }

    #[test]
    fn the_state_of_the_system_in_both_forms() {
        let short = system_state("^SYSINFO:2,3,0,5,1,,4").expect("seven fields");
        let long = system_state("^SYSINFOEX:2,3,0,1,,3,\"WCDMA\",41,\"HSPA+\"").expect("nine");
        assert_eq!((short.mode, short.sim, short.submode), (5, 1, Some(4)));
        assert_eq!((long.mode, long.sim, long.submode), (3, 1, Some(41)));
        assert_eq!(system_state("^SYSINFO:2"), None);
    }
}
