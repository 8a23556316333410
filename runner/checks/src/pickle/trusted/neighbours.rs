//! Rows that others are compared with, the trees that they lie in, and the distances between them.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::Slot;
use crate::array::Order;

/// The fields of a node (`neighbors/_binary_tree.pxi.tp` `NodeData_t`).
const NODE: [&str; 4] = ["idx_start", "idx_end", "is_leaf", "radius"];

impl Scene<'_> {
    /// Data, order, nodes, bounds, leaf size, levels, number of nodes, five counts, distance and weights.
    pub(super) fn neighbours(&self, object: &Object, name: &str) -> Option<bool> {
        let state = object.state.filter(|state| state.as_tuple().is_some())?;
        let [data, order, nodes, bounds, leaf, levels, count] = self.heap.first(state)?;
        let [distance, weights] = *self.heap.each(state).skip(11).collect::<Vec<_>>() else { return None };
        let [rows, columns] = *self.lengths(data)? else { return None };
        let order = self.whole_numbers(order)?;
        let nodes = self.fields(nodes, &NODE, ["idx_start", "idx_end", "is_leaf"])?;
        let (count, levels) = (self.whole(count)?, self.whole(levels)?);
        // The least and the most of each column, or the middle.
        let bounded = [if name.starts_with("KD") { 2 } else { 1 }, count, columns];
        let placed = order.all(|_, [place]| (0..rows as i64).contains(&place));
        let right = nodes.all(|place, [start, end, leaf]| {
            0 <= start && start <= end && end <= rows as i64 && (leaf != 0 || 2 * place + 2 < count)
        });
        let weighed = weights == Slot::NONE || self.lengths(weights) == Some(&[rows]);
        let sized = order.len == rows && nodes.len == count && self.lengths(bounds)? == bounded;
        let levelled = (1..48).contains(&levels) && count == (1 << levels) - 1 && self.whole(leaf)? > 0;
        let measured = self.distance(distance, columns)?;
        Some(placed && right && weighed && sized && levelled && measured && rows > 0)
    }

    /// Whether a distance has a weight for each column; trees that are loaded don't ask.
    fn distance(&self, slot: Slot, columns: u64) -> Option<bool> {
        let object = self.heap.get(slot)?;
        let state = object.state.filter(|state| state.as_tuple().is_some())?;
        let [_, weights, matrix] = self.heap.exactly(state)?;
        let (weights, matrix) = (self.lengths(weights)?, self.lengths(matrix)?);
        let name = self.maker(object)?.name.as_str();
        Some(match name.trim_end_matches("64").trim_end_matches("Distance") {
            "Haversine" => columns == 2,
            "Minkowski" => weights == [0] || weights == [columns],
            "SEuclidean" | "WMinkowski" => weights == [columns],
            // Before 1.3 it worked in the weights' memory.
            "Mahalanobis" => matrix == [columns, columns] && (name.ends_with("64") || weights == [columns]),
            _ => weights.len() == 1 && matrix.len() == 2,
        })
    }

    /// Rows have as many columns as those that are compared with them, as many labels as there are rows, and a tree of all of them.
    pub(super) fn neighbour_rows(&self, object: &Object, rows: Slot) -> Option<bool> {
        let extent = self.extent(rows)?;
        let [count, columns] = *extent else { return None };
        let told = |name: &str| self.held(object, name).and_then(|told| self.whole(told));
        let tree = self.held(object, "_tree").filter(|tree| *tree != Slot::NONE);
        let grown = tree.is_none_or(|tree| {
            let tree = self.heap.get(tree).and_then(|tree| tree.state).and_then(|state| self.heap.first::<1>(state));
            tree.and_then(|[data]| self.lengths(data)) == Some(&[count, columns])
        });
        let counted = told("n_samples_fit_").is_none_or(|told| told == count);
        let labelled = match self.held(object, "classes_") {
            Some(classes) => self.neighbour_labels(self.held(object, "_y")?, classes, count)?,
            None => true,
        };
        Some(grown && counted && labelled && told("n_features_in_") == Some(columns))
    }

    /// Each label is the place of a class, in each column of labels of its own.
    fn neighbour_labels(&self, labels: Slot, classes: Slot, rows: u64) -> Option<bool> {
        let known: Vec<u64> = match self.lengths(classes) {
            Some([classes]) => vec![*classes],
            Some(_) => return None,
            None => self
                .objects(classes)?
                .into_iter()
                .map(|one| Some(*self.lengths(one)?.first()?))
                .collect::<Option<_>>()?,
        };
        let held = self.array(labels)?;
        let columns = known.len() as u64;
        let shaped = held.shape == [rows] && columns == 1 || held.shape == [rows, columns];
        let column =
            |place: u64| if held.order == Order::Rows { place.checked_rem(columns) } else { place.checked_div(rows) };
        let placed = self.whole_numbers(labels)?.all(|place, [label]| {
            let most = column(place).and_then(|column| known.get(usize::try_from(column).ok()?));
            most.is_some_and(|most| u64::try_from(label).is_ok_and(|label| label < *most))
        });
        Some(shaped && placed)
    }
}
