//! What a value of an output shows: a word, or numbers and how exactly they tell what they were.

use super::grain::Grain;
use crate::decimal::Decimal;
use crate::inputs::{is_missing, word};

/// Digits that a number keeps when it goes through 32-bit floating point (`FLT_DIG`).
const SINGLE: u32 = 6;

/// One reading of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token {
    Word(u64),
    Number(Grain, f64),
}

/// The readings of a text: itself, what it was before it went through 32-bit floating point, and what it is if some of its marks
/// stand between thousands.
pub(crate) fn shown(text: &str, tokens: &mut Vec<Token>) {
    let text = text.trim();
    let number = Decimal::read(text.as_bytes()).and_then(valued);
    for (digits, value) in number.into_iter().chain(Decimal::grouped(text).and_then(valued)) {
        tokens.push(Token::Number(Grain::digits(digits), value));
        if digits > SINGLE {
            tokens.push(Token::Number(Grain::digits(SINGLE), value));
        }
    }
    if number.is_none() && !is_missing(text.as_bytes()) {
        tokens.push(Token::Word(word(text.as_bytes())));
    }
}

fn valued(number: Decimal) -> Option<(u32, f64)> {
    Some((number.digits(), number.value()?))
}
