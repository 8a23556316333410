//! A sheet of a workbook (ECMA-376, 18.3): rows of cells, each shown as its reader would show it.

use super::book::Book;
use super::shown::{LOOKS, column, is_zero, number};
use super::strings::Strings;
use super::{Found, keep, keep_all};
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::xml::{self, Attributes, Item};
use crate::plain;
use crate::table::{Row, Table};

/// Most cells of a sheet, those that are empty among them, and most columns (Excel's own bound).
const CELLS: usize = 5_000_000;
const COLUMNS: usize = 16_384;
/// What a formula may fetch or start.
const ACTIVE: [&str; 8] = ["WEBSERVICE(", "HYPERLINK(", "IMAGE(", "CALL(", "REGISTER", "RTD(", "|", "["];

/// The cell that is read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    is_date: bool,
    value: Option<String>,
    formula: Option<String>,
    text: String,
}

/// Where in the sheet the reader is.
struct Reader<'a> {
    name: &'a str,
    book: &'a Book,
    rows: Vec<Row>,
    width: usize,
    cell: Option<Cell>,
    /// Which element's text comes next.
    within: &'static str,
}

/// Reads a sheet.
pub(super) fn read(
    data: &Data,
    name: &str,
    book: &Book,
    strings: &mut Strings,
    found: &mut Found,
    anatomy: &mut Anatomy,
) -> Result<Table, Fault> {
    let mut reader = Reader { name, book, rows: Vec::new(), width: 0, cell: None, within: "" };
    xml::read(data, |item| {
        match item {
            Item::Open(element, attributes) => reader.open(element, attributes, found, anatomy)?,
            Item::Close("c") => reader.close(strings, found, anatomy)?,
            Item::Close(_) => reader.within = "",
            Item::Text(text) => match (&mut reader.cell, reader.within) {
                (Some(cell), "v") => cell.value.get_or_insert_default().push_str(text),
                (Some(cell), "f") => cell.formula.get_or_insert_default().push_str(text),
                (Some(cell), "t") => cell.text.push_str(text),
                _ => keep(text, found, anatomy)?,
            },
            Item::Comment(text) => {
                found.block("comments in its parts", name);
                keep(text, found, anatomy)?;
            }
        }
        Ok(())
    })?;
    let Reader { mut rows, width, .. } = reader;
    if rows.len().saturating_mul(width) > CELLS {
        return Err(Fault::new("one of its sheets has more cells than can be examined"));
    }
    for row in &mut rows {
        anatomy.room.keep((width - row.cells.len().min(width)) * size_of::<String>())?;
        row.cells.resize(width, String::new());
    }
    Ok(Table { rows })
}

impl Reader<'_> {
    fn open(
        &mut self,
        element: &str,
        attributes: &Attributes,
        found: &mut Found,
        anatomy: &mut Anatomy,
    ) -> Result<(), Fault> {
        self.within = match element {
            "v" => "v",
            "f" => "f",
            "t" => "t",
            _ => "",
        };
        let known: &[&str] = match element {
            "c" => &["r", "s", "t"],
            "row" => &["r", "spans"],
            _ => &[],
        };
        keep_all(attributes, known, found, anatomy)?;
        match element {
            "row" => {
                let next = self.rows.last().map_or(1, |row| row.line + 1);
                let line = attributes.get("r").map_or(Ok(next), str::parse).unwrap_or(0);
                if line < next || line > 1 << 20 {
                    return Err(Fault::new("the rows of one of its sheets aren't in order"));
                }
                if attributes.is_on("hidden") || attributes.get("ht").is_some_and(is_zero) {
                    found.block("hidden rows", format!("{} row {line}", self.name));
                }
                anatomy.room.keep(size_of::<Row>())?;
                self.rows.push(Row { line, cells: Vec::new() });
            }
            "c" => {
                let row = self.rows.last().ok_or_else(|| Fault::new("a cell stands outside of all rows"))?;
                let next = row.cells.len();
                let column = attributes.get("r").map_or(Some(next), |place| column(place, row.line));
                let column = column.filter(|column| (next..COLUMNS).contains(column));
                let column = column.ok_or_else(|| Fault::new("the cells of one of its sheets aren't in order"))?;
                let style = attributes.get("s").and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
                let is_date = self.book.dates.get(style).copied().unwrap_or(false);
                let kind = attributes.get("t").unwrap_or("n").to_owned();
                self.cell = Some(Cell { column, kind, is_date, ..Cell::default() });
            }
            "col" if attributes.is_on("hidden") || attributes.get("width").is_some_and(is_zero) => {
                let place = attributes.get("min").unwrap_or_default();
                found.block("hidden columns", format!("{} column {place}", self.name));
            }
            "f" => {
                if let Some(cell) = &mut self.cell {
                    cell.formula = Some(String::new());
                }
            }
            _ if LOOKS.contains(&element) => (),
            _ => found.block("parts that aren't cells", format!("{}: {element}", self.name)),
        }
        Ok(())
    }

    /// Puts a cell that ends into its row.
    fn close(&mut self, strings: &mut Strings, found: &mut Found, anatomy: &mut Anatomy) -> Result<(), Fault> {
        let cell = self.cell.take().ok_or_else(|| Fault::new("a cell ends that didn't begin"))?;
        let Some(row) = self.rows.last_mut() else { return Ok(()) };
        let place = || format!("{} row {}, column {}", self.name, row.line, cell.column + 1);
        if let Some(formula) = &cell.formula {
            keep(formula, found, anatomy)?;
            let large = formula.to_ascii_uppercase();
            if cell.value.is_none() {
                found.block("formulas without a value", place());
            } else if ACTIVE.iter().any(|word| large.contains(word)) {
                found.block("formulas that fetch or start something", place());
            } else {
                found.notable.entry("formulas, which may show something else later").or_default().insert(place());
            }
        }
        let odd = || Fault::new(format!("a cell of its sheet {} is broken", crate::say::quoted(self.name)));
        let text = match (cell.kind.as_str(), cell.value) {
            (_, Some(_)) if !cell.text.is_empty() => return Err(odd()),
            ("s", Some(number)) => strings.show(number.trim()).ok_or_else(odd)?,
            ("inlineStr", None) => cell.text,
            (_, None) if cell.text.is_empty() => String::new(),
            ("str" | "e" | "d", Some(text)) => text,
            ("b", Some(text)) => match text.as_str() {
                "0" => "False".to_owned(),
                "1" => "True".to_owned(),
                _ => return Err(odd()),
            },
            ("n", Some(text)) => number(&text, cell.is_date, self.book.from_1904).ok_or_else(odd)?,
            _ => return Err(odd()),
        };
        if let Err(fault) = plain::read(text.as_bytes().to_vec()) {
            found.block("characters that can't be seen", format!("{}: {}", self.name, fault.what));
        }
        self.width = self.width.max(cell.column + 1);
        anatomy.room.keep(text.len() + (cell.column - row.cells.len()) * size_of::<String>())?;
        row.cells.resize(cell.column, String::new());
        row.cells.push(text);
        Ok(())
    }
}
