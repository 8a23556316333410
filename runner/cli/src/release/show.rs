//! How a request is told.

use crate::output::plain;
use semla_daemon::api::{FileView, ReleaseView};
use serde_json::Value;

/// A request, findings first.
pub(super) fn release(view: &ReleaseView) -> String {
    let mut text = format!(
        "{}  {} -> {}  {}  by {} under {}",
        view.id, view.from, view.to, view.state, view.requester, view.permit
    );
    for (name, file) in &view.files {
        text.push_str(&format!("\n{}", line(name, file)));
    }
    if let Some(budget) = &view.budget {
        text.push_str(&format!(
            "\nThese notices cost {} bits; {} of {} are left.",
            budget.cost, budget.left, budget.of
        ));
    }
    text
}

fn line(name: &str, file: &FileView) -> String {
    let state = file.state.as_deref().unwrap_or("submitted");
    let said = file.notice.as_ref().filter(|notice| notice.outcome != "pass");
    let mut text = match said {
        Some(notice) => format!("{:<16} {:<10} {} {}", plain(name), state, notice.check, notice.title),
        None => format!("{:<16} {state}", plain(name)),
    };
    if file.mended {
        text.push_str("  (re-encoded)");
    }
    if let Some(notice) = said {
        text.push_str(&format!("\n    {}\n    fix: {}", notice.message, notice.remedy));
    }
    text
}

/// What the checks found, with places and fixes.
pub(super) fn details(reports: &[Value]) -> String {
    let text = |value: &Value, key: &str| {
        value.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_owned))
    };
    let mut lines = Vec::new();
    for report in reports {
        lines.push(format!("{}, profile {}", text(report, "verdict"), text(report, "profile")));
        for finding in report.get("findings").and_then(Value::as_array).into_iter().flatten() {
            lines.push(format!(
                "{:<4} {:<6} {}",
                text(finding, "check"),
                text(finding, "outcome"),
                text(finding, "message")
            ));
            for key in ["where", "evidence"] {
                let value = text(finding, key);
                if !matches!(value.as_str(), "" | "{}" | "null") {
                    lines.push(format!("       {key}: {value}"));
                }
            }
        }
    }
    plain(&lines.join("\n"))
}
