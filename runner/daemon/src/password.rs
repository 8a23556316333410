//! Passwords (argon2id, RFC 9106): slow on purpose, and so never on the thread that decides.

use crate::fault::{Fault, machine};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use ring::rand::{SecureRandom, SystemRandom};
use semla_policy::Refusal;
use tokio::sync::Semaphore;

/// Shortest password.
const SHORTEST: usize = 12;
/// How many are computed at once; each takes 19 MiB. Those who come later wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// The hash of a password that nobody has.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is to be done with a password that somebody gave.
pub(crate) enum Task {
    /// Compare it with the hash on record. An account that has none is compared as well, so that its absence can't be timed.
    Compare(Option<String>),
    /// Make the hash that is put on record.
    Hash,
}

/// What came of it.
pub(crate) enum Outcome {
    /// It is the right one, or not.
    Compared(bool),
    /// The hash.
    Hashed(String),
}

impl Task {
    /// Does it, when its turn comes.
    pub(crate) async fn run(self, password: String) -> Result<Outcome, Fault> {
        let _turn = AT_ONCE.acquire().await.map_err(machine("wait for a turn"))?;
        let work = tokio::task::spawn_blocking(move || match self {
            Self::Compare(hash) => Ok(Outcome::Compared(fits(hash.as_deref().unwrap_or(DECOY), &password))),
            Self::Hash => hash(&password).map(Outcome::Hashed),
        });
        work.await.map_err(machine("compute with a password"))?
    }
}

fn fits(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn hash(password: &str) -> Result<String, Fault> {
    if password.chars().count() < SHORTEST {
        let short = format!("the password is shorter than {SHORTEST} characters");
        let remedy = "take a longer one, such as a sentence; the code still counts";
        return Err(Refusal::new(8, short, remedy).into());
    }
    let mut salt = [0; 16];
    SystemRandom::new().fill(&mut salt).map_err(|_| machine("draw a salt")("no randomness"))?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| machine("hash the password")(error.to_string()))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash("a sentence that is long").unwrap();
        assert!(fits(&hash, "a sentence that is long"));
        assert!(!fits(&hash, "a sentence that is longer"));
        assert!(!fits(DECOY, "a sentence that is long"));
        // The decoy costs what a real comparison does: it is a hash that can be read.
        assert!(PasswordHash::new(DECOY).is_ok());
        assert!(super::hash("too short").is_err());
    }
}
