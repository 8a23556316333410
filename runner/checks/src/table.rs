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
