//! Which entry an attestation is logged by.

use serde::Deserialize;

/// The one member of an entry that matters here.
#[derive(Deserialize)]
struct Entry {
    bundle: String,
}

/// Whether an entry names an attestation: it is the name itself, or a JSON object whose member `bundle` is the name. A name
/// anywhere else in the object doesn't count, because what stands there may come from people.
pub(super) fn binds(entry: &[u8], name: &str) -> bool {
    let object = || entry.starts_with(b"{").then(|| serde_json::from_slice::<Entry>(entry).ok()).flatten();
    entry == name.as_bytes() || object().is_some_and(|entry| entry.bundle == name)
}

#[cfg(test)]
mod tests {
    use super::binds;

    #[test]
    fn an_entry_names_an_attestation_as_a_whole_or_by_its_own_member_and_nowhere_else() {
        let name = "sha256:00";
        assert!(binds(name.as_bytes(), name));
        assert!(binds(br#"{"event":"released","bundle":"sha256:00"}"#, name));
        assert!(!binds(br#"{"event":"released","bundle":"sha256:01"}"#, name));
        assert!(!binds(br#"{"event":"requested","files":["sha256:00"]}"#, name));
        assert!(!binds(br#"{"files":{"bundle":"sha256:00"}}"#, name));
        assert!(!binds(br#"{"bundle":"sha256:01","bundle":"sha256:00"}"#, name), "twice is not once");
        assert!(!binds(br#"["sha256:00"]"#, name));
        assert!(!binds(br#""sha256:00""#, name));
        assert!(!binds(b"", name));
    }
}
