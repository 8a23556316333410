//! Opcodes that carry a number, a text or bytes.

use super::super::opcode::*;
use super::super::slot::Slot;
use super::super::{lines, literal};
use super::Machine;
use super::wrapped::Reader;
use crate::anatomy::Fault;

/// Most bytes of an integer.
const INTEGER: u64 = 1 << 10;
/// Bytes of a long text that are looked at at a time.
const PIECE: usize = 1 << 17;

impl Machine<'_> {
    #[inline]
    pub(super) fn utf8(&mut self, len: u64) -> Result<(), Fault> {
        let at = self.at;
        // Longer texts are looked at piece by piece; a character that two pieces share belongs to the next.
        let mut left = len;
        if left > self.window.left() {
            return Err(self.fault("it promises more than the file has"));
        }
        while left > 0 {
            let piece = left.min(PIECE as u64) as usize;
            let bytes = self.window.take(piece)?;
            let mut whole = bytes.len();
            if (piece as u64) < left {
                let tail = bytes.iter().rev().take(3).position(|byte| *byte >= 0xc0).map_or(0, |back| back + 1);
                whole -= tail;
            }
            let right = literal::is_utf8(bytes.get(..whole).unwrap_or_default());
            if !right || whole == 0 {
                return Err(Fault::at(at, "a text isn't UTF-8"));
            }
            self.window.back(piece - whole);
            left -= whole as u64;
        }
        self.stack.push(Slot::text(at));
        Ok(())
    }

    pub(super) fn bytes(&mut self, len: u64, slot: Slot) -> Result<(), Fault> {
        if len > self.window.left() {
            return Err(self.fault("it promises more than the file has"));
        }
        self.window.skip(len)?;
        self.stack.push(slot);
        Ok(())
    }

    pub(super) fn long(&mut self, len: u64) -> Result<(), Fault> {
        if len > self.window.left() {
            return Err(self.fault("it promises more than the file has"));
        }
        if len > INTEGER {
            return Err(self.doubt("it has an integer of more than 1024 bytes"));
        }
        let bytes = self.window.take(len as usize)?;
        let minus = bytes.last().is_some_and(|byte| *byte >= 0x80);
        let value = bytes.iter().rev().fold(if minus { -1i64 } else { 0 }, |all, byte| all << 8 | i64::from(*byte));
        let slot = Some(value).filter(|_| len <= 8).and_then(Slot::int).unwrap_or(Slot::big(self.at));
        self.stack.push(slot);
        Ok(())
    }

    /// Texts of Python 2: of ASCII, since otherwise it depends on the caller of the reader what they are.
    pub(super) fn string(&mut self, opcode: u8) -> Result<(), Fault> {
        let len =
            if opcode == BINSTRING { u32::from_le_bytes(self.window.array()?) } else { self.window.byte()?.into() };
        // Negative lengths of BINSTRING are beyond this, too.
        if u64::from(len) > self.window.left() {
            return Err(self.fault("it promises more than the file has"));
        }
        let mut left = len as usize;
        while left > 0 {
            let piece = left.min(PIECE);
            if !self.window.take(piece)?.is_ascii() {
                if self.reader == Reader::Unaligned {
                    // joblib takes them for ASCII.
                    return Err(self.fault("a text isn't ASCII"));
                }
                return Err(self.doubt("it has a text of Python 2 that readers take for different things"));
            }
            left -= piece;
        }
        self.stack.push(Slot::text(self.at));
        Ok(())
    }

    pub(super) fn line(&mut self, opcode: u8) -> Result<(), Fault> {
        let at = self.at;
        let line = self.window.line()?;
        // Neither reader takes other bytes for a number.
        let ascii = line.is_ascii();
        let slot = match opcode {
            // How protocols 0 and 1 write truth values.
            INT if line == b"00" => Some(Slot::FALSE),
            INT if line == b"01" => Some(Slot::TRUE),
            INT => lines::integer(line).map(|small| small.unwrap_or(Slot::big(at))),
            LONG => lines::integer(line.strip_suffix(b"L").unwrap_or(line)).map(|small| small.unwrap_or(Slot::big(at))),
            FLOAT => lines::float(line),
            STRING => lines::string(line).map(|_| Slot::text(at)),
            UNICODE => lines::unicode(line).map(|_| Slot::text(at)),
            _ => {
                let place = lines::place(line);
                let Some(place) = place else {
                    let what = "a place in the memo isn't written as Python writes it";
                    // Neither reader takes letters for a number.
                    let number = line
                        .iter()
                        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace() || b"_+-".contains(byte));
                    return Err(if number { self.doubt(what) } else { self.fault(what) });
                };
                return if opcode == GET { self.get(place) } else { self.put(place) };
            }
        };
        let Some(slot) = slot else {
            let what = "a number or a text isn't written as Python writes it";
            return Err(if ascii { self.doubt(what) } else { self.fault(what) });
        };
        self.stack.push(slot);
        Ok(())
    }
}
