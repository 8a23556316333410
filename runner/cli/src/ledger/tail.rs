//! Entries of the ledger, as people read them. Each field that an entry has is shown: one that is new some day, too.

use crate::audit::short;
use crate::output::{plain, rows};
use serde_json::{Map, Value};

/// The fields that say what an entry is about, the first that it has.
const ABOUT: [&str; 6] = ["release", "job", "about", "object", "name", "digest"];
/// The fields with a column of their own.
const COLUMNS: [&str; 5] = ["at", "event", "by", "label", "permit"];

/// A line for each entry, below a head.
pub(super) fn lines(entries: &[Value]) -> Vec<String> {
    match entries.is_empty() {
        true => vec!["nothing from there on that you may open".to_owned()],
        false => {
            let head = ["#", "AT (UTC)", "EVENT", "BY", "ABOUT", "LABEL", "PERMIT", "WHAT"];
            rows(head, &entries.iter().map(cells).collect::<Vec<_>>())
        }
    }
}

fn cells(entry: &Value) -> [String; 8] {
    let number = entry.get("index").map_or(String::new(), ToString::to_string);
    let none = Map::new();
    let fields = entry.get("entry").and_then(Value::as_object).unwrap_or(&none);
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let subject = ABOUT.into_iter().find(|key| !text(key).is_empty());
    let rest = fields.iter().filter(|(key, _)| !COLUMNS.contains(&key.as_str()) && subject != Some(key));
    let what = rest.filter_map(|(key, value)| said(key, value)).collect::<Vec<_>>().join(", ");
    let about = subject.map_or("", text);
    let cell = |text: &str| short(&plain(text).replace('\n', " "));
    [&number, &moment(fields.get("at")), text("event"), text("by"), about, text("label"), text("permit"), &what]
        .map(cell)
}

/// Milliseconds since 1970, as a day and a time in UTC.
fn moment(at: Option<&Value>) -> String {
    let at = at.and_then(Value::as_i64).and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    at.map_or(String::new(), |at| jiff::tz::Offset::UTC.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A field in words: its name and its value, or its value alone where the name would say nothing.
fn said(key: &str, value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Bool(false) => return None,
        Value::Bool(true) => key.to_owned(),
        Value::String(text) if key == "what" => text.clone(),
        Value::Object(fields) => {
            format!(
                "{key} ({})",
                fields.iter().filter_map(|(key, value)| said(key, value)).collect::<Vec<_>>().join(", ")
            )
        }
        value => format!("{key} {}", word(value)),
    })
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(word).collect::<Vec<_>>().join(" "),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_is_a_line_that_says_when_what_by_whom_and_about_what() {
        let voted = json!({ "at": 1_772_366_405_000_i64, "by": "checker-1", "label": "confidential/health", "permit": "P-1",
            "event": "voted", "release": "r-1", "file": "a.csv", "digest": format!("sha256:{}", "ab".repeat(32)),
            "replies": [1, 4], "reason": { "salt": "00", "text": "the cells add up
to it" }, "moved": false });
        let lines = lines(&[json!({ "index": 7, "entry": voted }), json!({ "index": 8, "entry": null })]);
        assert_eq!(lines.len(), 3, "{lines:?}");
        let line = lines[1].as_str();
        assert!(line.starts_with("7  2026-03-01 12:00:05  voted  checker-1  r-1"), "{line}");
        for words in [
            "confidential/health",
            "P-1",
            "file a.csv",
            "sha256:abababababab,",
            "replies 1 4",
            "the cells add up to it",
        ] {
            assert!(line.contains(words), "{words}: {line}");
        }
        assert!(!line.contains("moved") && !line.contains("{"), "{line}");
    }

    #[test]
    fn what_is_empty_says_so() {
        assert_eq!(lines(&[]), ["nothing from there on that you may open"]);
    }
}
