//! The kinds of files that nothing reads, with the reason and what to write instead.

use super::kind::Sign::{Shape, Start, Word};
use super::kind::{Kind, Reading, Sign, ZIPPED};
use super::sight::Sight;

/// Why nothing reads a kind, and what to write instead.
type Reason = (&'static str, &'static str);

const PACKED: Reason = ("what is packed in it isn't looked at", "pack it as zip, tar or tar.gz, or don't pack it");
const MODEL: Reason = ("its layout leaves room for what no reader shows", "write the model as onnx or safetensors");
const RUNS: Reason = ("loading it can run programs", "write the model as onnx, or its weights as safetensors");
const TREES: Reason = ("its trees can't be compared with the data", "write the model as onnx");
const TABLE: Reason =
    ("its layout leaves room for what no reader shows", "write a csv, a parquet file or an xlsx workbook");
const DELETED: Reason = ("what was deleted from it is still there", "write a csv or a parquet file");
const FIGURE: Reason = ("nothing takes what isn't pixels out of it", "write the figure as png");
const DRAWING: Reason = ("it is a program that draws, and can fetch from elsewhere", "write the figure as png");
const PAGE: Reason = ("it can run scripts and hold other files", "write the text as txt or md, and figures as png");
const OFFICE: Reason =
    ("it can hold macros, other files and earlier versions", "write txt, md or an xlsx workbook of values");
const PROGRAM: Reason = ("it is a program", "keep it inside");
const CODE: Reason = ("it is a program", "code comes from its repository, and not from here");
const PEOPLE: Reason = ("it is about single people", "keep it inside; what can leave is a summary");

const fn no(
    name: &'static str,
    endings: &'static [&'static str],
    signs: &'static [Sign],
    (why, instead): Reason,
) -> Kind {
    Kind { name, endings, signs, reading: Reading::Never { why, instead } }
}

