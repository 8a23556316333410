//! Random sites, and how each came to be: policies one after the other, people and permits that were changed, permits that were taken
//! back, halts that were lifted.

use crate::common::{Site, dataset, permit};
use crate::draw::{Draw, LEVELS};
use crate::marks;
use crate::{naive, ways};
use semla_policy::*;
use std::collections::{BTreeMap, BTreeSet};

pub const PEOPLE: [&str; 6] = ["anna", "ben", "carl", "dora", "emil", "fay"];
pub const PERMITS: [&str; 2] = ["P0", "P1"];
const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];
const STEWARDS: [&str; 2] = ["steward-1", "steward-2"];

/// A permit as it was granted once, and who signed it.
pub struct Granted {
    pub permit: Permit,
    pub signers: BTreeSet<String>,
}

/// What was recorded, in order. The last of each is in force.
pub struct World {
    pub site: Site,
    pub policies: Vec<(Digest, Policy)>,
    pub people: BTreeMap<String, Vec<Person>>,
    pub datasets: Vec<Dataset>,
    pub images: Vec<Image>,
    pub permits: BTreeMap<String, Vec<Granted>>,
    pub withdrawn: BTreeSet<String>,
    /// Who took a permit back, halted it, or lifted its halt.
    pub stopped: BTreeSet<(String, String)>,
    pub halts: BTreeSet<String>,
}

impl World {
    pub fn new(draw: &mut Draw) -> Self {
        let first = ways::open();
        let site = Site::bare(first.clone());
        let mut people = BTreeMap::new();
        for name in OFFICERS.iter().chain(&STEWARDS) {
            people.insert((*name).to_owned(), vec![site.registry.person(name).unwrap().clone()]);
        }
        let mut world = Self {
            policies: vec![(*site.registry.policy_digest(), first)],
            site,
            people,
            datasets: vec![],
            images: vec![],
            permits: BTreeMap::new(),
            withdrawn: BTreeSet::new(),
            stopped: BTreeSet::new(),
            halts: BTreeSet::new(),
        };
        // Whoever signs a permit may read its data's cards.
        for name in STEWARDS {
            let steward = world.people[name][0].clone();
            world.person(Person { clearance: "l2/a,b,c rel:x,y,z".into(), ..steward });
        }
        PEOPLE.iter().for_each(|name| world.hire(name, draw));
        // What was granted may be more than the roles' bounds allow by now.
        (0..2).for_each(|_| world.govern(ways::policy(draw)));
        (0..4).for_each(|number| world.register(number, draw));
        ["i0", "i1"].iter().for_each(|name| world.import(name, draw));
        PERMITS.iter().for_each(|name| world.grant(name, draw));
        for _ in 0..draw.below(14) {
            match draw.below(8) {
                0 => world.grant(draw.one::<&str>(&PERMITS), draw),
                1 => world.withdraw(draw),
                2 | 3 => world.halt(draw),
                4 => world.govern(ways::policy(draw)),
                _ => world.change(draw.one::<&str>(&PEOPLE), draw),
            }
        }
        // Decided is on what a start reads from the disk.
        world.site.registry = world.site.restored();
        world
    }

    pub fn policy(&self) -> &Policy {
        &self.policies.last().unwrap().1
    }

    fn person(&mut self, person: Person) {
        // What goes beyond the bounds of the roles is refused, and then the person stays as they were.
        if self.site.enact(Record::Person(person.clone()), &OFFICERS).is_ok() {
            self.people.entry(person.name.clone()).or_default().push(person);
        }
    }

    fn hire(&mut self, name: &str, draw: &mut Draw) {
        let often = [Role::Scientist, Role::Scientist, Role::Checker];
        let mut roles = BTreeSet::from([*draw.one(&often)]);
        if draw.once_in(2) {
            roles.insert(*draw.one(&Role::ALL));
        }
        let (clearance, ceiling) = (draw.clearance(), draw.clearance());
        let person = Person { roles, clearance, ceiling, ..self.site.newcomer(name, &[]) };
        self.person(person);
    }

    fn change(&mut self, name: &str, draw: &mut Draw) {
        let mut person = self.people[name].last().unwrap().clone();
        match draw.below(5) {
            0 => person.disabled = !person.disabled,
            1 => person.roles.extend([*draw.one(&Role::ALL)]),
            2 => person.ceiling = draw.clearance(),
            3 => person.clearance = draw.clearance(),
            _ => person.clearance = LEVELS[0].to_owned(),
        }
        self.person(person);
    }

