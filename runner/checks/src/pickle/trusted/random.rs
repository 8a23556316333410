//! Generators of random numbers: where one stands in the numbers that it has made ahead.

use super::super::scene::Scene;
use super::super::slot::{Slot, Value};

/// Numbers that `mt19937` makes at a time (numpy `RK_STATE_LEN`), and `philox` (`PHILOX_BUFFER_SIZE`).
const TWISTED: u64 = 624;
const ENCIPHERED: u64 = 4;
/// Deepest nesting of a state.
const DEPTH: u32 = 4;

impl Scene<'_> {
    /// A dict; or a dict and where the seeds come from; or the older `("MT19937", key, pos, has_gauss, gauss)`.
    pub(super) fn generator(&self, state: Slot) -> bool {
        let [first, second] = match self.heap.first(state).filter(|_| state.as_tuple().is_some()) {
            Some(two) => two,
            None => return self.generator_dict(state, DEPTH),
        };
        if self.heap.len(state) == 2 {
            let seeded = second == Slot::NONE || self.seeds(second) == Some(true);
            return self.generator_dict(first, DEPTH) && seeded;
        }
        let at = self.heap.each(state).nth(2).and_then(|at| self.whole(at));
        let plain = self.heap.each(state).all(|part| self.is_part(part));
        plain && matches!(self.heap.len(state), 3 | 5) && at.is_some_and(|at| at <= TWISTED)
    }

    fn generator_dict(&self, state: Slot, depth: u32) -> bool {
        let part = |(key, value): (Slot, Slot)| match (self.text(key).as_deref(), value.value()) {
            (Some("pos"), _) => self.whole(value).is_some_and(|at| at <= TWISTED),
            (Some("buffer_pos"), _) => self.whole(value).is_some_and(|at| at <= ENCIPHERED),
            (Some(_), Value::Dict(_)) => depth > 0 && self.generator_dict(value, depth - 1),
            (key, _) => key.is_some() && self.is_part(value),
        };
        state.as_dict().is_some() && self.spend(self.heap.len(state)) && self.heap.pairs(state).all(part)
    }

    /// `(entropy, children, pool, size of the pool, key)`.
    fn seeds(&self, slot: Slot) -> Option<bool> {
        let seeds = self.heap.get(slot)?;
        let [_, _, pool, size, _] = self.heap.exactly(seeds.state?)?;
        let named = self.maker(seeds)?.name.ends_with("SeedSequence");
        Some(named && self.lengths(pool)? == [self.whole(size)?])
    }

    /// A number, a text, or an array of numbers.
    fn is_part(&self, part: Slot) -> bool {
        self.is_literal(part, 0) || self.lengths(part).is_some()
    }
}
