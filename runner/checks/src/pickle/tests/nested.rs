//! Pickles inside pickles.

use super::asm::*;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write;

const INNER: &[u8] = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.";

fn long(content: &[u8]) -> Vec<u8> {
    [b"B".as_slice(), &(content.len() as u32).to_le_bytes(), content].concat()
}

fn words(content: &str) -> Vec<u8> {
    [b"X".as_slice(), &(content.len() as u32).to_le_bytes(), content.as_bytes()].concat()
}

fn base64(content: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in content.chunks(3) {
        let bits = three.iter().fold(0u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_pickle_in_bytes_or_text_is_read_too() {
    let hex: String = INNER.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(INNER).unwrap();
    let lines = b"cos\nsystem\n(S'id'\ntR.";
    for made in [
        long(INNER),
        long(&packed(INNER)),
        long(&gzip.finish().unwrap()),
        words(&base64(INNER)),
        words(&base64(&packed(INNER))),
        words(&hex),
        words(&hex.to_uppercase()),
        long(base64(INNER).as_bytes()),
        words(str::from_utf8(lines).unwrap()),
        long(lines),
        words(&base64(lines)),
        all(&[&global("_codecs", "encode"), &words("\u{80}\u{2}cos\nsystem\n."), &text("latin1"), b"\x86R"]),
    ] {
        let pickle = two(&[b"}", &text("model"), &made, b"s"]);
        let looked = blocks(&pickle, "a pickle inside the pickle");
        assert!(looked.blocks()[0].contains("os.system"), "{:?}", looked.blocks());
    }
    let listed = two(&[b"](", &words(&base64(INNER)), &text("b"), &text("c"), &text("d"), b"e"]);
    blocks(&listed, "a pickle inside the pickle");
}

#[test]
fn ordinary_bytes_and_texts_are_no_pickles() {
    let harmless = b"\x80\x02csklearn.svm._classes\nSVC\n)\x81.";
    for made in [
        long(harmless),
        long(b"\x80\x02this is no pickle at all"),
        long(b"\x78\x9cthis isn't packed at all"),
        words("gAAAAAthis isn't one"),
        words("Yesterday, all my troubles seemed so far away"),
        words("(a sentence in brackets\nwith two lines)."),
        words("I am a sentence\nwith two lines."),
    ] {
        passes(&two(&[&made]));
    }
}

#[test]
fn what_is_packed_too_deep_or_too_much_is_refused() {
    let deep = packed(&packed(&packed(&packed(INNER))));
    assert!(!look(&two(&[&long(&deep)])).blocks().is_empty());
    let bomb = packed(&vec![0; 200 << 20]);
    blocks(&two(&[&long(&bomb)]), "unpacks to more");
}
