//! Labels: how secret a thing is, who may combine it with what, and who may receive it.

use crate::bits::Bits;

/// Level, categories and releasable-to of one object.
///
/// Labels form a lattice but for one hole: two labels that are releasable to different people only have no join.
/// The shape is that of STANAG 4774: categories are restrictive (all are needed), releasable-to is permissive (one
/// suffices).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    pub(crate) level: u8,
    pub(crate) categories: Bits,
    /// The audiences; `None` is `any`. INVARIANT: never an empty set.
    pub(crate) audiences: Option<Bits>,
}

impl Label {
    /// The label that every other one dominates.
    pub const LOWEST: Self = Self { level: 0, categories: Bits::EMPTY, audiences: None };

    /// Whether data at `other` may flow into an object at this label.
    pub fn dominates(&self, other: &Self) -> bool {
        self.level >= other.level
            && other.categories.within(&self.categories)
            && narrower(self.audiences.as_ref(), other.audiences.as_ref())
    }

    /// The lowest label that dominates both, or `None` where the two may not be combined: nobody may receive both.
    pub fn join(&self, other: &Self) -> Option<Self> {
        let mut join = self.clone();
        join.raise(other).then_some(join)
    }

    /// Makes this the join of itself and another, or says that there is none, and is no label any more.
    #[inline]
    pub(crate) fn raise(&mut self, other: &Self) -> bool {
        self.level = self.level.max(other.level);
        self.categories.add(&other.categories);
        // Most labels are releasable to anybody.
        other.audiences.is_none() || self.narrow(other)
    }

    /// The audiences of both, if there are any.
    fn narrow(&mut self, other: &Self) -> bool {
        match (&mut self.audiences, &other.audiences) {
            (_, None) => true,
            (only @ None, Some(_)) => {
                only.clone_from(&other.audiences);
                true
            }
            (Some(a), Some(b)) => {
                *a = a.intersection(b);
                !a.is_empty()
            }
        }
    }

    /// The highest label that both dominate.
    pub fn meet(&self, other: &Self) -> Self {
        let audiences = match (&self.audiences, &other.audiences) {
            (Some(a), Some(b)) => Some(a.union(b)),
            _ => None,
        };
        Self {
            level: self.level.min(other.level),
            categories: self.categories.intersection(&other.categories),
            audiences,
        }
    }

    /// The position of the label's level in the scheme, from 0.
    pub fn level(&self) -> u8 {
        self.level
    }
}

/// Whether what `a` allows to receive, `b` allows too.
fn narrower(a: Option<&Bits>, b: Option<&Bits>) -> bool {
    match (a, b) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a.within(b),
    }
}

/// The most that a person may see, or submit at.
///
/// Not a label: audiences say to which a person belongs, so that more of them admit more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clearance {
    pub(crate) level: u8,
    pub(crate) categories: Bits,
    pub(crate) audiences: Bits,
}

impl Clearance {
    /// Admits labels of the lowest level alone.
    pub const LOWEST: Self = Self { level: 0, categories: Bits::EMPTY, audiences: Bits::EMPTY };

    /// Whether its holder may see an object at `label`.
    #[inline]
    pub fn admits(&self, label: &Label) -> bool {
        self.level >= label.level
            && label.categories.within(&self.categories)
            && label.audiences.as_ref().is_none_or(|set| set.overlaps(&self.audiences))
    }

    /// Whether somebody with at most this could see an object at `label`, if they belonged to one of its audiences.
    pub(crate) fn reaches(&self, label: &Label) -> bool {
        self.level >= label.level && label.categories.within(&self.categories)
    }

    /// Whether it admits nothing that `bound` doesn't admit.
    pub fn within(&self, bound: &Self) -> bool {
        self.level <= bound.level
            && self.categories.within(&bound.categories)
            && self.audiences.within(&bound.audiences)
    }

    /// The least that admits whatever either admits.
    pub(crate) fn with(&self, other: &Self) -> Self {
        Self {
            level: self.level.max(other.level),
            categories: self.categories.union(&other.categories),
            audiences: self.audiences.union(&other.audiences),
        }
    }

    /// As much as it is, and what it takes to admit a label: where the label is releasable to some, one of them.
    pub(crate) fn reaching(&self, label: &Label) -> Self {
        let one = label.audiences.as_ref().and_then(|set| set.iter().next());
        Self {
            level: self.level.max(label.level),
            categories: self.categories.union(&label.categories),
            audiences: one.map_or_else(|| self.audiences.clone(), |one| self.audiences.clone().with(one)),
        }
    }

    /// What its holder may know of data up to `top`: the label of whatever they write down.
    ///
    /// It dominates every label that `top` dominates and this clearance admits, so that what a cleared author types
    /// into code or parameters counts as being at least as secret as all they may have read.
    pub fn knows(&self, top: &Label) -> Label {
        Label {
            level: self.level.min(top.level),
            categories: self.categories.intersection(&top.categories),
            audiences: top.audiences.clone(),
        }
    }
}
