//! Who approved the files of a bundle: signatures of known reviewers, over exactly these files.

use crate::fail::Fail;
use crate::output::plain;
use semla_policy::release::{Decision, Vote};
use semla_policy::{PublicKey, Signed, Statement};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Who approved each file: every signature is one of a known reviewer over exactly this name, content, release and target.
pub(super) fn of(
    predicate: &Value,
    digests: &BTreeMap<String, String>,
    (reviewers, list): (&BTreeMap<String, PublicKey>, &Path),
    least: u64,
) -> Result<BTreeMap<String, BTreeSet<String>>, Fail> {
    let text = |key: &str| predicate.get(key).and_then(Value::as_str).unwrap_or_default();
    // The statement was signed by the log's key alone: what it asks for may be more than the verifier does, and not less.
    let of_all = predicate.get("reviewers").and_then(Value::as_u64).unwrap_or(u64::MAX);
    let mut all = BTreeMap::new();
    for (name, digest) in digests {
        let file = predicate.get("files").and_then(|files| files.get(name));
        let of_file = file.and_then(|file| file.get("reviewers")).and_then(Value::as_u64).unwrap_or(0);
        let excused = file.and_then(|file| file.get("excused")).cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        let excused: BTreeSet<String> = serde_json::from_value(excused).map_err(Fail::chain)?;
        let needed = of_all.max(of_file);
        let votes = file.and_then(|file| file.get("approvals"));
        let votes: Vec<Signed> =
            votes.cloned().map(serde_json::from_value).transpose().map_err(Fail::chain)?.unwrap_or_default();
        // Keys count, and not names: one key under two names is one reviewer.
        let (mut by, mut names) = (BTreeSet::new(), BTreeSet::new());
        for signed in votes {
            let vote: Vote = signed.read().map_err(Fail::chain)?;
            let same = vote.release == text("release")
                && vote.file == *name
                && vote.digest.to_string() == *digest
                && vote.from == text("from")
                && vote.to == text("to")
                && vote.excuses == excused;
            for signature in &signed.signatures {
                let key = reviewers.get(&signature.by).ok_or_else(|| {
                    Fail::new(format!(
                        "`{0}` voted on `{1}`, and isn't among the reviewers that you trust; if you do trust them, get their key from \
                         somebody else than the bundle, and add it to `{2}` as `{0} ed25519:...`; until then don't use the file",
                        plain(&signature.by),
                        plain(name),
                        list.display()
                    ))
                })?;
                if !same || !key.signed(Vote::TYPE, signed.payload.as_bytes(), &signature.signature) {
                    return Err(Fail::new(format!(
                        "the approval of `{}` by `{}` doesn't hold: it is over something else, or signed with another key than yours of \
                         them; don't use the bundle, and ask an officer of the site",
                        plain(name),
                        plain(&signature.by)
                    )));
                }
                if vote.decision == Decision::Approve {
                    by.insert(key.as_str());
                    names.insert(signature.by.clone());
                }
            }
        }
        if (by.len() as u64) < needed.max(least) {
            return Err(Fail::new(short_of(name, by.len() as u64, (needed, least))));
        }
        all.insert(name.clone(), names);
    }
    Ok(all)
}

/// That a file has too few approvals of those that it takes and the verifier asks for, and what to do.
fn short_of(name: &str, there: u64, (needed, least): (u64, u64)) -> String {
    let name = plain(name);
    match there < needed {
        true => format!(
            "`{name}` has {there} of the {needed} approvals that it takes; don't use the bundle, and ask whoever released it for a whole one"
        ),
        false => format!(
            "`{name}` has {there} of the {least} approvals that --approvals asks for, and took {needed} when it was released; don't use the \
             bundle, or say `--approvals {needed}` if that is enough for you"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::short_of;

    #[test]
    fn too_few_approvals_come_with_what_to_do() {
        let own = short_of("a.csv", 2, (3, 2));
        assert!(own.contains("2 of the 3") && !own.contains("--approvals"), "{own}");
        let asked = short_of("a.csv", 2, (2, 4));
        assert!(asked.contains("2 of the 4") && asked.contains("`--approvals 2`"), "{asked}");
    }
}
