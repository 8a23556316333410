use super::*;
use proptest::prelude::*;

mod loops;
mod naive;

fn tree(data: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::default();
    data.iter().for_each(|leaf| tree.push(Hash::leaf(leaf)));
    tree
}

fn numbers(size: usize) -> Vec<Vec<u8>> {
    (0..size).map(|number| number.to_be_bytes().to_vec()).collect()
}

#[test]
fn the_roots_of_the_reference_leaves_are_the_published_ones() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let data: Vec<_> = leaves.iter().map(|leaf| leaf.to_vec()).collect();
    let whole = tree(&data);
    for (size, wanted) in roots.iter().enumerate() {
        assert_eq!(root(&whole, size as u64).unwrap().hex(), *wanted, "of {size} leaves");
        assert_eq!(tree(&data[..size]).root().hex(), *wanted, "appended to {size} leaves");
    }
}

#[test]
fn the_proofs_of_the_example_in_section_2_1_3_have_its_nodes() {
    let data = numbers(7);
    let tree = tree(&data);
    let leaf = |index: usize| Hash::leaf(&data[index]);
    let [a, b, c, d, e, f, j] = [0, 1, 2, 3, 4, 5, 6].map(leaf);
    let (g, h, i) = (Hash::node(&a, &b), Hash::node(&c, &d), Hash::node(&e, &f));
    let (k, l) = (Hash::node(&g, &h), Hash::node(&i, &j));
    let path = |index| inclusion(&tree, index, 7).unwrap().path;
    assert_eq!([path(0), path(3), path(4), path(6)], [vec![b, h, l], vec![c, g, l], vec![f, j, k], vec![i, k]]);
    let grown = |old| consistency(&tree, old, 7).unwrap().path;
    assert_eq!([grown(3), grown(4), grown(6)], [vec![c, d, g, l], vec![l], vec![i, j, k]]);
}

#[test]
fn every_proof_of_every_small_tree_is_the_naive_one_and_verifies() {
    let data = numbers(40);
    let whole = tree(&data);
    for size in 0..=data.len() {
        let top = naive::mth(&data[..size]);
        assert_eq!(root(&whole, size as u64), Ok(top));
        for index in 0..size {
            let proof = inclusion(&whole, index as u64, size as u64).unwrap();
            assert_eq!(proof.path, naive::path(index, &data[..size]));
            assert_eq!(proof.verify(&Hash::leaf(&data[index]), &top), Ok(()));
            assert!(loops::inclusion(&proof, &Hash::leaf(&data[index]), &top));
        }
        for old in 0..=size {
            let proof = consistency(&whole, old as u64, size as u64).unwrap();
            let below = naive::mth(&data[..old]);
            assert_eq!(proof.verify(&below, &top), Ok(()), "{old} of {size}");
            if old > 0 {
                assert_eq!(proof.path, naive::subproof(old, &data[..size], true));
                assert!(loops::consistency(&proof, &below, &top));
            }
        }
    }
}

#[test]
fn there_is_no_proof_beyond_the_tree() {
    let tree = tree(&numbers(5));
    assert_eq!(inclusion(&tree, 5, 5), Err(ProofError::Index { index: 5, size: 5 }));
    assert_eq!(inclusion(&tree, 0, 6), Err(ProofError::Ahead { size: 6, have: 5 }));
    assert_eq!(inclusion(&tree, 0, 0), Err(ProofError::Index { index: 0, size: 0 }));
    assert_eq!(consistency(&tree, 1, 6), Err(ProofError::Ahead { size: 6, have: 5 }));
    assert_eq!(consistency(&tree, 4, 3), Err(ProofError::Shrunk { old: 4, new: 3 }));
    assert_eq!(root(&tree, u64::MAX), Err(ProofError::Ahead { size: u64::MAX, have: 5 }));
}

