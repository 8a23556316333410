//! A report for people.

use crate::fail::Fail;
use crate::output::line;
use semla_checks::{CHECKS, Finding, Outcome, Report};
use std::path::Path;

/// The file with its verdict; below it each finding that isn't a pass, and how to mend it.
pub(super) fn report(path: &Path, report: &Report) -> Result<(), Fail> {
    line(&format!("{}  {}", path.display(), report.verdict.word().to_uppercase()))?;
    let (passes, others): (Vec<_>, Vec<_>) = report.findings.iter().partition(|found| found.outcome == Outcome::Pass);
    others.iter().try_for_each(|found| told(found))?;
    let mut passed: Vec<&str> = passes.iter().map(|found| found.check.as_str()).collect();
    passed.retain(|check| others.iter().all(|found| found.check != *check));
    if report.omitted > 0 {
        line(&format!("  and {} findings more", report.omitted))?;
    }
    if !passed.is_empty() {
        line(&format!("  nothing found: {}", passed.join(" ")))?;
    }
    Ok(())
}

fn told(finding: &Finding) -> Result<(), Fail> {
    let title = CHECKS.iter().find(|check| check.id == finding.check).map_or("", |check| check.title);
    line(&format!("  {:6} {} {title}: {}", finding.outcome.word(), finding.check, finding.message))?;
    if !finding.remedy.is_empty() {
        line(&format!("         fix: {}", finding.remedy))?;
    }
    Ok(())
}
