//! What a requester is told of a request who isn't cleared for it: two answers in each round, what the checks say and what people
//! decide. Each is given whole, at one of few moments, and paid for before it is given (rule 4).

use super::super::release::{ReleaseRow, Told, ToldFile, word};
use super::super::{Site, now};
use super::view::{decided_replies, worst_notice};
use crate::api::{BudgetView, FileView, ReleaseView};
use crate::fault::Fault;
use semla_policy::release::{FileState, State};
use semla_policy::{CHECKED, Ends, Feedback};

impl Site {
    /// The view, and the answers that are due and can be paid for.
    pub(super) fn blind_view(&mut self, name: &str, mut row: ReleaseRow) -> Result<ReleaseView, Fault> {
        let mut view = self.release_view(name, &row, false);
        let feedback = self.registry().level(&self.registry().label(&row.marking.label)?)?.feedback;
        if feedback == Feedback::Nothing {
            view.meaning = Some("at this level requesters are told nothing of the checks; reviewers see it all".into());
        } else {
            // What was told of an earlier round stays until there is a new answer.
            let checks = self.answer(name, &mut row, false)?;
            let people = match checks {
                Answer::Told(_) if open(&row) > 0 => self.answer(name, &mut row, true)?,
                _ => Answer::Pending,
            };
            view.budget = [&checks, &people].into_iter().filter_map(Answer::budget).reduce(both);
            view.meaning = [checks, people].into_iter().find_map(Answer::short);
        }
        let waits = if view.meaning.is_some() { "submitted" } else { "checking" };
        view.state = row.told.as_ref().map_or(waits.to_owned(), |told| told.state.clone());
        if row.asked_back {
            view.state = word(State::Withdrawn);
        }
        // What left has left for everybody at the target label, this requester included.
        if matches!(row.protocol.state, State::Released | State::Revoked) && row.bundle.is_some() {
            view.state = word(row.protocol.state);
        }
        for (name, told) in row.told.map(|told| told.files).unwrap_or_default() {
            if let Some(file) = view.files.get_mut(&name) {
                *file = told_of(told, std::mem::take(&mut file.about), std::mem::take(&mut file.controls));
            }
        }
        Ok(view)
    }

    /// Gives one of the two answers of this round, if it is due and can be paid for. What isn't affordable says so whether it is due
    /// or not.
    fn answer(&mut self, name: &str, row: &mut ReleaseRow, decided: bool) -> Result<Answer, Fault> {
        let rules = self.registry().level(&self.registry().label(&row.marking.label)?)?;
        let (feedback, ends) = (rules.feedback, rules.ends);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (at, asked, bits) = match decided {
            false => {
                let (checks, files) = (number(semla_checks::CHECKS.len()), number(row.files.len()));
                (row.checked, CHECKED, feedback.bits(checks, files, ends))
            }
            true => {
                let asked = number(usize::try_from((row.expires - row.began) / 1000).unwrap_or(0));
                let replies = number(self.registry().policy().replies.len());
                let over = !matches!(row.protocol.state, State::Approved | State::Checking | State::InReview);
                (row.decided.filter(|_| over), asked, feedback.decided(replies, open(row), ends, asked))
            }
        };
        let round = row.protocol.round;
        let about = format!("{}/{round}/{}", row.protocol.id, if decided { "people" } else { "checks" });
        let purse = self.purse(&row.marking, &about)?;
        if !purse.affords(bits) {
            return Ok(Answer::Short(purse.short_of(bits)));
        }
        if !due(ends, row.began, at, asked) {
            return Ok(Answer::Pending);
        }
        let Some(budget) = self.tell(name, &row.marking, &about, bits)? else { return Ok(Answer::Pending) };
        if !row.told.as_ref().is_some_and(|told| told.round == round && (told.decided || !decided)) {
            row.told = Some(self.told(row, decided, feedback));
            let tx = self.db.transaction()?;
            row.save(&tx)?;
            tx.commit()?;
        }
        Ok(Answer::Told(budget))
    }

    /// The words of an answer: what the checks say is the same whatever people did meanwhile.
    fn told(&self, row: &ReleaseRow, decided: bool, feedback: Feedback) -> Told {
        let before = |name: &String| row.told.as_ref().and_then(|told| told.files.get(name)).cloned();
        let files = row.protocol.files.iter().filter_map(|(name, file)| {
            let behind = row.files.get(name)?;
            let notices = feedback == Feedback::Notices;
            let state = match file.state {
                FileState::Blocked => FileState::Blocked,
                _ if !decided => FileState::Open,
                FileState::Disputed | FileState::Unchecked => FileState::Open,
                state => state,
            };
            // What was decided in an earlier round, and told, is no news.
            if let Some(known) = before(name).filter(|known| !decided && known.state == file.state) {
                return Some((name.clone(), known));
            }
            let told = ToldFile {
                state,
                mended: notices && behind.mended,
                notice: notices.then(|| worst_notice(&behind.checked, row.protocol.excuse.as_ref())).flatten(),
                replies: match decided && notices {
                    true => decided_replies(self.registry(), behind),
                    false => Vec::new(),
                },
            };
            Some((name.clone(), told))
        });
        let state = match decided {
            true => word(row.protocol.state),
            false if open(row) > 0 => word(State::InReview),
            false => word(State::Rejected),
        };
        Told { round: row.protocol.round, decided, state, files: files.collect() }
    }
}

/// What became of an answer.
enum Answer {
    Told(BudgetView),
    /// It isn't due.
    Pending,
    /// Why it stays away.
    Short(String),
}

impl Answer {
    fn budget(&self) -> Option<BudgetView> {
        match self {
            Self::Told(budget) => Some(budget.clone()),
            _ => None,
        }
    }

    fn short(self) -> Option<String> {
        match self {
            Self::Short(why) => Some(why),
            _ => None,
        }
    }
}

/// How many files the checks let through to people.
fn open(row: &ReleaseRow) -> u32 {
    let open = row.protocol.files.values().filter(|file| file.state != FileState::Blocked).count();
    u32::try_from(open).unwrap_or(u32::MAX)
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

fn both(one: BudgetView, other: BudgetView) -> BudgetView {
    BudgetView { cost: one.cost + other.cost, left: one.left.min(other.left), of: one.of }
}

fn told_of(told: ToldFile, about: String, controls: String) -> FileView {
    FileView {
        state: Some(word(told.state)),
        mended: told.mended,
        notice: told.notice,
        replies: told.replies,
        about,
        controls,
        digest: None,
        needed: None,
        excusable: Vec::new(),
        votes: Default::default(),
    }
}
