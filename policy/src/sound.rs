//! Whose signatures each kind of record needs, and what it has to be like.

use crate::apart::{Hat, clash};
use crate::duty::Standing;
use crate::keepers::none_is;
use crate::known::{Grant, Registered, Tree};
use crate::label::{Clearance, Label};
use crate::policy::{Policy, Role};
use crate::record::{DataFile, Dataset, Halt, Image, Permit, Person, Record, Withdrawal};
use crate::refusal::Refusal;
use crate::registry::Registry;
use jiff::civil::Date;
use std::collections::BTreeSet;

impl Registry {
    pub(crate) fn sound_policy(&self, policy: &Policy, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        if let Some(fault) = policy.faults().first() {
            return Err(Refusal::new(10, format!("the policy can't be: {fault}"), "mend the file"));
        }
        if !policy.scheme.continues(&self.policy().scheme) {
            return Err(Refusal::new(
                10,
                "a name of the scheme in force was dropped or moved",
                "keep all names in their order, and add new ones at the end",
            ));
        }
        let known = self.contradictions(self.policy());
        if let Some(fault) = self.contradictions(policy).iter().find(|fault| !known.contains(fault)) {
            return Err(Refusal::new(10, fault.to_string(), "mend the file, or have the people there first"));
        }
        self.count(Role::Officer, signers, 2, "approval by another officer")
    }

    pub(crate) fn sound_person(&self, person: &Person, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let scheme = &self.policy().scheme;
        if let Some(why) = clash(Hat::Enroller, signers.contains(&person.name).then_some(Hat::Enrolled)) {
            return Err(Refusal::new(10, why, "have two other officers sign it"));
        }
        let holder = person.key.as_ref().and_then(|key| self.holder(key));
        if let Some(other) = holder.filter(|other| *other != person.name) {
            return Err(Refusal::new(
                10,
                format!("`{other}` has the same key"),
                "have everybody make a key of their own: `semla key new`",
            ));
        }
        let lowest = scheme.show(&Label::LOWEST);
        if person.key.is_none() && !person.disabled && (person.clearance != lowest || person.ceiling != lowest) {
            return Err(Refusal::new(
                10,
                format!("`{}` has no key, and would see or submit more than `{lowest}`", person.name),
                "have them make one with `semla key new`: without it, whoever hands out their first code could come in their place",
            ));
        }
        type Of = fn(&(Clearance, Clearance)) -> &Clearance;
        let both: [(&str, &String, Of); 2] =
            [("clearance", &person.clearance, |both| &both.0), ("ceiling", &person.ceiling, |both| &both.1)];
        for (what, text, of) in both {
            let granted = scheme.clearance(text).map_err(|error| Refusal::new(1, error.to_string(), "mend it"))?;
            let bounds = |role: &Role| Some((*role, self.policy().bounds(*role).ok().flatten()?));
            let bounds: Vec<_> = person.roles.iter().filter_map(bounds).collect();
            // An account can be closed whatever the bounds have become.
            if !person.disabled && !bounds.iter().any(|(_, both)| granted.within(of(both))) {
                let left_out = if what == "ceiling" { "; left out, the ceiling is the clearance" } else { "" };
                let most =
                    |(role, both): &(Role, _)| format!("{} up to `{}`", role.name(), scheme.show_clearance(of(both)));
                return Err(Refusal::new(
                    1,
                    format!(
                        "the {what} `{text}` is more than the policy grants: {}",
                        bounds.iter().map(most).collect::<Vec<_>>().join(", ")
                    ),
                    match bounds.first() {
                        Some((_, both)) => {
                            format!("write `{what} = \"{}\"`{left_out}", scheme.show_clearance(of(both)))
                        }
                        None => "give them a role that the policy has".to_owned(),
                    },
                ));
            }
        }
        self.count(Role::Officer, signers, 2, "approval by another officer")
    }

