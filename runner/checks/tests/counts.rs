//! T1: no count of too few people, wherever it stands and however it is called.
#![allow(clippy::unwrap_used)]

mod common;

use common::{COLUMNS, about_people, evidence, people};
use semla_checks::Outcome::{self, Block, Pass, Review};
use semla_checks::examine;

fn t1(name: &str, text: &str) -> Outcome {
    common::outcome("T1", &evidence(name, text)).unwrap()
}

fn t1_declared(name: &str, text: &str, counts: &[&str]) -> Outcome {
    let mut evidence = evidence(name, text);
    evidence.declaration.counts = counts.iter().map(|name| (*name).to_owned()).collect();
    common::outcome("T1", &evidence).unwrap()
}

/// Holds a text with a `#` in it to what T1 says of any count there: 1 and 9 block, 0, 10 and 1,000 pass.
fn blocks_small_counts(name: &str, pattern: &str) {
    for (count, expected) in [("0", Pass), ("1", Block), ("9", Block), ("10", Pass), ("1000", Pass)] {
        assert_eq!(t1(name, &pattern.replace('#', count)), expected, "{count} in {name}: {pattern}");
    }
}

#[test]
fn a_column_with_a_name_of_counts_holds_counts() {
    for column in [
        "n",
        "N",
        "count",
        "Count",
        "counts",
        "patients",
        "nPatients",
        "n_patients",
        "Number of patients",
        "num_cases",
        "support",
        "size",
        "freq",
        "total",
        "deaths",
        "group_size",
        "Anzahl",
        "effectif",
        "n (women)",
        "cases_2020",
    ] {
        blocks_small_counts("a.csv", &format!("site,{column},share\nnorth,120,0.25\nsouth,#,0.125\n"));
        blocks_small_counts("a.tsv", &format!("site\t{column}\tshare\nnorth\t120\t0.25\nsouth\t#\t0.125\n"));
    }
}

#[test]
fn every_separator_is_tried() {
    for separator in [",", ";", "\t", "|"] {
        let text = "site,n,share\nnorth,120,high\nsouth,#,low\n".replace(',', separator);
        blocks_small_counts("a.csv", &text);
    }
}

#[test]
fn the_profile_says_how_many_are_enough() {
    for (least, count, expected) in [(5, 4, Block), (5, 5, Pass), (20, 19, Block), (20, 20, Pass), (1, 1, Pass)] {
        let mut evidence = evidence("a.csv", format!("site,n\nnorth,120\nsouth,{count}\n"));
        evidence.profile.min_people = least;
        assert_eq!(common::outcome("T1", &evidence), Some(expected), "{count} of {least}");
    }
}

#[test]
fn counts_are_read_however_they_are_written() {
    let column = |cell: &str| format!("site,patients\nnorth,120\nsouth,{cell}\n");
    for cell in ["7", "7.0", "007", "+7", " 7 ", "\"7\"", "7e0", "<5", "<=4", "\u{2264}4", "7 (5%)", "7/120"] {
        assert_eq!(t1("a.csv", &column(cell)), Block, "{cell}");
    }
    for cell in ["", "-", "*", "NA", "<10", "<=9", "\u{2264}9", "suppressed", "0", "0.0", "\"1,204\"", "1 204", "1e3"] {
        assert_eq!(t1("a.csv", &column(cell)), Pass, "{cell}");
    }
    for cell in [
        "few",
        "\"21,20\"",
        "12 34",
        "\"21,2045\"",
        "\"1204,567\"",
        "\"12,a45\"",
        "<-3",
        "70 (5%)",
        "\u{ff17}",
        "seven",
    ] {
        assert_eq!(t1("a.csv", &column(cell)), Review, "{cell}");
    }
}

#[test]
fn cross_tables_hold_counts_under_any_names() {
    blocks_small_counts("a.csv", "site,f,m\nnorth,60,55\nsouth,#,48\n");
    blocks_small_counts("a.csv", ",0,1\n0,#,55\n1,61,48\n");
    blocks_small_counts("a.csv", "0,1\n60,55\n#,48\n");
    blocks_small_counts("a.csv", "sex,north,south,east\nf,40,41,42\nm,43,44,#\n");
}

