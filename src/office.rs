//! The office folder: where it is, what is in it, and who owns its store.

use crate::clock::{self, Clock};
use crate::config;
use crate::control;
use crate::flow::problem::nearest;
use crate::flow::voice::PROMPTS;
use crate::store::{Home, Reader, Store};
use crate::switchboard::{
    Chance, Command, Event, Find, ModemNo, Reply, ReplyTo, Request, Settings, Switchboard,
    WrittenFlow,
};
use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use rollcall_drivers::modem::{self, Identity};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The file that makes a folder an office.
pub const SETTINGS: &str = "rollcall.yaml";

/// How many folders deep recordings are looked for: `prompts/FLOW/LANGUAGE`, and one to spare.
const DEEPEST_PROMPTS: usize = 3;

/// An office folder.
#[derive(Clone, Debug)]
pub struct Office {
    /// The folder.
    pub folder: PathBuf,
}

/// There is no office where one was looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnOffice(String);

/// The right to write to an office's store. The system gives it back when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Office {
    /// Finds the office: the folder named, else `ROLLCALL_OFFICE`, else the nearest folder up
    /// from here with a `rollcall.yaml`.
    ///
    /// # Errors
    /// [`NotAnOffice`], with what to do.
    pub fn find(named: Option<&Path>) -> Result<Office> {
        let named = named
            .map(Path::to_owned)
            .or_else(|| std::env::var_os("ROLLCALL_OFFICE").map(Into::into));
        if let Some(folder) = named {
            if folder.join(SETTINGS).is_file() {
                return Ok(Office { folder });
            }
            let words = format!(
                "{} is no office: it has no {SETTINGS}. `rollcall init {}` makes one.",
                folder.display(),
                folder.display()
            );
            return Err(NotAnOffice(words).into());
        }
        let here = std::env::current_dir().context("finding out where we are")?;
        let found = here.ancestors().find(|folder| folder.join(SETTINGS).is_file());
        let words = format!(
            "There is no {SETTINGS} here or above. Go into an office folder, name one with \
             --office, or make one with `rollcall init my-office`."
        );
        Ok(Office { folder: found.ok_or(NotAnOffice(words))?.to_owned() })
    }

    /// Where state lives.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where reports are written.
    pub fn reports(&self) -> PathBuf {
        self.folder.join("reports")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.data().join("rollcall.db")
    }

    /// The settings.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in plain words.
    pub fn settings(&self) -> Result<Settings> {
        let file = self.folder.join(SETTINGS);
        let source = std::fs::read_to_string(&file)
            .with_context(|| format!("reading {}", file.display()))?;
        let mut settings = config::read(&source).map_err(|problems| {
            let shown: Vec<String> =
                problems.iter().map(|problem| problem.show(SETTINGS, &source)).collect();
            anyhow!("{}", shown.join("\n"))
        })?;
        for channel in &mut settings.channels {
            if let Find::ByPort(port) = &mut channel.find {
                *port = self.port(port);
            }
            if let Some(port) = &mut channel.audio {
                *port = self.port(port);
            }
        }
        Ok(settings)
    }

    /// Where a port is: one that is named as a path and begins nowhere lies in the office, from
    /// whichever folder the program is started. `COM3` is a name, and stays one.
    fn port(&self, named: &str) -> String {
        let is_path = Path::new(named).components().count() > 1;
        if is_path { self.folder.join(named).display().to_string() } else { named.to_owned() }
    }

    /// Takes the right to write; `None`: another process has it.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub fn lock(&self) -> Result<Option<Lock>> {
        std::fs::create_dir_all(self.data()).context("making the data folder")?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.data().join("lock"))
            .context("opening the lock file")?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).context("locking the office"),
        }
    }

    /// Opens the switchboard. The caller holds the lock.
    ///
    /// # Errors
    /// Settings or store cannot be used, in plain words.
    pub async fn switchboard(&self, _lock: &Lock) -> Result<(Switchboard, Vec<Command>, Clock)> {
        let settings = self.settings()?;
        let (store, _) = Store::open(&Home::File(self.database()), clock::stopwatch).await?;
        let now = clock::wall();
        let (switchboard, commands) = Switchboard::open(store, settings, chance()?, now).await?;
        Ok((switchboard, commands, Clock::new(Timestamp::UNIX_EPOCH)))
    }

    /// Gives a request to the process that serves, or does it here if none does.
    ///
    /// # Errors
    /// Nobody can do it, in plain words.
    pub async fn submit(&self, request: Request) -> Result<Reply> {
        match self.lock()? {
            Some(lock) => self.do_here(&lock, request).await,
            None => control::ask(&self.data(), &request).await.context(
                "another `rollcall` works on this office; if it hangs, stop it and try again",
            ),
        }
    }

    async fn do_here(&self, lock: &Lock, request: Request) -> Result<Reply> {
        let (mut switchboard, _, mut clock) = self.switchboard(lock).await?;
        let events = vec![Event::Request(request, ReplyTo(0))];
        let commands = switchboard.handle(clock.now(), events).await?;
        switchboard.close().await?;
        let reply = commands.into_iter().find_map(|command| match command {
            Command::Reply(_, reply) => Some(reply),
            Command::Modem(..) | Command::Sound(..) | Command::Show(_) | Command::Warn(_) => None,
        });
        reply.context("the office did not reply")
    }

    /// Takes in texts that came to a command which held a modem for itself, and that lie nowhere
    /// else. The modem is gone at the end of it, so nothing is sent.
    ///
    /// # Errors
    /// They cannot be written down, in plain words.
    pub async fn take_in(
        &self,
        lock: &Lock,
        port: String,
        identity: Identity,
        pdus: Vec<Vec<u8>>,
    ) -> Result<()> {
        let (mut switchboard, _, mut clock) = self.switchboard(lock).await?;
        let modem = ModemNo(1);
        let mut events = vec![
            Event::Plugged { modem, port },
            Event::Modem(modem, modem::Event::Ready(identity)),
        ];
        let received = |pdu| Event::Modem(modem, modem::Event::Received { slot: None, pdu });
        events.extend(pdus.into_iter().map(received));
        events.push(Event::Gone(modem));
        switchboard.handle(clock.now(), events).await?;
        switchboard.close().await
    }

    /// The store, for reading.
    ///
    /// # Errors
    /// There is none yet.
    pub async fn reader(&self) -> Result<Reader> {
        let database = self.database();
        if !database.exists() {
            let (store, _) = Store::open(&Home::File(database.clone()), clock::stopwatch).await?;
            store.close().await?;
        }
        Reader::open(&database).await
    }

    /// A flow by path or id, with the files it names.
    ///
    /// # Errors
    /// There is no such file.
    pub fn flow(&self, name: &str) -> Result<WrittenFlow> {
        let paths = [
            PathBuf::from(name),
            self.folder.join(name),
            self.folder.join("flows").join(name),
            self.folder.join("flows").join(format!("{name}.yaml")),
        ];
        let path = paths.iter().find(|path| path.is_file());
        let Some(path) = path else {
            return Err(self.no_flow(name).into());
        };
        written(path, Some(&self.folder))
    }

    fn no_flow(&self, name: &str) -> NotAnOffice {
        let flows = self.folder.join("flows");
        let known = flows_near(&flows.join(name)).unwrap_or_default();
        let near = nearest(name, known.iter().map(String::as_str));
        let near = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
        NotAnOffice(format!("There is no flow `{name}` in {}.{near}", flows.display()))
    }
}

