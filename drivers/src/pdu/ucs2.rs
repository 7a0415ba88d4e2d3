//! UCS-2 as phones really use it: UTF-16, highest octet first, surrogate pairs included
//! (TS 23.038 §6.2.3).

/// The octets of a text.
pub(super) fn encode(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// The text of octets, with U+FFFD for half a letter. An odd octet at the end is not read.
pub(super) fn decode_lossy(octets: &[u8]) -> String {
    String::from_utf16_lossy(&units(octets))
}

fn units(octets: &[u8]) -> Vec<u16> {
    octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}
