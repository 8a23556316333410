//! What a pickle has made so far: containers, and objects as the calls that would make them.
//!
//! Containers lie in one vector of words. A tuple is its length and its items. What can grow is a head of two words, which tells its first
//! chunk, its last one and how many items there are, and chunks, each a word that tells the next chunk and its own length, and its items:
//! a pickle adds up to a thousand items at a time.

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

/// How an object would come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// A function or a class is called: REDUCE, OBJ, INST.
    Called,
    /// A class makes one of its own: NEWOBJ.
    Made,
    /// Something outside the pickle, by its id: BINPERSID.
    Persistent,
}

/// What an object is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Unknown,
    /// A kind of numbers, by its place in the list of those.
    Kind(u32),
    /// An array, by its place in the list of those.
    Array(u32),
}

/// An object, as the call that would make it and the state that it would be given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    pub(super) callee: Slot,
    pub(super) args: Slot,
    /// What BUILD gives it.
    pub(super) state: Option<Slot>,
    /// What is appended to it or set in it: a list or a dict of its own.
    pub(super) items: Option<Slot>,
    pub(super) how: How,
    pub(super) sense: Sense,
    /// Whether something was made of it, so that it must not change any more.
    pub(super) used: bool,
}

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

/// The items of a container, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items {
    at: u32,
    end: u32,
    next: u32,
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

    /// How many items there are; of a dict, keys and values.
    pub(super) fn len(&self, slot: Slot) -> u64 {
        match slot.value() {
            Value::Tuple(at) | Value::Frozen(at) => self.word(at),
            Value::List(at) | Value::Dict(at) | Value::Set(at) => self.word(at + 1) & !USED,
            _ => 0,
        }
    }

    pub(super) fn items(&self, slot: Slot) -> Items {
        match slot.value() {
            Value::Tuple(at) | Value::Frozen(at) => Items { at: at + 1, end: at + 1 + self.word(at) as u32, next: 0 },
            Value::List(at) | Value::Dict(at) | Value::Set(at) => Items { at: 0, end: 0, next: self.word(at) as u32 },
            _ => Items { at: 0, end: 0, next: 0 },
        }
    }

    /// The next item.
    pub(super) fn next(&self, items: &mut Items) -> Option<Slot> {
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
    pub(super) fn first<const N: usize>(&self, slot: Slot) -> Option<[Slot; N]> {
        let mut items = self.items(slot);
        let mut first = [Slot::NONE; N];
        for place in &mut first {
            *place = self.next(&mut items)?;
        }
        Some(first)
    }

    /// All items, if they are exactly so many.
    pub(super) fn exactly<const N: usize>(&self, slot: Slot) -> Option<[Slot; N]> {
        self.first(slot).filter(|_| self.len(slot) == N as u64)
    }

    pub(super) fn each(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        let mut items = self.items(slot);
        std::iter::from_fn(move || self.next(&mut items))
    }

    /// A dict's keys and values.
    pub(super) fn pairs(&self, slot: Slot) -> impl Iterator<Item = (Slot, Slot)> + '_ {
        let mut items = self.items(slot);
        std::iter::from_fn(move || Some((self.next(&mut items)?, self.next(&mut items)?)))
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
