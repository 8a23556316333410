//! Figures: nothing leaves but pixels, and what else a file holds is told from them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../src/busy.rs"]
mod busy;
mod common;

use busy::Busy;
use common::{evidence, figure, outcome, packed, worst};
use semla_checks::Outcome::{Block, Pass, Review};
use semla_checks::{Report, examine};

const HIDDEN: &str = "P10037;43;f;north";

fn look(bytes: impl AsRef<[u8]>) -> Report {
    examine(&evidence("a.png", bytes))
}

/// The parts of a figure, as the specification lays them out: length, name, data, checksum.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = &bytes[8..];
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        parts.push((String::from_utf8(rest[4..8].to_vec()).unwrap(), rest[8..8 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    parts
}

/// Builds a figure from parts.
fn assembled(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in parts {
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(data);
        bytes.extend(checksum(&[name.as_bytes(), data].concat()).to_be_bytes());
    }
    bytes
}

/// CRC-32 of ISO 3309, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

/// A figure with one more part behind its header.
fn with_part(name: &str, data: &[u8]) -> Vec<u8> {
    let mut parts = parts(&figure(16, 16, &[]));
    parts.insert(1, (name.to_owned(), data.to_vec()));
    assembled(&parts)
}

fn pixels(bytes: &[u8]) -> (png::OutputInfo, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut buffer).unwrap();
    buffer.truncate(info.buffer_size());
    (info, buffer)
}

/// Holds that a report's mended copy has the same pixels and nothing else, and is accepted as it is.
fn mends(report: &Report, original: &[u8]) {
    let copy = report.mended.as_ref().unwrap();
    let names: Vec<String> = parts(copy).into_iter().map(|(name, _)| name).collect();
    let (first, last) = (names.first().unwrap(), names.last().unwrap());
    assert_eq!((first.as_str(), last.as_str()), ("IHDR", "IEND"));
    assert!(names.len() > 2 && names[1..names.len() - 1].iter().all(|name| name == "IDAT"), "{names:?}");
    assert_eq!(pixels(copy), pixels(original));
    let again = look(copy);
    assert_eq!((worst("F1", &again), again.mended), (Some(Review), None), "a copy is accepted as it is");
}

#[test]
fn a_plain_figure_goes_to_a_person_and_never_passes() {
    let report = look(packed(&figure(16, 16, &[])));
    assert_eq!((report.verdict, worst("F1", &report), worst("F2", &report)), (Review, Some(Review), Some(Pass)));
    assert_eq!((worst("T1", &report), worst("C1", &report)), (None, None));
}

#[test]
fn pixels_packed_in_another_way_block_and_the_copy_is_what_may_leave() {
    let plain = packed(&figure(16, 16, &[]));
    // Bytes behind the end of the compressed stream are pixels to nobody, and a letter to whoever looks.
    let mut parts = parts(&plain);
    let data = parts.iter_mut().find(|(name, _)| name == "IDAT").unwrap();
    data.1.extend(HIDDEN.as_bytes());
    let letter = assembled(&parts);
    let report = look(&letter);
    assert_eq!(worst("F6", &report), Some(Block));
    mends(&report, &letter);
    assert_eq!(report.mended.unwrap(), plain);
}

#[test]
fn what_isnt_pixels_blocks_and_is_left_out_of_the_copy() {
    let text = figure(16, 16, &[("Comment", HIDDEN)]);
    let mut files = vec![("tEXt", text)];
    let exif = b"MM\0*\0\0\0\x08\0\0";
    for (name, data) in [
        ("zTXt", &b"Comment\0\0x"[..]),
        ("eXIf", exif),
        ("prVt", HIDDEN.as_bytes()),
        ("tIME", b"\x07\xe8\x01\x01\0\0\0"),
    ] {
        files.push((name, with_part(name, data)));
    }
    for (name, file) in files {
        let report = look(&file);
        assert_eq!(worst("F6", &report), Some(Block), "{name}");
        let message = &common::finding("F6", &report).message;
        assert!(message.contains(name) && !message.contains(HIDDEN), "{message}");
        mends(&report, &file);
        assert!(!report.mended.unwrap().windows(4).any(|window| window == name.as_bytes()), "{name}");
    }
}

#[test]
fn the_names_of_parts_are_no_way_out() {
    for name in ["P100", "37 4", "\x1b[2J"] {
        let report = look(with_part(name, b"x"));
        assert_eq!(report.verdict, Block, "{name:?}");
        assert!(report.findings.iter().all(|finding| !finding.message.contains(char::is_control)));
    }
}

#[test]
fn trailing_bytes_block_and_are_not_mended() {
    let plain = figure(16, 16, &[]);
    for behind in [HIDDEN.as_bytes(), b"\0", &plain] {
        for whole in [plain.clone(), figure(16, 16, &[("Comment", "x")])] {
            let report = look([&whole, behind].concat());
            assert_eq!((worst("F6", &report), &report.mended), (Some(Block), &None));
        }
    }
}

#[test]
fn the_same_pixels_give_the_same_copy() {
    let plain = figure(40, 30, &[]);
    let copies =
        [&plain, &figure(40, 30, &[("Comment", HIDDEN)]), &figure(40, 30, &[("Author", "me"), ("Title", "x")])]
            .map(|file| look(file).mended);
    let canonical = copies[1].clone().unwrap();
    assert_eq!(copies[2].as_ref(), Some(&canonical));
    assert!(copies[0].as_ref().is_none_or(|copy| *copy == canonical));
}

#[test]
fn spare_room_between_the_pixels_is_gone_in_the_copy() {
    // Unused palette entries, and bits of depth that nobody sees, are places to hide things in.
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(HIDDEN.as_bytes()[..15].to_vec());
    encoder.write_header().unwrap().write_image_data(&[1; 64]).unwrap();
    mends(&look(&bytes), &bytes);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.write_header().unwrap().write_image_data(&[0x40; 128]).unwrap();
    let report = look(&bytes);
    mends(&report, &bytes);
    assert_eq!(report.mended.unwrap()[24], 8);
}

#[test]
fn a_copy_is_held_to_the_bound_of_bytes() {
    let mut text = evidence("a.png", figure(16, 16, &[("Comment", HIDDEN)]));
    let copy = examine(&text).mended.unwrap();
    text.profile.max_bytes = copy.len() as u64 - 1;
    assert_eq!(examine(&text).mended, None);
}

#[test]
fn a_figure_that_lies_about_its_parts_blocks() {
    let plain = packed(&figure(16, 16, &[]));
    assert_eq!(outcome("F1", &evidence("a.png", &plain)), Some(Review));
    let mut broken: Vec<Vec<u8>> = vec![plain[..8].to_vec(), plain[..20].to_vec(), plain[..plain.len() - 12].to_vec()];
    for length in [0u32, 1, 0x7fff_ffff, u32::MAX] {
        let mut lying = plain.clone();
        lying[33..37].copy_from_slice(&length.to_be_bytes());
        broken.push(lying);
    }
    broken.push(assembled(&[("IEND".to_owned(), vec![])]));
    broken.push(assembled(&parts(&plain)[1..]));
    for file in broken {
        let report = look(&file);
        assert_eq!((worst("F1", &report), &report.mended), (Some(Block), &None), "{} bytes", file.len());
    }
}

#[test]
fn a_figure_of_too_many_pixels_is_not_decoded() {
    for (width, height) in [(50_000u32, 50_000u32), (0x7fff_ffff, 0x7fff_ffff), (25_000_001, 1), (0, 16)] {
        let mut parts = parts(&figure(16, 16, &[]));
        parts[0].1[..4].copy_from_slice(&width.to_be_bytes());
        parts[0].1[4..8].copy_from_slice(&height.to_be_bytes());
        let start = Busy::start();
        let report = look(assembled(&parts));
        assert_eq!((worst("F1", &report), &report.mended), (Some(Block), &None), "{width} x {height}");
        assert!(start.elapsed().as_secs() < 5, "{width} x {height}");
    }
}

#[test]
fn the_bound_on_pixels_is_on_their_product() {
    let sized = |width: u32, height: u32| {
        let mut parts = parts(&figure(16, 16, &[]));
        parts[0].1[..4].copy_from_slice(&width.to_be_bytes());
        parts[0].1[4..8].copy_from_slice(&height.to_be_bytes());
        common::finding("F1", &look(assembled(&parts))).message.clone()
    };
    // The pixels themselves are missing: what is within the bound fails for that.
    assert!(sized(5_000, 5_000).contains("can't be decoded"), "{}", sized(5_000, 5_000));
    assert!(sized(5_001, 5_000).contains("25005000 pixels"), "{}", sized(5_001, 5_000));
}
