//! pip lock files: every line a wheel pinned by version and hash, so that nobody can put another in its place.

use super::fault::{Fault, Faults};

/// Adds what is wrong with a lock file.
pub(super) fn check(file: &str, text: &str, faults: &mut Faults<'_>) {
    for (line, requirement) in requirements(text) {
        for message in problems(&requirement) {
            faults.add_elsewhere(Fault { file: file.to_owned(), line, column: 1, message });
        }
    }
}

/// Joins lines that end with `\`, and drops comments. The number is that of the first line.
fn requirements(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.split_once(" #").map_or(line, |(before, _)| before).trim();
        let (part, more) = match line.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        match found.last_mut().filter(|_| goes_on) {
            Some((_, whole)) => {
                whole.push(' ');
                whole.push_str(part);
            }
            None if line.is_empty() || line.starts_with('#') => continue,
            None => found.push((number + 1, part.to_owned())),
        }
        goes_on = more;
    }
    found
}

fn problems(requirement: &str) -> Vec<String> {
    let mut words = requirement.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first.starts_with('-') {
        return vec![format!("`{first}` is an option; a lock file holds wheels only, one a line")];
    }
    let mut problems = Vec::new();
    let plain = |text: &str, also: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
    };
    match first.split_once("==") {
        Some((name, version)) if plain(name, "-_.[],") && plain(version, ".+!-_") => {}
        _ => problems.push(format!("`{first}` isn't pinned; write `name==version`")),
    }
    // A marker such as `; python_version < "3.12"` may stand between the version and the hashes.
    let hashes: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    if hashes.is_empty() {
        problems.push(format!(
            "`{first}` has no hash; write `--hash=sha256:...` after it, as `pip-compile --generate-hashes` does"
        ));
    }
    for word in hashes {
        let hex = word.strip_prefix("--hash=sha256:").unwrap_or_default();
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            problems.push(format!("`{word}` isn't a SHA-256 hash; write `--hash=sha256:` and 64 hexadecimal digits"));
        }
    }
    problems
}
