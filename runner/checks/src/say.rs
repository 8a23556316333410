//! Words that a job chose, made safe to show.

/// Most characters of a name in a message.
const SHOWN: usize = 60;

/// A name in backticks: shortened, and without what could deceive the reader's eye or their terminal.
pub(crate) fn quoted(name: &str) -> String {
    let plain = |c: char| if c.is_control() || c == '`' || !c.is_ascii() && !c.is_alphanumeric() { '?' } else { c };
    let mut text: String = name.chars().take(SHOWN).map(plain).collect();
    if name.chars().nth(SHOWN).is_some() {
        text.push_str("...");
    }
    format!("`{text}`")
}

/// `1 row`, `2 rows`.
pub(crate) fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
