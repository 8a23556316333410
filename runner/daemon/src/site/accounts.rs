//! Signing in.

use super::act::Event;
use super::{Site, now};
use crate::api::{Login, Me, Session};
use crate::fault::{Fault, machine};
use crate::secret;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{OptionalExtension, params};
use semla_policy::{Arrival, Digest, Refusal};
use std::collections::BTreeMap;

/// How long a session lasts, in seconds.
const SESSION: i64 = 12 * 3600;
/// Shortest password.
const PASSWORD: usize = 12;

impl Site {
    /// Starts a session. Whoever the name is, a wrong answer costs the same time and says the same.
    pub(crate) fn login(&mut self, login: &Login) -> Result<Session, Fault> {
        let wrong =
            || Fault::Refused(Refusal::new(1, "the name, password or code is wrong", "try again, or ask an officer"));
        let row: Option<(Option<String>, Option<String>)> = self
            .db
            .query_row("SELECT hash, code FROM account WHERE name = ?1", [&login.name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (hash, code) = row.unwrap_or_default();
        match &login.code {
            Some(given) => {
                let given = Digest::of(given.as_bytes());
                if code != Some(given.to_string()) || self.registry().person(&login.name).is_none() {
                    return Err(wrong());
                }
                self.arrived(login, &given)?;
                self.set_password(&login.name, &login.password)?;
            }
            None => {
                // An account that doesn't exist is compared as well, so that its absence can't be timed.
                let known = hash.unwrap_or_else(|| DECOY.to_owned());
                let parsed = PasswordHash::new(&known).map_err(|_| wrong())?;
                let fits = Argon2::default().verify_password(login.password.as_bytes(), &parsed).is_ok();
                if !fits || self.registry().person(&login.name).is_none() {
                    return Err(wrong());
                }
            }
        }
        let expires = now() / 1000 + SESSION;
        let token = self.secret()?;
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

    fn set_password(&mut self, name: &str, password: &str) -> Result<(), Fault> {
        if password.chars().count() < PASSWORD {
            return Err(Fault::Refused(Refusal::new(
                1,
                format!("the password has fewer than {PASSWORD} characters"),
                "take a sentence",
            )));
        }
        let mut salt = [0; 16];
        SystemRandom::new().fill(&mut salt).map_err(|_| machine("draw a salt")("no randomness"))?;
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        let hash = hash.map_err(|error| machine("hash the password")(error.to_string()))?.to_string();
        // A code is good for once.
        self.db.execute("UPDATE account SET hash = ?1, code = NULL WHERE name = ?2", params![hash, name])?;
        Ok(())
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

    /// A new account, and the code for its first sign-in.
    pub(super) fn open_account(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let code = self.secret()?;
        let digest = Digest::of(code.as_bytes()).to_string();
        let made =
            self.db.execute("INSERT OR IGNORE INTO account (name, code) VALUES (?1, ?2)", params![name, digest])?;
        Ok((made > 0).then_some(code))
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

/// The hash of a password that nobody has.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
