//! Amounts with a unit.

/// Bytes: `512M`, `8G`; powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    scaled(text, &[("K", 10), ("M", 20), ("G", 30), ("T", 40)].map(|(unit, bits)| (unit, 1 << bits)), "`512M` or `8G`")
}

/// Seconds: `90s`, `30m`, `2h`, `7d`.
pub(super) fn seconds(text: &str) -> Result<u32, String> {
    scaled(text, &[("s", 1), ("m", 60), ("h", 3600), ("d", 86400)], "`90s`, `30m` or `2h`")
}

/// A period in days: `30d`, and at least one.
pub(super) fn days(text: &str) -> Result<u32, String> {
    match scaled(text, &[("d", 1)], "`30d`")? {
        0 => Err(format!("`{text}` is over before it begins; write one day or more, such as `30d`")),
        days => Ok(days),
    }
}

fn scaled<N: TryFrom<u64>>(text: &str, units: &[(&str, u64)], example: &str) -> Result<N, String> {
    let amount = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)));
    let digits = |(digits, _): &(&str, _)| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let Some((number, factor)) = amount.filter(digits) else {
        return Err(format!("`{text}` isn't an amount here; write one such as {example}"));
    };
    let amount = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor));
    let amount = amount.and_then(|amount| N::try_from(amount).ok());
    amount.ok_or_else(|| format!("`{text}` is more than there can be; write an amount such as {example}"))
}
