//! A small assembler of pickles, and a look at what comes of them.

use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::Array;
use crate::data::Data;
use crate::finding::Outcome;

/// What was found.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) fault: Option<Fault>,
    pub(super) anatomy: Anatomy,
}

pub(super) fn look(bytes: &[u8]) -> Looked {
    let mut anatomy = Anatomy::default();
    let read = crate::pickle::read(&Data::from(bytes.to_vec()), "", &mut anatomy);
    Looked { fault: read.err(), anatomy }
}

impl Looked {
    /// Why it doesn't pass: the messages of all that blocks it, with the chains that lead there.
    pub(super) fn blocks(&self) -> Vec<String> {
        let blocks = self.anatomy.remarks.iter().filter(|finding| finding.outcome == Outcome::Block);
        let told = |finding: &crate::Finding| {
            let chain = finding.evidence.get("chain").and_then(|chain| chain.as_str()).unwrap_or_default();
            format!("{} [{chain}]", finding.message)
        };
        let fault = self.fault.iter().map(|fault| fault.what.clone());
        blocks.map(told).chain(fault).collect()
    }

    pub(super) fn arrays(&self) -> Vec<(&str, &Array)> {
        self.anatomy
            .parts
            .iter()
            .filter_map(|part| match &part.body {
                Body::Array(array) => Some((part.at.as_str(), array)),
                _ => None,
            })
            .collect()
    }

    pub(super) fn texts(&self) -> Vec<String> {
        let texts = self.anatomy.parts.iter().filter_map(|part| match &part.body {
            Body::Texts(texts) => Some(texts.iter().map(str::to_owned).collect::<Vec<_>>()),
            _ => None,
        });
        texts.flatten().collect()
    }

    /// The numbers of the array at a path.
    pub(super) fn numbers(&self, at: &str) -> Vec<f64> {
        let arrays = self.arrays();
        let (_, array) = arrays.iter().find(|(path, _)| *path == at).unwrap_or_else(|| panic!("no {at} in {arrays:?}"));
        let mut numbers = Vec::new();
        array.read(0, array.len() as usize, &mut numbers).unwrap();
        numbers
    }
}

#[track_caller]
pub(super) fn passes(bytes: &[u8]) -> Looked {
    let looked = look(bytes);
    assert!(looked.blocks().is_empty(), "{:?}\n{}", looked.blocks(), String::from_utf8_lossy(bytes));
    assert!(looked.anatomy.remarks.iter().any(|finding| finding.outcome == Outcome::Pass));
    looked
}

#[track_caller]
pub(super) fn blocks(bytes: &[u8], why: &str) -> Looked {
    let looked = look(bytes);
    let found = looked.blocks();
    assert!(found.iter().any(|message| message.contains(why)), "{why}: {found:?}\n{}", String::from_utf8_lossy(bytes));
    looked
}

/// Pieces, one after the other.
pub(super) fn all(pieces: &[&[u8]]) -> Vec<u8> {
    pieces.concat()
}

/// A pickle of protocol 2 up to STOP.
pub(super) fn two(pieces: &[&[u8]]) -> Vec<u8> {
    [b"\x80\x02", pieces.concat().as_slice(), b"."].concat()
}

/// A pickle of protocol 4, without frames.
pub(super) fn four(pieces: &[&[u8]]) -> Vec<u8> {
    [b"\x80\x04", pieces.concat().as_slice(), b"."].concat()
}

/// GLOBAL.
pub(super) fn global(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n").into_bytes()
}

/// STACK_GLOBAL of two texts.
pub(super) fn stacked(module: &str, name: &str) -> Vec<u8> {
    all(&[&text(module), &text(name), b"\x93"])
}

/// SHORT_BINUNICODE.
pub(super) fn text(content: &str) -> Vec<u8> {
    [&[0x8c, content.len() as u8], content.as_bytes()].concat()
}

/// SHORT_BINBYTES.
pub(super) fn bytes(content: &[u8]) -> Vec<u8> {
    [&[b'C', content.len() as u8], content].concat()
}

/// BININT.
pub(super) fn int(value: i32) -> Vec<u8> {
    [b"J".as_slice(), &value.to_le_bytes()].concat()
}

/// An object of a class, with a state of texts and whatever else pushes one value each.
pub(super) fn object(module: &str, name: &str, state: &[(&str, &[u8])]) -> Vec<u8> {
    let pairs: Vec<u8> = state.iter().flat_map(|(key, value)| [text(key), value.to_vec()].concat()).collect();
    all(&[&global(module, name), b")\x81}(", &pairs, b"ub"])
}

/// numpy's kind of floats of eight bytes, as numpy writes it.
pub(super) fn f8() -> Vec<u8> {
    kind("f8", "<", -1, -1, 0)
}

/// A kind of numpy's without fields.
pub(super) fn kind(code: &str, order: &str, size: i32, alignment: i32, flags: i32) -> Vec<u8> {
    let state = all(&[b"(K\x03", &text(order), b"NNN", &int(size), &int(alignment), &int(flags), b"t"]);
    all(&[&global("numpy", "dtype"), &text(code), b"\x89\x88\x87R", &state, b"b"])
}

/// An array of numpy's: lengths along each dimension, kind and content.
pub(super) fn array(shape: &[i32], kind: &[u8], columns: bool, content: &[u8]) -> Vec<u8> {
    let lens: Vec<u8> = shape.iter().flat_map(|len| int(*len)).collect();
    let order: &[u8] = if columns { b"\x88" } else { b"\x89" };
    all(&[
        &global("numpy.core.multiarray", "_reconstruct"),
        &global("numpy", "ndarray"),
        b"K\x00\x85C\x01b\x87R(K\x01(",
        &lens,
        b"t",
        kind,
        order,
        content,
        b"tb",
    ])
}

/// Floats as bytes.
pub(super) fn floats(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
