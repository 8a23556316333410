//! How often rows would seem to be copied by chance.

/// Fewer chance matches than one file in so many may be taken for copies.
const RISK: f64 = 0.01;

/// The probability that at least `least` of independent events happen, of which each has its own probability.
pub(crate) fn at_least(probabilities: &[f64], least: usize) -> f64 {
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
    ways.iter().skip(least).sum::<f64>().min(1.0)
}

/// How many of these matches are no chance, the least likely first; each has the number of rows that would match its record by
/// chance, and there are so many records. Chernoff's bound on the tail of Poisson's distribution.
pub(crate) fn telling(expected: &[f64], records: usize) -> usize {
    let no_chance = |count: usize, each: f64| {
        let (count, chance) = (count as f64, (each * records as f64).max(f64::MIN_POSITIVE));
        count > chance && chance - count + count * (count / chance).ln() >= -RISK.ln()
    };
    (1..).zip(expected).filter(|(count, each)| no_chance(*count, **each)).map(|(count, _)| count).max().unwrap_or(0)
}
