//! Recipes: what an image is made of, as a TOML file.

mod fault;
mod lock;
mod suite;
mod words;

pub use fault::{Fault, RecipeError};
pub use suite::Suite;

use crate::sha256;
use fault::Faults;
use serde::Serialize;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use words::Words;

/// The keys of a recipe.
const KEYS: [&str; 7] = ["name", "suite", "components", "packages", "without", "exclude", "lock"];
/// Longest recipe and longest lock file, in bytes.
const MOST: u64 = 1 << 20;

/// A recipe in which everything has been checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// The image's name.
    pub name: String,
    /// The Debian release.
    pub suite: Suite,
    /// The archive's components: `main` unless said otherwise.
    pub components: Vec<String>,
    /// Debian packages; what they depend on comes with them, what they recommend doesn't.
    pub packages: Vec<String>,
    /// Packages, as shell patterns, that are taken out again although others name them as dependencies.
    pub without: Vec<String>,
    /// Paths, as shell patterns where `*` matches `/` too, that are removed at the end.
    pub exclude: Vec<String>,
    /// A pip requirements file in which each line is a pinned wheel with its hashes.
    pub lock: Option<String>,
}

impl Recipe {
    /// Reads a recipe, and the lock file that it names, which stands beside it.
    pub fn load(path: &Path) -> Result<Self, RecipeError> {
        let file = path.display().to_string();
        let text = read(path)?;
        Self::check(&file, &text, &|lock| read(&path.with_file_name(lock)))
    }

    /// Reads a recipe's text. `file` is its name in messages; `lock` finds the lock file that it names.
    pub fn check(
        file: &str,
        text: &str,
        lock: &dyn Fn(&str) -> Result<String, RecipeError>,
    ) -> Result<Self, RecipeError> {
        let mut faults = Faults::new(file, text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            faults.add(error.span().unwrap_or_default(), error.message().to_owned());
        }
        let recipe = Self::assemble(table.get_ref(), &mut faults, lock)?;
        faults.none_or(recipe)
    }

    fn assemble(
        table: &DeTable<'_>,
        faults: &mut Faults<'_>,
        lock: &dyn Fn(&str) -> Result<String, RecipeError>,
    ) -> Result<Self, RecipeError> {
        for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
            let suggestion = fault::among(key.get_ref(), &KEYS);
            faults.add(key.span(), format!("no key of a recipe is called `{}`; {suggestion}", key.get_ref()));
        }
        let mut words = Words { table, faults };
        let name = words.one("name", &words::name).unwrap_or_default();
        let suite = words.one("suite", &Suite::parse).unwrap_or(Suite::Bookworm);
        let components = words.list("components", &words::component);
        let packages = words.list("packages", &words::package);
        words.required("packages");
        let without = words.list("without", &words::pattern);
        let exclude = words.list("exclude", &words::path);
        let file = words.optional("lock", &words::file);
        let lock = match file {
            Some(file) => {
                let text = lock(&file)?;
                lock::check(&file, &text, faults);
                Some(text)
            }
            None => None,
        };
        let components = if components.is_empty() { vec!["main".to_owned()] } else { components };
        Ok(Self { name, suite, components, packages, without, exclude, lock })
    }

    /// Tells recipes apart: SHA-256 over all that they say, 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        // A struct of strings can always be written as JSON.
        sha256::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

fn read(path: &Path) -> Result<String, RecipeError> {
    use std::io::Read;
    let fault = |source| RecipeError::Read { path: path.display().to_string(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(fault)?;
    file.take(MOST + 1).read_to_string(&mut text).map_err(fault)?;
    if text.len() as u64 > MOST {
        return Err(fault(std::io::ErrorKind::FileTooLarge.into()));
    }
    Ok(text)
}

/// A value's text, if it is one.
fn text<'a>(value: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    value.get_ref().as_str()
}

#[cfg(test)]
mod tests;
