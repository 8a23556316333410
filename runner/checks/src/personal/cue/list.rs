//! The words that are cues.

use super::Look;
use crate::personal::assigned::Word;
use crate::personal::sieve::Sieve;
use crate::personal::title::TITLES;
use crate::personal::token::TOKENS;
use crate::personal::{jwt, pem, url};
use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};
use std::sync::LazyLock;

const MARKS: [(&str, Look); 6] = [
    (url::MARK, Look::Url),
    (pem::BEGIN, Look::Block),
    (pem::PUTTY, Look::Putty),
    (jwt::BEGIN, Look::WebToken),
    ("bearer ", Look::Assigned(Word::Bearer)),
    ("basic ", Look::Assigned(Word::Basic)),
];
/// Small letters stand for capitals, too, but for those with accents.
const PASSWORDS: &str = "password|passwd|passwort|passwuert|passphrase|kennwort|pwd|wachtwoord|motdepasse|mot de passe|\
     mot_de_passe|mdp|pass|zugangscode";
const KEYS: &str = "secret|geheim|geheimnis|geheime sleutel|token|jeton|credential|api_key|api-key|api key|apikey|access_key|\
     access-key|access key|accesskey|auth_key|auth-key|authkey|private_key|private-key|privatekey|signing_key|encryption_key|\
     master_key|accountkey|api-schlüssel|api-schlÜssel|api-schluessel|api-sleutel|clé api|clÉ api|cle api|clé d'api|clÉ d'api|\
     cle d'api|clé secrète|cle secrete";
const LABELS: &str = "name|nom|naam|numm|patient|patiënt|patiËnt";

/// All cues, and what each of them asks for.
pub(super) struct List {
    /// Passes over what can't be a cue.
    pub(super) sieve: Sieve,
    finder: AhoCorasick,
    looks: Vec<Look>,
}

pub(super) static LIST: LazyLock<Option<List>> = LazyLock::new(|| {
    let words = |words: &'static str, look| words.split('|').map(move |word| (word.to_owned(), look));
    let titles = TITLES.iter().flat_map(|title| [format!("{title} "), format!("{title}. ")]);
    let cues: Vec<(String, Look)> = MARKS
        .map(|(word, look)| (word.to_owned(), look))
        .into_iter()
        .chain(TOKENS.iter().map(|token| (token.prefix.to_owned(), Look::Token)))
        .chain(words(PASSWORDS, Look::Assigned(Word::Password)))
        .chain(words(KEYS, Look::Assigned(Word::Key)))
        .chain(words(LABELS, Look::Label))
        .chain(titles.map(|title| (title, Look::Title)))
        .collect();
    let finder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::LeftmostLongest)
        .build(cues.iter().map(|(word, _)| word))
        .ok()?;
    let sieve = Sieve::new(cues.iter().map(|(word, _)| word.as_str()));
    Some(List { sieve, finder, looks: cues.into_iter().map(|(_, look)| look).collect() })
});

impl List {
    /// The longest cue that begins at a place: where it ends, and what it asks for.
    pub(super) fn read(&self, text: &[u8], start: usize) -> Option<(usize, Look)> {
        let found = self.finder.find(Input::new(text).range(start..).anchored(Anchored::Yes))?;
        Some((found.end(), *self.looks.get(found.pattern().as_usize())?))
    }
}

/// Whether a name ends with a word for secrets.
pub(in crate::personal) fn ends_secret(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    PASSWORDS.split('|').chain(KEYS.split('|')).any(|word| name.ends_with(word))
}
