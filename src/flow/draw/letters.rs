//! How wide a text is, guessed too wide, and where its lines break.

/// The width of a text in pixels at this font size.
///
/// By the widths of DejaVu Sans, which is wider than Arial, Helvetica and Liberation Sans.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i64 = text.chars().map(|letter| i64::from(of_letter(letter))).sum();
    i32::try_from(thousandths * i64::from(size) / 1_000).unwrap_or(i32::MAX) + 1
}

/// A letter's width in thousandths of the font size.
fn of_letter(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | '\'' => 300,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '|' | '!' | 'I' | '·' => 340,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' | '"' => 430,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '→' | '—' => 1_000,
        'a'..='z' | '0'..='9' => 640,
        'A'..='Z' => 780,
        '\u{300}'..='\u{36f}' => 0,
        letter if letter.is_ascii() => 840,
        letter if (letter as u32) < 0x500 => 780,
        _ => 1_100,
    }
}

/// A text in lines that fit, the last one with `…` where there are more than `most`.
pub(super) fn wrapped(text: &str, size: i32, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // What a non-breaking space joins stays in one line.
    let breaks = |letter: char| letter.is_whitespace() && letter != '\u{a0}';
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        for piece in pieces(word, size, room) {
            let longer = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
            if line.is_empty() || width(&longer, size) <= room {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(&format!("{last} …"), size) > room {
                // Whole words first; a single long one loses letters.
                let shorter = last.rfind(' ').or(last.char_indices().next_back().map(|(at, _)| at));
                let Some(end) = shorter else { break };
                last.truncate(end);
            }
            last.push_str(" …");
        }
    }
    lines
}

/// A word that is wider than the room, in pieces.
fn pieces(word: &str, size: i32, room: i32) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for letter in word.chars() {
        piece.push(letter);
        if width(&piece, size) > room {
            piece.pop();
            if !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push(letter);
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_inside_what_is_too_long() {
        assert_eq!(wrapped("one two three", 10, 45, 9), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh", 10, 40, 9), ["abcdef", "gh"]);
        assert_eq!(wrapped("one two three four", 10, 45, 1), ["one …"]);
        assert_eq!(wrapped("", 10, 45, 9), Vec::<String>::new());
    }
}
