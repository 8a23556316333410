//! What a pickle may fetch again.

use super::heap::{crowded, reserved};
use super::slot::Slot;
use crate::anatomy::Fault;
use std::collections::HashMap;

/// How far beyond what was put so far a place may be: writers count from 0 or 1.
const AHEAD: usize = 1 << 16;

/// The memo: slots by their places.
#[derive(Debug, Default)]
pub(super) struct Memo {
    slots: Vec<Option<Slot>>,
    /// How many places hold something.
    held: usize,
    /// What lies far ahead, if it may.
    far: Option<HashMap<u32, Slot>>,
}

impl Memo {
    /// One whose places may be anywhere, as those are of bytes that are a pickle by chance.
    pub(super) fn of_any_place() -> Self {
        Self { far: Some(HashMap::new()), ..Self::default() }
    }

    /// Makes room for what a file of so many bytes may put there.
    pub(super) fn reserve(&mut self, file: u64) {
        self.slots.reserve(reserved::<[Slot; 2]>(file));
    }

    pub(super) fn get(&self, place: u32) -> Option<Slot> {
        if let Some(slot) = self.far.as_ref().and_then(|far| far.get(&place)) {
            return Some(*slot);
        }
        self.slots.get(place as usize).copied().flatten()
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
            self.slots.push(Some(slot));
            self.held += 1;
            return Ok(());
        }
        if place > self.held + AHEAD {
            return Err(crowded());
        }
        if place >= self.slots.len() {
            self.slots.resize(place + 1, None);
        }
        if let Some(old) = self.slots.get_mut(place) {
            self.held += usize::from(old.replace(slot).is_none());
        }
        Ok(())
    }

    /// Puts a slot at the place that is as high as there are places held.
    pub(super) fn add(&mut self, slot: Slot) -> Result<(), Fault> {
        if self.held == self.slots.len() && self.far.is_none() {
            self.slots.push(Some(slot));
            self.held += 1;
            return Ok(());
        }
        self.put(u32::try_from(self.held).map_err(|_| crowded())?, slot)
    }

    /// Bytes that it takes.
    pub(super) fn size(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }
}
