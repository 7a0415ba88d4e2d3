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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_and_of_two_units_come_back() {
        for (text, octets) in [
            ("oui", &[0x00, 0x6F, 0x00, 0x75, 0x00, 0x69][..]),
            ("ɛ", &[0x02, 0x5B]),
            ("😀", &[0xD8, 0x3D, 0xDE, 0x00]),
        ] {
            assert_eq!(encode(text), octets);
            assert_eq!(decode_lossy(octets), text);
        }
    }

    #[test]
    fn half_a_letter_and_half_a_unit_do_not_spoil_the_rest() {
        assert_eq!(decode_lossy(&[0x00, 0x61, 0xD8, 0x3D, 0x00, 0x62]), "a\u{FFFD}b");
        assert_eq!(decode_lossy(&[0x00, 0x61, 0x00]), "a");
    }
}
