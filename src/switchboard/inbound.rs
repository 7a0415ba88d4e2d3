//! A message came: kept raw, joined if it is a part, refused if it is a twin; then whose it is,
//! which run it may speak to, and what follows.

use super::turns::TurnOf;
use super::{Command, ModemNo, Work};
use crate::engine::{self, Keyword};
use crate::model::{
    ChannelId, ContactId, Ended, Input, MessageId, MessageStatus, Mode, PhoneNumber, Priority, Run,
    RunStatus, Waiting,
};
use crate::store::{Fact, NewPart, NewRun, PduKind, RunRow, Twin};
use anyhow::Result;
use jiff::SignedDuration;
use rollcall_drivers::modem::{self, Slot};
use rollcall_drivers::pdu::{
    Address, Body, Deliver, Incoming, Joined, Part, ReferenceWidth, UserData, decode_incoming, join,
};
use sha2::{Digest, Sha256};

/// The same text within this time counts once.
const SAME_MESSAGE: SignedDuration = SignedDuration::from_secs(10);
/// In this time a text that comes again and again is a machine's.
const LOOP_TIME: SignedDuration = SignedDuration::from_mins(5);
/// The longest short code, in digits.
const SHORT_CODE: usize = 6;

/// A whole message.
struct Heard<'a> {
    number: &'a str,
    text: &'a str,
    channel: ChannelId,
}

