//! The tree as plain files (C2SP tlog-tiles), which any web server can hand out.

#[cfg(test)]
mod tests;

use crate::hash::Hash;
use crate::merkle::Nodes;
use std::path::PathBuf;

/// How many hashes a full tile has.
pub(crate) const WIDTH: u64 = 256;

/// What a tile has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The leaves' data, each behind its length in two bytes.
    Entries,
    /// Hashes over `256 << level` leaves each; level 0 has the leaves' own.
    Hashes(u32),
}

/// One file of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tile {
    /// What is in it.
    pub(crate) kind: Kind,
    /// Its position among those of its kind.
    pub(crate) index: u64,
    /// How many hashes or entries it has, 1 to 256.
    pub(crate) width: u64,
}

impl Tile {
    /// The tile's path below the tree's folder.
    pub(crate) fn path(&self) -> PathBuf {
        match self.width {
            WIDTH => self.whole(),
            width => self.parts().join(width.to_string()),
        }
    }

    /// The path that the tile has once it is full.
    pub(crate) fn whole(&self) -> PathBuf {
        self.stem("").into()
    }

    /// The folder of the tile's partial states.
    pub(crate) fn parts(&self) -> PathBuf {
        self.stem(".p").into()
    }

    fn stem(&self, end: &str) -> String {
        let kind = match self.kind {
            Kind::Entries => "entries".to_owned(),
            Kind::Hashes(level) => level.to_string(),
        };
        let mut name = format!("{:03}", self.index % 1000);
        let mut above = self.index / 1000;
        while above > 0 {
            name = format!("x{:03}/{name}", above % 1000);
            above /= 1000;
        }
        format!("tile/{kind}/{name}{end}")
    }

    /// The position of the tile's first hash in its level.
    pub(crate) fn start(&self) -> u64 {
        self.index * WIDTH
    }

    /// The tile's bytes, where the tree has all of its hashes. For entries, `commitments` start at the tile's first.
    pub(crate) fn bytes<N: Nodes>(&self, nodes: &N, commitments: &[Hash]) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(34 * WIDTH as usize);
        match self.kind {
            Kind::Entries => {
                for commitment in commitments.get(..usize::try_from(self.width).ok()?)? {
                    bytes.extend_from_slice(&32u16.to_be_bytes());
                    bytes.extend_from_slice(commitment.as_bytes());
                }
            }
            Kind::Hashes(level) => {
                for index in self.start()..self.start() + self.width {
                    bytes.extend_from_slice(nodes.node(8 * level, index)?.as_bytes());
                }
            }
        }
        Some(bytes)
    }
}

/// The tiles of a tree of `new` leaves that one of `old` leaves doesn't have: entries first, then from the leaves up.
pub(crate) fn between(old: u64, new: u64) -> Vec<Tile> {
    let kinds = std::iter::once((Kind::Entries, 0)).chain((0..8).map(|level| (Kind::Hashes(level), 8 * level)));
    kinds.flat_map(|(kind, bits)| grown(kind, old >> bits, new >> bits)).collect()
}

fn grown(kind: Kind, old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let tiles = (old / WIDTH..new.div_ceil(WIDTH)).map(move |index| {
        let width = |size: u64| size.saturating_sub(index * WIDTH).min(WIDTH);
        (width(old) < width(new)).then_some(Tile { kind, index, width: width(new) })
    });
    tiles.flatten()
}
