//! What is asked, drawn at random: near what may be rather than far from it.

use crate::case::{Case, Leaving, Look};
use crate::common::{mount, plan};
use crate::draw::{CATEGORIES, Draw};
use crate::marks::{Mark, admits, mark, text};
use crate::naive;
use crate::ways::{self, CHECKS};
use crate::world::{PEOPLE, PERMITS, World};
use semla_policy::*;
use std::collections::BTreeSet;

/// The permits end on 30 June 2027.
pub const DAYS: [&str; 6] = ["2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23", "2027-06-30", "2027-07-01"];

impl Case {
    pub fn draw(world: &World, draw: &mut Draw) -> Self {
        match draw.below(9) {
            0..3 => Self::Submit(submission(world, draw)),
            3 => Self::Read(Look::draw(world, draw, |permit, name| permit.people.contains(name))),
            4 => Self::Review(Look::to_review(world, draw).0),
            5 => {
                let (look, to) = Look::to_review(world, draw);
                Self::Register(look, to)
            }
            6 | 7 => {
                let (look, to) = Look::to_review(world, draw);
                let label = look.label.or(Some(draw.label()));
                Self::Vote(Look { label, ..look }, to, [(); 2].map(|()| *draw.one(&PEOPLE)))
            }
            _ => Self::Release(Leaving::draw(world, draw)),
        }
    }
}

/// A way that there mostly is: from where, and where to.
fn way(world: &World, draw: &mut Draw) -> (String, String) {
    let known = [world.policy(), &world.policies[0].1].into_iter().find(|policy| !policy.releases.is_empty());
    let rule = draw.one(&known.unwrap().releases).clone();
    let mut from = mark(&draw.label());
    if !draw.once_in(8) {
        let (level, pattern) = ways::pattern(&rule.from);
        from = Mark { level: level.unwrap_or(from.level), ..pattern };
        from.categories.extend(draw.some(&CATEGORIES, 9));
    }
    (text(&from), if draw.once_in(8) { draw.label() } else { rule.to })
}

/// Whether there is such a way under the pinned policy and the one in force.
fn goes(world: &World, pinned: &Digest, (from, to): &(String, String)) -> bool {
    let pinned = world.policies.iter().find(|(digest, _)| digest == pinned);
    pinned.is_some_and(|(_, pinned)| ways::takes(&[pinned, world.policy()], &mark(from), &mark(to)).is_some())
}

/// One of what fits, or now and then of all there is.
fn near(draw: &mut Draw, fits: &[&'static str], all: &[&'static str]) -> &'static str {
    let of = if fits.is_empty() || draw.once_in(8) { all } else { fits };
    draw.one::<&str>(of)
}

/// A policy that was in force once, or none.
fn pinned(world: &World, draw: &mut Draw) -> Digest {
    match draw.below(20) {
        0 => Digest::of(b"never in force"),
        1..10 => world.policies.last().unwrap().0,
        _ => draw.one(&world.policies).0,
    }
}

fn has(world: &World, name: &str, role: Role) -> bool {
    naive::on_record(world, name).is_some_and(|person| !person.disabled && person.roles.contains(&role))
}

/// Somebody of a role that may decide, and no member by now.
fn reviews(world: &World, permit: &Permit, name: &str) -> bool {
    let ways = world.policy().releases.iter().filter(|rule| !rule.never);
    let mut roles = ways.flat_map(|rule| rule.who.iter());
    !permit.people.contains(name) && roles.any(|role| has(world, name, *role))
}

