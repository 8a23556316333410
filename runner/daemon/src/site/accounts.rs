//! Signing in.

use super::act::Event;
use super::{Site, now};
use crate::api::{Login, Me, Session};
use crate::fault::{Fault, machine};
use crate::password::{Outcome, Task};
use crate::secret;
use rusqlite::{OptionalExtension, params};
use semla_policy::{Arrival, Digest, Refusal};
use std::collections::BTreeMap;

/// How long a session lasts, in seconds.
const SESSION: i64 = 12 * 3600;

impl Site {
    /// What has to be found out about the password of somebody who wants in. Whoever the name is, a wrong answer costs the same
    /// time and says the same.
    pub(crate) fn knock(&self, login: &Login) -> Result<Task, Fault> {
        let sql = "SELECT hash, code FROM account WHERE name = ?1";
        let row = self.db.query_row(sql, [&login.name], |row| Ok((row.get(0)?, row.get(1)?)));
        let (hash, code): (Option<String>, Option<String>) = row.optional()?.unwrap_or_default();
        let Some(given) = &login.code else { return Ok(Task::Compare(hash)) };
        let given = Digest::of(given.as_bytes());
        if code != Some(given.to_string()) || self.registry().person(&login.name).is_none() {
            return Err(wrong());
        }
        self.arrived(login, &given)?;
        Ok(Task::Hash)
    }

    /// Starts a session for somebody whose password was found right, or is put on record now.
    pub(crate) fn login(&mut self, login: &Login, password: &Outcome) -> Result<Session, Fault> {
        let right = match (password, &login.code) {
            (Outcome::Compared(right), None) => *right,
            (Outcome::Hashed(hash), Some(code)) => {
                // A code is good for once, however many come with it at a time.
                let sql = "UPDATE account SET hash = ?1, code = NULL WHERE name = ?2 AND code = ?3";
                self.db.execute(sql, params![hash, login.name, Digest::of(code.as_bytes()).to_string()])? == 1
            }
            _ => false,
        };
        if !right || self.registry().person(&login.name).is_none() {
            return Err(wrong());
        }
        let expires = now() / 1000 + SESSION;
        // By its first letters, whoever looks for secrets knows it.
        let token = format!("semla_{}", self.secret()?);
        let (digest, name) = (Digest::of(token.as_bytes()).to_string(), login.name.clone());
        self.record(&login.name, &self.lowest(), None, Event::SignedIn, |tx| {
            tx.execute("DELETE FROM session WHERE expires < ?1", [now() / 1000])?;
            tx.execute("INSERT INTO session (token, name, expires) VALUES (?1, ?2, ?3)", params![digest, name, expires])
                .map(drop)
        })?;
        Ok(Session { token, expires })
    }

    /// A code passed through an officer's hands: whoever has a key on record shows that they hold it.
    fn arrived(&self, login: &Login, code: &Digest) -> Result<(), Fault> {
        if self.person(&login.name)?.key.is_none() {
            return Ok(());
        }
        let missing = || Refusal::new(10, "the code goes with the key that was enrolled", "sign in where that key is");
        let signed = login.arrival.as_ref().ok_or_else(missing)?;
        let signers = self.registry().signers::<Arrival>(signed)?;
        let arrival: Arrival = signed.read().map_err(|_| missing())?;
        match signers.contains(&login.name) && arrival.name == login.name && arrival.code == *code {
            true => Ok(()),
            false => Err(missing().into()),
        }
    }

    /// Who holds this token.
    pub(crate) fn whose(&self, token: &str) -> Result<String, Fault> {
        let digest = Digest::of(token.as_bytes()).to_string();
        let name: Option<String> = self
            .db
            .query_row(
                "SELECT name FROM session WHERE token = ?1 AND expires >= ?2",
                params![digest, now() / 1000],
                |row| row.get(0),
            )
            .optional()?;
        let name = name.ok_or(Fault::Stranger)?;
        self.person(&name)?;
        Ok(name)
    }

    /// What an account may do.
    pub(crate) fn me(&self, name: &str) -> Result<Me, Fault> {
        let person = self.person(name)?;
        let scheme = &self.registry().policy().scheme;
        Ok(Me {
            name: person.name.clone(),
            roles: person.roles.iter().map(|role| role.name().to_owned()).collect(),
            clearance: scheme.show_clearance(&self.registry().clearance(person)),
            ceiling: scheme.show_clearance(&self.registry().ceiling(person)),
            permits: self.registry().permits().filter(|p| p.people.contains(name)).map(|p| p.name.clone()).collect(),
        })
    }

    /// Opens an account, new or closed before, and gives the code for its first sign-in. What its password was counts no more.
    pub(super) fn open_account(&mut self, name: &str) -> Result<String, Fault> {
        let code = self.secret()?;
        let digest = Digest::of(code.as_bytes()).to_string();
        let sql = "INSERT OR REPLACE INTO account (name, code) VALUES (?1, ?2)";
        self.db.execute(sql, params![name, digest])?;
        self.db.execute("DELETE FROM session WHERE name = ?1", [name])?;
        Ok(code)
    }

    /// The codes that `semla init` made for the first officers.
    pub(super) fn import_codes(&mut self) -> Result<(), Fault> {
        let path = self.house.serve().join("codes.json");
        let Ok(bytes) = std::fs::read(&path) else { return Ok(()) };
        let codes: BTreeMap<String, String> = serde_json::from_slice(&bytes)?;
        for (name, code) in codes {
            let digest = Digest::of(code.as_bytes()).to_string();
            self.db.execute("INSERT OR IGNORE INTO account (name, code) VALUES (?1, ?2)", params![name, digest])?;
        }
        std::fs::remove_file(&path).map_err(machine("remove the officers' codes"))
    }

    fn secret(&self) -> Result<String, Fault> {
        secret::letters(secret::SECRET).map_err(|_| machine("draw a secret")("no randomness"))
    }
}

/// The one answer to whoever doesn't get in.
fn wrong() -> Fault {
    Refusal::new(1, "the name, password or code is wrong", "try again, or ask an officer").into()
}
