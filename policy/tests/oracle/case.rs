//! What is decided on, by the rules themselves and by the naive ones.

use crate::marks::{Mark, mark};
use crate::naive::{self, Thing};
use crate::ways::{self, TYPES, Takes};
use crate::world::World;
use semla_policy::release::Blocks;
use semla_policy::*;
use std::collections::BTreeSet;

#[derive(Debug)]
pub enum Case {
    Submit(JobPlan),
    /// Somebody wants to see something as a member ...
    Read(Look),
    /// ... or as a reviewer, ...
    Review(Look),
    /// ... or where a request to this label stands, ...
    Register(Look, String),
    /// ... or to vote on what goes to this label, and was submitted and asked for by these.
    Vote(Look, String, [&'static str; 2]),
    Release(Leaving),
}

#[derive(Debug)]
pub struct Look {
    pub name: &'static str,
    /// None for what doesn't exist.
    pub label: Option<String>,
    pub permit: &'static str,
    pub pinned: Digest,
}

/// A file, and what stands for letting it go.
#[derive(Debug)]
pub struct Leaving {
    pub from: String,
    pub to: String,
    pub pinned: Digest,
    /// The roles of each one who approves.
    pub approvals: Vec<BTreeSet<Role>>,
    pub people: u32,
    pub bytes: u64,
    pub rows: u64,
    pub kind: &'static str,
    pub blocks: BTreeSet<String>,
}

/// What was decided: with the label of a job, or the rule that is broken; and what a release takes.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Job(Result<Mark, u8>),
    May(Result<(), u8>),
    Leaves(Option<Takes>, bool),
}

impl Answer {
    pub fn allowed(&self) -> bool {
        matches!(self, Self::Job(Ok(_)) | Self::May(Ok(())) | Self::Leaves(_, true))
    }

    /// The rule that is broken.
    pub fn rule(&self) -> Option<u8> {
        match self {
            Self::Job(answer) => answer.as_ref().err().copied(),
            Self::May(answer) => answer.err(),
            Self::Leaves(..) => None,
        }
    }
}

impl Case {
    pub const KINDS: [&'static str; 6] = ["submit", "read", "review", "register", "vote", "release"];

    pub fn kind(&self) -> &'static str {
        let number = match self {
            Self::Submit(_) => 0,
            Self::Read(_) => 1,
            Self::Review(_) => 2,
            Self::Register(..) => 3,
            Self::Vote(..) => 4,
            Self::Release(_) => 5,
        };
        Self::KINDS[number]
    }

    pub fn ours(&self, world: &World, today: Date) -> Answer {
        let registry = &world.site.registry;
        let rule = |refusal: Refusal| refusal.rule;
        let see = |look: &Look, need| {
            let label = look.label.as_ref().map(|text| registry.label(text).unwrap());
            let at = label.as_ref().map(|label| At { label, policy: &look.pinned });
            Answer::May(registry.may_read(look.name, at, need, today).map_err(rule))
        };
        match self {
            Self::Submit(plan) => {
                let admitted = registry.admit(plan.clone(), today);
                Answer::Job(admitted.map(|admitted| mark(&admitted.label_text())).map_err(rule))
            }
            Self::Read(look) => see(look, Need::Member(look.permit)),
            Self::Review(look) => see(look, Need::Reviewer(look.permit)),
            Self::Register(look, to) => {
                see(look, Need::Register { permit: look.permit, to: &registry.label(to).unwrap() })
            }
            Self::Vote(look, to, [submitter, requester]) => {
                let label = look.label.clone().unwrap();
                let (permit, policy) = (look.permit.to_owned(), look.pinned);
                let file = Marking { label, permit, submitter: (*submitter).to_owned(), policy };
                Answer::May(registry.independent(look.name, &file, to, requester).map(drop).map_err(rule))
            }
            Self::Release(file) => {
                let label = |text: &str| registry.label(text).unwrap();
                let Ok(terms) = registry.both(&file.pinned, &label(&file.from), &label(&file.to)) else {
                    return Answer::Leaves(None, false);
                };
                let profile = &terms.profile;
                let blocks = Blocks::Named(file.blocks.clone());
                let leaves = blocks.excusable(terms.excuse.as_ref()).is_some()
                    && terms.panels.excusing(&file.blocks).missing(file.approvals.iter()).is_none()
                    && profile.types.iter().any(|kind| kind == file.kind)
                    && (file.people >= profile.min_people && file.bytes <= profile.max_bytes)
                    && file.rows <= profile.max_rows;
                let takes = Takes {
                    people: profile.min_people,
                    bytes: profile.max_bytes,
                    rows: profile.max_rows,
                    information: profile.information,
                    weight_bits: profile.weight_bits,
                    types: TYPES.into_iter().filter(|kind| profile.types.iter().any(|own| own == kind)).collect(),
                    panels: terms.panels.each().map(|p| (p.who.clone(), (p.reviewers, p.excusing))).collect(),
                    answer_in: terms.answer_in,
                    excuse: terms.excuse.map(|excuse| (excuse.checks.into_iter().collect(), excuse.reviewers)),
                };
                Answer::Leaves(Some(takes), leaves)
            }
        }
    }

