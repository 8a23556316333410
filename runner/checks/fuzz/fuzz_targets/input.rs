//! Any bytes as a file of a dataset: a table is held to its rows.
#![no_main]

mod common;

use std::path::PathBuf;
use std::sync::LazyLock;

const TABLE: &[u8] = b"site,n,mean\nnorth,54,21.5\nsouth,61,30.25\neast,47,19.75\n";

static OUTPUT: LazyLock<PathBuf> = LazyLock::new(|| common::file("table.csv", TABLE));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let input = common::file(&common::named("input"), bytes);
    drop(semla_checks::examine(&common::evidence("table.csv", OUTPUT.clone(), input)));
});
