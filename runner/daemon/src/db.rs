//! The daemon's database: what it needs to go on after a crash. Nothing of a job's content is in it.

use rusqlite::{Connection, OpenFlags};
use semla_sandbox::house::House;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS entry    (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS entry_label ON entry (body ->> '$.label');
CREATE TABLE IF NOT EXISTS account  (name TEXT PRIMARY KEY, hash TEXT, code TEXT) STRICT;
CREATE TABLE IF NOT EXISTS session  (token TEXT PRIMARY KEY, name TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pending  (id TEXT PRIMARY KEY, signed TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS snapshot (digest TEXT, permit TEXT, owner TEXT, object TEXT NOT NULL, PRIMARY KEY (digest, permit, owner)) STRICT;
CREATE TABLE IF NOT EXISTS job      (id TEXT PRIMARY KEY, permit TEXT NOT NULL, submitter TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS job_state ON job (state, created);
CREATE INDEX IF NOT EXISTS job_label ON job (body ->> '$.marking.label', state);
CREATE INDEX IF NOT EXISTS job_own ON job (permit, submitter, created);
CREATE INDEX IF NOT EXISTS job_marked ON job (permit, body ->> '$.marking.label', body ->> '$.marking.policy', created);
CREATE TABLE IF NOT EXISTS release  (id TEXT PRIMARY KEY, permit TEXT NOT NULL, state TEXT NOT NULL, expires INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS release_about ON release (body ->> '$.about', state);
CREATE TABLE IF NOT EXISTS checking (fence TEXT PRIMARY KEY, release TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS told     (permit TEXT, about TEXT, bits INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (permit, about)) STRICT;
CREATE TABLE IF NOT EXISTS dummy    (dataset TEXT, permit TEXT, label TEXT, object TEXT NOT NULL, PRIMARY KEY (dataset, permit, label)) STRICT;
CREATE TABLE IF NOT EXISTS held     (place TEXT PRIMARY KEY, until INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS replay   (id TEXT PRIMARY KEY, by TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lapsed   (permit TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen     (person TEXT, object TEXT, version TEXT, seq INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (person, object)) STRICT;
CREATE TABLE IF NOT EXISTS due      (only INTEGER PRIMARY KEY CHECK (only = 0), at INTEGER NOT NULL) STRICT;
";

/// Where it lies.
pub(crate) fn path(house: &House) -> PathBuf {
    house.serve().join("semla.db")
}

/// Opens the database to look something up, beside whoever writes it: what is seen is what was committed when the look began.
pub(crate) fn look(path: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens the database, or makes it. A commit is on disk when it returns.
pub(crate) fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let db = Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.execute_batch(SCHEMA)?;
    Ok(db)
}

/// An empty database, for tests.
#[cfg(test)]
pub(crate) fn empty() -> Connection {
    let db = Connection::open_in_memory().expect("a database");
    db.execute_batch(SCHEMA).expect("the schema");
    db
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::NOTES;

    #[test]
    fn the_notes_on_a_request_are_found_without_reading_all_requests() {
        let plan: String =
            empty().query_row(&format!("EXPLAIN QUERY PLAN {NOTES}"), ["r-1"], |row| row.get(3)).expect("a plan");
        assert!(plan.contains("USING INDEX release_about"), "{plan}");
    }
}
