//! The last lines of a modem that was lost, as they may lie in a folder: without people's words.
//!
//! A PDU holds a number and what it said. Nobody needs either to see why a stick was lost, and a
//! survey that promises not to know who answered what must not be told by a log.

use rollcall_drivers::port::transcript::{Direction, Entry};

/// So many hexadecimal digits in a row are a PDU, not an IMEI or the number of a card.
const A_PDU: usize = 24;

/// The lines with every PDU, and what may be the rest of one, made unreadable.
pub(super) fn without_words(lines: &[String]) -> String {
    let mut entries: Vec<Entry> = lines.iter().filter_map(|line| Entry::parse(line).ok()).collect();
    for direction in [Direction::ToModem, Direction::FromModem] {
        // A port hands a PDU over in pieces of any size: runs are looked for across entries.
        let mut of_one: Vec<&mut u8> = entries
            .iter_mut()
            .filter(|entry| entry.direction == direction)
            .flat_map(|entry| &mut entry.bytes)
            .collect();
        let mut begun = 0;
        for at in 0..=of_one.len() {
            if of_one.get(at).is_some_and(|byte| byte.is_ascii_hexdigit()) {
                continue;
            }
            // The oldest lines are gone: what comes first may be the end of a PDU.
            if at - begun >= A_PDU || (begun == 0 && at > 1) {
                of_one[begun..at].iter_mut().for_each(|byte| **byte = b'.');
            }
            begun = at + 1;
        }
    }
    let shown: Vec<String> = entries.iter().map(Entry::to_string).collect();
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdu_is_not_readable_however_it_came_in_pieces() {
        let lines = [
            "0.010 < 21C\\r\\nOK\\r\\n",
            "0.100 > AT+CGSN\\r",
            "0.120 < \\r\\n356938035643809\\r\\nOK\\r\\n",
            "1.000 > AT+CMGR=1\\r",
            "1.020 < \\r\\n+CMGR: 0,,22\\r\\n0004040C913271",
            "1.030 < 0710000100004230109003000003F9",
            "1.040 < F21C\\r\\n\\r\\nOK\\r\\n",
        ];
        expect_test::expect![[r#"
            0.010 < ...\r\nOK\r\n
            0.100 > AT+CGSN\r
            0.120 < \r\n356938035643809\r\nOK\r\n
            1.000 > AT+CMGR=1\r
            1.020 < \r\n+CMGR: 0,,22\r\n..............
            1.030 < ..............................
            1.040 < ....\r\n\r\nOK\r\n"#]]
        .assert_eq(&without_words(&lines.map(str::to_owned)));
    }
}
