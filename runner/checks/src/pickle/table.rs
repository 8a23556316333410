//! Whole numbers in arrays and in the fields of records, read through from the first item to the last.

use super::kind::What;
use super::literal;
use super::scene::Scene;
use super::slot::Slot;
use crate::array::Number;
use crate::data::Data;

/// Bytes that are read at a time.
const PIECE: usize = 1 << 16;

/// Some fields of each item of an array.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    data: Data,
    /// Bytes of one item.
    size: usize,
    fields: [Field; N],
    pub(super) len: u64,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    offset: usize,
    number: Number,
    big_endian: bool,
}

impl Scene<'_> {
    /// The lengths of an array along its dimensions; none if it isn't one.
    pub(super) fn lengths(&self, slot: Slot) -> Option<&[u64]> {
        if self.lone(slot).is_some() {
            return Some(&[]);
        }
        // joblib's arrays of objects lie in what stands for them.
        let inner = || self.array(self.heap.get(slot)?.items?);
        self.array(slot).or_else(inner).map(|held| held.shape.as_slice())
    }

    /// An array of whole numbers, in the order in which they lie.
    pub(super) fn whole_numbers(&self, slot: Slot) -> Option<Table<1>> {
        self.numbers(slot).filter(|table| table.fields.iter().all(|field| !field.number.is_float()))
    }

    /// An array of numbers, in the order in which they lie.
    pub(super) fn numbers(&self, slot: Slot) -> Option<Table<1>> {
        let (number, big_endian, data, len) = match self.lone(slot) {
            Some(lone) => (lone.number, lone.big_endian, literal::bytes(self.data, lone.at).ok()??, 1),
            None => {
                let held = self.array(slot)?;
                let kind = held.kind(self)?;
                let What::Number(number) = kind.what else { return None };
                (number, kind.big_endian, held.data(self).ok()??, held.shape.iter().product())
            }
        };
        let fields = [Field { offset: 0, number, big_endian }];
        self.may_read(len).then_some(Table { data, size: number.size(), fields, len })
    }

    /// Whether so many items may be read once more: few objects refer to an array. What lies beside a pickle isn't counted by its size.
    fn may_read(&self, items: u64) -> bool {
        self.beside.is_some() || self.spend(items)
    }

    /// An integer, also one of numpy's.
    pub(super) fn integer(&self, slot: Slot) -> Option<i64> {
        if let Some(value) = slot.as_int() {
            return Some(value);
        }
        let mut found = None;
        let numbers = self.whole_numbers(slot).filter(|_| self.lengths(slot).is_some_and(<[u64]>::is_empty))?;
        numbers.all(|_, [value]| found.replace(value).is_none()).then_some(found)?
    }

    /// Fields of an array of records that has one dimension. Compiled code knows them by their places: they have to lie in this order, of which
    /// older versions may lack the last.
    pub(super) fn fields<const N: usize>(&self, slot: Slot, order: &[&str], names: [&str; N]) -> Option<Table<N>> {
        let held = self.array(slot)?;
        let [len] = *held.shape.as_slice() else { return None };
        let kind = held.kind(self)?;
        let What::Record(known) = &kind.what else { return None };
        let ordered = known.iter().map(|known| known.name.as_str()).eq(order.iter().copied().take(known.len()))
            && known.is_sorted_by(|one, next| one.offset < next.offset);
        if !ordered {
            return None;
        }
        let mut fields = [Field { offset: 0, number: Number::U8, big_endian: false }; N];
        for (field, name) in fields.iter_mut().zip(names) {
            let known = known.iter().find(|known| known.name == name)?;
            let kind = self.kinds.get(known.kind as usize)?;
            let What::Number(number) = kind.what else { return None };
            if number.is_float() {
                return None;
            }
            *field = Field { offset: usize::try_from(known.offset).ok()?, number, big_endian: kind.big_endian };
        }
        let size = usize::try_from(kind.size).ok().filter(|size| (1..=PIECE).contains(size))?;
        self.may_read(len).then_some(Table { data: held.data(self).ok()??, size, fields, len })
    }
}

impl Table<1> {
    /// Whether no number is smaller than the one before; what is no number, or no time, stands last.
    pub(super) fn is_sorted(&self) -> bool {
        let [field] = self.fields;
        let (mut last, mut ended) = (f64::NEG_INFINITY, false);
        self.each(|place, bytes| {
            let value = field.number.decode(bytes, field.big_endian);
            let none = value.is_nan() || field.number == Number::I64 && place > 0 && value == i64::MIN as f64;
            let right = if none { true } else { !ended && value >= last };
            (last, ended) = (value, ended || none);
            right
        })
    }
}

impl<const N: usize> Table<N> {
    /// Whether all items are right, each told with its place.
    pub(super) fn all(&self, mut right: impl FnMut(u64, [i64; N]) -> bool) -> bool {
        self.each(|place, item| self.values(item).is_some_and(|values| right(place, values)))
    }

    fn each(&self, mut right: impl FnMut(u64, &[u8]) -> bool) -> bool {
        let mut bytes = vec![0; (PIECE / self.size).max(1) * self.size];
        let (mut at, mut place) = (0, 0);
        loop {
            let Ok(read) = self.data.read_at(at, &mut bytes) else { return false };
            if read == 0 {
                return place == self.len;
            }
            at += read as u64;
            for item in bytes.get(..read).unwrap_or_default().chunks_exact(self.size) {
                if !right(place, item) {
                    return false;
                }
                place += 1;
            }
        }
    }

    #[inline]
    fn values(&self, item: &[u8]) -> Option<[i64; N]> {
        let mut values = [0; N];
        for (value, field) in values.iter_mut().zip(&self.fields) {
            *value = field.value(item.get(field.offset..)?)?;
        }
        Some(values)
    }
}

impl Field {
    #[inline]
    fn value(self, bytes: &[u8]) -> Option<i64> {
        macro_rules! number {
            ($kind:ty) => {{
                let bytes = *bytes.first_chunk()?;
                let value = if self.big_endian { <$kind>::from_be_bytes(bytes) } else { <$kind>::from_le_bytes(bytes) };
                i64::try_from(value).ok()
            }};
        }
        match self.number {
            Number::I64 => number!(i64),
            Number::I32 => number!(i32),
            Number::I16 => number!(i16),
            Number::I8 => number!(i8),
            Number::U64 => number!(u64),
            Number::U32 => number!(u32),
            Number::U16 => number!(u16),
            Number::U8 | Number::Bool => number!(u8),
            _ => None,
        }
    }
}
