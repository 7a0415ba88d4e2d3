//! Opens the port for the sound of a call, for this program alone.
//!
//! Nothing blocks: reading waits a few milliseconds for the modem at most, and writing takes what there
//! is room for. A modem whose sound hangs must not hold up whoever moves it.

use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::serial::OpenError;

/// How long reading waits: half a frame, so that whoever moves the sound looks at the clock between two.
const PATIENCE: Duration = Duration::from_millis(10);

/// A port for the sound of a call.
#[derive(Debug)]
pub struct SoundLine(system::Line);

/// Opens the port. What lay in it from before is thrown away.
///
/// # Errors
/// It is missing, in use, forbidden, or no serial port.
pub fn open(path: &Path) -> Result<SoundLine, OpenError> {
    system::open(path).map(SoundLine).map_err(|error| explain(path, &error))
}

fn explain(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::Missing(path),
        io::ErrorKind::PermissionDenied => OpenError::Forbidden(path),
        io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => OpenError::Busy(path),
        _ => OpenError::Other { path, words: error.to_string() },
    }
}

impl Read for SoundLine {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for SoundLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    /// Does nothing: flushing a port waits until everything has left it.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::event::{PollFd, PollFlags, Timespec};
    use rustix::fs::{FlockOperation, Mode, OFlags};
    use rustix::termios::{OptionalActions, QueueSelector};

    use super::PATIENCE;

    #[derive(Debug)]
    pub(super) struct Line(OwnedFd);

    pub(super) fn open(path: &Path) -> io::Result<Line> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let line = rustix::fs::open(path, flags, Mode::empty())?;
        // Another Rollcall locks it, another program claims it.
        rustix::fs::flock(&line, FlockOperation::NonBlockingLockExclusive)?;
        let mut settings = rustix::termios::tcgetattr(&line)?;
        rustix::termios::ioctl_tiocexcl(&line)?;
        settings.make_raw();
        rustix::termios::tcsetattr(&line, OptionalActions::Now, &settings)?;
        rustix::termios::tcflush(&line, QueueSelector::IFlush)?;
        Ok(Line(line))
    }

    impl Line {
        pub(super) fn read(&self, into: &mut [u8]) -> io::Result<usize> {
            let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(PATIENCE.subsec_nanos()) };
            let mut line = [PollFd::new(&self.0, PollFlags::IN)];
            match rustix::event::poll(&mut line, Some(&wait))? {
                0 => Err(io::ErrorKind::TimedOut.into()),
                _ => Ok(rustix::io::read(&self.0, into)?),
            }
        }

        pub(super) fn write(&self, bytes: &[u8]) -> io::Result<usize> {
            Ok(rustix::io::write(&self.0, bytes)?)
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io::{self, Read, Write};
    use std::path::Path;

    use super::PATIENCE;

    pub(super) struct Line(Box<dyn serialport::SerialPort>);

    pub(super) fn open(path: &Path) -> io::Result<Line> {
        let port = serialport::new(path.to_string_lossy(), 115_200).timeout(PATIENCE);
        let port = port.open()?;
        port.clear(serialport::ClearBuffer::Input)?;
        Ok(Line(port))
    }

    impl std::fmt::Debug for Line {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.debug_struct("Line").finish_non_exhaustive()
        }
    }

    impl Line {
        pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }

        pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::port::pty::Pty;

    #[tokio::test]
    async fn a_port_for_sound_waits_for_nobody_and_has_one_user() {
        let pty = Pty::open().expect("the system has pseudo-terminals");
        pty.write(b"from the call before").expect("the line is open");
        let mut line = open(pty.path()).expect("nobody has it");
        assert!(matches!(open(pty.path()), Err(OpenError::Busy(_))));
        let mut octets = [0; 640];
        let nothing = line.read(&mut octets).expect_err("what lay there is gone");
        assert_eq!(nothing.kind(), io::ErrorKind::TimedOut);
        while line.write(&octets).is_ok() {}
        let full = line.write(&octets).expect_err("nobody reads");
        assert_eq!(full.kind(), io::ErrorKind::WouldBlock);
        drop(line);
        assert!(matches!(open(Path::new("/dev/ttyNONE7")), Err(OpenError::Missing(_))));
    }
}
