//! Row numbers, one type each, so that a run is never looked up as a contact.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A person in the store.
    ContactId
    /// One contact's way through one flow.
    RunId
    /// A flow started for many contacts.
    CampaignId
    /// A number that people see.
    ChannelId
    /// A text, either way.
    MessageId
    /// The piece of a message that fits one short message.
    SegmentId
    /// One try at the outer world.
    AttemptId
    /// A phone call.
    CallId
    /// A message that waits for a person in the office.
    InboxId
}
