//! Many texts in one piece of memory: a model's vocabulary has millions of short ones.

/// Bytes of a short text.
const SHORT: usize = 16;

/// Texts, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    /// All of them, with the end of a line after each.
    all: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Strings {
    /// None yet, and room for so many short ones.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { all: String::with_capacity(count.saturating_mul(SHORT)), ends: Vec::with_capacity(count) }
    }

    #[inline]
    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
        self.all.push('\n');
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).map(|end| end + 1))?;
        self.all.get(start..*self.ends.get(at)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// All of them, each on a line or several of its own.
    pub(crate) fn lines(&self) -> &str {
        self.all.strip_suffix('\n').unwrap_or_default()
    }

    /// Bytes that a text takes here.
    pub(crate) fn weight(text: &str) -> usize {
        text.len() + 1 + size_of::<usize>()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Strings {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut strings = Self::default();
        texts.into_iter().for_each(|text| strings.push(text.as_ref()));
        strings
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Strings {
    fn from(texts: Vec<T>) -> Self {
        texts.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn texts_come_out_as_they_went_in() {
        for texts in [vec![], vec![""], vec!["one"], vec!["", "two\nlines", "", "\u{e9}"]] {
            let strings: Strings = texts.iter().collect();
            assert_eq!(strings.iter().collect::<Vec<_>>(), texts);
            assert_eq!(strings.lines(), texts.join("\n"));
            assert_eq!((strings.len(), strings.get(texts.len())), (texts.len(), None));
        }
    }
}
