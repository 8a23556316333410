//! C1: a row of an input is found in every shape that a text can give it, and what only looks like one is not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{COLUMNS, about_people, csv, evidence, input, people};
use semla_checks::Outcome::{Block, Pass};
use semla_checks::{Outcome, examine};

const METRICS: &str = "model,auc,recall,brier\nlogistic,0.9134,0.8821,0.1043\nforest,0.9312,0.9017,0.0968\n";

fn c1(name: &str, text: impl AsRef<[u8]>) -> Outcome {
    common::outcome("C1", &about_people(name, text)).unwrap()
}

/// Rows that are made like those of the input, and of nobody in it.
fn strangers() -> Vec<Vec<String>> {
    let mut rows = people();
    let whole = rows.clone();
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = format!("Q{at:05}");
        for (column, cell) in row.iter_mut().enumerate().skip(1) {
            // Each column is shifted by another number of rows: the values are real and no row is.
            *cell = whole[(at + 29 * column) % whole.len()][column].clone();
        }
    }
    rows
}

/// Holds that a shape of a real row blocks, and the same shape of nobody's row passes.
fn finds(name: &str, shape: impl Fn(&[String]) -> String) {
    let (real, nobody) = (people(), strangers());
    for person in [0, 41, 299] {
        let (leak, control) = (shape(&real[person]), shape(&nobody[person]));
        assert_eq!(c1(name, &leak), Block, "row {person} in {name}: {leak}");
        assert_eq!(c1(name, &control), Pass, "nobody in {name}: {control}");
    }
}

fn object(row: &[String]) -> String {
    let members: Vec<String> = COLUMNS.iter().zip(row).map(|(name, cell)| format!("\"{name}\": \"{cell}\"")).collect();
    format!("{{{}}}", members.join(", "))
}

fn list(row: &[String]) -> String {
    format!("[\"{}\"]", row.join("\", \""))
}

#[test]
fn the_same_table_blocks_and_a_made_up_one_passes() {
    assert_eq!(c1("a.csv", csv(&COLUMNS, &people())), Block);
    assert_eq!(c1("a.csv", csv(&COLUMNS, &strangers())), Pass);
    assert_eq!(c1("a.csv", METRICS), Pass);
}

#[test]
fn one_row_is_found_among_many_others() {
    let mut rows = strangers();
    rows[150] = people()[17].clone();
    let report = examine(&about_people("a.csv", csv(&COLUMNS, &rows)));
    let found = common::finding("C1", &report);
    assert_eq!(
        (found.outcome, &found.evidence["count"], &found.evidence["input_rows"]),
        (Block, &1.into(), &vec![18].into())
    );
    assert_eq!(found.place.lines, [152]);
}

#[test]
fn every_separator_of_a_table_is_read() {
    for (name, separator) in [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|"), ("a.csv", "\t")] {
        finds(name, |row| format!("{}\n{}\n", COLUMNS.join(separator), row.join(separator)));
    }
    finds("a.csv", |row| format!("\"{}\"\r\n\"{}\"\r\n", COLUMNS.join("\",\""), row.join("\",\"")));
}

#[test]
fn a_row_is_found_without_its_header_and_as_the_header() {
    finds("a.csv", |row| format!("{}\n", row.join(",")));
    finds("a.csv", |row| format!("a,b,c,d,e,f,g,h\n{}\n", row.join(",")));
    finds("a.csv", |row| format!("{}\n1.5,2.5,3.5,4.5,5.5,6.5,7.5,8.5\n", row.join(",")));
}

#[test]
fn a_row_is_found_in_any_order_and_among_other_values() {
    finds("a.csv", |row| {
        let mut cells: Vec<&str> = row.iter().map(String::as_str).rev().collect();
        cells.insert(3, "0.9134");
        cells.insert(5, "forest");
        format!("a,b,c,d,e,f,g,h,i,j\n{}\n", cells.join(","))
    });
}

#[test]
fn a_row_is_found_as_a_column() {
    finds("a.csv", |row| {
        COLUMNS.iter().zip(row).fold("name,mean\n".to_owned(), |text, (name, cell)| text + name + "," + cell + "\n")
    });
    finds("a.csv", |row| format!("mean\n{}\n", row.join("\n")));
    finds("a.txt", |row| row.join("\n"));
}

