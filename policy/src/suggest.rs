//! What somebody might have meant.

/// Most bytes of a name.
const LONGEST: usize = 64;

/// `did you mean ...?`, or the list of what there is.
pub(crate) fn among<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match near(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("there is {}", quoted(&known)),
    }
}

/// The name that was probably meant.
pub(crate) fn near<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // What is longer than any name is near to none, and would take long to compare.
    let short = |text: &str| text.len() <= LONGEST;
    let near = known.filter(|name| short(word) && short(name)).map(|name| (distance(word, name), name)).min();
    // As many steps as letters: the two have none in common.
    let close = |(steps, name): &(usize, &str)| *steps <= 2.max(word.len() / 3) && *steps < word.len().max(name.len());
    near.filter(close).map(|(_, name)| name)
}

fn quoted(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", ...");
    }
    text
}

/// Levenshtein's distance in characters, ASCII case ignored.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (to, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let change = diagonal + usize::from(!from.eq_ignore_ascii_case(to));
            diagonal = *cell;
            left = change.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}
