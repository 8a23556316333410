//! Arrays that joblib writes into the middle of a pickle (joblib `numpy_pickle.py`): an object tells what follows, then come the bytes.

use super::super::held::{Held, Source};
use super::super::slot::{Slot, Value};
use super::super::trouble::Trouble;
use super::Machine;
use crate::anatomy::Fault;
use crate::array::Order;
use std::mem;

/// What joblib aligns arrays to since 1.2: up to so many bytes stand before one.
const ALIGNMENT: u8 = 16;

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
        if self.plain {
            // Without joblib a reader goes on as if nothing followed.
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
        if told.aligned {
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

    /// One byte tells how many follow, all of them 0xff: a reader that knows nothing of joblib fails at the first.
    fn padding(&mut self) -> Result<(), Fault> {
        let at = self.window.offset();
        let len = self.window.byte()?;
        let filled = len <= ALIGNMENT && self.window.take(len.into())?.iter().all(|byte| *byte == 0xff);
        if filled && len > 0 { Ok(()) } else { Err(Fault::at(at, "something is hidden before an array")) }
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

    /// Whether a reader that knows nothing of joblib would name something else in this file.
    pub(in super::super) fn plain_reader(&mut self) {
        if self.wrappers == 0 {
            return;
        }
        let mut other = Machine::small(self.window.data());
        other.plain = true;
        // It is expected to fail at the first array.
        let _ = other.run();
        let more: Vec<(String, u64)> = other
            .scene
            .names
            .all()
            .iter()
            .filter(|global| global.entry.is_none() && !self.scene.names.has(global))
            .map(|global| (global.full(), global.at))
            .collect();
        if other.doubt {
            let message = "without joblib, an array's bytes are read as a pickle that readers disagree on";
            self.scene.troubles.add(Trouble::new(other.at, message));
        }
        for (name, at) in more {
            let shown = super::super::trouble::shown(&name);
            let message = format!("without joblib, an array's bytes are read as a pickle that names `{shown}`");
            self.scene.troubles.add(Trouble::new(at, message).global(name));
        }
    }
}
