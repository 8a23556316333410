//! The names of levels, categories and audiences, and the text form of labels.

use crate::bits::{Bits, MEMBERS};
use crate::label::{Clearance, Label};
use crate::suggest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many levels a scheme may have.
pub const LEVELS: usize = 64;

/// Which levels, categories and audiences exist. A name's position is its id: stable, never reused, never reordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// From the lowest to the highest. Names never imply order.
    pub levels: Vec<String>,
    /// All that a label has are needed to see it.
    pub categories: Vec<String>,
    /// One that a label has suffices to receive it.
    pub audiences: Vec<String>,
}

/// A text that isn't a label under the scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// A name that the scheme doesn't have.
    #[error("no {kind} is called `{name}`; {suggestion}")]
    Unknown {
        /// `level`, `category` or `audience`.
        kind: &'static str,
        /// What was written.
        name: String,
        /// What might have been meant.
        suggestion: String,
    },
    /// A text of another shape.
    #[error("`{0}` has not the form of a label; write `level/category,category rel:AUDIENCE,AUDIENCE`")]
    Shape(String),
}

/// A scheme that can't be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// No level at all.
    #[error("a scheme needs at least one level; write a `[[level]]` with a `name`")]
    NoLevel,
    /// More names than there are ids.
    #[error("{count} {kind} are more than the {most} that a scheme may have")]
    TooMany {
        /// `levels`, `categories` or `audiences`.
        kind: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A name that a label couldn't be written with.
    #[error("`{0}` can't be a name; use letters, digits, `-`, `_` and `.`, at most 64, and not `any`")]
    Name(String),
    /// One name for two things.
    #[error("`{0}` stands twice; a name belongs to one thing")]
    Twice(String),
}

impl Scheme {
    /// Whether every name of an earlier scheme stands where it stood: labels are kept by place, and places are never used anew.
    pub fn continues(&self, earlier: &Self) -> bool {
        self.levels.starts_with(&earlier.levels)
            && self.categories.starts_with(&earlier.categories)
            && self.audiences.starts_with(&earlier.audiences)
    }

    /// Everything that is wrong with the names.
    pub fn faults(&self) -> Vec<SchemeError> {
        self.judged().into_iter().map(|(_, fault)| fault).collect()
    }

    /// The same, each with the key of a policy file that it is about.
    pub(crate) fn judged(&self) -> Vec<(&'static str, SchemeError)> {
        let mut faults = Vec::new();
        if self.levels.is_empty() {
            faults.push(("level", SchemeError::NoLevel));
        }
        let kinds = [
            ("level", "levels", &self.levels, LEVELS),
            ("categories", "categories", &self.categories, MEMBERS),
            ("audiences", "audiences", &self.audiences, MEMBERS),
        ];
        for (key, kind, names, most) in kinds {
            if names.len() > most {
                faults.push((key, SchemeError::TooMany { kind, count: names.len(), most }));
            }
            let mut seen = BTreeSet::new();
            faults.extend(names.iter().filter_map(|name| Some((key, flaw(name, &mut seen)?))));
        }
        faults
    }

    /// Reads `level/category,category rel:AUDIENCE,AUDIENCE`.
    pub fn label(&self, text: &str) -> Result<Label, LabelError> {
        let parts = Parts::split(text)?;
        let audiences = match parts.audiences {
            None => None,
            Some(names) => Some(ids("audience", &self.audiences, &names)?),
        };
        Ok(Label {
            level: self.level_id(parts.level)?,
            categories: ids("category", &self.categories, &parts.categories)?,
            audiences,
        })
    }

    /// Reads a clearance, which has the text form of a label; the audiences are those its holder belongs to.
    pub fn clearance(&self, text: &str) -> Result<Clearance, LabelError> {
        let parts = Parts::split(text)?;
        Ok(Clearance {
            level: self.level_id(parts.level)?,
            categories: ids("category", &self.categories, &parts.categories)?,
            audiences: ids("audience", &self.audiences, &parts.audiences.unwrap_or_default())?,
        })
    }

