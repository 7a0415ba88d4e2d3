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
mod between;
mod data_coding;
mod deliver;
mod delivery_status;
mod encoded;
mod error;
mod gsm7;
mod incoming;
mod national;
mod packed;
mod purpose;
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
pub use between::{Acknowledgement, MessageKind, Origin, ServiceCommand, Wish};
pub use data_coding::{Alphabet, DataCoding};
pub use deliver::{Deliver, DeliverFlags};
pub use delivery_status::DeliveryStatus;
pub use encoded::Encoded;
pub use error::PduError;
pub use incoming::{Incoming, decode_incoming, decode_service_centre};
pub use national::{NationalLanguage, Shift};
pub use packed::{pack_text, unpack_text};
pub use purpose::{Afterwards, EquipmentOrder, Lamp, Mailbox, Purpose, ReadBy, Waiting};
pub use reassembly::{JoinError, Joined, join};
pub use segment::{
    Piece, SegmentCount, TextTooLong, count_segments, count_segments_for, forces_ucs2, split,
    split_for, split_with,
};
pub use status_report::{ReportFlags, StatusReport};
pub use submit::{Duplicates, ReportRequest, Submit};
pub use timestamp::ServiceCentreTime;
pub use user_data::{Body, InformationElement, Part, Ports, ReferenceWidth, UserData};
pub use validity::Validity;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_octets() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..200)
    }

    /// Octets that get past the address, so that the user data is tried as well.
    fn any_tail(front: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
        any_octets().prop_map(move |tail| [front, &tail].concat())
    }

    /// Letters that cost one, two and four units, and some that only UCS-2 has.
    fn any_text() -> impl Strategy<Value = String> {
        "[a-z é€\\[\\]ɛ😀]{0,400}|[a-z é€\\[\\]]{0,600}"
    }

    fn data_of(submit: &Submit) -> UserData {
        let tpdu = submit.encode().tpdu().to_vec();
        Submit::decode(&tpdu).expect("what we write can be read").data
    }

    proptest! {
        #[test]
        fn no_octets_make_reading_panic(octets in any_octets()) {
            let _ = decode_incoming(&octets);
            let _ = Submit::decode(&octets);
        }

        #[test]
        fn a_message_that_was_read_is_written_and_read_the_same(
            octets in any_tail(&[0x44, 0x04, 0x81, 0x08, 0x08])
        ) {
            if let Ok(read) = Deliver::decode(&octets) {
                let written = read.encode();
                let surplus = read.data.surplus().len();
                prop_assert_eq!(written.tpdu(), &octets[..octets.len() - surplus]);
            }
        }

        #[test]
        fn a_report_that_was_read_is_written_and_read_the_same(
            first_octet in any::<u8>(),
            mut octets in any_tail(&[0x06, 0x01, 0x04, 0x81, 0x08, 0x08])
        ) {
            // Bit 4 has no meaning in a report.
            octets[0] = (first_octet & 0xEC) | 0x02;
            if let Ok(read) = StatusReport::decode(&octets) {
                let written = read.encode();
                prop_assert_eq!(written.tpdu(), octets);
            }
        }

        #[test]
        fn a_text_that_was_split_is_joined_again(text in any_text(), reference in any::<u16>()) {
            let to = Address::parse("8080").expect("a short code");
            for width in [ReferenceWidth::Eight, ReferenceWidth::Sixteen] {
                let pieces = split(&text, reference, width).expect("a text of few pieces");
                if width == ReferenceWidth::Eight {
                    prop_assert_eq!(count_segments(&text).segments, pieces.len());
                }
                let submits = pieces.into_iter().map(|piece| Submit::new(to.clone(), piece));
                let parts: Vec<UserData> = submits.map(|submit| data_of(&submit)).collect();
                if let [only] = parts.as_slice() {
                    prop_assert_eq!(only.text(), Some(text.as_str()));
                } else {
                    let whole = Joined::Complete(Body::Text(text.clone()));
                    prop_assert_eq!(join(parts.iter().rev()), Ok(whole));
                }
            }
        }
    }
}
