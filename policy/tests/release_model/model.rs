//! The protocol with everything around it that can go wrong: reviewers who say anything, an author who changes files, time, officers,
//! and a daemon that crashes between a record and its effect.

use crate::world::{
    AUTHOR, Ballot, DIGESTS, FILES, LATER, PINNED, REVIEWERS, SAID, STEWARD, World, content, files, takes,
};
use semla_policy::Role;
use semla_policy::release::{Decision, Effect, Event, FileState, Release, State};
use stateright::{Model, Property};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

/// What the design rests on. Each can be left out, to see that the properties would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A vote is about the content that the reviewer saw.
    Binding,
    /// A file that changes loses its votes.
    Dropping,
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
    /// Whether people do everything that they can: reject, vote on what lies there no more, take any other
    /// content; and checks answer twice.
    pub wide: bool,
    pub without: Option<Guard>,
    /// Whether the launcher decides by itself, or does whatever it is told.
    pub gate: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    pub release: Release,
    /// The policy in force, and the one that the request stands under.
    policy: u8,
    stands: u8,
    /// How often the daemon may still crash.
    crashes: u8,
    /// Checks that run: of which file, which content, under which policy.
    running: BTreeSet<(u8, u8, u8)>,
    /// The last vote that each reviewer signed on each file: what people said, whatever the protocol makes of it.
    said: BTreeMap<(u8, u8), Ballot>,
    /// What the daemon knows to be lowered.
    pub copies: BTreeSet<u8>,
    /// Something got a lower label that shouldn't have.
    pub broken: bool,
    /// The gate refused what the protocol had approved under the policy in force.
    pub disagreed: bool,
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
            false => semla_policy::Terms { who: [Role::Checker].into(), ..terms },
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
        self.effects(now, Event::Replace { file: name(file), digest: content(digest) }, crash)?;
        if self.has(Guard::Dropping) {
            // What was said of the old content isn't said of this.
            now.said.retain(|(_, about), _| *about != file);
        } else {
            // Changes were asked for; with the new content those who asked are taken to be content.
            let approve = votes.into_keys().map(|by| (by, Decision::Approve)).collect();
            let file = now.release.files.get_mut(&name(file))?;
            (file.votes, file.roles) = (approve, roles);
        }
        Some(())
    }

    fn lower(&self, now: &mut Now, file: u8, crash: bool) -> Option<()> {
        let digest = now.digest(file);
        let standing = now.file(file).votes.keys();
        let number = |by: &String| REVIEWERS.iter().zip(0..).find(|(name, _)| *name == by).map(|(_, number)| number);
        let handed = standing.filter_map(number).filter_map(|by: u8| now.said.get(&(by, file)).copied()).collect();
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

impl Now {
    pub fn file(&self, file: u8) -> &semla_policy::release::File {
        &self.release.files[FILES[usize::from(file)]]
    }

    fn crash(&mut self) -> Option<()> {
        self.crashes = self.crashes.checked_sub(1)?;
        Some(())
    }

    fn with(&self, release: Release) -> Self {
        let (running, said, copies) = (self.running.clone(), self.said.clone(), self.copies.clone());
        Self { release, running, said, copies, ..*self }
    }

    fn digest(&self, file: u8) -> u8 {
        (0..DIGESTS).find(|digest| content(*digest) == self.file(file).digest).unwrap()
    }

    fn step(&mut self, event: Event) -> Option<Vec<Effect>> {
        let (mut next, effects) = self.release.step(event).ok()?;
        // It counts answers, and decides nothing.
        next.round = 0;
        self.release = next;
        Some(effects)
    }

    fn schedule(&mut self, effect: &Effect) {
        let Effect::Check { file, .. } = effect else { return };
        let number = FILES.iter().zip(0..).find(|(name, _)| *name == file).map(|(_, number)| number).unwrap();
        self.running.insert((number, self.digest(number), self.policy));
    }

    /// The property, from what people said and nothing else: enough distinct people, none of them the author, a checker and a steward among
    /// them, say in their last words on this file that exactly this content may leave under the policy in force, and nobody says
    /// otherwise of it.
    fn enough(&self, file: u8, digest: u8) -> bool {
        let Some((needed, excused)) = takes(digest, self.policy) else { return false };
        let said = self
            .said
            .iter()
            .filter(|((_, about), ballot)| *about == file && ballot.digest == digest && ballot.policy == self.policy);
        let said: Vec<_> = said.filter(|((who, _), _)| *who != AUTHOR).collect();
        let approves = |ballot: &Ballot| ballot.decision == Decision::Approve && ballot.excuses == excused;
        // As the world has them: one is the steward, and the others are checkers.
        let stewards = said.iter().filter(|((who, _), _)| *who == STEWARD).count();
        let both = stewards > 0 && stewards < said.len();
        both && said.len() >= needed && said.iter().all(|(_, ballot)| approves(ballot))
    }

    /// Whether the steward and a checker say that exactly this content may leave.
    fn approved_by_both(&self, file: u8) -> bool {
        let approves = |by| {
            let said = self.said.get(&(by, file));
            said.is_some_and(|said| said.decision == Decision::Approve && said.digest == self.digest(file))
        };
        approves(STEWARD) && (0..STEWARD).any(approves)
    }

    /// Whether each role that the request takes is among those who say yes to a file, as the protocol has it.
    fn represented(&self, file: u8) -> bool {
        let file = self.file(file);
        let yes = file.votes.iter().filter(|(_, said)| **said == Decision::Approve);
        let roles: BTreeSet<Role> = yes.filter_map(|(by, _)| file.roles.get(by)).flatten().copied().collect();
        self.release.who.is_subset(&roles)
    }

    /// Without agreement: approved is what enough approve, whatever the others say.
    fn settle_by_approvals(&mut self, file: u8) {
        let needed = usize::from(self.release.needed(self.file(file)));
        let approvals = self.file(file).votes.values().filter(|said| **said == Decision::Approve).count();
        if self.file(file).state == FileState::Disputed && approvals >= needed && self.represented(file) {
            self.release.files.get_mut(&name(file)).unwrap().state = FileState::Approved;
            if self.release.files.values().all(|file| !file.state.is_open()) {
                self.release.state = State::Approved;
            }
        }
    }

    /// From here, one more event of those that come by themselves ends it: time, or the launcher's answer.
    pub fn can_end(&self, terms: impl Fn(u8) -> semla_policy::Terms) -> bool {
        let ends = |release: &Release, event| release.step(event).is_ok_and(|(next, _)| !next.state.is_pending());
        match self.release.state {
            State::Approved if self.stands == self.policy => {
                ends(&self.release, Event::Lowered) && ends(&self.release, Event::Refused)
            }
            State::Approved => {
                let followed = self.release.step(Event::PolicyChanged(Box::new(terms(self.policy))));
                followed.is_ok_and(|(next, _)| ends(&next, Event::Expire))
            }
            state if state.is_open() => ends(&self.release, Event::Expire),
            _ => true,
        }
    }

    /// The same without what makes no difference.
    fn rested(mut self) -> Self {
        if self.release.state.is_pending() {
            return self.named_in_order();
        }
        // Whatever led here, it is one end.
        self.running.clear();
        self.said.clear();
        for file in self.release.files.values_mut() {
            file.votes.clear();
            file.roles.clear();
        }
        self
    }

    /// The two checkers who may review are alike: of all states that differ in their names alone, one stands for all.
    fn named_in_order(mut self) -> Self {
        let of = |by: u8| {
            let file = |file: u8| {
                let state = self.release.files.get(FILES[usize::from(file)]);
                let said = self.said.get(&(by, file)).map(|ballot| Ballot { by: 0, ..*ballot });
                (said, state.and_then(|file| file.votes.get(REVIEWERS[usize::from(by)])).copied())
            };
            [file(0), file(1)]
        };
        let mut order: Vec<u8> = (0..AUTHOR).collect();
        order.sort_by_cached_key(|by| (*by == STEWARD, of(*by)));
        if order.is_sorted() {
            return self;
        }
        let new = |old: u8| order.iter().zip(0..).find(|(by, _)| **by == old).map_or(old, |(_, new)| new);
        let said = std::mem::take(&mut self.said).into_iter();
        self.said = said.map(|((who, file), b)| ((new(who), file), Ballot { by: new(b.by), ..b })).collect();
        for file in self.release.files.values_mut() {
            let votes = std::mem::take(&mut file.votes).into_iter();
            let number = |name: &String| REVIEWERS.iter().zip(0..).find(|(known, _)| *known == name).unwrap().1;
            let renamed = |by: String| REVIEWERS[usize::from(new(number(&by)))].to_owned();
            file.votes = votes.map(|(by, said)| (renamed(by), said)).collect();
            let roles = std::mem::take(&mut file.roles).into_iter();
            file.roles = roles.map(|(by, roles)| (renamed(by), roles)).collect();
        }
        self
    }

    fn key(&self) -> impl Hash + '_ {
        let request = (self.release.state, self.release.reviewers, &self.release.files);
        let around = (self.policy, self.stands, self.crashes, &self.running, &self.said, &self.copies);
        (request, around, self.broken, self.disagreed)
    }
}