    /// Everything that is wrong with the text of a label or a clearance.
    pub(crate) fn mistakes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = LabelError> + use<'a> {
        let (parts, shape) = match Parts::split(text) {
            Ok(parts) => (Some(parts), None),
            Err(error) => (None, Some(error)),
        };
        let names = parts.into_iter().flat_map(|parts| {
            let categories = parts.categories.into_iter().map(|name| ("category", &self.categories, name));
            let audiences = parts.audiences.into_iter().flatten().map(|name| ("audience", &self.audiences, name));
            [("level", &self.levels, parts.level)].into_iter().chain(categories).chain(audiences)
        });
        shape.into_iter().chain(names.filter_map(|(kind, all, name)| id(kind, all, name).err()))
    }

    /// The clearance that admits every label, and is within no other one that does.
    pub fn everything(&self) -> Clearance {
        let all = |names: &[String]| (0..names.len()).fold(Bits::EMPTY, Bits::with);
        let highest = u8::try_from(self.levels.len().saturating_sub(1)).unwrap_or(u8::MAX);
        Clearance { level: highest, categories: all(&self.categories), audiences: all(&self.audiences) }
    }

    /// The text form of a label.
    pub fn show(&self, label: &Label) -> String {
        self.write(label.level, &label.categories, label.audiences.as_ref())
    }

    /// The text form of a clearance.
    pub fn show_clearance(&self, clearance: &Clearance) -> String {
        let audiences = Some(&clearance.audiences).filter(|set| !set.is_empty());
        self.write(clearance.level, &clearance.categories, audiences)
    }

    fn write(&self, level: u8, categories: &Bits, audiences: Option<&Bits>) -> String {
        let names =
            |all: &[String], set: &Bits| set.iter().filter_map(|id| all.get(id).cloned()).collect::<Vec<_>>().join(",");
        let mut text = self.levels.get(usize::from(level)).cloned().unwrap_or_default();
        if !categories.is_empty() {
            text.push('/');
            text.push_str(&names(&self.categories, categories));
        }
        if let Some(set) = audiences {
            text.push_str(" rel:");
            text.push_str(&names(&self.audiences, set));
        }
        text
    }

    fn level_id(&self, name: &str) -> Result<u8, LabelError> {
        let id = id("level", &self.levels, name)?;
        u8::try_from(id).map_err(|_| LabelError::Shape(name.to_owned()))
    }
}

/// What is wrong with a name beside those that were seen before.
pub(crate) fn flaw(name: &str, seen: &mut BTreeSet<String>) -> Option<SchemeError> {
    match is_name(name) {
        false => Some(SchemeError::Name(name.to_owned())),
        true => (!seen.insert(name.to_owned())).then(|| SchemeError::Twice(name.to_owned())),
    }
}

/// The names that a label's text consists of.
struct Parts<'a> {
    level: &'a str,
    categories: Vec<&'a str>,
    audiences: Option<Vec<&'a str>>,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, LabelError> {
        let shape = || LabelError::Shape(text.to_owned());
        let (front, audiences) = match text.trim().split_once(" rel:") {
            None => (text.trim(), None),
            Some((front, names)) => (front.trim_end(), Some(list(names).ok_or_else(shape)?)),
        };
        let (level, categories) = match front.split_once('/') {
            None => (front, Vec::new()),
            Some((level, names)) => (level, list(names).ok_or_else(shape)?),
        };
        if level.is_empty() || level.contains(char::is_whitespace) {
            return Err(shape());
        }
        Ok(Self { level, categories, audiences })
    }
}

fn list(text: &str) -> Option<Vec<&str>> {
    let names: Vec<_> = text.split(',').collect();
    names.iter().all(|name| is_name(name)).then_some(names)
}

fn ids(kind: &'static str, all: &[String], names: &[&str]) -> Result<Bits, LabelError> {
    names.iter().try_fold(Bits::EMPTY, |set, name| Ok(set.with(id(kind, all, name)?)))
}

fn id(kind: &'static str, all: &[String], name: &str) -> Result<usize, LabelError> {
    all.iter().position(|known| known == name).ok_or_else(|| LabelError::Unknown {
        kind,
        name: name.to_owned(),
        suggestion: suggest::among(name, all.iter().map(String::as_str)),
    })
}

fn is_name(text: &str) -> bool {
    crate::path::is_name(text) && text != "any"
}
