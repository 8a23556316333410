//! The ledger, and what it answers.

use clap::{Args, Subcommand, ValueEnum};
use semla_policy::Date;

#[derive(Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) about: About,
    /// The first day, in UTC, as 2026-03-01.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with = "ehds")]
    pub(crate) from: Option<Date>,
    /// The last day, in UTC.
    #[arg(long, value_name = "DAY", value_parser = day, conflicts_with = "ehds")]
    pub(crate) to: Option<Date>,
    /// Print a table for spreadsheets (RFC 4180).
    #[arg(long, conflicts_with = "ehds")]
    pub(crate) csv: bool,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "there is no such day; write the year, the month and the day, as 2026-03-01".to_owned())
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct About {
    /// What was done with this dataset, `name@version`.
    #[arg(long)]
    pub(crate) dataset: Option<String>,
    /// What this person did, and what was decided about them.
    #[arg(long)]
    pub(crate) person: Option<String>,
    /// What was done under this permit.
    #[arg(long)]
    pub(crate) permit: Option<String>,
    /// How Art. 73(1) of Regulation (EU) 2025/327 is met, from (a) to (f), or by one of these.
    #[arg(long, value_name = "LETTER")]
    pub(crate) ehds: Option<Option<Letter>>,
}

/// A letter of Art. 73(1).
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Letter {
    A,
    B,
    C,
    D,
    E,
    F,
}

#[derive(Subcommand)]
pub(crate) enum Ledger {
    /// Show its size, checkpoint and key.
    Show,
    /// Print its key alone, for `semla verify --log-key`.
    Key,
    /// Print the keys of those who review, a name and a key a line: the file for `semla verify --reviewers`; for officers. Whose account was
    /// closed is marked: bundles from before need their keys, too.
    Reviewers,
    /// Have it recomputed from its files.
    Verify,
    /// Hold the launcher's journal against it, on the site's host, as root: whatever was handed out or lowered has to be told of.
    Match {
        /// The ledger's key, as `semla ledger key` prints it; better a copy that somebody else kept.
        #[arg(long)]
        log_key: String,
    },
    /// Print the entries that you may open, a line each; as JSON each with all that it says, word for word.
    Tail {
        /// From this number on, as the entries are printed with.
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn what_is_no_day_is_told_how_days_are_written() {
        assert_eq!(day("2026-03-01").unwrap().to_string(), "2026-03-01");
        for text in ["2026-13-01", "2026-02-30", "1 March", ""] {
            let told = day(text).unwrap_err();
            assert!(told.contains("as 2026-03-01") && !told.contains("parse"), "{told}");
        }
    }
}