#[test]
fn rows_are_found_in_a_table_turned_on_its_side() {
    let turned = |rows: &[Vec<String>]| {
        let cells = |at: usize| rows.iter().map(|row| row[at].as_str()).collect::<Vec<_>>().join(",");
        (0..COLUMNS.len()).map(|at| format!("{},{}\n", COLUMNS[at], cells(at))).collect::<String>()
    };
    assert_eq!(c1("a.csv", turned(&people())), Block);
    assert_eq!(c1("a.csv", turned(&strangers())), Pass);
    let mut one = strangers();
    one[150] = people()[17].clone();
    assert_eq!(c1("a.csv", turned(&one)), Block);
}

#[test]
fn a_row_is_found_when_it_is_split_over_lines() {
    finds("a.csv", |row| {
        format!("a,b\n{}\n", row.chunks(2).map(|cells| cells.join(",")).collect::<Vec<_>>().join("\n"))
    });
    finds("a.txt", |row| row.chunks(3).map(|cells| cells.join(" ")).collect::<Vec<_>>().join("\n"));
    finds("a.txt", |row| {
        row.chunks(2).map(|cells| cells.join("; ")).collect::<Vec<_>>().join("\nand then, as was said,\n")
    });
}

#[test]
fn a_row_is_found_in_json() {
    finds("a.json", object);
    finds("a.json", list);
    finds("a.json", |row| format!("{{\"auc\": 0.91, \"deep\": [[{{\"example\": {}}}]]}}", object(row)));
    finds("a.json", |row| format!("{{\"left\": {}, \"right\": {}}}", list(&row[..4]), list(&row[4..])));
    finds("a.json", |row| format!("{{\"text\": \"{}\"}}", row.join(" ")));
    finds("a.json", |row| {
        let columns: Vec<String> = COLUMNS
            .iter()
            .zip(row)
            .map(|(name, cell)| format!("\"{name}\": {{\"0\": \"{cell}\", \"1\": \"x\"}}"))
            .collect();
        format!("{{{}}}", columns.join(", "))
    });
}

#[test]
fn a_row_is_found_in_columns_of_json() {
    let columns = |rows: &[Vec<String>]| {
        let column = |at: usize| list(&rows.iter().map(|row| row[at].clone()).collect::<Vec<_>>());
        let members: Vec<String> =
            (0..COLUMNS.len()).map(|at| format!("\"{}\": {}", COLUMNS[at], column(at))).collect();
        format!("{{{}}}", members.join(", "))
    };
    assert_eq!(c1("a.json", columns(&people())), Block);
    assert_eq!(c1("a.json", columns(&strangers())), Pass);
}

#[test]
fn a_row_is_found_in_running_text() {
    for name in ["a.txt", "a.md"] {
        finds(name, |row| format!("An example: {}.\n", row.join(", ")));
        finds(name, |row| format!("| {} |\n|---|\n| {} |\n", COLUMNS.join(" | "), row.join(" | ")));
        finds(name, |row| {
            COLUMNS.iter().zip(row).fold(String::new(), |text, (name, cell)| text + name + "=" + cell + " ") + "\n"
        });
        finds(name, |row| format!("{row:?}\n"));
    }
}

#[test]
fn four_fifths_of_the_columns_are_enough() {
    // Eight columns of which seven are shown, and five, in every place.
    let (real, nobody) = (people(), strangers());
    for gap in 0..COLUMNS.len() {
        let mut row = real[41].clone();
        row[gap] = nobody[41][gap].clone();
        assert_eq!(c1("a.csv", csv(&["a"; 8], &[row.clone()])), Block, "without {}", COLUMNS[gap]);
        for more in [1, 3] {
            row[(gap + more) % COLUMNS.len()] = "other".to_owned();
        }
        assert_eq!(c1("a.csv", csv(&["a"; 8], &[row])), Pass, "without {} and two more", COLUMNS[gap]);
    }
    finds("a.csv", |row| format!("{}\n{}\n", COLUMNS[1..].join(","), row[1..].join(",")));
}

