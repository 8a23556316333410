//! One value of a pickle in eight bytes: a number itself, or where in the file or in the heap the value lies.
//!
//! Floats stand as they are; everything else hides in the bit patterns that IEEE 754 leaves to "not a number".

use std::fmt;
use std::num::NonZeroU64;

/// A value, with all bits turned round: a pattern that none has is then zero, and one or none takes no more room than one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(NonZeroU64);

/// What a slot holds. Texts, bytes and large integers are known by the place of their opcode in the file; what has parts, by its place
/// in the [heap](super::heap::Heap).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// An integer of more than 48 bits.
    Big(u64),
    Text(u64),
    Bytes(u64),
    /// Bytes that can be changed.
    Array(u64),
    List(u32),
    Tuple(u32),
    Dict(u32),
    Set(u32),
    Frozen(u32),
    /// What a call or a class makes.
    Object(u32),
    /// A class or a function, by name.
    Global(u32),
    /// A number of numpy's that stands alone, as what it is made of: a tuple of its kind and its bytes. There may be millions.
    Lone(u32),
}

/// The exponent and the first digit of a quiet "not a number", in the upper 16 bits.
const QUIET: u64 = 0x7ff8;
const PAYLOAD: u64 = (1 << 48) - 1;

const WORD: u64 = 1;
const INT: u64 = 2;
const BIG: u64 = 3;
const TEXT: u64 = 4;
const BYTES: u64 = 5;
const ARRAY: u64 = 6;
const LIST: u64 = 7;
const TUPLE: u64 = 8;
const DICT: u64 = 9;
const SET: u64 = 10;
const FROZEN: u64 = 11;
const OBJECT: u64 = 12;
const GLOBAL: u64 = 13;
const LONE: u64 = 14;

/// A tag's upper 16 bits: its fourth bit is the sign.
const fn head(tag: u64) -> u64 {
    (QUIET | tag & 7 | (tag & 8) << 12) << 48
}

const fn boxed(tag: u64, payload: u64) -> Slot {
    Slot::raw(head(tag) | payload & PAYLOAD)
}

impl Slot {
    pub(super) const NONE: Self = boxed(WORD, 0);
    pub(super) const FALSE: Self = boxed(WORD, 1);
    pub(super) const TRUE: Self = boxed(WORD, 2);

    /// A word that is no value, and isn't the greatest of all.
    pub(super) const fn raw(word: u64) -> Self {
        match NonZeroU64::new(!word) {
            Some(turned) => Self(turned),
            None => Self(NonZeroU64::MIN),
        }
    }

    pub(super) const fn bits(self) -> u64 {
        !self.0.get()
    }

    /// An integer, if 48 bits hold it.
    pub(super) fn int(value: i64) -> Option<Self> {
        (value << 16 >> 16 == value).then_some(boxed(INT, value as u64))
    }

    /// An integer of 32 bits.
    pub(super) fn small(value: i32) -> Self {
        boxed(INT, value as u64)
    }

    pub(super) fn float(value: f64) -> Self {
        Self::raw(if value.is_nan() { QUIET << 48 } else { value.to_bits() })
    }

    pub(super) fn big(at: u64) -> Self {
        boxed(BIG, at)
    }

    pub(super) fn text(at: u64) -> Self {
        boxed(TEXT, at)
    }

    pub(super) fn bytes(at: u64) -> Self {
        boxed(BYTES, at)
    }

    pub(super) fn array(at: u64) -> Self {
        boxed(ARRAY, at)
    }

    pub(super) fn list(at: u32) -> Self {
        boxed(LIST, at.into())
    }

    pub(super) fn tuple(at: u32) -> Self {
        boxed(TUPLE, at.into())
    }

    pub(super) fn dict(at: u32) -> Self {
        boxed(DICT, at.into())
    }

    pub(super) fn set(at: u32) -> Self {
        boxed(SET, at.into())
    }

    pub(super) fn frozen(at: u32) -> Self {
        boxed(FROZEN, at.into())
    }

    pub(super) fn object(at: u32) -> Self {
        boxed(OBJECT, at.into())
    }

    pub(super) fn global(at: u32) -> Self {
        boxed(GLOBAL, at.into())
    }

    pub(super) fn lone(at: u32) -> Self {
        boxed(LONE, at.into())
    }

    /// What is in it.
    pub(super) fn value(self) -> Value {
        let bits = self.bits();
        let (upper, payload) = (bits >> 48, bits & PAYLOAD);
        let tag = upper & 7 | upper >> 12 & 8;
        if upper & QUIET != QUIET || tag == 0 {
            return Value::Float(f64::from_bits(bits));
        }
        // What has a place in the heap was boxed from 32 bits.
        let at = payload as u32;
        match tag {
            WORD => match payload {
                1 => Value::Bool(false),
                2 => Value::Bool(true),
                _ => Value::None,
            },
            INT => Value::Int((payload << 16) as i64 >> 16),
            BIG => Value::Big(payload),
            TEXT => Value::Text(payload),
            BYTES => Value::Bytes(payload),
            ARRAY => Value::Array(payload),
            LIST => Value::List(at),
            TUPLE => Value::Tuple(at),
            DICT => Value::Dict(at),
            SET => Value::Set(at),
            FROZEN => Value::Frozen(at),
            OBJECT => Value::Object(at),
            GLOBAL => Value::Global(at),
            _ => Value::Lone(at),
        }
    }

    /// What is in it under a tag.
    #[inline]
    fn held(self, tag: u64) -> Option<u64> {
        (self.bits() & !PAYLOAD == head(tag)).then_some(self.bits() & PAYLOAD)
    }

    /// The number that it is; truth values are none.
    pub(super) fn number(self) -> Option<f64> {
        match self.value() {
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn as_int(self) -> Option<i64> {
        self.held(INT).map(|payload| (payload << 16) as i64 >> 16)
    }

    pub(super) fn as_tuple(self) -> Option<u32> {
        self.held(TUPLE).map(|at| at as u32)
    }

    pub(super) fn as_dict(self) -> Option<u32> {
        self.held(DICT).map(|at| at as u32)
    }

    pub(super) fn as_object(self) -> Option<u32> {
        self.held(OBJECT).map(|at| at as u32)
    }

    pub(super) fn as_global(self) -> Option<u32> {
        self.held(GLOBAL).map(|at| at as u32)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}
