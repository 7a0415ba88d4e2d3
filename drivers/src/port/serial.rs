//! Opens a serial port, for this program alone.
//!
//! Says in words why it cannot be opened. Where ports are is `discover`'s business. Never flush a
//! port: on a serial line that blocks the thread until everything has left (`tcdrain`); write,
//! and wait for the answer. A read of no bytes means that the port is gone.

use std::path::{Path, PathBuf};

pub use tokio_serial::SerialStream;

/// The speed that is set where there is a real line; USB sticks and PTYs have none.
const BAUD: u32 = 115_200;

/// Why a port could not be opened, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such port.
    #[error("{0}: there is no such port; is the modem plugged in?")]
    Missing(PathBuf),
    /// Another program has it.
    #[error("{0}: another program uses this port (ModemManager, or a second Rollcall?)")]
    Busy(PathBuf),
    /// This user may not open it.
    #[error(
        "{0}: you may not open this port; add yourself to the group that may (often `dialout`)"
    )]
    Forbidden(PathBuf),
    /// Anything else.
    #[error("{path}: the port could not be opened: {words}")]
    Other {
        /// Which port.
        path: PathBuf,
        /// What the system says.
        words: String,
    },
}

/// Opens a port for this program alone. Must be called inside a tokio runtime.
///
/// # Errors
/// It is missing, in use, forbidden, or no serial port.
pub fn open(path: &Path) -> Result<SerialStream, OpenError> {
    let settings = tokio_serial::new(path.to_string_lossy(), BAUD);
    SerialStream::open(&settings).map_err(|error| explain(path, &error))
}

fn explain(path: &Path, error: &tokio_serial::Error) -> OpenError {
    use std::io::ErrorKind::{NotFound, PermissionDenied, ResourceBusy};
    let path = path.to_owned();
    match error.kind() {
        tokio_serial::ErrorKind::Io(PermissionDenied) => OpenError::Forbidden(path),
        tokio_serial::ErrorKind::Io(ResourceBusy) => OpenError::Busy(path),
        tokio_serial::ErrorKind::Io(NotFound) => OpenError::Missing(path),
        // The library's kind for a lock that somebody else holds, too.
        tokio_serial::ErrorKind::NoDevice if path.exists() => OpenError::Busy(path),
        tokio_serial::ErrorKind::NoDevice => OpenError::Missing(path),
        _ => OpenError::Other { path, words: error.to_string() },
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::port::pty::Pty;

    #[tokio::test]
    async fn a_port_has_one_user_at_a_time() {
        let pty = Pty::open().expect("the system has pseudo-terminals");
        let first = open(pty.path()).expect("nobody has it");
        assert!(matches!(open(pty.path()), Err(OpenError::Busy(_))));
        drop(first);
        assert!(open(pty.path()).is_ok());
    }

    #[tokio::test]
    async fn a_port_that_is_not_there_is_told_from_a_file_that_is_none() {
        let missing = open(Path::new("/dev/ttyNONE7")).expect_err("there is none");
        assert!(matches!(missing, OpenError::Missing(_)), "{missing}");
        let file = open(Path::new("/dev/null")).expect_err("it is no port");
        assert!(matches!(file, OpenError::Other { .. }), "{file}");
    }
}
