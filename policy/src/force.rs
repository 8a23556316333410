//! Putting records in force: read in full while they may still be refused, inserted when nothing can fail any more.

use crate::digest::Digest;
use crate::known::{Account, Grant, InForce, Registered, Scope, Tree};
use crate::policy::Role;
use crate::record::{Dataset, Halt, Image, Permit, Record};
use crate::refusal::Refusal;
use crate::registry::Registry;
use std::collections::BTreeSet;

/// What a sound record comes to.
pub(crate) enum Sound {
    Policy(Box<InForce>),
    Person(Box<Account>),
    Permit(Box<Grant>),
    Dataset(Box<Registered>),
    Image(Box<Tree>),
    Withdrawn { permit: String, by: BTreeSet<String> },
    Halt { halt: Halt, scope: Scope, by: BTreeSet<String> },
}

impl Registry {
    /// Reads a record under what is in force.
    pub(crate) fn read(&self, record: Record, signers: &BTreeSet<String>, head: Digest) -> Result<Sound, Refusal> {
        Ok(match record {
            Record::Policy(policy) => Sound::Policy(Box::new(InForce::new(*policy)?)),
            Record::Person(person) => {
                let before = self.people.get(&person.name).map(Box::as_ref);
                Sound::Person(Box::new(Account::new(person, &self.current, before, head)?))
            }
            Record::Permit(permit) => Sound::Permit(Box::new(self.permitted(permit, signers, head)?)),
            Record::Dataset(dataset) => Sound::Dataset(Box::new(self.registered(dataset, signers, head)?)),
            Record::Image(image) => Sound::Image(Box::new(self.kept(image)?)),
            Record::Withdrawal(withdrawal) => Sound::Withdrawn { permit: withdrawal.permit, by: signers.clone() },
            Record::Halt(halt) => Sound::Halt { scope: self.scope(&halt)?, halt, by: signers.clone() },
        })
    }

    fn register(&mut self, data: Box<Registered>) {
        for file in &data.dataset.files {
            let labels = self.contents.entry(file.digest).or_default();
            if !labels.contains(&data.label) {
                labels.push(data.label.clone());
            }
        }
        self.datasets.insert(data.dataset.name.clone(), data);
    }

    /// Puts what was read in force, in place of what holds under its name.
    pub(crate) fn insert(&mut self, sound: Sound, head: Digest) {
        let (kind, name) = match sound {
            Sound::Person(account) => return self.enrol(account),
            Sound::Permit(grant) => return drop(self.permits.insert(grant.permit.name.clone(), grant)),
            Sound::Dataset(data) => return self.register(data),
            Sound::Withdrawn { permit, by } => {
                return self.permits.get_mut(&permit).into_iter().for_each(|grant| {
                    (grant.withdrawn, grant.head) = (true, head);
                    grant.stopped_by(&by);
                });
            }
            Sound::Policy(next) => {
                self.govern(*next);
                ("policy", String::new())
            }
            Sound::Image(tree) => {
                let name = tree.image.name.clone();
                self.images.insert(name.clone(), tree.image.clone());
                self.trees.insert(tree.image.digest, *tree);
                ("image", name)
            }
            Sound::Halt { halt, scope, by } => {
                if let Scope::Permit(permit) = &scope {
                    self.permits.get_mut(permit).into_iter().for_each(|grant| grant.stopped_by(&by));
                }
                match halt.lifted {
                    true => drop(self.halts.remove(&halt.scope)),
                    false => drop(self.halts.insert(halt.scope.clone(), scope)),
                }
                ("halt", halt.scope)
            }
        };
        self.heads.insert((kind, name), head);
    }

    fn govern(&mut self, next: InForce) {
        self.policies.insert(next.digest, next.clone());
        self.current = next;
        // What was granted stays; the roles' bounds are new.
        self.people.values_mut().for_each(|account| account.bind(&self.current));
    }

    pub(crate) fn enrol(&mut self, account: Box<Account>) {
        let (name, key) = (account.person.name.clone(), account.person.key.clone());
        if let Some(key) = &key {
            self.keys.insert(key.as_str().to_owned(), name.clone());
        }
        let before = self.people.insert(name, account).and_then(|before| before.person.key);
        if let Some(before) = before.filter(|before| Some(before) != key.as_ref()) {
            self.keys.remove(before.as_str());
        }
    }

    fn permitted(&self, permit: Permit, signers: &BTreeSet<String>, head: Digest) -> Result<Grant, Refusal> {
        let before = self.grant(&permit.name);
        let mut ever = before.map(|before| before.ever.clone()).unwrap_or_default();
        let mut signed = before.map(|before| before.signers.clone()).unwrap_or_default();
        let mut members = before.map(|before| before.members.clone()).unwrap_or_default();
        members.extend(permit.people.iter().cloned());
        ever.extend(permit.datasets.iter().cloned());
        signed.extend(signers.iter().cloned());
        let up_to = self.label(&permit.up_to)?;
        let top = before.map_or_else(|| Some(up_to.clone()), |before| before.top.join(&up_to));
        let data = permit.datasets.iter().filter_map(|name| Some((name.clone(), self.datasets.get(name)?.labels())));
        let apart = || {
            Refusal::new(
                3,
                "what the permit covered before may not be combined with this",
                "ask for a permit of its own",
            )
        };
        Ok(Grant {
            top: top.ok_or_else(apart)?,
            up_to,
            data: data.collect(),
            permit,
            withdrawn: false,
            ever,
            members,
            signers: signed,
            head,
        })
    }

    fn registered(
        &self,
        dataset: Box<Dataset>,
        signers: &BTreeSet<String>,
        head: Digest,
    ) -> Result<Registered, Refusal> {
        let steward = |name: &&String| self.person(name).is_some_and(|p| p.roles.contains(&Role::Steward));
        Ok(Registered {
            label: self.label(&dataset.label)?,
            card_label: self.label(&dataset.card_label)?,
            stewards: signers.iter().filter(steward).cloned().collect(),
            dataset,
            head,
        })
    }

    /// What a halt is about.
    pub(crate) fn scope(&self, halt: &Halt) -> Result<Scope, Refusal> {
        match halt.scope.split_once(' ') {
            None if halt.scope == "all" => Ok(Scope::All),
            Some(("permit", name)) if self.permit(name).is_some() => Ok(Scope::Permit(name.to_owned())),
            Some(("permit", name)) => {
                Err(Refusal::new(10, format!("there is no permit `{name}`"), "see `semla permit ls`"))
            }
            Some(("label", text)) => Ok(Scope::Label(self.label(text)?)),
            _ => Err(Refusal::new(
                10,
                format!("`{}` isn't the scope of a halt", halt.scope),
                "write `all`, `permit NAME` or `label LABEL`",
            )),
        }
    }

    fn kept(&self, image: Image) -> Result<Tree, Refusal> {
        Ok(Tree { label: self.label(&image.label)?, image })
    }
}
