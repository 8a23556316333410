//! Splines: as many coefficients as the knots ask for.

use super::super::heap::Object;
use super::super::scene::Scene;

/// Highest degree: each evaluation takes its square.
const DEGREE: u64 = 100;

impl Scene<'_> {
    pub(super) fn spline(&self, object: &Object) -> Option<bool> {
        let either = |name: &str, new: &str| {
            let (old, new) = (self.held(object, name), self.held(object, new));
            // Two would be two for different versions.
            if old.is_some() && new.is_some() { None } else { self.lengths(old.or(new)?) }
        };
        let [knots] = *either("t", "_t")? else { return None };
        let coefficients = *either("c", "_c")?.first()?;
        let degree = self.whole(self.held(object, "k")?)?;
        Some(degree <= DEGREE && knots >= 2 * degree + 2 && coefficients >= knots - degree - 1)
    }
}
