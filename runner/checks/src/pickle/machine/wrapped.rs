//! Arrays that joblib writes into the middle of a pickle (joblib `numpy_pickle.py`): an object tells what follows, then come the bytes.

use super::super::heap::{Heap, crowded};
use super::super::held::{Held, Source};
use super::super::memo::Memo;
use super::super::slot::{Slot, Value};
use super::super::trouble::Trouble;
use super::Machine;
use crate::anatomy::Fault;
use crate::array::Order;
use std::mem;

/// What joblib aligns arrays to since 1.2: up to so many bytes stand before one.
const ALIGNMENT: u8 = 16;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Reader {
    /// joblib since 1.2.
    Joblib,
    /// joblib before: it takes what stands before an array for its first bytes.
    Unaligned,
    /// Python alone: it goes on as if no array followed.
    Plain,
}

/// What the object tells.
struct Told {
    kind: u32,
    shape: Vec<u64>,
    order: Order,
    aligned: bool,
}

impl Machine<'_> {
    /// Reads what follows a wrapper that has just been given its state.
    pub(super) fn wrapped(&mut self, target: Slot, state: Slot) -> Result<(), Fault> {
        self.wrappers += 1;
        if self.reader == Reader::Plain {
            return Ok(());
        }
        if self.inner || self.frame != u64::MAX && self.frame != self.window.offset() {
            return Err(self.fault("an array stands where joblib writes none"));
        }
        self.frame = u64::MAX;
        let Some(told) = self.told(state) else {
            return Err(self.fault("an array isn't told of as joblib does"));
        };
        let Some(kind) = self.scene.kinds.get(told.kind as usize) else { return Ok(()) };
        if kind.objects {
            let inner = self.inner()?;
            if let Some(object) = target.as_object().and_then(|place| self.scene.heap.object_mut(place)) {
                object.items = Some(inner);
            }
            return Ok(());
        }
        let len = Held::promised(&told.shape).and_then(|count| count.checked_mul(kind.size));
        if told.aligned && self.reader == Reader::Joblib {
            self.padding()?;
        }
        let at = self.window.offset();
        let data = len.and_then(|len| self.window.data().part(at, len));
        let data = data.ok_or_else(|| Fault::at(at, "an array is longer than the file"))?;
        self.window.skip(data.len())?;
        let held = Held { kind: told.kind, shape: told.shape, order: told.order, source: Source::Bytes(data) };
        self.scene.hold(target, Ok(held), at);
        Ok(())
    }

    /// One byte tells how many follow, all of them 0xff, so that the array begins at a multiple of the alignment.
    fn padding(&mut self) -> Result<(), Fault> {
        self.aligned = true;
        let at = self.window.offset();
        let len = self.window.byte()?;
        let filled = len <= ALIGNMENT && self.window.take(len.into())?.iter().all(|byte| *byte == 0xff);
        let placed = len > 0 && self.window.offset().is_multiple_of(u64::from(ALIGNMENT));
        if filled && placed { Ok(()) } else { Err(Fault::at(at, "something is hidden before an array")) }
    }

    /// An array of Python objects: a pickle of its own.
    fn inner(&mut self) -> Result<Slot, Fault> {
        let memo = mem::take(&mut self.memo);
        let (stack, marks) = (mem::take(&mut self.stack), mem::take(&mut self.marks));
        let (start, protocol) = (mem::replace(&mut self.start, self.window.offset()), mem::take(&mut self.protocol));
        self.inner = true;
        let made = self.run()?;
        self.inner = false;
        (self.memo, self.stack, self.marks, self.start, self.protocol) = (memo, stack, marks, start, protocol);
        self.frame = u64::MAX;
        Ok(made)
    }

    fn told(&mut self, state: Slot) -> Option<Told> {
        state.as_dict()?;
        let scene = &self.scene;
        let (mut mapped, mut dtype) = (0, Slot::NONE);
        let (mut kind, mut shape, mut order, mut aligned, mut seen) = (None, None, None, None, Vec::new());
        for (key, value) in scene.heap.pairs(state) {
            let key = scene.text(key)?;
            match key.as_str() {
                "dtype" => {
                    kind = Some(scene.kind(value)?.0);
                    dtype = value;
                }
                "shape" => shape = Some(scene.shape(value)?),
                "order" => {
                    order = match scene.text(value)?.as_str() {
                        "C" => Some(Order::Rows),
                        "F" => Some(Order::Columns),
                        _ => None,
                    }
                }
                "numpy_array_alignment_bytes" => {
                    aligned = Some(match value.value() {
                        Value::Int(bytes) if bytes == i64::from(ALIGNMENT) => true,
                        Value::None => false,
                        _ => return None,
                    });
                }
                "subclass" => {
                    let class = scene.global(value)?;
                    let known = class.module == "numpy"
                        && matches!(class.name.as_str(), "ndarray" | "memmap" | "matrix")
                        || class.name == "matrix" && class.entry.is_some();
                    mapped = u64::from(class.name == "memmap");
                    known.then_some(())?;
                }
                "allow_mmap" => {
                    matches!(value.value(), Value::Bool(_)).then_some(())?;
                }
                _ => return None,
            }
            seen.push(key);
        }
        self.scene.mapped += mapped;
        self.scene.heap.use_up(dtype);
        seen.sort_unstable();
        let twice = seen.windows(2).any(|two| two.first() == two.last());
        Some(Told { kind: kind?, shape: shape?, order: order?, aligned: aligned.unwrap_or(false) }).filter(|_| !twice)
    }

    /// What readers make of this file that know less of joblib's arrays: the bytes of one are opcodes to them.
    pub(in super::super) fn other_readers(&mut self) {
        if self.wrappers == 0 {
            return;
        }
        self.read_as(Reader::Plain, "without joblib");
        if self.aligned {
            self.read_as(Reader::Unaligned, "by joblib before 1.2");
        }
    }

    fn read_as(&mut self, reader: Reader, whom: &str) {
        let mut other = Machine::new(self.window.data(), 0, None);
        // Both have to fit.
        other.scene.heap = Heap::new(self.scene.heap.most().saturating_sub(self.scene.heap.size()));
        other.reader = reader;
        other.memo = Memo::of_any_place();
        // It is expected to fail at the first array.
        let made = other.run();
        let full = made.as_ref().is_err_and(|fault| fault.what == crowded().what);
        if let Ok(made) = made {
            other.scene.judge_names(made);
            other.scene.judge_states();
        }
        let names = other.scene.names.all().iter();
        let unknown = names.filter(|global| global.entry.is_none() && !self.scene.names.has(global));
        let mut more: Vec<Trouble> = unknown
            .map(|global| {
                let shown = super::super::trouble::shown(&global.full());
                let message = format!("read {whom}, an array's bytes are a pickle that names `{shown}`");
                Trouble::new(global.at, message).global(global.full())
            })
            .collect();
        let told = |message: &str| format!("read {whom}, an array's bytes are a pickle: {message}");
        more.extend(
            other
                .scene
                .troubles
                .calls()
                .filter(|trouble| !self.scene.troubles.has(trouble))
                .map(|trouble| trouble.clone().retold(told(&trouble.message))),
        );
        if other.doubt || full {
            more.push(Trouble::new(other.at, told("nobody can tell what it does")));
        }
        more.into_iter().for_each(|trouble| self.scene.troubles.add(trouble));
    }
}
