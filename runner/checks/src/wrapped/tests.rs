#![allow(clippy::unwrap_used)]

use super::open;
use crate::anatomy::{Anatomy, Body};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write;

const SECRET: &[u8] = b"age,bmi\n45,23.125\n61,19.75\n and \x01\xff\xfe some bytes that are no text";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Whether opening a part brings the secret to light.
fn shows(body: Body) -> bool {
    let mut anatomy = Anatomy::default();
    anatomy.add("a", body).unwrap();
    open(&mut anatomy).unwrap();
    anatomy.parts.iter().skip(1).any(|part| match &part.body {
        Body::Bytes(data) => data.bytes().unwrap().windows(SECRET.len()).any(|window| window == SECRET),
        _ => false,
    })
}

#[test]
fn bytes_are_found_in_every_wrapping() {
    let wrapped_lines = |text: String| {
        text.as_bytes().chunks(20).map(|line| std::str::from_utf8(line).unwrap().to_owned() + "\n").collect::<String>()
    };
    for (what, text) in [
        ("base64", STANDARD.encode(SECRET)),
        ("in a sentence", format!("see data:x;base64,{} and more", STANDARD.encode(SECRET))),
        ("safe for addresses", URL_SAFE_NO_PAD.encode(SECRET)),
        ("over lines", wrapped_lines(STANDARD.encode(SECRET))),
        ("hexadecimal", hex(SECRET)),
        ("in capitals, with a prefix", format!("x = 0x{};", hex(SECRET).to_uppercase())),
        ("base64 of zlib", STANDARD.encode(zlib(SECRET))),
        ("hexadecimal of gzip of base64 as text", hex(&gzip(STANDARD.encode(SECRET).as_bytes()))),
    ] {
        assert!(shows(Body::Words(text.clone())), "{what}");
        assert!(shows(Body::Texts(vec!["one".to_owned(), text])), "{what}");
    }
    for (what, bytes) in [("zlib", zlib(SECRET)), ("gzip", gzip(SECRET)), ("both", gzip(&zlib(SECRET)))] {
        assert!(shows(Body::Bytes(bytes.into())), "{what}");
    }
    assert!(!shows(Body::Words("nothing but ordinary words and numbers, 1.25 and 3.5".to_owned())));
}

#[test]
fn what_cannot_be_opened_is_no_secret_kept() {
    for first in [&b"BZh91AY&SY"[..], b"\xfd7zXZ\0\0\x04", b"(\xb5/\xfd\x04\x88", b"\x04\x22\x4d\x18\x60\x40"] {
        let mut anatomy = Anatomy::default();
        anatomy.add("a", Body::Bytes([first, &[7; 40]].concat().into())).unwrap();
        assert!(open(&mut anatomy).is_err(), "{first:?}");
    }
}

#[test]
fn a_stream_that_swells_is_not_unpacked() {
    let mut anatomy = Anatomy::default();
    anatomy.add("a", Body::Bytes(zlib(&vec![0; 64 << 20]).into())).unwrap();
    assert!(open(&mut anatomy).unwrap_err().what.contains("100 times"));
}

#[test]
fn parts_stay_in_their_places() {
    let mut anatomy = Anatomy::default();
    anatomy.add("first", Body::Words(STANDARD.encode(SECRET))).unwrap();
    anatomy.add("second", Body::Words("word".to_owned())).unwrap();
    open(&mut anatomy).unwrap();
    let places: Vec<_> = anatomy.parts.iter().map(|part| part.at.as_str()).collect();
    assert_eq!(places.get(..2), Some(&["first", "second"][..]));
    assert!(places.len() > 2);
}
