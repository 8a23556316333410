//! BUILD: what may be given to an object as its state.
//!
//! A loader hands the state to the object's `__setstate__`, or puts a dict's items into the object's own one; of a pair it sets the second
//! dict's items as attributes (Lib/pickle.py `load_build`). Names between double underscores would reach into how Python treats the object.

use super::formula;
use super::heap::Sense;
use super::held::{Held, Wrong};
use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use super::trouble::Trouble;
use std::collections::HashMap;

/// Most parts of a state that are looked at for what must not change any more: fields of a record's kind.
const PARTS: usize = 4096;
/// Most keys that are kept in mind.
const KEPT: usize = 1 << 16;

/// The answer to a pickle that has the same things looked at again and again.
pub(super) const SLOW: &str = "it makes so many objects of the same parts that they can't be examined";

/// Keys that were looked at, by the places of their opcodes.
pub(super) type Keys = HashMap<u64, Key>;

/// What a key of a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Plain,
    /// It begins and ends with two underscores.
    Special,
    /// statsmodels evaluates the formula when it loads a state with this key.
    Evaluated,
    Formula,
    /// scikit-learn's version.
    Version,
    /// Where scikit-learn would keep and look for pickles of fitted steps.
    Memory,
}

impl Scene<'_> {
    /// Judges a BUILD, and makes of the object what it then is.
    pub(super) fn build(&mut self, target: Slot, state: Slot, at: u64) {
        let Some(object) = self.heap.get(target).copied() else {
            let what =
                if target.as_global().is_some() { "a class or a function" } else { "a value that has no attributes" };
            self.troubles.add(Trouble::new(at, format!("it would change {what}")).about(target));
            return;
        };
        if object.state.is_some() || object.used {
            self.troubles.add(Trouble::new(at, "it changes an object after that was made").about(target));
            return;
        }
        if let Some(place) = target.as_object().and_then(|place| self.heap.object_mut(place)) {
            place.state = Some(state);
        }
        let class = self.class(&object);
        let role = match self.role(object.callee) {
            role @ (Role::Reconstruct | Role::Masked) => role,
            _ => self.role(class),
        };
        let allowed = self.global(class).and_then(|class| class.entry).is_some_and(|entry| entry.uses.built);
        match role {
            Role::Kind => self.build_kind(target, object.args, state, at),
            Role::Reconstruct | Role::Masked => {
                let held = Held::built(self, state, role == Role::Masked);
                self.hold(target, held, at);
                self.use_state(state);
            }
            Role::Partial if self.is_partial(state) => {
                self.use_state(state);
            }
            Role::Partial => {
                let message = "it prepares a call with other arguments than scikit-learn does";
                self.troubles.add(Trouble::new(at, message).about(target));
            }
            // The name itself is trouble enough.
            _ if self.global(class).is_none_or(|class| class.entry.is_none()) => {}
            _ if !allowed => {
                let name = self.global(class).map(|class| class.full()).unwrap_or_default();
                let message = format!("it gives a state to what `{name}` makes, which has none");
                self.troubles.add(Trouble::new(at, message).global(name).about(target));
            }
            _ => {
                self.look_at_keys(target, state, role, at);
                self.use_state(state);
            }
        }
    }

    fn build_kind(&mut self, target: Slot, args: Slot, state: Slot, at: u64) {
        let code = self.heap.first::<1>(args).map(|[code]| code);
        let built = self.kind(target).and_then(|(place, kind)| Some((place, kind.built(self, code?, state)?)));
        match built {
            Some((place, kind)) => {
                if let Some(old) = self.kinds.get_mut(place as usize) {
                    *old = kind;
                }
                // A kind inside this one mustn't change any more.
                self.use_state(state);
            }
            None => {
                self.sense(target, Sense::Unknown);
                let message = "a kind of numbers isn't of the form that numpy writes: numpy would take bytes for what they aren't";
                self.troubles.add(Trouble::new(at, message).about(target));
            }
        }
    }

    /// Keeps an array, or says what is wrong with it.
    pub(super) fn hold(&mut self, target: Slot, held: Result<Held, Wrong>, at: u64) {
        match held {
            Ok(held) => self.keep(target, held),
            Err(wrong) => self.troubles.add(Trouble::new(at, wrong).about(target)),
        }
    }

    pub(super) fn keep(&mut self, target: Slot, held: Held) {
        let place = self.arrays.len() as u32;
        self.arrays.push(held);
        self.sense(target, Sense::Array(place));
    }

    /// Notes what an object is known to be.
    pub(super) fn sense(&mut self, target: Slot, sense: Sense) {
        if let Some(object) = target.as_object().and_then(|place| self.heap.object_mut(place)) {
            object.sense = sense;
        }
    }

    /// What was made of a state holds on to it, or copied it: it mustn't change any more.
    pub(super) fn use_state(&mut self, state: Slot) {
        self.heap.use_up(state);
        let parts: Vec<Slot> = self.heap.each(state).take(64).collect();
        for part in parts {
            let kept = part.as_object().is_none() || self.is_numbers(part);
            if kept && state.as_dict().is_none() {
                self.use_state_part(part);
            }
        }
    }

    fn use_state_part(&mut self, part: Slot) {
        self.heap.use_up(part);
        // The fields of a record's kind: name to kind and offset.
        let fields =
            self.heap.each(part).take(PARTS).flat_map(|item| [Some([item]), self.heap.first::<1>(item)]).flatten();
        let kinds: Vec<Slot> = fields.map(|[kind]| kind).collect();
        for kind in kinds {
            if self.kind(kind).is_some() {
                self.heap.use_up(kind);
            }
        }
    }

    /// The version of scikit-learn that a state says.
    pub(super) fn version(&mut self, state: Slot) -> Option<Slot> {
        state.as_dict()?;
        let (mut items, mut found) = (self.heap.items(state), None);
        if !self.spend(self.heap.len(state)) {
            return None;
        }
        while let (Some(key), Some(value)) = (self.heap.next(&mut items), self.heap.next(&mut items)) {
            if self.key(key) == Some(Key::Version) {
                found = Some(value);
            }
        }
        found
    }

    fn look_at_keys(&mut self, target: Slot, state: Slot, role: Role, at: u64) {
        let mut dicts = vec![state];
        if state.as_tuple().is_some() {
            dicts.extend(self.heap.each(state).take(16));
        }
        let mut evaluated = false;
        let mut formulas = Vec::new();
        for dict in dicts.into_iter().filter(|dict| dict.as_dict().is_some()) {
            if !self.spend(self.heap.len(dict)) {
                self.troubles.add(Trouble::new(at, SLOW).about(target));
                return;
            }
            let mut items = self.heap.items(dict);
            while let (Some(key), Some(value)) = (self.heap.next(&mut items), self.heap.next(&mut items)) {
                match self.key(key) {
                    Some(Key::Plain | Key::Version) => {}
                    Some(Key::Memory) if value == Slot::NONE => {}
                    Some(Key::Memory) => {
                        let message =
                            "it names a folder (`memory`) from which it would load pickles when it is fitted again";
                        self.troubles
                            .add(Trouble::new(at, message).about(target).remedy("set memory=None before you save it"));
                    }
                    Some(Key::Evaluated) => evaluated = true,
                    Some(Key::Formula) => formulas.push(value),
                    Some(Key::Special) => {
                        let message = "an attribute's name is one that Python itself gives meaning to";
                        self.troubles.add(Trouble::new(at, message).about(target));
                    }
                    None => {
                        let message = "an attribute's name isn't a text";
                        self.troubles.add(Trouble::new(at, message).about(target));
                    }
                }
            }
        }
        if evaluated && role == Role::Formula {
            let harmless = |formula: &Slot| self.text(*formula).is_some_and(|formula| formula::is_harmless(&formula));
            if formulas.is_empty() || !formulas.iter().all(harmless) {
                let message = "statsmodels evaluates the model's formula as Python when it loads the file, and this one calls more than a formula needs";
                let name = self.global(self.heap.get(target).map_or(Slot::NONE, |object| self.class(object)));
                let mut trouble = Trouble::new(at, message)
                    .about(target)
                    .global(name.map(|class| class.full()).unwrap_or_default())
                    .remedy("compute columns before the formula, and name them in it");
                if let Some(formula) = formulas.first().and_then(|formula| self.text(*formula)) {
                    trouble = trouble.call(format!("eval({})", super::trouble::shown(&formula)));
                }
                self.troubles.add(trouble);
            }
        }
    }

    fn key(&mut self, key: Slot) -> Option<Key> {
        let Value::Text(at) = key.value() else { return None };
        if let Some(known) = self.keys.get(&at) {
            return Some(*known);
        }
        let text = self.text(key)?;
        let found = match text.as_str() {
            "restore_design_info" | "restore_model_spec" => Key::Evaluated,
            "formula" => Key::Formula,
            "_sklearn_version" => Key::Version,
            "memory" => Key::Memory,
            // Instances may have a documentation of their own.
            "__doc__" => Key::Plain,
            text if text.starts_with("__") && text.ends_with("__") => Key::Special,
            _ => Key::Plain,
        };
        if self.keys.len() >= KEPT {
            self.keys.clear();
        }
        self.keys.insert(at, found);
        Some(found)
    }
}