#[test]
fn numbers_are_found_however_they_are_written() {
    finds("a.csv", |row| {
        format!("{}0,{}00,{}.0\n{},{},{},{},{}\n", row[4], row[5], row[6], row[0], row[1], row[2], row[3], row[7])
            .replacen('\n', ",", 1)
    });
    for reform in [
        |cell: &str| format!("+{cell}"),
        |cell: &str| format!("{cell}e0"),
        |cell: &str| format!("0{cell}"),
        |cell: &str| format!(" {cell} "),
        |cell: &str| format!("{:e}", cell.parse::<f64>().unwrap()),
        |cell: &str| format!("{:.9}", cell.parse::<f64>().unwrap()),
        |cell: &str| (f64::from(cell.parse::<f32>().unwrap())).to_string(),
    ] {
        finds("a.csv", |row| {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| if cell.parse::<f64>().is_ok() { reform(cell) } else { cell.to_uppercase() })
                .collect();
            csv(&COLUMNS, &[cells])
        });
    }
    finds("a.csv", |row| format!("{}\n", row.join(";").replace('.', ",")));
    finds("a.tsv", |row| format!("{}\n", row.join("\t").replace('.', ",")));
}

#[test]
fn marks_between_thousands_hide_nothing() {
    let marked = |row: &[String], mark: &str| {
        let mut cells = row.to_vec();
        let at = cells[6].len() - 3;
        cells[6].insert_str(at, mark);
        cells[0] = "other".to_owned();
        cells
    };
    for mark in [",", ".", "'", " ", "_", "\u{a0}", "\u{202f}", "\u{2019}"] {
        finds("a.csv", |row| format!("\"{}\"\n", marked(row, mark).join("\",\"")));
        finds("a.json", |row| list(&marked(row, mark)));
    }
    finds("a.txt", |row| marked(row, ",").join(" "));
}

#[test]
fn a_job_without_inputs_copies_nothing() {
    assert_eq!(common::outcome("C1", &evidence("a.csv", csv(&COLUMNS, &people()))), Some(Pass));
}

#[test]
fn an_input_that_cannot_be_read_rules_nothing_out() {
    for (path, content) in
        [("rows.parquet", "PAR1"), ("rows.csv", ""), ("rows.csv", "other,names\n1,2\n"), ("rows", "id,age\n1,2\n")]
    {
        let mut evidence = evidence("a.csv", METRICS);
        let mut input = input(&COLUMNS, Some("id"), content);
        input.files[0].0 = path.to_owned();
        evidence.inputs.push(input);
        assert_eq!(common::outcome("C1", &evidence), Some(Block), "{path}: {content}");
    }
    let mut evidence = evidence("a.csv", METRICS);
    evidence.inputs.push(input(&COLUMNS, Some("id"), &csv(&COLUMNS, &people())));
    assert_eq!(common::outcome("C1", &evidence), Some(Pass));
    evidence.inputs[0].files.clear();
    assert_eq!(common::outcome("C1", &evidence), Some(Block), "no file");
}

#[test]
fn every_file_of_every_input_is_looked_at() {
    let leak = csv(&COLUMNS, &people()[298..299]);
    let (first, second) = (csv(&COLUMNS, &people()[..150]), csv(&COLUMNS, &people()[150..]));
    let mut evidence = evidence("a.csv", leak);
    evidence.inputs.push(input(&COLUMNS, Some("id"), &first));
    assert_eq!(common::outcome("C1", &evidence), Some(Pass));
    evidence.inputs[0].files.push(("more/rows.csv".to_owned(), common::file(second.as_bytes())));
    assert_eq!(common::outcome("C1", &evidence), Some(Block), "a second file");
    evidence.inputs[0].files.pop();
    evidence.inputs.push(input(&COLUMNS, Some("id"), &second));
    assert_eq!(common::outcome("C1", &evidence), Some(Block), "a second input");
}

#[test]
fn a_row_of_digits_is_found_by_the_names_of_its_columns() {
    let names = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"];
    let mut draw = common::draw(11);
    let rows: Vec<Vec<String>> = (0..300).map(|_| names.iter().map(|_| (draw() % 10).to_string()).collect()).collect();
    let judged = |row: &[String]| {
        let mut evidence = evidence("a.csv", csv(&names, &[row.to_vec()]));
        evidence.inputs.push(input(&names, None, &csv(&names, &rows)));
        common::outcome("C1", &evidence).unwrap()
    };
    assert_eq!(judged(&rows[17]), Block);
    // The same digits under other names are nobody's row.
    let mut turned = rows[17].clone();
    turned.rotate_left(3);
    assert_eq!(judged(&turned), Pass);
}

