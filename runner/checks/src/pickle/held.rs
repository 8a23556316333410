//! Arrays of numpy, as pickles write them: `_reconstruct` and a state, `_frombuffer`, or `scalar` (numpy `array_reduce`, PEP 574).

use super::kind::{Kind, What};
use super::literal;
use super::scene::Scene;
use super::slot::{Slot, Value};
use crate::array::{Number, Order};
use crate::data::Data;
use std::io;

/// An array, and where its items are.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// Its kind's place in the list of kinds.
    pub(super) kind: u32,
    pub(super) shape: Vec<u64>,
    pub(super) order: Order,
    pub(super) source: Source,
}

/// Where an array's items are.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// In the pickle's bytes, or beside it.
    Bytes(Data),
    /// In a text of Latin-1, by the place of its opcode.
    Latin(u64),
    /// Python objects in a list.
    List(Slot),
}

/// Most items of an array whose items take no bytes, of which a short file could promise any number.
const EMPTY: u64 = 1 << 16;

/// A number of numpy's that stands alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lone {
    pub(super) number: Number,
    pub(super) big_endian: bool,
    /// The place of the opcode that holds its bytes.
    pub(super) at: u64,
}

/// Why an array isn't what numpy writes.
pub(super) type Wrong = &'static str;

const STATE: Wrong = "an array's state isn't of the form that numpy writes";
const SIZE: Wrong = "an array's shape promises another number of bytes than there are";

impl Held {
    /// How many items the shape promises.
    pub(super) fn promised(shape: &[u64]) -> Option<u64> {
        shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more))
    }

    /// From a state: version, shape, kind, whether the first index runs fastest, content; of masked arrays, mask and fill value too.
    pub(super) fn built(scene: &Scene<'_>, state: Slot, masked: bool) -> Result<Self, Wrong> {
        let heap = &scene.heap;
        state.as_tuple().ok_or(STATE)?;
        let more = if masked { 2 } else { 0 };
        let mut items = heap.items(state);
        match heap.len(state).checked_sub(more) {
            Some(5) => {
                heap.next(&mut items)
                    .and_then(Slot::as_int)
                    .filter(|version| (0..=1).contains(version))
                    .ok_or(STATE)?;
            }
            Some(4) => {}
            _ => return Err(STATE),
        }
        let mut next = || heap.next(&mut items).ok_or(STATE);
        let (shape, kind, columns, content) = (next()?, next()?, next()?, next()?);
        let shape = scene.shape(shape).ok_or(STATE)?;
        let (at, kind) = scene.kind(kind).ok_or(STATE)?;
        let order = match columns.value() {
            Value::Bool(true) | Value::Int(1) => Order::Columns,
            Value::Bool(false) | Value::Int(0) => Order::Rows,
            _ => return Err(STATE),
        };
        let promised = Self::promised(&shape).filter(|count| kind.size > 0 || *count <= EMPTY).ok_or(SIZE)?;
        let source = if kind.objects {
            let list = matches!(content.value(), Value::List(_)) && heap.len(content) == promised;
            Source::List(content).only_if(list).ok_or(SIZE)?
        } else {
            scene.source(content, promised.checked_mul(kind.size).ok_or(SIZE)?)?
        };
        if masked {
            // One truth value for each item; of records one for each field.
            let mask = scene.source(next()?, promised);
            let fill = next()?;
            if mask.is_err() || !scene.is_plain(fill) {
                return Err(STATE);
            }
        }
        Ok(Self { kind: at, shape, order, source })
    }

    /// From the arguments of `_frombuffer`: bytes, kind, shape, order, and in newer versions the order of axes.
    pub(super) fn buffer(scene: &Scene<'_>, args: Slot) -> Result<Self, Wrong> {
        let [content, kind, shape, order] = scene.heap.first(args).ok_or(STATE)?;
        let axes: Vec<Slot> = scene.heap.each(args).skip(4).collect();
        let axes = axes.iter().all(|axes| *axes == Slot::NONE || scene.shape(*axes).is_some());
        let shape = scene.shape(shape).ok_or(STATE)?;
        let (at, kind) = scene.kind(kind).ok_or(STATE)?;
        let order = match scene.text(order).as_deref() {
            Some("F") => Order::Columns,
            Some("C" | "K") => Order::Rows,
            _ => return Err(STATE),
        };
        let count = Self::promised(&shape).filter(|count| kind.size > 0 || *count <= EMPTY).ok_or(SIZE)?;
        let promised = count.checked_mul(kind.size).ok_or(SIZE)?;
        if kind.objects || !axes || scene.heap.len(args) > 5 {
            return Err(STATE);
        }
        Ok(Self { kind: at, shape, order, source: scene.source(content, promised)? })
    }

    /// From the arguments of `scalar`: kind and bytes.
    pub(super) fn scalar(scene: &Scene<'_>, args: Slot) -> Result<Self, Wrong> {
        let [kind, content] = scene.heap.exactly(args).ok_or(STATE)?;
        let (at, kind) = scene.kind(kind).filter(|(_, kind)| !kind.objects).ok_or(STATE)?;
        Ok(Self { kind: at, shape: Vec::new(), order: Order::Rows, source: scene.source(content, kind.size)? })
    }

    /// Its bytes; of a text, decoded.
    pub(super) fn data(&self, scene: &Scene<'_>) -> io::Result<Option<Data>> {
        Ok(match &self.source {
            Source::Bytes(data) => Some(data.clone()),
            Source::Latin(at) => Some(latin(scene.data, *at)?),
            Source::List(_) => None,
        })
    }

    /// Its kind.
    pub(super) fn kind<'a>(&self, scene: &'a Scene<'_>) -> Option<&'a Kind> {
        scene.kinds.get(self.kind as usize)
    }
}

