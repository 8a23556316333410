//! Numbers that compiled code takes for granted: places of nodes, of columns, of items. A wrong one makes it read and write what isn't the model's.
//!
//! | what | where it is taken for granted |
//! |---|---|
//! | nodes of trees, and which column each looks at | scikit-learn `tree/_tree.pyx` `_apply_dense`, `ensemble/_gradient_boosting.pyx` |
//! | nodes of histogram trees | `ensemble/_hist_gradient_boosting/_predictor.pyx` |
//! | support vectors of each class | `svm/src/libsvm/svm.cpp` `svm_predict_values` |
//! | places in trees of neighbours, rows that are compared with others | `neighbors/_binary_tree.pxi.tp`, `metrics/_pairwise_distances_reduction` |
//! | rows and columns of sparse matrices | scipy `sparse/sparsetools` |
//! | columns of tables | pandas `_libs/internals.pyx` `_rebuild_blknos_and_blklocs` |
//! | coefficients of splines | scipy `interpolate/_bspl.pyx` |
//! | where a generator of random numbers stands | numpy `random/src/mt19937`, `philox` |

use super::heap::Object;
use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use super::states::UNREAD;

mod models;
mod sparse;
mod tables;

/// Deepest nesting of lists that models lie in.
const DEPTH: u32 = 4;

