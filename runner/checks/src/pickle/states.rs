//! What objects hold is held to the schema: every attribute of every object is one that its class has, and of a kind that its library puts there.
//!
//! A library calls methods of what lies in an estimator's place, looks up methods by names that it keeps in attributes, opens what it is told to
//! read and evaluates formulas. So a class that is harmless is harmless with its own attributes only.

use super::allowed::Entry;
use super::formula;
use super::heap::{How, Object, Sense};
use super::pattern;
use super::role::Role;
use super::scene::Scene;
use super::schema::{self, Class, Rule};
use super::slot::{Slot, Value};
use super::state::SLOW;
use super::trouble::{Trouble, shown};
use std::collections::HashSet;

/// Deepest nesting of lists and the like in one attribute.
const DEPTH: u32 = 64;
const REMEDY: &str =
    "save what the library fitted, as it is: without attributes of your own, and without functions in its settings";

/// Attributes of scikit-learn's that are regular expressions.
const PATTERNS: [&str; 2] = ["token_pattern", "pattern"];

/// Compiled filters of state space models, whose states are arrays that refer to each other in many ways.
pub(super) const UNREAD: &str = "statsmodels.tsa.statespace._";

/// Containers that were looked at, and the rules that they were held to.
type Seen = HashSet<(u64, *const Rule, bool)>;

/// Why a value isn't of the kind that an attribute holds.
#[derive(Debug)]
enum Wrong {
    Holds(String),
    Slow,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    rule: &'static Rule,
    /// Whether it lies in an array of objects.
    array: bool,
    depth: u32,
}