#[test]
fn sizes_that_no_tree_has_are_refused_and_not_followed() {
    let hash = Hash::of(b"any");
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        let proof = Proof { index: size - 1, size, path: vec![hash; 100] };
        assert!(matches!(proof.verify(&hash, &hash), Err(ProofError::Length(100))));
        let grown = Consistency { old: size / 3, new: size, path: vec![hash; 100] };
        assert!(matches!(grown.verify(&hash, &hash), Err(ProofError::Length(100))));
    }
}

fn data() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..8), 1..300)
}

/// A list of hashes with one of them changed, removed, doubled or swapped.
fn spoil(path: &mut Vec<Hash>, how: u8, place: usize) {
    let place = if path.is_empty() { 0 } else { place % path.len() };
    match (how % 4, path.is_empty()) {
        (_, true) | (0, _) => path.insert(place, Hash::of(b"stray")),
        (1, _) => drop(path.remove(place)),
        (2, _) => path[place] = Hash::of(path[place].as_bytes()),
        _ => path.insert(place, path[place]),
    }
}

proptest! {
    #[test]
    fn proofs_agree_with_the_naive_tree(data in data(), index: usize, old: usize) {
        let size = data.len();
        let (index, old) = (index % size, old % size + 1);
        let tree = tree(&data);
        prop_assert_eq!(tree.root(), naive::mth(&data));
        prop_assert_eq!(inclusion(&tree, index as u64, size as u64).unwrap().path, naive::path(index, &data));
        prop_assert_eq!(consistency(&tree, old as u64, size as u64).unwrap().path, naive::subproof(old, &data, true));
    }

    #[test]
    fn a_spoiled_proof_is_refused_by_both_ways_to_check(data in data(), index: usize, old: usize, how: u8, place: usize) {
        let size = data.len() as u64;
        let (index, old) = (index as u64 % size, old as u64 % size + 1);
        let tree = tree(&data);
        let (top, below) = (tree.root(), root(&tree, old).unwrap());
        let leaf = tree.node(0, index).unwrap();

        let mut proof = inclusion(&tree, index, size).unwrap();
        prop_assert!(proof.verify(&leaf, &top).is_ok() && loops::inclusion(&proof, &leaf, &top));
        spoil(&mut proof.path, how, place);
        prop_assert!(proof.verify(&leaf, &top).is_err() && !loops::inclusion(&proof, &leaf, &top));

        let mut grown = consistency(&tree, old, size).unwrap();
        prop_assert!(grown.verify(&below, &top).is_ok() && loops::consistency(&grown, &below, &top));
        spoil(&mut grown.path, how, place);
        prop_assert!(grown.verify(&below, &top).is_err() && !loops::consistency(&grown, &below, &top));
    }

    #[test]
    fn a_proof_is_good_for_no_other_place_leaf_or_root(size in 2..300u64, index: u64, other: u64) {
        let tree = tree(&numbers(size as usize));
        let (index, other) = (index % size, other % size);
        prop_assume!(index != other);
        let proof = inclusion(&tree, index, size).unwrap();
        let leaf = tree.node(0, index).unwrap();
        prop_assert!(proof.verify(&leaf, &tree.root()).is_ok());
        prop_assert!(proof.verify(&tree.node(0, other).unwrap(), &tree.root()).is_err());
        prop_assert!(proof.verify(&leaf, &root(&tree, size - 1).unwrap()).is_err());
        let moved = Proof { index: other, ..proof };
        prop_assert!(moved.verify(&leaf, &tree.root()).is_err());
    }

    #[test]
    fn a_log_that_forgot_or_changed_something_has_no_consistency_proof(size in 2..200usize, changed: usize, old: usize) {
        let (changed, old) = (changed % size, old % size + 1);
        prop_assume!(changed < old);
        let before = numbers(size);
        let mut after = before.clone();
        after[changed] = b"other".to_vec();
        let proof = consistency(&tree(&after), old as u64, size as u64).unwrap();
        let below = naive::mth(&before[..old]);
        prop_assert!(proof.verify(&naive::mth(&after[..old]), &naive::mth(&after)).is_ok());
        prop_assert!(proof.verify(&below, &naive::mth(&after)).is_err());
    }
}
