//! Sets of characters, as an expression of Python's names them.

/// Characters: one bit for each of ASCII. The first three stand for other letters and digits, for all else beyond ASCII, and for control characters.
pub(super) type Set = u128;

const LETTERS: Set = 1;
const SIGNS: Set = 2;
const CONTROL: char = '\u{2}';
pub(super) const EVERY: Set = Set::MAX;

/// What `\w`, `\d`, `\s` and their opposites stand for.
pub(super) fn known(letter: char) -> Option<Set> {
    let word = between('a', 'z')? | between('A', 'Z')? | between('0', '9')? | bit('_') | LETTERS;
    let digit = between('0', '9')? | LETTERS;
    let space = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{1f}'];
    let space = space.into_iter().fold(SIGNS, |all, letter| all | bit(letter));
    Some(match letter {
        'w' => word,
        'W' => !word,
        'd' => digit,
        'D' => !digit | LETTERS,
        's' => space,
        'S' => !space | SIGNS,
        _ => return None,
    })
}

/// All others. Of those beyond ASCII some are left, unless the set has `whole` of them.
pub(super) fn without(all: Set, whole: Set) -> Set {
    !all | (LETTERS | SIGNS) & !whole
}

/// Of those beyond ASCII, what `\w` and the like have wholly.
pub(super) fn whole(letter: char) -> Set {
    match letter {
        'w' | 'S' => LETTERS,
        'W' | 'D' => SIGNS,
        _ => 0,
    }
}

pub(super) fn bit(letter: char) -> Set {
    match letter {
        '\0'..='\u{8}' => 1 << CONTROL as u32,
        '\u{9}'..='\u{7f}' => 1 << letter as u32,
        _ if letter.is_alphanumeric() => LETTERS,
        _ => SIGNS,
    }
}

/// The same where it doesn't matter whether letters are large or small.
pub(super) fn both_cases(set: Set) -> Set {
    let (large, small) = (26, 'a' as u32 - 'A' as u32);
    let letters = ((1 << large) - 1) << 'A' as u32;
    set | (set & letters) << small | (set >> small) & letters
}

pub(super) fn between(first: char, last: char) -> Option<Set> {
    let ascii = (first..=last.min('\u{7f}')).fold(0, |all, letter| all | bit(letter));
    (first <= last).then_some(if last.is_ascii() { ascii } else { ascii | LETTERS | SIGNS })
}
