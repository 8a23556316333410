//! The card of a dataset: what a person may know of it without seeing a row.

use crate::record::tag;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Columns, types, ranges and codes of a dataset, and the column that identifies one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// One line for people.
    pub title: String,
    /// What one row's person is called, such as `patient`.
    pub unit: String,
    /// The column whose distinct values are people. Without it, counts of people can't be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How many rows a dummy has, up to as many as a daemon makes.
    pub rows: u32,
    /// The columns, in the order of the file.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// One column of a dataset. Its text begins with its name and its type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// The name in the file's header.
    pub name: String,
    /// What its values are.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What the values of a column are, and within which bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers, both ends included.
    Integer {
        /// Smallest and largest value.
        range: [i64; 2],
    },
    /// Decimal numbers, both ends included.
    Number {
        /// Smallest and largest value.
        range: [f64; 2],
        /// Digits after the point.
        decimals: u8,
    },
    /// One of a list of words.
    Code {
        /// The words.
        codes: Vec<String>,
    },
    /// Free text: dummies hold a fixed phrase.
    Text {},
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

/// Reads a column as it comes, without keeping it aside until its type is known.
struct Reader;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Integer,
    Number,
    Code,
    Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Integers {
    range: [i64; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    range: [f64; 2],
    decimals: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl<'de> Visitor<'de> for Reader {
    type Value = Column;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a column that begins with its name and its type")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Column, A::Error> {
        let (name, kind): (String, Type) = (tag(&mut map, "name")?, tag(&mut map, "type")?);
        let rest = MapAccessDeserializer::new(map);
        let kind = match kind {
            Type::Integer => Integers::deserialize(rest).map(|Integers { range }| Kind::Integer { range }),
            Type::Number => {
                Numbers::deserialize(rest).map(|Numbers { range, decimals }| Kind::Number { range, decimals })
            }
            Type::Code => Codes::deserialize(rest).map(|Codes { codes }| Kind::Code { codes }),
            Type::Text => Nothing::deserialize(rest).map(|Nothing {}| Kind::Text {}),
        }?;
        Ok(Column { name, kind })
    }
}
