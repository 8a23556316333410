//! Tokens that carry their issuer's prefix.

use super::Hit;
use super::kind::Kind;
use super::page::{Page, is_base64, is_base64url};
use super::random::{distinct, is_random, joints};

/// A form that an issuer gives to its tokens, as it documents it.
pub(super) struct Token {
    pub(super) prefix: &'static str,
    kind: Kind,
    /// What follows the prefix.
    of: fn(u8) -> bool,
    least: usize,
    most: usize,
}

/// Fewer different characters are a row of crosses that stands for a token.
const DISTINCT: u32 = 8;
/// A part of a token in which letters and digits change so often is no word.
const JOINTS: usize = 3;
/// Most characters of a token that has no length of its own.
const ANY: usize = 512;

/// All forms. A prefix that begins another one comes after it.
pub(super) const TOKENS: [Token; 46] = [
    of("AKIA", Kind::AwsKey, is_base32, 16, 16),
    of("ASIA", Kind::AwsKey, is_base32, 16, 16),
    of("AccountKey=", Kind::AzureKey, is_padded, 88, 88),
    of("SharedAccessKey=", Kind::AzureKey, is_padded, 44, 44),
    of("ghp_", Kind::GithubToken, is_alphanumeric, 36, 255),
    of("gho_", Kind::GithubToken, is_alphanumeric, 36, 255),
    of("ghu_", Kind::GithubToken, is_alphanumeric, 36, 255),
    of("ghs_", Kind::GithubToken, is_alphanumeric, 36, 255),
    of("ghr_", Kind::GithubToken, is_alphanumeric, 36, 255),
    of("github_pat_", Kind::GithubToken, is_base64url, 82, 255),
    of("glpat-", Kind::GitlabToken, is_dotted, 20, ANY),
    of("gldt-", Kind::GitlabToken, is_dotted, 20, ANY),
    of("glrt-", Kind::GitlabToken, is_dotted, 20, ANY),
    of("glptt-", Kind::GitlabToken, is_dotted, 20, ANY),
    of("xoxb-", Kind::SlackToken, is_base64url, 24, ANY),
    of("xoxp-", Kind::SlackToken, is_base64url, 24, ANY),
    of("xoxa-", Kind::SlackToken, is_base64url, 24, ANY),
    of("xoxr-", Kind::SlackToken, is_base64url, 24, ANY),
    of("xoxs-", Kind::SlackToken, is_base64url, 24, ANY),
    of("xapp-", Kind::SlackToken, is_base64url, 24, ANY),
    of("AIza", Kind::GoogleKey, is_base64url, 35, 35),
    of("GOCSPX-", Kind::GoogleKey, is_base64url, 28, 28),
    of("ya29.", Kind::GoogleKey, is_dotted, 40, ANY),
    of("sk_live_", Kind::StripeKey, is_alphanumeric, 24, 255),
    of("rk_live_", Kind::StripeKey, is_alphanumeric, 24, 255),
    of("whsec_", Kind::StripeKey, is_padded, 32, 255),
    of("sk-ant-", Kind::ModelKey, is_base64url, 32, ANY),
    of("sk-proj-", Kind::ModelKey, is_base64url, 32, ANY),
    of("sk-svcacct-", Kind::ModelKey, is_base64url, 32, ANY),
    of("sk-or-v1-", Kind::ModelKey, is_alphanumeric, 64, 64),
    of("sk-", Kind::ModelKey, is_alphanumeric, 32, 64),
    of("nvapi-", Kind::ModelKey, is_base64url, 64, ANY),
    of("gsk_", Kind::ModelKey, is_alphanumeric, 52, 52),
    of("r8_", Kind::ModelKey, is_alphanumeric, 37, 37),
    of("hf_", Kind::HuggingFaceToken, is_alphanumeric, 34, 40),
    of("npm_", Kind::NpmToken, is_alphanumeric, 36, 36),
    of("pypi-AgE", Kind::PypiToken, is_base64url, 50, ANY),
    of("semla_", Kind::SemlaToken, is_small, 40, 40),
    of("SG.", Kind::ServiceToken, is_dotted, 66, 66),
    of("hvs.", Kind::ServiceToken, is_base64url, 24, 255),
    of("hvb.", Kind::ServiceToken, is_base64url, 24, 255),
    of("dop_v1_", Kind::ServiceToken, is_hex, 64, 64),
    of("doo_v1_", Kind::ServiceToken, is_hex, 64, 64),
    of("dapi", Kind::ServiceToken, is_hex, 32, 32),
    of("AGE-SECRET-KEY-1", Kind::PrivateKey, is_upper, 58, 58),
    of("hooks.slack.com/services/", Kind::SlackToken, is_path, 30, 80),
];

const fn of(prefix: &'static str, kind: Kind, of: fn(u8) -> bool, least: usize, most: usize) -> Token {
    Token { prefix, kind, of, least, most }
}

/// Reads the token that begins at a place.
pub(super) fn read(page: &Page<'_>, start: usize) -> Option<Hit> {
    // A prefix inside of a word or a longer name is none.
    if is_base64url(page.back(start, 1)) {
        return None;
    }
    let first = page.byte(start);
    let begins = |token: &&Token| token.prefix.as_bytes().first() == Some(&first) && page.starts(start, token.prefix);
    let token = TOKENS.iter().find(begins)?;
    let from = start + token.prefix.len();
    let end = page.run(from, token.most + 1, token.of);
    let body = page.part(from, end).as_bytes();
    let fits = (token.least..=token.most).contains(&body.len()) && distinct(body) >= DISTINCT;
    // Names that are joined with hyphens may begin like a token.
    let is_joint = |byte: &u8| matches!(byte, b'-' | b'_' | b'.');
    let drawn = !body.iter().any(is_joint) || body.split(is_joint).any(|part| joints(part) >= JOINTS);
    (fits && drawn).then_some(Hit { kind: token.kind, start, end: with_secret(page, token, end) })
}

/// Where an AWS secret key ends that stands beside its id: 40 characters, at most so many bytes behind it.
fn with_secret(page: &Page<'_>, token: &Token, end: usize) -> usize {
    const SECRET: usize = 40;
    const NEAR: usize = 80;
    let mut at = end;
    while token.kind == Kind::AwsKey && at < end + NEAR {
        let from = page.run(at, NEAR, |byte| !is_base64(byte));
        let to = page.run(from, SECRET + 1, is_base64);
        if to - from == SECRET && is_random(page.part(from, to).as_bytes()) {
            return to;
        }
        // The next id has a secret of its own.
        if to == from || page.starts(from, "AKIA") || page.starts(from, "ASIA") {
            break;
        }
        at = page.run(to, NEAR, is_base64);
    }
    end
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_small(byte: u8) -> bool {
    matches!(byte, b'0'..=b'6' | b'a'..=b'z')
}

/// RFC 4648, section 6.
fn is_base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7')
}

fn is_padded(byte: u8) -> bool {
    is_base64(byte) || byte == b'='
}

fn is_dotted(byte: u8) -> bool {
    is_base64url(byte) || byte == b'.'
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'/'
}

#[cfg(test)]
mod tests;
