//! The sound of a call: 8,000 samples a second of 16 bits, 20 ms at a time.
//!
//! - [`frame`] is those 20 ms.
//! - [`dtmf`] finds pressed keys in sound; [`presses`] puts it together with a modem's own reports.
//! - [`import`] makes a recording ready for the telephone, once ([`wav`], [`resample`]).
//! - [`prompt`] plays recordings, several as one.
//! - [`pacing`] keeps both directions in step with the modem.
//! - [`call_audio`] is the media half of a question: it plays, listens, is interrupted, records.
//!
//! It opens nothing, waits for nothing and asks no clock: frames and times are arguments. It knows
//! no modem and no flow; what the keys mean is said elsewhere.

pub mod call_audio;
pub mod digit;
pub mod dtmf;
pub mod frame;
pub mod import;
pub mod pacing;
pub mod presses;
pub mod prompt;
pub mod resample;
pub mod voice_level;
pub mod wav;
