//! Random sites: a policy, people, datasets, images and permits that were all put in force.

use crate::common::{Site, dataset, permit, policy};
use crate::naive;
use semla_policy::*;
use std::collections::BTreeSet;

pub const LEVELS: [&str; 3] = ["l0", "l1", "l2"];
pub const CATEGORIES: [&str; 3] = ["a", "b", "c"];
pub const AUDIENCES: [&str; 3] = ["x", "y", "z"];

/// The same in every run (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Each of them once in so many times.
    pub fn some<'a>(&mut self, of: &[&'a str], times: usize) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.once_in(times)).collect()
    }

    /// The text of a label.
    pub fn label(&mut self) -> String {
        let level = self.below(3);
        let (categories, audiences) = (self.some(&CATEGORIES, 3), self.some(&AUDIENCES, 2));
        text(level, &categories, if self.once_in(3) { &audiences } else { &[] })
    }

    /// The text of a clearance: more often much than little.
    pub fn clearance(&mut self) -> String {
        let level = self.below(3).max(self.below(3));
        let (lacks, audiences) = (self.some(&CATEGORIES, 4), self.some(&AUDIENCES, 2));
        let categories: Vec<_> = CATEGORIES.into_iter().filter(|name| !lacks.contains(name)).collect();
        text(level, &categories, &audiences)
    }
}

fn text(level: usize, categories: &[&str], audiences: &[&str]) -> String {
    let list = |before: &str, names: &[&str]| match names {
        [] => String::new(),
        names => format!("{before}{}", names.join(",")),
    };
    format!("{}{}{}", LEVELS[level], list("/", categories), list(" rel:", audiences))
}

/// What is in force, as the records say it.
pub struct World {
    pub site: Site,
    pub policy: Policy,
    pub people: Vec<Person>,
    pub datasets: Vec<Dataset>,
    pub images: Vec<Image>,
    pub permits: Vec<Permit>,
}

/// A policy under which everything may be granted.
fn open_policy() -> Policy {
    let mut policy = policy();
    let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    policy.scheme = Scheme { levels: names(LEVELS), categories: names(CATEGORIES), audiences: names(AUDIENCES) };
    policy.shares.clear();
    policy.releases.truncate(1);
    for rule in &mut policy.releases {
        (rule.from, rule.to) = ("*".into(), "l0".into());
    }
    for bounds in policy.roles.values_mut() {
        (bounds.clearance, bounds.ceiling) = ("l2/a,b,c rel:x,y,z".into(), "l2/a,b,c rel:x,y,z".into());
    }
    policy
}

