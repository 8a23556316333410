//! Tables of separated values, read strictly (RFC 4180): what one reader shows, every reader shows.

/// A parsed table. All rows have as many cells as the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The rows, the header among them.
    pub(crate) rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// Why a text isn't a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    pub(crate) what: &'static str,
}

impl Table {
    pub(crate) fn header(&self) -> &[String] {
        self.rows.first().map_or(&[], |row| &row.cells)
    }

    pub(crate) fn width(&self) -> usize {
        self.header().len()
    }

    /// The rows below the header.
    pub(crate) fn body(&self) -> &[Row] {
        self.rows.get(1..).unwrap_or(&[])
    }
}

/// Reads a whole text.
pub(crate) fn read(text: &str, separator: char) -> Result<Table, Fault> {
    let mut rows: Vec<Row> = Vec::new();
    let mut scanner = Scanner { rest: text, line: 1, separator };
    while !scanner.rest.is_empty() {
        let row = scanner.row()?;
        if rows.first().is_some_and(|first| first.cells.len() != row.cells.len()) {
            return Err(Fault { line: row.line, what: "the row has another number of cells than the first" });
        }
        rows.push(row);
    }
    match rows.is_empty() {
        true => Err(Fault { line: 1, what: "the file is empty" }),
        false => Ok(Table { rows }),
    }
}

/// Reads tables under a title, one under another, as reports of regressions have them: the first line says what they are, and isn't a
/// row of anything. A table begins with two rows of one length that the table before hasn't.
pub(crate) fn under_title(text: &str, separator: char) -> Result<Vec<Table>, Fault> {
    const FAULT: &str = "the row has another number of cells than the first";
    let mut rows: Vec<Row> = Vec::new();
    let mut scanner = Scanner { rest: text, line: 1, separator };
    while !scanner.rest.is_empty() {
        rows.push(scanner.row()?);
    }
    let is_title = |row: &Row| row.cells.len() == 1 && row.cells.iter().any(|cell| cell.contains(char::is_alphabetic));
    let odd = rows.iter().find(|row| row.cells.len() != 1).map_or(1, |row| row.line);
    if !rows.first().is_some_and(is_title) {
        return Err(Fault { line: odd, what: FAULT });
    }
    let lengths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    let mut tables: Vec<Table> = Vec::new();
    let mut length = 0;
    for (row, pair) in rows.into_iter().zip(lengths.windows(2).map(Some).chain([None])) {
        let begins = matches!(pair, Some([this, next]) if this == next && *this != length);
        if begins || tables.is_empty() {
            length = row.cells.len();
            tables.push(Table { rows: Vec::new() });
        }
        if tables.len() > TABLES {
            return Err(Fault { line: row.line, what: FAULT });
        }
        if let Some(table) = tables.last_mut() {
            table.rows.push(row);
        }
    }
    tables.iter_mut().try_for_each(Table::fill)?;
    Ok(tables)
}

/// Most tables under one title.
const TABLES: usize = 256;
/// So many times the cells that it has a table may take once its rows are of one length.
const FILLED: usize = 16;

impl Table {
    /// Makes all rows as long as the longest.
    fn fill(&mut self) -> Result<(), Fault> {
        let width = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let cells: usize = self.rows.iter().map(|row| row.cells.len()).sum();
        if width.saturating_mul(self.rows.len()) > cells.saturating_mul(FILLED) {
            let line = self.rows.first().map_or(1, |row| row.line);
            return Err(Fault { line, what: "the rows from there on have too many lengths" });
        }
        self.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        Ok(())
    }
}

struct Scanner<'a> {
    rest: &'a str,
    line: u64,
    separator: char,
}

enum After {
    Cell,
    Row,
}

impl Scanner<'_> {
    fn row(&mut self) -> Result<Row, Fault> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let cell = if self.rest.starts_with('"') { self.quoted()? } else { self.bare()? };
            cells.push(cell);
            if let After::Row = self.after()? {
                return Ok(Row { line, cells });
            }
        }
    }

    fn bare(&mut self) -> Result<String, Fault> {
        let separator = self.separator;
        let end = self.rest.find([separator, '\n']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let cell = if rest.starts_with('\n') { cell.strip_suffix('\r').unwrap_or(cell) } else { cell };
        if cell.contains('"') {
            return Err(Fault { line: self.line, what: "a quotation mark stands inside a cell that isn't quoted" });
        }
        self.rest = rest;
        Ok(cell.to_owned())
    }

    fn quoted(&mut self) -> Result<String, Fault> {
        let open = self.line;
        let mut cell = String::new();
        let mut rest = self.rest.strip_prefix('"').unwrap_or(self.rest);
        loop {
            let (part, after) = rest.split_once('"').ok_or(Fault { line: open, what: "a quoted cell doesn't end" })?;
            cell.push_str(part);
            match after.strip_prefix('"') {
                Some(more) => {
                    cell.push('"');
                    rest = more;
                }
                None => {
                    self.line += cell.matches('\n').count() as u64;
                    self.rest = after.strip_prefix('\r').filter(|rest| rest.starts_with('\n')).unwrap_or(after);
                    return Ok(cell);
                }
            }
        }
    }

    fn after(&mut self) -> Result<After, Fault> {
        if let Some(rest) = self.rest.strip_prefix(self.separator) {
            self.rest = rest;
            return Ok(After::Cell);
        }
        if let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.line += 1;
            return Ok(After::Row);
        }
        match self.rest.is_empty() {
            true => Ok(After::Row),
            false => Err(Fault { line: self.line, what: "something follows a closing quotation mark" }),
        }
    }
}
