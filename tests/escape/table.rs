//! The table of what holds what.

use crate::cells::{CELLS, Cell, Runs};
use crate::matrix::{BEHIND, LAYERS, Matrix, Row, got};

/// The page of the book: the table, and how many probes each layer holds.
pub(crate) fn page(matrix: &Matrix) -> String {
    let count = |which: &dyn Fn(&Row) -> bool| matrix.rows.iter().filter(|row| which(row)).count();
    let layer = |(place, (_, name)): (usize, &(_, &str))| {
        let alone = count(&|row: &Row| got(&row.base) && !got(&row.alone[place]));
        let only = count(&|row: &Row| row.falls_without(place));
        let behind = BEHIND.iter().find(|(layer, _)| layer == name).map_or("", |(_, why)| why);
        format!("| {name} | {alone} | {only} | {behind} |")
    };
    let layers: Vec<_> = LAYERS.iter().enumerate().map(layer).collect();
    format!(
        "# Probes\n\n\
         What a hostile job would try, each thing as a job of its own (`runner/sandbox/probes`), and what holds it. The table is written by\n\
         `cargo test -p semla-sandbox -p semla-tests --test escape -- --write`; the same test fails where one gets through, where a layer has\n\
         nothing to hold, or where a probe is missing here. No exploit is in them: they are preconditions.\n\n\
         {} probes; {} of them get through on the bare host that this was written on, as root, which shows that something holds them. The\n\
         others aren't there to be had on its kernel; they count for nothing. {} get through the base alone: a root, a process table, IPC\n\
         objects, names and users of its own. None gets through the whole sandbox.\n\n\
         | layer | probes that it holds by itself, of those that the base lets through | that get through without it |  |\n|---|---|---|---|\n{}\n\n\
         In a container of Debian's engine, which a broker asks for as a keeper has it asked, and in the sandbox of an ordinary user without\n\
         cgroups, all are held but these:\n\n\
         | where | probes | why |\n|---|---|---|\n{}\n\n{}\n",
        matrix.rows.len(),
        matrix.proved(),
        count(&|row: &Row| got(&row.base)),
        layers.join("\n"),
        cells(),
        of(matrix)
    )
}

/// What gets through elsewhere, and why.
fn cells() -> String {
    let line = |cell: &Cell| format!("| {} | {} | {} |", cell.runs.name(), cell.probes.join(", "), cell.why);
    CELLS.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Probes that the page doesn't have.
pub(crate) fn missing(matrix: &Matrix, page: &str) -> Vec<String> {
    let there = |row: &&Row| !page.contains(&format!("| {} | {} |", row.probe.name, row.probe.tries));
    let probes = matrix.rows.iter().filter(there).map(|row| row.probe.name.as_str());
    let cells = if page.contains(&cells()) { None } else { Some("what gets through elsewhere") };
    let missing = probes.chain(cells);
    missing.map(|what| format!("docs/probes.md lacks `{what}`: write it anew with --write")).collect()
}

/// A line for each probe: whether it got through on the bare host, through the base alone, which layers hold it by themselves, and which
/// nothing else can stand in for.
pub(crate) fn of(matrix: &Matrix) -> String {
    let mut lines = vec![
        "| probe | tries | bare host | base alone | layers that hold it alone | held by that layer only |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(matrix.rows.iter().map(line));
    lines.join("\n")
}

/// What each probe said, place by place.
pub(crate) fn words(matrix: &Matrix) -> String {
    let said = |row: &Row| {
        let layers = LAYERS.iter().enumerate();
        let lines = layers
            .map(|(place, (_, name))| format!("  {name}: alone {}; without {}", row.alone[place], row.without[place]));
        format!("{}: whole {}\n{}", row.probe.name, row.whole, lines.collect::<Vec<_>>().join("\n"))
    };
    matrix.rows.iter().map(said).collect::<Vec<_>>().join("\n")
}

/// What the probes said elsewhere, where they got through.
pub(crate) fn elsewhere(matrix: &Matrix) -> String {
    let said = |row: &Row| {
        let words = Runs::ALL.into_iter().zip(&row.elsewhere).filter(|(_, said)| !said.starts_with("held "));
        let words: Vec<_> =
            words.map(|(runs, said)| format!("{} by {}: {said}", row.probe.name, runs.name())).collect();
        words
    };
    matrix.rows.iter().flat_map(said).collect::<Vec<_>>().join("\n")
}

fn line(row: &Row) -> String {
    let named = |chosen: &dyn Fn(usize) -> bool| {
        let names = LAYERS.iter().enumerate().filter(|(place, _)| chosen(*place)).map(|(_, (_, name))| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let through = |said: &str| if got(said) { "through".to_owned() } else { said.to_owned() };
    let alone = match got(&row.base) {
        true => named(&|place| !got(&row.alone[place])),
        false => "the base".to_owned(),
    };
    let only = named(&|place| row.falls_without(place));
    format!(
        "| {} | {} | {} | {} | {alone} | {only} |",
        row.probe.name,
        row.probe.tries,
        through(&row.bare),
        through(&row.base)
    )
}
