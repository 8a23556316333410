//! Ensembles of trees: all of them look at the columns that the whole has, and write as many numbers as it has room for.

use super::super::heap::Object;
use super::super::scene::Scene;
use super::super::slot::Slot;
use super::trees::BINNED;

/// Deepest nesting of the lists that models lie in.
const DEPTH: u32 = 4;

impl Scene<'_> {
    /// What a forest, or a sequence of trees, has.
    pub(super) fn ensemble(&self, object: &Object, module: &str, models: Slot) -> Option<bool> {
        let columns = || self.whole(self.held(object, "n_features_in_")?);
        match module.rsplit('.').next() {
            Some("_forest") => Some(self.each_tree(models, columns()?)),
            Some("_iforest") => {
                let drawn = self.whole(self.held(object, "_max_features")?)?;
                let subsets = self.objects(self.held(object, "estimators_features_")?)?;
                let even = subsets.iter().all(|subset| self.lengths(*subset) == Some(&[drawn]));
                let counted = subsets.len() == self.objects(models)?.len();
                Some(even && counted && drawn <= columns()? && self.each_tree(models, drawn))
            }
            Some("_gb") => Some(self.each_tree(models, columns()?) && self.stages(object, models, columns()?)?),
            Some("gradient_boosting") => self.histograms(object, models, columns()?),
            _ => Some(true),
        }
    }

    /// A tree of as many columns as its model.
    pub(super) fn own_tree(&self, object: &Object, tree: Slot) -> Option<bool> {
        Some(self.columns_of_tree(tree)? == self.whole(self.held(object, "n_features_in_")?)?)
    }

    /// How many columns the nodes of a tree are held to.
    fn columns_of_tree(&self, tree: Slot) -> Option<u64> {
        let tree = self.heap.get(tree)?;
        let is_tree = self.maker(tree)?.full() == "sklearn.tree._tree.Tree" && tree.state.is_some();
        let [columns] = self.heap.first(tree.args)?;
        self.whole(columns).filter(|_| is_tree)
    }

    /// Whether all models in a list are trees that look at so many columns.
    fn each_tree(&self, models: Slot, columns: u64) -> bool {
        self.objects(models).is_some_and(|models| {
            models
                .into_iter()
                .all(|model| self.held_by(model, "tree_").and_then(|tree| self.columns_of_tree(tree)) == Some(columns))
        })
    }

    /// Gradient boosting writes one number for each class into what it begins with.
    fn stages(&self, object: &Object, models: Slot, columns: u64) -> Option<bool> {
        let [_, classes] = *self.lengths(models)? else { return None };
        let told = |slot: Option<Slot>| slot.is_none_or(|told| self.whole(told) == Some(classes));
        let loss = self.held(object, "_loss")?;
        let name = self.maker(self.heap.get(loss)?)?.name.as_str();
        // Other losses take one column of what it begins with.
        let wide = matches!(name, "HalfMultinomialLoss" | "MultinomialDeviance");
        let wide = classes == 1 || wide && told(self.held(object, "n_classes_"));
        let counted = told(self.held(object, "n_trees_per_iteration_")) && told(self.held_by(loss, "K"));
        Some(wide && counted && self.begins(self.held(object, "init_")?, classes, columns)?)
    }

    /// Whether a model gives so many numbers for each row.
    fn begins(&self, init: Slot, classes: u64, columns: u64) -> Option<bool> {
        if self.text(init).as_deref() == Some("zero") {
            return Some(true);
        }
        let counts = |name: &str, count: u64| self.held_by(init, name).and_then(|told| self.whole(told)) == Some(count);
        let lengths = |name: &str| self.held_by(init, name).and_then(|array| self.lengths(array));
        let maker = self.maker(self.heap.get(init)?)?;
        let of_two = classes.max(2);
        Some(match (maker.module.as_str(), maker.name.as_str()) {
            ("sklearn.dummy", "DummyRegressor") => counts("n_outputs_", 1),
            ("sklearn.dummy", "DummyClassifier") => {
                counts("n_outputs_", 1) && counts("n_classes_", of_two) && lengths("class_prior_") == Some(&[of_two])
            }
            (module, _) if module.starts_with("sklearn.linear_model.") => {
                let along = lengths("coef_")? == [columns] && classes == 1 || lengths("coef_")? == [classes, columns];
                along && lengths("intercept_").is_none_or(|shift| shift.is_empty() || shift == [classes])
            }
            ("sklearn.ensemble._forest", _) => classes == 1 || counts("n_classes_", classes),
            ("sklearn.tree._classes", _) => {
                classes == 1 || counts("n_classes_", classes) && self.gives(init, classes)?
            }
            _ => false,
        })
    }

    /// Whether a tree's leaves hold so many numbers.
    fn gives(&self, model: Slot, classes: u64) -> Option<bool> {
        let values = self.lengths(self.held_by(self.held_by(model, "tree_")?, "values")?)?;
        Some(values.get(1..) == Some(&[1, classes]))
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
        let nodes = nodes.and_then(|nodes| self.fields(nodes, &BINNED, ["is_leaf", "feature_idx", "is_categorical"]));
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
        for part in self.objects(self.held_by(coder, "transformers_")?)? {
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
                "OrdinalEncoder" => self.objects(self.held_by(model, "categories_")?)?.len() as u64 == count,
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
