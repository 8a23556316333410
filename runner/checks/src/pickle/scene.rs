//! All that is known of a pickle while it is read, and short ways to look at it.

use super::heap::{Heap, Object, Sense};
use super::held::{Held, Source};
use super::kind::{Kind, What};
use super::literal;
use super::names::{Global, Names};
use super::peek::Peek;
use super::role::Role;
use super::slot::{Slot, Value};
use super::trouble::Troubles;
use crate::array::Number;
use crate::data::Data;
use crate::pickle::Beside;
use std::cell::Cell;

/// Longest text that is a name, a code or a key.
pub(super) const WORD: usize = 4096;
/// Most dimensions of an array: numpy's own bound.
const DIMENSIONS: usize = 64;

/// Bytes of an array or a kind of numbers, with its shape or a field.
const ARRAY: usize = size_of::<Held>() + 32;
const KIND: usize = size_of::<Kind>() + 64;
/// Bytes of what is known of a tensor's part of a storage.
const VIEW: usize = size_of::<(String, u64, u64)>() + super::storage::KEY;

/// What a pickle has made, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) data: &'a Data,
    pub(super) heap: Heap,
    pub(super) names: Names,
    pub(super) kinds: Vec<Kind>,
    pub(super) arrays: Vec<Held>,
    pub(super) troubles: Troubles,
    /// What lies beside the pickle.
    pub(super) beside: Option<Beside<'a>>,
    /// Which stretches of that are parts of tensors: key, place and length.
    pub(super) views: Vec<(String, u64, u64)>,
    /// How many of joblib's arrays were mapped from files when they were written.
    pub(super) mapped: u64,
    /// How many more items may be looked at beyond those that a file of this size has.
    effort: Cell<u64>,
    /// Reads bytes of numbers that stand alone.
    pub(super) peek: Peek<'a>,
    /// The keys of states that were looked at, by the places of their opcodes: most come many times.
    pub(super) keys: super::state::Keys,
}

impl<'a> Scene<'a> {
    pub(super) fn new(data: &'a Data, beside: Option<Beside<'a>>) -> Self {
        Self {
            data,
            heap: Heap::default(),
            names: Names::default(),
            kinds: Vec::new(),
            arrays: Vec::new(),
            troubles: Troubles::default(),
            beside,
            mapped: 0,
            views: Vec::new(),
            effort: Cell::new(data.len().saturating_mul(8).saturating_add(1 << 20)),
            peek: Peek::new(data),
            keys: Default::default(),
        }
    }

    /// Bytes of all that was made so far.
    pub(super) fn size(&self) -> usize {
        self.heap.size() + self.arrays.len() * ARRAY + self.kinds.len() * KIND + self.views.len() * VIEW
    }

    /// Whether so many items may be looked at: a small pickle may refer to the same large part many times.
    pub(super) fn spend(&self, items: u64) -> bool {
        let left = self.effort.get().checked_sub(items);
        self.effort.set(left.unwrap_or(0));
        left.is_some()
    }

    /// A short text.
    pub(super) fn text(&self, slot: Slot) -> Option<String> {
        let Value::Text(at) = slot.value() else { return None };
        literal::text(self.data, at, WORD).ok().filter(|text| text.len() < WORD)
    }

    pub(super) fn global(&self, slot: Slot) -> Option<&Global> {
        self.names.get(slot.as_global()?)
    }

    pub(super) fn role(&self, slot: Slot) -> Role {
        self.global(slot).map_or(Role::Plain, |global| global.role)
    }

    /// What an object was made by.
    pub(super) fn maker(&self, object: &Object) -> Option<&Global> {
        self.global(self.class(object))
    }

    /// The class or function that an object was made by: where protocols 0 and 1 call a function for it, its first argument.
    pub(super) fn class(&self, object: &Object) -> Slot {
        match self.role(object.callee) {
            Role::Reconstructor | Role::Newobj | Role::Reconstruct | Role::Masked => {
                self.heap.first::<1>(object.args).map_or(object.callee, |[class]| class)
            }
            _ => object.callee,
        }
    }

    /// The kind that an object is, and its place in the list.
    pub(super) fn kind(&self, slot: Slot) -> Option<(u32, &Kind)> {
        match self.heap.get(slot)?.sense {
            Sense::Kind(at) => Some((at, self.kinds.get(at as usize)?)),
            _ => None,
        }
    }

    pub(super) fn array(&self, slot: Slot) -> Option<&Held> {
        match self.heap.get(slot)?.sense {
            Sense::Array(at) => self.arrays.get(at as usize),
            _ => None,
        }
    }