/// Reads a file that somebody named.
///
/// # Errors
/// [`NotAnOffice`] where there is none, else why it cannot be read.
pub fn named_file(file: &Path) -> Result<Vec<u8>> {
    if !file.exists() {
        return Err(NotAnOffice(format!("There is no {}.", file.display())).into());
    }
    std::fs::read(file).with_context(|| format!("reading {}", file.display()))
}

/// The ids of the flows in the same folder: what a misspelt name may have meant.
pub fn flows_near(file: &Path) -> Option<BTreeSet<String>> {
    let entries = std::fs::read_dir(file.parent()?).ok()?;
    let paths = entries.flatten().map(|entry| entry.path());
    let flows = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    Some(flows.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
}

/// What nobody can guess.
fn chance() -> Result<Chance> {
    let mut chance = [0; 32];
    getrandom::fill(&mut chance).context("this machine gives no random numbers")?;
    Ok(Chance(chance))
}

/// Reads a flow file and the files it names: beside the office, beside the file, or one up.
///
/// # Errors
/// A file cannot be read.
pub fn written(path: &Path, office: Option<&Path>) -> Result<WrittenFlow> {
    let source =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = BTreeMap::new();
    let mut names = crate::flow::files_beside(&source);
    while let Some(name) = names.pop() {
        if beside.contains_key(&name) {
            continue;
        }
        if name.contains("..") || Path::new(&name).is_absolute() {
            bail!("{}: `{name}` must be a file of the office folder", path.display());
        }
        let places = [
            office.map(|office| office.join(&name)),
            Some(folder.join(&name)),
            folder.parent().map(|up| up.join(&name)),
            name.strip_prefix("flows/").map(|name| folder.join(name)),
        ];
        let found =
            places.into_iter().flatten().find_map(|file| std::fs::read_to_string(file).ok());
        if let Some(text) = found {
            if name.ends_with(".yaml") {
                names.extend(crate::flow::files_named(&text));
            }
            beside.insert(name, text);
        }
    }
    let recordings = office.and_then(recordings_wanted);
    Ok(WrittenFlow { file: path.display().to_string(), source, beside, recordings })
}

/// The recordings of an office that makes calls, or has begun to record: none is missed elsewhere.
fn recordings_wanted(office: &Path) -> Option<BTreeSet<String>> {
    let found = recordings(office);
    let settings = || Office { folder: office.to_owned() }.settings();
    let calls = || settings().is_ok_and(|it| it.channels.iter().any(|channel| channel.calls));
    (!found.is_empty() || calls()).then_some(found)
}

/// The recordings of an office, by their paths in its folder.
pub fn recordings(office: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![(PROMPTS.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(office.join(&folder)).into_iter().flatten().flatten() {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            // What is linked from elsewhere counts as a file and is not gone into: it may lead
            // back here.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if !is_folder {
                found.insert(name);
            } else if depth < DEEPEST_PROMPTS {
                folders.push((name, depth + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_a_path_is_found_from_every_folder() {
        let office = Office { folder: PathBuf::from("/office") };
        assert_eq!(office.port("country/modem-1"), "/office/country/modem-1");
        assert_eq!(office.port("/dev/ttyUSB2"), "/dev/ttyUSB2");
        assert_eq!(office.port("COM3"), "COM3");
    }

    #[test]
    fn who_misspells_a_flow_is_told_which_one_there_is() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("flows")).expect("a folder");
        std::fs::write(folder.path().join("flows/stock.yaml"), "").expect("a file");
        let office = Office { folder: folder.path().into() };
        assert!(office.no_flow("stok").0.ends_with("Did you mean `stock`?"));
        assert!(!office.no_flow("something-else").0.contains("Did you mean"));
    }
}
