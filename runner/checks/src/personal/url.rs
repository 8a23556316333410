//! Addresses with a password in them.

use super::Hit;
use super::kind::Kind;
use super::page::Page;
use super::value::is_blank;

/// What stands between the scheme and the rest.
pub(super) const MARK: &str = "://";
/// Longest scheme, and longest rest up to the host.
const SCHEME: usize = 24;
const USER: usize = 512;
const HOST: usize = 256;

/// Reads the address whose `://` is at a place: `scheme://user:password@host` (RFC 3986, section 3.2.1). The user may be missing.
pub(super) fn read(page: &Page<'_>, mark: usize) -> Option<Hit> {
    let start = page.run_back(mark, SCHEME, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let from = mark + MARK.len();
    let authority = page.part(from, page.run(from, USER, is_authority));
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let end = page
        .run(from + user.len() + 1, HOST, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
    let known = start < mark && !password.is_empty() && !is_blank(password);
    known.then_some(Hit { kind: Kind::UrlPassword, start, end })
}

fn is_authority(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'|')
}

#[cfg(test)]
mod tests;
