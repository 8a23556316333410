//! Small files that ask for much work: each is refused before it is done.

use super::archives::{packed, zip};
use super::models::{model, of};
use super::papers::{document, objects, stream};
use super::{amiss, look, opened, sample};
use crate::anatomy::Body;
use crate::busy::Busy;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 10 });

/// Holds that a file is blocked, and soon.
fn soon(what: &str, name: &str, bytes: Vec<u8>) {
    let start = Busy::start();
    let found = amiss(name, bytes);
    assert!(!found.is_empty(), "{what} is let through");
    assert!(start.elapsed() < PATIENCE, "{what}: {:?}", start.elapsed());
}

/// A grey picture of 25 million pixels in 300 kB: six bits for each block.
fn large() -> Vec<u8> {
    let (_, small) = look("grey.jpg", sample("grey.jpg"));
    let copy = small.parts.iter().find_map(|part| match &part.body {
        Body::Figure(figure) => Some(figure.copy.clone()),
        _ => None,
    });
    let copy = copy.unwrap();
    let place = |marker: u8| copy.windows(2).position(|window| window == [0xff, marker]).unwrap();
    let (frame, scan) = (place(0xc0), place(0xda));
    let mut bytes = copy[..scan + 10].to_vec();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x13, 0x88, 0x13, 0x88]);
    bytes.extend([0x28, 0xa2, 0x8a].repeat(625 * 625 / 4));
    bytes.extend([0x2b, 0xff, 0xd9]);
    bytes
}

#[test]
fn many_large_pictures_are_not_all_drawn() {
    let one = large();
    opened("a.jpg", one.clone());
    let many: Vec<_> = (0..200).map(|at| packed(&format!("{at}.jpg"), &one)).collect();
    soon("many pictures", "a.zip", zip(&many));
}

#[test]
fn many_empty_messages_are_not_all_read() {
    soon("nodes", "a.onnx", model(&[of(1, "").repeat(10_000_000)], &[]));
    soon("tensors", "a.onnx", model(&[of(5, "").repeat(1_000_000)], &[]));
    soon("unknown fields", "a.onnx", model(&[of(99, "").repeat(1_000_000)], &[]));
    let many: Vec<Vec<u8>> = (100..300_000).map(|number| of(number, "")).collect();
    soon("fields of many numbers", "a.onnx", model(&[many.concat()], &[]));
}

#[test]
fn documents_that_repeat_themselves_are_not_read_to_the_end() {
    let font = |ranges: &str| {
        let mut all = objects();
        all[2].1 = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned();
        all.push((5, "<< /Type /Font /ToUnicode 6 0 R >>".to_owned()));
        all.push((6, stream("", ranges)));
        document(&all)
    };
    opened("a.pdf", font("beginbfrange <0000> <00ff> <0041> endbfrange"));
    soon("ranges", "a.pdf", font(&format!("beginbfrange {} endbfrange", "<0000> <ffff> <0041> ".repeat(100_000))));
    soon("a wide range", "a.pdf", font("beginbfrange <00000000> <ffffffff> <0041> endbfrange"));
    let row = "<< /Predictor 12 /Columns 16000000 /Colors 32 /BitsPerComponent 16 >>";
    let packed = stream(&format!("/Filter /FlateDecode /DecodeParms {row}"), "x\u{1}\u{1}");
    let mut all = objects();
    all[3].1 = packed;
    soon("a wide row", "a.pdf", document(&all));
    let mut all = objects();
    all[0].1 = format!("<< /Type /Catalog /Pages 2 0 R /X [{}] >>", "0 ".repeat(4_000_000));
    soon("many numbers", "a.pdf", [document(&all), b"hidden".to_vec()].concat());
    soon("many words", "a.pdf", [&b"%PDF-1.7\n"[..], &b"1 0 obj null endobj\n".repeat(300_000), b"%%EOF"].concat());
}

#[test]
fn names_and_brackets_in_any_number_take_bounded_time() {
    for piece in ["(", "[", "<<", "<", "{", "%", "/", "1 0 R ", "1 0 obj ", "stream\n", "xref ", "\\("] {
        soon(piece, "a.pdf", format!("%PDF-1.7\n{}%%EOF", piece.repeat(4_000_000 / piece.len())).into_bytes());
    }
    for piece in ["<a>", "<a/>", "&amp;", "<!--", "<![CDATA[", "<a b=\"c\" ", "<a b='"] {
        let sheet = format!("<worksheet>{}</worksheet>", piece.repeat(4_000_000 / piece.len()));
        let mut parts = super::books::parts(&sheet);
        parts.push(("xl/x.bin".to_owned(), String::new()));
        soon(piece, "a.xlsx", super::books::packed(&parts));
    }
}
