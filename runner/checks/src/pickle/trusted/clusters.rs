//! Middles of clusters have as many columns as what is compared with them, and clusters of clusters end.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::Slot;
use std::collections::HashSet;

/// The fields of a link (`cluster/_hdbscan/_tree.pyx` `HIERARCHY_t`).
const LINK: [&str; 4] = ["left_node", "right_node", "value", "cluster_size"];

impl Scene<'_> {
    pub(super) fn centres(&self, object: &Object, centres: Slot) -> Option<bool> {
        let columns = self.whole(self.held(object, "n_features_in_")?)?;
        let extent = self.extent(centres)?;
        let [count, width] = *extent else { return None };
        let counts = self.held(object, "_counts").and_then(|counts| self.lengths(counts));
        Some(width == columns && counts.is_none_or(|counts| counts == [count]))
    }

    /// A tree whose halves have middles of as many columns, each half of one whole only.
    pub(super) fn bisecting(&self, object: &Object, root: Slot) -> Option<bool> {
        let columns = self.whole(self.held(object, "n_features_in_")?)?;
        let (mut seen, mut ahead) = (HashSet::from([root.bits()]), vec![root]);
        while let Some(whole) = ahead.pop() {
            let halves = ["left", "right"].map(|name| self.held_by(whole, name).filter(|half| *half != Slot::NONE));
            for half in halves.into_iter().flatten() {
                let fits = self.lengths(self.held_by(half, "center")?) == Some(&[columns]);
                if !fits || !seen.insert(half.bits()) {
                    return Some(false);
                }
                ahead.push(half);
            }
            if halves.iter().flatten().count() == 1 {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The middles of Birch's clusters, and the square of each.
    pub(super) fn subclusters(&self, object: &Object, centres: Slot) -> Option<bool> {
        let norms = self.lengths(self.held(object, "_subcluster_norms")?)?;
        Some(self.centres(object, centres)? && self.lengths(centres)?.first() == norms.first() && norms.len() == 1)
    }

    /// Each link joins what was there before it.
    pub(super) fn links(&self, links: Slot) -> Option<bool> {
        let links = self.fields(links, &LINK, ["left_node", "right_node"])?;
        let below = |place: u64, node: i64| u64::try_from(node).is_ok_and(|node| node < links.len + 1 + place);
        Some(links.all(|place, [left, right]| below(place, left) && below(place, right)))
    }

    /// Each column belongs to a cluster: numpy makes room for as many as the largest says.
    pub(super) fn column_labels(&self, object: &Object, labels: Slot) -> Option<bool> {
        let columns = self.whole(self.held(object, "n_features_in_")?)?;
        let placed =
            self.whole_numbers(labels)?.all(|_, [label]| u64::try_from(label).is_ok_and(|label| label < columns));
        Some(placed && self.lengths(labels)? == [columns])
    }
}
