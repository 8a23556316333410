//! What is added to things that aren't lists, dicts or sets, and what comes from outside the pickle.

use super::calls::unknown;
use super::heap::{How, Object, Sense};
use super::opcode::*;
use super::scene::Scene;
use super::slot::Slot;
use super::trouble::Trouble;
use crate::anatomy::Fault;

impl Scene<'_> {
    /// Adds items to an object, as a loader would by its `extend`, `append`, `add` or `__setitem__`; or to a container that was used already.
    pub(super) fn fill(&mut self, target: Slot, opcode: u8, items: &[Slot], at: u64) -> Result<(), Fault> {
        let Some(object) = self.heap.get(target).copied() else {
            let message = match self.heap.is_used(target) {
                true => "it changes a container after something was made of it",
                false => "it adds to something that can't be added to",
            };
            self.troubles.add(Trouble::new(at, message).about(target));
            return Ok(());
        };
        let class = self.global(self.class(&object));
        let filled = class.and_then(|class| class.entry).is_some_and(|entry| entry.uses.filled);
        if !filled || object.used {
            let name = class.map(|class| class.full()).unwrap_or_default();
            // An unknown name is trouble of its own.
            if class.is_none_or(|class| class.entry.is_some()) {
                let message = format!("it adds to what `{name}` makes, which runs code of that class");
                self.troubles.add(Trouble::new(at, message).global(name).about(target));
            }
            return Ok(());
        }
        let held = match object.items {
            Some(held) => held,
            None => {
                let head = self.heap.empty()?;
                if matches!(opcode, SETITEM | SETITEMS) { Slot::dict(head) } else { Slot::list(head) }
            }
        };
        if let Some(place) = target.as_object().and_then(|place| self.heap.object_mut(place)) {
            place.items = Some(held);
        }
        match held.value() {
            super::slot::Value::Dict(head) | super::slot::Value::List(head) => self.heap.extend(head, items),
            _ => Ok(()),
        }
    }

    /// What a reader gets from outside by its id.
    pub(super) fn persistent(&mut self, args: Slot, at: u64) -> Result<Slot, Fault> {
        let object = Object {
            callee: Slot::NONE,
            args,
            state: None,
            items: None,
            how: How::Persistent,
            sense: Sense::Unknown,
            used: true,
        };
        let made = self.heap.add(object)?;
        if self.beside.is_none() {
            let message = "it takes an object from outside the file";
            let call = format!("persistent_load{}", self.brief(args, 2));
            self.troubles.add(Trouble::new(at, message).call(call).about(made));
        } else if let Err(wrong) = self.storage(made, args) {
            let call = format!("storage{}", self.brief(args, 2));
            self.troubles.add(Trouble::new(at, wrong).call(call).about(made));
        }
        Ok(made)
    }

    /// Classes and functions that are on no list, and those that are harmless only where a loader calls them.
    pub(super) fn judge_names(&mut self, made: Slot) {
        if self.names.all().is_empty() {
            return;
        }
        let mut kept = vec![0u64; self.names.all().len()];
        let mut keep = |slot: Slot| {
            if let Some(kept) = slot.as_global().and_then(|place| kept.get_mut(place as usize)) {
                *kept += 1;
            }
        };
        self.heap.words().iter().copied().for_each(&mut keep);
        self.heap.objects().iter().filter_map(|object| object.state).for_each(&mut keep);
        keep(made);
        for (place, kept) in kept.iter().enumerate() {
            let Some(global) = self.names.get(place as u32) else { continue };
            let full = global.full();
            let trouble = match global.entry {
                None if self.troubles.is_about(&full) => continue,
                None => unknown(&full, false, global.at),
                // joblib names the class of an array that was mapped from a file, and reads it as any other.
                Some(_) if full == "numpy.memmap" && *kept <= self.mapped => continue,
                Some(entry) if *kept > 0 && !entry.uses.referenced => {
                    let message = format!("it keeps `{full}`, which is harmless only where the loader calls it");
                    Trouble::new(global.at, message).global(full)
                }
                Some(_) => continue,
            };
            self.troubles.add(trouble.about(Slot::global(place as u32)));
        }
    }
}
