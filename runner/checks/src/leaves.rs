//! M2: what the structure of a model says of the people in it. These are facts for whoever decides; no machine blocks by them.

use crate::anatomy::{Body, Part};
use crate::array::Array;
use crate::finding::Finding;
use crate::say::many;
use crate::spare;
use crate::subject::Subject;
use std::collections::BTreeMap;
use std::io;

/// Nodes that are read of one tree.
const NODES: u64 = 16 << 20;
/// Nodes that are decoded at a time.
const CHUNK: usize = 1 << 14;
/// The child of a leaf (scikit-learn, `sklearn/tree/_tree.pyx`: `TREE_LEAF`).
const LEAF: f64 = -1.0;

/// What the trees of a file have in common.
#[derive(Debug, Default, PartialEq)]
struct Leaves {
    trees: usize,
    leaves: u64,
    /// People in the smallest leaf.
    smallest: Option<u64>,
    /// Leaves of fewer people than the profile says.
    small: u64,
    /// Leaves in which all are of one class, so that any other one has no probability.
    pure: u64,
}

/// Looks at the trees of scikit-learn, and says how many numbers each model holds.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let estimators = &subject.anatomy.estimators;
    let Some(first) = estimators.first() else { return Vec::new() };
    let least = subject.evidence.profile.min_people;
    let parameters: u64 = estimators.iter().map(|estimator| estimator.parameters).max().unwrap_or(0);
    let facts = |finding: Finding| {
        let finding = finding.with("class", first.class.as_str()).with("parameters", parameters);
        match &first.version {
            Some(version) => finding.with("version", version.as_str()),
            None => finding,
        }
    };
    let told = match leaves(&subject.anatomy.parts, least) {
        Err(error) => Finding::review(format!("its trees can't be read ({error})"), "save the model anew"),
        Ok(leaves) => match leaves.smallest {
            None => Finding::pass(format!("{}, {parameters} numbers", first.class)),
            Some(smallest) => {
                let message = format!(
                    "{} with {}: the smallest holds {smallest}, {} fewer than {least}, in {} all are of one class",
                    many(leaves.trees, "tree"),
                    many(leaves.leaves as usize, "leaf").replace("leafs", "leaves"),
                    leaves.small,
                    leaves.pure
                );
                let finding = match smallest < least.into() {
                    true => {
                        Finding::review(message, "set `min_samples_leaf` to the fewest people that a count may rest on")
                    }
                    false => Finding::pass(message),
                };
                finding
                    .with("smallest_leaf", smallest)
                    .with("leaves", leaves.leaves)
                    .with("small_leaves", leaves.small)
                    .with("pure_leaves", leaves.pure)
            }
        },
    };
    std::iter::once(facts(told)).chain(spare::run(subject)).collect()
}

/// The fields of a tree's nodes, by name.
type Nodes<'a> = BTreeMap<&'a str, &'a Array>;

fn leaves(parts: &[Part], least: u32) -> io::Result<Leaves> {
    let mut trees: BTreeMap<&str, Nodes<'_>> = BTreeMap::new();
    for part in parts {
        if let (Body::Array(array), Some((tree, field))) = (&part.body, part.at.rsplit_once(".nodes.")) {
            trees.entry(tree).or_default().insert(field, array);
        }
    }
    let mut all = Leaves::default();
    for nodes in trees.values() {
        let (Some(child), Some(samples)) = (nodes.get("left_child"), nodes.get("n_node_samples")) else { continue };
        all.trees += 1;
        tree(child, samples, nodes.get("impurity").copied(), least, &mut all)?;
    }
    Ok(all)
}

fn tree(child: &Array, samples: &Array, impurity: Option<&Array>, least: u32, all: &mut Leaves) -> io::Result<()> {
    let (mut children, mut counts, mut impurities) = (Vec::new(), Vec::new(), Vec::new());
    let nodes = child.len().min(samples.len()).min(NODES);
    let mut at = 0;
    while at < nodes {
        let count = CHUNK.min(usize::try_from(nodes - at).unwrap_or(usize::MAX));
        [&mut children, &mut counts, &mut impurities].into_iter().for_each(Vec::clear);
        child.read(at, count, &mut children)?;
        samples.read(at, count, &mut counts)?;
        match impurity {
            Some(impurity) => impurity.read(at, count, &mut impurities)?,
            None => impurities.resize(count, 1.0),
        }
        at += count as u64;
        for ((child, count), impurity) in children.iter().zip(&counts).zip(&impurities) {
            if *child == LEAF {
                let people = *count as u64;
                all.leaves += 1;
                all.smallest = Some(all.smallest.map_or(people, |smallest| smallest.min(people)));
                all.small += u64::from(people < least.into());
                all.pure += u64::from(*impurity == 0.0);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Leaves, leaves};
    use crate::anatomy::{Body, Part};
    use crate::array::Array;

    #[test]
    fn leaves_of_all_trees_are_counted() {
        let tree = |name: &str, child: &[f64], samples: &[f64], impurity: &[f64]| {
            [("left_child", child), ("n_node_samples", samples), ("impurity", impurity)].map(|(field, values)| Part {
                at: format!("{name}.nodes.{field}"),
                body: Body::Array(Array::of(values)),
            })
        };
        let one = tree(".estimators_[0].tree_", &[1.0, -1.0, -1.0], &[30.0, 12.0, 18.0], &[0.4, 0.0, 0.2]);
        let other = tree(
            ".estimators_[1].tree_",
            &[1.0, -1.0, 3.0, -1.0, -1.0],
            &[30.0, 20.0, 10.0, 7.0, 3.0],
            &[0.4, 0.1, 0.3, 0.0, 0.0],
        );
        let parts: Vec<Part> = one.into_iter().chain(other).collect();
        let expected = Leaves { trees: 2, leaves: 5, smallest: Some(3), small: 2, pure: 3 };
        assert_eq!(leaves(&parts, 10).unwrap(), expected);
        assert_eq!(leaves(&[], 10).unwrap(), Leaves::default());
    }
}
