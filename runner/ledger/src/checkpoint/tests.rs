use super::*;
use crate::testing::signer;

// The example of the C2SP tlog-checkpoint specification.
const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

#[test]
fn the_example_of_the_specification_comes_back() {
    let checkpoint: Checkpoint = EXAMPLE.parse().unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20852163));
    assert_eq!(checkpoint.to_string(), EXAMPLE);
}

#[test]
fn a_checkpoint_has_one_text() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    assert!(format!("o\n0\n{root}\n").parse::<Checkpoint>().is_ok());
    for text in [
        format!("\n0\n{root}\n"),
        format!("o\n00\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n\n{root}\n"),
        format!("o\n1\n{root}"),
        format!("o\n1\n{root}\n\n"),
        format!("o\n1\n{root}\nextension\n"),
        format!("o\n1\n{}\n", root.trim_end_matches('=')),
        format!("o\n1\n{}\n", root.replace("2I=", "2J=")),
        format!("o\n1\n{}\n", &root[4..]),
        String::new(),
    ] {
        assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Format), "{text:?}");
    }
}

#[test]
fn a_signed_checkpoint_opens_with_its_logs_key_alone() {
    let (log, other) = (signer("log.example"), signer("other.example"));
    let checkpoint = Checkpoint { origin: "log.example".to_owned(), size: 7, root: Hash::of(b"root") };
    let note = checkpoint.sign(&log).unwrap();
    assert_eq!(Checkpoint::open(&note, log.verifier()), Ok(checkpoint.clone()));
    assert_eq!(Checkpoint::open(&note, other.verifier()), Err(NoteError::Untrusted.into()));
    // A log can't sign for another one.
    let strange = checkpoint.sign(&other).unwrap();
    let refused = Checkpoint::open(&strange, other.verifier());
    assert!(matches!(refused, Err(CheckpointError::Origin { found, .. }) if found == "log.example"));
    let grown = note.replace("\n7\n", "\n8\n");
    assert_eq!(Checkpoint::open(&grown, log.verifier()), Err(NoteError::Forged("log.example".to_owned()).into()));
}
