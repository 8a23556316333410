//! Support vectors: as many as each class says, and a line for each pair of classes.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};

impl Scene<'_> {
    /// Of a classifier, each class says how many are its own; of a regression libsvm takes all for those of the first of two.
    pub(super) fn support(&self, object: &Object, classifies: bool) -> Option<bool> {
        let Some(counts) = self.held(object, "_n_support") else { return Some(true) };
        let support = self.whole_numbers(self.held(object, "support_")?)?;
        let (classes, total) = (self.whole_numbers(counts)?.len, support.len);
        let (mut sum, most) = (0, 1 << 40);
        let counted = self.whole_numbers(counts)?.all(|_, [count]| {
            sum += count;
            (0..most).contains(&count)
        });
        let counted = if classifies { counted && u64::try_from(sum) == Ok(total) } else { classes == 2 };
        let [rows, ..] = *self.shape(self.held(object, "shape_fit_")?)? else { return None };
        let placed = support.all(|_, [row]| u64::try_from(row).is_ok_and(|row| row < rows));
        // Of a matrix of distances only the places are kept.
        let kernel = self.text(self.held(object, "kernel")?)?;
        let vectors = self.extent(self.held(object, "support_vectors_")?)?;
        let columns = self.whole(self.held(object, "n_features_in_")?)?;
        let kept = kernel == "precomputed" || vectors == [total, columns];
        let pairs = classes.checked_mul(classes.checked_sub(1)?)? / 2;
        let many = |name: &str| Some(self.lengths(self.held(object, name)?)?.iter().product::<u64>());
        let coefficients = self.held(object, "_dual_coef_")?;
        let coefficients = self.held_by(coefficients, "data").unwrap_or(coefficients);
        let coefficients = self.lengths(coefficients)?.iter().product::<u64>();
        Some(
            counted
                && placed
                && kept
                && classes > 1
                && coefficients == (classes - 1).checked_mul(total)?
                && many("_intercept_") == Some(pairs)
                && self.chances(object, pairs)?,
        )
    }

    /// Two numbers for each pair, where chances are asked for: libsvm copies them. Otherwise there may be none.
    fn chances(&self, object: &Object, pairs: u64) -> Option<bool> {
        // `deprecated` is a text, and asks for none.
        let asked = |name: &str| {
            self.held(object, name)
                .is_some_and(|asked| asked != Slot::FALSE && !matches!(asked.value(), Value::Text(_)))
        };
        let must = asked("probability") || asked("_effective_probability");
        let told = [self.held(object, "_probA")?, self.held(object, "_probB")?].map(|told| self.lengths(told));
        Some(told.iter().all(|told| *told == Some(&[pairs]) || !must && *told == Some(&[0])))
    }

    /// The lengths of an array, or of a sparse matrix, along its dimensions.
    pub(super) fn extent(&self, slot: Slot) -> Option<Vec<u64>> {
        match self.lengths(slot) {
            Some(lengths) => Some(lengths.to_vec()),
            None => self.shape(self.held_by(slot, "_shape")?),
        }
    }
}
