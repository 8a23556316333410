//! E-mail addresses.

use super::Hit;
use super::kind::Kind;
use super::page::Page;
use super::words::{List, list};

/// Longest part before the at sign, longest domain, longest label of it (RFC 5321, section 4.5.3.1; RFC 1035, section 2.3.4).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;
const LABEL: usize = 63;
/// Endings of files, which no top-level domain is called: `icon@2x.png` is no address.
static FILES: List = List::new(|| {
    list("png jpg jpeg gif svg webp pdf csv tsv txt json yaml yml xml html css js ts pkl npz npy log bin tar")
});
/// Top-level domains of three letters and more that many people use, and those that stand for examples (RFC 2606). There are
/// more than a thousand others, and parts of programs look like them: `fit@coef.names`.
static TOPS: List = List::new(|| {
    list(
        "com org net edu gov mil int info biz name pro eu aero coop museum jobs mobi travel asia cat tel post arpa \
         example test invalid app dev cloud online site website tech digital software systems solutions services agency company \
         group team work email mail chat blog news media press art design studio shop store space world life live today zone \
         network center community foundation ngo ong charity global international institute academy education school science \
         study training university college health healthcare hospital clinic doctor dental dentist care surgery pharmacy vet bio \
         legal law lawyer attorney tax finance bank insurance consulting expert partners berlin hamburg koeln cologne bayern ruhr \
         nrw saarland wien tirol swiss paris alsace bzh corsica brussels vlaanderen gent amsterdam frl london wales cymru scot \
         irish eus gal barcelona madrid nyc family gmbh ltd haus immo reisen versicherung",
    )
});

/// Reads the address whose at sign is at a place, no part of it before `floor`.
pub(super) fn read(page: &Page<'_>, sign: usize, floor: usize) -> Option<Hit> {
    let start = local(page, sign)?.max(floor);
    let (end, known) = domain(page, sign + 1)?;
    // With another top-level domain it looks like an address on the left side, or is marked as one.
    let marked =
        page.part(start, sign).contains('.') || page.back(start, 1) == b'<' || page.before(start, 7) == "mailto:";
    // `git@host:path` is where a repository is.
    let repository = page.part(start, sign) == "git" && page.byte(end) == b':';
    (start < sign && (known || marked) && !repository && !is_user(page, start)).then_some(Hit {
        kind: Kind::Email,
        start,
        end,
    })
}

/// Whether what begins at a place belongs to the user and password of a URL.
fn is_user(page: &Page<'_>, start: usize) -> bool {
    let from = page
        .run_back(start, LOCAL, |byte| byte > b' ' && !matches!(byte, b'/' | b'"' | b'\'' | b'<' | b'>' | b'?' | b'#'));
    page.back(from, 1) == b'/' && page.back(from, 2) == b'/'
}

/// Where the part before the at sign begins: letters of any alphabet, digits, and of the other characters that RFC 5322 allows
/// those that people use.
fn local(page: &Page<'_>, sign: usize) -> Option<usize> {
    let is_mark = |c: char| matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '&' | '~');
    // More than there may be, to tell what is too long.
    let before = page.before(sign, LOCAL + 8);
    let text = before.rsplit(|c: char| !c.is_alphanumeric() && !is_mark(c)).next()?;
    let text = text.trim_start_matches(['.', '\'', '-', '&', '~']);
    (!text.is_empty() && text.len() <= LOCAL && !text.ends_with('.')).then_some(sign - text.len())
}

/// Where the domain ends, and whether its last label is a well-known one: labels with points between them, the last one of
/// letters.
fn domain(page: &Page<'_>, from: usize) -> Option<(usize, bool)> {
    let rest = page.after(from, DOMAIN);
    let (mut length, mut found, mut first) = (0, None, "");
    for label in rest.split('.') {
        let own = label.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
        if own.is_empty() || own.len() > LABEL || own.starts_with('-') || own.ends_with('-') {
            break;
        }
        match length {
            0 => first = own,
            _ if is_top(own) && !is_version(first, own) => found = Some((from + length + own.len(), is_known(own))),
            _ => {}
        }
        if own.len() < label.len() {
            break;
        }
        length += label.len() + 1;
    }
    found.filter(|(end, _)| !matches!(page.byte(*end), b'_' | b'('))
}

fn is_top(label: &str) -> bool {
    let letters = label.chars().all(char::is_alphabetic) || label.starts_with("xn--");
    letters && label.chars().count() > 1 && !FILES.contains(label.to_ascii_lowercase().as_str())
}

/// Countries have two letters, and names in other alphabets are no part of a program.
fn is_known(label: &str) -> bool {
    label.len() == 2
        || !label.is_ascii()
        || label.starts_with("xn--")
        || TOPS.contains(label.to_ascii_lowercase().as_str())
}

/// Whether this is a version or a number of places, as in `package@1.3.0-rc.b` and `hits@10.mean`; providers with a number for a
/// name are in few domains.
fn is_version(first: &str, top: &str) -> bool {
    first.bytes().all(|byte| byte.is_ascii_digit())
        && !matches!(top.to_ascii_lowercase().as_str(), "com" | "net" | "org")
}

#[cfg(test)]
mod tests;
