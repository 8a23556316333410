//! What the checks say: findings, the report of a file, and the little of it that anybody may know.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a finding, or a file, comes out.
pub use semla_policy::release::Verdict as Outcome;

/// Most bytes of a report as JSON.
pub const REPORT: usize = 1 << 20;
/// Most cells, rows or lines that one finding lists; how many there are stands in its evidence.
pub(crate) const LISTED: usize = 50;

/// What one check found, at the job's label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check's id, such as `T1`.
    pub check: String,
    /// How it came out.
    pub outcome: Outcome,
    /// The file, by the path that the job declared.
    pub path: String,
    /// What was found and why it matters.
    pub message: String,
    /// The best fix; empty when there is nothing to mend.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// Where in the file.
    #[serde(rename = "where", default)]
    pub place: Place,
    /// Counts, bounds and positions behind the message, by name.
    #[serde(default)]
    pub evidence: BTreeMap<String, Value>,
}

/// Where in the file something was found: the first few places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Lines, from 1; of JSON, which needs no lines, its objects and arrays in the order in which they begin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u64>,
    /// Cells of a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
    /// Parts of a file that has several, such as `.steps[1]._fit_X[17]` of a model, or a sheet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The row below the header, from 1.
    pub row: u64,
    /// The column's name.
    pub column: String,
    /// What stands there.
    pub value: String,
}

impl Finding {
    /// A finding about the whole file; the path is filled in by [`examine`](crate::examine).
    pub(crate) fn new(outcome: Outcome, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            check: String::new(),
            outcome,
            path: String::new(),
            message: message.into(),
            remedy: remedy.into(),
            place: Place::default(),
            evidence: BTreeMap::new(),
        }
    }

    pub(crate) fn pass(message: impl Into<String>) -> Self {
        Self::new(Outcome::Pass, message, "")
    }

    pub(crate) fn review(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Outcome::Review, message, remedy)
    }

    pub(crate) fn block(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Outcome::Block, message, remedy)
    }

    pub(crate) fn at_lines(mut self, lines: impl IntoIterator<Item = u64>) -> Self {
        self.place.lines = lines.into_iter().take(LISTED).collect();
        self
    }

    pub(crate) fn at_parts(mut self, parts: impl IntoIterator<Item = String>) -> Self {
        self.place.parts = parts.into_iter().take(LISTED).collect();
        self
    }

    pub(crate) fn at_cells(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.place.cells = cells.into_iter().take(LISTED).collect();
        self
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name.to_owned(), value.into());
        self
    }
}

/// All findings of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The worst of the findings.
    pub verdict: Outcome,
    /// At least one of each check that looked at the file.
    pub findings: Vec<Finding>,
    /// How many findings were left out to keep the report short; the verdict counts them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
    /// The profile that gave the thresholds.
    pub profile: String,
    /// The digest of the policy, where the caller knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The program and its version.
    pub tool: String,
    /// Bits that the file can say at most.
    #[serde(skip)]
    pub information: u64,
    /// The copy that may leave in the file's place, where the file isn't that already.
    #[serde(skip)]
    pub mended: Option<Vec<u8>>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Report {
    /// A report of these findings. No finding at all is no answer, and blocks.
    pub(crate) fn new(findings: Vec<Finding>, profile: &str, mended: Option<Vec<u8>>) -> Self {
        Self {
            verdict: findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Block),
            findings,
            omitted: 0,
            profile: profile.to_owned(),
            policy: None,
            tool: concat!("semla ", env!("CARGO_PKG_VERSION")).to_owned(),
            information: 0,
            mended,
        }
    }

    /// A report for a file that no worker answered about: that is a block.
    pub fn unanswered(path: &str, profile: &str, why: &str) -> Self {
        let message = format!("the examination gave no answer ({why}), and what isn't examined isn't released");
        let finding = Finding::block(message, "write the file with an ordinary library, smaller, and try again");
        let finding = Finding { check: "F1".to_owned(), path: path.to_owned(), ..finding };
        Self::new(vec![finding], profile, None)
    }

    /// The report as JSON in at most [`REPORT`] bytes: findings are left out from the end, and counted.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let omitted = self.omitted + self.findings.len();
        let mut report = Self {
            findings: Vec::new(),
            omitted,
            mended: None,
            profile: self.profile.clone(),
            policy: self.policy.clone(),
            tool: self.tool.clone(),
            ..*self
        };
        let mut room = REPORT.saturating_sub(serde_json::to_string(&report)?.len());
        for finding in &self.findings {
            // A finding and the comma before it.
            let size = serde_json::to_string(finding)?.len() + 1;
            let Some(less) = room.checked_sub(size) else { break };
            room = less;
            report.findings.push(finding.clone());
            report.omitted -= 1;
        }
        serde_json::to_string(&report)
    }
}

/// What somebody may be told who isn't cleared: which check, and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The check's id.
    pub check: String,
    /// The worst of its findings.
    pub outcome: Outcome,
}

/// One notice for each check that looked at the file, in the battery's order.
pub fn notices(report: &Report) -> Vec<Notice> {
    let worst = |id: &str| report.findings.iter().filter(|f| f.check == id).map(|f| f.outcome).max();
    let of = |id: &str| Some(Notice { check: id.to_owned(), outcome: worst(id)? });
    crate::CHECKS.iter().filter_map(|check| of(check.id)).collect()
}
