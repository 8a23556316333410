//! A model that stores a million rows, held to the million that it was trained on.

use super::examined::{Examined, Peak};
use super::peer::Peers;
use serde_json::Value;

const MAKE: &str = include_str!("peers/stored.py");
const ROWS: f64 = 1e6;

/// `checks.rows_1m_s`: how long C5 takes, and `checks.rows_1m_found`, the share of the rows that it finds. It blocks in any case.
pub(super) fn run(peers: &Peers, peak: &mut Peak, put: &mut impl FnMut(&str, f64)) {
    let folder = peers.made("bench-stored", MAKE);
    let examined = Examined::by("C5", &folder.join("neighbours.joblib"), Some(&folder.join("cohort.csv")), peak);
    let blocks: Vec<_> = examined.blocks("C5").collect();
    assert!(!blocks.is_empty());
    blocks.iter().for_each(|finding| eprintln!("  {}", finding.message));
    let most = blocks.iter().filter_map(|finding| finding.evidence.get("count").and_then(Value::as_u64)).max();
    put("rows_1m_s", examined.seconds);
    put("rows_1m_found", most.unwrap_or(0) as f64 / ROWS);
}
