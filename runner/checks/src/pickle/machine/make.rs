//! Opcodes that name classes and functions, call them, and give states to what they made.

use super::super::heap::How;
use super::super::opcode::*;
use super::super::role::Role;
use super::super::slot::{Slot, Value};
use super::super::trouble::Trouble;
use super::Machine;
use super::wrapped::Reader;
use crate::anatomy::Fault;

/// Longest name of a module, a class or a function.
const NAME: usize = 1000;

impl Machine<'_> {
    pub(super) fn global(&mut self, opcode: u8) -> Result<(), Fault> {
        let (module, name) = if opcode == STACK_GLOBAL {
            let (name, module) = (self.pop()?, self.pop()?);
            let (Some(module), Some(name)) = (self.scene.text(module), self.scene.text(name)) else {
                self.goes_on()?;
                let call = format!("import {}, {}", self.scene.brief(module, 1), self.scene.brief(name, 1));
                let message =
                    "it makes the name of a class or function while it is loaded, so that nobody can tell which";
                self.scene.troubles.add(Trouble::new(self.at, message).call(call));
                self.stack.push(Slot::NONE);
                return Ok(());
            };
            (module, name)
        } else {
            self.named()?
        };
        self.push_global(&module, &name)
    }

    /// A module and a name on two lines.
    fn named(&mut self) -> Result<(String, String), Fault> {
        let at = self.at;
        let wrong = || Fault::at(at, "a name isn't UTF-8");
        let module = str::from_utf8(self.window.line()?).map_err(|_| wrong())?.to_owned();
        let name = str::from_utf8(self.window.line()?).map_err(|_| wrong())?.to_owned();
        Ok((module, name))
    }

    fn push_global(&mut self, module: &str, name: &str) -> Result<(), Fault> {
        if module.len() > NAME || name.len() > NAME {
            return Err(self.fault("it names something with more than 1000 letters"));
        }
        let place = self.scene.names.place(module, name, self.protocol, self.at)?;
        self.stack.push(Slot::global(place));
        Ok(())
    }

    pub(super) fn make(&mut self, opcode: u8) -> Result<(), Fault> {
        let at = self.at;
        let (callee, args, how) = match opcode {
            REDUCE | NEWOBJ => {
                let args = self.pop()?;
                (self.pop()?, args, if opcode == REDUCE { How::Called } else { How::Made })
            }
            NEWOBJ_EX => {
                let (named, args, class) = (self.pop()?, self.pop()?, self.pop()?);
                if named.as_dict().is_none() || self.scene.heap.len(named) > 0 {
                    let call = self.scene.told(class, args);
                    self.scene.troubles.add(
                        Trouble::new(at, "it makes an object with named arguments, as no library here does").call(call),
                    );
                }
                (class, args, How::Made)
            }
            _ => {
                let class = if opcode == INST {
                    let (module, name) = self.named()?;
                    self.push_global(&module, &name)?;
                    Some(self.pop_unmarked()?)
                } else {
                    None
                };
                let from = self.mark()?;
                let mut items = self.stack.get(from..).unwrap_or_default();
                let class = match (class, items.split_first()) {
                    (Some(class), _) => class,
                    (None, Some((first, rest))) => {
                        items = rest;
                        *first
                    }
                    (None, None) => return Err(self.underflow()),
                };
                let args = Slot::tuple(self.scene.heap.fixed(items)?);
                self.stack.truncate(from);
                (class, args, How::Called)
            }
        };
        if !matches!(callee.value(), Value::Global(_) | Value::Object(_)) {
            self.goes_on()?;
        }
        let made = self.scene.call(callee, args, how, at)?;
        self.stack.push(made);
        Ok(())
    }

    /// What no reader does is told of a file, but ends the reading of one that is a pickle by chance.
    pub(super) fn goes_on(&self) -> Result<(), Fault> {
        if self.reader == Reader::Joblib { Ok(()) } else { Err(self.fault("no reader goes on here")) }
    }

    /// What was pushed by this very opcode.
    fn pop_unmarked(&mut self) -> Result<Slot, Fault> {
        self.stack.pop().ok_or_else(|| self.underflow())
    }

    pub(super) fn build(&mut self) -> Result<(), Fault> {
        let state = self.pop()?;
        let target = self.top()?;
        self.scene.build(target, state, self.at);
        let wrapper = self
            .scene
            .heap
            .get(target)
            .is_some_and(|object| self.scene.role(self.scene.class(object)) == Role::Wrapper);
        if wrapper { self.wrapped(target, state) } else { Ok(()) }
    }

    pub(super) fn extension(&mut self, opcode: u8) -> Result<(), Fault> {
        let code = match opcode {
            EXT1 => self.window.byte()?.into(),
            EXT2 => u16::from_le_bytes(self.window.array()?).into(),
            _ => i32::from_le_bytes(self.window.array()?),
        };
        self.goes_on()?;
        let message = "it names a class or function by a number that only the loading program can tell";
        self.scene.troubles.add(Trouble::new(self.at, message).call(format!("copyreg extension {code}")));
        // What is called later is then something that nobody can tell.
        self.stack.push(Slot::NONE);
        Ok(())
    }

    pub(super) fn persistent(&mut self, opcode: u8) -> Result<(), Fault> {
        let id = if opcode == BINPERSID { Some(self.pop()?) } else { None };
        if id.is_none() {
            self.window.line()?;
        }
        let args = match id.map(|id| (id, id.value())) {
            Some((id, Value::Tuple(_))) => id,
            _ => Slot::tuple(self.scene.heap.fixed(id.as_slice())?),
        };
        self.goes_on()?;
        let made = self.scene.persistent(args, self.at)?;
        self.stack.push(made);
        Ok(())
    }
}
