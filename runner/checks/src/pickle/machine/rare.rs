//! Opcodes that take few bytes of a file, or come in old pickles alone.

use super::super::opcode::*;
use super::super::slot::Slot;
use super::super::trouble::Trouble;
use super::Machine;
use super::wrapped::Reader;
use crate::anatomy::Fault;

impl Machine<'_> {
    pub(super) fn rare(&mut self, opcode: u8, at: u64) -> Result<(), Fault> {
        match opcode {
            PROTO => {
                let protocol = self.window.byte()?;
                if at != self.start && self.reader == Reader::Joblib || protocol > 5 {
                    return Err(self.fault("it names its protocol in the middle, or one that no reader knows"));
                }
                self.protocol = protocol;
            }
            SHORT_BINBYTES => {
                let len = self.window.byte()?;
                self.bytes(len.into(), Slot::bytes(at))?;
            }
            BINBYTES => {
                let len = u32::from_le_bytes(self.window.array()?);
                self.bytes(len.into(), Slot::bytes(at))?;
            }
            BINBYTES8 | BYTEARRAY8 => {
                let len = u64::from_le_bytes(self.window.array()?);
                self.bytes(len, if opcode == BYTEARRAY8 { Slot::array(at) } else { Slot::bytes(at) })?;
            }
            LONG1 => {
                let len = self.window.byte()?;
                self.long(len.into())?;
            }
            LONG4 => {
                let len = u32::from_le_bytes(self.window.array()?);
                self.long(len.into())?;
            }
            BINSTRING | SHORT_BINSTRING => self.string(opcode)?,
            INT | LONG | FLOAT | STRING | UNICODE | GET | PUT => self.line(opcode)?,
            LIST | DICT | FROZENSET => {
                let from = self.mark()?;
                let items = self.stack.get(from..).unwrap_or_default();
                let slot = if opcode == FROZENSET {
                    Slot::frozen(self.scene.heap.fixed(items)?)
                } else {
                    let head = self.scene.heap.empty()?;
                    self.scene.heap.extend(head, items)?;
                    if opcode == LIST { Slot::list(head) } else { Slot::dict(head) }
                };
                if opcode == DICT && items.len() % 2 == 1 {
                    return Err(self.fault("a dict has a key without a value"));
                }
                self.stack.truncate(from);
                self.stack.push(slot);
            }
            DUP => {
                let top = self.top()?;
                self.stack.push(top);
            }
            POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    let top = self.pop()?;
                    self.dropped.push(top);
                }
            }
            POP_MARK => {
                let from = self.mark()?;
                self.dropped.extend_from_slice(self.stack.get(from..).unwrap_or_default());
                self.stack.truncate(from);
            }
            EXT1 | EXT2 | EXT4 => self.extension(opcode)?,
            PERSID | BINPERSID => self.persistent(opcode)?,
            NEXT_BUFFER | READONLY_BUFFER => {
                self.goes_on()?;
                let message = "it takes bytes from outside the file";
                self.scene.troubles.add(Trouble::new(at, message).remedy("write it without buffer_callback"));
                if opcode == NEXT_BUFFER {
                    self.stack.push(Slot::NONE);
                } else {
                    self.top()?;
                }
            }
            _ => return Err(self.fault("it has a byte that is no opcode")),
        }
        Ok(())
    }
}
