//! The items of containers, whether they lie in one stretch or in chunks.

use super::{Heap, USED};
use crate::pickle::slot::{Slot, Value};

/// The items of a container, one after the other.
#[derive(Clone, Copy, Debug)]
pub(in crate::pickle) struct Items {
    at: u32,
    end: u32,
    next: u32,
}

impl Heap {
    /// How many items there are; of a dict, keys and values.
    pub(in crate::pickle) fn len(&self, slot: Slot) -> u64 {
        match slot.value() {
            Value::Tuple(at) | Value::Frozen(at) => self.word(at),
            Value::List(at) | Value::Dict(at) | Value::Set(at) => self.word(at + 1) & !USED,
            _ => 0,
        }
    }

    pub(in crate::pickle) fn items(&self, slot: Slot) -> Items {
        match slot.value() {
            Value::Tuple(at) | Value::Frozen(at) => Items { at: at + 1, end: at + 1 + self.word(at) as u32, next: 0 },
            Value::List(at) | Value::Dict(at) | Value::Set(at) => Items { at: 0, end: 0, next: self.word(at) as u32 },
            _ => Items { at: 0, end: 0, next: 0 },
        }
    }

    /// The next item.
    pub(in crate::pickle) fn next(&self, items: &mut Items) -> Option<Slot> {
        if items.at == items.end {
            if items.next == 0 {
                return None;
            }
            let head = self.word(items.next);
            (items.at, items.end) = (items.next + 1, items.next + 1 + head as u32);
            items.next = (head >> 32) as u32;
        }
        let item = self.words.get(items.at as usize).copied();
        items.at += 1;
        item
    }

    /// The first few items.
    pub(in crate::pickle) fn first<const N: usize>(&self, slot: Slot) -> Option<[Slot; N]> {
        let mut items = self.items(slot);
        let mut first = [Slot::NONE; N];
        for place in &mut first {
            *place = self.next(&mut items)?;
        }
        Some(first)
    }

    /// All items, if they are exactly so many.
    pub(in crate::pickle) fn exactly<const N: usize>(&self, slot: Slot) -> Option<[Slot; N]> {
        self.first(slot).filter(|_| self.len(slot) == N as u64)
    }

    pub(in crate::pickle) fn each(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        let mut items = self.items(slot);
        std::iter::from_fn(move || self.next(&mut items))
    }

    /// A dict's keys and values.
    pub(in crate::pickle) fn pairs(&self, slot: Slot) -> impl Iterator<Item = (Slot, Slot)> + '_ {
        let mut items = self.items(slot);
        std::iter::from_fn(move || Some((self.next(&mut items)?, self.next(&mut items)?)))
    }
}
