//! Arrays of numpy and torch as parts of the file: of records each field, of texts the texts, of anything else its bytes.

use super::held::{Held, Lone, Source};
use super::kind::What;
use super::nested;
use super::pool::{FEW, Numbers};
use super::walk::Walk;
use crate::anatomy::{Body, Fault};
use crate::array::{Array, Number};
use crate::data::Data;
use std::io;

/// Most items of a kind that stand side by side in one field and are told one by one.
const SIDE: u64 = 64;
/// Deepest nesting of records.
const DEPTH: u32 = 8;

impl Walk<'_, '_> {
    /// Adds an array.
    pub(super) fn array(&mut self, at: u32) -> Result<(), Fault> {
        let Some(held) = self.scene.arrays.get(at as usize) else { return Ok(()) };
        if let Some(number) = self.scalar(held)? {
            return self.pool.note_number(number, &mut Numbers::of_others());
        }
        let held = held.clone();
        if let Source::List(list) = held.source {
            return self.container(list, 0);
        }
        let Some(data) = held.data(self.scene)? else { return Ok(()) };
        if data.len() == 0 {
            return Ok(());
        }
        let Some(kind) = held.kind(self.scene).cloned() else { return Ok(()) };
        let (place, step) = (self.place(), kind.size);
        self.part(place, &held, held.kind, data, step, DEPTH)
    }

    /// A number of numpy's that stands alone.
    pub(super) fn lone(&mut self, lone: Lone) -> Result<f64, Fault> {
        let bytes = self.peek.bytes_at(lone.at).filter(|bytes| bytes.len() == lone.number.size());
        let bytes = bytes.ok_or_else(|| Fault::at(lone.at, "bytes can't be read"))?;
        Ok(lone.number.decode(&bytes, lone.big_endian))
    }

    /// The same, as protocols 0 to 2 write it.
    fn scalar(&self, held: &Held) -> io::Result<Option<f64>> {
        let Some(kind) = held.kind(self.scene).filter(|_| held.shape.is_empty()) else { return Ok(None) };
        let What::Number(number) = kind.what else { return Ok(None) };
        let mut bytes = [0; 8];
        let (Some(data), Some(bytes)) = (held.data(self.scene)?, bytes.get_mut(..number.size())) else {
            return Ok(None);
        };
        let whole = data.read_at(0, bytes)? == number.size();
        Ok(whole.then(|| number.decode(bytes, kind.big_endian)))
    }

    /// Adds the items of one kind that lie in these bytes, each so many bytes after the one before.
    fn part(&mut self, place: String, held: &Held, kind: u32, data: Data, step: u64, depth: u32) -> Result<(), Fault> {
        let Some(kind) = self.scene.kinds.get(kind as usize).cloned() else { return Ok(()) };
        let shape = held.shape.clone();
        let array = |number: Number, shape: Vec<u64>, data: Data, step: u64| Array {
            number,
            big_endian: kind.big_endian,
            shape,
            order: held.order,
            data,
            step,
            gathered: false,
        };
        match &kind.what {
            What::Number(number) => {
                let array = array(*number, shape, data, step);
                self.pool.numbers += array.len();
                self.anatomy.add(place, Body::Array(array))
            }
            What::Complex(number) => {
                let size = number.size() as u64;
                for (name, offset) in [("real", 0), ("imag", size)] {
                    let data = data.after(offset).unwrap_or_else(|| data.clone());
                    let array = array(*number, shape.clone(), data, step);
                    self.pool.numbers += array.len();
                    self.anatomy.add(format!("{place}.{name}"), Body::Array(array))?;
                }
                Ok(())
            }
            What::Record(fields) if depth > 0 => {
                if step == kind.size {
                    self.gaps(&place, fields, step, &data)?;
                }
                for field in fields {
                    let Some(data) = data.after(field.offset) else { continue };
                    self.part(format!("{place}.{}", field.name), held, field.kind, data, step, depth - 1)?;
                }
                Ok(())
            }
            What::Several(base, lens) if depth > 0 && lens.iter().product::<u64>() <= SIDE => {
                let size = self.scene.kinds.get(*base as usize).map_or(1, |base| base.size);
                for index in 0..lens.iter().product() {
                    let Some(data) = data.after(index * size) else { continue };
                    self.part(format!("{place}[{index}]"), held, *base, data, step, depth - 1)?;
                }
                Ok(())
            }
            What::Text | What::Ascii if step == kind.size => {
                self.characters(&data, kind.size, kind.what == What::Text, kind.big_endian)
            }
            _ => {
                nested::look_at(self, &data)?;
                self.anatomy.add(place, Body::Bytes(data))
            }
        }
    }

    /// Texts of a fixed width, filled up with zeros.
    fn characters(&mut self, data: &Data, size: u64, wide: bool, big: bool) -> Result<(), Fault> {
        let mut texts = self.texts_of(FEW);
        let size = usize::try_from(size).unwrap_or(usize::MAX).max(1);
        let mut at = 0;
        let most = usize::try_from(data.len()).unwrap_or(usize::MAX).max(1);
        let mut bytes = vec![0; size.saturating_mul((1 << 16) / size + 1).min(1 << 28).min(most)];
        loop {
            let read = data.read_at(at, &mut bytes)?;
            if read == 0 {
                return self.tell_texts(texts);
            }
            at += read as u64;
            for item in bytes.get(..read).unwrap_or_default().chunks(size) {
                let text = if wide { characters(item, big) } else { String::from_utf8_lossy(item).into_owned() };
                self.pool.note_text(text.trim_end_matches('\0'), &mut texts)?;
            }
        }
    }

    /// Adds bytes that protocols 0 to 2 wrote as a text.
    pub(super) fn source(&mut self, source: &Source) -> Result<(), Fault> {
        let held = Held { kind: 0, shape: Vec::new(), order: crate::array::Order::Rows, source: source.clone() };
        let Some(data) = held.data(self.scene)?.filter(|data| data.len() > 0) else { return Ok(()) };
        nested::look_at(self, &data)?;
        let place = self.place();
        self.anatomy.add(place, Body::Bytes(data))
    }
}

fn characters(item: &[u8], big: bool) -> String {
    let number = |word: &[u8; 4]| if big { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) };
    item.as_chunks().0.iter().map(|word| char::from_u32(number(word)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
