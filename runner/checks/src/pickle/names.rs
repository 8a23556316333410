//! The classes and functions that a pickle names.

use super::allowed::{self, Entry};
use super::heap::crowded;
use super::role::Role;
use crate::anatomy::Fault;
use std::collections::HashMap;

/// Most of them in one pickle.
const MOST: usize = 20_000;

/// A class or a function.
#[derive(Debug)]
pub(super) struct Global {
    /// As the loader would look it up.
    pub(super) module: String,
    pub(super) name: String,
    /// What is known of it, if it is on a list.
    pub(super) entry: Option<&'static Entry>,
    pub(super) role: Role,
    /// The place of the opcode that named it first.
    pub(super) at: u64,
}

impl Global {
    /// Its full name.
    pub(super) fn full(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }
}

/// All that were named, in the order in which they were first.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<(String, String), u32>,
    all: Vec<Global>,
}

impl Names {
    /// The place of a name in the list, under a protocol: readers take names of Python 2 for those of Python 3 before protocol 3.
    pub(super) fn place(&mut self, module: &str, name: &str, protocol: u8, at: u64) -> Result<u32, Fault> {
        let (module, name) = if protocol < 3 { allowed::python3(module, name) } else { (module, name) };
        let key = (module.to_owned(), name.to_owned());
        if let Some(place) = self.known.get(&key) {
            return Ok(*place);
        }
        if self.all.len() >= MOST {
            return Err(crowded());
        }
        let place = self.all.len() as u32;
        let entry = allowed::entry(module, name);
        let role = if entry.is_some() { Role::of(module, name) } else { Role::Plain };
        self.all.push(Global { module: key.0.clone(), name: key.1.clone(), entry, role, at });
        self.known.insert(key, place);
        Ok(place)
    }

    /// Whether the same was named here.
    pub(super) fn has(&self, global: &Global) -> bool {
        self.all.iter().any(|known| known.module == global.module && known.name == global.name)
    }

    pub(super) fn get(&self, place: u32) -> Option<&Global> {
        self.all.get(place as usize)
    }

    pub(super) fn all(&self) -> &[Global] {
        &self.all
    }
}
