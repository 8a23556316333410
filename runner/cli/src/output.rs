//! What comes back, for people or for programs.

use crate::args::Format;
use crate::fail::Fail;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// Prints to standard output.
pub(crate) struct Printer(Format);

impl Printer {
    pub(crate) fn new(format: Format) -> Self {
        Self(format)
    }

    pub(crate) fn is_json(&self) -> bool {
        self.0 == Format::Json
    }

    /// One thing: as JSON for programs, else as `text` says it.
    pub(crate) fn one<T: Serialize>(&self, value: &T, text: impl FnOnce(&T) -> String) -> Result<(), Fail> {
        let text = match self.0 {
            Format::Json => serde_json::to_string(value).map_err(Fail::chain)?,
            Format::Text => text(value),
        };
        line(&text)
    }

    /// A list: as JSON, else as a table.
    pub(crate) fn table<T: Serialize, const N: usize>(
        &self,
        values: &[T],
        head: [&str; N],
        row: impl Fn(&T) -> [String; N],
    ) -> Result<(), Fail> {
        if self.0 == Format::Json {
            return line(&serde_json::to_string(values).map_err(Fail::chain)?);
        }
        let cells: Vec<[String; N]> = values.iter().map(row).collect();
        rows(head, &cells).iter().try_for_each(|row| line(row))
    }
}

/// The lines of a table, its head first.
pub(crate) fn rows<const N: usize>(head: [&str; N], cells: &[[String; N]]) -> Vec<String> {
    let mut widths = head.map(str::len);
    for row in cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let head = head.map(str::to_owned);
    [&head].into_iter().chain(cells).map(|row| padded(row, &widths)).collect()
}

/// A line; a pipe that is closed is no error.
pub(crate) fn line(text: &str) -> Result<(), Fail> {
    bytes(format!("{text}\n").as_bytes())
}

/// Bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Fail> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Fail::chain(error)),
        _ => Ok(()),
    }
}

/// Asks before a signature is made, where somebody sits at a terminal; a script has said yes by being run.
pub(crate) fn confirm(question: &str) -> Result<(), Fail> {
    agree(question, "nothing was signed")
}

/// Asks before something is done that costs; `undone` says what a no comes to.
pub(crate) fn agree(question: &str, undone: &str) -> Result<(), Fail> {
    if !std::io::stdin().is_terminal() {
        return Ok(());
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(Fail::chain)?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(Fail::new(undone)),
    }
}

/// Bytes of others: as they are into a file or a pipe, and harmless on a terminal, which shows nothing but text.
pub(crate) fn foreign(name: &str, content: &[u8]) -> Result<(), Fail> {
    if !std::io::stdout().is_terminal() {
        return bytes(content);
    }
    match text(content) {
        Some(text) => bytes(plain(text).as_bytes()),
        None => Err(Fail::new(format!(
            "`{}` isn't text, and a terminal can't show it; have it written into a file: add `> {}` to the command",
            plain(name),
            to(name)
        ))),
    }
}

/// A file to write to: called as the output is, unless a shell would read something else in its name.
fn to(path: &str) -> &str {
    let harmless = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    path.rsplit('/').next().filter(harmless).unwrap_or("FILE")
}

/// What can be read on a terminal: UTF-8 without the bytes that no text has. What moves the cursor is text, and is taken out.
fn text(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content).ok().filter(|text| !text.contains('\0'))
}

/// So many things, in words.
pub(crate) fn counted((count, thing): (usize, &str)) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Text of others: control characters could rewrite the screen.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn padded(cells: &[String], widths: &[usize]) -> String {
    let cell = |(cell, width): (&String, &usize)| format!("{cell:<width$}");
    cells.iter().zip(widths).map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{text, to};

    #[test]
    fn what_is_typed_next_holds_nothing_that_a_shell_reads() {
        assert_eq!(
            ["roc.png", "figures/roc.png", "$(id).png", "a b.png"].map(to),
            ["roc.png", "roc.png", "FILE", "FILE"]
        );
    }

    #[test]
    fn a_terminal_is_shown_text_and_nothing_else() {
        assert_eq!(text("größe,n\r\n1,2\n\u{1b}[1m".as_bytes()), Some("größe,n\r\n1,2\n\u{1b}[1m"));
        assert_eq!(text(b""), Some(""));
        for binary in [&b"\x89PNG\r\n\x1a\n"[..], b"PK\x03\x04\0\0", b"\x93NUMPY", b"\x80\x04."] {
            assert_eq!(text(binary), None, "{binary:?}");
        }
    }
}
