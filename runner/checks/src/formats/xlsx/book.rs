//! A workbook's own description: its sheets, where they are, and which numbers are dates.

use super::Found;
use crate::anatomy::Fault;
use crate::formats::xml::{self, Item};
use crate::formats::zip::Member;
use std::collections::{BTreeMap, BTreeSet};

/// Most sheets.
const SHEETS: usize = 1000;

/// A sheet, and the part that it is in.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) part: String,
}

/// What cells need to be understood.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<Sheet>,
    /// For each style of cells, whether its numbers are dates.
    pub(super) dates: Vec<bool>,
    /// Parts that only link sheets to their tables.
    pub(super) plain_links: BTreeSet<String>,
    /// Whether days are counted from 1904 rather than from 1900.
    pub(super) from_1904: bool,
}

impl Book {
    pub(super) fn read(members: &[Member], found: &mut Found) -> Result<Self, Fault> {
        let part = |name: &str| {
            let found = members.iter().find(|member| member.name == name);
            found.ok_or_else(|| Fault::new(format!("its part {name} is missing")))
        };
        let mut book = Self::default();
        let mut targets = BTreeMap::new();
        for member in members.iter().filter(|member| member.name.ends_with(".rels")) {
            let mut plain = true;
            xml::read(&member.data, |item| {
                if let Item::Open("Relationship", attributes) = item {
                    plain &= attributes.get("Type").is_some_and(|kind| kind.ends_with("/relationships/table"));
                    if attributes.get("TargetMode").is_some_and(|mode| mode != "Internal") {
                        found.block("links to elsewhere", &member.name);
                    }
                    if member.name == "xl/_rels/workbook.xml.rels"
                        && let Some((id, target)) = attributes.get("Id").zip(attributes.get("Target"))
                    {
                        let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                        targets.insert(id.to_owned(), target);
                    }
                }
                Ok(())
            })?;
            if plain {
                book.plain_links.insert(member.name.clone());
            }
        }
        let mut name = None;
        xml::read(&part("xl/workbook.xml")?.data, |item| {
            match item {
                Item::Open("sheet", attributes) => {
                    let sheet = attributes.get("name").unwrap_or_default().to_owned();
                    if attributes.get("state").is_some_and(|state| state != "visible") {
                        found.block("hidden sheets", &sheet);
                    }
                    let part = attributes.get("id").and_then(|id| targets.get(id)).cloned();
                    let part = part.ok_or_else(|| Fault::new("one of its sheets is nowhere"))?;
                    if book.sheets.iter().any(|known| known.part == part) || book.sheets.len() >= SHEETS {
                        return Err(Fault::new("its sheets are listed in an odd way"));
                    }
                    book.sheets.push(Sheet { name: sheet, part });
                }
                Item::Open("workbookPr", attributes) => book.from_1904 = attributes.is_on("date1904"),
                Item::Open("definedName", attributes) => name = attributes.get("name").map(str::to_owned),
                Item::Text(text) => {
                    // What begins so is for printing and filtering (18.2.5).
                    if let Some(name) = name.as_ref().filter(|name| !name.starts_with("_xlnm.") && !text.is_empty()) {
                        found.block("names for values", name);
                    }
                }
                Item::Close("definedName") => name = None,
                Item::Open("externalReference" | "oleSize" | "customWorkbookView", _) => {
                    found.block("links to elsewhere", "xl/workbook.xml");
                }
                _ => (),
            }
            Ok(())
        })?;
        if let Some(styles) = members.iter().find(|member| member.name == "xl/styles.xml") {
            book.dates = dates(styles)?;
        }
        Ok(book)
    }
}

/// For each cell format whether it shows dates: by the number of a format that all know, or by its letters (18.8.30).
fn dates(styles: &Member) -> Result<Vec<bool>, Fault> {
    let (mut own, mut dates, mut inside) = (BTreeMap::new(), Vec::new(), false);
    xml::read(&styles.data, |item| {
        match item {
            Item::Open("numFmt", attributes) => {
                let id = attributes.get("numFmtId").unwrap_or_default().to_owned();
                own.insert(id, attributes.get("formatCode").unwrap_or_default().to_owned());
            }
            Item::Open("cellXfs", _) => inside = true,
            Item::Close("cellXfs") => inside = false,
            Item::Open("xf", attributes) if inside => {
                let id = attributes.get("numFmtId").unwrap_or("0");
                let known = matches!(id.parse(), Ok(14u32..=22 | 27..=36 | 45..=47 | 50..=58));
                dates.push(own.get(id).map_or(known, |code| shows_dates(code)));
            }
            _ => (),
        }
        Ok(())
    })?;
    Ok(dates)
}

/// Whether a format has letters of dates outside of quotation marks and brackets.
fn shows_dates(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => (),
        }
        !quoted && !bracketed && matches!(c, 'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S')
    })
}
