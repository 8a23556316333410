//! What the items of numpy's arrays are made of, as pickles tell it (numpy `arraydescr_reduce`, `arraydescr_setstate`).
//!
//! numpy believes what it is told: a kind whose flags say that bytes are no objects, though they are, makes pointers of bytes, and a field
//! beyond its record reads what lies behind. So nothing is accepted here but what numpy itself writes.

use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use crate::array::Number;
use std::collections::HashMap;

/// Flags that numpy gives to kinds (`NPY_ITEM_REFCOUNT` and the following).
const OBJECT_FLAGS: i64 = 63;
const TEXT_FLAGS: i64 = 8;
const RECORD_FLAGS: i64 = 16;
const OBJECT_RECORD_FLAGS: i64 = 27;
const ALIGNED: i64 = 128;
/// Most bytes of one item.
const SIZE: u64 = 1 << 31;

/// What one item is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Number(Number),
    /// Two numbers.
    Complex(Number),
    /// Python objects.
    Object,
    /// Characters of four bytes.
    Text,
    /// Characters of one byte.
    Ascii,
    /// Bytes of no further meaning.
    Plain,
    /// Its fields, in the order of their names.
    Record(Vec<Field>),
    /// Several of a kind, side by side.
    Several(u32, Vec<u64>),
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: u32,
    /// Bytes from the beginning of the record.
    pub(super) offset: u64,
}

/// A kind of items.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kind {
    pub(super) what: What,
    pub(super) big_endian: bool,
    /// Bytes of one.
    pub(super) size: u64,
    /// Whether some of it is Python objects.
    pub(super) objects: bool,
}

impl Kind {
    /// What `numpy.dtype("f8", False, True)` makes.
    pub(super) fn of(code: &str) -> Option<Self> {
        let code = code.strip_prefix('|').unwrap_or(code);
        let mut letters = code.chars();
        let letter = letters.next()?;
        let digits = letters.as_str();
        let size = match (letter, digits) {
            ('?', "") => 1,
            ('O', "") => 8,
            _ if digits.len() < 10 && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            _ => return None,
        };
        let (what, size) = match (letter, size) {
            ('b', 1) | ('?', 1) => (What::Number(Number::Bool), 1),
            ('i', 1) => (What::Number(Number::I8), 1),
            ('i', 2) => (What::Number(Number::I16), 2),
            ('i', 4) => (What::Number(Number::I32), 4),
            ('i', 8) | ('M' | 'm', 8) => (What::Number(Number::I64), 8),
            ('u', 1) => (What::Number(Number::U8), 1),
            ('u', 2) => (What::Number(Number::U16), 2),
            ('u', 4) => (What::Number(Number::U32), 4),
            ('u', 8) => (What::Number(Number::U64), 8),
            ('f', 2) => (What::Number(Number::F16), 2),
            ('f', 4) => (What::Number(Number::F32), 4),
            ('f', 8) => (What::Number(Number::F64), 8),
            ('c', 8) => (What::Complex(Number::F32), 8),
            ('c', 16) => (What::Complex(Number::F64), 16),
            ('f', 16) | ('c', 32) => (What::Plain, size),
            ('O', 8) => (What::Object, 8),
            ('U', size) => (What::Text, size * 4),
            ('S', size) => (What::Ascii, size),
            ('V', size) => (What::Plain, size),
            _ => return None,
        };
        let objects = what == What::Object;
        Some(Self { what, big_endian: false, size, objects }).filter(|kind| kind.size <= SIZE)
    }

    /// What `numpy.dtype(numpy.record, False, True)` makes, before its state says how large it is.
    pub(super) fn record() -> Self {
        Self { what: What::Plain, big_endian: false, size: 0, objects: false }
    }

