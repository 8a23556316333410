//! What a reviewer looked at, kept in their own home: a vote is about that, whatever a daemon shows later.

use crate::args::Place;
use crate::fail::{Fail, trying};
use crate::session::home;
use semla_policy::Digest;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Digests by request and file.
type Viewed = BTreeMap<String, BTreeMap<String, Digest>>;

/// Notes what was shown.
pub(super) fn remember(place: &Place, release: &str, file: &str, digest: &Digest) -> Result<(), Fail> {
    let mut viewed = read(place)?;
    viewed.entry(release.to_owned()).or_default().insert(file.to_owned(), *digest);
    let text = serde_json::to_string(&viewed).map_err(Fail::chain)?;
    std::fs::write(path(place)?, text).map_err(trying("note what you looked at"))
}

/// Whether something else was looked at. Nothing is no difference: a vote may rest on the findings.
pub(super) fn differs(place: &Place, release: &str, file: &str, digest: &Digest) -> Result<bool, Fail> {
    let viewed = read(place)?;
    Ok(viewed.get(release).and_then(|files| files.get(file)).is_some_and(|seen| seen != digest))
}

fn read(place: &Place) -> Result<Viewed, Fail> {
    match std::fs::read_to_string(path(place)?) {
        Ok(text) => serde_json::from_str(&text).map_err(trying("read what you looked at")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Viewed::new()),
        Err(error) => Err(trying("read what you looked at")(error)),
    }
}

fn path(place: &Place) -> Result<PathBuf, Fail> {
    Ok(home(place)?.join("viewed.json"))
}
