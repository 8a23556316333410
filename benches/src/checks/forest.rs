//! A forest of scikit-learn of 200 MB: how long all checks take, without and with the rows at hand that it was trained on.

use super::examined::{Examined, Peak};
use super::median;
use super::peer::Peers;

const MAKE: &str = include_str!("peers/forest.py");
const ROUNDS: usize = 3;

/// `checks.forest_s`, of pickle and joblib the longer, of a job without inputs; `checks.forest_beside_s` with the rows, of joblib alone, since the arrays
/// are the same; and `checks.forest_alarms`, how often something of the data is found in it that isn't there: split thresholds are values of rows by nature.
pub(super) fn run(peers: &Peers, peak: &mut Peak, put: &mut impl FnMut(&str, f64)) {
    let folder = peers.made("bench-forest", MAKE);
    let [pickle, joblib] = ["forest.pkl", "forest.joblib"].map(|name| folder.join(name));
    let mut alone = |file| median((0..ROUNDS).map(|_| Examined::wholly(file, None, peak).seconds).collect());
    let (of_pickle, of_joblib) = (alone(&pickle), alone(&joblib));
    let beside = Examined::wholly(&joblib, Some(&folder.join("cohort.csv")), peak);
    let alarms: Vec<_> =
        ["C1", "C3", "C4", "C5", "F5", "F7", "M1", "T1"].iter().flat_map(|check| beside.blocks(check)).collect();
    eprintln!("  pickle {of_pickle:.2} s, joblib {of_joblib:.2} s, and {:.1} s beside its rows", beside.seconds);
    alarms.iter().for_each(|alarm| eprintln!("  {}: {}", alarm.check, alarm.message));
    put("forest_s", of_pickle.max(of_joblib));
    put("forest_beside_s", beside.seconds);
    put("forest_alarms", alarms.len() as f64);
}
