//! JSON web tokens.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_base64url};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How a token begins: the base64 of a brace and a quotation mark.
pub(super) const BEGIN: &str = "eyJ";
/// Longest header and longest other part that are read.
const HEADER: usize = 4096;
const PART: usize = 1 << 16;

/// Reads the token that begins at a place: three or five parts with points between them, the first one an object that names an
/// algorithm (RFC 7519, section 3; RFC 7515 and 7516, section 3.1). Its signature may be empty.
pub(super) fn read(page: &Page<'_>, start: usize) -> Option<Hit> {
    if !page.starts(start, BEGIN) || is_base64url(page.back(start, 1)) {
        return None;
    }
    let header = page.run(start, HEADER, is_base64url);
    let body = header + 1;
    let payload = page.run(body, PART, is_base64url);
    if page.byte(header) != b'.' || page.byte(payload) != b'.' {
        return None;
    }
    let json = BASE64_URL_SAFE_NO_PAD.decode(page.part(start, header)).ok()?;
    let header: Map<String, Value> = serde_json::from_slice(&json).ok()?;
    // The second part of a sealed token is its key, and may be none.
    let parts = if header.contains_key("enc") { 3 } else { 1 };
    let mut end = payload;
    for _ in 0..parts {
        end = if page.byte(end) == b'.' { page.run(end + 1, PART, is_base64url) } else { return None };
    }
    let whole = header.contains_key("alg") && (parts > 1 || payload > body);
    whole.then_some(Hit { kind: Kind::WebToken, start, end })
}

#[cfg(test)]
mod tests;
