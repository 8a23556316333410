//! The United Kingdom.

use super::Needs;
use crate::personal::checksum::weighted;
use crate::personal::digits::Part;

/// The NHS number: nine digits and a check digit (NHS Data Model and Dictionary, "NHS NUMBER"). 1 of 11 random numbers fits.
pub(super) fn nhs(part: &Part<'_>) -> Option<Needs> {
    let fits = part.digits.len() == 10 && weighted(part.digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    // One digit all over passes as well, and is nobody's.
    let varied = part.digits.iter().any(|digit| Some(digit) != part.digits.first());
    (fits && varied).then_some(Needs::Words)
}

/// Whether two letters may begin a National Insurance number (HMRC, National Insurance Manual, NIM39110).
pub(in crate::personal) fn insurance(first: u8, second: u8) -> bool {
    let never = [*b"BG", *b"GB", *b"NK", *b"KN", *b"TN", *b"NT", *b"ZZ"];
    first.is_ascii_uppercase()
        && second.is_ascii_uppercase()
        && !b"DFIQUV".contains(&first)
        && !b"DFIOQUV".contains(&second)
        && !never.contains(&[first, second])
}
