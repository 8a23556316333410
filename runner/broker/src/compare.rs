//! What the engine made of an order, held against the order: whatever differs is a reason not to start it.

use bollard::models::{ContainerCreateBody, ContainerInspectResponse};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What an engine says of its own accord, and why that gives nothing away.
const HARMLESS: [(&str, &str); 1] = [("HostConfig.ConsoleSize", "there is no terminal")];

/// Every field of the container that isn't as it was asked for, by its name in the engine's interface. What wasn't said has to be empty:
/// a field that nobody here knows of is a difference, too.
pub fn differences(
    asked: &ContainerCreateBody,
    made: &ContainerInspectResponse,
) -> Result<Vec<String>, serde_json::Error> {
    let mut asked = object(asked)?;
    let host = asked.remove("HostConfig").unwrap_or_default();
    let made = object(made)?;
    let part = |name: &str| made.get(name).cloned().unwrap_or_default();
    let mut differ = Vec::new();
    fields("HostConfig", &host, &part("HostConfig"), &mut differ);
    fields("Config", &Value::Object(asked), &part("Config"), &mut differ);
    mounts(&host, &part("Mounts"), &mut differ);
    Ok(differ)
}

fn object(of: &impl serde::Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(of)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn fields(of: &str, asked: &Value, made: &Value, differ: &mut Vec<String>) {
    let harmless = |field: &String| HARMLESS.iter().any(|(known, _)| known == field);
    let silent = |value: &Value| value.is_null() || value == "";
    let same = |asked: &Value, made: &Value| same(asked, made) || (silent(asked) && silent(made));
    let others = names(asked, made).into_iter().filter(|name| !same(field(asked, name), field(made, name)));
    differ.extend(others.map(|name| format!("{of}.{name}")).filter(|field| !harmless(field)));
}

/// The names of the fields of both.
fn names<'v>(a: &'v Value, b: &'v Value) -> BTreeSet<&'v String> {
    [a, b].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect()
}

fn field<'v>(of: &'v Value, name: &str) -> &'v Value {
    of.get(name).unwrap_or(&Value::Null)
}

/// Whether both say the same; what isn't there says as much as what is empty.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(_), Value::Object(_)) => {
            names(a, b).into_iter().all(|name| same(field(a, name), field(b, name)))
        }
        (Value::Array(all), Value::Array(others)) => {
            all.len() == others.len() && all.iter().zip(others).all(|(a, b)| same(a, b))
        }
        _ => a == b || (is_empty(a) && is_empty(b)),
    }
}

/// Nothing is mounted but what was asked for: an image can bring volumes of its own.
fn mounts(host: &Value, made: &Value, differ: &mut Vec<String>) {
    let asked = host.get("Mounts").and_then(Value::as_array).map_or(0, Vec::len);
    if made.as_array().map_or(0, Vec::len) != asked {
        differ.push("Mounts".to_owned());
    }
}

/// Whether a field says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(said) => !said,
        Value::Number(number) => number.as_i64() == Some(0),
        // In a table, a name that stands for an empty text is there: a directory in memory, for one.
        Value::String(_) => false,
        Value::Array(all) => all.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

#[cfg(test)]
mod tests;
