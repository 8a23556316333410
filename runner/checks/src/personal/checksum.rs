//! Check digits. All take digits as numbers from 0 to 9, the check digit among them where nothing else is said.

/// The algorithm of Luhn (ISO/IEC 7812-1, annex B): every second digit from the right, doubled.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let term = |(place, digit): (usize, &u8)| u32::from(if place % 2 == 1 { doubled(*digit) } else { *digit });
    digits.iter().rev().enumerate().map(term).sum::<u32>() % 10 == 0
}

/// The algorithm of Verhoeff (J. Verhoeff, Error Detecting Decimal Codes, Amsterdam 1969): digits multiplied in the dihedral
/// group of order 10, each permuted once more than the one to its right.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permuted = |place: usize, digit: u8| {
        (0..place % 8).fold(digit, |digit, _| STEP.get(usize::from(digit)).copied().unwrap_or(digit))
    };
    digits.iter().rev().enumerate().fold(0, |sum, (place, digit)| dihedral(sum, permuted(place, *digit))) == 0
}

/// The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// The pure system MOD 11,10 (ISO/IEC 7064, section 9).
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, digit| match (product + u32::from(*digit)) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    (product + u32::from(*check)) % 10 == 1
}

/// A decimal number's remainder.
pub(super) fn remainder(digits: &[u8], modulus: u32) -> u32 {
    digits.iter().fold(0, |rest, digit| (rest * 10 + u32::from(*digit)) % modulus)
}

/// The sum of digits times their weights.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

/// The same, where each product counts by the sum of its own digits.
pub(super) fn cross_weighted(digits: &[u8], weights: &[u32]) -> u32 {
    let cross = |product: u32| product / 10 + product % 10;
    digits.iter().zip(weights).map(|(digit, weight)| cross(u32::from(*digit) * weight)).sum()
}

#[cfg(test)]
mod tests;
