//! M6: what of a model's numbers may leave is a copy in which nothing is left to choose.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use semla_checks::Outcome::{Block, Pass};
use semla_checks::{Evidence, Outcome, Report, examine};
use std::fs;
use std::path::Path;

/// Kinds that real libraries wrote, and whose numbers are weights.
const KINDS: [&str; 8] = ["npy", "npz", "safetensors", "onnx", "pkl", "joblib", "pt", "pth"];

fn asked(name: &str, content: impl AsRef<[u8]>, bits: Option<u32>) -> Evidence {
    let mut evidence = common::evidence(name, content);
    evidence.profile.weight_bits = bits;
    evidence.profile.types.extend(KINDS.map(str::to_owned));
    evidence
}

fn m6(report: &Report) -> Option<Outcome> {
    common::worst("M6", report)
}

/// The copy that is made of a file, which is seen to be one that may leave itself.
fn copy(name: &str, content: &[u8], bits: u32) -> Vec<u8> {
    let report = examine(&asked(name, content, Some(bits)));
    assert_eq!(m6(&report), Some(Block), "{name}");
    let copy = report.mended.unwrap_or_else(|| panic!("{name} has no copy"));
    let again = examine(&asked(name, &copy, Some(bits)));
    assert_eq!((m6(&again), again.mended.is_some()), (Some(Pass), false), "{name}, once more");
    copy
}

/// A NumPy array of these numbers, behind a header with so many spaces.
fn npy(values: &[f64], spaces: usize) -> Vec<u8> {
    let text =
        format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}{}\n", values.len(), " ".repeat(spaces));
    let bytes = values.iter().flat_map(|value| value.to_le_bytes());
    [b"\x93NUMPY\x01\x00".as_slice(), &(text.len() as u16).to_le_bytes(), text.as_bytes()]
        .concat()
        .into_iter()
        .chain(bytes)
        .collect()
}

/// A model of two tensors, in either order.
fn tensors(order: [(&str, f32); 2], metadata: &str) -> Vec<u8> {
    let mut places = [("a", 0), ("b", 0)];
    for (at, (name, _)) in order.iter().enumerate() {
        places.iter_mut().find(|(known, _)| known == name).unwrap().1 = at * 4;
    }
    let about = places
        .map(|(name, at)| format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[{at},{}]}}", at + 4));
    let text = format!("{{\"__metadata__\":{{\"format\":\"pt\"{metadata}}},{}}}", about.join(","));
    let body: Vec<u8> = order.iter().flat_map(|(_, value)| value.to_le_bytes()).collect();
    [(text.len() as u64).to_le_bytes().as_slice(), text.as_bytes(), &body].concat()
}

#[test]
fn a_profile_that_asks_for_nothing_gets_nothing() {
    let report = examine(&asked("a.npy", npy(&[0.1, 0.2], 20), None));
    assert_eq!((m6(&report), report.mended), (None, None));
}

#[test]
fn digits_that_carry_a_message_are_gone_from_the_copy() {
    let message = |value: f64, bits: u64| f64::from_bits(value.to_bits() & !0xffff | bits);
    let (one, other) = (npy(&[message(0.3, 0xbeef)], 20), npy(&[message(0.3, 0x1234)], 20));
    assert_eq!(copy("a.npy", &one, 30), copy("a.npy", &other, 30));
    // As many bits as there are keep the message: the copy is what takes it away.
    assert_ne!(examine(&asked("a.npy", &one, Some(53))).mended, examine(&asked("a.npy", &other, Some(53))).mended);
}

#[test]
fn spaces_in_a_header_and_the_order_of_tensors_are_gone_too() {
    assert_eq!(copy("a.npy", &npy(&[0.5], 3), 24), copy("a.npy", &npy(&[0.5], 40), 24));
    let (one, other) = ([("a", 0.1), ("b", 0.2)], [("b", 0.2), ("a", 0.1)]);
    let plain = copy("a.safetensors", &tensors(one, ""), 8);
    assert_eq!(plain, copy("a.safetensors", &tensors(other, ",\"note\":\"hello\""), 8));
    assert!(String::from_utf8_lossy(&plain).contains("{\"format\":\"pt\"}"));
}

#[test]
fn files_of_real_libraries_have_a_copy_of_their_kind_or_are_told_that_they_cant() {
    let (mut copied, mut refused) = (0, Vec::new());
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/benign")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !KINDS.iter().any(|kind| path.extension().is_some_and(|ending| ending == *kind)) {
            continue;
        }
        let content = fs::read(&path).unwrap();
        let before = examine(&asked(&name, &content, Some(12)));
        match (m6(&before), &before.mended) {
            (Some(Block), Some(_)) => {
                let after = examine(&asked(&name, copy(&name, &content, 12), Some(12)));
                // Rounding makes nothing worse: whatever passed before passes still.
                for check in ["F1", "F3", "F4", "F5", "F6"] {
                    assert!(common::worst(check, &after) <= common::worst(check, &before), "{check} of {name}");
                }
                copied += 1;
            }
            (Some(Block), None) => refused.push(format!("{name} {:?}", common::finding("M6", &before).message)),
            (Some(Pass) | None, None) => {}
            other => panic!("{name}: {:?}", other.0),
        }
    }
    assert!(copied >= 50, "{copied} {refused:?}");
    // Packed as a whole, or in texts of protocols 0 to 2.
    assert!(
        refused.iter().all(|name| ["gz", "bz2", "-z", "p0", "p1", "p2", "163-SVC", "043", "065"]
            .iter()
            .any(|mark| name.contains(mark))),
        "{refused:?}"
    );
}
