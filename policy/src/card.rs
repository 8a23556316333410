//! The card of a dataset: what a person may know of it without seeing a row.

use serde::{Deserialize, Serialize};

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
    /// How many rows a dummy has.
    pub rows: u32,
    /// The columns, in the order of the file.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// One column of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The name in the file's header.
    pub name: String,
    /// What its values are.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What the values of a column are, and within which bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
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
        #[serde(default)]
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
