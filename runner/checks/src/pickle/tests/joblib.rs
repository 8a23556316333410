//! Arrays that joblib writes into pickles.

use super::asm::*;
use crate::anatomy::Anatomy;
use crate::data::Data;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write;

/// A wrapper as joblib writes it, with the raw bytes that follow.
fn wrapped(kind: &[u8], len: i32, more: &[(&str, &[u8])], raw: &[u8]) -> Vec<u8> {
    let shape = all(&[&int(len), b"\x85"]);
    let order = text("C");
    let subclass = global("numpy", "ndarray");
    let mut state: Vec<(&str, &[u8])> =
        vec![("subclass", &subclass), ("shape", &shape), ("order", &order), ("dtype", kind), ("allow_mmap", b"\x88")];
    state.extend(more);
    all(&[&object("joblib.numpy_pickle", "NumpyArrayWrapper", &state), raw])
}

const ALIGNED: (&str, &[u8]) = ("numpy_array_alignment_bytes", b"K\x10");

fn raw(padding: &[u8]) -> Vec<u8> {
    all(&[padding, &floats(&[1.0, 2.0])])
}

/// A pickle with an array that begins at a multiple of 16, as joblib writes it since 1.2.
fn aligned(before: &[u8], kind: &[u8], content: &[u8], after: &[u8]) -> Vec<u8> {
    let len = if kind == f8() { content.len() / 8 } else { content.len() };
    let wrapper = wrapped(kind, len as i32, &[ALIGNED], b"");
    let filling = 16 - (2 + before.len() + wrapper.len() + 1) % 16;
    let padding = [vec![filling as u8], vec![0xff; filling]].concat();
    two(&[before, &wrapper, &padding, content, after])
}

#[test]
fn raw_arrays_are_read_where_they_lie() {
    let plain = two(&[b"](", &wrapped(&f8(), 2, &[], &raw(b"")), b"K\x05e"]);
    assert_eq!(passes(&plain).numbers("[0]"), [1.0, 2.0]);
    let aligned = aligned(b"](", &f8(), &raw(b""), b"K\x05e");
    assert_eq!(passes(&aligned).numbers("[0]"), [1.0, 2.0]);
}

#[test]
fn an_array_of_objects_is_a_pickle_of_its_own() {
    let objects = kind("O8", "|", -1, -1, 63);
    let inner = |item: &[u8]| two(&[&array(&[1], &objects, false, &all(&[b"]", item, b"a"]))]);
    let looked = passes(&two(&[b"}", &text("x"), &wrapped(&objects, 1, &[ALIGNED], &inner(&text("inside"))), b"s"]));
    assert!(looked.texts().contains(&"inside".to_owned()));
    let call = all(&[&global("os", "system"), &text("id"), b"\x85R"]);
    blocks(
        &two(&[b"}", &text("x"), &wrapped(&objects, 1, &[ALIGNED], &inner(&call)), b"s"]),
        "[\"x\"][0] -> os.system",
    );
}

#[test]
fn wrappers_that_lie_are_refused() {
    for (name, pickle) in [
        ("longer than the file", two(&[&wrapped(&f8(), 20, &[ALIGNED], &raw(b"\x01\xff"))])),
        ("something in the padding", two(&[&wrapped(&f8(), 2, &[ALIGNED], &raw(b"\x02\xffx"))])),
        ("padding of another length", {
            let right = aligned(b"", &f8(), &raw(b""), b"");
            let at = right.windows(2).rposition(|two| two == [0xff, 0xff]).unwrap();
            [&right[..at], &right[at..at + 1], &right[at..]].concat()
        }),
        ("no padding", two(&[&wrapped(&f8(), 2, &[ALIGNED], &raw(b"\x00"))])),
        ("long padding", two(&[&wrapped(&f8(), 2, &[ALIGNED], &raw(&[b"\x20".as_slice(), &[0xff; 32]].concat()))])),
        (
            "another alignment",
            two(&[&wrapped(&f8(), 2, &[("numpy_array_alignment_bytes", b"K\x20")], &raw(b"\x01\xff"))]),
        ),
        ("something else in the wrapper", two(&[&wrapped(&f8(), 2, &[("filename", &text("x"))], &raw(b""))])),
        ("a shape given twice", two(&[&wrapped(&f8(), 2, &[("shape", b"K\x01\x85")], &raw(b""))])),
        (
            "another class",
            two(&[&wrapped(&f8(), 2, &[("subclass", &global("sklearn.svm._classes", "SVC"))], &raw(b""))]),
        ),
        ("files beside it", two(&[&global("joblib.numpy_pickle_compat", "NDArrayWrapper"), b")\x81"])),
    ] {
        assert!(!look(&pickle).blocks().is_empty(), "{name}");
    }
}

