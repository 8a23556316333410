//! A fixed set of small numbers, in words of bits.

/// How many categories, and how many audiences, a scheme may have.
pub const MEMBERS: usize = 1024;
const WORDS: usize = MEMBERS / 64;

/// A set of ids below [`MEMBERS`].
///
/// Most schemes have few names: no operation looks further than the last word that isn't empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bits {
    /// INVARIANT: one more than the place of the last word that isn't empty, so that one set has one form.
    used: u8,
    words: [u64; WORDS],
}

impl Bits {
    pub(crate) const EMPTY: Self = Self { used: 0, words: [0; WORDS] };

    /// The set with `id` added; ids from [`MEMBERS`] on don't exist and change nothing.
    pub(crate) fn with(mut self, id: usize) -> Self {
        if let Some(word) = self.words.get_mut(id / 64) {
            *word |= 1 << (id % 64);
            self.used = self.used.max((id / 64 + 1) as u8);
        }
        self
    }

    pub(crate) fn has(&self, id: usize) -> bool {
        self.words.get(id / 64).is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.used == 0
    }

    pub(crate) fn within(&self, other: &Self) -> bool {
        self.used <= other.used && self.used().zip(&other.words).all(|(a, b)| a & !b == 0)
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.used().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let (mut large, small) = if self.used >= other.used { (*self, other) } else { (*other, self) };
        large.words.iter_mut().zip(small.used()).for_each(|(word, more)| *word |= more);
        large
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut common = Self::EMPTY;
        for (place, ((word, a), b)) in (1..).zip(common.words.iter_mut().zip(self.used()).zip(other.used())) {
            *word = a & b;
            if *word != 0 {
                common.used = place;
            }
        }
        common
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..usize::from(self.used) * 64).filter(|id| self.has(*id))
    }

    fn used(&self) -> impl Iterator<Item = &u64> {
        self.words.iter().take(self.used.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Ids that are often near each other, at the ends of words, or not there at all.
    fn ids() -> impl Strategy<Value = BTreeSet<usize>> {
        let id = prop_oneof![0..130usize, 0..MEMBERS, Just(63), Just(64), Just(1023)];
        proptest::collection::btree_set(id, 0..6)
    }

    fn bits(ids: &BTreeSet<usize>) -> Bits {
        ids.iter().fold(Bits::EMPTY, |bits, id| bits.with(*id))
    }

    proptest! {
        #[test]
        fn they_are_sets(a in ids(), b in ids()) {
            let (x, y) = (bits(&a), bits(&b));
            prop_assert_eq!(x.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(x == y, a == b);
            prop_assert_eq!(x.is_empty(), a.is_empty());
            prop_assert_eq!(x.within(&y), a.is_subset(&b));
            prop_assert_eq!(x.overlaps(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.union(&y), bits(&(&a | &b)));
            prop_assert_eq!(x.intersection(&y), bits(&(&a & &b)));
            prop_assert_eq!(x.with(MEMBERS), x);
        }
    }
}
