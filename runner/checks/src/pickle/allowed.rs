//! What a pickle may name: the lists under `allowed/`, which `allowed/list.py` wrote from the libraries themselves.
//!
//! A list begins with the versions of its library that were looked at. Every other line is a class or a function by its module and its name
//! there, how a pickle may use it, and in which of those versions it exists.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How something may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// As a value, which a library may call later with arguments that the pickle chooses.
    pub(super) referenced: bool,
    /// To make an object without arguments, by its `__new__` alone.
    pub(super) created: bool,
    /// With arguments.
    pub(super) called: bool,
    /// What it makes may be given a state.
    pub(super) built: bool,
    /// To what it makes items may be added.
    pub(super) filled: bool,
}

/// A class or a function.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) library: &'static Library,
    pub(super) uses: Uses,
    /// Versions in which it exists: a bit for each of the library's.
    versions: u64,
}

/// A library.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) name: &'static str,
    /// The versions that were looked at, such as `1.4`.
    versions: Vec<&'static str>,
}

/// What a version says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    Exists,
    /// The version is known, and it isn't in it.
    Not,
    /// Nobody looked at this version.
    Unknown,
}

const LISTS: &[(&str, &str)] = &[
    ("python", include_str!("../../allowed/python.txt")),
    ("numpy", include_str!("../../allowed/numpy.txt")),
    ("scipy", include_str!("../../allowed/scipy.txt")),
    ("pandas", include_str!("../../allowed/pandas.txt")),
    ("sklearn", include_str!("../../allowed/sklearn.txt")),
    ("joblib", include_str!("../../allowed/joblib.txt")),
    ("statsmodels", include_str!("../../allowed/statsmodels.txt")),
    ("torch", include_str!("../../allowed/torch.txt")),
];

/// Names that Python 2 had, and what readers take them for in pickles of protocols 0 to 2 (CPython's Lib/_compat_pickle.py).
const RENAMED: &str = include_str!("../../allowed/renamed.txt");

/// A module, and a name in it or none.
type Key = (&'static str, &'static str);

static ENTRIES: LazyLock<HashMap<Key, &Entry>> =
    LazyLock::new(|| LISTS.iter().flat_map(|list| entries(list.0, list.1)).collect());

static NAMES: LazyLock<HashMap<Key, Key>> = LazyLock::new(|| RENAMED.lines().filter_map(renamed).collect());

/// The entry of a name in a module.
pub(super) fn entry(module: &str, name: &str) -> Option<&'static Entry> {
    let entries: &HashMap<(&str, &str), &'static Entry> = &ENTRIES;
    entries.get(&(module, name)).copied()
}

/// The name and the module that a reader looks up for these.
pub(super) fn python3<'a>(module: &'a str, name: &'a str) -> (&'a str, &'a str) {
    let names: &HashMap<(&str, &str), (&str, &str)> = &NAMES;
    match names.get(&(module, name)) {
        Some(new) => *new,
        None => (names.get(&(module, "")).map_or(module, |new| new.0), name),
    }
}

impl Entry {
    /// Whether it exists in a version such as `1.4.2`.
    pub(super) fn since(&self, version: &str) -> Since {
        let mut parts = version.split('.');
        let (Some(major), Some(minor)) = (parts.next(), parts.next()) else { return Since::Unknown };
        let known = |known: &&str| known.split_once('.') == Some((major, minor));
        match self.library.versions.iter().position(known) {
            // Versions before a release have classes that no release has.
            _ if version.contains(|c: char| !c.is_ascii_digit() && c != '.') && !version.contains(".post") => {
                Since::Unknown
            }
            Some(at) if self.versions >> at & 1 == 1 => Since::Exists,
            Some(_) => Since::Not,
            None => Since::Unknown,
        }
    }
}

fn entries(name: &'static str, list: &'static str) -> Vec<(Key, &'static Entry)> {
    let mut lines = list.lines().filter(|line| !line.starts_with('#'));
    let versions = lines.next().unwrap_or_default().split(' ').skip(1).collect();
    let library: &'static Library = Box::leak(Box::new(Library { name, versions }));
    lines.filter_map(|line| item(line, library)).collect()
}

fn item(line: &'static str, library: &'static Library) -> Option<(Key, &'static Entry)> {
    let mut words = line.split(' ');
    let (module, name) = words.next()?.rsplit_once('.')?;
    let has = |uses: &str, use_: &str| uses.split(',').any(|known| known == use_);
    let uses = words.next()?;
    let created = has(uses, "created");
    let uses = Uses {
        referenced: created || has(uses, "referenced"),
        created,
        called: has(uses, "called"),
        built: created || has(uses, "built"),
        filled: has(uses, "filled"),
    };
    let mut versions = 0;
    for range in words.next()?.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let place = |version| library.versions.iter().position(|known| *known == version);
        for at in place(first)?..=place(last)? {
            versions |= 1 << at;
        }
    }
    // Read once, for as long as the program runs.
    Some(((module, name), Box::leak(Box::new(Entry { library, uses, versions }))))
}

/// A line of the renamed: `module name -> module name`, or modules alone.
fn renamed(line: &'static str) -> Option<(Key, Key)> {
    let (old, new) = line.split_once(" -> ")?;
    let split = |key: &'static str| key.split_once(' ').unwrap_or((key, ""));
    Some((split(old), split(new)))
}
