//! What objects of the libraries hold, attribute by attribute: `allowed/states.txt`, which `allowed/states.py` wrote from objects of every kind.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const LIST: &str = include_str!("../../allowed/states.txt");

/// What an attribute may hold, on its own or in lists, tuples, dicts and arrays of objects.
#[derive(Debug, Default)]
pub(super) struct Rule {
    kinds: &'static str,
    groups: HashSet<&'static str>,
    texts: HashSet<Cow<'static, str>>,
}

/// A class, or a function that makes something.
#[derive(Debug)]
pub(super) struct Class {
    /// What attributes name when they may hold it.
    pub(super) group: &'static str,
    library: &'static str,
    attributes: HashSet<&'static str>,
}

#[derive(Debug, Default)]
struct Schema {
    /// By library and attribute.
    rules: HashMap<&'static str, HashMap<&'static str, Rule>>,
    classes: HashMap<&'static str, Class>,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(read);

impl Rule {
    pub(super) fn has(&self, kind: char) -> bool {
        self.kinds.contains(kind)
    }

    pub(super) fn takes_group(&self, group: &str) -> bool {
        self.groups.contains(group)
    }

    pub(super) fn takes_text(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// Whether it may hold any of some texts that aren't free.
    pub(super) fn has_texts(&self) -> bool {
        !self.texts.is_empty()
    }
}

impl Class {
    /// What an attribute may hold; none if objects of the class have no such attribute.
    pub(super) fn rule(&self, attribute: &str) -> Option<&'static Rule> {
        rule(self.library, self.attributes.get(attribute)?)
    }

    pub(super) fn library(&self) -> &'static str {
        self.library
    }
}

/// A class by its module and name.
pub(super) fn class(full: &str) -> Option<&'static Class> {
    let schema: &'static Schema = &SCHEMA;
    schema.classes.get(full)
}

/// What an attribute of this name may hold in a library.
pub(super) fn rule(library: &str, attribute: &str) -> Option<&'static Rule> {
    let schema: &'static Schema = &SCHEMA;
    schema.rules.get(library)?.get(attribute)
}

fn read() -> Schema {
    let (mut schema, mut library) = (Schema::default(), "");
    for line in LIST.lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next()) {
            (Some("library"), Some(name)) => library = name,
            (Some("attribute"), Some(name)) => {
                schema.rules.entry(library).or_default().insert(name, rule_of(words));
            }
            (Some("class"), Some(name)) => {
                let group = words.next().unwrap_or_default();
                schema.classes.insert(name, Class { group, library, attributes: words.collect() });
            }
            _ => {}
        }
    }
    schema
}

fn rule_of(mut words: std::str::Split<'static, char>) -> Rule {
    let mut rule = Rule { kinds: words.next().unwrap_or_default(), ..Rule::default() };
    for word in words {
        match word.split_at_checked(1) {
            Some(("@", group)) => rule.groups.insert(group),
            Some(("=", text)) => rule.texts.insert(unquoted(text)),
            _ => false,
        };
    }
    rule
}

/// A text without its `%20`s.
fn unquoted(text: &'static str) -> Cow<'static, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        match (*first, more) {
            (b'%', [high, low, more @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = more;
            }
            (byte, _) => bytes.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{class, rule, unquoted};

    #[test]
    fn the_list_is_read() {
        let forest = class("sklearn.ensemble._forest.RandomForestClassifier").unwrap();
        assert_eq!(forest.group, "Estimator");
        assert!(forest.rule("estimators_").unwrap().takes_group("Estimator"));
        assert!(!forest.rule("estimators_").unwrap().has('1'));
        assert!(forest.rule("predict").is_none());
        assert!(rule("sklearn", "memory").is_some_and(|memory| !memory.has('t') && !memory.has_texts()));
        assert_eq!(unquoted("a%20b%c3%a9"), "a b\u{e9}");
    }

    #[test]
    fn no_text_is_free_that_names_a_method_or_a_file() {
        for name in [
            "stack_method",
            "stack_method_",
            "response_method",
            "_response_method",
            "method",
            "input",
            "memory",
            "encoding",
            "kw_args",
            "chain_method",
        ] {
            assert!(rule("sklearn", name).is_none_or(|rule| !rule.has('t')), "{name}");
        }
    }
}
