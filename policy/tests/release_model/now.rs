//! Where the protocol stands, and all around it that can still go wrong.

use crate::world::{AUTHOR, Ballot, DIGESTS, FILES, REVIEWERS, STEWARD, content, takes};
use semla_policy::Role;
use semla_policy::release::{Decision, Effect, Event, FileState, Release, State};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    pub release: Release,
    /// The policy in force, and the one that the request stands under.
    pub policy: u8,
    pub stands: u8,
    /// How often the daemon may still crash.
    pub crashes: u8,
    /// How often the author may still replace a file: what was said of each content is kept, so there are ever more states.
    pub changes: u8,
    /// Checks that run: of which file, which content, under which policy.
    pub running: BTreeSet<(u8, u8, u8)>,
    /// The last vote that each reviewer signed on each file: what people said, whatever the protocol makes of it.
    pub said: BTreeMap<(u8, u8), Ballot>,
    /// What they had said of each content when it was replaced.
    pub before: BTreeMap<(u8, u8, u8), Ballot>,
    /// What the daemon knows to be lowered.
    pub copies: BTreeSet<u8>,
    /// Something got a lower label that shouldn't have.
    pub broken: bool,
    /// The gate refused what the protocol had approved under the policy in force.
    pub disagreed: bool,
}

impl Now {
    pub fn file(&self, file: u8) -> &semla_policy::release::File {
        &self.release.files[FILES[usize::from(file)]]
    }

    pub fn crash(&mut self) -> Option<()> {
        self.crashes = self.crashes.checked_sub(1)?;
        Some(())
    }

    pub fn with(&self, release: Release) -> Self {
        let (running, said, before) = (self.running.clone(), self.said.clone(), self.before.clone());
        Self { release, running, said, before, copies: self.copies.clone(), ..*self }
    }

    pub fn digest(&self, file: u8) -> u8 {
        (0..DIGESTS).find(|digest| content(*digest) == self.file(file).digest).unwrap()
    }

    pub fn step(&mut self, event: Event) -> Option<Vec<Effect>> {
        let (mut next, effects) = self.release.step(event).ok()?;
        // It counts answers, and decides nothing.
        next.round = 0;
        self.release = next;
        Some(effects)
    }

    pub fn schedule(&mut self, effect: &Effect) {
        let Effect::Check { file, .. } = effect else { return };
        let number = FILES.iter().zip(0..).find(|(name, _)| *name == file).map(|(_, number)| number).unwrap();
        self.running.insert((number, self.digest(number), self.policy));
    }

    /// The property, from what people said and nothing else: enough distinct people, none of them the author, a checker and a steward among
    /// them, say in their last words on this file that exactly this content may leave under the policy in force, and nobody says
    /// otherwise of it.
    pub fn enough(&self, file: u8, digest: u8) -> bool {
        let Some((needed, excused)) = takes(digest, self.policy) else { return false };
        let said = (0..AUTHOR).filter_map(|who| Some((who, self.last_word(who, file, digest)?)));
        let said: Vec<_> = said.filter(|(_, ballot)| ballot.policy == self.policy).collect();
        let approves = |ballot: &Ballot| ballot.decision == Decision::Approve && ballot.excuses == excused;
        // As the world has them: one is the steward, and the others are checkers.
        let stewards = said.iter().filter(|(who, _)| *who == STEWARD).count();
        let both = stewards > 0 && stewards < said.len();
        both && said.len() >= needed && said.iter().all(|(_, ballot)| approves(ballot))
    }

    /// What somebody said last of a content.
    pub fn last_word(&self, who: u8, file: u8, digest: u8) -> Option<Ballot> {
        let said = self.said.get(&(who, file)).filter(|ballot| ballot.digest == digest);
        said.or_else(|| self.before.get(&(who, file, digest))).copied()
    }

    /// Another content is about to lie there: what was said of this one was said before.
    pub fn turn(&mut self, file: u8) {
        let said = std::mem::take(&mut self.said).into_iter();
        let (of_this, others): (Vec<_>, Vec<_>) = said.partition(|((_, about), _)| *about == file);
        self.said.extend(others);
        self.before.extend(of_this.into_iter().map(|((who, file), b)| ((who, file, b.digest), b)));
    }

