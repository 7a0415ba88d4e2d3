//! Octets ⇄ messages: the SMS transfer layer, TS 23.040, with its alphabets, TS 23.038.
//!
//! One element of the standard a file, each with its reading (`parse`), its writing (`emit`) and
//! its tables of tests. Reading is lenient where real modems and networks are sloppy, and says
//! in words what is wrong where it gives up; it never panics. What was read keeps its octets, so
//! that writing it gives the same octets again.
//!
//! Not here: AT commands (`at`), when to send what (`modem`), what a message means to anybody.
//! Used by `modem` and `simulator`, and by the application for splitting and joining texts.

pub mod hex;

mod address;
mod data_coding;
mod deliver;
mod delivery_status;
mod encoded;
mod error;
mod gsm7;
mod incoming;
mod reader;
mod reassembly;
mod segment;
mod status_report;
mod submit;
mod timestamp;
mod ucs2;
mod user_data;
mod validity;

pub use address::{Address, NumberPlan};
pub use data_coding::{Alphabet, DataCoding};
pub use deliver::Deliver;
pub use delivery_status::DeliveryStatus;
pub use encoded::Encoded;
pub use error::PduError;
pub use incoming::{Incoming, decode_incoming, decode_service_centre};
pub use reassembly::{JoinError, Joined, join};
pub use segment::{Piece, SegmentCount, TextTooLong, count_segments, forces_ucs2, split};
pub use status_report::StatusReport;
pub use submit::{Duplicates, ReportRequest, Submit};
pub use timestamp::ServiceCentreTime;
pub use user_data::{Body, InformationElement, Part, Ports, ReferenceWidth, UserData};
pub use validity::Validity;
