//! What the checks of one file said.

use super::{Id, Taken};
use semla_policy::Digest;
use semla_policy::release::{Judged, Verdict};
use serde::{Deserialize, Serialize};

/// What a worker said of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The file.
    pub object: Id,
    /// Whose thresholds.
    pub policy: Digest,
    /// For which target.
    pub to: String,
    /// The worst finding; no answer is a block.
    pub verdict: Verdict,
    /// How each check came out.
    pub notices: Vec<Notice>,
    /// Bits that the file can say at most, in the worker's own words.
    #[serde(default)]
    pub information: u64,
    /// The detail, at the file's label.
    pub detail: Option<Taken>,
    /// A mended copy, at the file's label.
    pub mended: Option<Taken>,
}

impl Checked {
    /// What that means for the file. The launcher and the daemon ask here, each by itself.
    pub fn judged(&self) -> Judged {
        let blocks = self.notices.iter().filter(|notice| notice.outcome == Verdict::Block);
        let blocks = blocks.map(|notice| notice.check.clone()).collect();
        Judged { policy: self.policy, verdict: self.verdict, blocks }
    }
}

/// How one check came out: a letter with a number, and one of three words. A worker that a file took over can say no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The check's id.
    pub check: String,
    /// The worst of its findings.
    pub outcome: Verdict,
}

impl Notice {
    /// Reads a line such as `T1 block`.
    pub fn read(line: &str) -> Option<Self> {
        let (check, word) = line.split_once(' ')?;
        let (letter, number) = check.split_at_checked(1)?;
        let plain = letter.bytes().all(|byte| byte.is_ascii_uppercase())
            && matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit());
        let outcome = Verdict::read(word);
        (plain && outcome.word() == word).then(|| Self { check: check.to_owned(), outcome })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_tells_a_word_for_each_check_and_nothing_else() {
        assert_eq!(Notice::read("T1 block"), Some(Notice { check: "T1".into(), outcome: Verdict::Block }));
        for other in ["", "T1", "T1 ", "T1 blocked", "t1 block", "T123 block", "TT block", "T1  block", "5.1,3.5 pass"]
        {
            assert_eq!(Notice::read(other), None, "{other}");
        }
    }
}
