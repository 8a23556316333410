//! The names of an archive's members: each a plain path below the archive, and no two that some system takes for one.

use crate::anatomy::Fault;
use crate::plain;
use crate::say::quoted;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Most bytes of a name.
const LONG: usize = 1024;

/// The names so far, as a system sees them that knows neither capitals nor ways of writing an accent; whether each is a folder.
#[derive(Debug, Default)]
pub(crate) struct Names {
    seen: HashMap<String, bool>,
}

impl Names {
    /// Admits one more name; that of a folder ends in a slash.
    pub(crate) fn admit(&mut self, name: &str) -> Result<(), Fault> {
        if let Some(what) = amiss(name) {
            return Err(Fault::new(format!("a member is called {}, which {what}", quoted(name))));
        }
        let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        let (path, is_folder) = match folded.strip_suffix('/') {
            Some(path) => (path, true),
            None => (folded.as_str(), false),
        };
        if self.seen.insert(path.to_owned(), is_folder).is_some() {
            return Err(Fault::new(format!("two members are called {}, or nearly so", quoted(name))));
        }
        Ok(())
    }

    /// Holds that no file lies inside another one, once all names are known.
    pub(crate) fn fit(&self) -> Result<(), Fault> {
        let above = |path: &str| {
            path.match_indices('/').find_map(|(at, _)| {
                let folder = path.get(..at)?;
                (self.seen.get(folder) == Some(&false)).then(|| folder.to_owned())
            })
        };
        match self.seen.keys().find_map(|path| above(path)) {
            Some(file) => Err(Fault::new(format!("{} is a file and a folder", quoted(&file)))),
            None => Ok(()),
        }
    }
}

/// What is amiss with a name.
fn amiss(name: &str) -> Option<&'static str> {
    let path = name.strip_suffix('/').unwrap_or(name);
    let odd = |part: &str| matches!(part, "" | "." | "..") || part.ends_with([' ', '.']) || part.starts_with(' ');
    match () {
        () if name.len() > LONG => Some("is too long"),
        () if name.starts_with('/') || name.contains(['\\', ':']) => Some("may lie outside the archive"),
        () if path.split('/').any(|part| part == "..") => Some("lies outside the archive"),
        () if path.split('/').any(odd) => Some("is written in an odd way"),
        () if name.contains(['\n', '\r', '\t']) || plain::read(name.as_bytes().to_vec()).is_err() => {
            Some("holds characters that can't be seen")
        }
        () => None,
    }
}
