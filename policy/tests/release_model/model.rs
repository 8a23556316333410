//! The protocol with everything around it that can go wrong: reviewers who say anything, an author who changes files, time, officers,
//! and a daemon that crashes between a record and its effect.

use crate::now::{Now, name};
use crate::world::{Ballot, DIGESTS, LATER, PINNED, REVIEWERS, SAID, World, content, files};
use semla_policy::release::{Decision, Event, FileState, Release, State};
use stateright::{Model, Property};
use std::collections::{BTreeMap, BTreeSet};

/// What the design rests on. Each can be left out, to see that the properties would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A vote is about the content that the reviewer saw.
    Binding,
    /// A file that changes loses its votes.
    Dropping,
    /// What was said of a content is said of it still when its author hands it in again.
    Remembering,
    /// A policy that changes has everything checked and voted on anew.
    Following,
    /// One person is one account.
    Distinct,
    /// Nobody reviews what they wrote.
    Independent,
    /// An excused file needs more approvals.
    Larger,
    /// Each role that the way wants is among those who approve.
    Represented,
    /// What the checks said under an old policy isn't an answer under the new one.
    Fresh,
    /// The votes that stand say the same.
    Agreeing,
}

pub struct Airlock {
    pub world: World,
    /// How many files are asked for.
    pub files: u8,
    pub crashes: u8,
    /// How often a file is replaced.
    pub changes: u8,
    /// Whether people do everything that they can: vote on what lies there no more, take any content; and checks answer twice.
    pub wide: bool,
    pub without: Option<Guard>,
    /// Whether the launcher decides by itself, or does whatever it is told.
    pub gate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    Submit {
        crash: bool,
    },
    /// A person votes, with an account: their own, unless one person had two.
    Vote {
        who: u8,
        ballot: Ballot,
    },
    /// Checks answer; after a crash they may answer once more.
    Answer {
        job: (u8, u8, u8),
        again: bool,
    },
    Replace {
        file: u8,
        digest: u8,
        crash: bool,
    },
    LeaveOut {
        file: u8,
    },
    ChangePolicy,
    Follow {
        crash: bool,
    },
    Reconcile,
    Lower {
        file: u8,
        crash: bool,
    },
    Finish,
    Expire,
    Lapse,
    Withdraw,
    Revoke,
}

impl Airlock {
    fn has(&self, guard: Guard) -> bool {
        self.without != Some(guard)
    }

    /// What the protocol is told that a release takes.
    fn terms(&self, policy: u8) -> semla_policy::Terms {
        let terms = self.world.terms(policy);
        match self.has(Guard::Represented) {
            true => terms,
            false => self.world.unrepresented(policy),
        }
    }

    fn votes(&self, now: &Now, actions: &mut Vec<Action>) {
        let people = (0..4_u8).flat_map(|who| (0..self.files).map(move |file| (who, file)));
        for (who, file) in people {
            if !now.file(file).state.is_open() {
                continue;
            }
            let accounts = if self.has(Guard::Distinct) { who..who + 1 } else { 0..4 };
            for by in accounts {
                // What they saw is what it is now, or what it was before.
                for digest in [now.digest(file), (now.digest(file) + 1) % DIGESTS] {
                    let ballot =
                        |(decision, excuses)| Ballot { by, file, digest, policy: now.policy, decision, excuses };
                    actions.extend(SAID.map(|said| Action::Vote { who, ballot: ballot(said) }));
                }
            }
        }
    }

    /// Most votes are refused: nothing is copied for these.
    fn vote(&self, last: &Now, who: u8, ballot: Ballot) -> Option<Now> {
        // Without the binding the daemon takes a vote for what lies there now, whatever was seen.
        let taken = match self.has(Guard::Binding) {
            true => ballot,
            false => Ballot { digest: last.digest(ballot.file), ..ballot },
        };
        let (release, _) = last.release.step(Event::Vote(Box::new(self.world.cast(&taken)?.clone()))).ok()?;
        let mut now = last.with(release);
        if !self.has(Guard::Agreeing) {
            now.settle_by_approvals(ballot.file);
        }
        now.said.insert((who, ballot.file), ballot);
        Some(now)
    }

    /// Takes a step that has effects; a crash may come before them.
    fn effects(&self, now: &mut Now, event: Event, crash: bool) -> Option<()> {
        let effects = now.step(event)?;
        match crash {
            true => now.crash()?,
            false => effects.iter().for_each(|effect| now.schedule(effect)),
        }
        Some(())
    }

