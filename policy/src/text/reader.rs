//! Reading TOML key by key, with the place of everything that is wrong.

use super::problem::Problems;
use super::value::Value;
use crate::suggest;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file, and what is wrong with it so far, each with the bytes that it is about.
pub(super) struct Found<'s> {
    source: &'s str,
    said: RefCell<Vec<(Range<usize>, String)>>,
    /// How much of it was said before the whole was judged: a part can contradict more than one other.
    by_itself: Cell<usize>,
}

impl Found<'_> {
    pub(super) fn say(&self, span: Range<usize>, what: String) {
        self.said.borrow_mut().push((span, what));
    }

    /// What is said last.
    pub(super) fn end(&self, what: &str) {
        self.say(self.source.len()..self.source.len(), what.to_owned());
    }

    /// Whether something was said about a part of the file by itself.
    pub(super) fn flaws(&self, part: &Range<usize>) -> bool {
        self.said.borrow().iter().take(self.by_itself.get()).any(|(span, _)| part.contains(&span.start))
    }

    /// From here on the whole is judged, and no part by itself.
    pub(super) fn judge(&self) {
        self.by_itself.set(self.said.borrow().len());
    }

    /// A part of the file as it is written: as much of it as fits into a sentence.
    pub(super) fn written(&self, span: Range<usize>) -> String {
        const MOST: usize = 40;
        let line = self.source.get(span).and_then(|text| text.lines().next()).unwrap_or_default();
        match line.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
            None => line.to_owned(),
        }
    }
}

/// Parses `source`, hands its top table to `read`, and turns what was found into lines and columns.
pub(super) fn document<T>(source: &str, read: impl FnOnce(&Table<'_, '_>) -> Option<T>) -> Result<T, Problems> {
    let (parsed, errors) = DeTable::parse_recoverable(source);
    let found = Rc::new(Found { source, said: RefCell::default(), by_itself: Cell::new(usize::MAX) });
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let what = match found.written(span.clone()).as_str() {
            "" => "this".to_owned(),
            written => format!("`{written}`"),
        };
        let why = error.message().replace('\n', ", ");
        found.say(span, format!("{what} isn't TOML (toml.io): {why}; mend it, and the rest is read"));
    }
    let top = Table { span: 0..0, table: parsed.get_ref(), found: found.clone() };
    // A file that isn't TOML would be misread: its syntax comes first.
    let value = if errors.is_empty() { read(&top) } else { None };
    let found = found.said.take();
    match value {
        Some(value) if found.is_empty() => Ok(value),
        _ => Err(Problems::located(source, found)),
    }
}

/// A table of the file.
pub(super) struct Table<'t, 's> {
    pub(super) span: Range<usize>,
    pub(super) table: &'t DeTable<'s>,
    pub(super) found: Rc<Found<'s>>,
}

impl<'t, 's> Table<'t, 's> {
    /// Reports every key that isn't among these.
    pub(super) fn only(&self, known: &[&str]) -> &Self {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let what = format!(
                "`{}` isn't a key here; {}",
                key.get_ref(),
                suggest::among(key.get_ref(), known.iter().copied())
            );
            self.found.say(key.span(), what);
        }
        self
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Value<'t, 's>> {
        let value = self.table.get(key)?;
        Some(Value { key: key.to_owned(), value, found: self.found.clone() })
    }

    /// The value of a key that has to be there.
    pub(super) fn need(&self, key: &str) -> Option<Value<'t, 's>> {
        let value = self.get(key);
        if value.is_none() {
            self.fault(missing(key));
        }
        value
    }

    /// Takes over what a key says, if it is there. What can't be read is reported, and changes nothing.
    pub(super) fn set<T>(&self, key: &str, into: &mut T, read: impl FnOnce(&Value<'t, 's>) -> Option<T>) {
        if let Some(value) = self.get(key).and_then(|value| read(&value)) {
            *into = value;
        }
    }

    /// Keys and values, in the order of the keys.
    pub(super) fn entries(&self) -> Vec<(String, Value<'t, 's>)> {
        let entry = |(key, value): (&'t Spanned<Cow<'s, str>>, &'t Spanned<DeValue<'s>>)| {
            let key = key.get_ref().to_string();
            (key.clone(), Value { key, value, found: self.found.clone() })
        };
        self.table.iter().map(entry).collect()
    }

    /// The same table once more.
    pub(super) fn again(&self) -> Self {
        Self { span: self.span.clone(), table: self.table, found: self.found.clone() }
    }

    /// Reports something about the table as a whole.
    pub(super) fn fault(&self, what: impl Into<String>) {
        self.found.say(self.span.clone(), what.into());
    }

    /// Reports what doesn't fit together about a key, unless that is wrong by itself, which was said.
    pub(super) fn judged(&self, key: &str, what: String) {
        if let Some((outer, inner)) = key.split_once('.') {
            let within = self.get(outer).and_then(|value| value.table());
            return within.map_or_else(|| self.judged(outer, what.clone()), |table| table.judged(inner, what.clone()));
        }
        match self.get(key) {
            Some(value) if value.is_flawed() => {}
            Some(value) => value.fault(what),
            None if self.found.said.borrow().contains(&(self.span.clone(), missing(key))) => {}
            None => self.fault(what),
        }
    }
}

fn missing(key: &str) -> String {
    format!("`{key}` is missing; add it")
}
