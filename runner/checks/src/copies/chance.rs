//! How often rows would seem to be copied by chance.

/// Fewer chance matches than one file in so many may be taken for copies.
const RISK: f64 = 0.01;

/// Odds of greater chances aren't told apart: a chance that adds up from several forms of one value may exceed itself.
const SURE: f64 = 0.99;

/// How often something happens, in parts of how often it doesn't.
pub(crate) fn odds(chance: f64) -> f64 {
    chance / (1.0 - chance.min(SURE))
}

/// The probability that at least `least` of independent events happen, of which each has its own probability.
pub(crate) fn at_least(probabilities: &[f64], least: usize) -> f64 {
    ways(probabilities).iter().skip(least).sum::<f64>().min(1.0)
}

/// The fewest of such events that happen together with a probability below a bound.
pub(crate) fn more_than(probabilities: &[f64], bound: f64) -> usize {
    let mut sum = 0.0;
    let tail = ways(probabilities).into_iter().rev().take_while(|way| {
        sum += way;
        sum < bound
    });
    probabilities.len() + 1 - tail.count()
}

/// The probability that just so many of them happen, from none to all.
fn ways(probabilities: &[f64]) -> Vec<f64> {
    let mut ways = vec![0.0; probabilities.len() + 1];
    if let Some(first) = ways.first_mut() {
        *first = 1.0;
    }
    for probability in probabilities {
        let mut below = 0.0;
        for way in &mut ways {
            let here = *way;
            *way = here * (1.0 - probability) + below * probability;
            below = here;
        }
    }
    ways
}

/// How many of these matches are no chance, the least likely first; each has the number of rows that would match its record by
/// chance, and there are so many records. Chernoff's bound on the tail of Poisson's distribution.
pub(crate) fn telling(expected: &[f64], records: u64) -> usize {
    let no_chance = |count: usize, each: f64| {
        let (count, chance) = (count as f64, (each * records as f64).max(f64::MIN_POSITIVE));
        count > chance && chance - count + count * (count / chance).ln() >= -RISK.ln()
    };
    (1..).zip(expected).filter(|(count, each)| no_chance(*count, **each)).map(|(count, _)| count).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{at_least, more_than, odds};

    #[test]
    fn so_many_events_happen_together() {
        let coins = [0.5; 4];
        assert!((at_least(&coins, 3) - 5.0 / 16.0).abs() < 1e-12);
        for (bound, expected) in [(0.05, 5), (0.07, 4), (0.4, 3), (1.1, 0)] {
            assert_eq!(more_than(&coins, bound), expected, "{bound}");
        }
    }

    #[test]
    fn odds_are_to_one_and_end_at_a_hundred() {
        for (chance, expected) in [(0.0, 0.0), (0.5, 1.0), (0.75, 3.0), (0.99, 99.0), (1.0, 100.0)] {
            assert!((odds(chance) - expected).abs() < 1e-9, "{chance}");
        }
    }
}
