//! What people and things on record may be called: their names stand in texts that are read and signed, and in paths.

use crate::label::Label;
use crate::path::is_name;
use crate::record::{Dataset, Record};
use crate::refusal::Refusal;
use crate::registry::Registry;
use std::collections::BTreeSet;

/// Whom the ledger names where no person acted.
pub const MACHINE: &str = "semla";

impl Record {
    /// Whether what is on record can be called so.
    pub(crate) fn named(&self) -> Result<(), Refusal> {
        let (what, name) = match self {
            Self::Person(person) if person.name.eq_ignore_ascii_case(MACHINE) => {
                return Err(Refusal::new(10, format!("`{MACHINE}` is the machine's own name"), "choose another name"));
            }
            // The only ones that may be addresses.
            Self::Person(person) => {
                let (who, host) = person.name.split_once('@').unwrap_or((&person.name, "host"));
                plain(host, "an account", &person.name)?;
                return plain(who, "an account", &person.name);
            }
            Self::Permit(permit) => ("a permit", &permit.name),
            Self::Image(image) => ("an image", &image.name),
            Self::Dataset(dataset) => return dataset.named(),
            Self::Policy(_) | Self::Withdrawal(_) | Self::Halt(_) => return Ok(()),
        };
        plain(name, what, name)
    }
}

impl Registry {
    /// Whether a name is free, or what has it may be known by all who signed. Names of datasets and images are as secret as what they are
    /// of, so that the refusal says of nothing that it exists.
    pub(crate) fn untaken(&self, record: &Record, signers: &BTreeSet<String>) -> Result<(), Refusal> {
        let sees = |label: &Label| {
            let may = |name: &String| self.account(name).is_some_and(|account| account.clearance.admits(label));
            signers.iter().all(may)
        };
        match self.named_at(record.kind(), record.name()).is_none_or(sees) {
            true => Ok(()),
            false => Err(Refusal::new(
                10,
                format!("`{}` can't be the name of anything new that you propose", record.name()),
                "propose it under another name",
            )),
        }
    }

    /// The label at which it may be known that there is a thing of this kind and name; none, where there isn't, or everybody may know.
    pub(crate) fn named_at(&self, kind: &str, name: &str) -> Option<&Label> {
        match kind {
            "dataset" => self.dataset(name).map(|data| &data.card_label),
            "image" => self.images.get(name).and_then(|image| self.tree(&image.digest)).map(|tree| &tree.label),
            _ => None,
        }
    }
}

impl Dataset {
    /// A name and a version: its folder lies beside those of others, so it is one plain name, and one version is written in one way.
    fn named(&self) -> Result<(), Refusal> {
        let Some((name, version)) = self.name.rsplit_once('@') else {
            return Err(unversioned(&self.name));
        };
        plain(name, "a dataset", &self.name)?;
        match version.parse::<u32>() {
            Ok(number) if number.to_string() == version => Ok(()),
            _ => Err(unversioned(&self.name)),
        }
    }
}

fn plain(name: &str, what: &str, whole: &str) -> Result<(), Refusal> {
    let hidden = name.starts_with('.');
    match is_name(name) && !hidden {
        true => Ok(()),
        false => Err(Refusal::new(
            10,
            format!("{what} can't be called `{}`", whole.escape_debug()),
            "use up to 64 of the letters a-z and A-Z, digits, `-`, `_` and `.`, which doesn't come first; an account may be an address",
        )),
    }
}

fn unversioned(name: &str) -> Refusal {
    Refusal::new(10, format!("`{}` has no version", name.escape_debug()), "name it like `name@1`")
}
