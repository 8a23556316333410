//! Regular expressions of vectorizers (Python's `re`): one that finds its way back in many ways takes for ever on a common text.
//!
//! It is walked along once. What repeats or need not come stays open until something has to follow that it doesn't take; nothing else of the kind
//! may take a character that is open, and a group that repeats is walked along twice. So from each place in a text there are few ways on.

mod parse;
mod set;

use parse::Node;
use set::Set;

/// Longest expression.
const LONGEST: usize = 1000;
/// Most steps of the walk.
const STEPS: u32 = 10_000;
/// Most combinations of ways that take the same characters.
const CHOICES: usize = 10_000;

/// Whether Python's `re` matches an expression, or gives up, soon.
pub(super) fn is_quick(pattern: &str) -> bool {
    let ways = Some(pattern).filter(|pattern| pattern.len() <= LONGEST).and_then(parse::parse);
    let mut walk = Walk { steps: 0, choices: 1 };
    ways.is_some_and(|ways| walk.ways(&ways, &[], Within::default()).is_some()) && walk.choices <= CHOICES
}

/// What a node lies in: something that need not come, or comes again; something that comes again.
#[derive(Clone, Copy, Default)]
struct Within {
    varies: bool,
    repeats: bool,
}

struct Walk {
    steps: u32,
    choices: usize,
}

impl Walk {
    /// What is open behind a node, unless something is in doubt.
    fn node(&mut self, node: &Node, open: &[Set], within: Within) -> Option<Vec<Set>> {
        self.steps += 1;
        if self.steps > STEPS {
            return None;
        }
        match node {
            Node::Ahead(ways) => self.ways(ways, &[], Within::default()).map(|_| open.to_vec()),
            Node::Group(ways) => self.ways(ways, open, within),
            Node::One(set) if within.varies && meets(open, *set) => None,
            Node::One(set) => Some(closed(open, *set)),
            Node::Repeat { node, least, many } => {
                let within = Within { varies: true, repeats: within.repeats || *many };
                let mut after = self.node(node, open, within)?;
                if *many && !matches!(**node, Node::One(_)) {
                    after = self.node(node, &after, within)?;
                }
                after.push(node.set());
                if !least {
                    after.extend(open);
                }
                Some(after)
            }
        }
    }

    /// Ways of which one is taken; in what repeats, no two take the same character.
    fn ways(&mut self, ways: &[Vec<Node>], open: &[Set], within: Within) -> Option<Vec<Set>> {
        let (mut taken, mut shared, mut after) = (0, false, Vec::new());
        for way in ways {
            let set = way.iter().fold(0, |all, node| all | node.set());
            shared |= taken & set != 0;
            taken |= set;
            after.extend(way.iter().try_fold(open.to_vec(), |open, node| self.node(node, &open, within))?);
        }
        if shared {
            self.choices = self.choices.saturating_mul(ways.len());
        }
        after.sort_unstable();
        after.dedup();
        Some(after).filter(|_| !(shared && within.repeats))
    }
}

fn meets(open: &[Set], set: Set) -> bool {
    open.iter().any(|other| other & set != 0)
}

/// What stays open where a character of a set has to follow.
fn closed(open: &[Set], set: Set) -> Vec<Set> {
    open.iter().copied().filter(|other| other & set != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::is_quick;

    #[test]
    fn the_usual_expressions_are_quick() {
        for pattern in [
            r"(?u)\b\w\w+\b",
            r"\b[a-zA-Z]{3,}\b",
            r"(?u)\b\w+\b",
            r"[^\s,;]+",
            r"\w+|[^\w\s]+",
            r"(?i)[a-z]+(?:'[a-z]+)?",
            r"\b[a-z]+(?:-[a-z]+)*\b",
            r"\d+\.\d+|\w+",
            r"\d+(?:\.\d+)?",
            r"(?<!\S)[#@]?\w+(?!\S)",
            r"\S+",
            r".",
            r".*",
            r"^num_.*_mean$",
            r"[\u4e00-\u9fff]",
            r"\b[^\d\W]+\b",
            r"(?u)\b[a-z]\w{1,20}\b",
            r"(?P<word>\w+)",
            r"[A-Z]{2}\d{4}",
            r"\d{1,2}(?:am|pm)?|https?://\S+|[^\W\d_]+",
            "",
        ] {
            assert!(is_quick(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_takes_for_ever_is_not() {
        for pattern in [
            r"(\w+)+$",
            r"(?:\w|\d)*!",
            r"(a|a)*b",
            r"(\w+\s?)*$",
            r"(?:a*)*b",
            r".*.*.*.*!",
            r"\w*\w*\w*\w*!",
            r"\w+\d+\w+!",
            r"(?:\w\w)*(?:\w\w)*!",
            r"(\w)\1+!",
            r"(?P<a>\w+)(?P=a)",
            r"(?x)a b",
            r"(a?){30}a{30}",
            r"(?=(\w+)+$)",
            r"(?:(?:a|b)+c?)*d",
            r"([\s\S]*)+!",
            &"a?".repeat(30),
            &"(?:a)?".repeat(30),
            &"(?:a|a)".repeat(30),
            r"\d*\.?\d+",
            "(",
            "a**",
            "[a",
            "\\",
        ] {
            assert!(!is_quick(pattern), "{pattern}");
        }
    }
}
