//! The checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2: loops over bits where ours recurse.

use super::*;

pub(super) fn inclusion(proof: &Proof, leaf: &Hash, root: &Hash) -> bool {
    if proof.index >= proof.size {
        return false;
    }
    let (mut at, mut last, mut hash) = (proof.index, proof.size - 1, *leaf);
    for beside in &proof.path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = Hash::node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = Hash::node(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

pub(super) fn consistency(proof: &Consistency, old: &Hash, new: &Hash) -> bool {
    if proof.old == proof.new {
        return proof.path.is_empty() && old == new;
    }
    let mut path = proof.path.clone();
    if proof.old.is_power_of_two() {
        path.insert(0, *old);
    }
    let [first, rest @ ..] = path.as_slice() else { return false };
    let (mut at, mut last) = (proof.old - 1, proof.new - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut older, mut newer) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            older = Hash::node(beside, &older);
            newer = Hash::node(beside, &newer);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            newer = Hash::node(&newer, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    older == *old && newer == *new && last == 0
}
