//! The steps of the set-up and their order.
//!
//! `starting` takes them; what a step finds out may lead elsewhere than to the next one.

/// A step of the set-up, in order. A number counts through the profile's ways to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    EchoOff,
    ErrorNumbers,
    Imei,
    Maker,
    Model,
    Revision,
    /// The maker's own commands.
    Own(usize),
    PinState,
    /// Which SIM it is, before its PIN is entered.
    CardFirst(usize),
    PinTries(usize),
    EnterPin,
    Iccid(usize),
    Imsi,
    OwnNumber,
    PduMode,
    MessageService,
    MemoriesOffered,
    UseMemory(usize),
    /// A number counts on, from the ways to be told to the ways to be handed messages.
    Announce(usize),
    ReadBack(usize),
    /// No way was agreed: what the modem does by itself.
    AsItIs,
    /// It hands messages over: only what we acknowledge counts as delivered.
    Acknowledged,
    ServiceCentre,
    SetServiceCentre,
    /// Whether it can call.
    Sound,
    TellRegistration,
    Done,
}

impl Step {
    /// The step after this one where nothing special was found out.
    pub fn following(self) -> Step {
        match self {
            Step::EchoOff => Step::ErrorNumbers,
            Step::ErrorNumbers => Step::Imei,
            Step::Imei => Step::Maker,
            Step::Maker => Step::Model,
            Step::Model => Step::Revision,
            Step::Revision => Step::Own(0),
            Step::Own(_) | Step::EnterPin => Step::PinState,
            Step::PinState => Step::Iccid(0),
            Step::CardFirst(_) => Step::PinTries(0),
            Step::PinTries(_) => Step::EnterPin,
            Step::Iccid(_) => Step::Imsi,
            Step::Imsi => Step::OwnNumber,
            Step::OwnNumber => Step::PduMode,
            Step::PduMode => Step::MessageService,
            Step::MessageService => Step::MemoriesOffered,
            Step::MemoriesOffered => Step::UseMemory(0),
            Step::UseMemory(_) => Step::Announce(0),
            Step::Announce(way) => Step::ReadBack(way),
            Step::ReadBack(_) | Step::AsItIs | Step::Acknowledged | Step::SetServiceCentre => {
                Step::ServiceCentre
            }
            Step::ServiceCentre => Step::Sound,
            Step::Sound => Step::TellRegistration,
            Step::TellRegistration | Step::Done => Step::Done,
        }
    }

    /// Whether the modem cannot be used without an answer to this step.
    pub fn is_needed(self) -> bool {
        matches!(self, Step::PinState | Step::EnterPin | Step::PduMode | Step::ServiceCentre)
    }

    /// Whether a modem that is still starting may refuse this step and obey it a little later.
    pub fn may_come_later(self) -> bool {
        matches!(self, Step::PinState | Step::PduMode | Step::UseMemory(_) | Step::ServiceCentre)
    }
}