    pub fn naive(&self, world: &World, today: Date) -> Answer {
        let seen = |look: &Look, may: &dyn Fn(&Thing<'_>) -> bool| {
            let label = look.label.as_ref().map(|text| mark(text));
            let thing = label.as_ref().map(|label| Thing { label, permit: look.permit, pinned: &look.pinned });
            Answer::May(if thing.is_some_and(|thing| may(&thing)) { Ok(()) } else { Err(1) })
        };
        match self {
            Self::Submit(plan) => Answer::Job(naive::admit(world, plan, today)),
            Self::Read(look) => seen(look, &|thing| naive::may_read(world, look.name, thing, today)),
            Self::Review(look) => seen(look, &|thing| naive::may_review(world, look.name, thing, today)),
            Self::Register(look, to) => seen(look, &|thing| naive::may_follow(world, look.name, thing, &mark(to))),
            Self::Vote(look, to, parties) => {
                let label = &mark(look.label.as_ref().unwrap());
                let thing = Thing { label, permit: look.permit, pinned: &look.pinned };
                Answer::May(naive::may_vote(world, look.name, &thing, &mark(to), *parties))
            }
            Self::Release(file) => {
                let pinned = world.policies.iter().find(|(digest, _)| *digest == file.pinned);
                let policies = pinned.map(|(_, pinned)| [pinned, world.policy()]);
                let takes = policies.and_then(|both| ways::takes(&both, &mark(&file.from), &mark(&file.to)));
                let leaves = takes.as_ref().is_some_and(|takes| file.suffices(takes));
                Answer::Leaves(takes, leaves)
            }
        }
    }
}

impl Leaving {
    /// How many of those who approve have one of these roles.
    pub fn by(&self, who: &BTreeSet<Role>) -> usize {
        self.approvals.iter().filter(|roles| who.iter().any(|role| roles.contains(role))).count()
    }

    fn suffices(&self, takes: &Takes) -> bool {
        if !self.blocks.is_empty() && !takes.excuse.as_ref().is_some_and(|(checks, _)| self.blocks.is_subset(checks)) {
            return false;
        }
        let mut panels = takes.panels.iter();
        let enough = panels.all(|(who, (reviewers, excusing))| {
            let there = who.iter().all(|role| self.approvals.iter().any(|roles| roles.contains(role)));
            let needed = if self.blocks.is_empty() { *reviewers } else { *excusing.max(reviewers) };
            there && self.by(who) >= usize::from(needed)
        });
        let small = self.bytes <= takes.bytes && self.rows <= takes.rows;
        enough && small && takes.types.contains(self.kind) && self.people >= takes.people
    }
}
