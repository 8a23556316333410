//! F6 in texts: what a spreadsheet would reckon, what a browser would run, and pickles that are called a text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use semla_checks::Outcome;
use semla_checks::Outcome::{Block, Pass};

fn f6(name: &str, text: &str) -> Outcome {
    common::outcome("F6", &common::evidence(name, text)).unwrap_or(Pass)
}

#[test]
fn formulas_in_tables_are_blocked() {
    for cell in ["=cmd|' /C calc'!A0", "\"=HYPERLINK(\"\"http://a/?\"\"&A1)\"", "@SUM(1+1)*cmd|' /C calc'!A0", "=1+1"] {
        assert_eq!(f6("a.csv", &format!("name,score\n{cell},0.5\n")), Block, "{cell}");
        assert_eq!(f6("a.tsv", &format!("name\tscore\n{cell}\t0.5\n")), Block, "{cell}");
    }
    for cell in ["-0.5", "+3", "-", "-0.12 [-0.3; 0.1]", "-log10(p)", "a = b", "+/-"] {
        assert_eq!(f6("a.csv", &format!("name,score\n{cell},0.5\n")), Pass, "{cell}");
    }
}

#[test]
fn markup_that_runs_is_blocked() {
    for markup in
        ["<script>alert(1)</script>", "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<IFRAME src=a>"]
    {
        assert_eq!(f6("a.md", &format!("# results\n{markup}\n")), Block, "{markup}");
        assert_eq!(f6("a.csv", &format!("a,b\n{markup},0.5\n")), Block, "{markup}");
    }
    for text in ["# results\n| a | b |\n|---|---|\n| < 0.05 | 3 |\n", "p <0.001, n>30\n", "data: 569 people\n"] {
        assert_eq!(f6("a.md", text), Pass, "{text}");
    }
}

#[test]
fn a_pickle_in_letters_is_blocked_whatever_it_is_called() {
    for name in ["a.txt", "a.md", "a.csv"] {
        assert_eq!(f6(name, "cos\nsystem\n(S'id'\ntR."), Block, "{name}");
        assert_eq!(f6(name, "cohort\nsize\n(see below)\n"), Pass, "{name}");
    }
}
