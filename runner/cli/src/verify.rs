//! Verifying a bundle with nothing but the bundle, and keys from somebody who is trusted; and, where that is asked for, the site's word
//! on whether it was taken back.

mod approvals;

use crate::args::{Place, Verify};
use crate::client::Client;
use crate::fail::{Fail, trying};
use crate::output::{Printer, plain};
use hyper::Method;
use semla_ledger::{Revocations, VerifierKey, bundle};
use semla_policy::PublicKey;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

/// What a bundle was found to be.
#[derive(Serialize)]
struct Verified {
    release: String,
    from: String,
    to: String,
    log: String,
    files: BTreeMap<String, Approved>,
    /// Whether the site was asked, and hasn't taken it back as of today.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<bool>,
}

/// A file of it.
#[derive(Serialize)]
struct Approved {
    digest: String,
    by: BTreeSet<String>,
}

pub(crate) fn run(place: &Place, verify: &Verify, printer: &Printer) -> Result<ExitCode, Fail> {
    let log: VerifierKey = verify.log_key.parse().map_err(|error| Fail::usage(Fail::chain(error).text()))?;
    let reviewers = reviewers(&verify.reviewers)?;
    let statement = bundle::verify(&verify.bundle, &log).map_err(trying("verify the bundle"))?;
    let digests: BTreeMap<String, String> = statement
        .subject
        .iter()
        .map(|subject| (subject.name.clone(), format!("sha256:{}", subject.digest.sha256)))
        .collect();
    let approved = approvals::of(&statement.predicate, &digests, (&reviewers, &verify.reviewers), verify.approvals)?;
    let field = |key: &str| statement.predicate.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = |(name, by): (String, BTreeSet<String>)| {
        let digest = digests.get(&name).cloned().unwrap_or_default();
        (name, Approved { digest, by })
    };
    let asked = verify.online.map(|port| revoked(&Client::stranger(place, port), &verify.bundle, &log));
    if let Some(Ok(true)) = asked {
        return Err(Fail::new(
            "the site has taken this bundle back: it was revoked; delete it, and ask who released it",
        ));
    }
    let verified = Verified {
        release: field("release"),
        from: field("from"),
        to: field("to"),
        log: log.name().to_string(),
        files: approved.into_iter().map(file).collect(),
        revoked: asked.as_ref().and_then(|asked| asked.as_ref().ok().copied()),
    };
    printer.one(&verified, told)?;
    match asked {
        Some(Err(fail)) => Err(Fail::unsure(format!(
            "the bundle is sound by itself, and whether it was taken back since isn't known: {}",
            fail.text()
        ))),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn told(verified: &Verified) -> String {
    let Verified { release, from, to, log, files, revoked } = verified;
    let mut lines = vec![format!("release {release} from {from} to {to}, in the log `{log}`")];
    lines.extend(files.iter().map(|(name, file)| {
        let by = file.by.iter().cloned().collect::<Vec<_>>().join(", ");
        format!("  {name}  {}  approved by {by}", file.digest)
    }));
    lines.push("verified: files, attestation, inclusion in the log, and the reviewers' signatures".to_owned());
    lines.extend(revoked.map(|_| "the site hasn't taken it back, as of today".to_owned()));
    plain(&lines.join("\n"))
}

/// Whether the bundle is on the list of those that were taken back, signed with the log's key today.
fn revoked(client: &Client, folder: &Path, log: &VerifierKey) -> Result<bool, Fail> {
    let raw = client.raw(Method::GET, "/revocations", "", Vec::new())?;
    let list = Revocations::open(&String::from_utf8_lossy(&raw.bytes), log).map_err(trying("ask the site"))?;
    let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
    let near = list.day.parse::<jiff::civil::Date>().is_ok_and(|day| (today - day).get_days().abs() <= 1);
    if !near {
        return Err(Fail::new("the site's list of revoked bundles is of another day; see both clocks, and ask again"));
    }
    let attestation = std::fs::read_to_string(folder.join("attestation.json")).map_err(trying("read the bundle"))?;
    Ok(list.bundles.contains(&bundle::name(&attestation)))
}

fn reviewers(path: &Path) -> Result<BTreeMap<String, PublicKey>, Fail> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Fail::usage(format!("`{shown}` can't be read: {error}; check the path")))?;
    listed(&text).map_err(|line| Fail::usage(format!("{shown}:{line}: write `name ed25519:...`")))
}

/// Names and keys, a line each; what comes after `#` is for people. Else the number of the line that is something else.
fn listed(text: &str) -> Result<BTreeMap<String, PublicKey>, usize> {
    let lines = text.lines().zip(1..).map(|(line, number)| (line.split('#').next().unwrap_or_default().trim(), number));
    let read = |(line, number): (&str, usize)| {
        let (name, key) = line.split_once(' ').ok_or(number)?;
        Ok((name.to_owned(), PublicKey::parse(key.trim()).map_err(|_| number)?))
    };
    lines.filter(|(line, _)| !line.is_empty()).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_of_reviewers_may_say_more_after_a_hash() {
        let key = "ed25519:745Hc9p4PhZJUcoAhzaWxTBjjB42ICybBAAmA9+53wg=";
        let text = format!("# from the office\n\nanna {key}\nbob {key}  # closed: it signs nothing any more\n");
        assert_eq!(listed(&text).unwrap().into_keys().collect::<Vec<_>>(), ["anna", "bob"]);
        assert_eq!(listed(&format!("anna {key}\nbob# {key}\n")).unwrap_err(), 2);
        assert_eq!(listed("anna ed25519:abc").unwrap_err(), 1);
    }
}