impl Scene<'_> {
    /// Holds every object to what its class holds.
    pub(super) fn judge_states(&mut self) {
        let mut seen = Seen::new();
        for at in 0..self.heap.objects().len() as u32 {
            let Some(object) = self.heap.object(at).copied() else { continue };
            if let Some(trouble) = self.judge_object(&object, &mut seen) {
                self.troubles.add(trouble.about(Slot::object(at)).or_remedy(REMEDY));
            }
        }
    }

    fn judge_object(&self, object: &Object, seen: &mut Seen) -> Option<Trouble> {
        let global = self.maker(object)?;
        let entry = global.entry?;
        let (full, at) = (global.full(), global.at);
        let right = || self.numbers_are_right(object, &full);
        if self.is_told_elsewhere(object) {
            return (!right()).then(|| wild(&full, at));
        }
        let bare = object.state.is_none() && self.arguments(object).next().is_none();
        let Some(class) = schema::class(&full) else {
            let message = format!("nobody has looked at what a `{}` holds", shown(&full));
            if bare || self.is_plain_object(object, entry) {
                return (!right()).then(|| wild(&full, at));
            }
            return Some(Trouble::new(at, message).global(full));
        };
        self.judge_arguments(object, class, &full, seen)
            .or_else(|| object.state.and_then(|state| self.judge_state(state, class, &full, at, seen)))
            .or_else(|| (!right()).then(|| wild(&full, at)))
    }

    /// Objects whose arguments and states are read to the last item where they are made: arrays and their kinds, generators of random numbers, tensors.
    fn is_told_elsewhere(&self, object: &Object) -> bool {
        object.sense != Sense::Unknown
            || object.how == How::Persistent
            || matches!(
                self.role(object.callee),
                Role::Kind
                    | Role::Reconstruct
                    | Role::Masked
                    | Role::FromBuffer
                    | Role::Scalar
                    | Role::Encode
                    | Role::Random
                    | Role::RandomMaker
                    | Role::Tensor
                    | Role::Parameter
                    | Role::Partial
            )
            || matches!(self.role(self.class(object)), Role::Wrapper | Role::Elsewhere)
    }

    /// Objects of Python's own and of numpy's, made of numbers and texts; and containers, whose items are looked at where these lie.
    fn is_plain_object(&self, object: &Object, entry: &Entry) -> bool {
        let plain = |slot: Slot| {
            self.is_plain(slot) || self.global(slot).is_some_and(|global| global.module.starts_with("numpy."))
        };
        let made = self.is_container(object) || self.arguments(object).all(plain);
        match entry.library.name {
            "python" => made && object.state.is_none(),
            "numpy" => made && object.state.is_none_or(plain),
            _ => false,
        }
    }

    /// What it is made with beside its class.
    fn arguments(&self, object: &Object) -> impl Iterator<Item = Slot> + '_ {
        let skip = match self.role(object.callee) {
            Role::Reconstructor => usize::MAX,
            Role::Newobj => 1,
            _ => 0,
        };
        self.heap.each(object.args).skip(skip)
    }

    fn judge_arguments(&self, object: &Object, class: &'static Class, full: &str, seen: &mut Seen) -> Option<Trouble> {
        let at = self.maker(object)?.at;
        let name = full.rsplit('.').next().unwrap_or_default();
        let mut args: Vec<Slot> = self.arguments(object).collect();
        if self.role(object.callee) == Role::NewIndex
            && let Some(parts) = args.pop_if(|last| last.as_dict().is_some())
            && let Some(trouble) = self.judge_dict(parts, class, full, at, seen)
        {
            return Some(trouble);
        }
        // What lies in containers is looked at where these lie.
        if args.is_empty() || self.is_container(object) {
            return None;
        }
        let rule = class.rule(&format!("{name}()"));
        let wrong = match rule {
            Some(rule) => args
                .into_iter()
                .find_map(|arg| self.check(arg, &Place { rule, array: false, depth: DEPTH }, seen).err())?,
            None => Wrong::Holds("arguments".to_owned()),
        };
        Some(
            self.trouble(at, wrong, |what| {
                format!("it would call `{}` with {what}, which its library doesn't give it", shown(full))
            })
            .global(full.to_owned()),
        )
    }

    fn judge_state(&self, state: Slot, class: &'static Class, full: &str, at: u64, seen: &mut Seen) -> Option<Trouble> {
        if state.as_dict().is_some() {
            return self.judge_dict(state, class, full, at, seen);
        }
        // A dict that is its own attributes.
        if let Some(object) = self.heap.get(state).filter(|object| object.state == Some(state))
            && let Some(items) = object.items.filter(|items| items.as_dict().is_some())
        {
            return self.judge_dict(items, class, full, at, seen);
        }
        let dict = |slot: Slot| slot == Slot::NONE || slot.as_dict().is_some();
        if let Some([own, slots]) = self
            .heap
            .exactly(state)
            .filter(|two: &[Slot; 2]| state.as_tuple().is_some() && two.iter().all(|slot| dict(*slot)))
        {
            return [own, slots].into_iter().find_map(|dict| self.judge_dict(dict, class, full, at, seen));
        }
        let name = full.rsplit('.').next().unwrap_or_default();
        let wrong = match class.rule(&format!("{name}{{}}")) {
            Some(rule) => self.check(state, &Place { rule, array: false, depth: DEPTH }, seen).err()?,
            None => Wrong::Holds("another state than a dict".to_owned()),
        };
        Some(
            self.trouble(at, wrong, |what| {
                format!("it gives a `{}` {what}, which its library doesn't give it", shown(full))
            })
            .global(full.to_owned()),
        )
    }

    /// Attributes, and what they hold.
    fn judge_dict(&self, dict: Slot, class: &'static Class, full: &str, at: u64, seen: &mut Seen) -> Option<Trouble> {
        if !self.spend(self.heap.len(dict)) {
            return Some(Trouble::new(at, SLOW));
        }
        let mut names = HashSet::new();
        self.heap.pairs(dict).find_map(|(key, value)| {
            let name = self.text(key)?;
            let at = if let Value::Text(at) = key.value() { at } else { at };
            if !names.insert(name.clone()) {
                let message = format!("attribute `{}` of `{}` is set twice", shown(&name), shown(full));
                return Some(Trouble::new(at, message).global(full.to_owned()));
            }
            let Some(rule) = class.rule(&name) else {
                let message = format!(
                    "`{}` has no attribute `{}`: a library may call what lies there",
                    shown(full),
                    shown(&name)
                );
                return Some(Trouble::new(at, message).global(full.to_owned()));
            };
            if let Some(trouble) = self.judge_text(&name, value, class, full, at) {
                return Some(trouble);
            }
            let wrong = self.check(value, &Place { rule, array: false, depth: DEPTH }, seen).err()?;
            let message = |what: &str| {
                format!(
                    "attribute `{}` of `{}` holds {what}, which its library doesn't put there",
                    shown(&name),
                    shown(full)
                )
            };
            Some(self.trouble(at, wrong, message).global(full.to_owned()))
        })
    }

    /// Texts that a library evaluates, or searches with.
    fn judge_text(&self, name: &str, value: Slot, class: &Class, full: &str, at: u64) -> Option<Trouble> {
        let Value::Text(_) = value.value() else { return None };
        // One that is too long to be read is none that anybody wrote.
        let text = self.text(value).unwrap_or_default();
        let is = |right: fn(&str) -> bool| self.text(value).is_some_and(|text| right(&text));
        let (name, shown_full) = (shown(name), shown(full));
        if class.library() == "statsmodels" && name.contains("formula") && !is(formula::is_harmless) {
            let message =
                format!("`{name}` of `{shown_full}` is evaluated as Python, and calls more than a formula needs");
            let call = format!("eval({})", shown(&text));
            return Some(Trouble::new(at, message).global(full.to_owned()).call(call));
        }
        if class.library() == "sklearn" && PATTERNS.contains(&name.as_str()) && !is(pattern::is_quick) {
            let message = format!(
                "`{name}` of `{shown_full}` is `{}`, which can be matched in so many ways that it may take for ever",
                shown(&text)
            );
            let remedy =
                "let no two parts that repeat take the same character after each other, as in `(?u)\\b\\w\\w+\\b`";
            return Some(Trouble::new(at, message).global(full.to_owned()).remedy(remedy));
        }
        None
    }

    fn trouble(&self, at: u64, wrong: Wrong, message: impl Fn(&str) -> String) -> Trouble {
        match wrong {
            Wrong::Holds(what) => Trouble::new(at, message(&what)),
            Wrong::Slow => Trouble::new(at, SLOW),
        }
    }
}

fn wild(full: &str, at: u64) -> Trouble {
    if full.starts_with(UNREAD) {
        let message = format!(
            "a `{}` is compiled code's own memory, which nobody can hold to anything here: save the results' `params` instead",
            shown(full)
        );
        return Trouble::new(at, message).global(full.to_owned());
    }
    let message = format!(
        "numbers of a `{}` don't fit together: compiled code takes them for places, and would read or write beyond them",
        shown(full)
    );
    Trouble::new(at, message).global(full.to_owned())
}

mod values;