impl Work<'_> {
    /// Keeps what a modem received. Only after the commit the modem may delete it.
    pub(super) async fn received(
        &mut self,
        modem: ModemNo,
        slot: Option<Slot>,
        pdu: &[u8],
    ) -> Result<()> {
        let Some(channel) = self.channels.of_modem(modem).map(|channel| channel.id) else {
            // A modem that carries no channel keeps its messages.
            return Ok(());
        };
        match decode_incoming(pdu) {
            Ok(Incoming::Deliver(deliver)) => self.deliver(channel, pdu, &deliver).await?,
            Ok(Incoming::StatusReport(report)) => {
                let kept = self.keep(channel, pdu, (PduKind::Report, "")).await?;
                if let Twin::New(_) = kept {
                    self.reported(channel, &report).await?;
                }
            }
            Err(why) => self.unreadable(channel, pdu, &why.to_string()).await?,
        }
        if let Some(slot) = slot {
            self.commands.push(Command::Modem(modem, modem::Command::Forget { slot }));
        }
        Ok(())
    }

    /// Stores the octets; their hash refuses the same message offered again.
    async fn keep(
        &mut self,
        channel: ChannelId,
        pdu: &[u8],
        kind: (PduKind, &str),
    ) -> Result<Twin> {
        let hash: String =
            Sha256::digest(pdu).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.tx.keep_pdu(&format!("{channel}:{hash}"), channel, pdu, kind, self.now).await
    }

    async fn unreadable(&mut self, channel: ChannelId, pdu: &[u8], why: &str) -> Result<()> {
        let Twin::New(raw) = self.keep(channel, pdu, (PduKind::Unreadable, why)).await? else {
            return Ok(());
        };
        let text = format!("(unreadable message: {why})");
        let message =
            self.tx.receive_message((None, "unknown"), channel, None, &text, self.now).await?;
        self.tx.pdu_became(raw, message).await?;
        self.tx.lay_before_office(message, "this message could not be read", self.now).await
    }

    async fn deliver(&mut self, channel: ChannelId, pdu: &[u8], deliver: &Deliver) -> Result<()> {
        if let Some(why) = for_a_program(deliver) {
            self.keep(channel, pdu, (PduKind::Special, why)).await?;
            return Ok(());
        }
        let Twin::New(raw) = self.keep(channel, pdu, (PduKind::Deliver, "")).await? else {
            return Ok(());
        };
        let number = sender(&deliver.from);
        let text = match deliver.part() {
            Some(part) => self.join(raw, &number, part).await?,
            None => Some(words(deliver.body())),
        };
        let Some(text) = text else { return Ok(()) };
        let message = self.hear(&Heard { number: &number, text: &text, channel }).await?;
        self.tx.pdu_became(raw, message).await
    }

    /// Keeps a part; the whole text once all parts are there.
    async fn join(&mut self, raw: i64, number: &str, part: Part) -> Result<Option<String>> {
        let new = NewPart {
            raw_pdu: raw,
            number,
            reference: part.reference,
            width: if part.width == ReferenceWidth::Eight { 8 } else { 16 },
            total: part.total,
            position: part.number,
        };
        self.tx.add_part(&new, self.now).await?;
        let stored = self.tx.parts_like(&new).await?;
        let data: Vec<UserData> = stored
            .iter()
            .filter_map(|part| match decode_incoming(&part.octets) {
                Ok(Incoming::Deliver(deliver)) => Some(deliver.data),
                Ok(Incoming::StatusReport(_)) | Err(_) => None,
            })
            .collect();
        match join(&data) {
            Ok(Joined::Complete(body)) => {
                for part in stored {
                    self.tx.forget_part(part.raw_pdu).await?;
                }
                Ok(Some(words(&body)))
            }
            Ok(Joined::Incomplete { .. }) | Err(_) => Ok(None),
        }
    }

    /// A whole message: kept first, then answered by whoever it is for.
    async fn hear(&mut self, heard: &Heard<'_>) -> Result<MessageId> {
        let (number, text) = (heard.number, heard.text);
        let lately = self.tx.same_text(number, text, self.now - LOOP_TIME).await?;
        let since = self.now - SAME_MESSAGE;
        let again = lately > 0 && self.tx.same_text(number, text, since).await? > 0;
        let run = self.tx.waiting_run(number).await?;
        let contact = match &run {
            Some(run) => Some(run.contact),
            None => self.tx.owners(number).await?.first().copied(),
        };
        let turn = run.as_ref().map(|run| (run.id, run.run.turn));
        let message =
            self.tx.receive_message((contact, number), heard.channel, turn, text, self.now).await?;
        if let Some(why) = self.never_answered(number) {
            self.tx.lay_before_office(message, why, self.now).await?;
            return Ok(message);
        }
        if let Some(keyword) = engine::keyword(text) {
            self.keyword(keyword, heard, run, message).await?;
        } else if again {
            self.show("the same text came twice within seconds; it counts once".to_owned());
        } else if lately + 1 >= i64::from(self.settings.same_text_limit) {
            let why = "the same text came again and again; it is not answered any more";
            self.tx.lay_before_office(message, why, self.now).await?;
        } else if let Some(run) = run {
            self.answer(run, heard, message).await?;
        } else {
            self.unasked(heard, contact, message).await?;
        }
        Ok(message)
    }

    /// Senders that must not be answered: names, short codes, the office's own numbers.
    fn never_answered(&self, number: &str) -> Option<&'static str> {
        let digits = number.trim_start_matches('+');
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || digits.len() <= SHORT_CODE {
            Some("it came from a service, not from a person's phone")
        } else if self.channels.is_own_number(number) {
            Some("it came from one of the office's own numbers")
        } else {
            None
        }
    }

    /// A reply to a run that waits.
    async fn answer(
        &mut self,
        mut row: RunRow,
        heard: &Heard<'_>,
        message: MessageId,
    ) -> Result<()> {
        let member = row.campaign.map(|campaign| (campaign, row.contact));
        self.fact(member, Fact::Reached).await?;
        if let Some(why) = self.belongs_to_before(&row, heard).await? {
            return self.tx.lay_before_office(message, why, self.now).await;
        }
        if let Some(asked) = row.asked {
            self.tx.message_delivered(asked, self.now).await?;
            if row.asked_at.is_none() {
                self.fact(member, Fact::Messaged).await?;
            }
        }
        self.tx.cancel_messages_of(row.id, "the person answered first").await?;
        if row.channel != Some(heard.channel) {
            self.tx.run_talks_through(row.id, heard.channel).await?;
            row.channel = Some(heard.channel);
        }
        self.advance(&row, Input::Text(heard.text.to_owned()), (Priority::Answer, Some(message)))
            .await
    }

    /// A reply that cannot be to the question waited at: that question has not left yet, or this
    /// is the answer to the second copy of the question before.
    async fn belongs_to_before(
        &mut self,
        row: &RunRow,
        heard: &Heard<'_>,
    ) -> Result<Option<&'static str>> {
        let Some(asked) = row.asked else { return Ok(None) };
        let state = self.tx.message_state(asked).await?;
        let has_not_left =
            matches!(state, Some((MessageStatus::Queued, 0, _))) && row.asked_at.is_none();
        if has_not_left {
            return Ok(Some("it came before the next question had left"));
        }
        if self.tx.is_echo(row.id, heard.text).await? {
            return Ok(Some("the question before may have arrived twice, and so did its answer"));
        }
        Ok(None)
    }

    /// Gives a run an input and writes down what follows.
    pub(super) async fn advance(
        &mut self,
        row: &RunRow,
        input: Input,
        (priority, heard): (Priority, Option<MessageId>),
    ) -> Result<()> {
        let flow = self.flow(&row.digest).await?;
        let Some(contact) = self.tx.contact(row.contact).await? else {
            return self.forgotten(row).await;
        };
        let turn = engine::advance(&flow, &contact, &row.run, &input, self.today());
        self.save_turn(TurnOf::of(row, priority, heard), &flow, &turn).await
    }

    /// The contact of a run is gone: an import was undone meanwhile.
    async fn forgotten(&mut self, row: &RunRow) -> Result<()> {
        let ended = RunStatus::Ended(Ended::Failed("the contact was deleted".to_owned()));
        let run = Run { status: ended, ..row.run.clone() };
        self.tx.save_run(row.id, &run, self.now).await
    }

    /// Nobody waits for this text: a word that starts a flow, a late reply, or a person's to read.
    async fn unasked(
        &mut self,
        heard: &Heard<'_>,
        contact: Option<ContactId>,
        message: MessageId,
    ) -> Result<()> {
        if self.tx.is_stopped(heard.number).await? {
            let why = "it came from somebody who said STOP; nothing is sent back";
            return self.tx.lay_before_office(message, why, self.now).await;
        }
        if let Some((flow, digest)) = self.flows.started_by(heard.text) {
            return self.start_by_word(heard, contact, (&flow, &digest)).await;
        }
        if let Some(row) = self.late(heard).await? {
            return self.answer(row, heard, message).await;
        }
        self.tx.lay_before_office(message, "nobody had asked for it", self.now).await
    }

    async fn start_by_word(
        &mut self,
        heard: &Heard<'_>,
        contact: Option<ContactId>,
        (flow, digest): (&crate::flow::Flow, &str),
    ) -> Result<()> {
        if PhoneNumber::from_e164(heard.number).is_none() {
            return Ok(());
        }
        let id = match contact {
            Some(id) => id,
            None => self.tx.stranger(heard.number, self.now).await?,
        };
        let Some(contact) = self.tx.contact(id).await? else { return Ok(()) };
        let turn = engine::begin(flow, &contact, Mode::Sms, self.today());
        let new = NewRun {
            contact: id,
            number: heard.number,
            campaign: None,
            flow: &flow.id,
            digest,
            channel: Some(heard.channel),
        };
        let run = self.tx.begin_run(&new, &turn.run, self.now).await?;
        let of = TurnOf {
            run,
            contact: id,
            number: heard.number,
            campaign: None,
            channel: Some(heard.channel),
            priority: Priority::Answer,
            heard: None,
        };
        self.save_turn(of, flow, &turn).await
    }

    /// A reply to a run whose time was over reopens it at its question, for as long again as the
    /// question waited.
    async fn late(&mut self, heard: &Heard<'_>) -> Result<Option<RunRow>> {
        let Some(mut row) = self.tx.last_run(heard.number).await? else { return Ok(None) };
        let (RunStatus::Ended(Ended::Expired), Some(ended_at)) = (&row.run.status, row.ended_at)
        else {
            return Ok(None);
        };
        let Some(question) = self.tx.last_question(row.id).await? else { return Ok(None) };
        let flow = self.flow(&row.digest).await?;
        let Some(rules) = flow.question(&question).map(|question| &question.rules) else {
            return Ok(None);
        };
        if self.now > ended_at + rules.expires_after {
            return Ok(None);
        }
        let waiting = Waiting { question, tries: 0, reminders: 0, proposed: None };
        row.run.status = RunStatus::Waiting(waiting);
        if let Some(campaign) = row.campaign {
            self.tx.member_again((campaign, row.contact)).await?;
            self.tx.campaign_is(campaign, crate::model::CampaignStatus::Running).await?;
        }
        Ok(Some(row))
    }

    /// STOP, START and HELP, before any flow.
    async fn keyword(
        &mut self,
        keyword: Keyword,
        heard: &Heard<'_>,
        run: Option<RunRow>,
        message: MessageId,
    ) -> Result<()> {
        let number = heard.number;
        if let Some(run) = &run {
            let member = run.campaign.map(|campaign| (campaign, run.contact));
            self.fact(member, Fact::Reached).await?;
        }
        match keyword {
            Keyword::Stop => {
                let known = self.tx.is_stopped(number).await?;
                self.stop(number, heard.text, run.as_ref()).await?;
                if !known {
                    self.confirm(heard, run.as_ref(), |messages| &messages.stopped).await?;
                }
            }
            Keyword::Start => {
                self.tx.start_number(number).await?;
                self.confirm(heard, run.as_ref(), |messages| &messages.started).await?;
            }
            Keyword::Help => {
                let why = "somebody asks for help";
                self.tx.lay_before_office(message, why, self.now).await?;
                if !self.tx.is_stopped(number).await? {
                    self.confirm(heard, run.as_ref(), |messages| &messages.help).await?;
                }
            }
        }
        Ok(())
    }

    /// Nothing more goes to this number until START.
    pub(super) async fn stop(
        &mut self,
        number: &str,
        heard: &str,
        run: Option<&RunRow>,
    ) -> Result<()> {
        self.tx.stop_number(number, heard, self.now).await?;
        self.tx.cancel_messages_to(number, "the person said STOP").await?;
        match run {
            Some(row) => self.advance(row, Input::Stop, (Priority::Answer, None)).await,
            None => Ok(()),
        }
    }

    /// One short text back, as long as the number has not had too many.
    async fn confirm(
        &mut self,
        heard: &Heard<'_>,
        run: Option<&RunRow>,
        which: impl Fn(&crate::flow::Messages) -> &crate::flow::Wording,
    ) -> Result<()> {
        let hour_ago = self.now - SignedDuration::from_hours(1);
        let had = self.tx.unasked_texts(heard.number, hour_ago).await?;
        if had >= i64::from(self.settings.unasked_per_hour) {
            return Ok(());
        }
        let text = match run {
            Some(row) => {
                let flow = self.flow(&row.digest).await?;
                engine::standing_text(&flow, which(&flow.messages), &row.run.language)
            }
            None => {
                let messages = crate::flow::standing_messages(&self.settings.languages);
                let language = &self.settings.languages[0];
                which(&messages).get(language).cloned().unwrap_or_default()
            }
        };
        self.text(heard.number, Some(heard.channel), &text, Priority::Answer).await?;
        Ok(())
    }
}

/// Messages for a program in the phone or the SIM: kept, never read as an answer.
fn for_a_program(deliver: &Deliver) -> Option<&'static str> {
    const SILENT: u8 = 0x40;
    const SIM_DATA: u8 = 0x7F;
    match deliver.protocol {
        SILENT => Some("a silent message"),
        SIM_DATA => Some("data for the SIM"),
        _ if deliver.data.ports().is_some() => Some("for a program, by its port"),
        _ => None,
    }
}

fn sender(from: &Address) -> String {
    from.to_string()
}

fn words(body: &Body) -> String {
    match body {
        Body::Text(text) => text.clone(),
        Body::Octets(octets) => String::from_utf8_lossy(octets).into_owned(),
    }
}
