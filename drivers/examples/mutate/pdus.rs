//! What must hold of any octets that are read as a PDU.

use rollcall_drivers::pdu::{
    Acknowledgement, Body, Deliver, Encoded, Origin, PduError, ServiceCommand, StatusReport,
    Submit, UserData, decode_incoming, decode_service_centre, hex,
};

/// Letters that one septet can become, in octets of UTF-8, and the room beside them.
const GROWTH: usize = 8;

/// Reads the octets as every kind of message and checks each that is one. Says how many were.
///
/// # Errors
/// What was broken, in words, with the octets.
pub fn check(octets: &[u8]) -> Result<u32, String> {
    let tell = |what: &str| format!("{what}: {}", hex::encode(octets));
    let mut read = u32::from(decode_incoming(octets).is_ok());
    let tpdu = decode_service_centre(octets).map_or(octets, |(_, tpdu)| tpdu);
    read += comes_back(tpdu, Deliver::decode, Deliver::encode, |message| {
        let _ = message.purpose().words();
        Some(&message.data)
    })
    .map_err(tell)?;
    read += comes_back(tpdu, Submit::decode, Submit::encode, |message| Some(&message.data))
        .map_err(tell)?;
    read += comes_back(tpdu, StatusReport::decode, StatusReport::encode, |_| None).map_err(tell)?;
    for origin in [Origin::Phone, Origin::ServiceCentre] {
        if let Ok(told) = Acknowledgement::decode(tpdu, origin) {
            read += 1;
            if let Some(data) = &told.data {
                is_bounded(data, tpdu).map_err(tell)?;
            }
        }
    }
    if let Ok(command) = ServiceCommand::decode(tpdu) {
        read += 1;
        if command.data.len() > tpdu.len() {
            return Err(tell("a command's data has grown"));
        }
    }
    Ok(read)
}

/// What is read is written, and what is written is read as the same again.
fn comes_back<Message: PartialEq>(
    tpdu: &[u8],
    decode: fn(&[u8]) -> Result<Message, PduError>,
    encode: fn(&Message) -> Encoded,
    data: impl Fn(&Message) -> Option<&UserData>,
) -> Result<u32, &'static str> {
    let Ok(message) = decode(tpdu) else {
        return Ok(0);
    };
    if let Some(data) = data(&message) {
        is_bounded(data, tpdu)?;
    }
    let written = encode(&message);
    if written.tpdu().len() > tpdu.len() {
        return Err("more is written than was read");
    }
    let Ok(again) = decode(written.tpdu()) else {
        return Err("what was written cannot be read");
    };
    // Padding is not written again, so the second reading is compared with a third.
    let twice = encode(&again);
    let same = data(&message).is_some_and(|data| !data.surplus().is_empty()) || again == message;
    if same && twice == written { Ok(1) } else { Err("what was written is read as something else") }
}

/// Nothing that is kept of user data is larger than its octets by more than a fixed factor.
fn is_bounded(data: &UserData, tpdu: &[u8]) -> Result<(), &'static str> {
    let most = GROWTH * (tpdu.len() + 1);
    let body = match data.body() {
        Body::Text(text) => text.len(),
        Body::Octets(octets) => octets.len(),
    };
    let header: usize = data.header().iter().map(|element| element.data.len() + 1).sum();
    if body > most || header > tpdu.len() || data.surplus().len() > tpdu.len() {
        return Err("a message has grown in reading");
    }
    Ok(())
}
