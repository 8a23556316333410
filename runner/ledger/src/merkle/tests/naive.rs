//! Section 2.1 as it is written there, over the leaves' data.

use crate::hash::Hash;

pub(super) fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

pub(super) fn mth(data: &[Vec<u8>]) -> Hash {
    match data {
        [] => Hash::of(&[]),
        [leaf] => Hash::of(&[&[0], leaf.as_slice()].concat()),
        _ => {
            let (left, right) = data.split_at(split(data.len()));
            Hash::of(&[&[1], mth(left).as_bytes().as_slice(), mth(right).as_bytes()].concat())
        }
    }
}

pub(super) fn path(m: usize, data: &[Vec<u8>]) -> Vec<Hash> {
    if data.len() == 1 {
        return Vec::new();
    }
    let k = split(data.len());
    let (left, right) = data.split_at(k);
    let (mut path, beside) = if m < k { (path(m, left), mth(right)) } else { (path(m - k, right), mth(left)) };
    path.push(beside);
    path
}

pub(super) fn subproof(m: usize, data: &[Vec<u8>], whole: bool) -> Vec<Hash> {
    if m == data.len() {
        return if whole { Vec::new() } else { vec![mth(data)] };
    }
    let k = split(data.len());
    let (left, right) = data.split_at(k);
    let (mut path, beside) =
        if m <= k { (subproof(m, left, whole), mth(right)) } else { (subproof(m - k, right, false), mth(left)) };
    path.push(beside);
    path
}
