//! `+CMGR` in text mode (TS 27.005 §3.4.3, §4.2), so that recordings of other programs can be read.
//!
//! `modem` asks for PDU mode alone. A text of several lines follows the header; where it ends only
//! the final result tells.

use super::fields::fields;
use super::network::time;
use crate::pdu::ServiceCentreTime;

/// The header of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `REC UNREAD`, `REC READ`, …
    pub status: Option<String>,
    /// Who sent it.
    pub from: String,
    /// When the service centre took it, as it is written.
    pub time: String,
    /// What only modems that were asked for it show (`AT+CSDH=1`).
    pub details: Option<Details>,
}

/// The rest of a full header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The first octet of the PDU.
    pub first_octet: u8,
    /// TP-PID.
    pub protocol: u8,
    /// TP-DCS.
    pub coding: u8,
    /// The service centre.
    pub service_centre: String,
    /// Letters of the text.
    pub length: u8,
}

/// A delivered message's header.
pub fn header(line: &str) -> Option<Header> {
    let fields = fields(line.strip_prefix("+CMGR:")?);
    // A name from the modem's own address book may stand before the time.
    let at = (2..=3).find(|at| fields.get(*at).is_some_and(|field| time(field).is_some()))?;
    let number = |at: usize| -> Option<u8> { fields.get(at)?.parse().ok() };
    let details = || {
        Some(Details {
            first_octet: number(at + 2)?,
            protocol: number(at + 3)?,
            coding: number(at + 4)?,
            service_centre: fields.get(at + 5)?.clone(),
            length: number(at + 7)?,
        })
    };
    Some(Header {
        status: fields.first().filter(|status| !status.is_empty()).cloned(),
        from: fields.get(1)?.clone(),
        time: fields[at].clone(),
        details: details(),
    })
}

/// A status report in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The first octet of the PDU.
    pub first_octet: u8,
    /// TP-MR.
    pub reference: u8,
    /// Who the message was for.
    pub to: String,
    /// When the service centre took the message.
    pub submitted: ServiceCentreTime,
    /// When it was done with it.
    pub discharged: ServiceCentreTime,
    /// TP-ST.
    pub status: u8,
}

/// `+CMGR: ,6,20,"0870000000",129,"13/04/29,19:58:00+04","13/04/29,19:59:00+04",0`.
pub fn report(line: &str) -> Option<Report> {
    let fields = fields(line.strip_prefix("+CMGR:")?);
    let number = |at: usize| -> Option<u8> { fields.get(at)?.parse().ok() };
    Some(Report {
        first_octet: number(1)?,
        reference: number(2)?,
        to: fields.get(3)?.clone(),
        submitted: time(fields.get(5)?)?,
        discharged: time(fields.get(6)?)?,
        status: number(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_and_without_details() {
        let short = header("+CMGR: \"REC READ\",\"+231770000001\",\"24/03/01,09:30:00+00\"");
        let short = short.expect("a header");
        assert_eq!((short.from.as_str(), short.details), ("+231770000001", None));
        let full = "+CMGR: \"REC UNREAD\",\"+231770000001\",,\"24/03/01,09:30:00+00\",145,4,0,8,\"+231770000099\",145,3";
        let details = header(full).and_then(|header| header.details).expect("details");
        assert_eq!((details.first_octet, details.coding, details.length), (4, 8, 3));
        for line in ["+CMGR: 0,,24", "+CMGR:", "+CMGR: \"REC READ\",\"x\"", "OK"] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn a_report_in_one_line() {
        let line =
            "+CMGR: ,6,20,\"0770000001\",129,\"24/03/01,09:30:00+00\",\"24/03/01,09:31:00+00\",0";
        let report = report(line).expect("a report");
        assert_eq!((report.reference, report.status, report.to.as_str()), (20, 0, "0770000001"));
    }
}