impl Look {
    /// Mostly somebody who is this to the permit.
    fn draw(world: &World, draw: &mut Draw, is: impl Fn(&Permit, &str) -> bool) -> Self {
        let permit = near(draw, &PERMITS, &["P0", "P1", "P2"]);
        let granted = naive::permit(world, permit);
        let fits: Vec<_> = PEOPLE.into_iter().filter(|name| granted.is_some_and(|permit| is(permit, name))).collect();
        let name =
            near(draw, &fits, &["anna", "ben", "carl", "dora", "emil", "fay", "officer-1", "steward-1", "nobody"]);
        let seen = naive::on_record(world, name).map(|person| naive::clearance(world.policy(), person));
        let fits = |label: &String| seen.as_ref().is_some_and(|seen| admits(seen, &mark(label)));
        let label = (0..3).map(|_| draw.label()).find(fits).unwrap_or(draw.label());
        Self { name, label: (!draw.once_in(20)).then_some(label), permit, pinned: pinned(world, draw) }
    }

    /// Mostly somebody who may decide, and something that they are cleared for and that there is a way for, which is that.
    fn to_review(world: &World, draw: &mut Draw) -> (Self, String) {
        let look = Self::draw(world, draw, |permit, name| reviews(world, permit, name));
        let seen = naive::on_record(world, look.name).map(|person| naive::clearance(world.policy(), person));
        let fits = |way: &(String, String)| {
            goes(world, &look.pinned, way) && seen.as_ref().is_some_and(|seen| admits(seen, &mark(&way.0)))
        };
        let (from, to) = (0..8).map(|_| way(world, draw)).find(fits).unwrap_or_else(|| way(world, draw));
        (Self { label: look.label.map(|_| from), ..look }, to)
    }
}

impl Leaving {
    fn draw(world: &World, draw: &mut Draw) -> Self {
        let pinned = pinned(world, draw);
        let first = way(world, draw);
        let (from, to) = if goes(world, &pinned, &first) { first } else { way(world, draw) };
        let often = [Role::Checker, Role::Steward, Role::Auditor, Role::Scientist];
        Self {
            from,
            to,
            pinned,
            approvals: (0..draw.below(6).max(draw.below(6)))
                .map(|_| often.into_iter().filter(|_| !draw.once_in(3)).collect())
                .collect(),
            people: *draw.one(&[4, 5, 9, 10, 10, 10, 10, 10]),
            bytes: draw.below(45).min(draw.below(60)) as u64,
            rows: draw.below(12).min(draw.below(12)) as u64,
            kind: *draw.one(&["csv", "png", "png", "png", "png", "txt", "exe"]),
            blocks: match draw.below(3) {
                0 | 1 => BTreeSet::new(),
                _ => draw
                    .some(&[CHECKS[0], CHECKS[1], CHECKS[2], CHECKS[3], "C1"], 4)
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            },
        }
    }
}

/// Something that somebody might submit.
fn submission(world: &World, draw: &mut Draw) -> JobPlan {
    let known = naive::permit(world, draw.one::<&str>(&PERMITS));
    let among = |all: &[&'static str], some: &BTreeSet<String>| {
        all.iter().copied().filter(|name| some.contains(*name)).collect::<Vec<_>>()
    };
    let people = known.map_or_else(Vec::new, |permit| among(&PEOPLE, &permit.people));
    let people: Vec<_> = people.into_iter().filter(|name| has(world, name, Role::Scientist)).collect();
    let data = ["d0@1", "d1@1", "d2@1", "d3@1", "d4@1"];
    let named = known.map_or_else(Vec::new, |permit| among(&data, &permit.datasets));
    let permits = known.map_or_else(Vec::new, |permit| among(&PERMITS, &[permit.name.clone()].into()));
    let mounts =
        (0..draw.below(4)).map(|at| (mount(&format!("m{at}")), near(draw, &named, &data).to_owned())).collect();
    let everybody = ["anna", "ben", "carl", "dora", "emil", "fay", "nobody"];
    JobPlan {
        submitter: near(draw, &people, &everybody).into(),
        permit: near(draw, &permits, &["P0", "P1", "P2"]).into(),
        image: Digest::of(near(draw, &["i0", "i1"], &["i0", "i1", "i2"]).as_bytes()),
        data: mounts,
        dummy: draw.once_in(3),
        label: draw.once_in(4).then(|| draw.label()),
        ..plan("")
    }
}
