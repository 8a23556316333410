//! Archives that show one reader something else than another, or that hide something between their members.

use super::{amiss, opened};
use flate2::Crc;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use std::io::Write;
use std::slice;

const TABLE: &[u8] = b"metric,value\nauc,0.91\n";

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A member, and what its two headers say of it.
#[derive(Clone)]
pub(super) struct Packed {
    name: Vec<u8>,
    method: u16,
    flags: u16,
    crc: u32,
    size: u32,
    packed: Vec<u8>,
    mode: u32,
    extra: Vec<u8>,
    comment: Vec<u8>,
}

pub(super) fn stored(name: &str, bytes: &[u8]) -> Packed {
    Packed {
        name: name.into(),
        method: 0,
        flags: 0x800,
        crc: crc(bytes),
        size: bytes.len() as u32,
        packed: bytes.to_vec(),
        mode: 0o100_644,
        extra: Vec::new(),
        comment: Vec::new(),
    }
}

/// The same, packed.
pub(super) fn packed(name: &str, bytes: &[u8]) -> Packed {
    Packed { method: 8, packed: deflated(bytes), ..stored(name, bytes) }
}

fn local(member: &Packed) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0".to_vec();
    for short in [member.flags, member.method, 0, 33] {
        bytes.extend(short.to_le_bytes());
    }
    for long in [member.crc, member.packed.len() as u32, member.size] {
        bytes.extend(long.to_le_bytes());
    }
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes.extend((member.extra.len() as u16).to_le_bytes());
    [bytes, member.name.clone(), member.extra.clone(), member.packed.clone()].concat()
}

fn entry(member: &Packed, start: u32) -> Vec<u8> {
    let mut bytes = b"PK\x01\x02\x14\x03\x14\0".to_vec();
    for short in [member.flags, member.method, 0, 33] {
        bytes.extend(short.to_le_bytes());
    }
    for long in [member.crc, member.packed.len() as u32, member.size] {
        bytes.extend(long.to_le_bytes());
    }
    for short in [member.name.len() as u16, 0, member.comment.len() as u16, 0, 0] {
        bytes.extend(short.to_le_bytes());
    }
    bytes.extend((member.mode << 16).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    [bytes, member.name.clone(), member.comment.clone()].concat()
}

fn end(count: u16, size: u32, directory: u32) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06\0\0\0\0".to_vec();
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(directory.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// An archive of members between which other bytes can stand.
fn spaced(members: &[Packed], before: &[u8], between: &[u8], behind: &[u8]) -> Vec<u8> {
    let (mut bytes, mut directory) = (before.to_vec(), Vec::new());
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            bytes.extend(between);
        }
        directory.extend(entry(member, bytes.len() as u32));
        bytes.extend(local(member));
    }
    bytes.extend(behind);
    let last = end(members.len() as u16, directory.len() as u32, bytes.len() as u32);
    [bytes, directory, last].concat()
}

pub(super) fn zip(members: &[Packed]) -> Vec<u8> {
    spaced(members, b"", b"", b"")
}

pub(super) fn pair() -> [Packed; 2] {
    [stored("a.csv", TABLE), stored("b.txt", b"The area is 0.91.\n")]
}

/// Holds that each file is blocked, and the harmless twin isn't.
pub(super) fn all_blocked(twin: (&str, Vec<u8>), hostile: Vec<(&str, Vec<u8>)>) {
    opened(twin.0, twin.1);
    for (what, bytes) in hostile {
        let found = amiss(twin.0, bytes);
        assert!(!found.is_empty(), "{what} is let through");
        assert!(found.iter().all(|text| !text.contains("0.91")), "{what}: {found:?}");
    }
}

