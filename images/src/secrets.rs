//! Whether code or an environment carries a key: what is submitted is seen by reviewers and kept for years.

mod assigned;
mod shapes;

use std::fmt;

/// Longest line that is looked at, in bytes; what is beyond has the form of data, and is searched for shapes only.
const LINE: usize = 4096;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A private key in PEM, OpenSSH, PGP or age form.
    PrivateKey,
    /// A key or token whose maker marks it with a prefix.
    Token(&'static str),
    /// A JSON web token.
    JsonWebToken,
    /// A URL with a password in it.
    UrlPassword,
    /// A password, token or secret written out.
    Assigned,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrivateKey => f.write_str("a private key"),
            Self::Token(maker) => write!(f, "a key or token for {maker}"),
            Self::JsonWebToken => f.write_str("a JSON web token"),
            Self::UrlPassword => f.write_str("a password in a URL"),
            Self::Assigned => f.write_str("a password, token or secret written out"),
        }
    }
}

/// A place where a key seems to be. Never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The file, or the name of the variable.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What it looks like.
    pub kind: Kind,
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` line {} holds {}", self.file, self.line, self.kind)
    }
}

/// Looks through one file. At most one hit for each line and kind.
pub fn scan(file: &str, bytes: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let mut kinds = shapes::find(line);
        // Words beside each other say something in text only.
        if line.len() <= LINE && !line.contains(&0) && assigned::find(line, is_settings(file)) {
            kinds.push(Kind::Assigned);
        }
        kinds.sort_unstable();
        kinds.dedup();
        // What has a maker's mark is told once, by its better name.
        if kinds.len() > 1 {
            kinds.retain(|kind| *kind != Kind::Assigned);
        }
        hits.extend(kinds.into_iter().map(|kind| Hit { file: file.to_owned(), line: number + 1, kind }));
    }
    hits
}

/// Looks through the variables that a job is given.
pub fn scan_environment<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (name, value) in variables {
        let line = format!("{name}={value}");
        let mut kinds = shapes::find(line.as_bytes());
        if kinds.is_empty() && assigned::find(line.as_bytes(), true) {
            kinds.push(Kind::Assigned);
        }
        kinds.dedup();
        hits.extend(kinds.into_iter().map(|kind| Hit { file: name.to_owned(), line: 1, kind }));
    }
    hits
}

/// Files in which values stand without quotes.
fn is_settings(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let ends = [".env", ".ini", ".cfg", ".conf", ".properties", ".toml", ".yaml", ".yml", ".sh", "rc", "credentials"];
    name.starts_with(".env") || ends.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests;
