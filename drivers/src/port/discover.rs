//! Which ports of this machine may be a modem's.
//!
//! On Linux it reads `/sys` itself, so that no system library is needed and the scan can be tried
//! on a made-up tree; elsewhere it asks `serialport`. Only USB ports are found: a PTY or a
//! built-in port is opened when it is named, never by itself. One stick has several ports, not
//! all of which answer AT; which is which, asking tells.

use std::path::{Path, PathBuf};

use crate::modem::profile;

/// A port that may be a modem's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What to open, as in `/dev/ttyUSB2`. Changes when the stick is plugged in again.
    pub path: PathBuf,
    /// Where on the USB the stick is, as in `1-1.2`. The same for all ports of one stick.
    pub stick: Option<String>,
    /// Which of the stick's interfaces the port is.
    pub interface: Option<u8>,
    /// The USB number of the maker.
    pub vendor: u16,
    /// The maker's number of the product.
    pub product: u16,
    /// What the stick calls itself.
    pub name: Option<String>,
}

impl Candidate {
    /// Whether it carries the sound of calls and no commands, as far as that is known.
    pub fn is_for_sound(&self) -> bool {
        let interface = self.interface;
        interface.is_some_and(|it| profile::is_sound_port(self.vendor, self.product, it))
    }
}

/// The port for sound of the stick that this port belongs to, among all that were found.
pub fn sound_port_of<'a>(found: &'a [Candidate], port: &Path) -> Option<&'a Path> {
    let stick = found.iter().find(|one| one.path == port)?.stick.as_ref()?;
    let of_stick = |one: &&Candidate| one.stick.as_ref() == Some(stick);
    let mut sounds = found.iter().filter(|one| one.is_for_sound()).filter(of_stick);
    sounds.next().map(|one| one.path.as_path())
}

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{candidates, names};
#[cfg(target_os = "linux")]
pub use linux::{candidates, names};

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsString;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::Candidate;

    /// All ports that may be a modem's, in the order of their sticks and interfaces.
    pub fn candidates() -> Vec<Candidate> {
        candidates_under(Path::new("/sys"))
    }

    /// The names of all ports: a cheap look that tells whether the dear one is worth it.
    pub fn names() -> Vec<OsString> {
        let ports = fs::read_dir("/sys/class/tty").into_iter().flatten().flatten();
        let mut names: Vec<_> = ports.map(|port| port.file_name()).collect();
        names.sort();
        names
    }

    pub(super) fn candidates_under(sys: &Path) -> Vec<Candidate> {
        let ports = fs::read_dir(sys.join("class/tty")).into_iter().flatten().flatten();
        let mut found: Vec<_> = ports.filter_map(|port| candidate(&port.path())).collect();
        found.sort_by(|a, b| {
            (&a.stick, a.interface, &a.path).cmp(&(&b.stick, b.interface, &b.path))
        });
        found
    }

    /// A port whose device hangs, a few folders up, below a USB device.
    fn candidate(port: &Path) -> Option<Candidate> {
        let device = fs::canonicalize(port.join("device")).ok()?;
        let stick = device.ancestors().find(|folder| folder.join("idVendor").is_file())?;
        let interface = device.ancestors().find_map(|folder| attribute(folder, "bInterfaceNumber"));
        Some(Candidate {
            path: PathBuf::from("/dev").join(port.file_name()?),
            stick: Some(stick.file_name()?.to_string_lossy().into_owned()),
            interface: interface.and_then(|digits| u8::from_str_radix(&digits, 16).ok()),
            vendor: number(stick, "idVendor")?,
            product: number(stick, "idProduct")?,
            name: attribute(stick, "product"),
        })
    }

    fn number(folder: &Path, name: &str) -> Option<u16> {
        u16::from_str_radix(&attribute(folder, name)?, 16).ok()
    }

    fn attribute(folder: &Path, name: &str) -> Option<String> {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::ffi::OsString;

    use serialport::SerialPortType;

    use super::Candidate;

    /// All ports that may be a modem's, in the order of their names.
    pub fn candidates() -> Vec<Candidate> {
        let ports = serialport::available_ports().unwrap_or_default();
        let mut found: Vec<_> = ports.into_iter().filter_map(candidate).collect();
        found.sort();
        found
    }

    /// The names of all ports.
    pub fn names() -> Vec<OsString> {
        candidates().into_iter().map(|candidate| candidate.path.into_os_string()).collect()
    }

    fn candidate(port: serialport::SerialPortInfo) -> Option<Candidate> {
        let SerialPortType::UsbPort(usb) = port.port_type else {
            return None;
        };
        Some(Candidate {
            path: port.port_name.into(),
            stick: None,
            interface: usb.interface,
            vendor: usb.vid,
            product: usb.pid,
            name: usb.product,
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::linux::candidates_under;
    use super::{Candidate, sound_port_of};

    /// A stick with ports at its interfaces 0 and 2, a built-in port, and a console.
    fn made_up_tree(sys: &Path) {
        let stick = sys.join("devices/usb1/1-1/1-1.2");
        for (tty, interface) in [("ttyUSB1", "02"), ("ttyUSB0", "00")] {
            let port = stick.join(format!("1-1.2:1.{}", &interface[1..]));
            fs::create_dir_all(port.join(tty)).expect("the folder is ours");
            write(&port.join("bInterfaceNumber"), interface);
            link(sys, tty, &port.join(tty));
        }
        write(&stick.join("idVendor"), "12d1");
        write(&stick.join("idProduct"), "1506");
        write(&stick.join("product"), "Mobile Stick");
        let built_in = sys.join("devices/platform/serial8250");
        fs::create_dir_all(&built_in).expect("the folder is ours");
        link(sys, "ttyS0", &built_in);
        fs::create_dir_all(sys.join("class/tty/console")).expect("the folder is ours");
    }

    fn link(sys: &Path, tty: &str, device: &Path) {
        let folder = sys.join("class/tty").join(tty);
        fs::create_dir_all(&folder).expect("the folder is ours");
        symlink(device, folder.join("device")).expect("the folder is ours");
    }

    fn write(file: &Path, text: &str) {
        fs::write(file, format!("{text}\n")).expect("the folder is ours");
    }

    #[test]
    fn the_ports_of_a_stick_are_found_and_no_others() {
        let sys = tempfile::tempdir().expect("there is room for a folder");
        made_up_tree(sys.path());
        let found = candidates_under(sys.path());
        let ports: Vec<_> =
            found.iter().map(|port| (port.path.to_str().unwrap(), port.interface)).collect();
        assert_eq!(ports, [("/dev/ttyUSB0", Some(0)), ("/dev/ttyUSB1", Some(2))]);
        assert_eq!(found[0].stick.as_deref(), Some("1-1.2"));
        assert_eq!((found[0].vendor, found[0].product), (0x12d1, 0x1506));
        assert_eq!(found[0].name.as_deref(), Some("Mobile Stick"));
    }

    #[test]
    fn the_port_for_sound_is_found_on_the_stick_of_the_port_for_commands() {
        let port = |name: &str, stick: &str, interface| Candidate {
            path: name.into(),
            stick: Some(stick.to_owned()),
            interface: Some(interface),
            vendor: 0x12d1,
            product: 0x1001,
            name: None,
        };
        let found = [
            port("/dev/ttyUSB0", "1-1", 0),
            port("/dev/ttyUSB1", "1-1", 1),
            port("/dev/ttyUSB2", "1-1", 2),
            port("/dev/ttyUSB4", "1-2", 1),
            port("/dev/ttyUSB5", "1-2", 2),
        ];
        let sound = |port: &str| sound_port_of(&found, Path::new(port)).and_then(Path::to_str);
        assert_eq!(sound("/dev/ttyUSB2"), Some("/dev/ttyUSB1"));
        assert_eq!(sound("/dev/ttyUSB5"), Some("/dev/ttyUSB4"));
        assert_eq!(sound("/dev/ttyUSB9"), None);
        assert_eq!(found.iter().filter(|port| port.is_for_sound()).count(), 2);
    }

    #[test]
    fn a_machine_without_ports_has_none() {
        assert!(candidates_under(Path::new("/nowhere")).is_empty());
    }
}
