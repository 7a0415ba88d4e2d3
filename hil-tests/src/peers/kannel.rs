//! Kannel: a bearer box that drives the modems, and a box that takes texts over HTTP.

use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::{Answers, Came, Office, Peer, Running, Usage, digits, wait_until};

/// `bearerbox` and `smsbox`.
#[derive(Debug)]
pub struct Kannel {
    office: Office,
    bearers: Option<Running>,
    texts: Option<Running>,
    /// Where its boxes find each other.
    boxes: u16,
    /// Where texts are given to it.
    port: u16,
}

impl Kannel {
    /// Writes its settings, with ports of this computer that nobody uses.
    ///
    /// # Errors
    /// The folder cannot be written, or no port is free.
    pub fn set_up(office: Office) -> Result<Kannel> {
        std::fs::create_dir_all(&office.folder)?;
        let [admin, boxes, port] = free_ports()?;
        let kannel = Kannel { office, bearers: None, texts: None, boxes, port };
        std::fs::write(kannel.path("kannel.conf"), kannel.settings(admin))?;
        Ok(kannel)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.office.folder.join(name)
    }

    fn settings(&self, admin: u16) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        let mut text = format!(
            "group = core\nadmin-port = {admin}\nadmin-password = none\nsmsbox-port = {}\n\
             log-file = \"{}\"\nlog-level = 1\naccess-log = \"{}\"\nstore-type = file\n\
             store-location = \"{}\"\ndlr-storage = internal\nbox-allow-ip = \"127.0.0.1\"\n\n\
             group = modems\nid = generic\nname = \"Generic Modem\"\n\n",
            self.boxes,
            path("log"),
            path("access"),
            path("store"),
        );
        for (nth, port) in self.office.ports.iter().enumerate() {
            let _ = writeln!(
                text,
                "group = smsc\nsmsc = at\nsmsc-id = modem{nth}\nmodemtype = auto\ndevice = {}\n\
                 my-number = \"+100\"\nsim-buffering = true\n",
                port.display(),
            );
        }
        let _ = write!(
            text,
            "group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {}\n\
             log-file = \"{}\"\nlog-level = 1\n\n\
             group = sendsms-user\nusername = rig\npassword = rig\nmax-messages = 10\n\
             concatenation = true\ndefault-sender = \"100\"\n\n\
             group = sms-service\nkeyword = default\ncatch-all = true\nmax-messages = {}\n\
             text = \"{}\"\n",
            self.port,
            path("texts.log"),
            u8::from(self.office.answers != Answers::None),
            match self.office.answers {
                Answers::None => "",
                Answers::Always(answer) => answer,
            },
        );
        text
    }

    /// The lines of its list of what went through it that begin so after the time.
    fn accesses(&self, what: &str) -> Result<Vec<String>> {
        let bytes = std::fs::read(self.path("access")).context("Kannel has not begun yet")?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines =
            text.lines().filter(|line| line.get(20..).is_some_and(|it| it.starts_with(what)));
        Ok(lines.map(str::to_owned).collect())
    }
}

impl Peer for Kannel {
    fn name(&self) -> &'static str {
        "Kannel"
    }

    fn start(&mut self) -> Result<()> {
        let start = |program: &str, said: &str| {
            let mut command = Command::new(program);
            command.arg(self.path("kannel.conf"));
            Running::start(command, &self.path(said))
        };
        let bearers = start("/usr/sbin/bearerbox", "bearerbox.said")?;
        answers(self.boxes).context("bearerbox does not start")?;
        let texts = start("/usr/sbin/smsbox", "smsbox.said")?;
        (self.bearers, self.texts) = (Some(bearers), Some(texts));
        answers(self.port).context("smsbox takes no texts")
    }

    fn send(&mut self, to: &str, text: &str) -> Result<()> {
        let request = format!(
            "GET /cgi-bin/sendsms?username=rig&password=rig&to={}&text={}&charset=UTF-8\
             &dlr-mask=3&dlr-url={} HTTP/1.0\r\n\r\n",
            escaped(to),
            escaped(text),
            escaped("http://127.0.0.1:1/")
        );
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        line.write_all(request.as_bytes())?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        ensure!(answer.contains("Accepted") || answer.contains("Queued"), "Kannel says {answer}");
        Ok(())
    }

    fn came(&self) -> Result<Vec<Came>> {
        let read = |line: &String| {
            let from = between(line, "[from:", "]").map(digits);
            let text = between(line, "[msg:", "] [udh:").and_then(|it| it.split_once(':'));
            let text = text.map(|(_, text)| text.to_owned());
            Some(Came { from: from?, text: text? })
        };
        Ok(self.accesses("Receive SMS")?.iter().filter_map(read).collect())
    }

    fn reports(&self) -> Result<usize> {
        let lines = self.accesses("Receive DLR")?;
        Ok(lines.iter().filter(|line| line.contains("[msg:7:Success]")).count())
    }

    fn kill(&mut self) {
        for running in [&mut self.texts, &mut self.bearers] {
            if let Some(mut running) = running.take() {
                running.kill();
            }
        }
    }

    fn usage(&self) -> Usage {
        let both = [&self.bearers, &self.texts].into_iter().flatten();
        both.map(Running::usage).fold(Usage::default(), Usage::with)
    }
}

/// Waits until somebody listens at a port.
fn answers(port: u16) -> Result<()> {
    let is_open = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    wait_until(Duration::from_secs(30), || Ok(is_open()))
}

fn between<'a>(line: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(from)?;
    Some(rest.split_once(to)?.0)
}

fn free_ports() -> Result<[u16; 3]> {
    let listeners: Vec<TcpListener> =
        (0..3).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<_, _>>()?;
    let mut ports = [0; 3];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

/// As it may stand in the address of a page.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            _ => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    escaped
}
