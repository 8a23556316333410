//! Any bytes as a file that a job wrote: all checks go through it.
#![no_main]

mod common;

use std::path::PathBuf;
use std::sync::LazyLock;

const ROWS: &[u8] = b"id,age,bmi,site\n1,54,21.5,north\n2,61,30.25,south\n3,47,19.75,north\n4,70,27.125,east\n";

static INPUT: LazyLock<PathBuf> = LazyLock::new(|| common::file("rows.csv", ROWS));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let name = common::named("file");
    let evidence = common::evidence(&name, common::file(&name, bytes), INPUT.clone());
    drop(semla_checks::examine(&evidence));
});
