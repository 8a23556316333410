//! What parts of a model take for granted of each other: as many columns, as many classes.

use super::super::heap::Object;
use super::super::held::{Held, Source};
use super::super::scene::Scene;
use super::super::slot::{Slot, Value};

/// Deepest nesting of the lists that models lie in.
const DEPTH: u32 = 4;

impl Scene<'_> {
    pub(super) fn estimator_numbers(&self, object: &Object, module: &str) -> Option<bool> {
        let columns = self.held(object, "n_features_in_").and_then(|columns| self.whole(columns));
        if module.starts_with("sklearn.tree.")
            && let Some(tree) = self.held(object, "tree_")
        {
            return Some(self.columns_of_tree(tree)? == columns?);
        }
        if let Some(rows) = self.held(object, "_fit_X").filter(|rows| *rows != Slot::NONE) {
            return self.neighbour_rows(object, rows, columns?);
        }
        if let Some(links) = self.held(object, "_single_linkage_tree_") {
            let links = self.fields(links, ["left_node", "right_node"])?;
            let below = |place: u64, node: i64| u64::try_from(node).is_ok_and(|node| node < links.len + 1 + place);
            return Some(links.all(|place, [left, right]| below(place, left) && below(place, right)));
        }
        if let Some(words) = self.held(object, "vocabulary_") {
            let len = self.heap.len(words) / 2;
            return Some(self.heap.pairs(words).all(|(_, place)| self.whole(place).is_some_and(|place| place < len)));
        }
        if let Some(centers) = self.held(object, "cluster_centers_").and_then(|centers| self.lengths(centers)) {
            let half = self.held(object, "_bisecting_tree").map(|tree| self.held_by(tree, "center"));
            let columns = columns?;
            let halved = half.is_none_or(|center| center.and_then(|center| self.lengths(center)) == Some(&[columns]));
            return Some(halved && centers.get(1) == Some(&columns));
        }
        let Some(models) = self.held(object, "estimators_").or_else(|| self.held(object, "_predictors")) else {
            return Some(true);
        };
        match module.rsplit('.').next() {
            Some("_forest") => Some(self.each_tree(models, columns?)),
            Some("_iforest") => {
                let drawn = self.whole(self.held(object, "_max_features")?)?;
                let subsets = self.held(object, "estimators_features_")?;
                let even = self.heap.each(subsets).all(|subset| self.lengths(subset) == Some(&[drawn]));
                Some(
                    even && self.heap.len(subsets) == self.heap.len(models)
                        && drawn <= columns?
                        && self.each_tree(models, drawn),
                )
            }
            Some("_gb") => Some(self.each_tree(models, columns?) && self.stages(object, models)?),
            Some("gradient_boosting") => self.histograms(object, models, columns?),
            _ => Some(true),
        }
    }

    /// Rows that others are compared with have as many columns as those, and labels that there are.
    fn neighbour_rows(&self, object: &Object, rows: Slot, columns: u64) -> Option<bool> {
        let shape = match self.lengths(rows) {
            Some(lengths) => lengths.to_vec(),
            None => self.shape(self.held_by(rows, "_shape")?)?,
        };
        let count = self.held(object, "n_samples_fit_").and_then(|count| self.whole(count));
        let labels = self.held(object, "_y").and_then(|labels| self.whole_numbers(labels));
        let classes = self.held(object, "classes_").and_then(|classes| self.lengths(classes));
        let known = match (labels, classes) {
            (Some(labels), Some([classes])) => {
                labels.all(|_, [label]| u64::try_from(label).is_ok_and(|label| label < *classes))
            }
            _ => true,
        };
        let counted = count.is_none_or(|count| shape.first() == Some(&count));
        Some(known && counted && shape.get(1) == Some(&columns))
    }

    /// How many columns the nodes of a tree are held to.
    fn columns_of_tree(&self, tree: Slot) -> Option<u64> {
        let tree = self.heap.get(tree)?;
        let is_tree = self.maker(tree)?.full() == "sklearn.tree._tree.Tree" && tree.state.is_some();
        let [columns] = self.heap.first(tree.args)?;
        self.whole(columns).filter(|_| is_tree)
    }

    /// The objects of an array of objects, or of a list.
    pub(in crate::pickle) fn objects(&self, slot: Slot) -> Option<Vec<Slot>> {
        let list = match (slot.value(), self.array(slot)) {
            (Value::List(_) | Value::Tuple(_), _) => slot,
            (_, Some(Held { source: Source::List(list), .. })) => *list,
            _ => self.array(self.heap.get(slot)?.items?).and_then(|held| match held.source {
                Source::List(list) => Some(list),
                _ => None,
            })?,
        };
        self.spend(self.heap.len(list)).then(|| self.heap.each(list).collect())
    }

    /// Whether all models in a list are trees that look at so many columns.
    fn each_tree(&self, models: Slot, columns: u64) -> bool {
        self.objects(models).is_some_and(|models| {
            models
                .into_iter()
                .all(|model| self.held_by(model, "tree_").and_then(|tree| self.columns_of_tree(tree)) == Some(columns))
        })
    }

    /// Gradient boosting writes one number for each class: as many as what it begins with has.
    fn stages(&self, object: &Object, models: Slot) -> Option<bool> {
        let [_, classes] = *self.lengths(models)? else { return None };
        if classes == 1 {
            return Some(true);
        }
        let whole = |name: &str| self.held(object, name).and_then(|slot| self.whole(slot));
        let told = whole("n_classes_") == Some(classes)
            && whole("n_trees_per_iteration_").is_none_or(|count| count == classes);
        let init = self.held(object, "init_")?;
        let zero = matches!(init.value(), Value::Text(_)) && self.text(init).as_deref() == Some("zero");
        let dummy = || {
            let prior = self.lengths(self.held_by(init, "class_prior_")?)?;
            let name = self.maker(self.heap.get(init)?)?.full();
            Some(name == "sklearn.dummy.DummyClassifier" && prior == [classes])
        };
        Some(told && (zero || dummy() == Some(true)))
    }

    fn histograms(&self, object: &Object, models: Slot, columns: u64) -> Option<bool> {
        let mapper = self.held(object, "_bin_mapper")?;
        let mapped = self.whole_numbers(self.held_by(mapper, "is_categorical_")?)?;
        let mut categories = Vec::new();
        let listed = mapped.len == columns
            && mapped.all(|_, [one]| {
                categories.push(one != 0);
                true
            });
        Some(listed && self.keeps_columns(object, columns)? && self.predictors(models, &categories, DEPTH))
    }

    fn predictors(&self, slot: Slot, categories: &[bool], depth: u32) -> bool {
        if let (Some(models), true) = (self.objects(slot), depth > 0) {
            return models.into_iter().all(|model| self.predictors(model, categories, depth - 1));
        }
        let nodes = self.held_by(slot, "nodes");
        let nodes = nodes.and_then(|nodes| self.fields(nodes, ["is_leaf", "feature_idx", "is_categorical"]));
        nodes.is_some_and(|nodes| {
            nodes.all(|_, [leaf, column, category]| {
                let known = usize::try_from(column).ok().and_then(|column| categories.get(column));
                leaf != 0 || known.is_some_and(|known| category == 0 || *known)
            })
        })
    }

    /// What codes categories before a histogram tree sees them gives as many columns as it takes.
    fn keeps_columns(&self, object: &Object, columns: u64) -> Option<bool> {
        let coder = match self.held(object, "_preprocessor") {
            None | Some(Slot::NONE) => return Some(true),
            Some(coder) => coder,
        };
        let mut kept = 0;
        for part in self.heap.each(self.held_by(coder, "transformers_")?) {
            let [_, model, chosen] = self.heap.exactly(part)?;
            if self.text(model).as_deref() == Some("drop") {
                continue;
            }
            let chosen = self.whole_numbers(chosen)?;
            let mut count = 0;
            let all = chosen.all(|_, [one]| {
                count += u64::from(one != 0);
                one <= 1
            });
            let full = self.maker(self.heap.get(model)?)?.full();
            let same = match full.rsplit('.').next()? {
                "OrdinalEncoder" => self.heap.len(self.held_by(model, "categories_")?) == count,
                "FunctionTransformer" => {
                    let check = self.held_by(model, "func")?;
                    check == Slot::NONE || self.maker(self.heap.get(check)?)?.full() == "functools.partial"
                }
                _ => false,
            };
            if !same || !all || chosen.len != columns {
                return Some(false);
            }
            kept += count;
        }
        Some(kept == columns)
    }
}
