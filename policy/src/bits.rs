//! A fixed set of small numbers, in words of bits.

/// How many categories, and how many audiences, a scheme may have.
pub const MEMBERS: usize = 1024;
const WORDS: usize = MEMBERS / 64;

/// A set of ids below [`MEMBERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bits([u64; WORDS]);

impl Bits {
    pub(crate) const EMPTY: Self = Self([0; WORDS]);

    /// The set with `id` added; ids from [`MEMBERS`] on don't exist and change nothing.
    pub(crate) fn with(mut self, id: usize) -> Self {
        if let Some(word) = self.0.get_mut(id / 64) {
            *word |= 1 << (id % 64);
        }
        self
    }

    pub(crate) fn has(&self, id: usize) -> bool {
        self.0.get(id / 64).is_some_and(|word| word & (1 << (id % 64)) != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    pub(crate) fn within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).fold(0, |left, (a, b)| left | (a & !b)) == 0
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..MEMBERS).filter(|id| self.has(*id))
    }

    fn combine(&self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        let mut out = Self::EMPTY;
        for ((word, a), b) in out.0.iter_mut().zip(&self.0).zip(&other.0) {
            *word = operation(*a, *b);
        }
        out
    }
}
