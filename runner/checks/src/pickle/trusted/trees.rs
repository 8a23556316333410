//! Trees that were grown: each node but the first lies beneath one before it, and looks at a column that there is.

use super::super::heap::Object;
use super::super::scene::Scene;

/// The fields of a node (`tree/_tree.pxd` `Node`); scikit-learn before 1.3 lacks the last.
const NODE: [&str; 8] = [
    "left_child",
    "right_child",
    "feature",
    "threshold",
    "impurity",
    "n_node_samples",
    "weighted_n_node_samples",
    "missing_go_to_left",
];

/// The same of histogram trees (`_hist_gradient_boosting/common.pyx`).
pub(super) const BINNED: [&str; 13] = [
    "value",
    "count",
    "feature_idx",
    "num_threshold",
    "missing_go_to_left",
    "left",
    "right",
    "gain",
    "depth",
    "is_leaf",
    "bin_threshold",
    "is_categorical",
    "bitset_idx",
];

/// How deep each node lies, beginning with one; zero of those to which no way leads yet.
struct Depths {
    of: Vec<u32>,
    deepest: u32,
}

impl Depths {
    fn new(nodes: u64) -> Option<Self> {
        let mut of = vec![0; usize::try_from(nodes).ok()?];
        *of.first_mut()? = 1;
        Some(Self { of, deepest: 1 })
    }

    /// Whether two children may lie beneath a node: behind it, and beneath no other. Whoever follows all ways keeps room for one to each node.
    fn split(&mut self, place: u64, children: [i64; 2]) -> Option<bool> {
        let depth = *self.of.get(usize::try_from(place).ok()?)?;
        for child in children {
            let child = self.of.get_mut(usize::try_from(child).ok().filter(|child| *child as u64 > place)?)?;
            if depth == 0 || *child != 0 {
                return Some(false);
            }
            *child = depth + 1;
        }
        self.deepest = self.deepest.max(depth + 1);
        Some(true)
    }
}

impl Scene<'_> {
    /// `Tree(features, classes, outputs)` and its nodes.
    pub(super) fn tree(&self, object: &Object) -> Option<bool> {
        let [features, classes, outputs] = self.heap.exactly(object.args)?;
        let (features, outputs) = (self.whole(features)? as i64, self.whole(outputs)?);
        let classes = self.whole_numbers(classes)?;
        let count = self.whole(self.held(object, "node_count")?)?;
        let values = self.lengths(self.held(object, "values")?)?;
        let nodes = self.fields(self.held(object, "nodes")?, &NODE, ["left_child", "right_child", "feature"])?;
        let mut depths = Depths::new(nodes.len)?;
        let right = nodes.all(|place, [left, right, feature]| {
            left == -1 && right == -1
                || depths.split(place, [left, right]) == Some(true) && (0..features).contains(&feature)
        });
        let sized = nodes.len == count && values.first() == Some(&count) && values.get(1) == Some(&outputs);
        // A way through the tree is written into a row of so many places.
        let deep = self.whole(self.held(object, "max_depth")?)? == u64::from(depths.deepest - 1);
        let told = classes.len == outputs && classes.all(|_, [count]| count > 0);
        Some(right && sized && deep && outputs > 0 && told)
    }

    pub(super) fn predictor(&self, object: &Object) -> Option<bool> {
        let nodes = self.held(object, "nodes")?;
        let sets = self.held(object, "raw_left_cat_bitsets").and_then(|sets| self.lengths(sets)).unwrap_or(&[0, 8]);
        let nodes = self.fields(nodes, &BINNED, ["is_leaf", "left", "right", "is_categorical", "bitset_idx"])?;
        let (mut depths, known) = (Depths::new(nodes.len)?, *sets.first()? as i64);
        let right = nodes.all(|place, [leaf, left, right, category, set]| {
            leaf != 0 || depths.split(place, [left, right]) == Some(true) && (category == 0 || set < known)
        });
        Some(right && sets.get(1) == Some(&8))
    }
}
