//! Plain text: UTF-8 that shows everything it holds.

/// Why bytes aren't plain text, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    pub(crate) what: String,
}

/// The text, if every character in it can be seen or is ordinary white space.
pub(crate) fn read(bytes: Vec<u8>) -> Result<String, Fault> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = line_at(error.as_bytes(), valid);
        Fault { line, what: "a byte there isn't UTF-8 text".to_owned() }
    })?;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let bare = c == '\r' && characters.peek().is_none_or(|(_, next)| *next != '\n');
        let what = match c {
            _ if bare => "a carriage return stands alone",
            '\n' | '\r' | '\t' => continue,
            _ if c.is_control() => "there is a control character",
            _ if is_hidden(c) => "there is a character that can't be seen or that turns the text around",
            _ => continue,
        };
        let what = format!("{what} (U+{:04X})", u32::from(c));
        return Err(Fault { line: line_at(text.as_bytes(), at), what });
    }
    Ok(text)
}

/// The line of a byte, from 1.
pub(crate) fn line_at(bytes: &[u8], at: usize) -> u64 {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count() as u64
}

/// Characters without a width or with an effect on their neighbours: byte-order marks, joiners, bidirectional controls
/// (Unicode Standard Annex 9), variation selectors, tags, fillers, line separators, and private ones; and spaces that
/// nobody tells from others.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{205f}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{10ffff}'
    )
}
