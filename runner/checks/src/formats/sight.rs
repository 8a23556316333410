//! What a file looks like: its first and last bytes, and the kinds that show in them. A file that shows two kinds is two files,
//! one for each reader, and is read as neither.

use super::disagree;
use super::kind::{Kind, Reading};
use super::zip::ends_as_zip;
use crate::anatomy::Fault;
use crate::data::Data;
use crate::formats::tar;
use crate::say::quoted;

/// First bytes that are looked at.
const HEAD: usize = 1024;
/// Last bytes that are looked at: as far from the end as a zip archive's end can begin.
const TAIL: u64 = (1 << 16) + 64;
/// What a browser that guesses takes for a page, a drawing or a script.
const MARKUP: [&str; 10] =
    ["<?xml", "<!doctype", "<!--", "<html", "<svg", "<script", "<head", "<body", "<iframe", "<?php"];
/// What makes a page of anything, wherever it stands.
const ACTIVE: [&str; 6] = ["<script", "<html", "<svg", "<iframe", "<body", "<?php"];
/// Where in a disk image its name stands (ECMA-119, 8.4.1).
const DISK: (u64, &[u8]) = (0x8001, b"CD001");

/// A file's outer appearance.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) head: Vec<u8>,
    tail: Vec<u8>,
    is_disk: bool,
}

/// The kind that a file shows or, if it shows none, the one that its name says; these two must not disagree.
pub(crate) fn recognise(sight: &Sight, ending: &str) -> Result<&'static Kind, Fault> {
    let shown: Vec<&'static Kind> = Kind::all().filter(|kind| kind.shows(sight)).collect();
    let fits = |kind: &&'static Kind| kind.endings.contains(&ending);
    let kind = match shown.first() {
        Some(first) => shown.iter().copied().find(fits).ok_or_else(|| disagree(first, ending))?,
        None if ending.is_empty() => return Err(Fault::new("its name has no ending that says what it is")),
        None => Kind::all().find(|kind| fits(kind) && (kind.signs.is_empty())).ok_or_else(|| {
            match Kind::all().find(fits) {
                Some(kind) => Fault::new(format!("it is called {} and isn't {}", quoted(ending), kind.name)),
                None => Fault::new(format!("nothing here knows files of type {}", quoted(ending))),
            }
        })?,
    };
    match sight.second(kind, !shown.is_empty()) {
        Some(second) => Err(Fault::new(format!("it is {} and {second} at once", kind.name)).of(second)),
        None => Ok(kind),
    }
}

impl Sight {
    /// Looks at a file.
    pub(crate) fn of(data: &Data) -> Result<Self, Fault> {
        let tail = data.after(data.len().saturating_sub(TAIL)).map_or(Ok(Vec::new()), |tail| tail.bytes())?;
        let mut name = [0; DISK.1.len()];
        data.read_at(DISK.0, &mut name)?;
        Ok(Self { head: data.head(HEAD)?, tail, is_disk: name == DISK.1 })
    }

    /// What else a file is that was taken for one kind.
    fn second(&self, kind: &Kind, shows: bool) -> Option<&'static str> {
        // The members of an archive are looked at as what they are.
        let is_archive = kind.is_zip() || kind.name == "tar";
        let others = [
            ("pdf", self.has_pdf() && kind.name != "pdf"),
            ("tar", self.is_tar() && kind.name != "tar"),
            ("zip", !is_archive && ends_as_zip(&self.tail)),
            ("a disk image", self.is_disk),
            ("markup", shows && !is_archive && self.has_script() && !matches!(kind.reading, Reading::Never { .. })),
        ];
        others.into_iter().find_map(|(name, also)| also.then_some(name))
    }

    /// PROTO, then the protocol (pickletools).
    pub(crate) fn is_pickle(&self) -> bool {
        matches!(self.head.as_slice(), [0x80, 2..=5, ..])
    }

    /// A stream of RFC 1950, at one of its usual levels.
    pub(crate) fn is_zlib(&self) -> bool {
        matches!(self.head.as_slice(), [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]) && !self.is_text()
    }

    pub(crate) fn is_tar(&self) -> bool {
        tar::begins(&self.head)
    }

    /// The length of a header below 2^48, then the header's JSON.
    pub(crate) fn is_safetensors(&self) -> bool {
        matches!(self.head.as_slice(), [.., _] if self.head.get(6..9) == Some(&[0, 0, b'{'])) && !self.is_text()
    }

    /// Readers accept a PDF's header anywhere in the first 1024 bytes.
    pub(crate) fn has_pdf(&self) -> bool {
        self.head.windows(5).any(|window| window == b"%PDF-")
    }

    /// A Windows or DOS program: where its newer header stands is told at 0x3c.
    pub(crate) fn is_program(&self) -> bool {
        self.head.starts_with(b"MZ") && !self.is_text()
    }

    pub(crate) fn is_bitmap(&self) -> bool {
        self.head.starts_with(b"BM") && !self.is_text()
    }

    /// ISO base media: MP4, MOV, HEIF, AVIF.
    pub(crate) fn is_media(&self) -> bool {
        self.head.get(4..8) == Some(b"ftyp")
    }

    /// A library of PyTorch's older format: a pickle of its magic number.
    pub(crate) fn is_old_torch(&self) -> bool {
        const MAGIC: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
        self.is_pickle() && self.head.get(2..).is_some_and(|rest| rest.starts_with(MAGIC))
    }

    /// Whether a browser that guesses would take it for a page or a drawing.
    pub(crate) fn is_markup(&self) -> bool {
        let head = self.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.head).trim_ascii_start();
        MARKUP.iter().any(|tag| head.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes())))
    }

    /// Whether a page or a script stands near its beginning, behind the sign of something else.
    fn has_script(&self) -> bool {
        let small = self.head.to_ascii_lowercase();
        ACTIVE.iter().any(|tag| small.windows(tag.len()).any(|window| window == tag.as_bytes()))
    }

    /// Whether its first bytes are those of a text.
    pub(crate) fn is_text(&self) -> bool {
        let shown = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r');
        self.head.iter().all(shown) && std::str::from_utf8(&self.head).is_ok()
    }
}