impl World {
    pub fn new(draw: &mut Draw) -> Self {
        let mut site = Site::bare(open_policy());
        let mut people = Vec::new();
        for name in ["anna", "ben", "carl", "dora"] {
            let mut roles: BTreeSet<Role> =
                BTreeSet::from([*draw.one(&[Role::Scientist, Role::Scientist, Role::Scientist, Role::Checker])]);
            if draw.once_in(3) {
                roles.insert(*draw.one(&Role::ALL));
            }
            let person =
                Person { roles, clearance: draw.clearance(), ceiling: draw.clearance(), ..site.newcomer(name, &[]) };
            site.enact(Record::Person(person.clone()), &["officer-1", "officer-2"]).unwrap();
            people.push(person);
        }
        let (mut datasets, mut images, mut permits) = (vec![], vec![], vec![]);
        for number in 0..4 {
            let card_label = if draw.once_in(3) { draw.label() } else { LEVELS[0].to_owned() };
            let data = Dataset { card_label, ..dataset(&format!("d{number}@1"), &draw.label()) };
            if site.enact(Record::Dataset(Box::new(data.clone())), &["steward-1", "steward-2"]).is_ok() {
                datasets.push(data);
            }
        }
        for name in ["i0", "i1"] {
            let image = Image {
                name: name.into(),
                digest: Digest::of(name.as_bytes()),
                label: if draw.once_in(2) { draw.label() } else { LEVELS[0].to_owned() },
            };
            site.enact(Record::Image(image.clone()), &["officer-1"]).unwrap();
            images.push(image);
        }
        for name in ["P0", "P1"] {
            let up_to = match draw.below(4) {
                0 => draw.label(),
                1 => "l2/a,b,c rel:x".to_owned(),
                _ => "l2/a,b,c".to_owned(),
            };
            let top = site.registry.label(&up_to).unwrap();
            let fits = |data: &&Dataset| top.dominates(&site.registry.label(&data.label).unwrap());
            let all: Vec<&str> = datasets.iter().filter(fits).map(|data| data.name.as_str()).collect();
            let everybody: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            let lacks = draw.some(&all, 4);
            let named: BTreeSet<String> =
                all.iter().filter(|name| !lacks.contains(*name)).map(|name| (*name).to_owned()).collect();
            // A permit goes as high as its data, and no higher.
            let labels = datasets.iter().filter(|data| named.contains(&data.name)).map(|data| naive::mark(&data.label));
            let join = labels.fold(None, |join: Option<naive::Mark>, label| match join {
                Some(join) => naive::join(&join, &label),
                None => Some(label),
            });
            let up_to = join.map_or(up_to, |join| naive::text(&join));
            let granted = Permit { datasets: named, up_to, ..permit(name, &draw.some(&everybody, 2)) };
            let by = *draw.one(&[["officer-1", "steward-1"], ["officer-2", "steward-2"]]);
            if site.enact(Record::Permit(granted.clone()), &by).is_ok() {
                permits.push(granted);
            }
        }
        for person in &mut people {
            person.disabled = draw.once_in(12);
            site.enact(Record::Person(person.clone()), &["officer-1", "officer-2"]).unwrap();
        }
        // What was granted may be more than the roles' bounds allow by now.
        let mut policy = open_policy();
        for bounds in policy.roles.values_mut() {
            if draw.once_in(3) {
                (bounds.clearance, bounds.ceiling) = (draw.clearance(), draw.clearance());
            }
        }
        // One under which nobody could release what a permit makes doesn't come in force.
        if site.enact(Record::Policy(Box::new(policy.clone())), &["officer-1", "officer-2"]).is_err() {
            policy = open_policy();
        }
        // Decided is on what a start reads from the disk.
        site.registry = site.restored();
        Self { site, policy, people, datasets, images, permits }
    }

    /// Something that somebody might submit.
    pub fn plan(&self, draw: &mut Draw) -> JobPlan {
        let known = self.permits.iter().find(|_| draw.once_in(2)).or(self.permits.last());
        let (people, datasets): (Vec<&str>, Vec<&str>) = known.map_or_else(Default::default, |permit| {
            (permit.people.iter().map(String::as_str).collect(), permit.datasets.iter().map(String::as_str).collect())
        });
        // One of what fits, or now and then of all there is.
        let name = |draw: &mut Draw, fits: &[&str], all: &[&str]| {
            let of = if fits.is_empty() || draw.once_in(8) { all } else { fits };
            (*draw.one(of)).to_owned()
        };
        let mut data: Vec<(String, String)> = Vec::new();
        for at in 0..draw.below(4) {
            data.push((format!("m{at}"), name(draw, &datasets, &["d0@1", "d1@1", "d2@1", "d3@1", "d4@1"])));
        }
        JobPlan {
            submitter: name(draw, &people, &["anna", "ben", "carl", "dora", "nobody"]),
            permit: name(draw, known.map(|permit| permit.name.as_str()).as_slice(), &["P0", "P1", "P2"]),
            image: Digest::of(name(draw, &["i0", "i1"], &["i0", "i1", "i2"]).as_bytes()),
            data: data.into_iter().collect(),
            dummy: draw.once_in(3),
            label: draw.once_in(4).then(|| draw.label()),
            ..crate::common::plan("")
        }
    }
}