#[test]
fn zip_archives_that_hide_something_block() {
    let [a, b] = pair();
    let plain = zip(&[a.clone(), b.clone()]);
    let bent = |change: fn(&mut Packed)| {
        let mut member = a.clone();
        change(&mut member);
        zip(&[member, b.clone()])
    };
    let patched = |at: usize, byte: u8| {
        let mut bytes = plain.clone();
        bytes[at] = byte;
        bytes
    };
    let (first, directory) = (30 + a.name.len(), plain.len() - 22 - 2 * 46 - a.name.len() - b.name.len());
    let mut commented = plain.clone();
    let len = commented.len();
    commented[len - 2] = 3;
    commented.extend(b"abc");
    let mut overlapping = spaced(&[a.clone(), b.clone()], b"", b"", b"");
    overlapping.splice(directory + 46 + a.name.len() + 42..directory + 46 + a.name.len() + 46, [0, 0, 0, 0]);
    let packed = packed("a.csv", TABLE);
    let mut tailed = packed.clone();
    tailed.packed.extend(b"hidden");
    let hostile = vec![
        ("bytes before", [b"hidden", &plain[..]].concat()),
        ("bytes before with right places", spaced(&[a.clone(), b.clone()], b"hidden", b"", b"")),
        ("bytes between", spaced(&[a.clone(), b.clone()], b"", b"hidden", b"")),
        ("bytes before the directory", spaced(&[a.clone(), b.clone()], b"", b"", b"hidden")),
        ("bytes behind", [&plain[..], b"hidden"].concat()),
        ("a comment", commented),
        ("a member's comment", bent(|m| m.comment = b"hidden".to_vec())),
        ("an extra field", bent(|m| m.extra = b"\x99\x99\x06\0hidden".to_vec())),
        ("filling that isn't", bent(|m| m.extra = b"\x46\x42\x06\0hidden".to_vec())),
        ("a wrong checksum", bent(|m| m.crc ^= 1)),
        ("a wrong size", bent(|m| m.size += 1)),
        ("changed bytes", patched(first, b'M')),
        ("another name in the header", patched(30, b'c')),
        ("another flag in the header", patched(6, 2)),
        ("another size in the directory", patched(directory + 24, 1)),
        ("traversal", bent(|m| m.name = b"../a.csv".to_vec())),
        ("traversal inside", bent(|m| m.name = b"x/../../a.csv".to_vec())),
        ("an absolute name", bent(|m| m.name = b"/a.csv".to_vec())),
        ("a drive", bent(|m| m.name = b"c:a.csv".to_vec())),
        ("a backslash", bent(|m| m.name = b"..\\a.csv".to_vec())),
        ("an empty part", bent(|m| m.name = b"x//a.csv".to_vec())),
        ("an empty name", bent(|m| m.name = b"".to_vec())),
        ("a name that isn't UTF-8", bent(|m| m.name = b"\xff.csv".to_vec())),
        ("a name that hides", bent(|m| m.name = "a\u{202e}vsc.csv".into())),
        ("a line break in a name", bent(|m| m.name = b"a\n.csv".to_vec())),
        ("the same name", bent(|m| m.name = b"b.txt".to_vec())),
        ("the same name in capitals", bent(|m| m.name = b"B.TXT".to_vec())),
        ("a file in a file", bent(|m| m.name = b"b.txt/a.csv".to_vec())),
        ("the same name in another form", {
            zip(&[
                Packed { name: "\u{e9}.csv".into(), ..a.clone() },
                Packed { name: "e\u{301}.csv".into(), ..a.clone() },
            ])
        }),
        ("a link", bent(|m| m.mode = 0o120_777)),
        ("a device", bent(|m| m.mode = 0o060_777)),
        ("a folder with content", bent(|m| (m.name, m.mode) = (b"x/".to_vec(), 0o040_755))),
        ("encryption", bent(|m| m.flags |= 1)),
        ("strong encryption", bent(|m| m.flags |= 0x41)),
        ("a hidden directory", bent(|m| m.flags |= 1 << 13)),
        ("bzip2", bent(|m| m.method = 12)),
        ("aes", bent(|m| m.method = 99)),
        ("a stored member of two sizes", bent(|m| m.size += 4)),
        ("two members at one place", overlapping),
        ("no members at the end", patched(plain.len() - 12, 0)),
        ("attributes of no system", patched(directory + 38, 0x48)),
        ("a newer version", patched(directory + 6, 99)),
        ("another disk", patched(plain.len() - 18, 1)),
        ("bytes behind what is packed", zip(&[tailed])),
        ("a program in it", zip(&[a.clone(), stored("run.exe", b"MZ\x90\0\x03\0\0\0\x04")])),
        ("a page in it", zip(&[stored("a.html", b"<html></html>")])),
        ("a mislabelled file in it", zip(&[stored("a.png", TABLE)])),
        ("a wheel", zip(&[stored("x/__init__.py", b"1\n"), stored("x-1.dist-info/METADATA", b"a\n")])),
        ("a jar", zip(&[stored("META-INF/MANIFEST.MF", b"a\n")])),
        ("a document", zip(&[stored("[Content_Types].xml", b"a"), stored("word/document.xml", b"a")])),
        ("half of it", plain[..plain.len() / 2].to_vec()),
        ("all but its last byte", plain[..plain.len() - 1].to_vec()),
        ("one inside one inside one", {
            let inner = |archive: Vec<u8>| zip(&[stored("x.zip", &archive)]);
            inner(inner(inner(plain.clone())))
        }),
        ("two ends", [&plain[..], &end(0, 0, plain.len() as u32)].concat()),
    ];
    all_blocked(("a.zip", plain), hostile);
    opened("a.zip", zip(&[packed]));
    opened("a.zip", zip(&[stored("x.zip", &zip(&pair()))]));
}

