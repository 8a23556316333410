//! The kinds of files that are read: their names, how they are told, and what reads them.

use super::{
    gzip, ipynb, jpeg, json, models, npy, npz, onnx, parquet, pdf, png, safetensors, tar, text, unread, xlsx, zip,
};
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::sight::Sight;
use crate::{joblib, pickle};
use zip::Member;

/// A kind of file.
#[derive(Debug)]
pub(crate) struct Kind {
    /// What people call it.
    pub(crate) name: &'static str,
    /// The endings that its files have.
    pub(crate) endings: &'static [&'static str],
    /// How it is told by its bytes; a kind without a sign is told by its name.
    pub(crate) signs: &'static [Sign],
    pub(crate) reading: Reading,
}

/// What shows in the bytes of a kind.
#[derive(Debug)]
pub(crate) enum Sign {
    /// It begins so.
    Start(&'static [u8]),
    /// It begins so and isn't a text, which may begin with these letters by chance.
    Word(&'static [u8]),
    Shape(fn(&Sight) -> bool),
}

/// What reads a kind.
#[derive(Debug)]
pub(crate) enum Reading {
    Whole(fn(&Data, &str, &mut Anatomy) -> Result<(), Fault>),
    /// By a reader that wants to know the name as well, before the place: what is packed in a stream is named after it.
    Named(fn(&Data, &str, &str, &mut Anatomy) -> Result<(), Fault>),
    /// From the members of a zip archive.
    Members(fn(&[Member], &str, &mut Anatomy) -> Result<(), Fault>),
    /// Nothing: why, and what to write instead.
    Never {
        why: &'static str,
        instead: &'static str,
    },
}

impl Kind {
    /// Whether it is packed as a zip archive.
    pub(crate) fn is_zip(&self) -> bool {
        self.signs.iter().any(|sign| matches!(sign, Sign::Start(start) if start.starts_with(b"PK")))
    }

    /// Whether something reads it.
    pub(crate) fn is_read(&self) -> bool {
        !matches!(self.reading, Reading::Never { .. })
    }

    /// Whether its bytes show it.
    pub(crate) fn shows(&self, sight: &Sight) -> bool {
        self.signs.iter().any(|sign| match sign {
            Sign::Start(start) => sight.head.starts_with(start),
            Sign::Word(start) => sight.head.starts_with(start) && !sight.is_text(),
            Sign::Shape(shape) => shape(sight),
        })
    }

    /// All kinds, those that are read first.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        KINDS.iter().chain(unread::KINDS)
    }

    /// The kind that people call so.
    pub(crate) fn called(name: &str) -> Result<&'static Self, Fault> {
        Self::all().find(|kind| kind.name == name).ok_or_else(|| Fault::new(format!("nothing here knows {name}")))
    }
}

/// A zip archive begins with a member, with its end when it is empty, or with a mark that it was written in pieces.
pub(crate) const ZIPPED: &[Sign] =
    &[Sign::Start(b"PK\x03\x04"), Sign::Start(b"PK\x05\x06"), Sign::Start(b"PK\x07\x08")];
const PICKLED: Sign = Sign::Shape(Sight::is_pickle);

const fn named(name: &'static str, endings: &'static [&'static str], read: text::Read) -> Kind {
    Kind { name, endings, signs: &[], reading: Reading::Whole(read) }
}

// Of kinds that look alike the plainest comes first: what has another one's name is called so.
const KINDS: &[Kind] = &[
    named("csv", &["csv"], text::csv),
    named("tsv", &["tsv"], text::tsv),
    named("json", &["json"], json::json),
    named("jsonl", &["jsonl", "ndjson"], json::lines),
    named("txt", &["txt"], text::words),
    named("md", &["md"], text::marked),
    named("log", &["log"], text::words),
    named("ipynb", &["ipynb"], ipynb::read),
    Kind {
        name: "parquet",
        endings: &["parquet", "pq"],
        signs: &[Sign::Word(b"PAR1")],
        reading: Reading::Whole(parquet::read),
    },
    Kind { name: "pdf", endings: &["pdf"], signs: &[Sign::Start(b"%PDF-")], reading: Reading::Whole(pdf::read) },
    Kind {
        name: "png",
        endings: &["png"],
        signs: &[Sign::Start(b"\x89PNG\r\n\x1a\n")],
        reading: Reading::Whole(png::read),
    },
    Kind {
        name: "jpg",
        endings: &["jpg", "jpeg"],
        signs: &[Sign::Start(b"\xff\xd8\xff")],
        reading: Reading::Whole(jpeg::read),
    },
    Kind {
        name: "pickle",
        endings: &["pkl", "pickle", "sav", "p"],
        signs: &[PICKLED],
        reading: Reading::Whole(pickle::read),
    },
    // The first pickles had no sign: what is called so and shows no other kind is tried as one.
    named("pickle without a sign", &["pkl", "pickle", "joblib", "p"], pickle::read),
    Kind { name: "zip", endings: &["zip"], signs: ZIPPED, reading: Reading::Members(zip::read) },
    Kind {
        name: "gzip",
        endings: &["gz", "tgz"],
        signs: &[Sign::Start(b"\x1f\x8b")],
        reading: Reading::Named(gzip::read),
    },
    Kind {
        name: "joblib",
        endings: &["joblib"],
        signs: &[
            PICKLED,
            Sign::Shape(Sight::is_zlib),
            Sign::Start(b"\x1f\x8b"),
            Sign::Word(b"BZh"),
            Sign::Start(b"\xfd7zXZ\0"),
            Sign::Start(b"\x5d\0\0"),
        ],
        reading: Reading::Whole(joblib::read),
    },
    Kind {
        name: "torch",
        endings: &["pt", "pth", "bin", "ckpt"],
        signs: ZIPPED,
        reading: Reading::Members(models::torch),
    },
    Kind { name: "npz", endings: &["npz"], signs: ZIPPED, reading: Reading::Members(npz::read) },
    Kind { name: "xlsx", endings: &["xlsx"], signs: ZIPPED, reading: Reading::Members(xlsx::read) },
    Kind { name: "tar", endings: &["tar"], signs: &[Sign::Shape(Sight::is_tar)], reading: Reading::Whole(tar::read) },
    Kind { name: "npy", endings: &["npy"], signs: &[Sign::Start(b"\x93NUMPY")], reading: Reading::Whole(npy::read) },
    Kind {
        name: "safetensors",
        endings: &["safetensors"],
        signs: &[Sign::Shape(Sight::is_safetensors)],
        reading: Reading::Whole(safetensors::read),
    },
    // Protocol buffers have no sign either.
    named("onnx", &["onnx"], onnx::read),
];
