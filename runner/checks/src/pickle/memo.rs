//! What a pickle may fetch again.

use super::heap::crowded;
use super::slot::Slot;
use crate::anatomy::Fault;
use std::collections::HashMap;

/// How far beyond what was put so far a place may be: writers count from 0 or 1.
const AHEAD: usize = 1 << 16;

/// The memo: slots by their places.
#[derive(Debug, Default)]
pub(super) struct Memo {
    slots: Vec<Slot>,
    /// How many places hold something.
    held: usize,
    /// What lies far ahead, if it may.
    far: Option<HashMap<u32, Slot>>,
}

/// A word that no slot has.
fn nothing() -> Slot {
    Slot::raw(u64::MAX)
}

impl Memo {
    /// One whose places may be anywhere, as those are of bytes that are a pickle by chance.
    pub(super) fn of_any_place() -> Self {
        Self { far: Some(HashMap::new()), ..Self::default() }
    }

    pub(super) fn get(&self, place: u32) -> Option<Slot> {
        if let Some(slot) = self.far.as_ref().and_then(|far| far.get(&place)) {
            return Some(*slot);
        }
        self.slots.get(place as usize).copied().filter(|slot| *slot != nothing())
    }

    /// Puts a slot at a place: over what was there, as both of CPython's readers do.
    pub(super) fn put(&mut self, place: u32, slot: Slot) -> Result<(), Fault> {
        if place as usize > self.held + AHEAD
            && let Some(far) = self.far.as_mut().filter(|far| far.len() < AHEAD)
        {
            self.held += usize::from(far.insert(place, slot).is_none());
            return Ok(());
        }
        let place = place as usize;
        if place == self.slots.len() {
            self.slots.push(slot);
            self.held += 1;
            return Ok(());
        }
        if place > self.held + AHEAD {
            return Err(crowded());
        }
        if place >= self.slots.len() {
            self.slots.resize(place + 1, nothing());
        }
        if let Some(old) = self.slots.get_mut(place) {
            self.held += usize::from(*old == nothing());
            *old = slot;
        }
        Ok(())
    }

    /// Puts a slot at the place that is as high as there are places held.
    pub(super) fn add(&mut self, slot: Slot) -> Result<(), Fault> {
        self.put(u32::try_from(self.held).map_err(|_| crowded())?, slot)
    }

    /// Bytes that it takes.
    pub(super) fn size(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }
}