    fn answer(&self, now: &mut Now, job: (u8, u8, u8), again: bool) -> Option<()> {
        let (file, digest, policy) = job;
        match again {
            true => now.crash()?,
            false => drop(now.running.remove(&job)),
        }
        let awaited = now.release.state == State::Checking && now.file(file).state == FileState::Unchecked;
        let counts = policy == now.policy || !self.has(Guard::Fresh);
        if awaited && counts {
            let blocks = self.world.blocks(digest, policy);
            now.step(Event::Checked { file: name(file), digest: content(digest), blocks })?;
        }
        Some(())
    }

    fn replace(&self, now: &mut Now, file: u8, digest: u8, crash: bool) -> Option<()> {
        let (votes, roles) = (now.file(file).votes.clone(), now.file(file).roles.clone());
        now.changes = now.changes.checked_sub(1)?;
        now.turn(file);
        self.effects(now, Event::Replace(BTreeMap::from([(name(file), content(digest))])), crash)?;
        let file = now.release.files.get_mut(&name(file))?;
        if !self.has(Guard::Dropping) {
            // Changes were asked for; with the new content those who asked are taken to be content.
            let approve = votes.into_keys().map(|by| (by, Decision::Approve)).collect();
            (file.votes, file.roles) = (approve, roles);
        }
        if !self.has(Guard::Remembering) {
            file.earlier.clear();
        }
        Some(())
    }

    fn lower(&self, now: &mut Now, file: u8, crash: bool) -> Option<()> {
        let digest = now.digest(file);
        let standing = now.file(file).votes.keys();
        let number = |by: &String| REVIEWERS.iter().zip(0..).find(|(name, _)| *name == by).map(|(_, number)| number);
        let handed = standing.filter_map(number).filter_map(|by: u8| now.last_word(by, file, digest)).collect();
        if self.gate && !self.world.lowers(now.policy, file, digest, handed) {
            now.disagreed |= now.stands == now.policy;
            return now.step(Event::Refused).map(drop);
        }
        now.broken |= !now.enough(file, digest);
        match crash {
            true => now.crash()?,
            false => drop(now.copies.insert(file)),
        }
        Some(())
    }
}

impl Model for Airlock {
    type State = Now;
    type Action = Action;

    fn init_states(&self) -> Vec<Now> {
        let labels = (crate::common::HIGH.to_owned(), "public".to_owned());
        let mut terms = self.terms(PINNED);
        if !self.has(Guard::Larger) {
            terms = self.world.as_many(terms);
        }
        vec![Now {
            release: Release::draft("r-1".into(), "colleague".into(), labels, &terms, files(self.files)),
            policy: PINNED,
            stands: PINNED,
            crashes: self.crashes,
            changes: self.changes,
            running: BTreeSet::new(),
            said: BTreeMap::new(),
            before: BTreeMap::new(),
            copies: BTreeSet::new(),
            broken: false,
            disagreed: false,
        }]
    }

    fn actions(&self, now: &Now, actions: &mut Vec<Action>) {
        let state = now.release.state;
        let crashes = || [false, true].into_iter().filter(|crash| !crash || now.crashes > 0);
        if !state.is_pending() {
            // Of what is over only a bundle can still change.
            actions.extend((state == State::Released).then_some(Action::Revoke));
            return;
        }
        let each = || 0..self.files;
        match state {
            State::Draft => actions.extend(crashes().map(|crash| Action::Submit { crash })),
            State::Checking => actions.push(Action::Reconcile),
            State::InReview => self.votes(now, actions),
            State::ChangesRequested => {
                let contents = if self.wide { 0..DIGESTS } else { 1..2 };
                let others = |file| contents.clone().map(move |other| (file, (now.digest(file) + other) % DIGESTS));
                let changes = each().flat_map(others);
                actions.extend(each().map(|file| Action::LeaveOut { file }));
                actions
                    .extend(changes.flat_map(|(file, digest)| {
                        crashes().map(move |crash| Action::Replace { file, digest, crash })
                    }));
            }
            // The daemon follows the records before it has anything lowered; the launcher doesn't rely on that.
            State::Approved if now.stands == now.policy || self.gate || !self.has(Guard::Following) => {
                let approved = |file: &u8| now.file(*file).state == FileState::Approved;
                let left: Vec<_> = each().filter(approved).filter(|file| !now.copies.contains(file)).collect();
                actions
                    .extend(left.iter().flat_map(|file| crashes().map(|crash| Action::Lower { file: *file, crash })));
                actions.extend(left.is_empty().then_some(Action::Finish));
            }
            _ => {}
        }
        for job in &now.running {
            actions
                .extend(crashes().take(if self.wide { 2 } else { 1 }).map(|again| Action::Answer { job: *job, again }));
        }
        if now.policy == PINNED {
            actions.push(Action::ChangePolicy);
        }
        if now.stands != now.policy && self.has(Guard::Following) {
            actions.extend(crashes().map(|crash| Action::Follow { crash }));
        }
        actions.extend([Action::Expire, Action::Withdraw, Action::Revoke]);
        actions.extend(self.wide.then_some(Action::Lapse));
    }

