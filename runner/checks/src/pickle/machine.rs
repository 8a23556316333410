//! Goes through a pickle as a loader would, opcode by opcode, and makes of it what can be looked at instead of what it says.
//!
//! The stack, the marks and the memo are those of CPython's readers (Lib/pickle.py `_Unpickler`, Modules/_pickle.c), which agree on what is
//! read here; where they don't, the pickle is refused.

use super::heap::{Heap, SMALL, crowded};
use super::literal;
use super::memo::Memo;
use super::opcode::*;
use super::scene::Scene;
use super::slot::Slot;
use super::window::Window;
use crate::anatomy::Fault;
use crate::data::Data;
use crate::pickle::Beside;
use std::mem;
use wrapped::Reader;

/// Opcodes between two looks at how much is kept.
const PACE: u64 = 1 << 12;

/// A pickle that is being read.
#[derive(Debug)]
pub(super) struct Machine<'a> {
    pub(super) window: Window<'a>,
    stack: Vec<Slot>,
    /// Where on the stack marks are.
    marks: Vec<usize>,
    memo: Memo,
    /// What was taken off the stack and thrown away.
    dropped: Vec<Slot>,
    protocol: u8,
    /// Where the frame ends; the largest number when there is none.
    frame: u64,
    pub(super) scene: Scene<'a>,
    /// The place of the opcode that is being read.
    at: u64,
    /// Where it began.
    start: u64,
    /// How many arrays joblib wrote into it.
    wrappers: u64,
    /// Whether something stands before some of them, which aligns them.
    aligned: bool,
    reader: Reader,
    /// Whether it is one of joblib's arrays of Python objects.
    inner: bool,
    /// Whether it was refused because readers disagree on it.
    doubt: bool,
}

impl<'a> Machine<'a> {
    pub(super) fn new(data: &'a Data, start: u64, beside: Option<Beside<'a>>) -> Self {
        let (mut scene, mut memo) = (Scene::new(data, beside), Memo::default());
        scene.heap.reserve(data.len());
        memo.reserve(data.len());
        Self {
            window: Window::new(data, start),
            stack: Vec::new(),
            marks: Vec::new(),
            memo,
            dropped: Vec::new(),
            protocol: 0,
            frame: u64::MAX,
            scene,
            at: start,
            start,
            wrappers: 0,
            aligned: false,
            reader: Reader::Joblib,
            inner: false,
            doubt: false,
        }
    }

    /// The same with less room, for what lies inside or behind another pickle.
    pub(super) fn small(data: &'a Data) -> Self {
        let mut machine = Self::new(data, 0, None);
        machine.scene.heap = Heap::new(SMALL);
        machine
    }

    /// Reads up to STOP; what was made is on top of all else.
    pub(super) fn run(&mut self) -> Result<Slot, Fault> {
        let mut pace = 0;
        loop {
            self.at = self.window.offset();
            if self.at >= self.frame {
                if self.at > self.frame {
                    return Err(self.doubt("a frame ends inside an opcode"));
                }
                self.frame = u64::MAX;
            }
            pace += 1;
            if pace % PACE == 0 && self.size() > self.scene.heap.most() {
                return Err(crowded());
            }
            let opcode = self.window.byte()?;
            if opcode == STOP {
                return self.stop();
            }
            self.step(opcode)?;
        }
    }

    /// Bytes that it takes. What lies on the stack is there twice while a container is made of it.
    fn size(&self) -> usize {
        let slots = 2 * self.stack.len() + self.dropped.len();
        self.scene.size() + self.memo.size() + slots * size_of::<Slot>() + self.marks.len() * size_of::<usize>()
    }

