//! JSON as a tree that keeps what other readers drop: the order of keys, and keys that come twice.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// A JSON value. A name that comes twice in one object is an error: two readers would see two files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// `null`, `true` or `false`.
    Word(&'static str),
    /// A number, as text.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Reads a whole text: one value, nested at most 128 deep.
    pub(crate) fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// What stands here, if it is a single value.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Word(text) => Some(text),
            Self::Number(text) | Self::Text(text) => Some(text),
            Self::List(_) | Self::Object(_) => None,
        }
    }

    /// What is directly inside, with its name if it has one.
    pub(crate) fn children(&self) -> Vec<(&str, &Node)> {
        match self {
            Self::List(items) => items.iter().map(|item| ("", item)).collect(),
            Self::Object(members) => members.iter().map(|(name, item)| (name.as_str(), item)).collect(),
            _ => Vec::new(),
        }
    }

    /// The most things that are directly inside one object or list.
    pub(crate) fn widest(&self) -> usize {
        let children = self.children();
        children.iter().map(|(_, child)| child.widest()).fold(children.len(), usize::max)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Word("null"))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Word(if value { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        // `{:?}` keeps a trailing `.0`, which tells a rate of 1 from a count of 1.
        Ok(Node::Number(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let (mut members, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some((name, value)) = map.next_entry::<String, Node>()? {
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom("a name comes twice in one object"));
            }
            members.push((name, value));
        }
        Ok(Node::Object(members))
    }
}
