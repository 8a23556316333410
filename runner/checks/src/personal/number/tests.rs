use crate::personal::tests::{draw, found, nothing};

/// A number of so many digits, the first one not 0.
fn digits(draw: &mut impl FnMut(u64) -> u64, count: u64) -> String {
    let first = 1 + draw(9);
    (1..count).fold(first.to_string(), |text, _| text + &draw(10).to_string())
}

/// One value, as jobs write them.
fn value(draw: &mut impl FnMut(u64) -> u64) -> String {
    match draw(16) {
        0 => format!("0.{:016}", draw(10_000_000_000_000_000)),
        1 => {
            let (whole, fraction) = (1 + draw(12), 1 + draw(16));
            format!("{}.{}", digits(draw, whole), digits(draw, fraction))
        }
        2 => format!("-{}.{:03}e{:+03}", draw(10), draw(1000), draw(40) as i64 - 20),
        3..=5 => {
            let count = 1 + draw(18);
            digits(draw, count)
        }
        6 => format!("-{}", draw(10_000_000_000_000)),
        7 => format!("{:+}", draw(10_000_000) as i64 - 5_000_000),
        8 => format!("{:04}-{:02}-{:02}", 1900 + draw(150), 1 + draw(12), 1 + draw(31)),
        9 => format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}",
            1900 + draw(150),
            1 + draw(12),
            1 + draw(31),
            draw(24),
            draw(60),
            draw(60),
            draw(1_000_000)
        ),
        10 => format!("{:02}.{:02}.{:04}", 1 + draw(31), 1 + draw(12), 1900 + draw(150)),
        11 => (1_500_000_000_000 + draw(400_000_000_000)).to_string(),
        12 => format!("{:032x}", u128::from(draw(u64::MAX)) << 64 | u128::from(draw(u64::MAX))),
        13 => format!("{},{:03},{:03}", 1 + draw(999), draw(1000), draw(1000)),
        14 => format!("{}.{}.{}", draw(20), draw(30), draw(1000)),
        _ => format!("{} %", draw(1000) as f64 / 10.0),
    }
}

/// What stands before values.
const WORDS: [&str; 20] = [
    "epoch",
    "loss",
    "seed",
    "n",
    "id",
    "patient_id",
    "auc",
    "step",
    "age",
    "lr",
    "time",
    "total",
    "bytes",
    "lat",
    "fold",
    "rows",
    "date",
    "version",
    "p-value",
    "eta",
];

#[test]
fn a_hundred_thousand_lines_of_numbers_have_nothing() {
    let mut draw = draw(1);
    for _ in 0..100_000 {
        let separator = [",", ";", "\t", " ", ", ", " | "][draw(6) as usize];
        let values: Vec<String> = (0..1 + draw(8)).map(|_| value(&mut draw)).collect();
        let line = match draw(4) {
            0 => values.join(separator),
            1 => format!("[{}]", values.join(", ")),
            _ => values
                .iter()
                .map(|value| format!("{}={value}", WORDS[draw(20) as usize]))
                .collect::<Vec<_>>()
                .join(separator),
        };
        nothing(&line);
    }
}

#[test]
fn rows_of_whole_numbers_in_columns_have_nothing() {
    let mut draw = draw(2);
    for _ in 0..100_000 {
        let width = 1 + draw(6);
        let row: Vec<String> = (0..2 + draw(12)).map(|_| digits(&mut draw, width)).collect();
        nothing(&row.join(" "));
        nothing(&format!("row {}", row.join(" | ")));
    }
}

#[test]
fn a_long_run_of_digits_is_one_number_and_none_of_ours() {
    for length in [20, 21, 30, 1000] {
        nothing(&"4".repeat(length));
        nothing(&format!("card {}", "41".repeat(length)));
    }
    assert_eq!(found("card 4111111111111111").len(), 1);
}
