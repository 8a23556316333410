//! The texts that a workbook's cells share (ECMA-376, 18.4).

use super::{Found, keep, keep_all};
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::xml::{self, Item};

/// The texts, and whether some cell shows each.
#[derive(Debug, Default)]
pub(super) struct Strings {
    texts: Vec<(String, bool)>,
}

impl Strings {
    pub(super) fn read(data: &Data, found: &mut Found, anatomy: &mut Anatomy) -> Result<Self, Fault> {
        let mut texts: Vec<(String, bool)> = Vec::new();
        let (mut text, mut spoken) = (None, false);
        xml::read(data, |item| {
            match item {
                Item::Open(name, attributes) => {
                    keep(name, found, anatomy)?;
                    keep_all(attributes, &[], found, anatomy)?;
                    match name {
                        "si" => text = Some(String::new()),
                        "rPh" => {
                            spoken = true;
                            found.block("how texts are spoken", "xl/sharedStrings.xml");
                        }
                        _ => (),
                    }
                }
                Item::Close("rPh") => spoken = false,
                Item::Text(more) if spoken => keep(more, found, anatomy)?,
                Item::Text(more) => match &mut text {
                    Some(text) => text.push_str(more),
                    None => keep(more, found, anatomy)?,
                },
                Item::Close("si") => {
                    let text = text.take().unwrap_or_default();
                    anatomy.room.keep(text.len())?;
                    texts.push((text, false));
                }
                Item::Comment(text) => {
                    found.block("comments in its parts", "xl/sharedStrings.xml");
                    keep(text, found, anatomy)?;
                }
                Item::Close(_) => (),
            }
            Ok(())
        })?;
        Ok(Self { texts })
    }

    /// The text of a number, which is shown from now on.
    pub(super) fn show(&mut self, number: &str) -> Option<String> {
        let (text, shown) = self.texts.get_mut(number.parse::<usize>().ok()?)?;
        *shown = true;
        Some(text.clone())
    }

    /// The texts that no cell shows.
    pub(super) fn unused(self) -> Vec<String> {
        self.texts.into_iter().filter(|(_, shown)| !shown).map(|(text, _)| text).collect()
    }
}