pub(crate) const KINDS: &[Kind] = &[
    no("svg", &["svg"], &[], DRAWING),
    no("html", &["html", "htm", "xhtml"], &[], PAGE),
    no("markup", &["html", "htm", "xhtml", "svg", "xml", "pmml", "kml", "php"], &[Shape(Sight::is_markup)], PAGE),
    no("rtf", &["rtf"], &[Start(b"{\\rtf")], PAGE),
    no("postscript", &["ps", "eps"], &[Start(b"%!PS"), Start(b"\xc5\xd0\xd3\xc6")], DRAWING),
    no("7z", &["7z"], &[Start(b"7z\xbc\xaf\x27\x1c")], PACKED),
    no("rar", &["rar"], &[Word(b"Rar!\x1a\x07")], PACKED),
    no("xz", &["xz", "txz"], &[Start(b"\xfd7zXZ\0")], PACKED),
    no("lzma", &["lzma"], &[Start(b"\x5d\0\0")], PACKED),
    no("zstandard", &["zst"], &[Start(b"(\xb5/\xfd")], PACKED),
    no("bzip2", &["bz2", "tbz2"], &[Word(b"BZh")], PACKED),
    no("lz4", &["lz4"], &[Start(b"\x04\x22\x4d\x18")], PACKED),
    no("zlib", &["z", "zz"], &[Shape(Sight::is_zlib)], PACKED),
    no("cabinet", &["cab"], &[Word(b"MSCF")], PACKED),
    no(
        "cpio or ar",
        &["a", "deb", "cpio", "rpm"],
        &[Start(b"!<arch>"), Start(b"070701"), Start(b"\xed\xab\xee\xdb")],
        PACKED,
    ),
    no("hdf5", &["h5", "hdf5", "hdf", "keras", "loom", "h5ad"], &[Start(b"\x89HDF\r\n\x1a\n")], MODEL),
    no("hdf4", &["hdf"], &[Start(b"\x0e\x03\x13\x01")], TABLE),
    no("keras", &["keras"], ZIPPED, RUNS),
    no(
        "gguf",
        &["gguf"],
        &[Word(b"GGUF"), Word(b"ggjt"), Word(b"lmgg")],
        (
            "its numbers are packed in ways that can't be compared, and its chat template is a program",
            "write the model as onnx, or its weights as safetensors",
        ),
    ),
    no("skops", &["skops"], ZIPPED, RUNS),
    no("xgboost", &["ubj", "model", "bin", "xgb", "json"], &[Start(b"{L\0\0\0\0\0\0"), Word(b"binf")], TREES),
    no("lightgbm", &["txt", "lgb", "model"], &[Start(b"tree\nversion=")], TREES),
    no("catboost", &["cbm"], &[Word(b"CBM1")], TREES),
    no(
        "old torch",
        &["pt", "pth", "bin", "ckpt", "pkl"],
        &[Shape(Sight::is_old_torch)],
        (
            "it is several pickles and bytes without bounds",
            "save it anew with torch.save of PyTorch 1.6 or later, or as safetensors",
        ),
    ),
    no(
        "flatbuffer model",
        &["tflite", "ort"],
        &[Shape(|sight| matches!(sight.head.get(4..8), Some(b"TFL3" | b"ORTM")))],
        MODEL,
    ),
    no("tensorflow", &["pb", "pbtxt", "index", "meta"], &[], RUNS),
    no(
        "r data",
        &["rda", "rdata", "rds"],
        &[
            Start(b"RDX2\n"),
            Start(b"RDX3\n"),
            Start(b"RDA2\n"),
            Start(b"RDA3\n"),
            Start(b"X\n\0\0\0"),
            Start(b"A\n2\n"),
        ],
        ("loading it can run functions", "write a csv, a parquet file or an xlsx workbook of values"),
    ),
    no(
        "sas",
        &["sas7bdat", "xpt"],
        &[Start(b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60"), Start(b"HEADER RECORD*******")],
        TABLE,
    ),
    no(
        "stata",
        &["dta"],
        &[Start(b"<stata_dta>"), Shape(|sight| matches!(sight.head.as_slice(), [0x6e..=0x73, 1 | 2, 1, 0, ..]))],
        TABLE,
    ),
    no("spss", &["sav", "zsav", "por"], &[Start(b"$FL2@(#)"), Start(b"$FL3@(#)")], TABLE),
    no("matlab", &["mat"], &[Start(b"MATLAB 5.0")], TABLE),
    no("arrow", &["arrow", "feather", "ipc"], &[Word(b"ARROW1"), Word(b"FEA1")], TABLE),
    no("avro or orc", &["avro", "orc"], &[Start(b"Obj\x01"), Word(b"ORC")], TABLE),
    no("sqlite", &["sqlite", "sqlite3", "db"], &[Start(b"SQLite format 3\0")], DELETED),
    no("duckdb", &["duckdb", "ddb"], &[Shape(|sight| sight.head.get(8..12) == Some(b"DUCK"))], DELETED),
    no(
        "office document",
        &["docx", "pptx", "xlsm", "xlsb", "docm", "pptm", "ods", "odt", "odp", "epub", "xlsx"],
        ZIPPED,
        OFFICE,
    ),
    no(
        "old office document",
        &["doc", "xls", "ppt", "msg", "msi"],
        &[Start(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
        OFFICE,
    ),
    no("program in a zip", &["jar", "war", "apk", "whl", "egg", "nupkg"], ZIPPED, PROGRAM),
    no("elf", &["so", "bin", "o", "elf"], &[Start(b"\x7fELF")], PROGRAM),
    no("windows program", &["exe", "dll", "sys"], &[Shape(Sight::is_program)], PROGRAM),
    no(
        "mac program",
        &["dylib", "bin"],
        &[Start(b"\xcf\xfa\xed\xfe"), Start(b"\xce\xfa\xed\xfe"), Start(b"\xfe\xed\xfa")],
        PROGRAM,
    ),
    no("java class", &["class"], &[Start(b"\xca\xfe\xba\xbe")], PROGRAM),
    no("wasm", &["wasm"], &[Start(b"\0asm")], PROGRAM),
    no("python bytecode", &["pyc", "pyo"], &[], PROGRAM),
    no(
        "script",
        &["sh", "py", "pl", "rb", "r", "js", "mjs", "ps1", "bat", "cmd", "vbs", "jl", "sql"],
        &[Start(b"#!")],
        CODE,
    ),
    no(
        "code",
        &[
            "sh", "py", "pl", "rb", "r", "rmd", "qmd", "js", "mjs", "ts", "ps1", "bat", "cmd", "vbs", "jl", "sql",
            "do", "sas", "m",
        ],
        &[],
        CODE,
    ),
    no(
        "shortcut",
        &["lnk", "url", "desktop"],
        &[Start(b"L\0\0\0\x01\x14\x02\0")],
        ("it starts something else", "keep it inside; what can leave is a summary"),
    ),
    no("gif", &["gif"], &[Start(b"GIF87a"), Start(b"GIF89a")], FIGURE),
    no("tiff", &["tif", "tiff"], &[Start(b"II*\0"), Start(b"MM\0*")], FIGURE),
    no("bitmap", &["bmp"], &[Shape(Sight::is_bitmap)], FIGURE),
    no("icon", &["ico", "cur"], &[Start(b"\0\0\x01\0"), Start(b"\0\0\x02\0")], FIGURE),
    no("photoshop", &["psd"], &[Word(b"8BPS")], FIGURE),
    no(
        "jpeg 2000 or jpeg xl",
        &["jp2", "j2k", "jxl"],
        &[Start(b"\0\0\0\x0cjP "), Start(b"\xff\x4f\xff\x51"), Start(b"\0\0\0\x0cJXL "), Start(b"\xff\x0a")],
        FIGURE,
    ),
    no("webp, wave or avi", &["webp", "wav", "avi"], &[Word(b"RIFF")], FIGURE),
    no("film or photograph", &["mp4", "mov", "m4a", "heic", "heif", "avif"], &[Shape(Sight::is_media)], PEOPLE),
    no("matroska", &["mkv", "webm"], &[Start(b"\x1a\x45\xdf\xa3")], PEOPLE),
    no(
        "sound",
        &["mp3", "flac", "ogg", "aac"],
        &[Word(b"ID3"), Word(b"fLaC"), Word(b"OggS"), Start(b"\xff\xfb"), Start(b"\xff\xf1")],
        PEOPLE,
    ),
    no("dicom", &["dcm"], &[Shape(|sight| sight.head.get(128..132) == Some(b"DICM"))], PEOPLE),
    no("nifti", &["nii", "hdr"], &[Shape(|sight| matches!(sight.head.get(344..347), Some(b"n+1" | b"ni1")))], PEOPLE),
    no(
        "genome data",
        &["bam", "cram", "bcf", "vcf", "fastq", "fasta", "fa", "fq"],
        &[Word(b"CRAM"), Start(b"BAM\x01"), Start(b"##fileformat=VCF")],
        PEOPLE,
    ),
    no(
        "font",
        &["ttf", "otf", "woff", "woff2"],
        &[Word(b"OTTO"), Word(b"wOF")],
        ("nothing looks into fonts", "keep it inside; what can leave is a summary"),
    ),
    no("mail", &["eml", "mbox"], &[], PAGE),
    no("disk image", &["iso", "img", "dmg", "vhd", "qcow2", "vmdk"], &[Start(b"QFI\xfb"), Word(b"KDMV")], PACKED),
    no(
        "crash dump",
        &["core", "dmp"],
        &[Word(b"MDMP")],
        ("it is a copy of a program's memory", "keep it inside; what can leave is a summary"),
    ),
    no(
        "capture",
        &["pcap", "pcapng"],
        &[Start(b"\xd4\xc3\xb2\xa1"), Start(b"\x0a\x0d\x0d\x0a")],
        ("it is a record of what was sent", "keep it inside; what can leave is a summary"),
    ),
    no(
        "key or certificate",
        &["pem", "key", "p12", "pfx", "gpg", "pgp", "asc", "kdbx"],
        &[Start(b"-----BEGIN ")],
        ("keys never leave", "keep it inside; what can leave is a summary"),
    ),
    no("settings", &["yaml", "yml", "toml", "ini", "cfg"], &[], ("readers differ on what it says", "write json")),
    no("latex", &["tex", "bib"], &[], PAGE),
];
