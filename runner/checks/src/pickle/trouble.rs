//! What is wrong with a pickle that can be read: each thing once, with the place, the name and how one gets there.

use super::slot::Slot;
use crate::finding::{Finding, LISTED};
use crate::say::quoted;
use std::collections::HashSet;

/// What to do about most of it.
pub(super) const RETRAIN: &str = "save only what numpy, scipy, pandas, scikit-learn, statsmodels or torch make themselves: parameters, arrays, texts";

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// The place in the file.
    at: u64,
    pub(super) message: String,
    remedy: String,
    /// The class or function that it is about, with its module.
    global: Option<String>,
    /// What would be called, with its arguments.
    call: Option<String>,
    /// What it is about: where this lies, the trouble is.
    pub(super) about: Option<Slot>,
    /// How one gets there from the outermost object.
    pub(super) path: Option<String>,
}

/// All that is wrong.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    listed: Vec<Trouble>,
    said: HashSet<String>,
    /// How many more there are than are listed.
    more: u64,
}

impl Trouble {
    pub(super) fn new(at: u64, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            remedy: RETRAIN.to_owned(),
            global: None,
            call: None,
            about: None,
            path: None,
        }
    }

    pub(super) fn remedy(self, remedy: &str) -> Self {
        Self { remedy: remedy.to_owned(), ..self }
    }

    /// What to do about it, unless it says so itself.
    pub(super) fn or_remedy(self, remedy: &str) -> Self {
        if self.remedy == RETRAIN { self.remedy(remedy) } else { self }
    }

    pub(super) fn global(self, name: String) -> Self {
        Self { global: Some(name), ..self }
    }

    pub(super) fn call(self, call: String) -> Self {
        Self { call: Some(call), ..self }
    }

    pub(super) fn about(self, slot: Slot) -> Self {
        Self { about: Some(slot), ..self }
    }

    /// The same in other words, about something that lies elsewhere.
    pub(super) fn retold(self, message: String) -> Self {
        Self { message, about: None, ..self }
    }

    fn finding(&self, at: &str) -> Finding {
        let mut finding = Finding::block(self.message.clone(), self.remedy.clone()).with("offset", self.at);
        if let Some(global) = &self.global {
            finding = finding.with("global", shown(global));
        }
        let path = self.path.as_deref().unwrap_or_default();
        let chain = match &self.call {
            Some(call) if path.is_empty() => call.clone(),
            Some(call) => format!("{} -> {call}", shown(path)),
            None => shown(path),
        };
        if !chain.is_empty() {
            finding = finding.with("chain", chain);
        }
        if at.is_empty() { finding } else { finding.with("in", shown(at)) }
    }
}

/// Text that a job chose, made safe, without backticks around it.
pub(super) fn shown(text: &str) -> String {
    quoted(text).trim_matches('`').to_owned()
}

impl Troubles {
    /// Notes one, unless the same was said already.
    pub(super) fn add(&mut self, trouble: Trouble) {
        if self.said.contains(&trouble.message) {
            return;
        }
        if self.listed.len() >= LISTED {
            self.more += 1;
            return;
        }
        self.said.insert(trouble.message.clone());
        self.listed.push(trouble);
    }

    /// Whether a class or function is named in one of them.
    pub(super) fn is_about(&self, global: &str) -> bool {
        self.listed.iter().any(|trouble| trouble.global.as_deref() == Some(global))
    }

    /// The place and the message of the first one.
    pub(super) fn first(&self) -> Option<(u64, String)> {
        self.listed.first().map(|trouble| (trouble.at, trouble.message.clone()))
    }

    /// Those that tell of a class or a function.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Trouble> {
        self.listed.iter().filter(|trouble| trouble.global.is_some())
    }

    /// Whether the same was said.
    pub(super) fn has(&self, trouble: &Trouble) -> bool {
        self.said.contains(&trouble.message)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Those that are about something that lies somewhere and of which it isn't known yet where.
    pub(super) fn lost(&mut self) -> impl Iterator<Item = &mut Trouble> {
        self.listed.iter_mut().filter(|trouble| trouble.path.is_none() && trouble.about.is_some())
    }

    /// One finding for each.
    pub(super) fn findings(&self, at: &str) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.listed.iter().map(|trouble| trouble.finding(at)).collect();
        if let (Some(last), true) = (findings.last_mut(), self.more > 0) {
            last.evidence.insert("more".to_owned(), self.more.into());
        }
        findings
    }
}
