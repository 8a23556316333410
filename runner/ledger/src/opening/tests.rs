use super::*;
use crate::hash::Hash;
use crate::merkle::{Tree, inclusion};

fn log(openings: &[Opening]) -> (Tree, Checkpoint) {
    let mut tree = Tree::default();
    openings.iter().for_each(|opening| tree.push(Hash::leaf(opening.commitment().as_bytes())));
    let checkpoint = Checkpoint { origin: "log".to_owned(), size: openings.len() as u64, root: tree.root() };
    (tree, checkpoint)
}

fn openings(count: u64) -> Vec<Opening> {
    let salt = |index: u64| Hash::of(&index.to_be_bytes());
    (0..count).map(|index| Opening { index, salt: salt(index), entry: format!("entry {index}").into() }).collect()
}

#[test]
fn an_opening_opens_its_leaf_and_nothing_else_does() {
    let openings = openings(9);
    let (tree, checkpoint) = log(&openings);
    let proof = inclusion(&tree, 4, 9).unwrap();
    let right = openings[4].clone();
    assert_eq!(right.verify(&proof, &checkpoint), Ok(()));

    let other = Opening { entry: b"entry 5".to_vec(), ..right.clone() };
    assert_eq!(other.verify(&proof, &checkpoint), Err(ProofError::Root.into()));
    let other = Opening { salt: Hash::of(b"other"), ..right.clone() };
    assert_eq!(other.verify(&proof, &checkpoint), Err(ProofError::Root.into()));
    let other = Opening { index: 5, ..right.clone() };
    assert_eq!(other.verify(&proof, &checkpoint), Err(OpeningError::Index { opening: 5, proof: 4 }));
    let older = inclusion(&tree, 4, 8).unwrap();
    assert_eq!(right.verify(&older, &checkpoint), Err(OpeningError::Size { proof: 8, checkpoint: 9 }));
    let claimed = Proof { size: 9, ..older };
    assert!(right.verify(&claimed, &checkpoint).is_err());
}

#[test]
fn equal_entries_have_leaves_that_differ() {
    let mut openings = openings(2);
    openings[1].entry = openings[0].entry.clone();
    assert_ne!(openings[0].commitment(), openings[1].commitment());
    openings[1].salt = openings[0].salt;
    assert_eq!(openings[0].commitment(), openings[1].commitment());
}

#[test]
fn an_opening_comes_back_from_its_text() {
    let opening = openings(1).remove(0);
    let text = serde_json::to_string(&opening).unwrap();
    assert_eq!(serde_json::from_str::<Opening>(&text).unwrap(), opening);
}
