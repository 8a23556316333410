//! Country codes, and how many digits follow them (ITU-T, List of Recommendation ITU-T E.164 assigned country codes, and the
//! national numbering plans that it links to).

use std::ops::RangeInclusive;

const CODES: [u16; 216] = [
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60,
    61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 216, 218, 220, 221, 222, 223,
    224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246,
    247, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 290,
    291, 297, 298, 299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374, 375, 376, 377, 378,
    379, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 590,
    591, 592, 593, 594, 595, 596, 597, 598, 599, 670, 672, 673, 674, 675, 676, 677, 678, 679, 680, 681, 682, 683, 685,
    686, 687, 688, 689, 690, 691, 692, 800, 808, 850, 852, 853, 855, 856, 870, 878, 880, 881, 882, 883, 886, 888, 960,
    961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 972, 973, 974, 975, 976, 977, 979, 992, 993, 994, 995, 996, 998,
];

/// How many digits there are without the code. Where a plan is not known here, what fits into the 15 digits of E.164.
fn lengths(code: u16) -> RangeInclusive<usize> {
    match code {
        354 => 7..=7,
        45 | 47 | 65 | 370 | 371 | 386 => 8..=8,
        372 => 7..=8,
        32 | 36 | 359 | 385 => 8..=9,
        353 | 423 => 7..=9,
        27 | 31 | 33 | 34 | 40 | 41 | 48 | 61 | 351 | 380 | 420 | 421 => 9..=9,
        44 | 81 => 9..=10,
        46 => 7..=10,
        1 | 7 | 30 | 90 | 91 => 10..=10,
        39 | 49 | 352 | 358 => 6..=11,
        _ => 6..=12,
    }
}

/// How many digits the code has that a number begins with, if the number goes on as its plan says.
pub(super) fn code(digits: &[u8]) -> Option<usize> {
    (1..=3).find(|length| {
        let Some((code, number)) = digits.split_at_checked(*length) else { return false };
        let code = code.iter().fold(0, |code, digit| code * 10 + u16::from(*digit));
        let zero = number.first() == Some(&0);
        let first = match code {
            // Areas and exchanges of the North American plan begin with 2 to 9.
            1 => matches!(number, [2..=9, _, _, 2..=9, ..]),
            // Elsewhere a zero is dialled only inside the country, but for a few.
            39 | 225 | 241 | 242 | 378 | 379 => true,
            _ => !zero,
        };
        first && CODES.binary_search(&code).is_ok() && lengths(code).contains(&number.len())
    })
}
