//! Models in a pickle: their class, version, settings and arrays.

use super::heap::Object;
use super::slot::{Slot, Value};
use super::walk::Walk;
use crate::model::Estimator;

/// Most settings and most arrays of one model that are told.
const LISTED: usize = 200;
/// Most models that are told.
const MODELS: usize = 10_000;

impl Walk<'_, '_> {
    /// What an object is as a model, if it is one: an estimator of scikit-learn says its version, results of statsmodels and modules of torch
    /// are known by their class.
    pub(super) fn estimator(&mut self, object: &Object) -> Option<Estimator> {
        let state = object.state.filter(|state| state.as_dict().is_some())?;
        let class = self.scene.maker(object)?;
        let library = class.entry?.library.name;
        let (name, full) = (class.name.clone(), class.full());
        if self.anatomy.estimators.len() >= MODELS {
            return None;
        }
        let version = if library == "sklearn" {
            self.scene.version(state).and_then(|version| self.scene.text(version))
        } else {
            None
        };
        let is_model = match library {
            "sklearn" => version.is_some(),
            "statsmodels" => name.ends_with("Results"),
            "torch" => full.starts_with("torch.nn."),
            _ => false,
        };
        if !is_model {
            return None;
        }
        if !self.scene.spend(self.scene.heap.len(state)) {
            return None;
        }
        let (mut settings, mut arrays) = (Vec::new(), Vec::new());
        let pairs: Vec<(Slot, Slot)> = self.scene.heap.pairs(state).take(10_000).collect();
        for (key, value) in pairs {
            let Some(key) = self.peek.text(key, 256) else { continue };
            let lone = self.scene.lone(value);
            let shape = self.scene.array(value).map(|held| held.shape.clone());
            if let Some(shape) = shape.or(lone.map(|_| Vec::new())) {
                if arrays.len() < LISTED {
                    arrays.push((key, shape));
                }
            } else if !key.starts_with('_') && !key.ends_with('_') && settings.len() < LISTED && self.is_setting(value)
            {
                settings.push((key, self.scene.brief(value, 2)));
            }
        }
        Some(Estimator { at: String::new(), class: full, version, settings, arrays, parameters: 0 })
    }

    fn is_setting(&self, value: Slot) -> bool {
        matches!(
            value.value(),
            Value::None
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Text(_)
                | Value::Tuple(_)
                | Value::Global(_)
        )
    }
}
