//! How a modem is registered: `+CREG`, `+CGREG`, `+CEREG`, `+C5GREG` (TS 27.007 §7.2, §10.1.20,
//! §10.1.22) in all the shapes in which modems give them, asked for or not.

use super::fields;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// Which of a modem's registrations it is about.
    pub domain: Domain,
    /// `<stat>`.
    pub state: u8,
    /// The location or tracking area.
    pub area: Option<u32>,
    /// The cell.
    pub cell: Option<u32>,
    /// `<AcT>`, by number.
    pub technology: Option<u8>,
}

/// What a modem registers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// `+CREG`: calls and messages.
    Circuits,
    /// `+CGREG`: packets.
    Packets,
    /// `+CEREG`: LTE.
    Lte,
    /// `+C5GREG`: 5G.
    FiveG,
}

const PREFIXES: [(&str, Domain); 4] = [
    ("+CREG:", Domain::Circuits),
    ("+CGREG:", Domain::Packets),
    ("+CEREG:", Domain::Lte),
    ("+C5GREG:", Domain::FiveG),
];

impl Registration {
    /// Reads a line; `None` where it says nothing about a registration.
    pub fn parse(line: &str) -> Option<Registration> {
        let (prefix, domain) = PREFIXES.into_iter().find(|(start, _)| line.starts_with(start))?;
        let rest = &line[prefix.len()..];
        let all = fields::fields(rest);
        // An answer has the setting in front.
        let asked = usize::from(!fields::second_is_an_area(rest));
        let state = all.get(asked)?.parse().ok()?;
        let place = all.get(asked + 1..).unwrap_or_default();
        // Some put the routing area between the area and the cell.
        let routing = usize::from(domain == Domain::Lte && place.len() >= 4);
        let hexadecimal =
            |at: usize| place.get(at).and_then(|field| u32::from_str_radix(field, 16).ok());
        Some(Registration {
            domain,
            state,
            area: hexadecimal(0),
            cell: hexadecimal(1 + routing),
            technology: place.get(2 + routing).and_then(|field| field.parse().ok()),
        })
    }

    /// The state in words.
    pub fn words(self) -> &'static str {
        match self.state {
            0 => "not registered, not searching",
            1 => "at home",
            2 => "searching",
            3 => "refused by the network",
            4 => "not known",
            5 => "roaming",
            6 => "at home, for messages only",
            7 => "roaming, for messages only",
            8 => "for emergency calls only",
            9 => "at home, calls not preferred",
            10 => "roaming, calls not preferred",
            11 => "for restricted local services only",
            _ => "a state that the standard does not know",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read() {
        for (line, state, area, cell, technology) in [
            ("+CREG: 2", 2, None, None, None),
            ("+CREG: 0,1", 1, None, None, None),
            ("+CREG: 1,\"8BE3\",\"2BAF\"", 1, Some(0x8BE3), Some(0x2BAF), None),
            ("+CREG: 2,1,8BE3,2BAF", 1, Some(0x8BE3), Some(0x2BAF), None),
            ("+CREG: 2,1,\"8BE3\",\"2BAF\",7", 1, Some(0x8BE3), Some(0x2BAF), Some(7)),
            ("+CEREG: 1, 1F00, 20 ,79D903 ,7", 1, Some(0x1F00), Some(0x0079_D903), Some(7)),
            ("+CREG: 2,1,\"\",\"605F\"", 1, None, Some(0x605F), None),
        ] {
            let found = Registration::parse(line).expect(line);
            let told = (found.state, found.area, found.cell, found.technology);
            assert_eq!(told, (state, area, cell, technology), "{line}");
        }
        for line in ["+CREG:", "+CREG: x", "+CSQ: 1,2", "", "+CREG: 1,1,2"] {
            let found = Registration::parse(line);
            assert!(found.is_none() || line.ends_with(",2"), "{line}: {found:?}");
        }
    }
}
