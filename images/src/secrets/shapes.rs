//! Keys that can be known by their form alone.

use super::Kind;
use regex::bytes::{Regex, RegexSet};
use std::sync::LazyLock;

/// The forms, as their makers document them. A word boundary before each keeps out the middle of other words.
/// Bytes that are no text are searched too, so a boundary is one of ASCII.
const SHAPES: [(&str, Kind); 29] = [
    (r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----", Kind::PrivateKey),
    // PKCS#8 (RFC 5958) as bytes: Ed25519 (RFC 8410), then RSA and elliptic curves; and the first of them as base64.
    (r"\x06\x03\x2b\x65\x70\x04\x22\x04\x20", Kind::PrivateKey),
    (
        r"\x02\x01\x00\x30.{1,2}\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00|\x07\x2a\x86\x48\xce\x3d\x02\x01)",
        Kind::PrivateKey,
    ),
    (r"\bM[A-Za-z0-9]{6}wBQYDK2VwBCIEI", Kind::PrivateKey),
    (r"PuTTY-User-Key-File-[23]:", Kind::PrivateKey),
    (r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b", Kind::PrivateKey),
    (r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", Kind::Token("Amazon Web Services")),
    (r"\bgh[pousr]_[A-Za-z0-9]{36,}\b", Kind::Token("GitHub")),
    (r"\bgithub_pat_[A-Za-z0-9_]{50,}", Kind::Token("GitHub")),
    (r"\bgl(?:pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20,}", Kind::Token("GitLab")),
    (r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}", Kind::Token("Slack")),
    (r"\bxapp-[0-9]-[A-Z0-9]+-[0-9]+-[0-9a-f]{40,}", Kind::Token("Slack")),
    (r"\bAIza[0-9A-Za-z_-]{35}", Kind::Token("Google")),
    (r"\bya29\.[0-9A-Za-z_-]{30,}", Kind::Token("Google")),
    (r"\bGOCSPX-[0-9A-Za-z_-]{28}", Kind::Token("Google")),
    (r"\b[srp]k_live_[0-9A-Za-z]{20,}", Kind::Token("Stripe")),
    (r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,}", Kind::Token("Anthropic")),
    (r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}", Kind::Token("OpenAI")),
    (r"\bhf_[A-Za-z]{34}\b", Kind::Token("Hugging Face")),
    (r"\bnpm_[A-Za-z0-9]{36}\b", Kind::Token("npm")),
    (r"\bpypi-AgE[A-Za-z0-9_-]{50,}", Kind::Token("PyPI")),
    (r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b", Kind::Token("SendGrid")),
    (r"\bAccountKey=[A-Za-z0-9+/]{86}==", Kind::Token("Azure")),
    (r"\bhv[sb]\.[A-Za-z0-9_-]{24,}", Kind::Token("Vault")),
    (r"\bdo[opr]_v1_[0-9a-f]{64}\b", Kind::Token("DigitalOcean")),
    (r"\bdapi[0-9a-f]{32}\b", Kind::Token("Databricks")),
    (r"\bsemla_[a-z0-6]{40}\b", Kind::Token("semla")),
    (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", Kind::JsonWebToken),
    (r"://[^\s/:@'\x22<>{}$%]{1,64}:([^\s/:@'\x22<>{}$%*]{6,})@[A-Za-z0-9.-]", Kind::UrlPassword),
];

static SET: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(SHAPES.map(|(form, _)| ascii(form))).ok());
static URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let (form, _) = SHAPES.iter().find(|(_, kind)| *kind == Kind::UrlPassword)?;
    Regex::new(&ascii(form)).ok()
});

fn ascii(form: &str) -> String {
    format!("(?-u){form}")
}

/// What is in a line.
pub(super) fn find(line: &[u8]) -> Vec<Kind> {
    let Some(set) = SET.as_ref() else { return Vec::new() };
    let found = set.matches(line);
    let kinds = found.iter().filter_map(|at| SHAPES.get(at)).map(|(_, kind)| *kind);
    kinds.filter(|kind| *kind != Kind::UrlPassword || has_password(line)).collect()
}

/// Manuals write `user:password@host`.
fn has_password(line: &[u8]) -> bool {
    let Some(url) = URL.as_ref() else { return true };
    url.captures_iter(line)
        .filter_map(|found| found.get(1))
        .any(|found| !super::assigned::is_placeholder(found.as_bytes()))
}

#[cfg(test)]
pub(super) fn ready() -> bool {
    SET.is_some() && URL.is_some()
}
