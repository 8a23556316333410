//! A set of small numbers, in words of bits.

/// How many categories, and how many audiences, a scheme may have.
pub const MEMBERS: usize = 1024;
/// The words after the first.
const MORE: usize = MEMBERS / 64 - 1;

/// A set of ids below [`MEMBERS`].
///
/// Most schemes have few names: the first 64 ids take no more than a word, and the others exist where one of them is in the set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bits {
    first: u64,
    /// INVARIANT: none where all would be empty, so that one set has one form.
    more: Option<Box<[u64; MORE]>>,
}

impl Bits {
    pub(crate) const EMPTY: Self = Self { first: 0, more: None };

    /// The set with `id` added; ids from [`MEMBERS`] on don't exist and change nothing.
    pub(crate) fn with(mut self, id: usize) -> Self {
        let bit = 1 << (id % 64);
        match (id / 64).checked_sub(1) {
            None => self.first |= bit,
            Some(place) if place < MORE => {
                let more = self.more.get_or_insert_default();
                more.iter_mut().skip(place).take(1).for_each(|word| *word |= bit);
            }
            Some(_) => {}
        }
        self
    }

    pub(crate) fn has(&self, id: usize) -> bool {
        let word = match (id / 64).checked_sub(1) {
            None => Some(&self.first),
            Some(place) => self.more.as_ref().and_then(|more| more.get(place)),
        };
        word.is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first == 0 && self.more.is_none()
    }

    #[inline]
    pub(crate) fn within(&self, other: &Self) -> bool {
        self.first & !other.first == 0 && (self.more.is_none() || self.more_within(other))
    }

    fn more_within(&self, other: &Self) -> bool {
        match (&self.more, &other.more) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a.iter().zip(b.iter()).all(|(a, b)| a & !b == 0),
        }
    }

    #[inline]
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let more = || self.more.iter().zip(&other.more).any(|(a, b)| a.iter().zip(b.iter()).any(|(a, b)| a & b != 0));
        self.first & other.first != 0 || more()
    }

    #[inline]
    pub(crate) fn add(&mut self, other: &Self) {
        self.first |= other.first;
        if let Some(others) = &other.more {
            self.add_more(others);
        }
    }

    fn add_more(&mut self, others: &[u64; MORE]) {
        let more = self.more.get_or_insert_default();
        more.iter_mut().zip(others.iter()).for_each(|(word, other)| *word |= other);
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        union.add(other);
        union
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut more = self.more.clone().filter(|_| other.more.is_some());
        let words = more.iter_mut().flat_map(|more| more.iter_mut());
        words.zip(other.more.iter().flat_map(|more| more.iter())).for_each(|(word, other)| *word &= other);
        Self { first: self.first & other.first, more: more.filter(|more| more.iter().any(|word| *word != 0)) }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let most = if self.more.is_some() { MEMBERS } else { 64 };
        (0..most).filter(|id| self.has(*id))
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
            prop_assert_eq!(x.clone().with(MEMBERS), x);
        }
    }
}