#[test]
fn people_are_told_apart_by_the_column_that_the_card_names_wherever_it_stands() {
    let header = ["turn", "age", "sex", "site", "bmi", "glucose", "income", "visit", "ward", "id"];
    let row = |turn: usize, values: &[String], id: String| {
        [&[turn.to_string()], &values[1..], &[format!("w{}", values[1]), id]].concat()
    };
    let judged = |id: &dyn Fn(usize) -> String| {
        let people = people();
        // Twelve rows that differ in their turn alone.
        let mut rows: Vec<_> = (1..=12).map(|turn| row(turn, &people[0], id(turn))).collect();
        rows.extend(people[1..].iter().map(|values| row(1, values, values[0].clone())));
        let mut evidence = evidence("a.csv", csv(&header[1..9], &[rows[0][1..9].to_vec()]));
        evidence.inputs.push(input(&header, Some("id"), &csv(&header, &rows)));
        common::outcome("C1", &evidence).unwrap()
    };
    assert_eq!(judged(&|_| "Z1".to_owned()), Block, "one person's rows");
    assert_eq!(judged(&|turn| format!("Z{turn}")), Pass, "a row that twelve people share");
}

#[test]
fn a_row_is_found_though_its_rarest_value_stands_elsewhere() {
    let (real, mut rows) = (people()[17].clone(), strangers());
    let changed = 5;
    rows[100] = real.clone();
    rows[100][changed] = rows[0][changed].clone();
    rows[120][changed].clone_from(&real[changed]);
    for column in (0..real.len()).filter(|column| *column != changed) {
        rows[20 + 31 * column][column].clone_from(&real[column]);
    }
    assert_eq!(c1("a.csv", csv(&COLUMNS, &rows)), Block);
    rows[100] = strangers()[100].clone();
    assert_eq!(c1("a.csv", csv(&COLUMNS, &rows)), Pass);
}

#[test]
fn a_row_is_found_among_the_neighbours_of_its_values() {
    let header: Vec<String> = (0..12).map(|at| format!("x{at}")).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut draw = common::draw(31);
    let mut number = || format!("{}.{:02}", 10 + draw() % 400, draw() % 100);
    let rows: Vec<Vec<String>> = (0..300).map(|_| header.iter().map(|_| number()).collect()).collect();
    let strangers: Vec<Vec<String>> = (0..300).map(|_| header.iter().map(|_| number()).collect()).collect();
    let padded = |row: &[String], by: i32| {
        let around = |cell: &String| {
            let value: f64 = cell.parse().unwrap();
            (-by..=by).map(|step| format!("{:.2}", value + f64::from(step) * 0.01)).collect::<Vec<_>>().join(" ")
        };
        row.iter().map(around).collect::<Vec<_>>().join(" ") + "\n"
    };
    let judged = |text: String| {
        let mut evidence = evidence("a.txt", text);
        evidence.inputs.push(input(&header, None, &csv(&header, &rows)));
        common::outcome("C1", &evidence).unwrap()
    };
    for by in [0, 1, 5, 9, 20] {
        assert_eq!(judged(padded(&rows[17], by)), Block, "{by} on each side");
        assert_eq!(judged(padded(&strangers[17], by)), Pass, "nobody's, {by} on each side");
    }
}

#[test]
fn all_rows_on_one_line_are_found() {
    for separator in [" ", "/", ";", ", "] {
        let line = |rows: &[Vec<String>]| {
            rows.iter().map(|row| row.join(separator)).collect::<Vec<_>>().join(separator) + "\n"
        };
        assert_eq!(c1("a.txt", line(&people())), Block, "{separator}");
        assert_eq!(c1("a.txt", line(&strangers())), Pass, "{separator}");
        let mut one = strangers();
        one[150] = people()[17].clone();
        assert_eq!(c1("a.txt", line(&one)), Block, "one row, {separator}");
    }
}

#[test]
fn a_whole_table_in_one_cell_is_found() {
    finds("a.json", |row| format!("{{\"log\": \"{}\\n{}\"}}", strangers()[5].join("/"), row.join("/")));
    finds("a.csv", |row| format!("a,b\n\"{}\n{}\",1\n", strangers()[5].join("/"), row.join("/")));
}

#[test]
fn the_names_of_an_object_are_values_too() {
    finds("a.json", |row| {
        let members: Vec<String> = row.iter().map(|cell| format!("\"{cell}\": 0")).collect();
        format!("[{{{}}}]", members.join(", "))
    });
}