    /// One under which nobody could release what a permit makes doesn't come in force.
    fn govern(&mut self, policy: Policy) {
        if self.site.enact(Record::Policy(Box::new(policy.clone())), &OFFICERS).is_ok() {
            self.policies.push((*self.site.registry.policy_digest(), policy));
        }
    }

    fn register(&mut self, number: usize, draw: &mut Draw) {
        let card_label = if draw.once_in(3) { draw.label() } else { LEVELS[0].to_owned() };
        let data = Dataset { card_label, ..dataset(&format!("d{number}@1"), &draw.label()) };
        if self.site.enact(Record::Dataset(Box::new(data.clone())), &STEWARDS).is_ok() {
            self.datasets.push(data);
        }
    }

    fn import(&mut self, name: &str, draw: &mut Draw) {
        let label = if draw.once_in(2) { draw.label() } else { LEVELS[0].to_owned() };
        let image = Image { name: name.into(), digest: Digest::of(name.as_bytes()), label };
        self.site.enact(Record::Image(image.clone()), &["officer-1"]).unwrap();
        self.images.push(image);
    }

    fn grant(&mut self, name: &str, draw: &mut Draw) {
        let top = match draw.below(4) {
            0 => draw.label(),
            1 => "l2/a,b,c rel:x".to_owned(),
            _ => "l2/a,b,c".to_owned(),
        };
        let label = |text: &str| self.site.registry.label(text).unwrap();
        let fits = |data: &&Dataset| label(&top).dominates(&label(&data.label));
        let all: Vec<&str> = self.datasets.iter().filter(fits).map(|data| data.name.as_str()).collect();
        let lacks = draw.some(&all, 4);
        let named = |data: &&Dataset| all.contains(&data.name.as_str()) && !lacks.contains(&data.name.as_str());
        let named: Vec<&Dataset> = self.datasets.iter().filter(named).collect();
        // A permit goes as high as its data, and no higher.
        let join = named.iter().map(|data| Some(marks::mark(&data.label))).reduce(|a, b| marks::join(&a?, &b?));
        let up_to = join.flatten().map_or(top, |join| marks::text(&join));
        let datasets = named.iter().map(|data| data.name.clone()).collect();
        let permit = Permit { datasets, up_to, ..permit(name, &draw.some(&PEOPLE, 3)) };
        // An officer and a steward, and perhaps somebody more.
        let mut by = draw.one(&[[OFFICERS[0], STEWARDS[0]], [OFFICERS[1], STEWARDS[1]]]).to_vec();
        by.extend(draw.once_in(2).then(|| *draw.one(&PEOPLE)));
        if self.site.enact(Record::Permit(permit.clone()), &by).is_ok() {
            let signers = by.into_iter().map(str::to_owned).collect();
            self.permits.entry(name.to_owned()).or_default().push(Granted { permit, signers });
            self.withdrawn.remove(name);
        }
    }

    fn withdraw(&mut self, draw: &mut Draw) {
        let (permit, by) = (*draw.one(&PERMITS), *draw.one(&["officer-1", "steward-2", "anna"]));
        let may = naive::may_withdraw(self, permit, by);
        assert_eq!(self.site.enact(Record::Withdrawal(Withdrawal { permit: permit.into() }), &[by]).is_ok(), may);
        if may {
            self.withdrawn.insert(permit.to_owned());
            self.stopped.insert((permit.to_owned(), by.to_owned()));
        }
    }

    fn halt(&mut self, draw: &mut Draw) {
        let held = self.halts.iter().next().cloned();
        let lifted = draw.once_in(3);
        let scope = match draw.below(8) {
            0 => "all".to_owned(),
            1 | 2 => format!("permit {}", draw.one(&["P0", "P1", "P2"])),
            3..6 => format!("label {}", draw.label()),
            _ => "label l9".to_owned(),
        };
        let scope = held.filter(|_| lifted).unwrap_or(scope);
        let by: &[&str] = draw.one::<&[&str]>(&[&OFFICERS[..1], &OFFICERS, &OFFICERS, &STEWARDS, &["anna"]]);
        let may = naive::may_halt(self, &scope, lifted, by);
        let halt = Halt { scope: scope.clone(), lifted };
        assert_eq!(self.site.enact(Record::Halt(halt), by).is_ok(), may, "{scope} {lifted} {by:?}");
        if let Some(permit) = scope.strip_prefix("permit ").filter(|_| may) {
            self.stopped.extend(by.iter().map(|by| (permit.to_owned(), (*by).to_owned())));
        }
        match (may, lifted) {
            (true, true) => drop(self.halts.remove(&scope)),
            (true, false) => drop(self.halts.insert(scope)),
            _ => {}
        }
    }
}