    /// The same with the state that BUILD gives it: version, byte order, subarray, names, fields, size, alignment, flags, and of times their
    /// unit.
    pub(super) fn built(&self, scene: &Scene<'_>, code: Slot, state: Slot) -> Option<Self> {
        let heap = &scene.heap;
        let [version, order, several, names, fields, size, alignment, flags] = heap.first(state)?;
        let more: Vec<Slot> = heap.each(state).skip(8).collect();
        let unit = more.is_empty() || more.len() == 1 && scene.is_plain(*more.first()?);
        if !unit || !matches!(version.as_int()?, 3 | 4) {
            return None;
        }
        let big_endian = match scene.text(order)?.as_str() {
            ">" => true,
            "<" | "|" | "=" => false,
            _ => return None,
        };
        // Before 2.0 numpy wrote the flags as a signed byte.
        let signed = |flags: i64| if (-128..0).contains(&flags) { flags + 256 } else { flags };
        let (size, alignment, flags) = (size.as_int()?, alignment.as_int()?, signed(flags.as_int()?));
        let record = scene.role(code) == Role::Record;
        let letter = scene.text(code).and_then(|code| code.trim_start_matches('|').chars().next());
        let flexible = record || matches!(letter, Some('U' | 'S' | 'V'));
        let named =
            Self { size: u64::try_from(size).ok().filter(|size| *size <= SIZE).unwrap_or(self.size), ..self.clone() };
        let this = if record { &named } else { self };
        let sized = if flexible { u64::try_from(size) == Ok(this.size) } else { size == -1 };
        let aligned = if flexible { matches!(alignment, 1 | 2 | 4 | 8 | 16) } else { alignment == -1 };
        if !sized || !aligned {
            return None;
        }
        if several == Slot::NONE && names == Slot::NONE && fields == Slot::NONE {
            let right = match self.what {
                What::Object => OBJECT_FLAGS,
                What::Text | What::Ascii => TEXT_FLAGS,
                _ => 0,
            };
            // Older numpy gave texts no flags.
            let known = flags == right || flags == 0 && right == TEXT_FLAGS;
            return known.then(|| Self { big_endian, ..this.clone() });
        }
        if this.what != What::Plain || letter != Some('V') && !record {
            return None;
        }
        if several != Slot::NONE {
            return this.several(scene, several, flags).filter(|_| names == Slot::NONE && fields == Slot::NONE);
        }
        let kind = this.fields(scene, names, fields)?;
        let right = if kind.objects { OBJECT_RECORD_FLAGS } else { RECORD_FLAGS };
        // Records without names for their fields' sum, as numpy wrote them before 1.20, have no flags.
        let known = flags & !ALIGNED == right || flags & !ALIGNED == 0 && !kind.objects;
        Some(kind).filter(|_| known)
    }

    fn several(&self, scene: &Scene<'_>, several: Slot, flags: i64) -> Option<Self> {
        let [base, shape] = scene.heap.exactly(several)?;
        let (at, base) = scene.kind(base)?;
        let shape = match shape.value() {
            Value::Int(len) => vec![u64::try_from(len).ok()?],
            _ => scene.shape(shape)?,
        };
        let count = shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more))?;
        let fits = count.checked_mul(base.size) == Some(self.size) && !base.objects && flags == 0;
        fits.then(|| Self { what: What::Several(at, shape), ..self.clone() })
    }

    fn fields(&self, scene: &Scene<'_>, names: Slot, fields: Slot) -> Option<Self> {
        names.as_tuple()?;
        fields.as_dict()?;
        Some(()).filter(|()| scene.spend(scene.heap.len(fields)))?;
        let mut told = Vec::new();
        for (name, field) in scene.heap.pairs(fields) {
            let [kind, offset] = scene.heap.exactly(field)?;
            let (at, kind) = scene.kind(kind)?;
            let offset = u64::try_from(offset.as_int()?).ok()?;
            if offset.checked_add(kind.size)? > self.size {
                return None;
            }
            told.push((Field { name: scene.text(name)?, kind: at, offset }, kind.objects));
        }
        let objects = told.iter().any(|(_, objects)| *objects);
        let mut all: Vec<Field> = told.into_iter().map(|(field, _)| field).collect();
        let mut listed: Vec<String> = scene.heap.each(names).map(|name| scene.text(name)).collect::<Option<_>>()?;
        all.sort_by(|one, other| (one.offset, &one.name).cmp(&(other.offset, &other.name)));
        let mut named: Vec<&str> = all.iter().map(|field| field.name.as_str()).collect();
        named.sort_unstable();
        listed.sort_unstable();
        if named != listed || named.is_empty() || named.windows(2).any(|two| two.first() == two.last()) {
            return None;
        }
        // Fields that overlap with objects would make objects of bytes.
        let overlap = all.windows(2).any(|two| match two {
            [one, next] => scene.kinds.get(one.kind as usize).is_none_or(|kind| one.offset + kind.size > next.offset),
            _ => false,
        });
        // Whoever converts records goes by the order of their names.
        let ranks: HashMap<String, usize> = scene
            .heap
            .each(names)
            .enumerate()
            .map(|(rank, name)| Some((scene.text(name)?, rank)))
            .collect::<Option<_>>()?;
        all.sort_by_key(|field| ranks.get(&field.name));
        Some(Self { what: What::Record(all), objects, ..self.clone() }).filter(|kind| !(kind.objects && overlap))
    }
}
