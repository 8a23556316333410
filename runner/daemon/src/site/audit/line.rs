//! An entry as a line of a table. It shows each field that an entry has: one that is new some day is shown too.

use crate::api::AuditLine;
use crate::site::entries::Opened;
use jiff::civil::DateTime;
use serde_json::Value;
use std::collections::BTreeMap;

/// The fields that say what an entry is about, the first that it has.
const ABOUT: [&str; 6] = ["release", "job", "about", "object", "name", "digest"];
/// The fields with a column of their own.
const COLUMNS: [&str; 5] = ["at", "by", "label", "permit", "event"];

pub(super) fn of(entry: &Opened) -> AuditLine {
    let subject = ABOUT.into_iter().find(|key| !entry.text(key).is_empty());
    // In the order of their names, whatever order the reader of JSON keeps.
    let rest: BTreeMap<_, _> =
        entry.fields().iter().filter(|(key, _)| !COLUMNS.contains(&key.as_str()) && subject != Some(key)).collect();
    AuditLine {
        at: moment(entry.at()).strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        by: entry.text("by").to_owned(),
        event: entry.text("event").to_owned(),
        about: subject.map(|key| entry.text(key).to_owned()).unwrap_or_default(),
        what: rest.into_iter().filter_map(|(key, value)| said(key, value)).collect::<Vec<_>>().join(", "),
        label: entry.text("label").to_owned(),
        permit: entry.fields().get("permit").and_then(Value::as_str).map(str::to_owned),
    }
}

/// A moment in milliseconds since 1970, in UTC.
pub(super) fn moment(at: i64) -> DateTime {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX);
    jiff::tz::Offset::UTC.to_datetime(at)
}

/// A field in words: its name and its value, or its value alone where the name would say nothing.
fn said(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) if key == "what" => Some(text.clone()),
        Value::String(text) => Some(format!("{key} {text}")),
        Value::Array(all) => {
            let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let all: Vec<_> = all.iter().map(word).collect();
            (!all.is_empty()).then(|| format!("{key} {}", all.join(" ")))
        }
        Value::Bool(true) => Some(key.to_owned()),
        Value::Bool(false) | Value::Null => None,
        other => Some(format!("{key} {other}")),
    }
}
