//! What is odd about a kind of modem, as data: the only place where makers differ.
//!
//! A profile holds lists to be tried in order and words to be known; it decides nothing.

mod generic;

pub use generic::GENERIC;

use crate::at::commands::Request;
use crate::at::line::Spontaneous;
use crate::at::ussd::Written;

/// What is odd about a kind of modem.
#[derive(Debug)]
pub struct Profile {
    /// What the profile is called.
    pub name: &'static str,
    /// Memories for incoming messages, the best first.
    pub memories: &'static [&'static str],
    /// Ways to be told of new messages (the numbers of `AT+CNMI=`), the best first.
    pub announcements: &'static [&'static str],
    /// Ways to read the number printed on the SIM, the cheapest first.
    pub iccid: &'static [Request],
    /// Ways to learn how many tries the PIN has left.
    pub pin_tries: &'static [Request],
    /// Ways to write a request to the network's services, the likeliest first. `Plain` stands for
    /// the modem's own character set.
    pub ussd: &'static [Written],
    /// What it says by itself.
    pub spontaneous: Spontaneous,
}
