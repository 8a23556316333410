//! Goes through what a pickle made, from the outermost object on, and tells what is in it by the paths that people know.

mod path;

use super::heap::{Items, Object, Sense};
use super::peek::Peek;
use super::pool::Pool;
use super::role::Role;
use super::scene::Scene;
use super::slot::{Slot, Value};
use crate::anatomy::{Anatomy, Fault};
use crate::model::Estimator;
use path::Name;

/// Deepest nesting.
const DEPTH: usize = 500;

/// A walk.
pub(super) struct Walk<'w, 'a> {
    pub(super) scene: &'w mut Scene<'a>,
    pub(super) anatomy: &'w mut Anatomy,
    pub(super) peek: Peek<'a>,
    /// What stands before every path.
    pub(super) at: &'w str,
    steps: Vec<Step>,
    /// A bit for each word and each object that was passed.
    words: Vec<u64>,
    objects: Vec<u64>,
    pub(super) pool: Pool,
}

/// One container on the way.
#[derive(Clone, Copy, Debug)]
struct Step {
    items: Items,
    index: u64,
    name: Name,
    /// The key or the place of the item that is being looked at.
    key: Slot,
    /// How many levels of its numbers and texts were told as a whole: none, its own, or those of its items too.
    told: u8,
    /// The model that it is part of, to be closed when it ends: its place in the list, and how many numbers there were before it.
    model: Option<(usize, u64)>,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(super) fn new(scene: &'w mut Scene<'a>, anatomy: &'w mut Anatomy, at: &'w str) -> Self {
        let bits = |count: usize| vec![0; count / 64 + 1];
        let (words, objects) = (bits(scene.heap.words().len()), bits(scene.heap.objects().len()));
        let (peek, pool) = (Peek::new(scene.data), Pool::beside(scene.size()));
        Self { scene, anatomy, peek, at, steps: Vec::new(), words, objects, pool }
    }

    /// Goes through all that a slot leads to, and through what was thrown away.
    pub(super) fn run(&mut self, made: Slot, dropped: &[Slot]) -> Result<(), Fault> {
        self.through(made)?;
        dropped.iter().try_for_each(|slot| self.through(*slot))?;
        self.finish()
    }

    fn through(&mut self, made: Slot) -> Result<(), Fault> {
        self.visit(made, 0)?;
        while let Some(step) = self.steps.last_mut() {
            let pairs = matches!(step.name, Name::Key | Name::Attribute);
            let first = self.scene.heap.next(&mut step.items);
            let second = if pairs { self.scene.heap.next(&mut step.items) } else { first };
            let (Some(first), Some(second)) = (first, second) else {
                let model = step.model;
                self.steps.pop();
                if let Some((place, before)) = model {
                    self.close(place, before);
                }
                continue;
            };
            step.key = first;
            step.index += 1;
            let (told, attribute) = (step.told, step.name == Name::Attribute);
            if attribute {
                self.attribute(first)?;
            } else if pairs && !is_told(first, told) {
                self.visit(first, told)?;
            }
            if !is_told(second, told) {
                self.visit(second, told)?;
            }
        }
        Ok(())
    }

