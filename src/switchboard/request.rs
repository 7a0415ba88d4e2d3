//! What an operator may ask for, and what they are told.

use super::own_calls::Afterwards;
use crate::contacts::ImportPlan;
use crate::flow::{Beside, Change, Problem};
use crate::model::Mode;
use crate::store::{Audience, LeftOut};
use rollcall_drivers::modem::Written;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A flow as it is written: its text and the files it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFlow {
    /// The file's name, for messages.
    pub file: String,
    /// The file's text.
    pub source: String,
    /// The files it names, by the name it uses: `lists/places.csv` to its text.
    pub beside: BTreeMap<String, String>,
    /// The recordings that the office has, where somebody looked. They matter to `check` alone,
    /// so they do not travel.
    #[serde(skip)]
    pub recordings: Option<BTreeSet<String>>,
}

impl WrittenFlow {
    /// What stands beside it, read, and what is wrong with that.
    pub fn read_beside(&self) -> (Beside, Vec<Problem>) {
        let (beside, problems) = Beside::of(&self.beside);
        (Beside { recordings: self.recordings.clone(), ..beside }, problems)
    }
}

/// What an operator may ask for. Travels as JSON to the process that serves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// New starts get this version.
    PublishFlow {
        /// The flow.
        flow: WrittenFlow,
    },
    /// New starts get an earlier version again.
    RollbackFlow {
        /// The flow's id.
        flow: String,
        /// The beginning of the version's digest; `None`: the one published before.
        to: Option<String>,
    },
    /// Who is in the middle of an older version goes on with the one in use.
    MigrateFlow {
        /// The flow's id.
        flow: String,
        /// Only the people of this campaign, by name or number.
        campaign: Option<String>,
        /// Only say what would become of whom.
        dry_run: bool,
    },
    /// Start a flow for many people.
    StartCampaign {
        /// The flow; its version is pinned.
        flow: WrittenFlow,
        /// The name people use; the flow's title and the day where none is given.
        name: Option<String>,
        /// Who it is for.
        audience: Audience,
        /// The same key twice is one start.
        start_key: String,
        /// How people are reached first; `None`: as the flow says.
        #[serde(default)]
        by: Option<Mode>,
    },
    /// How many people a start would be for; nothing is started.
    TryCampaign {
        /// The flow.
        flow: WrittenFlow,
        /// Who it would be for.
        audience: Audience,
    },
    /// Nothing more is sent until it is resumed.
    PauseCampaign {
        /// Its name or number.
        campaign: String,
    },
    /// Go on.
    ResumeCampaign {
        /// Its name or number.
        campaign: String,
    },
    /// End it for good.
    CancelCampaign {
        /// Its name or number.
        campaign: String,
    },
    /// Try those again who failed or never answered.
    RetryCampaign {
        /// Its name or number.
        campaign: String,
    },
    /// A number wants no more.
    StopNumber {
        /// In E.164.
        number: String,
        /// Who said so.
        who: String,
    },
    /// Take a STOP back.
    StartNumber {
        /// In E.164.
        number: String,
    },
    /// Answer a message of the inbox.
    InboxReply {
        /// Its number in the list.
        inbox: i64,
        /// The text.
        text: String,
    },
    /// Somebody takes care of a message of the inbox.
    InboxAssign {
        /// Its number in the list.
        inbox: i64,
        /// Their name.
        to: String,
    },
    /// A message of the inbox is done with.
    InboxClose {
        /// Its number in the list.
        inbox: i64,
    },
    /// Send one text.
    SendText {
        /// By this channel; `None`: whichever is free.
        channel: Option<String>,
        /// In E.164.
        number: String,
        /// The text.
        text: String,
    },
    /// The SIM that is in a channel's stick now, or comes next, is the right one.
    ConfirmSim {
        /// The channel.
        channel: String,
    },
    /// Ask the network's services (USSD). The reply comes when they have answered.
    DialCode {
        /// The channel whose SIM asks; `None`: the only one.
        channel: Option<String>,
        /// E.g. `*124#`.
        code: String,
        /// How it is written for the modem; `None`: as the modem understands it.
        written: Option<WrittenCode>,
    },
    /// Answer the menu that a code has opened.
    ReplyToMenu {
        /// The channel; `None`: the only one.
        channel: Option<String>,
        /// E.g. `1`.
        text: String,
    },
    /// End what a code has opened.
    EndCode {
        /// The channel; `None`: the only one.
        channel: Option<String>,
    },
    /// Call a number by hand. What happens is told when it is asked for.
    Call {
        /// The channel; `None`: the only one.
        channel: Option<String>,
        /// In E.164.
        number: String,
        /// Recordings to play, by their whole paths.
        play: Vec<String>,
        /// What is done when they are played.
        afterwards: Afterwards,
    },
    /// What happened in the call that was made by hand.
    CallNews {
        /// The channel; `None`: the only one.
        channel: Option<String>,
        /// So many lines are known.
        heard: usize,
    },
    /// End the call that was made by hand.
    EndCall {
        /// The channel; `None`: the only one.
        channel: Option<String>,
    },
    /// Take people in from a spreadsheet.
    ImportContacts {
        /// What was read from it.
        plan: ImportPlan,
    },
    /// Take an import back.
    UndoImport {
        /// Which; `None`: the last one.
        import: Option<i64>,
    },
}

