//! What a requester was told who isn't cleared, of a request and of each of its files.

use super::word;
use crate::api::NoticeView;
use semla_policy::release::{FileState, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An answer that was paid for. What a requester sees who isn't cleared is a function of these and of nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) round: u32,
    /// Whether it is what people decided, and not only what the checks say.
    pub(crate) decided: bool,
    pub(crate) state: String,
    pub(crate) files: BTreeMap<String, ToldFile>,
}

/// What was told of one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ToldFile {
    pub(crate) state: FileState,
    pub(crate) mended: bool,
    pub(crate) notice: Option<NoticeView>,
    pub(crate) replies: Vec<String>,
    /// Whether it was approved in an earlier round, and isn't checked again in this one.
    #[serde(default)]
    pub(crate) kept: bool,
}

impl Told {
    /// How many files people may still decide on, or have approved, which isn't the end of it.
    pub(in crate::site) fn under_way(&self) -> usize {
        self.files.values().filter(|file| file.state.is_under_way()).count()
    }

    /// Whether the checks of another round are to be expected where all that can still leave is checked anew: there is something left,
    /// or was put in the place of what was left.
    pub(in crate::site) fn expects_more(&self) -> bool {
        self.under_way() > 0 || self.state == word(State::Checking)
    }

    /// Where the request stands by what was told of its files.
    pub(in crate::site) fn stands(&self) -> State {
        State::of(self.files.values().map(|file| file.state))
    }

    /// Whether the round has nothing more to tell: people's decision was told, or nothing is left for them.
    pub(in crate::site) fn is_settled(&self) -> bool {
        self.decided || matches!(self.stands(), State::ChangesRequested | State::Rejected)
    }

    /// Has another round begin in which nothing is checked, or these files alone; people's decision is to be told of all.
    pub(in crate::site) fn begin_round(&mut self, round: u32) {
        (self.round, self.decided) = (round, false);
        self.files.values_mut().for_each(|file| file.kept = file.state == FileState::Approved);
    }
}

impl ToldFile {
    /// Whether the checks have nothing to tell of it in this round.
    pub(in crate::site) fn is_checked(&self) -> bool {
        self.kept || !self.state.is_under_way()
    }
}
