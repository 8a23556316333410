//! False alarms: how many of a hundred ordinary, safe exports are held up. The exports are those of the checks' own tests.

#[path = "../../../runner/checks/tests/safe/corpus.rs"]
mod corpus;

pub(super) fn run(put: &mut impl FnMut(&str, f64)) {
    let (blocked, reviewed) = corpus::rates(&corpus::all());
    put("false_block_rate", blocked);
    put("false_review_rate", reviewed);
}
