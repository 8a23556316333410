//! C1 leaves in peace what is nobody's: rows that many people share, and values that meet by chance.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{csv, draw, evidence, finding, input};
use semla_checks::Outcome::{Block, Pass};
use semla_checks::{Evidence, Outcome, examine};

const CODES: [&str; 7] = ["id", "sex", "site", "stage", "smoker", "diet", "work"];
const RARE: [&str; 6] = ["f", "overseas", "iv", "yes", "vegan", "night"];

/// 4,000 people with a few codes; so many of them share codes that nobody else has.
fn coded(sharing: usize) -> Vec<Vec<String>> {
    let row = |person: usize| {
        let codes = if person < sharing {
            RARE
        } else {
            let either = |bit: usize, codes: [&'static str; 2]| codes[person >> bit & 1];
            let site = either(1, ["north", "south"]);
            [
                either(0, ["f", "m"]),
                site,
                either(2, ["i", "ii"]),
                "no",
                either(3, ["mixed", "any"]),
                either(4, ["day", "home"]),
            ]
        };
        std::iter::once(format!("P{person:04}")).chain(codes.map(str::to_owned)).collect()
    };
    (0..4_000).map(row).collect()
}

/// A table of one row: the codes that few share.
fn rare() -> String {
    csv(&CODES[1..], &[RARE.to_vec()])
}

fn about(header: &[&str], rows: &[Vec<String>], name: &str, text: &str) -> Evidence {
    let mut evidence = evidence(name, text);
    evidence.inputs.push(input(header, Some("id"), &csv(header, rows)));
    evidence
}

fn c1(header: &[&str], rows: &[Vec<String>], name: &str, text: &str) -> Outcome {
    common::outcome("C1", &about(header, rows, name, text)).unwrap()
}

#[test]
fn a_row_that_enough_people_share_is_nobodys() {
    let text = rare();
    for (sharing, expected) in [(1, Block), (9, Block), (10, Pass), (40, Pass)] {
        assert_eq!(c1(&CODES, &coded(sharing), "a.csv", &text), expected, "{sharing} people");
    }
}

#[test]
fn the_profile_says_how_many_are_enough() {
    for (least, expected) in [(5, Pass), (6, Block)] {
        let mut evidence = about(&CODES, &coded(5), "a.csv", &rare());
        evidence.profile.min_people = least;
        assert_eq!(common::outcome("C1", &evidence), Some(expected), "5 of {least}");
    }
}

#[test]
fn rows_of_one_person_are_not_many_people() {
    let mut rows = coded(20);
    let text = rare();
    assert_eq!(c1(&CODES, &rows, "a.csv", &text), Pass);
    rows.iter_mut().take(20).for_each(|row| row[0] = "P0000".to_owned());
    assert_eq!(c1(&CODES, &rows, "a.csv", &text), Block);
}

#[test]
fn shared_rows_with_their_ids_are_somebodys() {
    let mut rows: Vec<Vec<String>> = coded(40)[..20].to_vec();
    assert_eq!(c1(&CODES, &coded(40), "a.csv", &csv(&CODES, &rows)), Block);
    rows.iter_mut().for_each(|row| row[0].insert(0, 'X'));
    assert_eq!(c1(&CODES, &coded(40), "a.csv", &csv(&CODES, &rows)), Pass);
}

/// A dataset of 569 rows and 30 measurements of four digits, as the breast cancer data of Wisconsin has them.
fn measured() -> (Vec<String>, Vec<Vec<String>>) {
    let mut draw = draw(11);
    let header: Vec<String> =
        ["id", "diagnosis"].map(str::to_owned).into_iter().chain((0..30).map(|at| format!("x{at}"))).collect();
    let row = |person: usize| {
        let mut row = vec![(842_302 + person * 91).to_string(), ["B", "M"][person % 2].to_owned()];
        row.extend((0..30).map(|at| match at % 3 {
            0 => format!("{:.2}", 6.0 + (draw() % 2_000) as f64 / 100.0),
            1 => format!("{:.4}", (draw() % 3_000) as f64 / 10_000.0),
            _ => format!("{:.1}", 100.0 + (draw() % 20_000) as f64 / 10.0),
        }));
        row
    };
    (header, (0..569).map(row).collect())
}

/// As scikit-learn prints it.
const REPORT: &str = "              precision    recall  f1-score   support

           B       0.98      0.98      0.98       357
           M       0.97      0.96      0.96       212

    accuracy                           0.97       569
";

/// What analyses of that dataset usually write.
fn usual(rows: &[Vec<String>]) -> Vec<(&'static str, String)> {
    let column = |at: usize| rows.iter().map(|row| row[at].parse::<f64>().unwrap()).collect::<Vec<_>>();
    let mean = |at| column(at).iter().sum::<f64>() / 569.0;
    let mut described = "feature,count,mean,std,min,max\n".to_owned();
    let mut importances = "feature,importance\n".to_owned();
    for at in 2..32 {
        described += &format!(
            "x{},569,{:.4},{:.4},{:.1},{:.1}\n",
            at - 2,
            mean(at),
            mean(at) / 7.0,
            mean(at) / 3.0,
            mean(at) * 3.0
        );
        importances += &format!("x{},{:.4}\n", at - 2, 1.0 / (at as f64 + 1.5));
    }
    let folds: String = (1..11).map(|fold| format!("{fold},0.9{fold:02},0.8{fold:02},0.97{fold}\n")).collect();
    let curve: String = (0..200)
        .map(|at| {
            format!("{:.4},{:.4},{:.3}\n", at as f64 / 200.0, (at as f64 / 200.0).sqrt(), 1.0 - at as f64 / 200.0)
        })
        .collect();
    vec![
        ("metrics.csv", "model,auc,recall,f1\nlogistic,0.9954,0.9623,0.9668\nforest,0.9913,0.9434,0.9524\n".to_owned()),
        ("metrics.json", r#"{"auc": 0.9954, "confusion_matrix": [[205, 12], [14, 338]], "n": 569}"#.to_owned()),
        ("report.txt", REPORT.to_owned()),
        ("folds.csv", format!("fold,auc,recall,accuracy\n{folds}")),
        ("roc.csv", format!("fpr,tpr,threshold\n{curve}")),
        ("described.csv", described),
        ("importances.csv", importances),
    ]
}

#[test]
fn the_usual_results_of_a_small_dataset_are_no_copies() {
    let (header, rows) = measured();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    for (name, text) in usual(&rows) {
        let report = examine(&about(&header, &rows, name, &text));
        assert_eq!(common::worst("C1", &report), Some(Pass), "{name}: {:?}", finding("C1", &report).message);
        assert_ne!(report.verdict, Block, "{name}: {:?}", report.findings);
        // The same file with one row of the data behind its last line.
        if !name.ends_with(".json") {
            let txt = text + &rows[100].join(" ") + "\n";
            assert_eq!(c1(&header, &rows, "leak.txt", &txt), Block, "{name}");
        }
    }
}

#[test]
fn a_row_of_measurements_is_found_rounded_to_four_digits() {
    let (header, rows) = measured();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let long: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| cell.parse::<f64>().map_or(cell.clone(), |value| (value * 1.012_345_67).to_string()))
                .collect()
        })
        .collect();
    let rounded = |row: &[String]| {
        row[2..]
            .iter()
            .map(|cell| {
                let value: f64 = cell.parse().unwrap();
                format!("{:.*}", (3 - value.abs().log10().floor() as i32).max(0) as usize, value)
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(c1(&header, &long, "a.txt", &rounded(&long[300])), Block);
    assert_eq!(c1(&header, &rows, "a.txt", &rounded(&long[300])), Pass);
}

#[test]
fn made_up_values_of_few_columns_are_no_copies() {
    let header = ["id", "age", "sex"];
    let mut draw = draw(5);
    let rows: Vec<Vec<String>> = (0..2_000)
        .map(|at| vec![format!("P{at}"), (20 + draw() % 60).to_string(), ["f", "m"][(draw() % 2) as usize].to_owned()])
        .collect();
    let table: String = (20..80).map(|age| format!("{age},{:.3}\n", 0.5 + f64::from(age) / 1000.0)).collect();
    assert_eq!(c1(&header, &rows, "a.csv", &format!("age,rate\n{table}")), Pass);
    assert_eq!(c1(&header, &rows, "a.txt", "Women (f) and men (m) between 20 and 79 years, mean 49.5.\n"), Pass);
    assert_eq!(c1(&header, &rows, "a.csv", &csv(&header, &rows[700..701])), Block);
}

#[test]
fn values_that_meet_by_chance_are_no_copies() {
    let header = ["id", "a", "b", "c", "d", "e", "f"];
    let mut draw = draw(3);
    let mut numbers = |count: usize| (0..count).map(|_| (draw() % 100).to_string()).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = (0..1_000).map(|_| numbers(7)).collect();
    rows.iter_mut().enumerate().for_each(|(person, row)| row[0] = format!("P{person}"));
    let names: Vec<String> = (0..20).map(|at| format!("c{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // In one of four such files, the numbers of some row stand in one line.
    for file in 0..40 {
        let text = csv(&names, &(0..8).map(|_| numbers(20)).collect::<Vec<_>>());
        assert_eq!(c1(&header, &rows, "a.csv", &text), Pass, "file {file}");
    }
    for row in rows.iter().step_by(50) {
        assert_eq!(c1(&header, &rows, "a.csv", &csv(&names[..6], &[row[1..].to_vec()])), Block, "{row:?}");
    }
}

/// People of ten wards: a ward's seven codes are its own, and each person has a number of so many.
fn wards(numbers: u64) -> Vec<Vec<String>> {
    let mut draw = draw(5);
    let codes = |ward: usize| (0..7).map(move |column| format!("w{ward}c{column}"));
    let row = |person: usize| codes(person % 10).chain([(100 + draw() % numbers).to_string()]).collect();
    (0..300).map(row).collect()
}

#[test]
fn rows_that_miss_the_record_by_one_column_tell_how_common_it_is() {
    // Five of six columns are there: the fewest that make a copy. All others in the ward miss by the number.
    let header = ["n", "c0", "c1", "c2", "c3", "u"];
    let judged = |rows: &[Vec<String>]| {
        let row = |(person, row): (usize, &Vec<String>)| [&row[7..8], &row[..4], &[format!("u{person}")]].concat();
        let rows: Vec<Vec<String>> = rows.iter().enumerate().map(row).collect();
        let mut evidence = evidence("a.csv", csv(&header[..5], &[rows[17][..5].to_vec()]));
        evidence.inputs.push(input(&header, None, &csv(&header, &rows)));
        common::outcome("C1", &evidence).unwrap()
    };
    assert_eq!(judged(&wards(20)), Pass);
    assert_eq!(judged(&wards(1_000_000)), Block);
}

#[test]
fn a_group_with_a_number_that_somebody_in_it_has_is_no_copy() {
    let header = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "n"];
    let judged = |rows: &[Vec<String>]| {
        let mut evidence = evidence("a.csv", csv(&header, &rows[17..18]));
        evidence.inputs.push(input(&header, None, &csv(&header, rows)));
        common::outcome("C1", &evidence).unwrap()
    };
    // Of thirty people in a ward some have any number of twenty; of a million, only the one whose row it is.
    assert_eq!(judged(&wards(20)), Pass);
    assert_eq!(judged(&wards(1_000_000)), Block);
}
