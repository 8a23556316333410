//! What a check may look at: opened files, and what is known of them.

use crate::files;
use crate::inputs;
use crate::traceback::Nameable;
use crate::worker::WorkError;
use semla_policy::{Card, Column, Kind, Output, Profile};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// One file to check, with the data that it was made from.
#[derive(Debug)]
pub struct Evidence {
    /// The path that the job declared, such as `by_site.csv`. Its ending says what the file claims to be.
    pub name: String,
    /// The file.
    pub file: File,
    /// What the job said of it: believed for nothing that would make a check milder.
    pub declaration: Output,
    /// The thresholds, from the policy.
    pub profile: Profile,
    /// Every dataset that the job could read.
    pub inputs: Vec<Input>,
    /// Bits that left of each dataset before, under the same permit.
    pub released: BTreeMap<String, u64>,
    /// Where the file is a traceback: all that it may name.
    pub traceback: Option<Nameable>,
}

/// One dataset.
#[derive(Debug)]
pub struct Input {
    /// The name of its mount.
    pub name: String,
    /// What its columns are, and which one identifies a person.
    pub card: Card,
    /// Its files, with their paths inside the dataset.
    pub files: Vec<(String, File)>,
}

impl Input {
    /// What lies at a path, a file or a folder of files, without a card: its columns are those that its first file names. The column
    /// that identifies a person may be said.
    pub fn at(path: &Path, id: Option<&str>) -> Result<Self, WorkError> {
        let files = files::at(path)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let names = files.first().map(|(path, file)| inputs::names(path, file)).unwrap_or_default();
        let column = |name| Column { name, kind: Kind::Text {} };
        let card = Card {
            title: name.clone(),
            unit: "person".to_owned(),
            id: id.map(str::to_owned),
            rows: 0,
            columns: names.into_iter().map(column).collect(),
        };
        Ok(Self { name, card, files })
    }
}
