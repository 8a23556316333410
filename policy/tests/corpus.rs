//! Every seed of the fuzzer, and every input that it ever found, holds what has to hold of any text.
#![allow(clippy::unwrap_used)]

#[path = "common/hostile.rs"]
mod hostile;

use std::path::Path;

/// What a target of the fuzzer does with a text.
type Target = fn(&str);

#[test]
fn the_corpus_holds() {
    let targets: [(&str, Target); 3] = [
        ("policy_file", hostile::policy_file),
        ("scheme_label", hostile::scheme_label),
        ("signed_record", hostile::signed_record),
    ];
    for (name, run) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            // The fuzzer drives its targets with what is text, and with nothing else.
            if let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) {
                run(&text);
                files += 1;
            }
        }
        assert!(files >= 3, "{name}");
    }
}
