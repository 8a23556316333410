//! `.semlaignore`: what isn't code, one pattern a line.
//!
//! `*` and `?` match within a name, `**` across names. A pattern without `/` matches a name anywhere, one with `/` the
//! path from the directory's root. A `/` at the end matches directories only. Lines that begin with `#` are comments.

use super::IGNORE;
use std::io::{self, Read};
use std::path::Path;

/// What is never code: Python's bytecode, which no reviewer can read.
const BYTECODE: &str = "__pycache__";
/// Longest list, in bytes.
const MOST: u64 = 64 << 10;

/// A list that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum IgnoreError {
    /// It can't be read.
    #[error("failed to read `{IGNORE}`")]
    Read(#[source] io::Error),
    /// It is too long.
    #[error("`{IGNORE}` has more than {MOST} bytes; use patterns")]
    Long,
    /// A line that git would read in another way.
    #[error("{IGNORE}:{line}: `{text}` takes something back in; name only what is left out")]
    Negated {
        /// From 1.
        line: usize,
        /// What stands there.
        text: String,
    },
}

#[derive(Default)]
pub(super) struct Ignored(Vec<Pattern>);

struct Pattern {
    text: Vec<u8>,
    directories: bool,
    anchored: bool,
}

impl Ignored {
    pub(super) fn read(directory: &Path) -> Result<Self, IgnoreError> {
        let mut text = String::new();
        match std::fs::File::open(directory.join(IGNORE)) {
            Ok(file) => file.take(MOST + 1).read_to_string(&mut text).map_err(IgnoreError::Read)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(IgnoreError::Read(error)),
        };
        if text.len() as u64 > MOST {
            return Err(IgnoreError::Long);
        }
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, IgnoreError> {
        let mut patterns = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('!') {
                return Err(IgnoreError::Negated { line: number + 1, text: line.to_owned() });
            }
            let name = line.trim_end_matches('/');
            patterns.push(Pattern {
                text: name.trim_start_matches('/').as_bytes().to_vec(),
                directories: name.len() < line.len(),
                anchored: name.contains('/'),
            });
        }
        Ok(Self(patterns))
    }

    /// Whether a path is left out. What lies below a directory that is left out is never asked for.
    pub(super) fn has(&self, path: &str, is_directory: bool) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        // What is hidden belongs to programs: git's files, settings, and keys.
        name.starts_with('.')
            || name == BYTECODE
            || self.0.iter().any(|pattern| {
                let subject = if pattern.anchored { path } else { name };
                (is_directory || !pattern.directories) && matches(&pattern.text, subject.as_bytes())
            })
    }
}

/// Whether a pattern matches the whole text. Every place of the pattern that the text so far can lead to is kept, so
/// that no pattern takes more than pattern times text steps.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let mut places = closure(pattern, [0].into(), true);
    for &byte in text {
        let mut next = Vec::new();
        for &place in &places {
            match pattern.get(place) {
                Some(b'*') if byte != b'/' || is_deep(pattern, place) => next.push(place),
                Some(b'?') if byte != b'/' => next.push(place + 1),
                Some(&wanted) if wanted == byte && wanted != b'*' => next.push(place + 1),
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        places = closure(pattern, next, byte == b'/');
    }
    places.contains(&pattern.len())
}

/// Adds the places that are reached when a `*` matches nothing, and `**/` no directory; that only where a name begins.
fn closure(pattern: &[u8], mut places: Vec<usize>, at_name: bool) -> Vec<usize> {
    let mut at = 0;
    while let Some(&place) = places.get(at) {
        let after = match pattern.get(place..) {
            Some([b'*', b'*', b'/', ..]) if at_name => {
                vec![place + 1, place + 3]
            }
            Some([b'*', ..]) => vec![place + 1],
            _ => Vec::new(),
        };
        for next in after {
            if !places.contains(&next) {
                places.push(next);
            }
        }
        at += 1;
    }
    places
}

fn is_deep(pattern: &[u8], place: usize) -> bool {
    pattern.get(place + 1) == Some(&b'*') || (place > 0 && pattern.get(place - 1) == Some(&b'*'))
}
