//! Signed notes (C2SP signed-note): a text that people can read, and who signed it.

mod key;
#[cfg(test)]
mod tests;

pub use key::{Signer, VerifierKey};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most signatures that are looked at.
const MOST: usize = 100;

/// A note that at least one trusted key signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was signed, with its last newline.
    pub text: String,
    /// The trusted keys whose signatures were checked.
    pub signers: Vec<VerifierKey>,
    /// How many signatures there are, those of other keys included. Nothing is known of these.
    pub signatures: usize,
}

/// A note that isn't one, or that nobody trusted signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A name that would be taken for something else.
    #[error("`{0}` is no key name; write a name without spaces, control characters and `+`")]
    Name(String),
    /// The text form of a verifier key is broken.
    #[error("`{0}` is no verifier key; write name+hash+base64 as it was handed out")]
    Key(String),
    /// The hash in a verifier key is that of another.
    #[error("the hash in `{0}` doesn't belong to its key; copy the whole line again")]
    KeyHash(String),
    /// The text can't be signed.
    #[error("the text can't be signed: it has to end in a newline and have no other control characters")]
    Text,
    /// Control characters.
    #[error("the note has control characters; fetch it again as it is")]
    Control,
    /// Nothing separates text and signatures.
    #[error("the note has no blank line before its signatures; fetch it whole")]
    Unsigned,
    /// A line that should be a signature.
    #[error("signature {0} isn't `\u{2014} name base64`; fetch the note again as it is")]
    Line(usize),
    /// Too many signatures.
    #[error("the note has more than {MOST} signatures; ask for one with fewer")]
    Many,
    /// A trusted key's signature is wrong.
    #[error("the signature of `{0}` is wrong: the note was changed after it was signed")]
    Forged(String),
    /// None of the trusted keys signed.
    #[error("none of the trusted keys signed the note; check that the key belongs to this log")]
    Untrusted,
}

/// Signs a text, which has to end in a newline.
pub fn sign(text: &str, signers: &[&Signer]) -> Result<String, NoteError> {
    if !text.ends_with('\n') || has_control(text) || signers.is_empty() {
        return Err(NoteError::Text);
    }
    let mut note = format!("{text}\n");
    for signer in signers {
        let verifier = signer.verifier();
        let mut bytes = verifier.id().to_vec();
        bytes.extend(signer.sign(text.as_bytes()));
        note += &format!("\u{2014} {} {}\n", verifier.name(), STANDARD.encode(bytes));
    }
    Ok(note)
}

/// Reads a note. Each signature of a trusted key has to be right, and there has to be one; those of other keys are ignored.
pub fn open(note: &str, trusted: &[VerifierKey]) -> Result<Note, NoteError> {
    if has_control(note) {
        return Err(NoteError::Control);
    }
    let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
    let text = format!("{text}\n");
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
    let mut opened = Note { text, signers: Vec::new(), signatures: 0 };
    for (number, line) in lines.split('\n').enumerate() {
        if number == MOST {
            return Err(NoteError::Many);
        }
        let (name, id, signature) = signature(line).ok_or(NoteError::Line(number + 1))?;
        opened.signatures += 1;
        match trusted.iter().find(|key| key.name() == name && key.id() == id) {
            None => {}
            Some(key) if !key.signed(opened.text.as_bytes(), &signature) => {
                return Err(NoteError::Forged(name.to_owned()));
            }
            Some(key) if opened.signers.contains(key) => {}
            Some(key) => opened.signers.push(key.clone()),
        }
    }
    match opened.signers.is_empty() {
        true => Err(NoteError::Untrusted),
        false => Ok(opened),
    }
}

/// A signature line's name, key id and signature.
fn signature(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    key::check_name(name).ok()?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    (!signature.is_empty()).then(|| (name, *id, signature.to_owned()))
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}
