//! What a requester is told of a request who isn't cleared for it: two answers in each round, what the checks say and what people
//! decide. Each is given whole, at one of few moments, and paid for before it is given (rule 4).

use super::super::release::{ReleaseRow, Told, ToldFile, word};
use super::super::{Site, now};
use super::view::{decided_replies, worst_notice};
use crate::api::ReleaseView;
use crate::fault::Fault;
use semla_policy::release::{FileState, State};
use semla_policy::{CHECKED, Ends, Feedback};
use std::collections::BTreeMap;

impl Site {
    /// The view: a function of what was told, of what the requester did, and of the budget.
    pub(super) fn blind_view(&mut self, name: &str, mut row: ReleaseRow) -> Result<ReleaseView, Fault> {
        let mut view = self.release_view(name, &row, false);
        if self.feedback(&row)? == Feedback::Nothing {
            view.meaning = Some("at this level requesters are told nothing of the checks; reviewers see it all".into());
        } else {
            // Whoever has taken it back isn't told more, and pays no more.
            if !row.asked_back {
                self.answer(name, &mut row)?;
            }
            let purse = self.purse(&row.marking, &row.protocol.id)?;
            let next = self.next_bits(&row)?;
            view.meaning = next.filter(|bits| !purse.affords(*bits)).map(|bits| purse.short_of(bits));
            let cost = self.spent_on(&row.marking, &row.protocol.id)?;
            view.budget = row.told.as_ref().map(|_| purse.view(cost));
        }
        // What was told of an earlier round stays until there is something to tell of this one.
        let told = row.told.as_ref().filter(|told| told.state != word(State::Checking));
        let waits = if view.meaning.is_some() { "submitted" } else { "checking" };
        view.state = told.map_or(waits.to_owned(), |told| told.state.clone());
        if row.asked_back {
            view.state = word(State::Withdrawn);
        }
        // What left has left for everybody at the target label: for this requester, where they are cleared for that one.
        if self.saw_it_leave(name, &row) {
            view.state = word(row.protocol.state);
        }
        for (name, told) in row.told.map(|told| told.files).unwrap_or_default() {
            if let Some(file) = view.files.get_mut(&name) {
                (file.state, file.mended) = (Some(word(told.state)), told.mended);
                (file.notice, file.replies) = (told.notice, told.replies);
            }
        }
        Ok(view)
    }

    /// Gives what is due of this round, if it can be paid for. What was told of an earlier round stays until then.
    fn answer(&mut self, name: &str, row: &mut ReleaseRow) -> Result<(), Fault> {
        let round = row.protocol.round;
        let known = |row: &ReleaseRow| row.told.as_ref().filter(|told| told.round == round).map(|told| told.decided);
        if known(row).is_none() {
            let ends = self.pay_round(row)?;
            self.give(name, row, false, due(ends, row.began, row.checked, CHECKED))?;
        }
        let over = !matches!(row.protocol.state, State::Approved | State::Checking | State::InReview);
        if known(row).is_none() {
            return Ok(());
        }
        let asked = u32::try_from((row.closes - row.created) / 1000).unwrap_or(u32::MAX);
        // Whether anything is left for people to decide is no part of the price.
        let ends = self.reviews(row, asked)?;
        if known(row) == Some(false) && self.next_bits(row)?.is_some() {
            self.give(name, row, true, due(ends, row.began, row.decided.filter(|_| over), asked))?;
        }
        Ok(())
    }

    /// When people's decision is seen, paid for at the first look.
    fn reviews(&mut self, row: &mut ReleaseRow, asked: u32) -> Result<Ends, Fault> {
        if let Some(ends) = row.reviews {
            return Ok(ends);
        }
        let about = format!("{}/{}/people/end", row.protocol.id, row.protocol.round);
        let ends = self.pay_moment(&row.marking, &about, asked)?;
        row.reviews = Some(ends);
        self.keep(row)?;
        Ok(ends)
    }