/// An archive as PyTorch packs it: sizes behind the members, filling before them, and two ends.
fn torch(members: &[Packed], filling: &[u8]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let member = Packed { flags: 0x808, mode: 0, ..member.clone() };
        directory.extend(entry(&member, bytes.len() as u32));
        let extra = [b"FB", &(filling.len() as u16).to_le_bytes()[..], filling].concat();
        let unsaid = Packed { crc: 0, size: 0, packed: Vec::new(), extra, ..member.clone() };
        bytes.extend(local(&unsaid));
        bytes.extend(&member.packed);
        bytes.extend(b"PK\x07\x08");
        for long in [member.crc, member.size, member.size] {
            bytes.extend(long.to_le_bytes());
        }
    }
    let (count, start) = (members.len() as u64, (bytes.len() + directory.len()) as u64);
    let mut wide = b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x1e\x03\x2d\0\0\0\0\0\0\0\0\0".to_vec();
    for long in [count, count, directory.len() as u64, bytes.len() as u64] {
        wide.extend(long.to_le_bytes());
    }
    wide.extend(b"PK\x06\x07\0\0\0\0");
    wide.extend(start.to_le_bytes());
    wide.extend(1u32.to_le_bytes());
    let last = end(count as u16, directory.len() as u32, bytes.len() as u32);
    [bytes, directory, wide, last].concat()
}