    /// Looks at one value, of which so many levels were told with what it lies in.
    fn visit(&mut self, slot: Slot, told: u8) -> Result<(), Fault> {
        match slot.value() {
            Value::Text(at) if told == 0 => self.text(at)?,
            Value::Int(_) | Value::Float(_) | Value::Big(_) | Value::Lone(_) if told == 0 => self.number_alone(slot)?,
            Value::Bytes(at) | Value::Array(at) => self.bytes(at)?,
            Value::Global(_) => self.found(slot),
            Value::List(at) | Value::Dict(at) | Value::Set(at) | Value::Tuple(at) | Value::Frozen(at) => {
                self.found(slot);
                if pass(&mut self.words, at) {
                    self.container(slot, told)?;
                }
            }
            Value::Object(at) if pass(&mut self.objects, at) => {
                self.found(slot);
                if let Some(object) = self.scene.heap.object(at).copied() {
                    self.object(slot, &object)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn container(&mut self, slot: Slot, told: u8) -> Result<(), Fault> {
        let name = if slot.as_dict().is_some() { Name::Key } else { Name::Item };
        let told = if told == 2 { Some(1) } else { self.plain(slot)? };
        told.map_or(Ok(()), |told| self.enter(slot, name, told, None))
    }

    fn enter(&mut self, slot: Slot, name: Name, told: u8, model: Option<(usize, u64)>) -> Result<(), Fault> {
        if self.steps.len() >= DEPTH {
            return Err(Fault::new("it is nested more than 500 deep"));
        }
        let items = self.scene.heap.items(slot);
        self.steps.push(Step { items, index: 0, name, key: Slot::NONE, told, model });
        Ok(())
    }

    fn object(&mut self, slot: Slot, object: &Object) -> Result<(), Fault> {
        match object.sense {
            // A unit of time, or notes on the kind.
            Sense::Kind(_) => return self.rest(object.state, 8),
            Sense::Array(at) => {
                self.array(at)?;
                // The mask of a masked array and what fills it; notes on a tensor.
                self.rest(object.state.filter(|state| state.as_tuple().is_some()), 5)?;
                return self.rest(Some(object.args), 6);
            }
            Sense::Unknown => {}
        }
        if let Some(at) = slot.as_object()
            && let Some(source) = self.scene.encoded(at)
        {
            return self.source(&source);
        }
        if let Some(model) = self.open(object)? {
            self.enter(Slot::NONE, Name::Same, 0, Some(model))?;
        }
        let same = matches!(self.scene.role(object.callee), Role::Reconstructor | Role::Newobj);
        if let Some(items) = object.items {
            self.visit(items, 0)?;
        }
        if object.args.as_tuple().is_some_and(|args| pass(&mut self.words, args)) {
            self.enter(object.args, if same { Name::Same } else { Name::Argument }, 0, None)?;
        }
        match object.state {
            Some(state) if state.as_dict().is_some_and(|state| !pass(&mut self.words, state)) => Ok(()),
            Some(state) if state.as_dict().is_some() => self.enter(state, Name::Attribute, 0, None),
            Some(state) => self.visit(state, 0),
            None => Ok(()),
        }
    }

    /// Looks at what follows so many items of a tuple.
    fn rest(&mut self, tuple: Option<Slot>, from: usize) -> Result<(), Fault> {
        let Some(tuple) = tuple.filter(|tuple| self.scene.heap.len(*tuple) > from as u64) else { return Ok(()) };
        let rest: Vec<Slot> = self.scene.heap.each(tuple).skip(from).collect();
        rest.into_iter().try_for_each(|slot| self.visit(slot, 0))
    }

    fn open(&mut self, object: &Object) -> Result<Option<(usize, u64)>, Fault> {
        let Some(estimator) = self.estimator(object) else { return Ok(None) };
        let (at, before) = (self.path(), self.pool.numbers);
        self.anatomy.estimators.push(Estimator { at, ..estimator });
        Ok(Some((self.anatomy.estimators.len() - 1, before)))
    }

    fn close(&mut self, place: usize, before: u64) {
        let numbers = self.pool.numbers.saturating_sub(before);
        if let Some(estimator) = self.anatomy.estimators.get_mut(place) {
            estimator.parameters = numbers;
        }
    }
}

/// Whether nothing is left to tell of a value of which so many levels were.
fn is_told(slot: Slot, told: u8) -> bool {
    told > 0
        && matches!(
            slot.value(),
            Value::None
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Big(_)
                | Value::Text(_)
                | Value::Lone(_)
        )
}

/// Sets a bit; whether it was unset.
fn pass(bits: &mut [u64], at: u32) -> bool {
    let Some(word) = bits.get_mut(at as usize / 64) else { return false };
    let bit = 1 << (at % 64);
    let new = *word & bit == 0;
    *word |= bit;
    new
}
