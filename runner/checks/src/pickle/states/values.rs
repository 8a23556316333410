//! Whether a value, and all that lies in it, may stand where it does.

use super::{Place, Seen, Wrong};
use crate::pickle::heap::{Object, Sense};
use crate::pickle::held::{Held, Source};
use crate::pickle::kind::What;
use crate::pickle::role::Role;
use crate::pickle::scene::Scene;
use crate::pickle::schema::{self, Rule};
use crate::pickle::slot::{Slot, Value};
use crate::pickle::trouble::shown;

impl Scene<'_> {
    /// Whether a value, and all that lies in it, may stand at a place.
    pub(super) fn check(&self, slot: Slot, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        let rule = place.rule;
        let kind = |kind: char, what: &str| if rule.has(kind) { Ok(()) } else { Err(Wrong::Holds(what.to_owned())) };
        match slot.value() {
            Value::None => Ok(()),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Big(_) | Value::Lone(_) => kind('1', "a number"),
            Value::Text(_) => self.check_text(slot, place),
            Value::Bytes(_) | Value::Array(_) => kind('b', "bytes"),
            Value::Global(_) => {
                let name = self.global(slot).map(|global| global.full()).unwrap_or_default();
                kind('f', &format!("the class or function `{}`", shown(&name)))
            }
            Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::Frozen(_) => {
                kind('c', "a list or tuple")?;
                self.check_each(slot, place, seen)
            }
            Value::Dict(_) => {
                kind('c', "a dict")?;
                self.check_pairs(slot, place, seen)
            }
            Value::Object(at) => match self.heap.object(at) {
                Some(object) => self.check_object(slot, object, place, seen),
                None => Ok(()),
            },
        }
    }

    fn check_text(&self, slot: Slot, place: &Place) -> Result<(), Wrong> {
        let rule = place.rule;
        if rule.has('t') || place.array && rule.has('T') {
            return Ok(());
        }
        let text = self.text(slot);
        if rule.has_texts() && text.as_deref().is_some_and(|text| rule.takes_text(text)) {
            return Ok(());
        }
        Err(Wrong::Holds(format!("the text `{}`", shown(&text.unwrap_or_default()))))
    }

    /// Whether this was looked at under the same rule; it is from now on.
    fn enter(&self, slot: Slot, place: &Place, seen: &mut Seen) -> Result<bool, Wrong> {
        if place.depth == 0 || !self.spend(self.heap.len(slot)) {
            return Err(Wrong::Slow);
        }
        Ok(seen.insert((slot.bits(), std::ptr::from_ref(place.rule), place.array)))
    }

    fn check_each(&self, slot: Slot, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        if !self.enter(slot, place, seen)? {
            return Ok(());
        }
        let inner = Place { depth: place.depth - 1, ..*place };
        self.heap.each(slot).try_for_each(|item| self.check(item, &inner, seen))
    }

    fn check_pairs(&self, slot: Slot, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        if !self.enter(slot, place, seen)? {
            return Ok(());
        }
        let inner = Place { depth: place.depth - 1, ..*place };
        self.heap.pairs(slot).try_for_each(|(key, value)| {
            let name = self.text(key);
            if !(place.rule.has('k') || place.rule.has('g')) || name.is_none() {
                self.check(key, &inner, seen)?;
            }
            match name.filter(|_| place.rule.has('g')) {
                Some(name) => self.check_setting(value, &Place { rule: setting(&name, place.rule), ..inner }, seen),
                None => self.check(value, &inner, seen),
            }
        })
    }

    /// What a setting may be, or a list of what it may be.
    fn check_setting(&self, slot: Slot, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        match self.objects(slot) {
            // Numbers stand where a masked array has nothing.
            Some(each) => each
                .into_iter()
                .filter(|one| one.number().is_none())
                .try_for_each(|one| self.check(one, &Place { array: true, ..*place }, seen)),
            None => self.check(slot, place, seen),
        }
    }

    fn check_object(&self, slot: Slot, object: &Object, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        let rule = place.rule;
        let kind = |kind: char, what: &str| if rule.has(kind) { Ok(()) } else { Err(Wrong::Holds(what.to_owned())) };
        match object.sense {
            Sense::Kind(_) => return kind('d', "a kind of numbers"),
            Sense::Array(_) => {
                return match self.array(slot) {
                    Some(Held { source: Source::List(list), .. }) => {
                        kind('c', "an array of objects")?;
                        self.check_each(*list, &Place { array: true, ..*place }, seen)
                    }
                    Some(held) if held.kind(self).is_some_and(|kind| matches!(kind.what, What::Text | What::Ascii)) => {
                        if rule.has('t') || rule.has('T') {
                            Ok(())
                        } else {
                            Err(Wrong::Holds("texts".to_owned()))
                        }
                    }
                    _ => kind('1', "an array of numbers"),
                };
            }
            Sense::Unknown => {}
        }
        if matches!(self.role(object.callee), Role::Random | Role::RandomMaker) {
            return kind('r', "a generator of random numbers");
        }
        if slot.as_object().is_some_and(|at| self.encoded(at).is_some()) {
            return kind('b', "bytes");
        }
        // joblib's arrays of objects.
        if self.role(self.class(object)) == Role::Wrapper {
            kind('c', "an array of objects")?;
            return object.items.map_or(Ok(()), |items| self.check_object_items(items, place, seen));
        }
        let Some(global) = self.maker(object) else { return Ok(()) };
        // A name that is on no list is trouble of its own.
        let Some(entry) = global.entry else { return Ok(()) };
        let full = global.full();
        let sparse = entry.library.name == "scipy" && (full.ends_with("_matrix") || full.ends_with("_array"));
        let group = schema::class(&full).map_or(global.name.as_str(), |class| class.group);
        let right = rule.takes_group(group) || sparse && rule.has('p') || full == "builtins.complex" && rule.has('1');
        if right {
            return Ok(());
        }
        if sparse || !self.is_container(object) {
            return Err(Wrong::Holds(format!("an object of `{}`", shown(&full))));
        }
        kind('c', "a container")?;
        let inner = Place { depth: place.depth.checked_sub(1).ok_or(Wrong::Slow)?, ..*place };
        self.content(object).into_iter().try_for_each(|part| self.check(part, &inner, seen))
    }

    fn check_object_items(&self, items: Slot, place: &Place, seen: &mut Seen) -> Result<(), Wrong> {
        match self.array(items) {
            Some(Held { source: Source::List(list), .. }) => {
                self.check_each(*list, &Place { array: true, ..*place }, seen)
            }
            _ => Err(Wrong::Holds("an array of objects that isn't one".to_owned())),
        }
    }

    /// Dicts and lists of their own kinds, and sets, which protocols 0 to 3 make of lists.
    pub(super) fn is_container(&self, object: &Object) -> bool {
        self.maker(object).is_some_and(|global| {
            global.entry.is_some_and(|entry| entry.uses.filled)
                || global.module == "builtins" && matches!(global.name.as_str(), "set" | "frozenset")
        })
    }

    /// What lies in a container.
    fn content(&self, object: &Object) -> Vec<Slot> {
        let skip = match self.role(object.callee) {
            // The class and its base.
            Role::Reconstructor => 2,
            Role::Newobj | Role::DefaultDict => 1,
            _ => 0,
        };
        self.heap.each(object.args).skip(skip).chain(object.items).collect()
    }
}

/// What a setting may hold that is named as searches name it: `step__setting`, or `param_step__setting` for its values.
fn setting(name: &str, otherwise: &'static Rule) -> &'static Rule {
    let name = name.strip_prefix("param_").unwrap_or(name);
    let last = name.rsplit("__").next().unwrap_or(name);
    schema::rule("sklearn", last).or_else(|| schema::rule("sklearn", "(setting)")).unwrap_or(otherwise)
}
