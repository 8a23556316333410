//! Texts in which rows are planted, and what is done to the values before.

use super::packers::{gzip, tar, zip, zlib};
use super::table::{Draw, Kind, Table, stranger};
use crate::common::figure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What is done to each value of a text.
pub const TRANSFORMS: [&str; 5] = ["identity", "retyped", "single", "rounded", "marked"];

/// How a table is written.
pub const CARRIERS: [&str; 25] = [
    "csv",
    "tsv",
    "semicolon",
    "any.csv",
    "any.txt",
    "objects.json",
    "lists.json",
    "columns.json",
    "flat.json",
    "jsonl",
    "log",
    "md",
    "ipynb",
    "column by column",
    "one line",
    "png",
    "zip",
    "tar",
    "gz",
    "base64",
    "hex",
    "zlib",
    "keys.json",
    "turned.csv",
    "nested",
];

/// Who is in a file: rows of the table among strangers.
pub struct Planted {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Chooses columns, shuffles rows and columns, and writes the values otherwise.
pub fn plant(table: &Table, planted: &[usize], transform: &str, draw: &mut Draw) -> Planted {
    let mut places: Vec<usize> = draw.shuffled((0..table.kinds.len()).collect());
    // Four fifths of the columns make a row.
    let spare = table.kinds.len() - (table.kinds.len() * 4).div_ceil(5);
    places.truncate(table.kinds.len() - draw.below(spare + 1));
    let mut rows: Vec<Vec<String>> = (0..3 + draw.below(30)).map(|at| stranger(table, at, draw)).collect();
    rows.extend(planted.iter().map(|row| table.rows[*row].clone()));
    let rows = draw.shuffled(rows);
    let mut cell = |row: &Vec<String>, at: usize| written(&row[at], table.kinds[at], transform, draw);
    let rows = rows.iter().map(|row| places.iter().map(|at| cell(row, *at)).collect()).collect();
    let rename = draw.below(2) == 0;
    let name = |at: &usize| if rename { format!("feature_{at}") } else { table.names[*at].clone() };
    Planted { header: places.iter().map(name).collect(), rows }
}

fn written(cell: &str, kind: Kind, transform: &str, draw: &mut Draw) -> String {
    let Some(value) = cell.parse::<f64>().ok().filter(|_| kind.is_number()) else { return cell.to_owned() };
    match transform {
        "retyped" => match draw.below(4) {
            0 => format!("{value:?}"),
            1 => format!("{value:e}"),
            2 => format!("{value:.7}"),
            _ => cell.to_owned(),
        },
        "single" => f64::from(value as f32).to_string(),
        "rounded" if value != 0.0 => {
            let digits = (3 - value.abs().log10().floor() as i32).max(0) as usize;
            format!("{value:.digits$}")
        }
        "marked" => {
            [format!("{cell}mm"), format!("~{cell}"), format!("€{cell}"), format!("{cell}%"), format!("({cell})")]
                [draw.below(5)]
            .clone()
        }
        _ => cell.to_owned(),
    }
}

fn joined(planted: &Planted, separator: &str) -> String {
    let all = [std::slice::from_ref(&planted.header), &planted.rows].concat();
    all.iter().map(|row| row.join(separator) + "\n").collect()
}

/// Each cell as JSON.
fn quoted(cell: &str) -> String {
    if cell.parse::<f64>().is_ok() && !cell.starts_with(['+', '.']) { cell.to_owned() } else { format!("\"{cell}\"") }
}

fn objects(planted: &Planted) -> Vec<String> {
    let object = |row: &Vec<String>| {
        let members = planted.header.iter().zip(row).map(|(name, cell)| format!("\"{name}\": {}", quoted(cell)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    };
    planted.rows.iter().map(object).collect()
}

fn list(cells: impl Iterator<Item = impl AsRef<str>>) -> String {
    format!("[{}]", cells.map(|cell| quoted(cell.as_ref())).collect::<Vec<_>>().join(", "))
}

/// The file: its name, and what is in it.
pub fn write(planted: &Planted, carrier: &str, draw: &mut Draw) -> (String, Vec<u8>) {
    let column = |at: usize| planted.rows.iter().map(move |row| row[at].as_str());
    let width = planted.header.len();
    let lines = |text: Vec<String>| text.join("\n") + "\n";
    let bare = |separator: &str| lines(planted.rows.iter().map(|row| row.join(separator)).collect());
    let (name, text) = match carrier {
        "csv" => ("a.csv", joined(planted, ",")),
        "tsv" => ("a.tsv", joined(planted, "\t")),
        "semicolon" => ("a.csv", joined(planted, ";")),
        "any.csv" => ("a.csv", bare(draw.one::<&str>(&["/", "&", "#", "~", "!", "^", "|", " ", "@", "\\", "$"]))),
        "any.txt" => (
            "a.txt",
            bare(draw.one::<&str>(&["/", "&", "#", "~", "!", "^", "=", " ", "; ", " | ", "::", " -> ", "\t"])),
        ),
        "objects.json" => ("a.json", format!("[{}]", objects(planted).join(",\n"))),
        "lists.json" => {
            let rows: Vec<String> = planted.rows.iter().map(|row| list(row.iter())).collect();
            ("a.json", format!("{{\"examples\": [{}]}}", rows.join(",")))
        }
        "columns.json" => {
            let columns: Vec<String> =
                (0..width).map(|at| format!("\"{}\": {}", planted.header[at], list(column(at)))).collect();
            ("a.json", format!("{{{}}}", columns.join(",")))
        }
        "flat.json" => ("a.json", list(planted.rows.iter().flatten())),
        "keys.json" => {
            let object = |row: &Vec<String>| {
                let members: Vec<String> =
                    row.iter().enumerate().map(|(at, cell)| format!("\"{cell}#{at}\": 0")).collect();
                format!("{{{}}}", members.join(","))
            };
            ("a.json", format!("[{}]", planted.rows.iter().map(object).collect::<Vec<_>>().join(",")))
        }
        "jsonl" => ("a.jsonl", objects(planted).join("\n") + "\n"),
        "log" => {
            let line = |row: &Vec<String>| {
                let pairs = planted.header.iter().zip(row).map(|(name, cell)| format!("{name}={cell}"));
                format!("2031-04-05 06:07:08 INFO epoch=3 loss=0.125 {}", pairs.collect::<Vec<_>>().join(" "))
            };
            ("a.log", lines(planted.rows.iter().map(line).collect()))
        }
        "md" => {
            let row = |row: &Vec<String>| format!("| {} |", row.join(" | "));
            let head = row(&planted.header) + "\n|" + &"---|".repeat(width);
            ("a.md", lines([head].into_iter().chain(planted.rows.iter().map(row)).collect()))
        }
        "ipynb" => {
            let source = format!("x = {:?}", planted.rows);
            let cell = format!(
                "{{\"cell_type\": \"code\", \"metadata\": {{}}, \"execution_count\": null, \"outputs\": [], \"source\": [{source:?}]}}"
            );
            ("a.ipynb", format!("{{\"cells\": [{cell}], \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 5}}"))
        }
        "column by column" => ("a.txt", lines((0..width).flat_map(column).map(str::to_owned).collect())),
        "turned.csv" => {
            let row = |at: usize| format!("{},{}", planted.header[at], column(at).collect::<Vec<_>>().join(","));
            ("a.csv", lines((0..width).map(row).collect()))
        }
        "one line" => ("a.txt", bare(" ").replace('\n', " ") + "\n"),
        "png" => return ("a.png".to_owned(), figure(8, 8, &[("Comment", &bare(",").replace('€', "$"))])),
        "zip" => return ("a.zip".to_owned(), zip(&[("a.csv", joined(planted, ",").into_bytes())])),
        "tar" => return ("a.tar".to_owned(), tar("a.csv", joined(planted, ",").as_bytes())),
        "gz" => return ("a.csv.gz".to_owned(), gzip(joined(planted, ",").as_bytes())),
        "base64" => ("a.txt", STANDARD.encode(bare(",")) + "\n"),
        "hex" => ("a.txt", bare(";").bytes().map(|byte| format!("{byte:02x} ")).collect::<String>() + "\n"),
        "zlib" => ("a.json", format!("{{\"model\": \"{}\"}}", STANDARD.encode(zlib(bare(",").as_bytes())))),
        _ => {
            let inner = STANDARD.encode(gzip(bare(",").as_bytes()));
            ("a.txt", STANDARD.encode(zlib(inner.as_bytes())) + "\n")
        }
    };
    (name.to_owned(), text.into_bytes())
}
