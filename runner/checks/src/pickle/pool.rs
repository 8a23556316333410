//! What is told of a pickle besides its arrays: texts, bytes, and numbers that stand alone, together; with bounds on all of it.

use super::heap::crowded;
use super::literal;
use super::nested;
use super::slot::{Slot, Value};
use super::trouble::{Trouble, shown};
use super::walk::Walk;
use crate::anatomy::{Body, Fault, Strings};
use crate::array::{Array, Number, Order};
use std::collections::HashSet;

/// Most bytes of texts, of numbers that aren't arrays of the file, and of the heap together.
const MOST: usize = 880 << 20;
/// Most containers whose numbers or texts are a part of their own; those of more are told together.
const PARTS: usize = 20_000;
/// Fewest numbers or texts that are a part of their own.
pub(super) const FEW: usize = 3;
/// Most bytes that are reserved before there is anything to put there.
const RESERVED: usize = 64 << 20;
/// Most attributes' names that are kept apart.
const NAMES: usize = 1 << 20;

/// What is told together.
#[derive(Debug, Default)]
pub(super) struct Pool {
    texts: Strings,
    values: Vec<u8>,
    names: HashSet<u64>,
    /// Bytes of all texts and numbers so far, and of the heap.
    size: usize,
    parts: usize,
    /// How many numbers there were, those of arrays among them.
    pub(super) numbers: u64,
    /// The first text that a browser would take for markup.
    markup: Option<String>,
}

/// Numbers of one container, as bytes of floats; none where they are told with those of others.
pub(super) struct Numbers(Option<Vec<u8>>);

/// Texts of one container; none where they are told with those of others.
pub(super) struct Texts(Option<Strings>);

impl Numbers {
    /// Those that are told with others.
    pub(super) fn of_others() -> Self {
        Self(None)
    }
}

impl Pool {
    /// An empty one beside a heap of so many bytes.
    pub(super) fn beside(heap: usize) -> Self {
        Self { size: heap, values: Vec::with_capacity((heap / size_of::<f64>()).min(RESERVED)), ..Self::default() }
    }

    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Fault> {
        self.size += bytes;
        if self.size > MOST { Err(crowded()) } else { Ok(()) }
    }

    #[inline]
    pub(super) fn note_number(&mut self, value: f64, numbers: &mut Numbers) -> Result<(), Fault> {
        self.numbers += 1;
        self.charge(size_of::<f64>())?;
        numbers.0.as_mut().unwrap_or(&mut self.values).extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    #[inline]
    pub(super) fn note_text(&mut self, text: &str, texts: &mut Texts) -> Result<(), Fault> {
        self.charge(Strings::weight(text))?;
        if self.markup.is_none() && is_markup(text) {
            self.markup = Some(text.to_owned());
        }
        texts.0.as_mut().unwrap_or(&mut self.texts).push(text);
        Ok(())
    }
}

/// Whether a text has something that begins like an element, a comment or the end of one.
fn is_markup(text: &str) -> bool {
    let after = text.split('<').skip(1).filter_map(|after| after.chars().next());
    after.into_iter().any(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
}

impl Walk<'_, '_> {
    /// Notes a text that stands alone.
    pub(super) fn text(&mut self, at: u64) -> Result<(), Fault> {
        self.note_text(at, &mut Texts(None))
    }

    /// Notes a text with others of its container, and looks for a pickle in it.
    pub(super) fn note_text(&mut self, at: u64, texts: &mut Texts) -> Result<(), Fault> {
        let text = self.peek.text_at(at, MOST).ok_or_else(|| Fault::at(at, "a text can't be read"))?;
        if !nested::is_suspect(&text) {
            return self.pool.note_text(&text, texts);
        }
        let text = text.into_owned();
        nested::look_at_text(self, &text)?;
        self.pool.note_text(&text, texts)
    }

    /// Notes an attribute's name, once.
    pub(super) fn attribute(&mut self, key: Slot) -> Result<(), Fault> {
        match key.value() {
            Value::Text(at) if self.pool.names.len() < NAMES && self.pool.names.insert(at) => self.text(at),
            _ => Ok(()),
        }
    }

    /// Adds bytes, and looks for a pickle in them.
    pub(super) fn bytes(&mut self, at: u64) -> Result<(), Fault> {
        let data = literal::bytes(self.scene.data, at)?.ok_or_else(|| Fault::at(at, "bytes can't be read"))?;
        if data.len() == 0 {
            return Ok(());
        }
        nested::look_at(self, &data)?;
        let place = self.place();
        self.anatomy.add(place, Body::Bytes(data))
    }

    /// Room for so many numbers: of their own, or with those of others.
    pub(super) fn numbers(&mut self, count: usize) -> Numbers {
        let own = count >= FEW && self.pool.parts < PARTS;
        Numbers(own.then(|| Vec::with_capacity(count.saturating_mul(size_of::<f64>()).min(RESERVED))))
    }

    /// Room for so many texts.
    pub(super) fn texts_of(&mut self, count: usize) -> Texts {
        let own = count >= FEW && self.pool.parts < PARTS;
        Texts(own.then(|| Strings::with_capacity(count.min(RESERVED / 16))))
    }

    /// Adds the numbers of a container, in rows of so many.
    pub(super) fn tell_numbers(&mut self, numbers: Numbers, width: usize) -> Result<(), Fault> {
        let Some(bytes) = numbers.0.filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        self.pool.parts += 1;
        let count = (bytes.len() / size_of::<f64>()) as u64;
        let shape = if width > 1 { vec![count / width as u64, width as u64] } else { vec![count] };
        let place = self.place();
        let array = Array { gathered: true, ..Array::packed(Number::F64, shape, Order::Rows, bytes.into()) };
        self.anatomy.add(place, Body::Array(array))
    }

    /// Adds the texts of a container.
    pub(super) fn tell_texts(&mut self, texts: Texts) -> Result<(), Fault> {
        let Some(texts) = texts.0.filter(|texts| !texts.is_empty()) else { return Ok(()) };
        self.pool.parts += 1;
        let place = self.place();
        self.anatomy.add(place, Body::Texts(texts))
    }

    /// Adds what was told together.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        let (values, texts) = (std::mem::take(&mut self.pool.values), std::mem::take(&mut self.pool.texts));
        self.tell_numbers(Numbers(Some(values)), 1)?;
        self.judge_markup();
        self.tell_texts(Texts(Some(texts)))
    }

    /// scikit-learn and pandas escape what they show in a notebook; statsmodels doesn't, and takes names from wherever they lie.
    /// Where something else is wrong, it may be the documentation of what that is about.
    fn judge_markup(&mut self) {
        let mut classes = self.scene.names.all().iter().filter_map(|global| Some((global, global.entry?)));
        let shown_raw = classes.find(|(_, entry)| entry.library.name == "statsmodels").map(|(global, _)| global.at);
        if let (Some(at), Some(text), true) = (shown_raw, self.pool.markup.take(), self.scene.troubles.is_empty()) {
            let message = format!(
                "the text `{}` is markup, which runs where a notebook shows a summary of statsmodels",
                shown(&text)
            );
            let remedy = "name columns and labels without `<`, fit the model again and save it";
            self.scene.troubles.add(Trouble::new(at, message).remedy(remedy));
        }
    }
}