    pub(crate) fn sound_permit(&self, permit: &Permit, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let up_to = self.label(&permit.up_to)?;
        // What was made under the permit so far stays with it: whoever vouches for that data is asked, too.
        let before = self.grant(&permit.name).into_iter().flat_map(|grant| &grant.ever);
        let touched: BTreeSet<&String> = permit.datasets.iter().chain(before).collect();
        if touched.is_empty() {
            // Whoever answers for its data grants it, with an officer.
            let remedy = "name what it is for: `datasets = [\"NAME@VERSION\"]`";
            return Err(Refusal::new(3, "the permit names no dataset, so that nobody could grant it", remedy));
        }
        let mut data = Some(Label::LOWEST);
        for name in touched.iter().copied() {
            let Some(registered) = self.dataset(name) else {
                return Err(Refusal::not_found(&format!("dataset `{name}`")));
            };
            if permit.datasets.contains(name) && !up_to.dominates(&registered.label) {
                return Err(Refusal::new(
                    3,
                    format!("the permit goes up to `{}`, and `{name}` is above that", permit.up_to),
                    "raise `up_to`, or leave the dataset out",
                )
                .comparing(permit.up_to.clone(), registered.dataset.label.clone()));
            }
            data = data.and_then(|data| data.join(&registered.label));
            if !signers.iter().any(|name| self.answers_for(name, registered)) {
                return self.count(Role::Officer, signers, usize::MAX, "the signature of the data's steward");
            }
        }
        if let Some(most) = data.filter(|most| up_to.dominates(most) && *most != up_to) {
            let most = self.policy().scheme.show(&most);
            let what = format!("the permit goes up to `{}`, and all its data is at `{most}`", permit.up_to);
            return Err(
                Refusal::new(3, what, format!("write `up_to = \"{most}\"`")).comparing(most, permit.up_to.clone())
            );
        }
        let officer = |name: &&String| self.holds(name, Role::Officer);
        let apart = |a: &String, b: &String| clash(Hat::Officer, (a == b).then_some(Hat::Steward)).is_none();
        // Whoever grants it isn't the one who answers for any of its data.
        let grants = |officer: &String| {
            let vouches = |data| signers.iter().any(|name| self.answers_for(name, data) && apart(officer, name));
            touched.iter().filter_map(|name| self.dataset(name)).all(vouches)
        };
        let hat = |name: &String| if self.holds(name, Role::Officer) { Hat::Officer } else { Hat::Steward };
        let earlier = self.grant(&permit.name);
        let member =
            |name: &String| permit.people.contains(name) || earlier.is_some_and(|it| it.members.contains(name));
        for name in signers {
            if let Some(why) = clash(hat(name), member(name).then_some(Hat::Member)) {
                return Err(Refusal::new(10, format!("`{name}` signs it: {why}"), "have others sign it"));
            }
        }
        let signed = |name: &&String| earlier.is_some_and(|it| it.signers.contains(*name));
        for name in permit.people.iter().filter(signed) {
            if let Some(why) = clash(Hat::Voucher, [Hat::Member]) {
                let what = format!("`{name}` has signed for the permit before: {why}");
                return Err(Refusal::new(10, what, "leave them out"));
            }
        }
        match signers.iter().filter(officer).any(grants) {
            true => Ok(Standing::Complete),
            false => Ok(Standing::Awaits("an officer who is cleared for its cards, and isn't the data's steward")),
        }
    }

    /// Whether a record comes in time: a permit that is over on the day that it is signed would only look like one.
    pub fn in_time(&self, record: &Record, today: Date) -> Result<(), Refusal> {
        match record {
            Record::Permit(permit) if permit.until < today => Err(Refusal::new(
                10,
                format!("the last day of the permit, {}, is over", permit.until),
                "write a day to come as `until`; a permit is ended with `semla permit withdraw`",
            )),
            _ => Ok(()),
        }
    }

    /// Whether somebody vouched for a dataset, and still is a steward.
    fn answers_for(&self, name: &str, data: &Registered) -> bool {
        data.stewards.contains(name) && self.holds(name, Role::Steward)
    }

    /// Taking back takes one: an officer, or whoever answers for the data.
    pub(crate) fn sound_withdrawal(
        &self,
        withdrawal: &Withdrawal,
        signers: &BTreeSet<String>,
    ) -> Result<Standing, Refusal> {
        let grant = self.grant(&withdrawal.permit).ok_or_else(|| Refusal::not_found("permit of that name"))?;
        if grant.withdrawn {
            let what = format!("`{}` was withdrawn already", withdrawal.permit);
            return Err(Refusal::new(10, what, "see `semla permit show`"));
        }
        let answers = |name: &String| {
            grant.ever.iter().filter_map(|data| self.dataset(data)).any(|data| self.answers_for(name, data))
        };
        match signers.iter().any(|name| self.holds(name, Role::Officer) || answers(name)) {
            true => Ok(Standing::Complete),
            false => Err(Refusal::new(
                10,
                "none of those who signed is an officer, or a steward of the permit's data",
                "have one of them withdraw it",
            )),
        }
    }

