//! An object, as what makes it.

use crate::pickle::slot::Slot;

/// How an object would come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pickle) enum How {
    /// A function or a class is called: REDUCE, OBJ, INST.
    Called,
    /// A class makes one of its own: NEWOBJ.
    Made,
    /// Something outside the pickle, by its id: BINPERSID.
    Persistent,
}

/// What an object is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pickle) enum Sense {
    Unknown,
    /// A kind of numbers, by its place in the list of those.
    Kind(u32),
    /// An array, by its place in the list of those.
    Array(u32),
}

/// An object, as the call that would make it and the state that it would be given.
#[derive(Clone, Copy, Debug)]
pub(in crate::pickle) struct Object {
    pub(in crate::pickle) callee: Slot,
    pub(in crate::pickle) args: Slot,
    /// What BUILD gives it.
    pub(in crate::pickle) state: Option<Slot>,
    /// What is appended to it or set in it: a list or a dict of its own.
    pub(in crate::pickle) items: Option<Slot>,
    pub(in crate::pickle) how: How,
    pub(in crate::pickle) sense: Sense,
    /// Whether something was made of it, so that it must not change any more.
    pub(in crate::pickle) used: bool,
}