    /// Gives one answer, if it is due.
    fn give(&mut self, name: &str, row: &mut ReleaseRow, decided: bool, due: bool) -> Result<(), Fault> {
        let feedback = self.feedback(row)?;
        let bits = if decided { self.next_bits(row)?.unwrap_or(0) } else { self.checks_bits(row)? };
        if !due {
            return Ok(());
        }
        let (round, part) = (row.protocol.round, if decided { "people" } else { "checks" });
        let about = format!("{}/{round}/{part}", row.protocol.id);
        if self.tell(name, &row.marking, &about, bits)?.is_none() {
            return Ok(());
        }
        row.told = Some(self.told(row, decided, feedback));
        self.keep(row)
    }

    /// What the answer costs that comes after those that were told, whether it is due or not.
    fn next_bits(&self, row: &ReleaseRow) -> Result<Option<u32>, Fault> {
        let round = row.protocol.round;
        let Some(told) = row.told.as_ref().filter(|told| told.round == round) else {
            return self.checks_bits(row).map(Some);
        };
        if told.is_settled() {
            return Ok(None);
        }
        let replies = number(self.registry().policy().replies.len());
        Ok(Some(self.feedback(row)?.decided(replies, number(told.under_way()))))
    }

    /// Of what was told in an earlier round and holds in this one nothing more is told.
    fn checks_bits(&self, row: &ReleaseRow) -> Result<u32, Fault> {
        let told = row.told.iter().flat_map(|told| told.files.values());
        let files = number(row.files.len().saturating_sub(told.filter(|file| file.is_checked()).count()));
        Ok(self.feedback(row)?.bits(number(semla_checks::CHECKS.len()), files))
    }

    fn feedback(&self, row: &ReleaseRow) -> Result<Feedback, Fault> {
        Ok(self.told_of(&row.marking)?.feedback)
    }

    /// The words of an answer: what the checks say is the same whatever people did meanwhile.
    fn told(&self, row: &ReleaseRow, decided: bool, feedback: Feedback) -> Told {
        let before = |name: &String| row.told.as_ref().and_then(|told| told.files.get(name)).cloned();
        let files = row.protocol.files.iter().filter_map(|(name, file)| {
            let behind = row.files.get(name)?;
            let known = before(name).filter(|known| !known.state.is_under_way() || known.kept && !decided);
            if let Some(known) = known {
                return Some((name.clone(), known));
            }
            let notices = feedback == Feedback::Notices;
            let state = match file.state {
                FileState::Blocked | FileState::Returned => file.state,
                _ if !decided => FileState::Open,
                FileState::Disputed | FileState::Unchecked => FileState::Open,
                state => state,
            };
            let told = ToldFile {
                state,
                mended: notices && behind.mended,
                notice: notices.then(|| worst_notice(behind, row.protocol.excuse.as_ref())).flatten(),
                replies: match decided && notices {
                    true => decided_replies(self.registry(), behind),
                    false => Vec::new(),
                },
                kept: false,
            };
            Some((name.clone(), told))
        });
        let files: BTreeMap<_, _> = files.collect();
        let state = match decided {
            true => row.protocol.state,
            false => State::of(files.values().map(|file| file.state)),
        };
        Told { round: row.protocol.round, decided, state: word(state), files }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether the moment has come at which an answer is seen. A second that has begun counts as over: the moment is never its own.
fn due(ends: Ends, began: i64, at: Option<i64>, asked: u32) -> bool {
    let seen = |at: i64| {
        let took = u64::try_from((at - began + 999) / 1000).unwrap_or(0);
        let seen = i64::try_from(ends.seen(took, asked.into())).unwrap_or(i64::MAX);
        began.saturating_add(seen.saturating_mul(1000)) <= now()
    };
    at.is_some_and(|at| ends == Ends::AtOnce || seen(at))
}
