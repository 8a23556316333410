//! Belgium.

use super::{Needs, two};
use crate::personal::checksum::remainder;
use crate::personal::digits::Part;

/// The rijksregisternummer or numéro national: year, month and day of birth, three digits, and what is missing to a multiple of
/// 97 (arrêté royal du 3 avril 1984, article 1). For births from 2000 on a 2 stands before the number that is divided. Bis numbers
/// have 20 or 40 months more; month and day are 00 where they aren't known.
pub(super) fn national(part: &Part<'_>) -> Option<Needs> {
    let body: [u8; 9] = part.digits.get(..9)?.try_into().ok()?;
    let dated = matches!(two(&body, 2), 0..=12 | 20..=32 | 40..=52) && two(&body, 4) <= 31;
    if part.digits.len() != 11 || !dated {
        return None;
    }
    let key = u32::from(two(part.digits, 9));
    let later: [u8; 10] =
        std::array::from_fn(|at| at.checked_sub(1).map_or(2, |at| body.get(at).copied().unwrap_or(0)));
    let keyed = [body.as_slice(), &later].into_iter().any(|number| 97 - remainder(number, 97) == key);
    let printed = part.has_sizes(&[2, 2, 2, 3, 2]) || part.has_sizes(&[6, 3, 2]);
    keyed.then_some(if printed { Needs::Place } else { Needs::Words })
}
