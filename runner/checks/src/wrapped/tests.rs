#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::open;
use crate::anatomy::{Anatomy, Body};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
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

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&[bytes, bytes].concat()).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn base32(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let letter = |five: &[u8]| {
        let five = format!("{:0<5}", std::str::from_utf8(five).unwrap());
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from_str_radix(&five, 2).unwrap()] as char
    };
    bits.as_bytes().chunks(5).map(letter).collect()
}

const RFC1924: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const Z85: &[u8; 85] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

fn base85(bytes: &[u8], letter: impl Fn(usize) -> u8) -> String {
    let mut text = String::new();
    for four in bytes.chunks(4) {
        let mut word = [0; 4];
        word[..four.len()].copy_from_slice(four);
        let value = u32::from_be_bytes(word) as usize;
        let digits = (0..5).rev().map(|place| value / 85usize.pow(place) % 85);
        text.extend(digits.take(four.len() + 1).map(|digit| letter(digit) as char));
    }
    text
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
        (
            "in pieces",
            STANDARD.encode(SECRET).as_bytes().chunks(20).map(|piece| String::from_utf8_lossy(piece) + ", ").collect(),
        ),
        (
            "in short lines",
            STANDARD.encode(SECRET).as_bytes().chunks(7).map(|piece| String::from_utf8_lossy(piece) + "\n").collect(),
        ),
        ("each eight bytes alone", SECRET.chunks(8).map(|bytes| STANDARD.encode(bytes) + ";").collect()),
        ("base32", base32(SECRET)),
        ("base85", base85(SECRET, |digit| RFC1924[digit])),
        ("ascii85", base85(SECRET, |digit| b'!' + digit as u8)),
        ("z85", base85(SECRET, |digit| Z85[digit])),
        ("hexadecimal with blanks", SECRET.iter().map(|byte| format!("{byte:02x} ")).collect()),
        (
            "hexadecimal with colons",
            SECRET.iter().map(|byte| format!("{byte:02x}:")).collect::<String>().trim_end_matches(':').to_owned(),
        ),
        ("as C writes it", SECRET.iter().map(|byte| format!("\\x{byte:02x}")).collect()),
        ("as a list of C", SECRET.iter().map(|byte| format!("0x{byte:02x}, ")).collect()),
        (
            "in groups of four",
            hex(SECRET).as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four) + " ").collect(),
        ),
        ("percent", SECRET.iter().map(|byte| format!("%{byte:02X}")).collect()),
        ("quoted-printable", SECRET.iter().map(|byte| format!("={byte:02X}")).collect()),
        ("a list of bytes", format!("{SECRET:?}")),
        ("deflate without a header", STANDARD.encode(deflate(SECRET))),
        ("behind another stream", STANDARD.encode([gzip(b"nothing is here"), gzip(SECRET)].concat())),
        ("behind a header", STANDARD.encode([b"header 1".to_vec(), zlib(SECRET)].concat())),
        ("bzip2", STANDARD.encode(bzip2(SECRET))),
        (
            "a stream that was cut off",
            STANDARD.encode(zlib(&[SECRET, SECRET, SECRET].concat()).split_last_chunk::<6>().unwrap().0),
        ),
        ("four deep", STANDARD.encode(zlib(STANDARD.encode(gzip(SECRET)).as_bytes()))),
        ("base64 of zlib", STANDARD.encode(zlib(SECRET))),
        ("hexadecimal of gzip of base64 as text", hex(&gzip(STANDARD.encode(SECRET).as_bytes()))),
    ] {
        assert!(shows(Body::Words(text.clone())), "{what}");
        assert!(shows(Body::Texts(vec!["one".to_owned(), text].into())), "{what}");
    }
    for (what, bytes) in [("zlib", zlib(SECRET)), ("gzip", gzip(SECRET)), ("both", gzip(&zlib(SECRET)))] {
        assert!(shows(Body::Bytes(bytes.into())), "{what}");
    }
    assert!(!shows(Body::Words("nothing but ordinary words and numbers, 1.25 and 3.5".to_owned())));
}

#[test]
fn what_cannot_be_opened_is_no_secret_kept() {
    for first in [&b"\xfd7zXZ\0\0\x04"[..], b"(\xb5/\xfd\x04\x88", b"\x04\x22\x4d\x18\x60\x40"] {
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

#[test]
fn short_arrays_and_strings_are_looked_at_together() {
    let mut anatomy = Anatomy::default();
    for value in [17.99f64, 10.38, 122.8] {
        anatomy.add("value", Body::Array(crate::array::Array::of(&[value]))).unwrap();
    }
    anatomy.add("text", Body::Bytes(b"17.99,10.38".to_vec().into())).unwrap();
    open(&mut anatomy).unwrap();
    let packed: Vec<u8> = [17.99f64, 10.38, 122.8].iter().flat_map(|value| value.to_le_bytes()).collect();
    let is_packed = |body: &Body| matches!(body, Body::Bytes(data) if data.bytes().unwrap() == packed);
    let is_text = |body: &Body| matches!(body, Body::Words(text) if text == "17.99,10.38\n");
    assert!(anatomy.parts.iter().any(|part| is_packed(&part.body)));
    assert!(anatomy.parts.iter().any(|part| is_text(&part.body)));
}

#[test]
fn letters_in_integers_are_a_text() {
    for number in [crate::array::Number::I32, crate::array::Number::U8] {
        let step = number.size();
        let bytes: Vec<u8> = [SECRET, SECRET, SECRET, SECRET]
            .concat()
            .iter()
            .take_while(|byte| byte.is_ascii())
            .flat_map(|byte| {
                let mut wide = vec![0; step];
                wide[0] = *byte;
                wide
            })
            .collect();
        let bytes = bytes.repeat(8);
        let array = crate::array::Array::packed(
            number,
            vec![(bytes.len() / step) as u64],
            crate::array::Order::Rows,
            bytes.into(),
        );
        let mut anatomy = Anatomy::default();
        anatomy.add("a", Body::Array(array)).unwrap();
        open(&mut anatomy).unwrap();
        let shows = |body: &Body| matches!(body, Body::Words(text) if text.contains("45,23.125"));
        assert!(anatomy.parts.iter().any(|part| shows(&part.body)), "{number:?}");
    }
}