#[test]
fn a_row_with_a_name_of_counts_holds_counts() {
    blocks_small_counts("a.csv", "metric,value\nauc,0.91\nn_test,120\nsupport,#\n");
    blocks_small_counts("a.csv", "statistic,north,south\nmean,51.5,49.25\ncount,120,#\n");
}

#[test]
fn rates_and_settings_are_no_counts() {
    for text in [
        "model,auc,recall\nlogistic,0.91,1.0\nforest,0.93,0.88\n",
        "fold,auc\n1,0.91\n2,0.93\n3,0.9\n",
        "epoch,loss\n1,0.7\n2,0.5\n",
        "parameter,value\nmax_depth,3\nn_estimators,5\nC,0.5\n",
        ",coef,p\nage,0.03,0.001\nbmi,0.125,0.04\n",
    ] {
        assert_eq!(t1("a.csv", text), Pass, "{text}");
    }
    assert_eq!(t1("a.json", r#"{"auc": 0.91, "accuracy": 1.0, "n_folds": 5, "best": {"max_depth": 3}}"#), Pass);
    assert_eq!(t1("a.txt", "auc = 0.91 over fold 3\naccuracy: 1.0\n"), Pass);
}

#[test]
fn what_is_written_as_its_neighbours_are_is_no_count() {
    let report = "  precision recall support\n\n0 0.97 1.00 #\n1 1.00 0.97 357\n2 0.95 0.98 212\n\naccuracy 0.97 569\n";
    for (count, expected) in [("7", Review), ("1", Review), ("0", Pass), ("62", Pass)] {
        assert_eq!(t1("a.txt", &report.replace('#', count)), expected, "{count}");
    }
    // Nothing else there has two decimals.
    assert_eq!(t1("a.txt", "north 1.00\nsouth 0.5\n"), Review);
    assert_eq!(t1("a.csv", "feature,vif\nconst,1.0\nage,1.17\n"), Pass);
    assert_eq!(t1("a.csv", "feature,vif\nconst,1\nage,1.17\n"), Review);
    assert_eq!(t1("a.csv", "site,x\nnorth,1.0\nsouth,120.0\n"), Review);
}

#[test]
fn numbers_of_lines_and_times_of_day_are_no_counts() {
    for text in [
        "1. Install it.\n2. Run it.\n\n3. Compare it.\n",
        "0 0.97\n1 0.95\n2 0.91\n",
        "at 10:04:17 the loss was 0.61\nat 10:05 it was 0.52\n",
        "See table 2 and figure 3.\n",
        "Notes:\n[1] Standard errors are robust.\n",
    ] {
        assert_eq!(t1("a.txt", text), Pass, "{text}");
    }
    for text in ["[1, 120]\n", "north [7]\n", "1 0.97\n3 0.95\n", "2 0.97\n3 0.95\n", "cases 1:7\n", "1\n2\n"] {
        assert_ne!(t1("a.txt", text), Pass, "{text}");
    }
    assert_eq!(t1("a.txt", "1 patient died\n2 patients left\n"), Block);
}

#[test]
fn what_groups_the_rows_is_no_count() {
    let about = |text: &str| common::outcome("T1", &about_people("a.csv", text)).unwrap();
    assert_eq!(about("age,n\n3.0,120\n1.0,96\n"), Pass);
    assert_eq!(about("age,sex,mean_bmi\n1,1,20.5\n1,2,21.5\n2,1,22.5\n"), Pass);
    assert_eq!(about("age,0,1,All\n1,60,55,115\n2,61,48,109\nAll,121,103,224\n"), Pass);
    assert_eq!(about("age,0,1,All\n1,60,7,67\n2,61,48,109\nAll,121,55,176\n"), Block);
    assert_eq!(about("age,n\n3.0,120\n1.0,7\n"), Block);
    // What pandas makes of `groupby("site").count()`.
    assert_eq!(about("site,age,bmi\nnorth,120,119\nsouth,7,30\n"), Block);
    assert_eq!(about("age,sex,bmi,income\n20,f,120,119\n20,m,7,30\n30,f,50,30\n30,m,50,30\n"), Block);
    // No column of an input is called so; it doesn't tell the rows apart; it is the last one.
    assert_eq!(about("years,mean_bmi\n7,20.5\n3,21.5\n"), Review);
    assert_eq!(about("age,mean_bmi\n7,20.5\n7,21.5\n"), Review);
    assert_eq!(about("mean_bmi,age\n20.5,7\n21.5,3\n"), Review);
}

#[test]
fn whole_numbers_of_measures_and_parts_of_one_are_no_counts() {
    for text in [
        "feature,importance\nage,57\nbmi,8\n",
        "a,age,bmi\nage,1,0.31\nbmi,0.31,1\n",
        "characteristic,overall\n\"age, mean (SD)\",9.1 (6.8)\n\"bmi, mean (SD)\",25.3 (4.5)\n",
        "feature,ranking,support\nage,1,True\nbmi,2,False\n",
        "test,chi2,dof\na,3.2,1\nb,8.4,4\n",
        "variable,n_unique\nage,7\nsex,2\n",
        "site,cluster\nnorth,2\nsouth,1\n",
    ] {
        assert_eq!(t1("a.csv", text), Pass, "{text}");
    }
    for text in [
        "outcome,group1,group2\ndied,7,12\nalive,50,60\n",
        "sex,groups,levels\nf,33,55\nm,3,120\n",
        "characteristic,patients\nwomen,7\n\"age, mean (SD)\",29.1 (6.8)\n",
        "site,patients_with_high_score\nnorth,57\nsouth,8\n",
        "site,rate\nnorth,57/120\nsouth,8/97\n",
        "site,cluster\nnorth,2\nsouth,7\n",
        "variable,n_unique\nage,60\nn_patients,7\n",
        "a,x,y\nage,1,0.31\nbmi,2,1.5\n",
        "characteristic,overall\nwomen,7 (5.8)\nmen,113 (94.2)\n",
    ] {
        assert_ne!(t1("a.csv", text), Pass, "{text}");
    }
    assert_eq!(t1("a.txt", "fold 3 of 5 took 12.5 s\nARIMA(1, 0, 1)\n"), Pass);
    assert_eq!(t1("a.txt", "died 3 of 5\n"), Block);
    assert_eq!(t1("a.txt", "north 3 of 5\n"), Review);
}

#[test]
fn degrees_of_freedom_and_ranks_are_no_counts() {
    for (name, text) in [
        ("a.txt", "Df Model:            4   F-statistic:   72.9\n"),
        ("a.csv", "a,b,c,d\nModel:,OLS,AIC:,488\nMethod:,ML,Df Model:,4\n"),
        ("a.csv", "params,rank_test_score,mean_test_score\nC=1,2,0.91\nC=10,1,0.93\n"),
    ] {
        assert_eq!(t1(name, text), Pass, "{text}");
        assert_ne!(t1(name, &text.replace("Df", "Site").replace("rank_test_score", "z")), Pass, "{text}");
    }
    blocks_small_counts("a.csv", "Model:,OLS,Observations:,#\nMethod:,ML,Df Model:,4\n");
    blocks_small_counts("a.csv", "Model:,OLS,AIC:,488\nNo. Observations:,#,Df Model:,4\n");
    blocks_small_counts("a.csv", "site:,n:\nnorth,120\nsouth,#\n");
    // A column of counts holds counts whatever its rows are called.
    assert_eq!(t1("a.csv", "term,n,auc\ndf,7,0.91\nother,70,0.92\n"), Block);
    assert_eq!(t1("a.txt", "df 4 south 7\n"), Review);
}

#[test]
fn settings_of_programs_are_no_counts() {
    for setting in [
        "n_classes",
        "n_outputs",
        "n_init",
        "n_repeats",
        "n_permutations",
        "num_rounds",
        "n_models",
        "num_heads",
        "kernel_size",
        "pool_size",
        "hidden_layer_sizes",
        "batch_size",
        "input_size",
        "min_samples_leaf",
        "min_samples_split",
        "max_depth",
        "n_estimators",
        "n_neighbors",
        "n_jobs",
        "random_state",
        "n_features",
        "n_iter",
        "n_splits",
        "degree",
    ] {
        assert_eq!(t1("a.json", &format!("{{\"{setting}\": 3, \"auc\": 0.91}}")), Pass, "{setting}");
        assert_eq!(t1("a.csv", &format!("auc,{setting}\n0.91,3\n0.92,5\n")), Pass, "{setting}");
    }
    for count in [
        "class_count",
        "group_size",
        "leaf_patients",
        "batch_patients",
        "input_rows",
        "patients in pool",
        "patients per class (n)",
        "index cases",
        "distinct patients",
        "patients_unique",
        "n_center",
    ] {
        assert_eq!(t1("a.json", &format!("{{\"{count}\": 3, \"auc\": 0.91}}")), Block, "{count}");
    }
}

#[test]
fn small_whole_numbers_without_a_telling_name_are_shown_to_a_person() {
    for (name, text) in [
        ("a.csv", "site,z\nnorth,120\nsouth,7\n"),
        ("a.json", r#"{"north": 120, "south": 7}"#),
        ("a.txt", "north 120\nsouth 7\n"),
    ] {
        assert_eq!(t1(name, text), Review, "{text}");
        assert_eq!(t1(name, &text.replace('7', "70")), Pass, "{text}");
        assert_eq!(t1(name, &text.replace('7', "0.7").replace("120", "12.5")), Pass, "{text}");
    }
}

#[test]
fn what_names_groups_numbers_them_or_is_shown_to_a_person() {
    for group in ["cluster", "class", "fold", "label"] {
        let table = |numbers: [u32; 3]| {
            let rows = numbers.map(|number| format!("A,{number},61.5\n")).concat();
            t1("a.csv", &format!("site,{group},mean_age\n{rows}"))
        };
        assert_eq!((table([1, 2, 3]), table([2, 0, 1]), table([1, 1, 2])), (Pass, Pass, Pass), "{group}");
        assert_eq!((table([3, 2, 2]), table([1, 2, 7])), (Review, Review), "{group}");
    }
    // A whole number among fractions is one of them where it is written like one.
    assert_eq!(t1("a.csv", "site,mean_age,x\nA,61.5,3.0\nB,61.5,2.0\nC,61.5,562.5\n"), Pass);
    assert_eq!(t1("a.csv", "site,mean_age,x\nA,61.5,3\nB,61.5,2\nC,61.5,562.5\n"), Review);
    assert_eq!(t1("a.csv", "site,mean_age,x\nA,61.5,3\nB,61.5,2\nC,61.5,-1\n"), Review);
}

#[test]
fn declared_columns_are_counts_whatever_they_are_called() {
    for (name, text) in [
        ("a.csv", "site,auc\nnorth,120\nsouth,#\n"),
        ("a.csv", "site,fold\nnorth,120\nsouth,#\n"),
        ("a.csv", "rank,auc\n1,#\n2,120\n"),
        ("a.json", r#"{"fold": [120, #], "auc": #}"#),
        ("a.txt", "auc 120\nauc: #\n"),
    ] {
        let count = |count: &str| t1_declared(name, &text.replace('#', count), &["auc", "fold"]);
        assert_eq!(count("9"), Block, "{text}");
        assert_ne!(count("10"), Block, "{text}");
        // Running text has no columns: a fraction in it is no count.
        assert_eq!(count("0.5") == Block, name != "a.txt", "{text}");
    }
    assert_eq!(t1_declared("a.csv", "site,z\nnorth,120\nsouth,10\n", &["z"]), Pass);
    assert_eq!(t1_declared("a.csv", "site,z\nnorth,120\nsouth,-10\n", &["z"]), Block);
    assert_eq!(t1_declared("a.csv", "site,z\nnorth,120\nsouth,10\n", &["y"]), Review);
}

#[test]
fn a_declaration_takes_nothing_out_of_view() {
    for counts in [&[][..], &["z"], &["site"], &["site", "z"]] {
        assert_eq!(t1_declared("a.csv", "site,z,n\nnorth,50,120\nsouth,60,7\n", counts), Block, "{counts:?}");
    }
}

#[test]
fn json_holds_counts_under_names_in_lists_and_in_matrices() {
    blocks_small_counts("a.json", r#"{"auc": 0.91, "n": #}"#);
    blocks_small_counts("a.json", r#"{"n": {"north": 120, "south": #}}"#);
    blocks_small_counts("a.json", r#"{"patients": [120, #, 44]}"#);
    blocks_small_counts("a.json", r#"[{"site": "north", "n": 120}, {"site": "south", "n": #}]"#);
    blocks_small_counts("a.json", r#"{"n": {"0": 120, "1": #}}"#);
    blocks_small_counts("a.json", r##"{"n": "#"}"##);
    blocks_small_counts("a.json", r#"{"confusion_matrix": [[60, #], [12, 48]]}"#);
    blocks_small_counts("a.json", r#"{"deep": {"er": [[[60, 55], [#, 48]]]}}"#);
    blocks_small_counts("a.json", r#"{"0": {"precision": 0.9, "support": #}}"#);
}

#[test]
fn texts_hold_counts_beside_their_names() {
    for name in ["a.txt", "a.md"] {
        blocks_small_counts(name, "Of all, # patients had an event.\n");
        blocks_small_counts(name, "Of these, n = #.\n");
        blocks_small_counts(name, "Sites: north (n=120), south (n=#)\n");
        blocks_small_counts(name, "| site | n |\n|------|--:|\n| north | 120 |\n| south | # |\n");
        blocks_small_counts(name, "Result\n\nsite | f | m\n--- | --- | ---\nnorth | 60 | 55\nsouth | # | 48\n\nEnd.\n");
    }
    let printed = "        precision    recall  f1-score   support\n\n     0       0.95      0.97      0.96        #\n";
    assert_ne!(t1("a.txt", &printed.replace('#', "7")), Pass);
}

#[test]
fn the_finding_says_where_and_how_many() {
    let report = examine(&evidence("a.csv", "site,n\nnorth,120\nsouth,7\neast,3\n"));
    let found = common::finding("T1", &report);
    let cells: Vec<_> =
        found.place.cells.iter().map(|cell| (cell.row, cell.column.as_str(), cell.value.as_str())).collect();
    assert_eq!(cells, [(2, "n", "7"), (3, "n", "3")]);
    assert_eq!((&found.evidence["cells"], &found.evidence["min_people"]), (&2.into(), &10.into()));
}

#[test]
fn counts_pass_only_where_every_row_is_a_person() {
    let table = "site,n\nnorth,120\nsouth,180\n";
    let mut evidence = about_people("a.csv", table);
    assert_eq!(common::outcome("T1", &evidence), Some(Pass));
    evidence.inputs = vec![common::input(&COLUMNS, None, &common::csv(&COLUMNS, &people()))];
    assert_eq!(common::outcome("T1", &evidence), Some(Review), "no column identifies a person");
    let mut twice = people();
    twice[7][0] = twice[8][0].clone();
    evidence.inputs = vec![common::input(&COLUMNS, Some("id"), &common::csv(&COLUMNS, &twice))];
    assert_eq!(common::outcome("T1", &evidence), Some(Review), "a person has two rows");
}

#[test]
fn a_finding_names_its_first_cell_and_how_many_there_are() {
    let said = |text: &str| common::finding("T1", &examine(&evidence("a.csv", text))).message.clone();
    assert!(said("site,n\nA,562\nB,7\n").starts_with("row 2, `n` = 7: fewer than 10 people"));
    assert!(said("site,n\nA,3\nB,7\n").starts_with("row 1, `n` = 3 and 1 cell more: fewer than 10 people"));
    assert!(said("site,n\nA,3\nB,7\nC,8\n").starts_with("row 1, `n` = 3 and 2 cells more: fewer than 10 people"));
}
