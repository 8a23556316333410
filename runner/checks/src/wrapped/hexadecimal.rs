//! Hexadecimal digits, in groups or not: `7f45`, `7f 45`, `7f:45`, `\x7f\x45`, `0x7f, 0x45`.

use super::found::Found;
use super::letters::{GROUPS, Line};
use super::runs::SHORTEST;

/// Stretches of lines that are nothing but groups of digits.
#[derive(Default)]
pub(super) struct Groups {
    digits: String,
}

impl Groups {
    pub(super) fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        match Some(line.whole).filter(|_| line.is(GROUPS)).and_then(groups) {
            Some(own) => self.digits.push_str(&own),
            None => self.end(found),
        }
    }

    pub(super) fn end(&mut self, found: &mut Found) {
        if self.digits.len() >= SHORTEST {
            found.add(|bytes| decode(self.digits.as_bytes(), bytes));
        }
        self.digits.clear();
    }
}

/// The digits of a line, if it is nothing but groups of them.
fn groups(line: &str) -> Option<String> {
    let line = line.replace("\\x", " ").replace("0x", " ").replace("0X", " ");
    // A dump begins each line with its place.
    let line = line.split_once(": ").filter(|(place, _)| is_digits(place)).map_or(line.as_str(), |(_, rest)| rest);
    let is_between = |c: char| c.is_whitespace() || ":,;|-_[](){}'\"".contains(c);
    let groups = line.split(is_between).filter(|group| !group.is_empty());
    let digits = groups.map(|group| is_digits(group).then_some(group)).collect::<Option<String>>()?;
    (!digits.is_empty()).then_some(digits)
}

fn is_digits(group: &str) -> bool {
    group.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Appends the bytes of digits, of which there are two for each; an odd one is left.
pub(super) fn decode(run: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = run.as_chunks();
    for [high, low] in pairs {
        bytes.push((digit(*high)? << 4 | digit(*low)?) as u8);
    }
    rest.iter().all(|byte| digit(*byte).is_some()).then_some(())
}
