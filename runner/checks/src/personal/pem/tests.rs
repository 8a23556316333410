use crate::personal::Kind;
use crate::personal::tests::{draw, found, nothing};

/// So many lines of base64.
fn base64(lines: usize, separator: &str) -> String {
    let mut draw = draw(3);
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let mut line = || (0..64).map(|_| alphabet[draw(64) as usize]).collect::<String>();
    (0..lines).map(|_| line()).collect::<Vec<_>>().join(separator)
}

fn block(label: &str, inside: &str) -> String {
    format!("-----BEGIN {label}-----\n{inside}\n-----END {label}-----")
}

#[test]
fn private_keys_of_every_label_are_found() {
    for label in [
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        for lines in [1, 3, 50] {
            let text = block(label, &base64(lines, "\n"));
            assert_eq!(found(&text), [(Kind::PrivateKey, text.as_str())], "{label}");
        }
    }
}

#[test]
fn headers_escapes_and_a_missing_end_hide_nothing() {
    let key = base64(3, "\n");
    let encrypted =
        block("RSA PRIVATE KEY", &format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n{key}"));
    assert_eq!(found(&encrypted), [(Kind::PrivateKey, encrypted.as_str())]);
    let escaped = block("PRIVATE KEY", &key).replace('\n', "\\n");
    assert_eq!(found(&format!("{{\"key\": \"{escaped}\"}}")), [(Kind::PrivateKey, escaped.as_str())]);
    let cut = format!("-----BEGIN PRIVATE KEY-----\n{key}\n");
    assert_eq!(found(&format!("{cut} ")), [(Kind::PrivateKey, cut.as_str())]);
    let open = format!("{cut}-----END PRIVATE K");
    assert_eq!(found(&open), [(Kind::PrivateKey, open.as_str())]);
    let two = format!("{cut}{}", block("EC PRIVATE KEY", &key));
    assert_eq!(found(&two).len(), 2);
}

#[test]
fn words_about_keys_and_public_keys_are_none() {
    let key = base64(3, "\n");
    for text in [
        block("PUBLIC KEY", &key),
        block("CERTIFICATE", &key),
        block("PRIVATE KEY", "..."),
        block("PRIVATE KEY", "<your key here>"),
        "-----BEGIN PRIVATE KEY-----".to_owned(),
        "if line.startswith(\"-----BEGIN RSA PRIVATE KEY-----\"):\n    return read(line, lines)".to_owned(),
        format!("-----BEGIN PRIVATE KEY-----{}{key}", " ".repeat(600)),
        format!("---BEGIN PRIVATE KEY---\n{key}"),
    ] {
        nothing(&text);
    }
}

#[test]
fn putty_keys_are_found() {
    let key = base64(2, "\n");
    let text =
        format!("PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 2\n{key}\nPrivate-MAC: 00");
    let [(Kind::PrivateKey, part)] = found(&text)[..] else { panic!("{:?}", found(&text)) };
    assert!(part.starts_with("Private-Lines: 2") && part.contains(&key));
    nothing("Private-Lines: 2\nof text");
}
