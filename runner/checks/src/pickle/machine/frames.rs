//! Where a frame ends, and the pickle.

use super::super::slot::Slot;
use super::super::trouble::Trouble;
use super::Machine;
use super::wrapped::Reader;
use crate::anatomy::Fault;

impl Machine<'_> {
    pub(super) fn stop(&mut self) -> Result<Slot, Fault> {
        let made = self.pop()?;
        if self.frame != u64::MAX && self.window.offset() != self.frame {
            return Err(self.doubt("it stops inside a frame"));
        }
        if !self.stack.is_empty() || !self.marks.is_empty() {
            self.scene
                .troubles
                .add(Trouble::new(self.at, "it makes things that it leaves lying: no writer of pickles does"));
        }
        Ok(made)
    }

    pub(super) fn frame(&mut self) -> Result<(), Fault> {
        let len = u64::from_le_bytes(self.window.array()?);
        if self.reader != Reader::Joblib {
            // Python goes on in a frame that is too long; where it would fail, nothing is lost by going on.
            return Ok(());
        }
        if self.frame != u64::MAX {
            return Err(self.doubt("a frame begins inside another"));
        }
        if len == 0 || len > self.window.left() {
            return Err(self.doubt("a frame is longer than the file, or empty"));
        }
        self.frame = self.window.offset() + len;
        Ok(())
    }
}