    /// Whether the steward and a checker say that exactly this content may leave.
    pub fn approved_by_both(&self, file: u8) -> bool {
        let approves = |by| {
            let said = self.last_word(by, file, self.digest(file));
            said.is_some_and(|said| said.decision == Decision::Approve)
        };
        approves(STEWARD) && (0..STEWARD).any(approves)
    }

    /// Whether each role that the request takes is among those who say yes to a file, as the protocol has it.
    fn represented(&self, file: u8) -> bool {
        let file = self.file(file);
        let yes = file.votes.iter().filter(|(_, said)| **said == Decision::Approve);
        let roles: BTreeSet<Role> = yes.filter_map(|(by, _)| file.roles.get(by)).flatten().copied().collect();
        self.release.panels.roles().is_subset(&roles)
    }

    /// Without agreement: approved is what enough approve, whatever the others say.
    pub fn settle_by_approvals(&mut self, file: u8) {
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
    pub fn rested(mut self) -> Self {
        if self.release.state.is_pending() {
            return self.named_in_order();
        }
        // Whatever led here, it is one end.
        self.running.clear();
        self.said.clear();
        self.before.clear();
        for file in self.release.files.values_mut() {
            file.votes.clear();
            file.roles.clear();
            file.earlier.clear();
        }
        self
    }

    /// The two checkers who may review are alike: of all states that differ in their names alone, one stands for all.
    fn named_in_order(mut self) -> Self {
        let of = |by: u8| {
            let said = self.said.iter().filter(|((who, _), _)| *who == by).map(|((_, file), b)| (*file, b));
            let before = self.before.iter().filter(|((who, ..), _)| *who == by).map(|((_, file, _), b)| (*file, b));
            let said: Vec<_> = said.chain(before).map(|(file, b)| (file, Ballot { by: 0, ..*b })).collect();
            let votes = self.release.files.values().map(|file| {
                let name = REVIEWERS[usize::from(by)];
                let earlier = file.earlier.iter().map(|(digest, said)| (*digest, said.votes.get(name).copied()));
                (file.votes.get(name).copied(), earlier.collect::<Vec<_>>())
            });
            (said, votes.collect::<Vec<_>>())
        };
        let mut order: Vec<u8> = (0..AUTHOR).collect();
        order.sort_by_cached_key(|by| (*by == STEWARD, of(*by)));
        if order.is_sorted() {
            return self;
        }
        let new = |old: u8| order.iter().zip(0..).find(|(by, _)| **by == old).map_or(old, |(_, new)| new);
        let said = std::mem::take(&mut self.said).into_iter();
        self.said = said.map(|((who, file), b)| ((new(who), file), Ballot { by: new(b.by), ..b })).collect();
        let before = std::mem::take(&mut self.before).into_iter();
        let before = before.map(|((who, file, of), b)| ((new(who), file, of), Ballot { by: new(b.by), ..b }));
        self.before = before.collect();
        let number = |name: &String| REVIEWERS.iter().zip(0..).find(|(known, _)| *known == name).unwrap().1;
        let renamed = |by: String| REVIEWERS[usize::from(new(number(&by)))].to_owned();
        for file in self.release.files.values_mut() {
            rename(&mut file.votes, renamed);
            rename(&mut file.roles, renamed);
            for said in file.earlier.values_mut() {
                rename(&mut said.votes, renamed);
                rename(&mut said.roles, renamed);
            }
        }
        self
    }

    fn key(&self) -> impl Hash + '_ {
        let request = (self.release.state, &self.release.panels, &self.release.files);
        let around = (
            self.policy,
            self.stands,
            self.crashes,
            self.changes,
            &self.running,
            &self.said,
            &self.before,
            &self.copies,
        );
        (request, around, self.broken, self.disagreed)
    }
}

impl Hash for Now {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.key().hash(hasher);
    }
}

fn rename<T>(of: &mut BTreeMap<String, T>, renamed: impl Fn(String) -> String) {
    *of = std::mem::take(of).into_iter().map(|(by, said)| (renamed(by), said)).collect();
}

/// The name of a file.
pub fn name(file: u8) -> String {
    FILES[usize::from(file)].to_owned()
}