#[test]
fn archives_as_pytorch_packs_them_are_read() {
    let members = [stored("a/data.pkl", b"\x80\x02}."), stored("a/version", b"3\n")];
    opened("a.pt", torch(&members, b"ZZZZ"));
    let plain = torch(&pair(), b"ZZZZ");
    opened("a.zip", plain.clone());
    assert!(!amiss("a.zip", torch(&pair(), b"hide")).is_empty());
    let place = |mark: &[u8]| plain.windows(4).position(|window| window == mark).unwrap();
    for (what, at) in [
        ("another checksum behind a member", place(b"PK\x07\x08") + 4),
        ("another size behind a member", place(b"PK\x07\x08") + 8),
        ("another number of members in the long end", place(b"PK\x06\x06") + 24),
        ("another directory in the long end", place(b"PK\x06\x06") + 48),
        ("another place of the long end", place(b"PK\x06\x07") + 8),
    ] {
        let mut bent = plain.clone();
        bent[at] ^= 1;
        assert!(!amiss("a.zip", bent).is_empty(), "{what} is let through");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let bomb = |bytes: usize| {
        let zeros = vec![b'0'; bytes];
        let member = Packed { method: 8, packed: deflated(&zeros), ..stored("a.txt", &zeros) };
        zip(&[member])
    };
    opened("a.zip", bomb(100_000));
    assert!(amiss("a.zip", bomb(20 << 20)).concat().contains("100 times"));
    let many: Vec<_> = (0..10_001).map(|at| stored(&format!("{at}.txt"), b"0")).collect();
    assert!(amiss("a.zip", zip(&many)).concat().contains("10001 members"));
    let mut stream = GzEncoder::new(Vec::new(), flate2::Compression::best());
    stream.write_all(&vec![0; 20 << 20]).unwrap();
    assert!(amiss("a.txt.gz", stream.finish().unwrap()).concat().contains("100 times"));
}

#[test]
fn an_archive_says_which_file_in_it_is_amiss() {
    let found = amiss("a.zip", zip(&[stored("a.csv", TABLE), stored("deep/b.json", b"{")]));
    assert!(found.len() == 1 && found[0].starts_with("F1: `deep/b.json`: "), "{found:?}");
    let inner = zip(&[stored("run.exe", b"MZ\x90\0\x03\0\0\0\x04")]);
    let found = amiss("a.zip", zip(&[stored("x.zip", &inner)]));
    assert!(found.len() == 1 && found[0].starts_with("F1: `x.zip: run.exe`: no check reads"), "{found:?}");
}

/// A member of a tar archive, with its header's checksum put right after a change.
fn block(name: &str, kind: u8, body: &[u8], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
    header[136..147].copy_from_slice(b"14000000000");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    change(&mut header);
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header.extend(body);
    header.resize(header.len().next_multiple_of(512), 0);
    header
}

fn tar(members: &[Vec<u8>]) -> Vec<u8> {
    [members.concat(), vec![0; 1024]].concat()
}

#[test]
fn tar_archives_that_hide_something_block() {
    let plain = block("a.csv", b'0', TABLE, |_| ());
    let bent = |change: fn(&mut [u8])| tar(&[block("a.csv", b'0', TABLE, change)]);
    let of = |kind: u8, name: &str, body: &[u8]| tar(&[block(name, kind, body, |_| ()), plain.clone()]);
    let described = |pair: &str| of(b'x', "pax", format!("{} {pair}\n", pair.len() + 4).as_bytes());
    let mut filled = tar(slice::from_ref(&plain));
    filled[600] = b'x';
    let mut sum = tar(slice::from_ref(&plain));
    sum[150] ^= 1;
    let hostile = vec![
        ("a hard link", of(b'1', "b.csv", b"")),
        ("a symbolic link", of(b'2', "b.csv", b"")),
        ("a device", of(b'3', "b.csv", b"")),
        ("a block device", of(b'4', "b.csv", b"")),
        ("a pipe", of(b'6', "b.csv", b"")),
        ("a contiguous file", of(b'7', "b.csv", b"x")),
        ("a sparse file", of(b'S', "b.csv", b"x")),
        ("a long link", of(b'K', "b.csv", b"x")),
        ("a volume", of(b'V', "b.csv", b"")),
        ("words for all", of(b'g', "pax", b"15 comment=xxx\n")),
        ("a comment", described("comment=hidden")),
        ("a sparse map", described("GNU.sparse.size=100000")),
        ("a link's path", described("linkpath=b.csv")),
        ("a broken description", of(b'x', "pax", b"99 path=b.csv\n")),
        ("a huge size", described("size=18446744073709551000")),
        ("a size beyond all numbers", described("size=99999999999999999999")),
        ("a traversing description", described("path=../../b.csv")),
        ("a time that is a text", described("mtime=hidden")),
        ("a long traversing name", of(b'L', "x", b"../b.csv\0")),
        ("traversal", of(b'0', "../b.csv", b"x")),
        ("an absolute name", of(b'0', "/b.csv", b"x")),
        ("the same name", of(b'0', "A.csv", TABLE)),
        ("a folder with content", of(b'5', "x", b"hidden")),
        ("bytes behind a name", bent(|h| h[50..56].copy_from_slice(b"hidden"))),
        ("bytes in the spare room", bent(|h| h[504..510].copy_from_slice(b"hidden"))),
        ("a link's name", bent(|h| h[157] = b'x')),
        ("a size that is no number", bent(|h| h[124] = b'x')),
        ("a size beyond the end", bent(|h| h[124] = b'7')),
        ("a negative size", bent(|h| h[124] = 0xff)),
        ("a device's number", bent(|h| h[335] = b'7')),
        ("bytes behind a member", filled),
        ("a wrong checksum", sum),
        ("bytes behind the end", [tar(slice::from_ref(&plain)), b"hidden".to_vec()].concat()),
        ("an archive behind the end", [tar(slice::from_ref(&plain)), tar(slice::from_ref(&plain))].concat()),
        ("no end", plain.clone()),
        ("one block of zeros", [plain.clone(), vec![0; 512]].concat()),
        ("half of it", plain[..700].to_vec()),
        ("a description of nothing", tar(&[plain.clone(), block("x", b'L', b"b.csv\0", |_| ())])),
        ("a zip at the end", [tar(slice::from_ref(&plain)), zip(&pair())].concat()),
    ];
    all_blocked(("a.tar", tar(slice::from_ref(&plain))), hostile);
}

#[test]
fn streams_that_hide_something_block() {
    let stream = |flags: u8, fields: &[u8]| {
        let start = [&[0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3], fields, &deflated(TABLE)].concat();
        [&start[..], &crc(TABLE).to_le_bytes(), &(TABLE.len() as u32).to_le_bytes()].concat()
    };
    let plain = stream(0, b"");
    let mut sum = plain.clone();
    let at = sum.len() - 8;
    sum[at] ^= 1;
    let mut size = plain.clone();
    size[at + 4] ^= 1;
    let hostile = vec![
        ("another name", stream(8, b"hidden\0")),
        ("a path", stream(8, b"../a.csv\0")),
        ("a comment", stream(16, b"hidden\0")),
        ("fields", stream(4, b"\x06\0hidden")),
        ("an unknown flag", stream(32, b"")),
        ("a name without an end", stream(8, b"")[..10].to_vec()),
        ("another method", [&plain[..2], &[7], &plain[3..]].concat()),
        ("two streams", [&plain[..], &plain].concat()),
        ("bytes behind", [&plain[..], b"hidden"].concat()),
        ("zeros behind", [&plain[..], &[0; 512]].concat()),
        ("a wrong checksum", sum),
        ("a wrong size", size),
        ("half of it", plain[..plain.len() / 2].to_vec()),
        ("its header alone", plain[..10].to_vec()),
    ];
    all_blocked(("a.csv.gz", plain.clone()), hostile);
    opened("a.csv.gz", stream(8, b"a.csv\0"));
    assert!(!amiss("a.gz", plain.clone()).is_empty(), "what is in it has no name");
    assert!(!amiss("a.json.gz", plain).is_empty(), "what is in it has another name");
}

#[test]
fn what_is_called_a_model_is_a_matter_of_the_pickle_reader() {
    let mut stream = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    stream.write_all(b"\x80\x04}.").unwrap();
    opened("a.joblib", stream.finish().unwrap());
    opened("a.pkl", b"\x80\x04}.".to_vec());
    opened("a.pkl", b"(dp0\n.".to_vec());
    let torch = zip(&[stored("a/data.pkl", b"\x80\x02}."), stored("a/version", b"3\n")]);
    opened("a.pt", torch.clone());
    assert!(!amiss("a.zip", torch).is_empty());
}
