//! Pickles: what a loader would make of them, and what it would call, without loading them.
//!
//! A pickle is a program for a small machine (CPython's Lib/pickletools.py; PEP 307, 3154, 574). Here runs the same machine with the same
//! stack, marks and memo, except that names stay names and calls stay calls. What it would call is held to the lists in `allowed/`; what
//! it made is told as arrays, texts and models.

mod allowed;
mod calls;
mod emit;
mod estimator;
mod fills;
mod formula;
mod gaps;
mod heap;
mod held;
mod kind;
mod lines;
mod literal;
mod machine;
mod memo;
mod names;
mod nested;
mod opcode;
mod pattern;
mod peek;
mod plain;
mod pool;
mod role;
mod scene;
mod schema;
mod slot;
mod state;
mod states;
mod storage;
mod table;
mod trouble;
mod trusted;
mod versions;
mod walk;
mod window;

use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::say::many;
use crate::torch;
use machine::Machine;
use std::collections::{BTreeMap, BTreeSet};
use trouble::Trouble;
use walk::Walk;

/// What lies beside a pickle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// Storages of torch by their keys.
    pub(crate) storages: &'a BTreeMap<String, Data>,
    /// Whether their numbers have their first byte first.
    pub(crate) big_endian: bool,
}

/// Reads a file that is one pickle, as Python or joblib writes it.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    if torch::is_legacy(&data.head(64)?) {
        return Err(Fault::new(
            "torch wrote it in a form that was given up with 1.6: load it and save it again with torch.save",
        ));
    }
    examine(data, at, None, anatomy).map(drop)
}

/// Reads a pickle with what lies beside it. The answer is what of that belongs to nothing in the pickle, by key.
pub(crate) fn examine(
    data: &Data,
    at: &str,
    beside: Option<Beside<'_>>,
    anatomy: &mut Anatomy,
) -> Result<Vec<(String, Data)>, Fault> {
    let mut machine = Machine::new(data, 0, beside);
    let made = match machine.run() {
        Ok(made) => made,
        Err(fault) => {
            // What it would have called before it broke is told all the same: a loader doesn't wait for the end.
            machine.scene.judge_names(slot::Slot::NONE);
            remark(&machine, at, anatomy, false);
            return Err(fault);
        }
    };
    machine.scene.judge_names(made);
    machine.scene.judge_states();
    machine.other_readers();
    machine.scene.judge_versions();
    let end = machine.window.offset();
    if end < data.len() {
        trailing(&mut machine, data, end);
    }
    let dropped = machine.forget();
    let walked = Walk::new(&mut machine.scene, anatomy, at).run(made, &dropped);
    remark(&machine, at, anatomy, walked.is_ok());
    walked.map(|()| machine.scene.spare())
}

/// What stands behind the end, which a loader that is called once more would load.
fn trailing(machine: &mut Machine<'_>, data: &Data, end: u64) {
    let remedy = "write one object to a file, once";
    machine.scene.troubles.add(Trouble::new(end, "something stands behind its end").remedy(remedy));
    if let Some((at, message)) = data.after(end).and_then(|rest| glance(&rest)) {
        machine.scene.troubles.add(Trouble::new(end + at, format!("behind its end: {message}")).remedy(remedy));
    }
}

/// The first trouble of what may be a pickle, whether or not it can be read to its end; none if it names nothing.
fn glance(data: &Data) -> Option<(u64, String)> {
    let mut machine = Machine::small(data);
    let made = machine.run().unwrap_or(slot::Slot::NONE);
    if machine.scene.names.all().is_empty() {
        return None;
    }
    machine.scene.judge_names(made);
    machine.scene.troubles.first()
}

/// Tells what is wrong, or that nothing is in a pickle that could be read as a whole.
fn remark(machine: &Machine<'_>, at: &str, anatomy: &mut Anatomy, whole: bool) {
    let scene = &machine.scene;
    for finding in scene.troubles.findings(at) {
        anatomy.remark("F4", finding);
    }
    if whole && scene.troubles.is_empty() {
        let entries = scene.names.all().iter().filter_map(|global| global.entry);
        let libraries: BTreeSet<&str> = entries.map(|entry| entry.library.name).collect();
        let libraries: Vec<&str> = libraries.into_iter().collect();
        let count = many(scene.names.all().len(), "name");
        let message = match libraries.as_slice() {
            [] => "it names no class and no function".to_owned(),
            _ => format!("it has {count} of classes and functions, all of them harmless: of {}", libraries.join(", ")),
        };
        anatomy.remark("F4", Finding::pass(message).with("names", scene.names.all().len()));
    }
}

#[cfg(test)]
mod tests;
