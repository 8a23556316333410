//! What a record changes of the one that holds.

use crate::client::Client;
use crate::fail::Fail;
use crate::record::{granted, known};
use semla_policy::Record;
use serde_json::Value;
use std::collections::BTreeSet;

/// What would be different, a line for each field; nothing for what only begins or ends something.
pub(super) fn from_now(client: &Client, record: &Record) -> Result<String, Fail> {
    let (now, new) = match record {
        Record::Person(person) => (known(client, &person.name)?.map(value), value(person)),
        Record::Permit(permit) => (granted(client, &permit.name)?.map(value), value(permit)),
        _ => return Ok(String::new()),
    };
    Ok(match now {
        None => format!("\nit is new: no {} of that name holds", record.kind()),
        Some(now) => format!("\nit changes:\n{}", lines(&now?, &new?)),
    })
}

fn value(record: impl serde::Serialize) -> Result<Value, Fail> {
    serde_json::to_value(record).map_err(Fail::chain)
}

fn lines(now: &Value, new: &Value) -> String {
    let keys: BTreeSet<&String> =
        [now, new].into_iter().filter_map(Value::as_object).flat_map(|it| it.keys()).collect();
    let lines: Vec<String> = keys
        .into_iter()
        .filter_map(|key| change(now.get(key), new.get(key)).map(|change| format!("  {key}: {change}")))
        .collect();
    match lines.is_empty() {
        true => "  nothing: what holds says the same".to_owned(),
        false => lines.join("\n"),
    }
}

/// How one field differs.
fn change(now: Option<&Value>, new: Option<&Value>) -> Option<String> {
    if now == new {
        return None;
    }
    if let (Some(Value::Array(now)), Some(Value::Array(new))) = (now, new) {
        let only = |word: &str, these: &[Value], those: &[Value]| {
            let names: Vec<String> =
                these.iter().filter(|it| !those.contains(it)).map(|it| word.to_owned() + &quoted(Some(it))).collect();
            names
        };
        return Some([only("with ", new, now), only("without ", now, new)].concat().join(", "));
    }
    Some(format!("{} becomes {}", quoted(now), quoted(new)))
}

fn quoted(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(other) => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_field_that_differs_is_said() {
        let now = json!({ "roles": ["checker", "officer"], "clearance": "internal", "key": "k1", "ceiling": "public" });
        let new =
            json!({ "roles": ["checker", "steward"], "clearance": "secret", "ceiling": "public", "disabled": true });
        let said = "  clearance: `internal` becomes `secret`\n  disabled: none becomes `true`\n  key: `k1` becomes none\n  \
                    roles: with `steward`, without `officer`";
        assert_eq!(lines(&now, &new), said);
        assert_eq!(lines(&now, &now), "  nothing: what holds says the same");
    }
}