impl Source {
    fn only_if(self, right: bool) -> Option<Self> {
        right.then_some(self)
    }
}

impl Scene<'_> {
    /// What `scalar` makes of a kind of numbers and as many bytes as one has.
    pub(super) fn makes_lone(&mut self, args: Slot) -> Option<Slot> {
        let lone = Slot::lone(args.as_tuple()?);
        let held = self.lone(lone).filter(|_| self.heap.len(args) == 2)?;
        let whole = self.peek.bytes_at(held.at)?.len() == held.number.size();
        let [kind] = self.heap.first(args).filter(|_| whole)?;
        self.heap.use_up(kind);
        Some(lone)
    }

    /// A number of numpy's that stands alone.
    pub(super) fn lone(&self, slot: Slot) -> Option<Lone> {
        let Value::Lone(args) = slot.value() else { return None };
        let [kind, content] = self.heap.first(Slot::tuple(args))?;
        let (Value::Bytes(at), (_, kind)) = (content.value(), self.kind(kind)?) else { return None };
        let What::Number(number) = kind.what else { return None };
        Some(Lone { number, big_endian: kind.big_endian, at })
    }

    /// The source of so many bytes, from a slot that holds bytes or a text of Latin-1.
    pub(super) fn source(&self, slot: Slot, len: u64) -> Result<Source, Wrong> {
        let found = match slot.value() {
            Value::Bytes(at) | Value::Array(at) => literal::bytes(self.data, at).ok().flatten().map(Source::Bytes),
            Value::Text(at) => Some(Source::Latin(at)),
            Value::Object(at) => self.encoded(at),
            _ => None,
        };
        let right = match &found {
            None => return Err(STATE),
            Some(Source::Bytes(data)) => data.len() == len,
            // A character takes one byte or two.
            Some(Source::Latin(at)) => self.spend(len) && latin_len(self.data, *at).ok().flatten() == Some(len),
            Some(Source::List(_)) => false,
        };
        found.filter(|_| right).ok_or(SIZE)
    }
}

/// How many characters of Latin-1 the text at a place has; none if it has others.
fn latin_len(data: &Data, at: u64) -> io::Result<Option<u64>> {
    let text = literal::text(data, at, usize::MAX)?;
    let right = text.chars().all(|character| u32::from(character) < 256);
    Ok(right.then(|| text.chars().count() as u64))
}

fn latin(data: &Data, at: u64) -> io::Result<Data> {
    let text = literal::text(data, at, usize::MAX)?;
    // Longer characters were refused when the array was built.
    Ok(Data::from(text.chars().map(|character| u32::from(character) as u8).collect::<Vec<u8>>()))
}
