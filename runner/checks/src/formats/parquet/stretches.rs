//! Which stretches of a file belong to something: in the end each byte must, to one thing alone.

use crate::anatomy::Fault;

/// Stretches by where they begin and end.
#[derive(Debug)]
pub(super) struct Stretches {
    taken: Vec<(u64, u64)>,
    /// Bytes that nothing has taken yet.
    left: u64,
}

impl Stretches {
    pub(super) fn new(len: u64) -> Self {
        Self { taken: Vec::new(), left: len }
    }

    /// Takes a stretch. All together can't be longer than the file: what is read once for each column isn't the same each time.
    pub(super) fn take(&mut self, start: u64, len: u64) -> Result<(), Fault> {
        self.left = self.left.checked_sub(len).ok_or_else(|| Fault::at(start, "its pages overlap"))?;
        if len > 0 {
            self.taken.push((start, start.saturating_add(len)));
        }
        Ok(())
    }

    /// Holds that they follow each other without gaps, from the first byte on.
    pub(super) fn whole(mut self) -> Result<(), Fault> {
        self.taken.sort_unstable();
        let mut next = 0;
        for (start, end) in self.taken {
            if start != next {
                return Err(Fault::at(next.min(start), "its pages overlap, or something lies between them"));
            }
            next = end;
        }
        if self.left == 0 { Ok(()) } else { Err(Fault::at(next, "something follows its last page")) }
    }
}