/// People in the middle of an older version to whom the same happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedPeople {
    /// How many.
    pub people: u64,
    /// The question they wait at.
    pub question: String,
    /// `stays`, `goes_on` or `kept`.
    pub what: String,
    /// Why they keep their version, in plain words.
    pub why: String,
}

/// How a code is written for a modem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum WrittenCode {
    /// As it is
    Plain,
    /// Packed septets in hexadecimal digits
    Packed,
    /// UCS-2 in hexadecimal digits
    Ucs2,
    /// A letter an octet, in hexadecimal digits
    Octets,
}

impl From<WrittenCode> for Written {
    fn from(code: WrittenCode) -> Written {
        match code {
            WrittenCode::Plain => Written::Plain,
            WrittenCode::Packed => Written::PackedHex,
            WrittenCode::Ucs2 => Written::Ucs2Hex,
            WrittenCode::Octets => Written::OctetHex,
        }
    }
}

/// What an operator is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// It is done.
    Done {
        /// What was done, in plain words.
        words: String,
    },
    /// What happened in a call that is made by hand.
    CallSays {
        /// A line each.
        told: Vec<String>,
        /// Whether it is over.
        over: bool,
        /// What was recorded: its path in the data folder.
        recorded: Option<String>,
    },
    /// What the network's services said.
    NetworkSays {
        /// The channel whose SIM asked.
        channel: String,
        /// Their words.
        text: String,
        /// Whether they wait for a reply.
        waits_for_reply: bool,
    },
    /// A version of a flow is in use now.
    Published {
        /// The flow's id.
        flow: String,
        /// The version.
        digest: String,
        /// The version that was in use before; `None`: there was none.
        before: Option<String>,
        /// What is different.
        changes: Vec<Change>,
        /// How many people are in the middle of other versions, and keep them.
        keep: i64,
        /// What it does next by itself, a sentence for each schedule.
        #[serde(default)]
        by_itself: Vec<String>,
        /// The flows that it starts and that are not published yet.
        #[serde(default)]
        unpublished: Vec<String>,
    },
    /// What became of people on older versions of a flow, or would.
    Moved {
        /// The flow's id.
        flow: String,
        /// The version in use.
        digest: String,
        /// Whether it was only asked for.
        dry_run: bool,
        /// People to whom the same happens.
        groups: Vec<MovedPeople>,
    },
    /// A campaign is under way.
    Started {
        /// Its number.
        campaign: i64,
        /// Its name.
        name: String,
        /// How many people it is for.
        people: usize,
        /// How many were left out because they had said STOP or have no number.
        left_out: usize,
        /// Whether the same start had been given before.
        already: bool,
        /// Whom the exclusions left out; they are not on the list.
        #[serde(default)]
        excluded: Vec<LeftOut>,
        /// What the flow does next by itself, a sentence for each schedule.
        #[serde(default)]
        by_itself: Vec<String>,
        /// The flows that it starts and that are not published yet.
        #[serde(default)]
        unpublished: Vec<String>,
    },
    /// What a start would do; nothing was started.
    WouldStart {
        /// How many people it would be for.
        people: usize,
        /// How many of them would be left out because they said STOP or have no number.
        left_out: usize,
        /// Whom the exclusions would leave out.
        excluded: Vec<LeftOut>,
    },
    /// It cannot be done.
    Refused {
        /// Why, and what to do, in plain words.
        words: String,
    },
    /// There is no such thing.
    NotFound {
        /// What was looked for, in plain words.
        words: String,
    },
}

/// Something worth a line in the log; numbers in it are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening(pub String);

impl std::fmt::Display for Happening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
