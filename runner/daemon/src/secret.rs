//! Names and secrets that can't be guessed, in letters that survive a command line and a telephone.

use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};

/// Letters of a code or a token: 5 bits each.
pub const SECRET: usize = 40;
const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz0123456";

/// As many random letters. Fails if the system gives no randomness.
pub fn letters(count: usize) -> Result<String, Unspecified> {
    let mut bytes = vec![0; count];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect())
}
