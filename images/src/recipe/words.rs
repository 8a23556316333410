//! The words of a recipe: what each may be. They end up in a command line and in a shell script, so none may hold a
//! character that means something there.

use super::fault::{Faults, among};
use super::text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Says what a word means, or what is wrong with it.
type Read<'a, T> = &'a dyn Fn(&str) -> Result<T, String>;

/// The values of a recipe's keys.
pub(super) struct Words<'a, 'f, 't> {
    pub table: &'a DeTable<'a>,
    pub faults: &'f mut Faults<'t>,
}

impl Words<'_, '_, '_> {
    pub(super) fn one<T>(&mut self, key: &str, read: Read<'_, T>) -> Option<T> {
        self.required(key);
        self.optional(key, read)
    }

    pub(super) fn required(&mut self, key: &str) {
        if !self.table.contains_key(key) {
            self.faults.add(0..0, format!("the key `{key}` is missing; every recipe has one"));
        }
    }

    pub(super) fn optional<T>(&mut self, key: &str, read: Read<'_, T>) -> Option<T> {
        let value = self.table.get(key)?;
        self.word(key, value, read)
    }

    pub(super) fn list<T>(&mut self, key: &str, read: Read<'_, T>) -> Vec<T> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            let message = format!(
                "`{key}` takes a list of words, not the type `{}`; write `[\"...\"]`",
                value.get_ref().type_str()
            );
            self.faults.add(value.span(), message);
            return Vec::new();
        };
        let mut seen = Vec::new();
        let mut list = Vec::new();
        for value in array.iter() {
            if let Some(word) = text(value) {
                if seen.contains(&word) {
                    self.faults.add(value.span(), format!("`{word}` stands twice; take one away"));
                }
                seen.push(word);
            }
            list.extend(self.word(key, value, read));
        }
        list
    }

    fn word<T>(&mut self, key: &str, value: &Spanned<DeValue<'_>>, read: Read<'_, T>) -> Option<T> {
        let read = match text(value) {
            Some(word) => read(word),
            None => Err(format!("`{key}` takes words, not the type `{}`; write `\"...\"`", value.get_ref().type_str())),
        };
        read.map_err(|message| self.faults.add(value.span(), message)).ok()
    }
}

pub(super) fn name(word: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let good = (1..=64).contains(&word.len()) && word.bytes().all(plain) && !word.starts_with(['-', '.']);
    good.then(|| word.to_owned())
        .ok_or_else(|| format!("`{word}` can't name an image; use small letters, digits, `-`, `_` and `.`, at most 64"))
}

pub(super) fn component(word: &str) -> Result<String, String> {
    const KNOWN: [&str; 4] = ["main", "contrib", "non-free", "non-free-firmware"];
    let known = KNOWN.contains(&word).then(|| word.to_owned());
    known.ok_or_else(|| format!("no component of Debian is called `{word}`; {}", among(word, &KNOWN)))
}

/// A package, with `=VERSION` to pin one.
pub(super) fn package(word: &str) -> Result<String, String> {
    let (package, version) = word.split_once('=').unwrap_or((word, "0"));
    let version_fits = |byte: u8| byte.is_ascii_alphanumeric() || b".+~:-".contains(&byte);
    if is_package(package, b"+.-") && !version.is_empty() && version.bytes().all(version_fits) {
        return Ok(word.to_owned());
    }
    let lower = word.to_ascii_lowercase().replace('_', "-");
    let hint = match () {
        () if word.contains("==") => format!("did you mean `{}`? two signs are pip's", word.replace("==", "=")),
        () if lower != word && is_package(&lower, b"+.-") => format!("did you mean `{lower}`?"),
        () => "use small letters, digits, `+`, `-` and `.`, and `=` before a version".to_owned(),
    };
    Err(format!("`{word}` can't be a Debian package; {hint}"))
}

/// Packages as a shell pattern.
pub(super) fn pattern(word: &str) -> Result<String, String> {
    let all = word.bytes().all(|byte| b"*?".contains(&byte));
    (is_package(word, b"+.-*?") && !all).then(|| word.to_owned()).ok_or_else(|| {
        format!("`{word}` can't stand for Debian packages; use small letters, digits, `+`, `-`, `.`, `*` and `?`")
    })
}

/// Paths of the image as a shell pattern.
pub(super) fn path(word: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._+@:=,-*?".contains(&byte);
    let Some(rest) = word.strip_prefix('/') else {
        return Err(format!("`{word}` isn't a path from the root of the image; did you mean `/{word}`?"));
    };
    let whole = rest.bytes().all(|byte| b"/*?.".contains(&byte));
    if whole || rest.split('/').any(|part| part == "..") {
        return Err(format!("`{word}` would remove more than a part of the image; name a directory below `/`"));
    }
    let good = word.len() <= 1024 && word.bytes().all(plain);
    good.then(|| word.to_owned())
        .ok_or_else(|| format!("`{word}` can't be a pattern for paths; use letters, digits, `*`, `?` and `/._+@:=,-`"))
}

/// A file that stands beside the recipe.
pub(super) fn file(word: &str) -> Result<String, String> {
    let good = !word.is_empty() && !word.contains('/') && !word.starts_with('.') && !word.chars().any(char::is_control);
    good.then(|| word.to_owned())
        .ok_or_else(|| format!("`{word}` isn't a file beside the recipe; put it there and give its name alone"))
}

fn is_package(word: &str, also: &[u8]) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (2..=128).contains(&word.len())
        && word.bytes().next().is_some_and(|byte| plain(byte) || (byte == b'*' && also.contains(&byte)))
        && word.bytes().all(|byte| plain(byte) || also.contains(&byte))
}
