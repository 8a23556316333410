//! What a file is, by its first bytes: everything that has a signature and isn't plain text.

/// A type with a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// What people call it.
    pub(crate) name: &'static str,
    /// The endings that its files have.
    pub(crate) endings: &'static [&'static str],
}

/// How many bytes [`kind`] wants to see.
pub(crate) const HEAD: usize = 1024;

const fn of(name: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { name, endings }
}

pub(crate) const PNG: Kind = of("png", &["png"]);
const PICKLE: Kind = of("pickle", &["pkl", "pickle", "joblib", "sav"]);
const ZIP: Kind = of("zip", &["zip", "npz", "pt", "pth", "keras", "xlsx", "docx", "pptx", "ods", "odt", "jar", "whl"]);
const SAFETENSORS: Kind = of("safetensors", &["safetensors"]);
const ZLIB: Kind = of("zlib", &["joblib", "z"]);
const PDF: Kind = of("pdf", &["pdf"]);
const MARKUP: Kind = of("markup", &["html", "htm", "svg", "xml", "xhtml", "pmml"]);

const SIGNATURES: &[(&[u8], Kind)] = &[
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", of("jpg", &["jpg", "jpeg"])),
    (b"GIF8", of("gif", &["gif"])),
    (b"II*\0", of("tiff", &["tif", "tiff"])),
    (b"MM\0*", of("tiff", &["tif", "tiff"])),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\x1f\x8b", of("gzip", &["gz", "tgz", "joblib"])),
    (b"BZh", of("bzip2", &["bz2", "joblib"])),
    (b"\xfd7zXZ\0", of("xz", &["xz", "joblib"])),
    (b"(\xb5/\xfd", of("zstandard", &["zst"])),
    (b"7z\xbc\xaf\x27\x1c", of("7z", &["7z"])),
    (b"Rar!\x1a\x07", of("rar", &["rar"])),
    (b"PAR1", of("parquet", &["parquet"])),
    (b"ARROW1", of("arrow", &["arrow", "feather"])),
    (b"FEA1", of("feather", &["feather"])),
    (b"Obj\x01", of("avro", &["avro"])),
    (b"\x93NUMPY", of("npy", &["npy"])),
    (b"\x89HDF\r\n\x1a\n", of("hdf5", &["h5", "hdf5", "hdf", "keras"])),
    (b"GGUF", of("gguf", &["gguf"])),
    (b"SQLite format 3\0", of("sqlite", &["sqlite", "db"])),
    (b"\x7fELF", of("elf", &["so", "bin"])),
    (b"\xca\xfe\xba\xbe", of("class", &["class"])),
    (b"\0asm", of("wasm", &["wasm"])),
    (b"#!", of("script", &["sh", "py", "pl"])),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", of("ole", &["doc", "xls", "ppt", "msg"])),
    (b"RDX", of("rdata", &["rda", "rdata"])),
    (b"{\\rtf", of("rtf", &["rtf"])),
    (b"%!PS", of("postscript", &["ps", "eps"])),
];

/// The type whose signature these first bytes carry.
pub(crate) fn kind(head: &[u8]) -> Option<Kind> {
    let signed = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)).map(|(_, kind)| *kind);
    signed.or_else(|| shaped(head))
}

/// Types that are known by more than a fixed prefix.
fn shaped(head: &[u8]) -> Option<Kind> {
    match head {
        // PROTO, then the protocol; since protocol 4 a FRAME follows.
        [0x80, 2..=5, ..] => Some(PICKLE),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if !is_text(head) => Some(ZLIB),
        [a, b, c, d, e, f, 0, 0, b'{', ..] if u64::from_le_bytes([*a, *b, *c, *d, *e, *f, 0, 0]) > 0 => {
            Some(SAFETENSORS)
        }
        // Readers accept a PDF's header anywhere in the first 1024 bytes.
        _ if head.windows(5).any(|window| window == b"%PDF-") => Some(PDF),
        _ => markup(head).then_some(MARKUP),
    }
}

fn is_text(head: &[u8]) -> bool {
    head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r')) && std::str::from_utf8(head).is_ok()
}

/// Whether a browser that guesses would take this for a page or a drawing.
fn markup(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    ["<?xml", "<!doctype", "<!--", "<html", "<svg", "<script", "<head", "<body", "<iframe"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|first| first.eq_ignore_ascii_case(tag.as_bytes())))
}
