//! Numbers that compiled code takes for granted: places of nodes, of columns, of items. A wrong one makes it read and write what isn't the model's.
//!
//! | what | who takes it for granted |
//! |---|---|
//! | nodes of trees, how deep they lie, which column each looks at | scikit-learn `tree/_tree.pyx` `_apply_dense`, `_decision_path_dense`, `compute_partial_dependence` |
//! | what boosting begins with, and its trees | `ensemble/_gradient_boosting.pyx` `predict_stages` |
//! | nodes of histogram trees, and sets of categories | `ensemble/_hist_gradient_boosting/_predictor.pyx` |
//! | support vectors of each class | `svm/src/libsvm/svm.cpp` `svm_predict_values`, `libsvm_helper.c` `set_model` |
//! | places in trees of neighbours, weights of distances | `neighbors/_binary_tree.pxi.tp`, `metrics/_dist_metrics.pyx.tp` |
//! | rows that are compared with others, and their labels | `metrics/_pairwise_distances_reduction` `ArgKmin`, `ArgKminClassMode` |
//! | middles of clusters, links between them | `cluster/_k_means_lloyd.pyx`, `cluster/_hdbscan/_tree.pyx`, numpy `bincount` |
//! | places of words, categories and labels | scipy `sparse/sparsetools` (`csr_todense`), by the encoders that give them to it |
//! | rows and columns of sparse matrices and tensors | scipy `sparse/sparsetools`, torch `SparseTensorUtils` |
//! | coefficients of splines | scipy `interpolate/_bspl.pyx`, `_dierckx` |
//! | where a generator of random numbers stands | numpy `random/src/mt19937`, `philox` |
//! | columns of tables, codes of an index, of categories and of sparse columns | pandas `_libs/internals.pyx`, `algos_take_helper.pxi`, `sparse.pyx` |
//! | what counts, sizes or divides | `feature_extraction/_hashing_fast.pyx`, OpenMP, joblib, torch |
//!
//! Whatever numpy alone looks at has its places checked by numpy. What only learns on (`partial_fit`, `warm_start`) isn't held to anything.

use super::heap::Object;
use super::held::{Held, Source};
use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use super::states::UNREAD;

mod clusters;
mod encoders;
mod forests;
mod indexes;
mod neighbours;
mod random;
mod sizes;
mod sparse;
mod splines;
mod tables;
mod tensors;
mod trees;
mod vectors;

impl Scene<'_> {
    /// Whether the numbers of an object are those that its compiled code may be given; whatever it isn't concerned with is right.
    pub(super) fn numbers_are_right(&self, object: &Object, full: &str) -> bool {
        if matches!(self.role(object.callee), Role::Random | Role::RandomMaker) {
            return object.items.is_none() && object.state.is_none_or(|state| self.generator(state));
        }
        let (module, name) = full.rsplit_once('.').unwrap_or(("", full));
        let library = module.split('.').next().unwrap_or_default();
        let checked = match (library, name) {
            _ if full.starts_with(UNREAD) => None,
            ("sklearn", "Tree") => self.tree(object),
            ("sklearn", "TreePredictor") => self.predictor(object),
            ("sklearn", "KDTree" | "BallTree" | "KDTree32" | "KDTree64" | "BallTree32" | "BallTree64") => {
                self.neighbours(object, name)
            }
            ("sklearn", _) => self.attributes_are_right(object, module, name),
            ("scipy", "BSpline") => self.spline(object),
            ("scipy", _) if module.starts_with("scipy.sparse") => self.sparse(object, name),
            // Only its pool is loaded, never made.
            ("numpy", "SeedSequence") => Some(self.heap.len(object.args) == 0),
            ("pandas", "BlockManager") => self.manager(object),
            ("pandas", "SingleBlockManager") => self.single(object),
            ("pandas", _) => self.pandas_numbers(object, name),
            ("torch", "_rebuild_sparse_tensor") => self.sparse_tensor(object),
            ("torch", _) => self.sizes_are_right(object, library),
            _ => Some(true),
        };
        checked == Some(true)
    }

    /// Whether what the attributes of one of scikit-learn's objects hold fits together.
    fn attributes_are_right(&self, object: &Object, module: &str, name: &str) -> Option<bool> {
        let vectors = match name {
            "SVC" | "NuSVC" => self.support(object, true)?,
            "SVR" | "NuSVR" | "OneClassSVM" => self.support(object, false)?,
            _ => true,
        };
        // A name that is no text, or none that anybody wrote, is looked up by nobody.
        let right = |(key, value): (Slot, Slot)| match self.text(key) {
            Some(key) if value != Slot::NONE => self.attribute_is_right(object, module, name, &key, value),
            _ => Some(true),
        };
        let all = self.attributes(object).all(|pair| right(pair) == Some(true));
        Some(vectors && all && self.sizes_are_right(object, "sklearn")?)
    }

    fn attribute_is_right(&self, object: &Object, module: &str, class: &str, key: &str, value: Slot) -> Option<bool> {
        match key {
            "tree_" if module.starts_with("sklearn.tree.") => self.own_tree(object, value),
            "estimators_" | "_predictors" => self.ensemble(object, module, value),
            "_fit_X" => self.neighbour_rows(object, value),
            "cluster_centers_" => self.centres(object, value),
            "subcluster_centers_" => self.subclusters(object, value),
            "_bisecting_tree" => self.bisecting(object, value),
            "_single_linkage_tree_" => self.links(value),
            "labels_" if class == "FeatureAgglomeration" => self.column_labels(object, value),
            "vocabulary_" | "_cached_dict" => self.places(value),
            "classes_" if class == "MultiLabelBinarizer" => self.labels_differ(value),
            "categories_" if class == "OneHotEncoder" => self.one_hot(object, value),
            _ => Some(true),
        }
    }

    /// What an object holds in an attribute; nothing if two dicts have it.
    pub(super) fn held(&self, object: &Object, name: &str) -> Option<Slot> {
        let mut found = self.attributes(object).filter(|(key, _)| self.text(*key).as_deref() == Some(name));
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    /// Names and values of a state: a dict, or a pair of dicts, of which a loader sets what the second has.
    fn attributes(&self, object: &Object) -> impl Iterator<Item = (Slot, Slot)> + '_ {
        let state = object.state.unwrap_or(Slot::NONE);
        let pair = self.heap.exactly(state).filter(|_| state.as_tuple().is_some()).unwrap_or([state, Slot::NONE]);
        pair.into_iter().filter(|dict| dict.as_dict().is_some()).flat_map(|dict| self.heap.pairs(dict))
    }

    /// The value of a key of a dict.
    fn value(&self, dict: Slot, name: &str) -> Option<Slot> {
        self.heap.pairs(dict).find(|(key, _)| self.text(*key).as_deref() == Some(name)).map(|(_, value)| value)
    }

    fn held_by(&self, slot: Slot, name: &str) -> Option<Slot> {
        self.held(self.heap.get(slot)?, name)
    }

    /// The items of a list, a tuple or an array of objects; none of anything else that may have some.
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
}
