//! Drives one [`Modem`] over one port: the async shell around the state machine.
//!
//! It moves bytes, commands, events and times, and decides nothing. When the port is gone it
//! returns, and whoever called opens the port again; the modem is kept over that ([`keep`]), so
//! that it remembers what must not be done twice and what was tried already.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::modem::{Command, Event, Modem, Remedy, Settings};
use crate::port::transcript::escape;

/// Why [`drive`] returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The modem needs another port, and this to be done before.
    Lost(Remedy),
    /// Nobody gives commands or takes events any more.
    Left,
}

/// The two ends that the application holds the other ends of.
#[derive(Debug)]
pub struct Line {
    /// What the modem is asked to do. Unbounded, for the application must never wait for a stick;
    /// it gives one message at a time.
    pub commands: mpsc::UnboundedReceiver<Command>,
    /// What the modem reports. Bounded: while the application is busy, messages wait in the stick.
    pub events: mpsc::Sender<Event>,
}

/// What the application holds of a [`Line`].
#[derive(Debug)]
pub struct Ends {
    /// To ask the modem for something. Dropping it ends the drive.
    pub commands: mpsc::UnboundedSender<Command>,
    /// What the modem reports. `None` from it: the drive has ended.
    pub events: mpsc::Receiver<Event>,
}

/// Reports that wait for a slow application.
const WAITING_EVENTS: usize = 64;

/// A line and the application's ends of it.
pub fn line() -> (Line, Ends) {
    let (give, commands) = mpsc::unbounded_channel();
    let (events, take) = mpsc::channel(WAITING_EVENTS);
    (Line { commands, events }, Ends { commands: give, events: take })
}

/// Drives a new modem over `port` in a task of its own, once: for programs that end when the
/// modem is lost. Must be called inside a tokio runtime.
pub fn spawn<P>(settings: Settings, port: P) -> Ends
where
    P: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut line, ends) = line();
    tokio::spawn(async move {
        drive(&mut Modem::new(settings, now()), port, &mut line).await;
    });
    ends
}

/// A port that takes no bytes for so long is gone.
const WRITE_AT_MOST: Duration = Duration::from_secs(10);

/// Drives `modem` over `port` until either is gone. A modem that was lost before is started anew.
pub async fn drive<P>(modem: &mut Modem, mut port: P, line: &mut Line) -> Ended
where
    P: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    if modem.is_gone() {
        modem.handle_command(now(), Command::Restart);
    }
    let ended = turn(modem, &mut port, line).await;
    // Closing may wait for bytes that the device does not take.
    let closing = tokio::task::spawn_blocking(move || drop(port));
    if let Err(error) = closing.await {
        tracing::error!(%error, "closing a port failed");
    }
    ended
}

/// Keeps a modem that has no port until `done` resolves: what it is asked for is refused, and it
/// reports now and then that it is missed. `Ended::Lost` says what it wants by then.
pub async fn keep(modem: &mut Modem, line: &mut Line, done: impl Future<Output = ()>) -> Ended {
    let mut done = std::pin::pin!(done);
    loop {
        if report(modem, &line.events).await.is_err() {
            return Ended::Left;
        }
        let timeout = modem.poll_timeout();
        tokio::select! {
            command = line.commands.recv() => match command {
                // It begins anew with its next port in any case.
                Some(Command::Restart) => {}
                Some(command) => modem.handle_command(now(), command),
                None => return Ended::Left,
            },
            () = until(timeout) => modem.handle_timeout(now()),
            () = &mut done => return Ended::Lost(modem.remedy()),
        }
    }
}

/// Turns the crank: drain, then wait for whatever comes first.
async fn turn<P>(modem: &mut Modem, port: &mut P, line: &mut Line) -> Ended
where
    P: AsyncRead + AsyncWrite + Unpin,
{
    let mut buffer = vec![0; 4096];
    loop {
        write_all(modem, port).await;
        if report(modem, &line.events).await.is_err() {
            return Ended::Left;
        }
        if modem.is_gone() {
            return Ended::Lost(modem.remedy());
        }
        let timeout = modem.poll_timeout();
        tokio::select! {
            read = port.read(&mut buffer) => hear(modem, &buffer, read),
            command = line.commands.recv() => match command {
                Some(command) => modem.handle_command(now(), command),
                None => return Ended::Left,
            },
            () = until(timeout) => modem.handle_timeout(now()),
        }
    }
}

/// Writes what the modem wants written. Never flushes: see `port::serial`.
async fn write_all<P: AsyncWrite + Unpin>(modem: &mut Modem, port: &mut P) {
    while let Some(bytes) = modem.poll_transmit() {
        tracing::trace!(to_modem = %escape(&bytes));
        let writing = tokio::time::timeout(WRITE_AT_MOST, port.write_all(&bytes)).await;
        if !matches!(writing, Ok(Ok(()))) {
            modem.handle_port_gone(now());
        }
    }
}

