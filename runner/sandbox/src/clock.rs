//! The machine's clock, for the one crate's parts that need it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

/// The day in UTC.
pub(crate) fn today() -> semla_policy::Date {
    let now =
        jiff::Timestamp::from_millisecond(i64::try_from(now()).unwrap_or(i64::MAX)).unwrap_or(jiff::Timestamp::MAX);
    jiff::tz::Offset::UTC.to_datetime(now).date()
}
