//! Days and times as people write them.

/// A day, counted from 1970, as year, month and day (Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
pub(crate) fn date(days: i64) -> String {
    let days = i128::from(days) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (year + era * 400, if month < 10 { month + 3 } else { month - 9 });
    format!("{:04}-{month:02}-{day:02}", if month <= 2 { year + 1 } else { year })
}

/// Seconds from 1970 as date and time of day, with parts of a second where there are any; a second has `unit` of those.
pub(crate) fn stamp(seconds: i64, part: i64, unit: u32) -> String {
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let width = unit.ilog10() as usize;
    let part = if part == 0 { String::new() } else { format!(".{part:0width$}") };
    format!("{} {:02}:{:02}:{:02}{part}", date(day), time / 3600, time / 60 % 60, time % 60)
}
