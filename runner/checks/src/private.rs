//! F7: no secrets, and no data by which a person is named or reached.

use crate::anatomy::{Body, Part};
use crate::finding::{Cell, Finding};
use crate::personal::{self, Kind, Sort};
use crate::say::many;
use crate::subject::Subject;
use crate::tree::Node;
use std::collections::BTreeMap;

/// More numbers, names and addresses of people than these are no slip: a list of people.
const LIST: usize = 10;
const SECRET: &str = "take it out, and have whoever issued it make a new one: whoever read the file may have it";
const PERSON: &str =
    "leave out what names or reaches people; an author's own address may stay if a person finds it to be that";

/// Looks through all texts, those that were wrapped up included.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Found::default();
    let looked = subject.anatomy.parts.iter().filter(|part| found.look(part)).count();
    if looked == 0 {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = found.kinds.into_iter().map(|(kind, places)| told(kind, &places)).collect();
    if findings.is_empty() {
        findings.push(Finding::pass("no secret, and nothing that names or reaches a person"));
    }
    findings
}

/// Where things of each kind are.
#[derive(Default)]
struct Found {
    kinds: BTreeMap<Kind, Places>,
}

#[derive(Default)]
struct Places {
    count: usize,
    lines: Vec<u64>,
    cells: Vec<Cell>,
    parts: Vec<String>,
}

impl Found {
    /// Whether there is a text in the part.
    fn look(&mut self, part: &Part) -> bool {
        match &part.body {
            Body::Words(text) => self.lines(text, part),
            Body::Texts(texts) => texts.iter().for_each(|text| self.text(text, part)),
            Body::Tree(tree) => self.tree("", tree, part),
            Body::Tables(tables) => {
                for table in tables.iter().take(1) {
                    for (place, name) in table.header().iter().enumerate() {
                        self.text(name, part);
                        let cells = table.body().iter().filter_map(|row| row.cells.get(place)).map(String::as_str);
                        personal::column(name, cells, &mut |row, hit| {
                            let cell = Cell { row: row as u64 + 1, column: name.clone(), value: String::new() };
                            self.at(hit.kind, part).cells.push(cell);
                        });
                    }
                }
            }
            Body::Array(_) | Body::Bytes(_) | Body::Figure(_) => return false,
        }
        true
    }

    fn at(&mut self, kind: Kind, part: &Part) -> &mut Places {
        let places = self.kinds.entry(kind).or_default();
        places.count += 1;
        if !part.at.is_empty() && places.parts.last() != Some(&part.at) {
            places.parts.push(part.at.clone());
        }
        places
    }

    fn text(&mut self, text: &str, part: &Part) {
        personal::scan(text, &mut |hit| {
            self.at(hit.kind, part);
        });
    }

    /// A text whose lines people can find.
    fn lines(&mut self, text: &str, part: &Part) {
        let (mut line, mut from) = (1, 0);
        personal::scan(text, &mut |hit| {
            line += text
                .as_bytes()
                .get(from..hit.start)
                .map_or(0, |passed| passed.iter().filter(|byte| **byte == b'\n').count() as u64);
            from = hit.start;
            self.at(hit.kind, part).lines.push(line);
        });
    }

    /// Values of a tree, each beside the name that says what it is.
    fn tree(&mut self, name: &str, node: &Node, part: &Part) {
        if let Some(value) = node.scalar() {
            self.text(&format!("{name}: {value}"), part);
        }
        for (own, child) in node.children() {
            self.tree(if own.is_empty() { name } else { own }, child, part);
        }
    }
}

fn told(kind: Kind, places: &Places) -> Finding {
    let message = match places.count {
        1 => format!("it holds {}", kind.name()),
        count => format!("it holds {} of its kind: {}", many(count, "thing"), kind.name()),
    };
    let finding = match kind.sort() {
        // That something is a password is guessed from the words around it.
        Sort::Secret if kind != Kind::Password => Finding::block(message, SECRET),
        Sort::Secret => Finding::review(message, SECRET),
        Sort::Personal if places.count > LIST => Finding::block(message, PERSON),
        Sort::Personal => Finding::review(message, PERSON),
    };
    finding
        .at_lines(places.lines.iter().copied())
        .at_cells(places.cells.iter().cloned())
        .at_parts(places.parts.iter().cloned())
        .with("kind", kind.name())
        .with("count", places.count)
}
