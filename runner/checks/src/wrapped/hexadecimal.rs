//! Hexadecimal digits, in groups or not: `7f45`, `7f 45`, `7f:45`, `\x7f\x45`, `0x7f, 0x45`.

use super::runs::SHORTEST;

/// Adds the bytes of all stretches of lines that are nothing but groups of digits.
pub(super) fn decoded(text: &str, found: &mut Vec<Vec<u8>>) {
    let mut digits = String::new();
    for line in text.lines().chain(["."]) {
        match groups(line) {
            Some(own) => digits.push_str(&own),
            None if digits.len() >= SHORTEST => found.extend(bytes(&std::mem::take(&mut digits))),
            None => digits.clear(),
        }
    }
}

/// The digits of a line, if it is nothing but groups of them.
fn groups(line: &str) -> Option<String> {
    let line = line.replace("\\x", " ").replace("0x", " ").replace("0X", " ");
    // A dump begins each line with its place.
    let line =
        line.split_once(": ").filter(|(place, _)| bytes(place).is_some()).map_or(line.as_str(), |(_, rest)| rest);
    let is_between = |c: char| c.is_whitespace() || ":,;|-_[](){}'\"".contains(c);
    let groups = line.split(is_between).filter(|group| !group.is_empty());
    let digits = groups.map(|group| bytes(group).map(|_| group)).collect::<Option<String>>()?;
    (!digits.is_empty()).then_some(digits)
}

/// The bytes of digits, of which there are two for each.
pub(super) fn bytes(run: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8; 2]| {
        let [high, low] = pair;
        Some((digit(high)? << 4 | digit(low)?) as u8)
    };
    let (pairs, rest) = run.as_bytes().as_chunks();
    pairs.iter().map(pair).collect::<Option<Vec<u8>>>().filter(|_| rest.iter().all(|byte| digit(byte).is_some()))
}
