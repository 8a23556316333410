//! The block before a member of a tar archive.

use crate::anatomy::Fault;
use crate::formats::walk::Walk;

/// Bytes of a block.
pub(super) const BLOCK: u64 = 512;
/// Where the header's own checksum stands; it is summed as if it were spaces.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// What a header says of its member.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) size: u64,
    /// The type flag.
    pub(super) kind: u8,
    /// The names of its user and group.
    pub(super) owners: Vec<String>,
}

/// Whether these first bytes of a file are the header of a member.
pub(crate) fn begins(head: &[u8]) -> bool {
    let block = head.get(..BLOCK as usize).unwrap_or(&[]);
    block.get(257..262) == Some(b"ustar") && sum(block).is_some()
}

impl Header {
    /// Reads a block, in which nothing may stand but what describes the member.
    pub(super) fn read(block: &[u8], at: u64) -> Result<Self, Fault> {
        let fault = |what: &str| Fault::at(at, what);
        sum(block).ok_or_else(|| fault("a header's checksum is wrong"))?;
        let mut walk = Walk::new(block, at);
        let name = text(walk.take(100)?, at)?;
        let _mode_and_ids = (number(walk.take(8)?), number(walk.take(8)?), number(walk.take(8)?));
        let size = number(walk.take(12)?).ok_or_else(|| fault("a member's size is broken"))?;
        let time = number(walk.take(12)?);
        walk.take(8)?;
        let kind = walk.u8()?;
        let link = text(walk.take(100)?, at)?;
        let signature = walk.take(8)?;
        let gnu = signature == b"ustar  \0";
        if time.is_none() || !gnu && signature != b"ustar\x0000" {
            return Err(fault("a header is of a kind that no check reads"));
        }
        let owners = vec![text(walk.take(32)?, at)?, text(walk.take(32)?, at)?];
        let devices = [number(walk.take(8)?), number(walk.take(8)?)];
        // In GNU's own form the rest is for times and for files with holes.
        let prefix = if gnu { String::new() } else { text(walk.take(155)?, at)? };
        if !link.is_empty() || devices != [Some(0); 2] || walk.rest().iter().any(|byte| *byte != 0) {
            return Err(fault("a header holds more than its file's name, size and time"));
        }
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let owners = owners.into_iter().filter(|owner| !owner.is_empty()).collect();
        Ok(Self { name, size, kind, owners })
    }
}

/// The sum of a block, if it is the one that stands in it.
fn sum(block: &[u8]) -> Option<u64> {
    let told = number(block.get(CHECKSUM)?)?;
    let byte = |(at, byte): (usize, &u8)| u64::from(if CHECKSUM.contains(&at) { b' ' } else { *byte });
    let sum = block.iter().enumerate().map(byte).sum();
    (told == sum).then_some(sum)
}

/// A text that fills a field, or ends with zeros alone.
fn text(field: &[u8], at: u64) -> Result<String, Fault> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let (text, filling) = field.split_at_checked(end).unwrap_or((field, &[]));
    if filling.iter().any(|byte| *byte != 0) {
        return Err(Fault::at(at, "something stands behind a name's end"));
    }
    String::from_utf8(text.to_vec()).map_err(|_| Fault::at(at, "a name isn't UTF-8"))
}

/// A number in octal digits, or with its highest bit set in plain bytes, as GNU tar writes long ones.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((0x80, rest)) = field.split_first() {
        return rest.iter().try_fold(0u64, |all, byte| all.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}