impl Scene<'_> {
    /// Whether the numbers of an object are those that its compiled code may be given; whatever it isn't concerned with is right.
    pub(super) fn numbers_are_right(&self, object: &Object, full: &str) -> bool {
        if matches!(self.role(object.callee), Role::Random | Role::RandomMaker) {
            return object.state.is_none_or(|state| self.generator(state, DEPTH));
        }
        let (module, name) = full.rsplit_once('.').unwrap_or(("", full));
        let checked = match name {
            "Tree" if module == "sklearn.tree._tree" => self.tree(object),
            "TreePredictor" => self.predictor(object),
            "SVC" | "NuSVC" => self.support(object),
            "BlockManager" => self.manager(object),
            "BSpline" => self.spline(object),
            "_BisectingTree" => self.bisecting(object),
            "KDTree" | "BallTree" | "KDTree32" | "KDTree64" | "BallTree32" | "BallTree64" => self.neighbours(object),
            _ if full.starts_with(UNREAD) => None,
            _ if module.starts_with("scipy.sparse") => self.sparse(object, name),
            _ if module.starts_with("sklearn.") => self.estimator_numbers(object, module),
            _ => Some(true),
        };
        checked == Some(true)
    }

    /// What an object holds in an attribute.
    pub(super) fn held(&self, object: &Object, name: &str) -> Option<Slot> {
        let state = object.state.filter(|state| state.as_dict().is_some())?;
        self.value(state, name)
    }

    /// The value of a key of a dict.
    fn value(&self, dict: Slot, name: &str) -> Option<Slot> {
        self.heap.pairs(dict).find(|(key, _)| self.text(*key).as_deref() == Some(name)).map(|(_, value)| value)
    }

    fn held_by(&self, slot: Slot, name: &str) -> Option<Slot> {
        self.held(self.heap.get(slot)?, name)
    }

    /// `Tree(features, classes, outputs)` and its nodes: children lie behind their parents, columns among those that there are.
    fn tree(&self, object: &Object) -> Option<bool> {
        let [features, classes, outputs] = self.heap.exactly(object.args)?;
        let (features, outputs) = (self.whole(features)? as i64, self.whole(outputs)?);
        let classes = self.whole_numbers(classes)?;
        let count = self.whole(self.held(object, "node_count")?)?;
        let values = self.lengths(self.held(object, "values")?)?;
        let nodes = self.fields(self.held(object, "nodes")?, ["left_child", "right_child", "feature"])?;
        let behind = |place: u64, child: i64| child > place as i64 && child < count as i64;
        let right = nodes.all(|place, [left, right, feature]| {
            left == -1 || behind(place, left) && behind(place, right) && (0..features).contains(&feature)
        });
        let sized =
            count > 0 && nodes.len == count && values.first() == Some(&count) && values.get(1) == Some(&outputs);
        Some(right && sized && outputs > 0 && classes.len == outputs && classes.all(|_, [count]| count > 0))
    }

    fn predictor(&self, object: &Object) -> Option<bool> {
        let nodes = self.held(object, "nodes")?;
        let sets = self.held(object, "raw_left_cat_bitsets").and_then(|sets| self.lengths(sets)).unwrap_or(&[0, 8]);
        let nodes = self.fields(nodes, ["is_leaf", "left", "right", "is_categorical", "bitset_idx"])?;
        let (count, known) = (nodes.len as i64, *sets.first()? as i64);
        let behind = |place: u64, child: i64| child > place as i64 && child < count;
        let right = nodes.all(|place, [leaf, left, right, category, set]| {
            leaf != 0 || behind(place, left) && behind(place, right) && (category == 0 || set < known)
        });
        Some(right && count > 0 && sets.get(1) == Some(&8))
    }

    /// Each class has as many support vectors as it says, and each pair of classes a line.
    fn support(&self, object: &Object) -> Option<bool> {
        let Some(counts) = self.held(object, "_n_support") else { return Some(true) };
        let vectors = self.held(object, "support_vectors_")?;
        let vectors = match self.lengths(vectors) {
            Some(lengths) => lengths.to_vec(),
            None => self.shape(self.held_by(vectors, "_shape")?)?,
        };
        let (mut sum, counts) = (0, self.whole_numbers(counts)?);
        let counted = counts.all(|_, [count]| {
            sum += count;
            (0..1 << 40).contains(&count)
        });
        let (classes, total) = (counts.len, *vectors.first()?);
        let pairs = classes.checked_mul(classes.checked_sub(1)?)? / 2;
        let whole = |name: &str| {
            let lengths = self.held(object, name).and_then(|slot| self.lengths(slot));
            lengths.map(|lengths| lengths.iter().product::<u64>())
        };
        let coefficients = self.held(object, "_dual_coef_")?;
        let coefficients: u64 = match self.lengths(coefficients) {
            Some(lengths) => lengths.iter().product(),
            None => self.lengths(self.held_by(coefficients, "data")?)?.iter().product(),
        };
        let likely = |name: &str| whole(name).is_none_or(|len| len == 0 || len == pairs);
        Some(
            counted
                && classes > 1
                && u64::try_from(sum) == Ok(total)
                && coefficients == (classes - 1).checked_mul(total)?
                && whole("_intercept_") == Some(pairs)
                && whole("support_") == Some(total)
                && ["_probA", "_probB", "probA_", "probB_"].into_iter().all(likely),
        )
    }

    fn spline(&self, object: &Object) -> Option<bool> {
        let first = |name: &str, new: &str| {
            let array = self.held(object, name).or_else(|| self.held(object, new))?;
            self.lengths(array)?.first().copied()
        };
        let (knots, coefficients) = (first("t", "_t")?, first("c", "_c")?);
        let degree = self.whole(self.held(object, "k")?)?;
        Some(degree < 100 && knots >= 2 * degree + 2 && coefficients >= knots - degree - 1)
    }

    /// Both halves have centres of as many columns.
    fn bisecting(&self, object: &Object) -> Option<bool> {
        let center = self.lengths(self.held(object, "center")?)?;
        let half = |name: &str| match self.held(object, name) {
            None | Some(Slot::NONE) => true,
            Some(half) => self.held_by(half, "center").and_then(|center| self.lengths(center)) == Some(center),
        };
        Some(center.len() == 1 && half("left") && half("right"))
    }

    /// Data, order, nodes, bounds, leaf size, levels, number of nodes, five counts, distance and weights.
    fn neighbours(&self, object: &Object) -> Option<bool> {
        let Some(state) = object.state else { return Some(false) };
        let [data, order, nodes, bounds, leaf, levels, count] = self.heap.first(state)?;
        let mut rest = self.heap.each(state).skip(11);
        let (distance, weights) = (rest.next()?, rest.next()?);
        let [rows, columns] = *self.lengths(data)? else { return None };
        let order = self.whole_numbers(order)?;
        let nodes = self.fields(nodes, ["idx_start", "idx_end", "is_leaf"])?;
        let (count, levels) = (self.whole(count)?, self.whole(levels)?);
        let [_, bounded, width] = *self.lengths(bounds)? else { return None };
        let placed = order.all(|_, [place]| (0..rows as i64).contains(&place));
        let right = nodes.all(|place, [start, end, leaf]| {
            0 <= start && start <= end && end <= rows as i64 && (leaf != 0 || 2 * place + 2 < count)
        });
        let weighed = weights == Slot::NONE || self.lengths(weights) == Some(&[rows]);
        let sized = order.len == rows && nodes.len == count && bounded == count && width == columns;
        let levelled = (1..48).contains(&levels) && count == (1 << levels) - 1 && self.whole(leaf)? > 0;
        Some(placed && right && weighed && sized && levelled && rows > 0 && self.heap.get(distance).is_some())
    }

    /// Where a generator stands in the numbers that it has made ahead.
    fn generator(&self, state: Slot, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        let inner = |slot: Slot| match slot.value() {
            Value::Dict(_) | Value::Tuple(_) => self.generator(slot, depth - 1),
            _ => true,
        };
        if state.as_dict().is_none() {
            return self.heap.len(state) < 64 && self.heap.each(state).all(inner);
        }
        self.heap.pairs(state).all(|(key, value)| match self.text(key).as_deref() {
            Some("pos") => self.whole(value).is_some_and(|at| at <= 624),
            Some("buffer_pos") => self.whole(value).is_some_and(|at| at <= 4),
            _ => inner(value),
        })
    }
}
