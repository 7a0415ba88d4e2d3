//! The commands, one file each: what can be typed, and what it does.

#[cfg(unix)]
pub mod simulate;
