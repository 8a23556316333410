//! The stack, its marks and the memo.

use super::super::opcode::*;
use super::super::slot::{Slot, Value};
use super::Machine;
use crate::anatomy::Fault;

impl Machine<'_> {
    /// The height below which nothing may be taken from the stack.
    pub(super) fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    pub(super) fn underflow(&self) -> Fault {
        self.fault("it takes more from the stack than there is")
    }

    #[inline]
    pub(super) fn top(&self) -> Result<Slot, Fault> {
        if self.stack.len() <= self.floor() {
            return Err(self.underflow());
        }
        self.stack.last().copied().ok_or_else(|| self.underflow())
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Result<Slot, Fault> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    #[inline]
    pub(super) fn mark(&mut self) -> Result<usize, Fault> {
        self.marks.pop().ok_or_else(|| self.fault("it looks for a mark that isn't there"))
    }

    #[inline]
    pub(super) fn tuple(&mut self, len: usize) -> Result<(), Fault> {
        let from =
            self.stack.len().checked_sub(len).filter(|from| *from >= self.floor()).ok_or_else(|| self.underflow())?;
        let slot = Slot::tuple(self.scene.heap.fixed(self.stack.get(from..).unwrap_or_default())?);
        self.stack.truncate(from);
        self.stack.push(slot);
        Ok(())
    }

    pub(super) fn put(&mut self, place: u32) -> Result<(), Fault> {
        let top = self.top()?;
        self.memo.put(place, top)
    }

    #[inline]
    pub(super) fn get(&mut self, place: u32) -> Result<(), Fault> {
        let slot = self.memo.get(place).ok_or_else(|| self.fault("it fetches what it never put away"))?;
        self.stack.push(slot);
        Ok(())
    }

    /// Adds what lies above a place on the stack to the container below.
    #[inline]
    pub(super) fn fill(&mut self, opcode: u8, from: usize) -> Result<(), Fault> {
        let floor = self.floor();
        let below = from.checked_sub(1).filter(|below| *below >= floor && from <= self.stack.len());
        let target = below.and_then(|below| self.stack.get(below)).copied().ok_or_else(|| self.underflow())?;
        let items = self.stack.get(from..).unwrap_or_default();
        let pairs = matches!(opcode, SETITEM | SETITEMS);
        if pairs && items.len() % 2 == 1 {
            return Err(self.fault("a dict has a key without a value"));
        }
        let head = match (target.value(), opcode) {
            (Value::List(head), APPEND | APPENDS) => Some(head),
            (Value::Dict(head), SETITEM | SETITEMS) => Some(head),
            (Value::Set(head), ADDITEMS) => Some(head),
            _ => None,
        };
        match head.filter(|_| !self.scene.heap.is_used(target)) {
            Some(head) => self.scene.heap.extend(head, items)?,
            None => {
                let items = items.to_vec();
                self.scene.fill(target, opcode, &items, self.at)?;
            }
        }
        self.stack.truncate(from);
        Ok(())
    }
}
