//! What people and things on record may be called: their names stand in texts that are read and signed, and in paths.

use crate::path::is_name;
use crate::record::{Dataset, Record};
use crate::refusal::Refusal;

/// Whom the ledger names where no person acted.
pub const MACHINE: &str = "semla";

impl Record {
    /// Whether what is on record can be called so.
    pub(crate) fn named(&self) -> Result<(), Refusal> {
        let (what, name) = match self {
            Self::Person(person) if person.name == MACHINE => {
                return Err(Refusal::new(10, format!("`{MACHINE}` is the machine's own name"), "choose another name"));
            }
            Self::Person(person) => ("an account", &person.name),
            Self::Permit(permit) => ("a permit", &permit.name),
            Self::Image(image) => ("an image", &image.name),
            Self::Dataset(dataset) => return dataset.named(),
            Self::Policy(_) | Self::Withdrawal(_) | Self::Halt(_) => return Ok(()),
        };
        plain(name, what, name)
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
            "use up to 64 of the letters a-z and A-Z, digits, `-`, `_` and `.`, which doesn't come first",
        )),
    }
}

fn unversioned(name: &str) -> Refusal {
    Refusal::new(10, format!("`{}` has no version", name.escape_debug()), "name it like `name@1`")
}
