//! What may run beside each other on one host (rule 5).

use crate::label::Label;
use crate::policy::{Permits, Policy};

impl Policy {
    /// Whether things of these labels and permits may run on one host at a time: they are of one label and permit, or a rule says so.
    pub fn beside(&self, a: (&Label, &str), b: (&Label, &str)) -> bool {
        let names = |labels: &[String], label: &Label| {
            labels.iter().any(|text| self.scheme.label(text).is_ok_and(|named| named == *label))
        };
        let mut shares = self.shares.iter().filter(|share| a.1 == b.1 || share.permits == Permits::Any);
        a == b || shares.any(|share| names(&share.labels, a.0) && names(&share.labels, b.0))
    }
}
