//! The policy that a site begins with.

use crate::args::Init;
use crate::fail::Fail;
use crate::output::plain;
use crate::record::located;
use semla_policy::{Policy, text};

pub(super) fn policy(init: &Init) -> Result<Policy, Fail> {
    let Some(path) = &init.policy else { return preset(&init.preset) };
    let source = std::fs::read_to_string(path)
        .map_err(|error| Fail::usage(format!("`{}` can't be read: {error}; check the path", path.display())))?;
    text::policy(&source).map_err(|problems| Fail::usage(located(&path.display().to_string(), &problems)))
}

/// A preset alone. It is named where one types, and not in a file that has lines.
fn preset(name: &str) -> Result<Policy, Fail> {
    let known: Vec<_> = text::presets().collect();
    match known.contains(&name) {
        true => text::policy(&format!("preset = \"{name}\"\n")).map_err(Fail::chain),
        false => Err(Fail::usage(format!(
            "no preset is called `{}`; name one of {}, or begin with a file of your own: --policy FILE",
            plain(name),
            known.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::preset;

    #[test]
    fn a_preset_that_is_not_there_is_told_with_those_that_are() {
        let told = preset("edhs").unwrap_err().text;
        assert!(told.contains("`edhs`") && told.contains("ehds, ") && !told.contains(":1:"), "{told}");
        for name in semla_policy::text::presets() {
            assert_eq!(preset(name).unwrap().preset, name);
        }
    }
}
