//! REDUCE, NEWOBJ, OBJ and INST: what a loader would call, and with what.
//!
//! | what is called | passes when |
//! |---|---|
//! | something that isn't on a list | never |
//! | something that the pickle made itself, or took from outside | never |
//! | a class, for an object without arguments | the list says `created` |
//! | `copyreg._reconstructor` | the class is `created`, its base is `object`; or the class is `filled`, its base a container |
//! | a function that calls what it is given | what it is given is what its library gives it |
//! | bytes, and what is made of a container | of a text or of bytes, and of what the pickle holds: no number or range fills the memory |
//! | what makes arrays and kinds of numbers | the arguments are of numpy's form, and the bytes are as many as promised |
//! | anything else | the list says `called`; the arguments are judged where they are made |

use super::heap::{How, Object, Sense};
use super::held::Held;
use super::kind::Kind;
use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use super::trouble::{RETRAIN, Trouble};
use crate::anatomy::Fault;

/// Most parts of a call's arguments that are shown.
const SHOWN: usize = 4;

impl Scene<'_> {
    /// Judges a call, and makes an object of it.
    pub(super) fn call(&mut self, callee: Slot, args: Slot, how: How, at: u64) -> Result<Slot, Fault> {
        if self.role(callee) == Role::Scalar
            && let Some(number) = self.makes_lone(args)
        {
            return Ok(number);
        }
        let object = Object { callee, args, state: None, items: None, how, sense: Sense::Unknown, used: false };
        let made = self.heap.add(object)?;
        let Some(global) = self.global(callee) else {
            let message = "it would call something that it makes itself, so that nobody can tell what";
            self.troubles.add(Trouble::new(at, message).call(self.told(callee, args)).about(made));
            return Ok(made);
        };
        if args.as_tuple().is_none() {
            let message = format!(
                "it would call `{}` with arguments that readers take for different things",
                super::trouble::shown(&global.full())
            );
            self.troubles.add(Trouble::new(at, message).global(global.full()).about(made));
            return Ok(made);
        }
        let Some(entry) = global.entry else {
            self.troubles.add(unknown(&global.full(), true, at).call(self.told(callee, args)).about(made));
            return Ok(made);
        };
        let (role, bare) = (global.role, self.heap.len(args) == 0);
        let uses = entry.uses;
        let right = match role {
            Role::Reconstructor => self.reconstructor(args),
            Role::Newobj => self.newobj(args),
            Role::Encode => self.encodes(args),
            Role::Bytes => self.encoded(made.as_object().unwrap_or(u32::MAX)).is_some(),
            Role::Container | Role::Collection => (uses.called || bare && uses.created) && self.is_finite(args),
            Role::Kind => self.makes_kind(made, args),
            Role::Reconstruct => self.reconstructs(args, 2),
            Role::Masked => self.reconstructs(args, 3),
            Role::FromBuffer => {
                let held = Held::buffer(self, args);
                self.hold(made, held, at);
                true
            }
            Role::Scalar => {
                let held = Held::scalar(self, args);
                self.hold(made, held, at);
                true
            }
            Role::Random | Role::RandomMaker => {
                let makers = self
                    .heap
                    .each(args)
                    .all(|arg| self.global(arg).is_none_or(|arg| arg.module.starts_with("numpy.random.")));
                makers && self.heap.each(args).skip(1).all(|arg| self.role(arg) == Role::RandomMaker)
            }
            Role::NewIndex => {
                let class = self.heap.first::<1>(args).and_then(|[class]| self.global(class));
                class.is_some_and(|class| class.entry.is_some_and(|entry| entry.library.name == "pandas"))
            }
            Role::DefaultDict => match self.heap.first::<1>(args) {
                Some([factory]) => {
                    let made = self.global(factory).is_some_and(|factory| factory.module == "builtins");
                    (factory == Slot::NONE || made) && self.is_finite(args)
                }
                None => true,
            },
            Role::Partial => self.heap.exactly::<1>(args).is_some_and(|[function]| self.is_check_array(function)),
            Role::Tensor | Role::Parameter => self.tensor(made, args, role),
            Role::Elsewhere => false,
            _ => uses.called || bare && uses.created,
        };
        if !right {
            let name = super::trouble::shown(&self.global(callee).map(|global| global.full()).unwrap_or_default());
            let message = match role {
                Role::Elsewhere => "its arrays are in other files".to_owned(),
                _ if uses.called || role != Role::Plain => {
                    format!("it would call `{name}` with other arguments than its library writes")
                }
                _ => format!("it would call `{name}`, which is harmless only where it isn't called"),
            };
            let remedy =
                if role == Role::Elsewhere { "save it again with joblib 0.10 or later: joblib.dump" } else { RETRAIN };
            let trouble =
                Trouble::new(at, message).remedy(remedy).global(name).call(self.told(callee, args)).about(made);
            self.troubles.add(trouble);
        }
        self.use_args(args);
        Ok(made)
    }

    /// What was called with something holds on to it: it mustn't change any more.
    fn use_args(&mut self, args: Slot) {
        let mut items = self.heap.items(args);
        for _ in 0..64 {
            let Some(arg) = self.heap.next(&mut items) else { return };
            if arg.as_object().is_none() || self.is_numbers(arg) {
                self.heap.use_up(arg);
            }
        }
    }

    fn reconstructor(&self, args: Slot) -> bool {
        let Some([class, base, state]) = self.heap.exactly(args) else { return false };
        let Some(class) = self.global(class).and_then(|class| class.entry) else { return self.global(class).is_some() };
        match self.role(base) {
            Role::Object => class.uses.created && state == Slot::NONE,
            Role::Container => {
                (class.uses.filled || class.uses.called)
                    && state != Slot::NONE
                    && !matches!(state.value(), Value::Object(_) | Value::Global(_))
            }
            _ => false,
        }
    }

    fn newobj(&self, args: Slot) -> bool {
        let Some([class]) = self.heap.first::<1>(args) else { return false };
        let Some(class) = self.global(class) else { return false };
        // An unknown name is trouble of its own.
        let (bare, filled) = (self.heap.len(args) == 1, matches!(class.role, Role::Bytes | Role::Container));
        class.entry.is_none_or(|entry| if bare { entry.uses.created } else { entry.uses.called && !filled })
    }

    /// Whether none of the arguments makes its items as it goes, as a range does.
    fn is_finite(&self, args: Slot) -> bool {
        self.heap.each(args).all(|arg| !matches!(arg.value(), Value::Object(_)))
    }

    fn is_check_array(&self, function: Slot) -> bool {
        self.global(function).is_some_and(|function| function.full() == "sklearn.utils.validation.check_array")
    }

    /// `(function, (), options, None)`: the options are numbers, texts and harmless names.
    pub(super) fn is_partial(&self, state: Slot) -> bool {
        let Some([function, args, options, more]) = self.heap.exactly(state) else { return false };
        let one =
            |slot: Slot| self.is_literal(slot, 1) || self.global(slot).is_some_and(|global| global.entry.is_some());
        let list = |slot: Slot| matches!(slot.value(), Value::List(_)) && self.heap.each(slot).all(one);
        let harmless = |slot: Slot| one(slot) || list(slot);
        self.is_check_array(function)
            && args.as_tuple().is_some()
            && self.heap.len(args) == 0
            && options.as_dict().is_some()
            && self.heap.pairs(options).all(|(name, value)| matches!(name.value(), Value::Text(_)) && harmless(value))
            && (more == Slot::NONE || more.as_dict().is_some() && self.heap.len(more) == 0)
    }

    fn encodes(&self, args: Slot) -> bool {
        let Some([text, code]) = self.heap.exactly(args) else { return false };
        matches!(text.value(), Value::Text(_)) && self.text(code).as_deref() == Some("latin1")
    }

    fn makes_kind(&mut self, made: Slot, args: Slot) -> bool {
        let switches = |slot: Slot| matches!(slot.value(), Value::Bool(_) | Value::Int(0 | 1));
        let Some([code]) = self.heap.first::<1>(args) else { return false };
        if self.heap.len(args) > 3 || !self.heap.each(args).skip(1).all(switches) {
            return false;
        }
        let kind = if self.role(code) == Role::Record {
            Some(Kind::record())
        } else {
            self.text(code).and_then(|code| Kind::of(&code))
        };
        let Some(kind) = kind else { return false };
        let place = self.kinds.len() as u32;
        self.kinds.push(kind);
        self.sense(made, Sense::Kind(place));
        true
    }

    /// `(class, (0,), b"b")`, and of masked arrays the class of the data too.
    fn reconstructs(&self, args: Slot, classes: usize) -> bool {
        let mut items = self.heap.each(args);
        let mut class = items.by_ref().take(classes - 1);
        let array = |slot: Slot| {
            self.role(slot) == Role::Ndarray || self.global(slot).is_some_and(|class| class.name == "MaskedArray")
        };
        if self.heap.len(args) != classes as u64 + 1 || !class.all(array) {
            return false;
        }
        let shape = self.heap.each(args).nth(classes - 1).and_then(|shape| self.shape(shape));
        let code = self.heap.each(args).nth(classes);
        let b = code.is_some_and(|code| match code.value() {
            Value::Text(_) => self.text(code).as_deref() == Some("b"),
            Value::Bytes(_) | Value::Object(_) => self.source(code, 1).is_ok(),
            _ => false,
        });
        shape.as_deref() == Some(&[0]) && b
    }

    /// A call as people would write it.
    pub(super) fn told(&self, callee: Slot, args: Slot) -> String {
        let name =
            self.global(callee).map_or_else(|| self.brief(callee, 1), |global| super::trouble::shown(&global.full()));
        let mut args: Vec<String> = self.heap.each(args).take(SHOWN + 1).map(|arg| self.brief(arg, 2)).collect();
        if args.len() > SHOWN {
            args.truncate(SHOWN);
            args.push("...".to_owned());
        }
        format!("{name}({})", args.join(", "))
    }

    /// A value as people would write it, shortened.
    pub(super) fn brief(&self, slot: Slot, depth: u32) -> String {
        let inner = |open: &str, close: &str| {
            if depth == 0 {
                return format!("{open}...{close}");
            }
            let items: Vec<String> = self.heap.each(slot).take(SHOWN).map(|item| self.brief(item, depth - 1)).collect();
            let more = if self.heap.len(slot) > SHOWN as u64 { ", ..." } else { "" };
            format!("{open}{}{more}{close}", items.join(", "))
        };
        match slot.value() {
            Value::None => "None".to_owned(),
            Value::Bool(value) => if value { "True" } else { "False" }.to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => format!("{value:?}"),
            Value::Big(_) => "a large number".to_owned(),
            Value::Text(at) => {
                let text = super::literal::text(self.data, at, 256).unwrap_or_default();
                format!("\"{}\"", super::trouble::shown(&text))
            }
            Value::Bytes(_) | Value::Array(_) => "bytes".to_owned(),
            Value::Lone(_) => "a number".to_owned(),
            Value::List(_) => inner("[", "]"),
            Value::Tuple(_) => inner("(", ")"),
            Value::Dict(_) | Value::Set(_) | Value::Frozen(_) => inner("{", "}"),
            Value::Global(_) => {
                self.global(slot).map(|global| super::trouble::shown(&global.full())).unwrap_or_default()
            }
            Value::Object(at) => match self.heap.object(at) {
                Some(object) if depth > 0 => {
                    let name = self.global(object.callee).map(|global| super::trouble::shown(&global.full()));
                    let args: Vec<String> =
                        self.heap.each(object.args).take(SHOWN).map(|arg| self.brief(arg, depth - 1)).collect();
                    format!("{}({})", name.unwrap_or_else(|| "(...)".to_owned()), args.join(", "))
                }
                _ => "(...)".to_owned(),
            },
        }
    }
}

/// The answer to a name that is on no list.
pub(super) fn unknown(name: &str, called: bool, at: u64) -> Trouble {
    let shown = super::trouble::shown(name);
    let module = name.split('.').next().unwrap_or_default();
    let (message, remedy) = if module == "__main__" {
        (
            format!("it needs `{shown}`, which is code of a program that isn't in the file"),
            "save numbers instead of your own classes: of torch models model.state_dict(), of pipelines the parts that are scikit-learn's",
        )
    } else if module == "scipy" && name.contains(".stats.") {
        (
            format!("it needs `{shown}`: scipy's distributions run a text of their own when they are loaded"),
            "save what was found rather than the search: search.best_estimator_",
        )
    } else if called {
        (format!("it would call `{shown}`, which isn't on the list of what models need"), RETRAIN)
    } else {
        (format!("it names `{shown}`, which isn't on the list of what models need"), RETRAIN)
    };
    Trouble::new(at, message).remedy(remedy).global(name.to_owned())
}