fn name(file: u8) -> String {
    FILES[usize::from(file)].to_owned()
}

impl Hash for Now {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.key().hash(hasher);
    }
}

impl Model for Airlock {
    type State = Now;
    type Action = Action;

    fn init_states(&self) -> Vec<Now> {
        let labels = (crate::common::HIGH.to_owned(), "public".to_owned());
        let mut terms = self.terms(PINNED);
        if !self.has(Guard::Larger) {
            terms.excuse.as_mut().unwrap().reviewers = terms.reviewers;
        }
        vec![Now {
            release: Release::draft("r-1".into(), "colleague".into(), labels, &terms, files(self.files)),
            policy: PINNED,
            stands: PINNED,
            crashes: self.crashes,
            running: BTreeSet::new(),
            said: BTreeMap::new(),
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
                let wide = if self.wide { 2 } else { 1 };
                let others = |file| (1..=wide).map(move |other| (file, (now.digest(file) + other) % DIGESTS));
                let changes = each().flat_map(others);
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
            Action::ChangePolicy => now.policy = LATER,
            Action::Follow { crash } => {
                let terms = self.terms(now.policy);
                self.effects(&mut now, Event::PolicyChanged(Box::new(terms)), crash)?;
                now.stands = now.policy;
                now.copies.clear();
                now.said.clear();
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
            Property::sometimes("revoked", |_, now: &Now| now.release.state == State::Revoked),
        ]
    }
}

/// What has to hold in every state.
pub const SAFE: &str = "nothing is lowered without enough distinct, independent, cleared approvals of the same content";
pub const AGREED: &str = "the launcher lowers what the protocol approved under the policy in force";
pub const ROLES: &str = "no file is approved without each role that its way wants among those who approve its content";
pub const ENDS: &str = "every state can still end";
