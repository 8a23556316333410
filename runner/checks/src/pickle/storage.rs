//! Tensors of torch: storages that lie beside the pickle, and what parts of them are (PyTorch `torch/serialization.py`, `torch/_utils.py`).

use super::heap::How;
use super::held::{Held, Source, Wrong};
use super::kind::{Kind, What};
use super::role::Role;
use super::scene::Scene;
use super::slot::Slot;
use crate::array::{Number, Order};
use crate::data::Data;

/// Longest key of a storage: torch counts them.
pub(super) const KEY: usize = 32;

const FORM: Wrong = "a storage isn't named as torch names it";
const SIZE: Wrong = "a storage has another number of bytes than the pickle says";

impl Scene<'_> {
    /// From `("storage", class, key, location, count)`.
    pub(super) fn storage(&mut self, made: Slot, args: Slot) -> Result<(), Wrong> {
        let [tag, class, key, place, count] = self.heap.exactly(args).ok_or(FORM)?;
        let device =
            |place: String| place.len() < 16 && place.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':');
        if self.text(tag).as_deref() != Some("storage") || !self.text(place).is_some_and(device) {
            return Err(FORM);
        }
        let Role::Storage(number) = self.role(class) else { return Err(FORM) };
        let key = self.text(key).filter(|key| key.len() <= KEY).ok_or(FORM)?;
        let data = self
            .beside
            .and_then(|beside| beside.storages.get(&key))
            .ok_or("it names a storage that isn't in the file")?
            .clone();
        let count = count.as_int().and_then(|count| u64::try_from(count).ok()).ok_or(FORM)?;
        let number = number.unwrap_or(Number::U8);
        let size = number.size() as u64;
        // A storage of quantised numbers is counted in items of a size that its name alone tells.
        let known = self.role(class) != Role::Storage(None);
        if known && count.checked_mul(size) != Some(data.len()) {
            return Err(SIZE);
        }
        let kind = self.kinds.len() as u32;
        self.kinds.push(Kind {
            what: What::Number(number),
            big_endian: self.beside.is_some_and(|beside| beside.big_endian),
            size,
            objects: false,
        });
        let shape = vec![data.len() / size];
        self.keep(made, Held { kind, shape, order: Order::Rows, source: Source::Bytes(data) });
        Ok(())
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, steps, gradient, hooks)` and `_rebuild_parameter(tensor, gradient, hooks)`; whether it
    /// is of torch's form.
    pub(super) fn tensor(&mut self, made: Slot, args: Slot, role: Role) -> bool {
        let hooks = if role == Role::Tensor { 5 } else { 2 };
        let no_hooks = |hooks: Slot| match self.heap.get(hooks) {
            Some(object) => object.items.is_none() && object.state.is_none() && self.heap.len(object.args) == 0,
            None => hooks == Slot::NONE,
        };
        let hooks = self.heap.each(args).nth(hooks);
        if !hooks.is_none_or(no_hooks) || self.heap.each(args).nth(6).is_some_and(|more| !self.is_literal(more, 3)) {
            return false;
        }
        if let Some(hooks) = hooks {
            self.heap.use_up(hooks);
        }
        let Some([first]) = self.heap.first::<1>(args) else { return false };
        let Some(held) = self.array(first).cloned() else { return false };
        let held = if role == Role::Parameter { Some(held) } else { self.view(first, args, held) };
        let right = held.is_some();
        if let Some(held) = held {
            self.keep(made, held);
        }
        right
    }

    /// A part of a storage. One whose numbers neither follow each other by rows nor by columns is the stretch that it is scattered in.
    fn view(&mut self, from: Slot, args: Slot, storage: Held) -> Option<Held> {
        let [_, _, key] = self.heap.first(self.heap.get(from).filter(|from| from.how == How::Persistent)?.args)?;
        let key = self.text(key)?;
        let [_, offset, shape, steps] = self.heap.first(args)?;
        let offset = u64::try_from(offset.as_int()?).ok()?;
        let (shape, steps) = (self.sizes(shape)?, self.sizes(steps)?);
        let (count, size) = (Held::promised(&shape)?, storage.kind(self)?.size);
        let Source::Bytes(data) = &storage.source else { return None };
        if shape.len() != steps.len() {
            return None;
        }
        let reach = shape
            .iter()
            .zip(&steps)
            .try_fold(0u64, |all, (len, step)| all.checked_add(len.saturating_sub(1).checked_mul(*step)?))?;
        let span = if count == 0 { 0 } else { reach.checked_add(1)? };
        let (start, len) = (offset.checked_mul(size)?, span.checked_mul(size)?);
        let data = data.part(start, len)?;
        self.views.push((key, start, len));
        let rows = is_packed(shape.iter().rev().zip(steps.iter().rev()));
        let columns = is_packed(shape.iter().zip(steps.iter()));
        let (shape, order) = match (count == 0 || rows, columns) {
            (true, _) => (shape, Order::Rows),
            (false, true) => (shape, Order::Columns),
            (false, false) => (vec![span], Order::Rows),
        };
        Some(Held { kind: storage.kind, shape, order, source: Source::Bytes(data) })
    }

    /// What of the storages beside the pickle is part of no tensor.
    pub(in super::super) fn spare(&mut self) -> Vec<(String, Data)> {
        let Some(beside) = self.beside else { return Vec::new() };
        self.views.sort_unstable();
        let mut spare = Vec::new();
        for (key, data) in beside.storages {
            let mut end = 0;
            let mut gap = |from: u64, to: u64| {
                if let Some(part) = to.checked_sub(from).filter(|len| *len > 0).and_then(|len| data.part(from, len)) {
                    spare.push((key.clone(), part));
                }
            };
            for (_, start, len) in self.views.iter().filter(|(of, _, _)| of == key) {
                gap(end, *start);
                end = end.max(start + len);
            }
            gap(end, data.len());
        }
        spare
    }

    /// A tuple of whole numbers, or `torch.Size` of one.
    fn sizes(&self, slot: Slot) -> Option<Vec<u64>> {
        let tuple = match self.heap.get(slot) {
            Some(object) => self.heap.exactly::<1>(object.args)?.first().copied()?,
            None => slot,
        };
        self.shape(tuple)
    }
}

/// Whether each dimension's step is the product of the lengths before it, the fastest first.
fn is_packed<'s>(mut lens: impl Iterator<Item = (&'s u64, &'s u64)>) -> bool {
    let mut expected = 1u64;
    lens.all(|(len, step)| {
        let right = *len == 1 || *step == expected;
        expected = expected.saturating_mul(*len);
        right
    })
}
