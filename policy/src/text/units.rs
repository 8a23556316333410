//! Amounts with a unit.

/// Bytes: `512M`, `8G`; powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    scaled(text, &[("K", 10), ("M", 20), ("G", 30), ("T", 40)].map(|(unit, bits)| (unit, 1 << bits)), "`512M` or `8G`")
}

/// Seconds: `90s`, `30m`, `2h`, `7d`.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    scaled(text, &[("s", 1), ("m", 60), ("h", 3600), ("d", 86400)], "`90s`, `30m` or `2h`")
}

/// Days: `30d`.
pub(super) fn days(text: &str) -> Result<u64, String> {
    scaled(text, &[("d", 1)], "`30d`")
}

fn scaled(text: &str, units: &[(&str, u64)], example: &str) -> Result<u64, String> {
    let read = |(unit, factor): &(&str, u64)| text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*factor);
    units.iter().find_map(read).ok_or_else(|| format!("`{text}` isn't an amount here; write one such as {example}"))
}