#[test]
fn bytes_that_another_reader_takes_for_opcodes_are_refused() {
    // Without joblib, the array's bytes are the next opcodes.
    let code = b"cos\nsystem\nX\x02\x00\x00\x00id\x85R.";
    let bytes = kind("u1", "|", -1, -1, 0);
    let pickle = two(&[&wrapped(&bytes, code.len() as i32, &[], code)]);
    blocks(&pickle, "without joblib");
    let ambiguous = b"I010\n0cos\nsystem\nX\x02\x00\x00\x00id\x85R.";
    blocks(&two(&[&wrapped(&bytes, ambiguous.len() as i32, &[], ambiguous)]), "without joblib");
    passes(&two(&[&wrapped(&bytes, 4, &[], b"\0abc")]));
}

/// joblib before 1.2 takes what stands before an array for its first bytes, and the array's last bytes for opcodes.
#[test]
fn bytes_that_an_older_joblib_takes_for_opcodes_are_refused() {
    let bytes = kind("u1", "|", -1, -1, 0);
    // Of these, one stands so that the array's last bytes are just the call.
    let files = |code: &[u8]| -> Vec<Vec<u8>> {
        let before = |more: usize| all(&[b"](", &text(&"x".repeat(more)), &text("id"), b"q\x01"]);
        (0..16).map(|more| aligned(&before(more), &bytes, &[&[7; 64], code].concat(), b"e")).collect()
    };
    let found = |code: &[u8]| files(code).iter().flat_map(|file| look(file).blocks()).collect::<Vec<_>>();
    let call = found(b"cos\nsystem\nh\x01\x85R");
    assert!(
        call.iter().any(|found| found.contains("by joblib before 1.2") && found.contains("`os.system`")),
        "{call:?}"
    );
    assert_eq!(found(b"no call at all."), [""; 0]);
}

#[test]
fn compressed_files_are_read_and_nothing_may_stand_behind() {
    let pickle = aligned(b"", &f8(), &raw(b""), b"");
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&pickle).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&pickle).unwrap();
    let mut bzip = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip.write_all(&pickle).unwrap();
    for packed in [zlib.finish().unwrap(), gzip.finish().unwrap(), bzip.finish().unwrap()] {
        let read = |bytes: &[u8]| {
            let mut anatomy = Anatomy::default();
            crate::joblib::read(&Data::from(bytes.to_vec()), "", &mut anatomy).map(|()| anatomy)
        };
        assert_eq!(read(&packed).unwrap().parts.len(), 1);
        assert!(read(&[packed.as_slice(), b"x"].concat()).is_err());
        assert!(read(&[packed.as_slice(), &packed].concat()).is_err());
        assert!(read(&packed[..packed.len() - 9]).is_err());
    }
    for head in [b"\xfd7zXZ\0".as_slice(), b"\x5d\0\0\x80\0", b"\x04\x22\x4d\x18"] {
        let mut anatomy = Anatomy::default();
        let fault = crate::joblib::read(&Data::from(head.to_vec()), "", &mut anatomy).unwrap_err();
        assert!(fault.what.contains("compress=(\"zlib\", 3)"), "{fault}");
    }
}
