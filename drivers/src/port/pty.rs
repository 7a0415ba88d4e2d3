//! A pseudo-terminal: a serial port without a device behind it.
//!
//! The simulator stands behind it and any program may open its path as it opens a stick's. Both
//! directions carry bytes as they are. Unix only; this is not the port that a real modem has.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::OptionalActions;
use tokio::io::unix::AsyncFd;

/// The side of the device. Dropping it is pulling the stick out.
#[derive(Debug)]
pub struct Pty {
    device: AsyncFd<OwnedFd>,
    /// Never read. While one end of the computer's side is open the device's side is never hung
    /// up; a hang-up would stay signalled for ever and make a reader spin (tokio#4549).
    _computer: OwnedFd,
    path: PathBuf,
}

/// How much of what was written the computer's side has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// All of it.
    All,
    /// Nobody has read for long: the rest is lost, as it is on a serial line.
    Overrun,
}

impl Pty {
    /// Opens a new pair. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The system has no pseudo-terminals left, or no file descriptors.
    pub fn open() -> io::Result<Pty> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let device = rustix::pty::openpt(flags)?;
        rustix::pty::grantpt(&device)?;
        rustix::pty::unlockpt(&device)?;
        let name = rustix::pty::ptsname(&device, Vec::new())?;
        let path = PathBuf::from(OsString::from_vec(name.into_bytes()));
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let computer = rustix::fs::open(&path, flags, Mode::empty())?;
        let mut settings = rustix::termios::tcgetattr(&computer)?;
        settings.make_raw();
        rustix::termios::tcsetattr(&computer, OptionalActions::Now, &settings)?;
        rustix::io::ioctl_fionbio(&device, true)?;
        Ok(Pty { device: register(device)?, _computer: computer, path })
    }

    /// What the computer opens, as in `/dev/pts/7`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for bytes from the computer.
    ///
    /// # Errors
    /// As reading from any file.
    pub async fn read(&self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.device.readable().await?;
            let read = ready.try_io(|device| Ok(rustix::io::read(device.get_ref(), &mut *into)?));
            if let Ok(read) = read {
                return read;
            }
        }
    }

    /// Writes to the computer without waiting for it.
    ///
    /// # Errors
    /// As writing to any file.
    pub fn write(&self, bytes: &[u8]) -> io::Result<Written> {
        let mut left = bytes;
        while !left.is_empty() {
            match rustix::io::write(&self.device, left) {
                Ok(written) => left = left.get(written..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return Ok(Written::Overrun),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Written::All)
    }
}

#[expect(deprecated, reason = "what replaces it is unsafe to call; the descriptor is owned here")]
fn register(device: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(device)
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::{Read, Write};

    use super::*;

    #[tokio::test]
    async fn bytes_pass_both_ways_as_they_are_and_the_computer_may_come_again() {
        let pty = Pty::open().expect("the system has pseudo-terminals");
        for _ in 0..2 {
            let computer = OpenOptions::new().read(true).write(true).open(pty.path());
            let mut computer = computer.expect("the path can be opened");
            computer.write_all(b"AT\r\x1A\x03").expect("the device listens");
            let mut heard = [0; 16];
            let length = pty.read(&mut heard).await.expect("the computer wrote");
            assert_eq!(&heard[..length], b"AT\r\x1A\x03");
            assert_eq!(pty.write(b"\r\nOK\r\n").expect("the line is open"), Written::All);
            let mut heard = [0; 6];
            computer.read_exact(&mut heard).expect("the device wrote");
            assert_eq!(&heard, b"\r\nOK\r\n");
        }
    }

    #[tokio::test]
    async fn a_computer_that_never_reads_does_not_hold_the_device_up() {
        let pty = Pty::open().expect("the system has pseudo-terminals");
        let line = [b'x'; 1 << 20];
        assert_eq!(pty.write(&line).expect("the line is open"), Written::Overrun);
    }
}
