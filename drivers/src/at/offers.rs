//! What a modem offers: the answers to test commands (`AT+CNMI=?`), lists of names and numbers.

use super::fields::{after, fields, is_memory};

/// `+CSCS: ("IRA","GSM","UCS2")` or `+CSCS: "IRA"` → the names.
pub fn charsets(line: &str) -> Vec<String> {
    names(after("+CSCS:", line))
}

/// `+CPMS: ("SM","ME"),("SM"),("SM")` → the memories to read, to write, to receive into. A list
/// that is missing is missing here; one bracket too many does no harm.
pub fn memories(line: &str) -> Vec<Vec<String>> {
    let rest = after("+CPMS:", line);
    let rest = match rest.strip_prefix("((").and_then(|inner| inner.strip_suffix("))")) {
        Some(_) => &rest[1..rest.len() - 1],
        None => rest,
    };
    if rest.is_empty() {
        return Vec::new();
    }
    let lists = fields(rest).into_iter();
    lists.map(|list| names(&list).into_iter().filter(|name| is_memory(name)).collect()).collect()
}

/// `+CPMS: "SM",1,30,"ME",5,100,…` → the memories in use; none for a name that nobody knows.
pub fn memories_in_use(line: &str) -> Vec<Option<String>> {
    /// TS 27.005 §3.2.3, and two that are met in the field.
    const KNOWN: [&str; 8] = ["SM", "ME", "MT", "BM", "SR", "TA", "SM_P", "ME_P"];
    let fields = fields(after("+CPMS:", line));
    let used = fields.iter().step_by(3).take(3);
    used.map(|name| KNOWN.contains(&name.as_str()).then(|| name.clone())).collect()
}

/// `+CNMI: (2),(0-1,3),(0,2)` → the numbers that each place may have.
pub fn numbers(prefix: &str, line: &str) -> Vec<Vec<u16>> {
    fields(after(prefix, line)).iter().map(|list| range(list)).collect()
}

/// `+CFUN: 1` → 1. A list, with which some answer this question, is no number.
pub fn functionality(line: &str) -> Option<u8> {
    fields(after("+CFUN:", line)).first()?.parse().ok()
}

/// `+UPINCNT: 3,3,10,10` → tries left of PIN, PIN2, PUK, PUK2.
pub fn code_tries(line: &str) -> Option<[u8; 4]> {
    let fields = fields(line.strip_prefix("+UPINCNT:")?);
    let numbers: Option<Vec<u8>> = fields.iter().map(|field| field.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn names(list: &str) -> Vec<String> {
    let inner = list.trim().trim_start_matches('(').trim_end_matches(')');
    fields(inner).into_iter().filter(|name| !name.is_empty()).collect()
}

fn range(list: &str) -> Vec<u16> {
    /// A range longer than this is none that any command has.
    const MOST: u16 = 256;
    let inner = list.trim().trim_start_matches('(').trim_end_matches(')');
    let mut numbers = Vec::new();
    for field in fields(inner) {
        let (from, to) = field.split_once('-').unwrap_or((&field, &field));
        if let (Ok(from), Ok(to)) = (from.trim().parse::<u16>(), to.trim().parse::<u16>()) {
            numbers.extend((from..=to).take(usize::from(MOST)));
        }
    }
    numbers.truncate(usize::from(MOST));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names() {
        assert_eq!(charsets("+CSCS: (\"GSM\",\"UCS2\")"), ["GSM", "UCS2"]);
        assert_eq!(memories("+CPMS: (\"SM\", \"ME_P\"),(),(\"MT\")")[0], ["SM", "ME_P"]);
        assert_eq!(memories("+CPMS: ((\"SM\"),(\"ME\"))"), [["SM"], ["ME"]]);
        assert!(memories("+CPMS: ").is_empty());
        assert_eq!(memories_in_use("+CPMS: \"XX\",1,2,\"SM\",1,2")[1].as_deref(), Some("SM"));
    }

    #[test]
    fn lists_of_numbers() {
        assert_eq!(numbers("+CNMI:", "+CNMI: (2),(0-1,3),(0)"), [vec![2], vec![0, 1, 3], vec![0]]);
        assert_eq!(numbers("+X:", "+X: (0-65535,0-65535)")[0].len(), 256);
        assert_eq!(functionality("+CFUN: (0-1,4-7),(0-1)"), None);
        assert_eq!(functionality("+CFUN: 1,0"), Some(1));
        assert_eq!(code_tries("+UPINCNT: 3,3,10,9"), Some([3, 3, 10, 9]));
    }
}
