//! Which packages an image has, so that a laptop can have the same.

use crate::walk;
use nix::dir::Dir;
use nix::fcntl::{OFlag, openat};
use nix::sys::stat::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// Longest list of Debian packages that is read, in bytes.
const STATUS: u64 = 64 << 20;
/// How much is read of a Python package's description, in bytes: name and version come first.
const METADATA: u64 = 64 << 10;
/// Most Python packages that are listed.
const PACKAGES: usize = 10_000;
/// Longest name or version, in bytes.
const WORD: usize = 200;

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version, in the words of whoever packaged it.
    pub version: String,
}

/// What an image has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Debian's packages, by name.
    pub debian: Vec<Package>,
    /// Python's, by name, whether Debian or pip installed them.
    pub python: Vec<Package>,
}

impl Versions {
    /// Reads the tree at a path.
    pub fn of_path(root: &Path) -> Result<Self, walk::WalkError> {
        Ok(Self::of(walk::open(root)?))
    }

    /// Reads the tree below an opened directory. An image is free to have neither Debian's lists nor Python's, so
    /// what isn't there or can't be read is left out.
    pub fn of(root: OwnedFd) -> Self {
        let status = directory(&root, &["var", "lib", "dpkg"]).and_then(|place| content(&place, "status", STATUS));
        let mut python = BTreeMap::new();
        // The order of Python's own path: what pip put below /usr/local hides Debian's.
        for base in [&["usr", "local", "lib"][..], &["usr", "lib"][..]] {
            let Some(base) = directory(&root, base) else { continue };
            for version in names(&base).into_iter().filter(|name| name.starts_with("python3")) {
                for kind in ["dist-packages", "site-packages"] {
                    for package in directory(&base, &[&version, kind]).iter().flat_map(python_packages) {
                        python.entry(normal(&package.name)).or_insert(package);
                    }
                }
            }
        }
        Self { debian: debian(&status.unwrap_or_default()), python: python.into_values().collect() }
    }

    /// Python's packages in the form of a pip requirements file. What Debian adds to a version after `+` is unknown
    /// elsewhere, and `0.0.0` says only that nobody wrote a version down.
    pub fn requirements(&self) -> String {
        let line = |package: &Package| match package.version.split('+').next().unwrap_or_default() {
            "0.0.0" => format!("{}\n", package.name),
            version => format!("{}=={version}\n", package.name),
        };
        self.python.iter().map(line).collect()
    }
}

/// The installed packages of a dpkg status file.
pub fn debian(status: &[u8]) -> Vec<Package> {
    let text = String::from_utf8_lossy(status);
    let mut found: Vec<Package> = text
        .split("\n\n")
        .filter(|paragraph| field(paragraph, "Status").is_some_and(|status| status.ends_with(" installed")))
        .filter_map(|paragraph| package(field(paragraph, "Package")?, field(paragraph, "Version")?))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn python_packages(place: &OwnedFd) -> Vec<Package> {
    let mut found = Vec::new();
    for name in names(place) {
        let file = match name.rsplit_once('.') {
            Some((_, "dist-info")) => "METADATA",
            Some((_, "egg-info")) => "PKG-INFO",
            _ => continue,
        };
        // An egg-info is a directory, or else the file itself.
        let bytes = match directory(place, &[&name]) {
            Some(inside) => content(&inside, file, METADATA),
            None => content(place, &name, METADATA),
        };
        found.extend(bytes.and_then(|bytes| python_package(&bytes)));
        if found.len() == PACKAGES {
            break;
        }
    }
    found
}

/// The form in which two spellings of a Python package's name are the same (PEP 503).
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// The name and version in a Python package's description.
fn python_package(bytes: &[u8]) -> Option<Package> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\n\n").next()?;
    package(field(head, "Name")?, field(head, "Version")?)
}

fn package(name: &str, version: &str) -> Option<Package> {
    let plain = |word: &str| {
        let also = |c: char| c.is_ascii_alphanumeric() || "+-._~:!".contains(c);
        (1..=WORD).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word.chars().all(also)
    };
    (plain(name) && plain(version)).then(|| Package { name: name.to_owned(), version: version.to_owned() })
}

fn field<'a>(paragraph: &'a str, name: &str) -> Option<&'a str> {
    paragraph.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn directory(start: &impl AsFd, path: &[&str]) -> Option<OwnedFd> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let first = openat(start, ".", flags, Mode::empty()).ok()?;
    path.iter().try_fold(first, |place, name| openat(&place, *name, flags, Mode::empty()).ok())
}

/// The names in a directory, in order.
fn names(place: &OwnedFd) -> Vec<String> {
    let Some(mut entries) = directory(place, &[]).and_then(|place| Dir::from_fd(place).ok()) else { return Vec::new() };
    let entries = entries.iter().flatten().take(10 * PACKAGES);
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.file_name().to_str().ok()?.to_owned())).collect();
    names.sort_unstable();
    names
}

fn content(place: &OwnedFd, name: &str, most: u64) -> Option<Vec<u8>> {
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    let file = File::from(openat(place, name, flags, Mode::empty()).ok()?);
    let regular = file.metadata().is_ok_and(|about| about.is_file());
    let mut bytes = Vec::new();
    regular.then(|| file.take(most).read_to_end(&mut bytes).ok())??;
    Some(bytes)
}

#[cfg(test)]
mod tests;
