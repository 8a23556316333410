//! The records that people sign: policy, people, permits, datasets, images.

use crate::card::Card;
use crate::digest::Digest;
use crate::policy::{Policy, Role};
use crate::signed::{PublicKey, Statement};
use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// A fact that those whose duty it is have signed. Its text begins with its kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Record {
    /// A policy: two officers.
    Policy(Box<Policy>),
    /// A person: two officers, neither of them that person.
    Person(Person),
    /// A permit: one officer, and a steward of each dataset in it.
    Permit(Permit),
    /// The end of a permit: one officer, or a steward of its data.
    Withdrawal(Withdrawal),
    /// A dataset: two stewards.
    Dataset(Box<Dataset>),
    /// An image: one operator.
    Image(Image),
    /// A halt: one officer, or two to lift it.
    Halt(Halt),
}

impl Record {
    /// Every kind.
    pub const KINDS: [&'static str; 7] = ["policy", "person", "permit", "withdrawal", "dataset", "image", "halt"];

    /// The kind of what it takes the place of: withdrawing a permit changes that permit, so that no older change of it holds after.
    pub fn changes(&self) -> &'static str {
        match self {
            Self::Withdrawal(_) => "permit",
            other => other.kind(),
        }
    }

    /// What it is about.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Policy(_) => "policy",
            Self::Person(_) => "person",
            Self::Permit(_) => "permit",
            Self::Withdrawal(_) => "withdrawal",
            Self::Dataset(_) => "dataset",
            Self::Image(_) => "image",
            Self::Halt(_) => "halt",
        }
    }

    /// Which one. There is one policy.
    pub fn name(&self) -> &str {
        match self {
            Self::Policy(_) => "",
            Self::Person(person) => &person.name,
            Self::Permit(permit) => &permit.name,
            Self::Withdrawal(withdrawal) => &withdrawal.permit,
            Self::Dataset(dataset) => &dataset.name,
            Self::Image(image) => &image.name,
            Self::Halt(halt) => &halt.scope,
        }
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

/// Reads a record as it comes, without keeping it aside until its kind is known.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Record;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a record that begins with its kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let kind: Cow<'de, str> = tag(&mut map, "kind")?;
        let rest = MapAccessDeserializer::new(map);
        match &*kind {
            "policy" => Box::deserialize(rest).map(Record::Policy),
            "person" => Person::deserialize(rest).map(Record::Person),
            "permit" => Permit::deserialize(rest).map(Record::Permit),
            "withdrawal" => Withdrawal::deserialize(rest).map(Record::Withdrawal),
            "dataset" => Box::deserialize(rest).map(Record::Dataset),
            "image" => Image::deserialize(rest).map(Record::Image),
            "halt" => Halt::deserialize(rest).map(Record::Halt),
            other => Err(Error::unknown_variant(other, &Record::KINDS)),
        }
    }
}

/// The value of a map's next entry, which has this name.
pub(crate) fn tag<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, name: &'static str) -> Result<T, A::Error> {
    match map.next_key_seed(Named(name))? {
        Some(true) => map.next_value(),
        _ => Err(Error::missing_field(name)),
    }
}

/// Reads a key without a copy of it: whether it is this one.
struct Named(&'static str);

impl<'de> DeserializeSeed<'de> for Named {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Named {
    type Value = bool;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.0)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

/// What people sign: a record, and what it takes the place of. Whoever kept the signatures of a record that was replaced since can't
/// put it in force again, nor at another site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The digest of the change that made what holds now; where there is none, that of the founding.
    pub replaces: Digest,
    /// What shall hold.
    pub record: Record,
}

impl Statement for Change {
    const TYPE: &'static str = "application/vnd.semla.record+json";
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account's name.
    pub name: String,
    /// What they do here.
    pub roles: BTreeSet<Role>,
    /// The most they may see.
    pub clearance: String,
    /// The most they may submit at.
    pub ceiling: String,
    /// With which they sign; only those with a duty need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PublicKey>,
    /// Whether the account is closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// Who may use which datasets for which purpose, until when, up to which label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    /// The permit office's number.
    pub name: String,
    /// One line for people.
    pub purpose: String,
    /// Its members.
    pub people: BTreeSet<String>,
    /// `name@version` of each dataset.
    pub datasets: BTreeSet<String>,
    /// The highest label of anything under it.
    pub up_to: String,
    /// The last day.
    pub until: Date,
}

/// One version of a dataset. Its content never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// `name@version`.
    pub name: String,
    /// The label of its rows.
    pub label: String,
    /// The label of its card, and so of dummies.
    pub card_label: String,
    /// What may be known of it at the card's label.
    pub card: Card,
    /// The files, by name.
    pub files: Vec<DataFile>,
}

/// One file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFile {
    /// Its name under the mount point.
    pub name: String,
    /// Its content.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

/// A root filesystem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// How people name it.
    pub name: String,
    /// Its tree.
    pub digest: Digest,
    /// Its label.
    pub label: String,
}

/// A permit that is taken back before its last day. A new permit of the same name takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The permit.
    pub permit: String,
}

/// The kill switch: nothing runs, is checked or leaves in its scope until it is lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    /// `all`, `permit NAME`, or `label LABEL`, which stands for everything at that label or above it.
    pub scope: String,
    /// Whether it is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lifted: bool,
}
