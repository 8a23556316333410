//! Whether rows of the inputs are people, so that counts of rows are counts of people.

use crate::evidence::Input;
use crate::finding::Finding;
use crate::inputs::Rows;
use crate::say::quoted;
use std::collections::HashSet;

const REMEDY: &str = "count distinct people in your code, and say so in `controls`";

/// Reasons why counts can't be told to be of people.
pub(crate) fn doubts(inputs: &[Input]) -> Vec<Finding> {
    inputs.iter().filter_map(|input| doubt(input).map(|reason| Finding::review(reason, REMEDY))).collect()
}

fn doubt(input: &Input) -> Option<String> {
    let name = quoted(&input.name);
    let Some(id) = &input.card.id else {
        return Some(format!("the card of {name} names no column that identifies a person: counts may be of anything"));
    };
    let mut seen = HashSet::new();
    for (path, file) in &input.files {
        let missing = || format!("{} of {name} can't be read by its card: counts may be of anything", quoted(path));
        let Ok(mut rows) = Rows::open(path, file, &input.card) else { return Some(missing()) };
        let Some(place) = rows.place(id) else { return Some(missing()) };
        loop {
            match rows.next() {
                Ok(None) => break,
                Ok(Some(row)) => {
                    if !seen.insert(row.get(place).and_then(|value| value.key())) {
                        return Some(format!("{name} has several rows for one person: counts may be of rows"));
                    }
                }
                Err(_) => return Some(missing()),
            }
        }
    }
    None
}
