//! Takes a stick off the USB and puts it on again, without a hand.
//!
//! Linux keeps a file `authorized` for each USB device: `0` takes it away from its drivers as if it
//! were pulled, `1` sets it up anew. It keeps its power meanwhile. Writing there is for the
//! administrator, unless a rule of the machine allows it (docs/operating.md). Elsewhere no stick is
//! ever found here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where Linux shows its devices.
pub const SYS: &str = "/sys";

/// A stick on the USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stick(PathBuf);

/// Why a stick could not be taken off the USB and put on again.
#[derive(Debug, thiserror::Error)]
pub enum UsbError {
    /// This user may not.
    #[error(
        "{0}: taking the stick off the USB and on again needs the administrator's rights, or a \
         rule of this machine that allows it (see docs/operating.md)"
    )]
    Forbidden(PathBuf),
    /// It is off now, and cannot be put on again.
    #[error("{path}: the stick is off the USB and could not be put on again ({words}): unplug it")]
    StaysOff {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        words: String,
    },
    /// Anything else.
    #[error("{path}: the stick could not be taken off the USB: {words}")]
    Other {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        words: String,
    },
}

impl Stick {
    /// The stick that a port belongs to; `None` for a port that is not on the USB. `sys` is
    /// [`SYS`], but in tests.
    pub fn of_port(sys: &Path, port: &Path) -> Option<Stick> {
        let port = fs::canonicalize(port).unwrap_or_else(|_| port.to_owned());
        let tty = sys.join("class/tty").join(port.file_name()?).join("device");
        let device = fs::canonicalize(tty).ok()?;
        let stick = device.ancestors().find(|folder| folder.join("authorized").is_file())?;
        stick.join("idVendor").is_file().then(|| Stick(stick.to_owned()))
    }

    /// Takes it off and puts it on again: waits for the drivers, a second perhaps.
    ///
    /// # Errors
    /// This user may not, or the system cannot.
    pub fn reauthorise(&self) -> Result<(), UsbError> {
        let (path, file) = (self.0.clone(), self.0.join("authorized"));
        if let Err(error) = fs::write(&file, "0") {
            return Err(match error.kind() {
                io::ErrorKind::PermissionDenied => UsbError::Forbidden(path),
                _ => UsbError::Other { path, words: error.to_string() },
            });
        }
        // It must not stay off because of a moment's trouble.
        let mut put_on = fs::write(&file, "1");
        for _ in 0..3 {
            if put_on.is_err() {
                put_on = fs::write(&file, "1");
            }
        }
        put_on.map_err(|error| UsbError::StaysOff { path, words: error.to_string() })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A stick whose second interface carries `ttyUSB1`.
    fn made_up_tree() -> tempfile::TempDir {
        let sys = tempfile::tempdir().expect("there is room for a folder");
        let stick = sys.path().join("devices/usb1/1-1/1-1.2");
        let interface = stick.join("1-1.2:1.1/ttyUSB1");
        fs::create_dir_all(&interface).expect("the folder is ours");
        for folder in [&stick, &sys.path().join("devices/usb1")] {
            fs::write(folder.join("idVendor"), "12d1\n").expect("the folder is ours");
            fs::write(folder.join("authorized"), "1\n").expect("the folder is ours");
        }
        let tty = sys.path().join("class/tty/ttyUSB1");
        fs::create_dir_all(&tty).expect("the folder is ours");
        symlink(&interface, tty.join("device")).expect("the folder is ours");
        sys
    }

    #[test]
    fn the_stick_of_a_port_is_taken_off_and_on_and_not_the_hub_it_is_in() {
        let sys = made_up_tree();
        let stick = Stick::of_port(sys.path(), Path::new("/dev/ttyUSB1")).expect("there is one");
        assert!(stick.0.ends_with("1-1/1-1.2"), "{stick:?}");
        stick.reauthorise().expect("the file is ours");
        let left = fs::read_to_string(stick.0.join("authorized")).expect("the file is ours");
        assert_eq!(left, "1");
    }

    #[test]
    fn who_may_not_is_told_what_is_missing() {
        let sys = made_up_tree();
        let stick = Stick::of_port(sys.path(), Path::new("/dev/ttyUSB1")).expect("there is one");
        let file = stick.0.join("authorized");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("the file is ours");
        match stick.reauthorise() {
            Err(trouble) => assert!(trouble.to_string().contains("administrator"), "{trouble}"),
            // The administrator runs this test.
            Ok(()) => assert!(fs::write(&file, "1").is_ok()),
        }
    }

    #[test]
    fn a_port_that_is_not_on_the_usb_has_no_stick() {
        let sys = made_up_tree();
        assert_eq!(Stick::of_port(sys.path(), Path::new("/dev/pts/7")), None);
        assert_eq!(Stick::of_port(Path::new("/nowhere"), Path::new("/dev/ttyUSB1")), None);
    }
}
