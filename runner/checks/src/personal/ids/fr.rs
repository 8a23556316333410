//! France.

use super::{Needs, two};
use crate::personal::checksum::remainder;
use crate::personal::digits::Part;

/// How the number is printed: sex, year, month, department, commune, order, key; or the number and its key.
const PRINTED: [&[usize]; 2] = [&[1, 2, 2, 2, 3, 3, 2], &[13, 2]];

/// The numéro d'inscription au répertoire of INSEE: sex, year and month of birth, department, commune, order, and a key that
/// makes it a multiple of 97 (décret n° 82-103 du 22 janvier 1982, article 4), which is often left out. Months from 20 on stand
/// for unknown ones.
pub(super) fn nir(part: &Part<'_>) -> Option<Needs> {
    let (number, key) = part.digits.split_at_checked(13)?;
    let sex = matches!(number.first(), Some(1..=4 | 7 | 8));
    let month = matches!(two(number, 3), 1..=12 | 20..=42 | 50..=99);
    let place = two(number, 5) > 0 && number.get(10..) != Some(&[0, 0, 0]);
    let printed = PRINTED.iter().any(|sizes| part.has_sizes(sizes)) && matches!(two(number, 3), 1..=12);
    match key {
        _ if !(sex && month && place) => None,
        [] => Some(Needs::Words),
        [tens, ones] if 97 - remainder(number, 97) != u32::from(tens * 10 + ones) => None,
        [_, _] => Some(if printed { Needs::Place } else { Needs::Words }),
        _ => None,
    }
}
