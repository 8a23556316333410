//! Any text as what people sign, and as a line of kept records.
#![no_main]

#[path = "../../tests/common/hostile.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|text: &str| hostile::signed_record(text));