/// Reports everything, waiting where the application is slow. Fails if nobody listens.
async fn report(
    modem: &mut Modem,
    events: &mpsc::Sender<Event>,
) -> Result<(), mpsc::error::SendError<Event>> {
    while let Some(event) = modem.poll_event() {
        events.send(event).await?;
    }
    Ok(())
}

/// A read of nothing is how a stick that was pulled looks.
fn hear(modem: &mut Modem, buffer: &[u8], read: io::Result<usize>) {
    match read {
        Ok(length @ 1..) => {
            tracing::trace!(from_modem = %escape(&buffer[..length]));
            modem.handle_bytes(now(), &buffer[..length]);
        }
        Ok(0) | Err(_) => modem.handle_port_gone(now()),
    }
}

async fn until(timeout: Option<Instant>) {
    match timeout {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

#[expect(clippy::disallowed_methods, reason = "the shell gives the machine its time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use tokio::io::DuplexStream;

    use super::*;
    use crate::modem::{AttemptId, Why};

    /// Answers every command with `OK`, and the questions of the set-up with what they ask for.
    async fn obliging_modem(mut port: DuplexStream) {
        let mut heard = Vec::new();
        let mut buffer = [0; 256];
        while let Ok(length @ 1..) = port.read(&mut buffer).await {
            heard.extend_from_slice(&buffer[..length]);
            while let Some(end) = heard.iter().position(|byte| *byte == b'\r' || *byte == 0x1a) {
                let command: Vec<u8> = heard.drain(..=end).collect();
                let command = String::from_utf8_lossy(&command).into_owned();
                let answer = match command.trim_matches(|c: char| c.is_control()) {
                    "AT+CSQ" => "\r\n+CSQ: 17,99\r\n\r\nOK\r\n",
                    "AT+CMEE?" => "\r\n+CMEE: 1\r\n\r\nOK\r\n",
                    "AT+CGSN" => "\r\n356938035643809\r\n\r\nOK\r\n",
                    "AT+CPIN?" => "\r\n+CPIN: READY\r\n\r\nOK\r\n",
                    "AT+CNMI?" => "\r\n+CNMI: 2,1,0,2,0\r\n\r\nOK\r\n",
                    "AT+CSCA?" => "\r\n+CSCA: \"+231770000099\",145\r\n\r\nOK\r\n",
                    "AT+CMGS=1" => "\r\n> ",
                    "0011" => "\r\n+CMGS: 9\r\n\r\nOK\r\n",
                    _ => "\r\nOK\r\n",
                };
                if port.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }

    #[tokio::test]
    async fn a_message_goes_through_the_shell_and_back() {
        let (ours, theirs) = tokio::io::duplex(1024);
        tokio::spawn(obliging_modem(theirs));
        let settings = Settings { settle: Duration::ZERO, ..Settings::default() };
        let mut office = spawn(settings, ours);
        let first = office.events.recv().await;
        assert!(matches!(first, Some(Event::Ready(_))), "{first:?}");
        let attempt = AttemptId(7);
        let send = Command::Send { attempt, tpdu_len: 1, pdu: vec![0x00, 0x11] };
        office.commands.send(send).expect("the modem is driven");
        loop {
            let event = office.events.recv().await.expect("the modem is driven");
            if event == (Event::Sent { attempt, reference: Some(9) }) {
                break;
            }
            assert!(matches!(event, Event::Status(_)), "{event:?}");
        }
        drop(office.commands);
        assert_eq!(office.events.recv().await, None);
    }

    #[tokio::test]
    async fn a_port_that_is_gone_ends_the_drive_and_the_next_begins_anew() {
        let (mut line, mut office) = line();
        let mut modem = Modem::new(Settings::default(), now());
        for _ in 0..2 {
            let (ours, mut theirs) = tokio::io::duplex(1024);
            let pulled = tokio::spawn(async move {
                let mut escape = [0];
                theirs.read_exact(&mut escape).await.expect("it begins by writing");
                escape
            });
            let ended = drive(&mut modem, ours, &mut line).await;
            assert_eq!(ended, Ended::Lost(Remedy::Reopen));
            assert_eq!(pulled.await.expect("it does not panic"), [0x1b]);
        }
        assert_eq!(office.events.recv().await, Some(Event::Lost(Why::PortGone)));
        assert!(office.events.try_recv().is_err(), "it is told once");
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "a test may wait")]
    async fn a_modem_without_a_port_refuses_what_it_is_asked_for() {
        let (mut line, mut office) = line();
        let mut modem = Modem::new(Settings::default(), now());
        modem.handle_port_gone(now());
        let attempt = AttemptId(7);
        let send = Command::Send { attempt, tpdu_len: 1, pdu: vec![0x00, 0x11] };
        office.commands.send(send).expect("the line is open");
        let done = tokio::time::sleep(Duration::from_millis(20));
        assert_eq!(keep(&mut modem, &mut line, done).await, Ended::Lost(Remedy::Reopen));
        assert_eq!(office.events.recv().await, Some(Event::Lost(Why::PortGone)));
        let refused = office.events.recv().await;
        assert!(matches!(refused, Some(Event::NotSent { attempt: AttemptId(7), .. })));
    }
}
