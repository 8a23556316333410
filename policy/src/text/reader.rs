//! Reading TOML key by key, with the place of everything that is wrong.

use crate::suggest;
use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Everything that is wrong with a file, in the order of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|problem| format!("{}:{}: {}", problem.line, problem.column, problem.what));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Problems {}

type Found = Rc<RefCell<Vec<(Range<usize>, String)>>>;

/// Parses `source`, hands its top table to `read`, and turns what was found into lines and columns.
pub(super) fn document<T>(source: &str, read: impl FnOnce(&Table<'_, '_>) -> Option<T>) -> Result<T, Problems> {
    let (parsed, errors) = DeTable::parse_recoverable(source);
    let found: Found = Rc::default();
    for error in &errors {
        found.borrow_mut().push((error.span().unwrap_or(0..0), error.message().replace('\n', ", ")));
    }
    let top = Table { span: 0..0, table: parsed.get_ref(), found: found.clone() };
    // A file that isn't TOML would be misread: its syntax comes first.
    let value = if errors.is_empty() { read(&top) } else { None };
    let found = std::mem::take(&mut *found.borrow_mut());
    match value {
        Some(value) if found.is_empty() => Ok(value),
        _ => Err(located(source, found)),
    }
}

fn located(source: &str, mut found: Vec<(Range<usize>, String)>) -> Problems {
    found.sort_by_key(|(span, _)| span.start);
    let place = |(span, what): (Range<usize>, String)| {
        let before = source.get(..span.start).unwrap_or(source);
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Problem { line: before.matches('\n').count() + 1, column, what }
    };
    Problems(found.into_iter().map(place).collect())
}

/// A table of the file.
pub(super) struct Table<'t, 's> {
    span: Range<usize>,
    table: &'t DeTable<'s>,
    found: Found,
}

/// A value of the file.
pub(super) struct Value<'t, 's> {
    key: String,
    value: &'t Spanned<DeValue<'s>>,
    found: Found,
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
            self.found.borrow_mut().push((key.span(), what));
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
            self.fault(format!("`{key}` is missing; add it"));
        }
        value
    }

    /// Keys and values, in the order of the keys.
    pub(super) fn entries(&self) -> Vec<(String, Value<'t, 's>)> {
        let entry = |(key, value): (&'t Spanned<_>, &'t Spanned<DeValue<'s>>)| {
            let key: &std::borrow::Cow<'s, str> = key.get_ref();
            (key.to_string(), Value { key: key.to_string(), value, found: self.found.clone() })
        };
        self.table.iter().map(entry).collect()
    }

    /// Reports something about the table as a whole.
    pub(super) fn fault(&self, what: impl Into<String>) {
        self.found.borrow_mut().push((self.span.clone(), what.into()));
    }
}

impl<'t, 's> Value<'t, 's> {
    /// A text.
    pub(super) fn text(&self) -> Option<String> {
        self.expect(self.value.get_ref().as_str().map(str::to_owned), "a text in quotes")
    }

    /// A whole number from 0 on.
    pub(super) fn number(&self) -> Option<u64> {
        let read = |value: &DeValue<'s>| value.as_integer()?.as_str().parse().ok();
        self.expect(read(self.value.get_ref()), "a whole number")
    }

    /// Any number.
    pub(super) fn decimal(&self) -> Option<f64> {
        let value = self.value.get_ref();
        let text = value
            .as_integer()
            .map(|n| n.as_str().to_owned())
            .or_else(|| value.as_float().map(|n| n.as_str().to_owned()));
        self.expect(text.and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite()), "a number")
    }

    /// Yes or no.
    pub(super) fn flag(&self) -> Option<bool> {
        self.expect(self.value.get_ref().as_bool(), "`true` or `false`")
    }

    /// A day such as `2027-06-30`.
    pub(super) fn date(&self) -> Option<jiff::civil::Date> {
        let read = |value: &DeValue<'s>| {
            let text = value.as_datetime().map(ToString::to_string).or(value.as_str().map(str::to_owned));
            text?.parse().ok()
        };
        self.expect(read(self.value.get_ref()), "a day such as `2027-06-30`")
    }

    /// A list.
    pub(super) fn list(&self) -> Option<Vec<Value<'t, 's>>> {
        let item = |value| Value { key: self.key.clone(), value, found: self.found.clone() };
        let items = self.value.get_ref().as_array().map(|array| array.iter().map(item).collect());
        self.expect(items, "a list")
    }

    /// A list of texts.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        self.list()?.iter().map(Value::text).collect()
    }

    /// A table.
    pub(super) fn table(&self) -> Option<Table<'t, 's>> {
        let table = self.value.get_ref().as_table();
        let table = table.map(|table| Table { span: self.value.span(), table, found: self.found.clone() });
        self.expect(table, "a table")
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            self.fault(format!(
                "`{text}` isn't known here; {}",
                suggest::among(&text, words.iter().map(|(word, _)| *word))
            ));
        }
        found
    }

    /// Whatever `read` makes of the text.
    pub(super) fn parsed<T, E: fmt::Display>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text()?;
        read(&text).map_err(|error| self.fault(error.to_string())).ok()
    }

    /// Reports something about the value.
    pub(super) fn fault(&self, what: impl Into<String>) {
        self.found.borrow_mut().push((self.value.span(), what.into()));
    }

    fn expect<T>(&self, value: Option<T>, what: &str) -> Option<T> {
        if value.is_none() {
            self.fault(format!("`{}` should be {what}", self.key));
        }
        value
    }
}
