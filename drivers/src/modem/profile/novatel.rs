//! Novatel Wireless: sticks.
//!
//! A report that comes directly wants an acknowledgement that the stick then refuses, and without
//! it the stick is lost: reports are stored, or not wanted.

use super::{GENERIC, Profile, SILENT};
use crate::at::commands::Request;

/// Novatel Wireless: sticks.
pub const NOVATEL: Profile = Profile {
    name: "novatel",
    makers: &["novatel"],
    announcements: &["2,1,0,2,0", "1,1,0,2,0", "1,1,0,0,0"],
    deliveries: &["1,2,0,2,0", "1,2,0,0,0"],
    acknowledgements: &[Request::Acknowledge],
    sounds: SILENT,
    ..GENERIC
};
