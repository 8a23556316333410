//! The Merkle tree of RFC 6962 section 2.1, over any storage that knows its complete subtrees.

mod proof;
#[cfg(test)]
mod tests;

pub use proof::{Consistency, Proof, ProofError};

use crate::hash::Hash;

/// Where hashes of complete subtrees come from.
pub trait Nodes {
    /// How many leaves there are.
    fn size(&self) -> u64;

    /// The hash over the leaves from `index << level` on, `1 << level` of them, if all of them are there.
    fn node(&self, level: u32, index: u64) -> Option<Hash>;
}

/// A tree in memory: one row of hashes for each level, about 64 bytes for each leaf.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    // INVARIANT: a row is half as long as the one below, rounded down; the last one isn't empty.
    rows: Vec<Vec<Hash>>,
}

impl Tree {
    /// Adds a leaf's hash and the subtrees that it completes: at most one for each level.
    pub fn push(&mut self, leaf: Hash) {
        let mut carry = Some(leaf);
        let mut level = 0;
        while let Some(hash) = carry {
            if self.rows.len() == level {
                self.rows.push(Vec::new());
            }
            let Some(row) = self.rows.get_mut(level) else { return };
            row.push(hash);
            carry = match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => Some(Hash::node(left, right)),
                _ => None,
            };
            level += 1;
        }
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        root(self, self.size()).unwrap_or_else(|_| Hash::of(b""))
    }
}

impl Nodes for Tree {
    fn size(&self) -> u64 {
        self.rows.first().map_or(0, |leaves| leaves.len() as u64)
    }

    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        self.rows.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }
}

/// The root over the first `size` leaves (MTH).
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Hash, ProofError> {
    within(nodes, size)?;
    match size {
        0 => Ok(Hash::of(b"")),
        _ => range(nodes, 0, size),
    }
}

/// The proof that a leaf is in the tree of the first `size` leaves (PATH, section 2.1.1).
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Proof, ProofError> {
    within(nodes, size)?;
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let (mut start, mut width, mut path) = (0, size, Vec::new());
    while width > 1 {
        let left = split(width);
        if index - start < left {
            path.push(range(nodes, start + left, start + width)?);
            width = left;
        } else {
            path.push(range(nodes, start, start + left)?);
            start += left;
            width -= left;
        }
    }
    path.reverse();
    Ok(Proof { index, size, path })
}

/// The proof that the tree of the first `old` leaves is a beginning of that of the first `new` (PROOF, section 2.1.2).
pub fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Consistency, ProofError> {
    within(nodes, new)?;
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    let mut path = Vec::new();
    if old > 0 {
        let (mut start, mut width, mut whole) = (0, new, true);
        while old - start < width {
            let left = split(width);
            if old - start <= left {
                path.push(range(nodes, start + left, start + width)?);
                width = left;
            } else {
                path.push(range(nodes, start, start + left)?);
                start += left;
                width -= left;
                whole = false;
            }
        }
        if !whole {
            path.push(range(nodes, start, old)?);
        }
        path.reverse();
    }
    Ok(Consistency { old, new, path })
}

/// The largest power of two below `width`, which is at least 2: where RFC 6962 splits.
fn split(width: u64) -> u64 {
    1 << (63 - (width - 1).leading_zeros())
}

/// The hash over the leaves from `start` to before `end`, a range that splitting from 0 leads to.
fn range<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Hash, ProofError> {
    let width = end - start;
    if width.is_power_of_two() {
        let (level, index) = (width.trailing_zeros(), start >> width.trailing_zeros());
        return nodes.node(level, index).ok_or(ProofError::Missing { level, index });
    }
    let middle = start + split(width);
    Ok(Hash::node(&range(nodes, start, middle)?, &range(nodes, middle, end)?))
}

fn within<N: Nodes>(nodes: &N, size: u64) -> Result<(), ProofError> {
    match size <= nodes.size() {
        true => Ok(()),
        false => Err(ProofError::Ahead { size, have: nodes.size() }),
    }
}
