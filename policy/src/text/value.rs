//! What stands behind a key, read as what it should be.

use super::reader::{Found, Table};
use crate::suggest;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::rc::Rc;
use toml::Spanned;
use toml::de::DeValue;

/// A value of the file.
pub(super) struct Value<'t, 's> {
    pub(super) key: String,
    pub(super) value: &'t Spanned<DeValue<'s>>,
    pub(super) found: Rc<Found<'s>>,
}

impl<'t, 's> Value<'t, 's> {
    /// A text.
    pub(super) fn text(&self) -> Option<String> {
        self.expect(self.value.get_ref().as_str().map(str::to_owned), "a text in quotes")
    }

    /// A whole number, both ends of the range included.
    pub(super) fn number<N: TryFrom<i128> + PartialOrd + Display>(&self, range: RangeInclusive<N>) -> Option<N> {
        self.number_since(range, "")
    }

    /// A whole number, and what is said after the range: why it begins where it does.
    pub(super) fn number_since<N>(&self, range: RangeInclusive<N>, why: &str) -> Option<N>
    where
        N: TryFrom<i128> + PartialOrd + Display,
    {
        let fits = |number| N::try_from(number).ok().filter(|number| range.contains(number));
        let what = format!("a whole number from {} to {}{why}", range.start(), range.end());
        self.expect(self.whole().and_then(fits), &what)
    }

    /// Any number.
    pub(super) fn decimal(&self) -> Option<f64> {
        let float = self.value.get_ref().as_float().and_then(|number| number.as_str().parse::<f64>().ok());
        let number = float.or_else(|| self.whole().map(|number| number as f64));
        self.expect(number.filter(|number| number.is_finite()), "a number")
    }

    /// A whole number as it is written: in decimal, hexadecimal, octal or binary digits.
    fn whole(&self) -> Option<i128> {
        let number = self.value.get_ref().as_integer()?;
        i128::from_str_radix(number.as_str(), number.radix()).ok()
    }

    /// Yes or no.
    pub(super) fn flag(&self) -> Option<bool> {
        self.expect(self.value.get_ref().as_bool(), "`true` or `false`")
    }

    /// A day such as `2027-06-30`.
    pub(super) fn date(&self) -> Option<jiff::civil::Date> {
        let value = self.value.get_ref();
        let text = value.as_datetime().map(ToString::to_string).or(value.as_str().map(str::to_owned));
        // A moment would be read as its day.
        let day = text.filter(|text| text.len() == "2027-06-30".len()).and_then(|text| text.parse().ok());
        self.expect(day, "a day such as `2027-06-30`")
    }

    /// A list.
    pub(super) fn list(&self) -> Option<Vec<Value<'t, 's>>> {
        let item = |value| Value { key: self.key.clone(), value, found: self.found.clone() };
        let items = self.value.get_ref().as_array().map(|array| array.iter().map(item).collect());
        self.expect(items, "a list")
    }

    /// A list, each item read; `None` where one can't be, and every one that can't be is reported.
    pub(super) fn each<T, C: FromIterator<T>>(&self, read: impl FnMut(&Value<'t, 's>) -> Option<T>) -> Option<C> {
        let items: Vec<Option<T>> = self.list()?.iter().map(read).collect();
        items.into_iter().collect()
    }

    /// A list of texts.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        self.each(Value::text)
    }

    /// A list of texts, none of which stands there twice.
    pub(super) fn distinct(&self) -> Option<BTreeSet<String>> {
        let mut seen = BTreeSet::new();
        self.each(|item| {
            let text = item.text()?;
            if !seen.insert(text.clone()) {
                item.fault(format!(
                    "`{text}` stands twice among `{}`; leave one out, or name whom or what was meant",
                    self.key
                ));
            }
            Some(text)
        })
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
            let known = suggest::among(&text, words.iter().map(|(word, _)| *word));
            self.fault(format!("`{text}` isn't known here; {known}"));
        }
        found
    }

    /// Whatever `read` makes of the text.
    pub(super) fn parsed<T, E: Display>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text()?;
        read(&text).map_err(|error| self.fault(error.to_string())).ok()
    }

    /// Reports something about the value.
    pub(super) fn fault(&self, what: impl Into<String>) {
        self.found.say(self.value.span(), what.into());
    }

    /// Whether something about it was reported.
    pub(super) fn is_flawed(&self) -> bool {
        self.found.flaws(&self.value.span())
    }

    fn expect<T>(&self, value: Option<T>, what: &str) -> Option<T> {
        if value.is_none() {
            self.fault(format!("`{}` can't be `{}`: write {what}", self.found.written(self.value.span()), self.key));
        }
        value
    }
}
