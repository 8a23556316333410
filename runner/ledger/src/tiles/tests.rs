use super::*;
use crate::merkle::Tree;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn hashes(level: u32, index: u64, width: u64) -> Tile {
    Tile { kind: Kind::Hashes(level), index, width }
}

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(hashes(0, 1234067, 256).path(), PathBuf::from("tile/0/x001/x234/067"));
    assert_eq!(hashes(3, 0, 256).path(), PathBuf::from("tile/3/000"));
    assert_eq!(hashes(1, 1000, 7).path(), PathBuf::from("tile/1/x001/000.p/7"));
    assert_eq!(Tile { kind: Kind::Entries, index: 999, width: 255 }.path(), PathBuf::from("tile/entries/999.p/255"));
}

#[test]
fn seventy_thousand_leaves_have_the_tiles_of_the_specification() {
    let tiles = between(0, 70_000);
    let of = |kind: Kind| tiles.iter().filter(move |tile| tile.kind == kind).map(|tile| tile.width).collect::<Vec<_>>();
    for kind in [Kind::Entries, Kind::Hashes(0)] {
        assert_eq!(of(kind), [vec![256; 273], vec![112]].concat());
    }
    assert_eq!(of(Kind::Hashes(1)), [256, 17]);
    assert_eq!(of(Kind::Hashes(2)), [1]);
    assert_eq!(of(Kind::Hashes(3)), [0; 0]);
}

#[test]
fn a_tree_of_256_leaves_has_a_full_tile_and_one_hash_above() {
    let entries = Tile { kind: Kind::Entries, index: 0, width: 256 };
    assert_eq!(between(0, 256), [entries, hashes(0, 0, 256), hashes(1, 0, 1)]);
    assert_eq!(between(0, 0), []);
    assert_eq!(between(256, 256), []);
}

#[test]
fn tiles_have_the_hashes_of_the_tree() {
    let commitments: Vec<_> = (0..700u32).map(|number| Hash::of(&number.to_be_bytes())).collect();
    let mut tree = Tree::default();
    commitments.iter().for_each(|commitment| tree.push(Hash::leaf(commitment.as_bytes())));
    let upper = hashes(1, 0, 2).bytes(&tree, &[]).unwrap();
    let mut below = Tree::default();
    commitments[256..512].iter().for_each(|commitment| below.push(Hash::leaf(commitment.as_bytes())));
    assert_eq!(&upper[32..], below.root().as_bytes());
    assert_eq!(hashes(0, 2, 188).bytes(&tree, &[]).unwrap()[..32], *Hash::leaf(commitments[512].as_bytes()).as_bytes());
    let entries = Tile { kind: Kind::Entries, index: 2, width: 188 }.bytes(&tree, &commitments[512..]).unwrap();
    assert_eq!(entries.len(), 188 * 34);
    assert_eq!(entries[..34], *[&[0, 32], commitments[512].as_bytes().as_slice()].concat());
    assert_eq!(hashes(0, 2, 189).bytes(&tree, &[]), None, "more than there is");
}

proptest! {
    #[test]
    fn growing_in_steps_leads_to_the_same_tiles(mut sizes in proptest::collection::vec(0..200_000u64, 1..6)) {
        sizes.sort_unstable();
        let (mut widest, mut old) = (BTreeMap::new(), 0);
        for size in &sizes {
            for tile in between(old, *size) {
                widest.insert(tile.whole(), tile.width);
            }
            old = *size;
        }
        let at_once: BTreeMap<_, _> = between(0, old).iter().map(|tile| (tile.whole(), tile.width)).collect();
        prop_assert_eq!(widest, at_once);
    }
}
