//! The Debian releases that images are made of.

use super::fault::among;
use serde::Serialize;

/// A Debian release, by code name: names such as `stable` move on by themselves, and an image shouldn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// Debian 11.
    Bullseye,
    /// Debian 12.
    Bookworm,
    /// Debian 13.
    Trixie,
}

impl Suite {
    const ALL: [Self; 3] = [Self::Bullseye, Self::Bookworm, Self::Trixie];

    /// Its code name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bullseye => "bullseye",
            Self::Bookworm => "bookworm",
            Self::Trixie => "trixie",
        }
    }

    /// Its Python 3's minor version.
    pub fn python(self) -> u32 {
        match self {
            Self::Bullseye => 9,
            Self::Bookworm => 11,
            Self::Trixie => 13,
        }
    }

    /// Its glibc 2's minor version, which says which wheels can run.
    pub fn glibc(self) -> u32 {
        match self {
            Self::Bullseye => 31,
            Self::Bookworm => 36,
            Self::Trixie => 41,
        }
    }

    pub(super) fn parse(word: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::name);
        match word {
            "stable" | "oldstable" | "oldoldstable" | "testing" | "unstable" | "sid" => {
                Err(format!("`{word}` is another release tomorrow; name one, such as `bookworm`"))
            }
            _ => Self::ALL
                .into_iter()
                .find(|suite| suite.name() == word)
                .ok_or_else(|| format!("no release is called `{word}`; {}", among(word, &known))),
        }
    }
}
