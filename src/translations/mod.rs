//! Translations of a flow on their way out to a translator and back. Pure.
//!
//! `sheet` is what goes out, `xlsx` and `po` are its two forms; `take` takes what came back into
//! the flow's file, which `edit` changes; `record` remembers what each translation was made for.

mod check;
mod edit;
#[cfg(test)]
mod edit_tests;
pub mod po;
mod record;
mod sheet;
mod take;
#[cfg(test)]
mod tests;
pub mod xlsx;

pub use check::check;
pub use record::{Damaged, Record, State};
pub use sheet::{Row, Sheet, sheet};
pub use take::{EvenStale, Fate, Line, Mark, Returned, Taken, Written, take};
