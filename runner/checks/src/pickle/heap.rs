//! What a pickle has made so far: containers, and objects as the calls that would make them.
//!
//! Containers lie in one vector of words. A tuple is its length and its items. What can grow is a head of two words, which tells its first
//! chunk, its last one and how many items there are, and chunks, each a word that tells the next chunk and its own length, and its items:
//! a pickle adds up to a thousand items at a time.

mod items;
mod object;

pub(super) use items::Items;
pub(super) use object::{How, Object, Sense};

use super::slot::{Slot, Value};
use crate::anatomy::Fault;

/// Most bytes of all that is kept of a pickle.
const MOST: usize = 512 << 20;
/// The same for one inside or behind another.
pub(super) const SMALL: usize = 64 << 20;
/// Most bytes for which room is made before there is anything to put there. What is larger grows without being copied.
const RESERVED: usize = 32 << 20;
/// Set in the second word of a head when something was made of the container, so that it must not change any more.
const USED: u64 = 1 << 63;

/// All that was made.
#[derive(Debug)]
pub(super) struct Heap {
    words: Vec<Slot>,
    objects: Vec<Object>,
    most: usize,
}

impl Default for Heap {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Heap {
    /// An empty one for so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { words: Vec::new(), objects: Vec::new(), most }
    }

    /// Makes room for what a file of so many bytes may make.
    pub(super) fn reserve(&mut self, file: u64) {
        self.words.reserve(reserved::<Slot>(file));
        self.objects.reserve(reserved::<Object>(file));
    }

    /// Most bytes of it and of what belongs to it.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Bytes that it takes.
    pub(super) fn size(&self) -> usize {
        self.words.len() * size_of::<Slot>() + self.objects.len() * size_of::<Object>()
    }

    fn place(&self) -> Result<u32, Fault> {
        if self.size() > self.most {
            return Err(crowded());
        }
        u32::try_from(self.words.len()).map_err(|_| crowded())
    }

    fn word(&self, at: u32) -> u64 {
        self.words.get(at as usize).map_or(0, |word| word.bits())
    }

    fn set(&mut self, at: u32, word: u64) {
        if let Some(place) = self.words.get_mut(at as usize) {
            *place = Slot::raw(word);
        }
    }

    /// A tuple's or a frozen set's items.
    pub(super) fn fixed(&mut self, items: &[Slot]) -> Result<u32, Fault> {
        let at = self.place()?;
        self.words.push(Slot::raw(items.len() as u64));
        self.words.extend_from_slice(items);
        Ok(at)
    }

    /// A list, a dict or a set without items.
    pub(super) fn empty(&mut self) -> Result<u32, Fault> {
        let at = self.place()?;
        self.words.extend([Slot::raw(0), Slot::raw(0)]);
        Ok(at)
    }

    /// Adds items to what can grow; of a dict, keys and values in turn.
    pub(super) fn extend(&mut self, head: u32, items: &[Slot]) -> Result<(), Fault> {
        if items.is_empty() {
            return Ok(());
        }
        let chunk = self.place()?;
        self.words.push(Slot::raw(items.len() as u64));
        self.words.extend_from_slice(items);
        let ends = self.word(head);
        let (first, last) = (ends as u32, (ends >> 32) as u32);
        if last == 0 && first == 0 {
            self.set(head, u64::from(chunk) << 32 | u64::from(chunk));
        } else {
            self.set(head, u64::from(chunk) << 32 | u64::from(first));
            let len = self.word(last) as u32;
            self.set(last, u64::from(chunk) << 32 | u64::from(len));
        }
        let count = self.word(head + 1);
        self.set(head + 1, count + items.len() as u64);
        Ok(())
    }

    /// Marks what can grow as used; whether it already was.
    pub(super) fn use_up(&mut self, slot: Slot) -> bool {
        match slot.value() {
            Value::List(at) | Value::Dict(at) | Value::Set(at) => {
                let word = self.word(at + 1);
                self.set(at + 1, word | USED);
                word & USED != 0
            }
            Value::Object(at) => self.objects.get_mut(at as usize).is_some_and(|object| {
                let used = object.used;
                object.used = true;
                used
            }),
            _ => false,
        }
    }

    pub(super) fn is_used(&self, slot: Slot) -> bool {
        match slot.value() {
            Value::List(at) | Value::Dict(at) | Value::Set(at) => self.word(at + 1) & USED != 0,
            Value::Object(at) => self.object(at).is_some_and(|object| object.used),
            _ => false,
        }
    }

    pub(super) fn add(&mut self, object: Object) -> Result<Slot, Fault> {
        self.place()?;
        let at = u32::try_from(self.objects.len()).map_err(|_| crowded())?;
        self.objects.push(object);
        Ok(Slot::object(at))
    }

    pub(super) fn object(&self, at: u32) -> Option<&Object> {
        self.objects.get(at as usize)
    }

    pub(super) fn object_mut(&mut self, at: u32) -> Option<&mut Object> {
        self.objects.get_mut(at as usize)
    }

    /// The object that a slot holds.
    pub(super) fn get(&self, slot: Slot) -> Option<&Object> {
        self.object(slot.as_object()?)
    }

    pub(super) fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// All words of all containers, those that tell where things are among them.
    pub(super) fn words(&self) -> &[Slot] {
        &self.words
    }
}

/// For how many things room is made at once that take as much as the file together.
pub(super) fn reserved<T>(file: u64) -> usize {
    usize::try_from(file).unwrap_or(RESERVED).min(RESERVED) / size_of::<T>()
}

/// The answer to a pickle with more in it than fits.
pub(super) fn crowded() -> Fault {
    Fault::new("it has more objects than can be examined")
}
