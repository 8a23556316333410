//! Tracebacks of Python: with which class of exception, and where in the submitted code, a run failed. Nothing of the message leaves.
//!
//! The log is the job's own: it may claim any class that the policy names and any line of the code, and nothing else. Lines have the
//! form of the `traceback` module (`  File "/code/train.py", line 37, in fit`, then `ValueError: ...`).

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// Where the code is, for the job.
const CODE: &str = "/code/";
/// Most bytes of a line of the log that are looked at.
const LINE: u64 = 4096;

/// What a traceback may name.
#[derive(Debug)]
pub struct Nameable {
    /// Classes of exceptions, from the policy.
    pub classes: Vec<String>,
    /// The submitted code: how many lines each file has.
    pub code: BTreeMap<String, u64>,
}

/// The class, and the innermost place in the submitted code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Traceback {
    class: String,
    file: String,
    line: u64,
}

impl fmt::Display for Traceback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} at {}, line {}", self.class, self.file, self.line)
    }
}

/// The files of a snapshot's archive, and how many lines each has.
pub(crate) fn code(archive: impl Read) -> io::Result<BTreeMap<String, u64>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(archive).entries()? {
        let entry = entry?;
        let name = entry.path_bytes().into_owned();
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let Ok(name) = String::from_utf8(name) else { continue };
        let mut lines = 0;
        for byte in BufReader::new(entry).split(b'\n') {
            byte?;
            lines += 1;
        }
        files.insert(name, lines);
    }
    Ok(files)
}

impl Nameable {
    /// The last traceback in a log that names nothing else.
    pub(crate) fn find(&self, mut log: impl BufRead) -> io::Result<Option<Traceback>> {
        let (mut place, mut last) = (None, None);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if log.by_ref().take(LINE).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(last);
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end();
            if let Some((file, number)) = frame(line).filter(|(file, number)| self.has(file, *number)) {
                place = Some((file.to_owned(), number));
            } else if !line.starts_with([' ', '\t']) {
                let class = line.split_once(':').map_or(line, |(class, _)| class);
                let class = self.classes.iter().find(|known| *known == class);
                if let (Some((file, line)), Some(class)) = (place.take(), class) {
                    last = Some(Traceback { class: class.clone(), file, line });
                }
            }
        }
    }

    /// Whether a text is a traceback as [`Self::find`] writes it, and nothing more.
    pub(crate) fn allows(&self, text: &str) -> bool {
        let read = || {
            let (class, rest) = text.strip_suffix('\n')?.split_once(" at ")?;
            let (file, number) = rest.rsplit_once(", line ")?;
            let read = Traceback { class: class.to_owned(), file: file.to_owned(), line: number.parse().ok()? };
            Some(read).filter(|read| self.classes.contains(&read.class) && self.has(&read.file, read.line))
        };
        read().is_some_and(|read| read.to_string() == text)
    }

    fn has(&self, file: &str, line: u64) -> bool {
        self.code.get(file).is_some_and(|lines| (1..=*lines).contains(&line))
    }
}

/// The place that a frame's line names in the code.
fn frame(line: &str) -> Option<(&str, u64)> {
    let (file, rest) = line.trim_start().strip_prefix("File \"")?.strip_prefix(CODE)?.split_once("\", line ")?;
    let digits = rest.split_once(',').map_or(rest, |(digits, _)| digits);
    Some((file, digits.parse().ok()?))
}

#[cfg(test)]
mod tests;