    /// An array's shape.
    pub(super) fn shape(&self, slot: Slot) -> Option<Vec<u64>> {
        slot.as_tuple()?;
        if self.heap.len(slot) > DIMENSIONS as u64 {
            return None;
        }
        self.heap.each(slot).map(|len| self.whole(len)).collect()
    }

    /// A whole number that isn't negative; numpy's own integers are some, too.
    pub(super) fn whole(&self, slot: Slot) -> Option<u64> {
        if let Some(value) = slot.as_int() {
            return u64::try_from(value).ok();
        }
        if let Some(lone) = self.lone(slot) {
            let right = !lone.number.is_float() && lone.number != Number::Bool && !lone.big_endian;
            let bytes = literal::bytes(self.data, lone.at).ok()??.bytes().ok().filter(|_| right)?;
            return whole(&bytes);
        }
        let held = self.array(slot).filter(|held| held.shape.is_empty())?;
        let integer =
            matches!(held.kind(self)?.what, What::Number(number) if !number.is_float() && number != Number::Bool);
        let bytes = held
            .data(self)
            .ok()??
            .bytes()
            .ok()
            .filter(|_| integer && !held.kind(self).is_some_and(|kind| kind.big_endian))?;
        whole(&bytes)
    }

    /// Whether an object is a kind of numbers, an array or a number.
    pub(super) fn is_numbers(&self, slot: Slot) -> bool {
        self.heap.get(slot).is_some_and(|object| object.sense != Sense::Unknown)
    }

    /// Whether it is made of numbers, texts and bytes alone, in lists, tuples and dicts that are no deeper nested than this.
    pub(super) fn is_literal(&self, slot: Slot, depth: u32) -> bool {
        match slot.value() {
            Value::Global(_) | Value::Object(_) | Value::Lone(_) => false,
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::Frozen(_) => {
                depth > 0 && self.heap.each(slot).all(|item| self.is_literal(item, depth - 1))
            }
            _ => true,
        }
    }

    /// Whether it is a literal whose bytes may be written as protocols 0 to 2 do, or a number of numpy's.
    pub(super) fn is_plain(&self, slot: Slot) -> bool {
        let plain = |slot: Slot| match slot.value() {
            Value::Object(at) => self.encoded(at).is_some() || self.is_numbers(slot) && self.kind(slot).is_none(),
            Value::Global(_) => false,
            Value::Lone(_) => true,
            _ => self.is_literal(slot, 4),
        };
        let nested = |slot: Slot| plain(slot) || slot.as_tuple().is_some() && self.heap.each(slot).all(plain);
        nested(slot) || slot.as_tuple().is_some() && self.heap.each(slot).all(nested)
    }

    /// Bytes that protocols 0 to 2 write as `_codecs.encode(text, "latin1")`, as `bytes()`, or as a `bytearray` of one of those.
    pub(super) fn encoded(&self, at: u32) -> Option<Source> {
        let object = self.heap.object(at)?;
        let global = self.global(object.callee)?;
        if global.role == Role::Encode {
            return self.latin(object);
        }
        if global.module != "builtins" || !matches!(global.name.as_str(), "bytes" | "bytearray") {
            return None;
        }
        let latin = |code: Slot| matches!(self.text(code).as_deref(), Some("latin-1" | "latin1"));
        let args: Vec<Slot> = self.heap.each(object.args).take(3).collect();
        match args.as_slice() {
            [] => Some(Source::Bytes(Vec::new().into())),
            [content] => match content.value() {
                Value::Bytes(at) => literal::bytes(self.data, at).ok().flatten().map(Source::Bytes),
                Value::Object(at) => self
                    .heap
                    .object(at)
                    .filter(|inner| self.role(inner.callee) == Role::Encode)
                    .and_then(|inner| self.latin(inner)),
                _ => None,
            },
            [content, code] if latin(*code) => match content.value() {
                Value::Text(at) => Some(Source::Latin(at)),
                _ => None,
            },
            _ => None,
        }
    }

    fn latin(&self, object: &Object) -> Option<Source> {
        let [text, _] = self.heap.exactly(object.args)?;
        if let Value::Text(at) = text.value() { Some(Source::Latin(at)) } else { None }
    }
}

/// A whole number of 48 bits at most, the least significant byte first.
fn whole(bytes: &[u8]) -> Option<u64> {
    let value = bytes.iter().rev().fold(0u64, |all, byte| all << 8 | u64::from(*byte));
    Some(value).filter(|value| *value < 1 << 48)
}