    fn step(&mut self, opcode: u8) -> Result<(), Fault> {
        let at = self.at;
        match opcode {
            BININT => {
                let value = i32::from_le_bytes(self.window.array()?);
                self.stack.push(Slot::small(value));
            }
            BININT1 => {
                let value = self.window.byte()?;
                self.stack.push(Slot::small(value.into()));
            }
            BININT2 => {
                let value = u16::from_le_bytes(self.window.array()?);
                self.stack.push(Slot::small(value.into()));
            }
            BINFLOAT => {
                let value = f64::from_be_bytes(self.window.array()?);
                self.stack.push(Slot::float(value));
            }
            SHORT_BINUNICODE => {
                let len = self.window.byte()?;
                let bytes = self.window.take(len.into())?;
                if !bytes.is_ascii() && !literal::is_utf8(bytes) {
                    return Err(self.fault("a text isn't UTF-8"));
                }
                self.stack.push(Slot::text(at));
            }
            BINUNICODE => {
                let len = u32::from_le_bytes(self.window.array()?);
                self.utf8(len.into())?;
            }
            BINUNICODE8 => {
                let len = u64::from_le_bytes(self.window.array()?);
                self.utf8(len)?;
            }
            MEMOIZE => {
                let top = self.top()?;
                self.memo.add(top)?;
            }
            BINPUT => {
                let place = self.window.byte()?;
                self.put(place.into())?;
            }
            LONG_BINPUT => {
                let place = u32::from_le_bytes(self.window.array()?);
                self.put(place)?;
            }
            BINGET => {
                let place = self.window.byte()?;
                self.get(place.into())?;
            }
            LONG_BINGET => {
                let place = u32::from_le_bytes(self.window.array()?);
                self.get(place)?;
            }
            MARK => self.marks.push(self.stack.len()),
            TUPLE1 => self.tuple(1)?,
            TUPLE2 => self.tuple(2)?,
            TUPLE3 => self.tuple(3)?,
            TUPLE => {
                let from = self.mark()?;
                let slot = Slot::tuple(self.scene.heap.fixed(self.stack.get(from..).unwrap_or_default())?);
                self.stack.truncate(from);
                self.stack.push(slot);
            }
            EMPTY_TUPLE => self.tuple(0)?,
            EMPTY_LIST => {
                let slot = Slot::list(self.scene.heap.empty()?);
                self.stack.push(slot);
            }
            EMPTY_DICT => {
                let slot = Slot::dict(self.scene.heap.empty()?);
                self.stack.push(slot);
            }
            EMPTY_SET => {
                let slot = Slot::set(self.scene.heap.empty()?);
                self.stack.push(slot);
            }
            APPENDS | SETITEMS | ADDITEMS => {
                let from = self.mark()?;
                self.fill(opcode, from)?;
            }
            APPEND => {
                let from = self.stack.len().wrapping_sub(1);
                self.fill(opcode, from)?;
            }
            SETITEM => {
                let from = self.stack.len().wrapping_sub(2);
                self.fill(opcode, from)?;
            }
            NONE => self.stack.push(Slot::NONE),
            NEWTRUE => self.stack.push(Slot::TRUE),
            NEWFALSE => self.stack.push(Slot::FALSE),
            GLOBAL | STACK_GLOBAL => self.global(opcode)?,
            REDUCE | NEWOBJ | NEWOBJ_EX | OBJ | INST => self.make(opcode)?,
            BUILD => self.build()?,
            FRAME => self.frame()?,
            _ => self.rare(opcode, at)?,
        }
        Ok(())
    }

    /// Lets go of what only reading needs. The answer is what was made and thrown away: a loader forgets it, but the file holds it.
    pub(super) fn forget(&mut self) -> Vec<Slot> {
        (self.stack, self.marks, self.memo) = (Vec::new(), Vec::new(), Memo::default());
        mem::take(&mut self.dropped)
    }

    pub(super) fn fault(&self, what: &str) -> Fault {
        Fault::at(self.at, what)
    }

    /// The answer to what some reader may go on with.
    fn doubt(&mut self, what: &str) -> Fault {
        self.doubt = true;
        Fault::at(self.at, what)
    }
}

mod frames;
mod make;
mod rare;
mod read;
mod stack;
mod wrapped;
