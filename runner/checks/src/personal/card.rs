//! Numbers of payment cards.

use super::checksum::luhn;
use super::digits::Part;
use super::ids::Needs;

/// Leading digits and lengths that issuers use (ISO/IEC 7812-1; the card schemes' own tables): Visa, Mastercard, American
/// Express, Diners Club, Discover, UnionPay, JCB.
const ISSUERS: [(u32, u32, usize); 14] = [
    (4000, 4999, 16),
    (5100, 5599, 16),
    (2221, 2720, 16),
    (3400, 3499, 15),
    (3700, 3799, 15),
    (3000, 3059, 14),
    (3095, 3095, 14),
    (3600, 3699, 14),
    (3800, 3999, 14),
    (6011, 6011, 16),
    (6440, 6599, 16),
    (6200, 6299, 16),
    (8100, 8199, 16),
    (3528, 3589, 16),
];
/// How numbers are embossed, by length.
const EMBOSSED: [&[usize]; 3] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// A number that an issuer may have given. About 1 of 40 random numbers of 16 digits fits.
pub(super) fn number(part: &Part<'_>) -> Option<Needs> {
    let issuer = part.digits.get(..4)?.iter().fold(0, |number, digit| number * 10 + u32::from(*digit));
    let known =
        ISSUERS.iter().any(|(from, to, length)| (*from..=*to).contains(&issuer) && *length == part.digits.len());
    if !known || !luhn(part.digits) {
        return None;
    }
    let embossed = EMBOSSED.iter().any(|sizes| part.has_sizes(sizes)) && part.is_even();
    Some(if embossed { Needs::Sentence } else { Needs::Words })
}

#[cfg(test)]
mod tests;
