//! Words beside a number that say what it is.

use super::kind::{Kind, Kinds};
use super::page::Page;
use super::words::fold;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// How far words may stand from a number, in bytes.
const BEFORE: usize = 48;
const AFTER: usize = 32;

/// Words as [`fold`] writes them, with a space where a word has to begin or end.
const WORDS: &[(&str, Kind)] = &[
    (" card ", Kind::Card),
    (" cards ", Kind::Card),
    (" carte ", Kind::Card),
    ("karte ", Kind::Card),
    ("kaart ", Kind::Card),
    (" kaart", Kind::Card),
    ("kreditkart", Kind::Card),
    ("kartennummer", Kind::Card),
    ("creditcard", Kind::Card),
    ("cardnumber", Kind::Card),
    (" visa ", Kind::Card),
    (" mastercard ", Kind::Card),
    (" amex ", Kind::Card),
    (" american express ", Kind::Card),
    (" matricule ", Kind::Matricule),
    (" nir ", Kind::Nir),
    (" insee ", Kind::Nir),
    (" secu ", Kind::Nir),
    (" securite sociale ", Kind::Nir),
    (" social security ", Kind::Nir),
    (" carte vitale ", Kind::Nir),
    (" no ss ", Kind::Nir),
    (" n ss ", Kind::Nir),
    (" rijksregister", Kind::NationalNumber),
    (" registre national ", Kind::NationalNumber),
    (" numero national ", Kind::NationalNumber),
    (" nationalregister", Kind::NationalNumber),
    (" national register ", Kind::NationalNumber),
    (" national number ", Kind::NationalNumber),
    (" nationaal nummer ", Kind::NationalNumber),
    (" niss ", Kind::NationalNumber),
    (" insz ", Kind::NationalNumber),
    (" rrn ", Kind::NationalNumber),
    (" steuer id", Kind::TaxId),
    (" steuerid", Kind::TaxId),
    (" steuerident", Kind::TaxId),
    (" steuerliche ident", Kind::TaxId),
    (" steuernummer ", Kind::TaxId),
    (" identifikationsnummer ", Kind::TaxId),
    (" idnr ", Kind::TaxId),
    (" id nr ", Kind::TaxId),
    (" tin ", Kind::TaxId),
    (" tax id", Kind::TaxId),
    (" taxid", Kind::TaxId),
    (" tax number ", Kind::TaxId),
    (" nhs ", Kind::NhsNumber),
    (" kvnr ", Kind::HealthNumber),
    (" kv nr ", Kind::HealthNumber),
    ("versichertennummer", Kind::HealthNumber),
    ("versichertennr", Kind::HealthNumber),
    ("versicherten nr ", Kind::HealthNumber),
    ("versicherten id ", Kind::HealthNumber),
    ("krankenkasse", Kind::HealthNumber),
    ("krankenversicher", Kind::HealthNumber),
    ("gesundheitskarte", Kind::HealthNumber),
    (" egk ", Kind::HealthNumber),
    (" e gk ", Kind::HealthNumber),
    (" health insurance ", Kind::HealthNumber),
    (" nino ", Kind::Nino),
    (" national insurance ", Kind::Nino),
    (" ni number ", Kind::Nino),
    (" ni no ", Kind::Nino),
];

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(words, _)| words)).ok());

/// The kinds that a text speaks of.
pub(super) fn topics(text: &str) -> Kinds {
    let Some(finder) = FINDER.as_ref() else { return Kinds::default() };
    let folded = fold(text);
    finder
        .find_overlapping_iter(&folded)
        .filter_map(|found| WORDS.get(found.pattern().as_usize()))
        .fold(Kinds::default(), |kinds, (_, kind)| kinds.with(*kind))
}

/// Whether words beside a number, or the header above it, say that it is of a kind. A number may stand on a line of its own below
/// the words.
pub(super) fn names(page: &Page<'_>, start: usize, end: usize, kind: Kind) -> bool {
    if page.header.has(kind) {
        return true;
    }
    let before = page.before(start, BEFORE);
    let lines = before.rmatch_indices('\n').nth(1).and_then(|(at, _)| before.get(at..)).unwrap_or(before);
    topics(lines).has(kind) || topics(line(page.after(end, AFTER))).has(kind)
}

/// A text up to the end of its first line.
pub(super) fn line(text: &str) -> &str {
    text.split_once('\n').map_or(text, |(line, _)| line)
}
