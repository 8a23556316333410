//! What a check may look at: opened files, and what is known of them.

use crate::traceback::Nameable;
use semla_policy::{Card, Output, Profile};
use std::fs::File;

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