    fn next_state(&self, last: &Now, action: Action) -> Option<Now> {
        if let Action::Vote { who, ballot } = action {
            return self.vote(last, who, ballot).map(Now::rested);
        }
        let mut now = last.clone();
        match action {
            Action::Vote { .. } => return None,
            Action::Submit { crash } => self.effects(&mut now, Event::Submit, crash)?,
            Action::Answer { job, again } => self.answer(&mut now, job, again)?,
            Action::Replace { file, digest, crash } => self.replace(&mut now, file, digest, crash)?,
            Action::LeaveOut { file } => drop(now.step(Event::LeaveOut([name(file)].into()))?),
            Action::ChangePolicy => now.policy = LATER,
            Action::Follow { crash } => {
                let terms = self.terms(now.policy);
                self.effects(&mut now, Event::PolicyChanged(Box::new(terms)), crash)?;
                now.stands = now.policy;
                now.copies.clear();
                now.said.clear();
                now.before.clear();
            }
            Action::Reconcile => {
                let unchecked = (0..self.files).filter(|file| now.file(*file).state == FileState::Unchecked);
                let jobs: Vec<_> = unchecked.map(|file| (file, now.digest(file), now.policy)).collect();
                now.running.extend(jobs);
            }
            Action::Lower { file, crash } => self.lower(&mut now, file, crash)?,
            Action::Finish => drop(now.step(Event::Lowered)?),
            Action::Expire => drop(now.step(Event::Expire)?),
            Action::Lapse => drop(now.step(Event::Lapsed)?),
            Action::Withdraw => drop(now.step(Event::Withdraw)?),
            Action::Revoke => drop(now.step(Event::Revoke)?),
        }
        Some(now.rested())
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(SAFE, |_, now: &Now| !now.broken),
            Property::always(AGREED, |_, now: &Now| !now.disagreed),
            Property::always(ROLES, |model: &Self, now: &Now| {
                let approved = |file: &u8| now.file(*file).state == FileState::Approved;
                let mut approved = (0..model.files).filter(approved);
                !now.release.state.is_pending() || approved.all(|file| now.approved_by_both(file))
            }),
            Property::always(ENDS, |model: &Self, now: &Now| now.can_end(|policy| model.world.terms(policy))),
            Property::sometimes("released", |_, now: &Now| now.release.state == State::Released),
            Property::sometimes("released under the later policy", |_, now: &Now| {
                now.release.state == State::Released && now.stands == LATER
            }),
            Property::sometimes("an excused file is released", |_, now: &Now| {
                let excused =
                    |file: &semla_policy::release::File| file.state == FileState::Approved && !file.excused.is_empty();
                now.release.state == State::Released && now.release.files.values().any(excused)
            }),
            Property::sometimes("released after all crashes", |_, now: &Now| {
                now.release.state == State::Released && now.crashes == 0
            }),
            Property::sometimes("enough approve, and a role is missing", |_, now: &Now| {
                let waits = |file: &semla_policy::release::File| {
                    file.state == FileState::Open && file.votes.len() >= usize::from(now.release.needed(file))
                };
                now.release.files.values().any(waits)
            }),
            Property::sometimes("people disagree", |_, now: &Now| {
                now.release.files.values().any(|file| file.state == FileState::Disputed)
            }),
            // Where there is no rest, nothing is released.
            Property::sometimes("a file is left out, and the rest is released", |model: &Self, now: &Now| {
                let left_out = |file: &semla_policy::release::File| file.state == FileState::LeftOut;
                let rest = if model.files > 1 { State::Released } else { State::Rejected };
                now.release.state == rest && now.release.files.values().any(left_out)
            }),
            Property::sometimes("revoked", |_, now: &Now| now.release.state == State::Revoked),
        ]
    }
}

/// What has to hold in every state.
pub const SAFE: &str = "nothing is lowered without enough distinct, independent, cleared approvals of the same content";
pub const AGREED: &str = "the launcher lowers what the protocol approved under the policy in force";
pub const ROLES: &str = "no file is approved without each role that its way wants among those who approve its content";
pub const ENDS: &str = "every state can still end";
