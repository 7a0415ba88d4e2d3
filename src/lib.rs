//! Rollcall: questionnaires and alerts over plain mobile phones.
pub mod model;
