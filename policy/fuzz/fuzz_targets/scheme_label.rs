//! Any text as a label, as a clearance, and as the names of a scheme.
#![no_main]

#[path = "../../tests/common/hostile.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|text: &str| hostile::scheme_label(text));
