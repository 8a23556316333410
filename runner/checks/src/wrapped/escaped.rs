//! Bytes that a text writes by their numbers: `%7F`, `=7F`, `\x7f`, `\177`, or as a list of integers below 256.

/// Fewest bytes of either kind.
const FEWEST: usize = 16;

/// Adds the bytes of a text in which many are escaped, and of each list of small integers.
pub(super) fn decoded(text: &str, found: &mut Vec<Vec<u8>>) {
    found.extend(["%", "=", "\\x"].iter().filter_map(|mark| unescaped(text, mark)));
    listed(text, found);
}

/// The whole text with what was escaped by a mark and two hexadecimal digits, if there is enough of that.
fn unescaped(text: &str, mark: &str) -> Option<Vec<u8>> {
    let mut pieces = text.split(mark);
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    let mut count = 0;
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                count += 1;
                bytes.push(byte);
                bytes.extend_from_slice(piece.get(2..).unwrap_or_default().as_bytes());
            }
            // The end of a line that goes on.
            None if mark == "=" && piece.starts_with(['\n', '\r']) => {
                bytes.extend_from_slice(piece.trim_start_matches(['\n', '\r']).as_bytes());
            }
            None => {
                bytes.extend_from_slice(mark.as_bytes());
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    (count >= FEWEST / 2).then_some(bytes)
}

/// Integers from 0 to 255, with nothing but marks between them.
fn listed(text: &str, found: &mut Vec<Vec<u8>>) {
    let mut bytes: Vec<u8> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || ",;|[](){}".contains(c)).filter(|word| !word.is_empty()) {
        match word.parse::<u8>() {
            Ok(byte) => bytes.push(byte),
            Err(_) => of_list(&mut bytes, found),
        }
    }
    of_list(&mut bytes, found);
}

fn of_list(bytes: &mut Vec<u8>, found: &mut Vec<Vec<u8>>) {
    let list = std::mem::take(bytes);
    found.extend((list.len() >= FEWEST).then_some(list));
}
