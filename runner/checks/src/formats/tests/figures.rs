//! Figures: their pixels stay the same, and everything else is found.

use super::{amiss, look, opened, sample, texts};
use crate::anatomy::{Anatomy, Body};
use crate::busy::Busy;
use crate::figure::Figure;
use std::time::Duration;

const SAMPLES: [&str; 4] = ["plot.jpg", "progressive.jpg", "grey.jpg", "full.jpg"];

fn figure(anatomy: &Anatomy) -> &Figure {
    let figures: Vec<_> = anatomy
        .parts
        .iter()
        .filter_map(|part| if let Body::Figure(figure) = &part.body { Some(figure) } else { None })
        .collect();
    assert_eq!(figures.len(), 1);
    figures[0]
}

/// The pixels as an ordinary decoder shows them.
fn pixels(bytes: &[u8]) -> (Option<(usize, usize)>, Vec<u8>) {
    let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(bytes));
    let pixels = decoder.decode().unwrap();
    (decoder.dimensions(), pixels)
}

/// A picture with one more segment behind its beginning.
fn with(marker: u8, body: &[u8]) -> Vec<u8> {
    let plain = sample("plot.jpg");
    let len = (body.len() as u16 + 2).to_be_bytes();
    [&plain[..2], &[0xff, marker], &len, body, &plain[2..]].concat()
}

#[test]
fn a_copy_shows_the_same_pixels_and_is_its_own_copy() {
    for name in SAMPLES {
        let bytes = sample(name);
        let first = opened(name, bytes.clone());
        let copy = figure(&first).copy.clone();
        assert_eq!(pixels(&copy), pixels(&bytes), "{name}");
        let again = opened(name, copy.clone());
        assert!(figure(&again).canonical && figure(&again).copy == copy, "{name}");
    }
}

#[test]
fn what_isnt_pixels_is_told_and_is_not_in_the_copy() {
    let plain = sample("plot.jpg");
    let copy = figure(&opened("a.jpg", plain.clone())).copy.clone();
    let thumbnail = [&b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01"[..], b"abc"].concat();
    for (what, bytes) in [
        ("a comment", with(0xfe, b"P10037;43;f;north")),
        ("exif", with(0xe1, b"Exif\0\0MM\0*\0\0\0\x08\0\0")),
        ("xmp", with(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")),
        ("a profile", with(0xe2, b"ICC_PROFILE\0\x01\x01\xff\xfe")),
        ("more pictures", with(0xe2, b"MPF\0II*\0")),
        ("a thumbnail", with(0xe0, &thumbnail)),
        ("photoshop", with(0xed, b"Photoshop 3.0\08BIM")),
        ("a program's own", with(0xef, b"anything")),
        ("bytes between parts", [&plain[..20], b"hidden", &plain[20..]].concat()),
    ] {
        let (_, anatomy) = look("a.jpg", bytes.clone());
        assert!(amiss("a.jpg", bytes).iter().any(|text| text.starts_with("F6")), "{what}");
        assert!(figure(&anatomy).copy == copy && !figure(&anatomy).canonical, "{what}");
        assert!(anatomy.parts.len() > 1, "{what}");
    }
    let (_, comment) = look("a.jpg", with(0xfe, b"P10037;43;f;north"));
    assert!(texts(&comment).contains(&"P10037;43;f;north".to_owned()));
    let end = plain.len() - 2;
    for (what, bytes) in [
        ("bytes behind", [&plain[..], b"hidden"].concat()),
        ("a picture behind", plain.repeat(2)),
        ("bytes behind the pixels", [&plain[..end], b"hidden", &plain[end..]].concat()),
        ("bytes of ones", [&plain[..2], &[0xff; 9], &plain[2..]].concat()),
        ("a page behind", [&plain[..], b"<script>"].concat()),
    ] {
        let (kind, anatomy) = look("a.jpg", bytes);
        let blocked = kind.is_err() || !anatomy.remarks.is_empty() || !figure(&anatomy).canonical;
        assert!(blocked, "{what}");
    }
}

#[test]
fn pictures_that_no_check_reads_block() {
    let plain = sample("plot.jpg");
    let place = |bytes: &[u8], marker: u8| bytes.windows(2).position(|window| window == [0xff, marker]).unwrap();
    let bent = |marker: u8, offset: usize, value: &[u8]| {
        let mut bytes = plain.clone();
        let at = place(&bytes, marker) + offset;
        bytes.splice(at..at + value.len(), value.iter().copied());
        bytes
    };
    let start = Busy::start();
    for (what, bytes) in [
        ("arithmetic codes", bent(0xc0, 1, &[0xc9])),
        ("lossless", bent(0xc0, 1, &[0xc3])),
        ("twelve bits", bent(0xc0, 4, &[12])),
        ("no height", bent(0xc0, 5, &[0, 0])),
        ("too many pixels", bent(0xc0, 5, &[0xff, 0xff, 0xff, 0xff])),
        ("another height", bent(0xc0, 5, &[0xf, 0xff])),
        ("no sampling", bent(0xc0, 11, &[0])),
        ("large sampling", bent(0xc0, 11, &[0x44])),
        ("four colours", bent(0xc0, 9, &[4])),
        ("the same component twice", bent(0xc0, 13, &[1])),
        ("a missing table of divisors", bent(0xc0, 12, &[3])),
        ("too many codes", bent(0xc4, 5, &[0xff; 16])),
        ("no codes", bent(0xc4, 5, &[0; 16])),
        ("an unknown component", bent(0xda, 5, &[9])),
        ("a missing table of codes", bent(0xda, 6, &[0x33])),
        ("another band", bent(0xda, 11, &[1])),
        ("a second frame", {
            let at = place(&plain, 0xc0);
            [&plain[..at], &plain[at..at + 19], &plain[at..]].concat()
        }),
        ("a second scan", {
            let at = place(&plain, 0xda);
            [&plain[..plain.len() - 2], &plain[at..]].concat()
        }),
        ("restarts that are missing", with(0xdd, &[0, 1])),
        ("a number of lines behind", with(0xdc, &[0, 9])),
        ("a second beginning", [&plain[..2], &plain[..]].concat()),
        ("no end", plain[..plain.len() - 2].to_vec()),
        ("half of it", plain[..plain.len() / 2].to_vec()),
        ("its beginning", b"\xff\xd8\xff\xd9".to_vec()),
        ("another name", sample("plot.png")),
    ] {
        assert!(!amiss("a.jpg", bytes).is_empty(), "{what} is let through");
    }
    assert!(start.elapsed() < Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 3 }));
}

#[test]
fn texts_in_a_png_are_unpacked_and_found() {
    let file = sample("texts.png");
    let (kind, anatomy) = look("a.png", file.clone());
    assert!(kind.is_ok() && !amiss("a.png", file).is_empty());
    let found = texts(&anatomy);
    for text in ["P10037;43;f;north", "P10074;51;m;south", "P10111;38;f;east"] {
        assert!(found.iter().any(|known| known.contains(text)), "{text}: {found:?}");
    }
    assert!(anatomy.parts.iter().any(|part| part.at == "behind the end"));
}