    pub(crate) fn sound_dataset(&self, dataset: &Dataset, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let mend = |what: String, remedy: &str| Refusal::new(3, what, remedy);
        if self.dataset(&dataset.name).is_some() {
            return Err(mend(format!("`{}` exists, and datasets never change", dataset.name), "add the next version"));
        }
        let label = self.label(&dataset.label)?;
        let card = self.label(&dataset.card_label)?;
        if !label.dominates(&card) {
            return Err(mend("the card's label is above the content's".into(), "lower the card's label")
                .comparing(dataset.label.clone(), dataset.card_label.clone()));
        }
        if let Some(id) = dataset.card.id.as_ref().filter(|id| !dataset.card.columns.iter().any(|c| &c.name == *id)) {
            return Err(mend(format!("the card's id column `{id}` isn't among its columns"), "mend the card"));
        }
        if let Some(file) = dataset.files.iter().find(|file| !crate::path::is_file_name(&file.name)) {
            return Err(mend(format!("`{}` can't be a file's name", file.name), "rename the file"));
        }
        let names: BTreeSet<&String> = dataset.files.iter().map(|file| &file.name).collect();
        if names.len() < dataset.files.len() {
            return Err(mend("two of its files have one name".into(), "rename one of them"));
        }
        let standing = self.count(Role::Steward, signers, 2, "approval by another steward")?;
        // Asked of what two stewards have signed: one alone would find out where a content is on record that they don't have.
        match standing {
            Standing::Complete => self.no_lower(dataset, &label).map(|()| standing),
            Standing::Awaits(_) => Ok(standing),
        }
    }

    /// The same rows under another name: lowering their label is a release, and no record.
    fn no_lower(&self, dataset: &Dataset, label: &Label) -> Result<(), Refusal> {
        let higher = |file: &&DataFile| {
            let labels = self.contents.get(&file.digest);
            labels.is_some_and(|labels| labels.iter().any(|known| !label.dominates(known)))
        };
        match dataset.files.iter().find(higher) {
            None => Ok(()),
            Some(file) => {
                let what =
                    format!("what `{}` holds is on record at another label, which this one isn't above", file.name);
                Err(Refusal::new(6, what, "register it at that label; what is to go lower is released"))
            }
        }
    }

    pub(crate) fn sound_image(&self, image: &Image, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let label = self.label(&image.label)?;
        // The same tree under another name: lowering its label is a release, and no record.
        if let Some(known) = self.tree(&image.digest).filter(|known| !label.dominates(&known.label)) {
            return Err(self.recorded_higher(known, signers));
        }
        self.count(Role::Operator, signers, 1, "the signature of an operator")
    }

    /// That a tree is on record can't be kept from whoever has it, for it can't be recorded lower; where, is told to those who see it.
    fn recorded_higher(&self, known: &Tree, signers: &BTreeSet<String>) -> Refusal {
        let sees = |name: &String| self.account(name).is_some_and(|account| account.clearance.admits(&known.label));
        let refusal = Refusal::new(3, "the same image is on record at another label", "ask the officers for it");
        match signers.iter().all(sees) {
            true => Refusal { remedy: format!("import it at `{}`", known.image.label), ..refusal },
            false => refusal,
        }
    }

    /// Stopping takes one officer, and going on takes two.
    pub(crate) fn sound_halt(&self, halt: &Halt, signers: &BTreeSet<String>) -> Result<Standing, Refusal> {
        let scope = self.scope(halt)?;
        // Whoever stops what is theirs may. To lift it is for others.
        let theirs = |name: &&String| {
            let covers = |grant: &Grant| !grant.withdrawn && scope.covers(&grant.top, &grant.permit.name);
            halt.lifted && self.permits.values().any(|grant| covers(grant) && grant.members.contains(*name))
        };
        if let Some(name) = signers.iter().find(theirs) {
            let why = clash(Hat::Voucher, [Hat::Member]).unwrap_or_default();
            return Err(Refusal::new(10, format!("`{name}` signs it: {why}"), "have others lift it"));
        }
        match (halt.lifted, self.halts.contains_key(&halt.scope)) {
            (true, false) => Err(Refusal::new(10, format!("`{}` isn't halted", halt.scope), "see `semla halt --list`")),
            (true, true) => self.count(Role::Officer, signers, 2, "another officer, to lift it"),
            (false, _) => self.count(Role::Officer, signers, 1, "an officer"),
        }
    }

    fn count(
        &self,
        role: Role,
        signers: &BTreeSet<String>,
        needed: usize,
        missing: &'static str,
    ) -> Result<Standing, Refusal> {
        let have = signers.iter().filter(|name| self.holds(name, role)).count();
        match have {
            0 => Err(none_is(role)),
            _ if have < needed => Ok(Standing::Awaits(missing)),
            _ => Ok(Standing::Complete),
        }
    }
}
