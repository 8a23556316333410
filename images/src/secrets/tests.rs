//! The keys here are made up, and put together from pieces so that no other scanner takes them for real ones.

use super::*;

fn kinds(file: &str, text: &str) -> Vec<Kind> {
    scan(file, text.as_bytes()).into_iter().map(|hit| hit.kind).collect()
}

#[test]
fn keys_with_a_makers_mark_are_found() {
    let letters = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1BcD4eFg7h";
    let samples = [
        (format!("-----BEGIN {} KEY-----", "RSA PRIVATE"), Kind::PrivateKey),
        (format!("-----BEGIN {} KEY-----", "OPENSSH PRIVATE"), Kind::PrivateKey),
        (format!("-----BEGIN {} KEY-----", "PRIVATE"), Kind::PrivateKey),
        (format!("key = \"AKIA{}\"", "QRSTUVWXYZ234567"), Kind::Token("Amazon Web Services")),
        (format!("ghp_{letters}"), Kind::Token("GitHub")),
        (format!("glpat-{}", &letters[..20]), Kind::Token("GitLab")),
        (format!("xoxb-{letters}"), Kind::Token("Slack")),
        (format!("x = 'AIza{}'", &letters[..35]), Kind::Token("Google")),
        (format!("hf_{}", "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"), Kind::Token("Hugging Face")),
        (format!("eyJ{0}.eyJ{0}.{0}", &letters[..20]), Kind::JsonWebToken),
        (format!("semla_{}", "abcdefghijkmnopqrstuvwxyz0123456abcdefgh"), Kind::Token("semla")),
        (format!("MC4CAQAwBQYDK2VwBCIEI{}", &letters[..20]), Kind::PrivateKey),
        (format!("postgres://ml:{}@db.hospital/x", "kR7u2w9q"), Kind::UrlPassword),
    ];
    for (text, kind) in samples {
        assert_eq!(kinds("a.py", &text), [kind], "{text}");
    }
}

#[test]
fn private_keys_are_found_as_bytes() {
    let made = ring::signature::Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).unwrap();
    let kinds = |bytes: &[u8]| scan("key", bytes).into_iter().map(|hit| hit.kind).collect::<Vec<_>>();
    assert_eq!(kinds(made.as_ref()), [Kind::PrivateKey]);
    // RSA of 2048 bits, and a curve's, as `openssl pkcs8 -topk8 -outform DER` begins them.
    let rsa = b"\x30\x82\x04\xbe\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82";
    let curve = b"\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48";
    assert_eq!((kinds(rsa), kinds(curve)), (vec![Kind::PrivateKey], vec![Kind::PrivateKey]));
    // A public key of the same kind.
    let public = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    assert_eq!(kinds(public), []);
}

#[test]
fn a_secret_written_out_beside_its_name_is_found() {
    for text in [
        "password = \"kR7!u2w9qX\"",
        "DB_PASSWORD='kR7u2w9qXz'",
        "{\"api_key\": \"9f8a7c6b5d4e3f2a1b0c\"}",
        "client(secret_key=\"Zx81kd92LLpq0\")",
        "os.environ[\"TOKEN\"] = \"q8w7e6r5t4y3u2i1\"",
        "token: str = \"q8w7e6r5t4y3u2i1\"",
    ] {
        assert_eq!(kinds("a.py", text), [Kind::Assigned], "{text}");
    }
    // Without quotes only where values have none.
    assert_eq!(kinds(".env", "export API_TOKEN=q8w7e6r5t4y3u2i1"), [Kind::Assigned]);
    assert_eq!(kinds("a.py", "API_TOKEN=q8w7e6r5t4y3u2i1"), []);
}

#[test]
fn ordinary_code_raises_no_alarm() {
    let code = r#"
import os, tokenize
token = os.environ["HUB_TOKEN"]
password = getpass.getpass("Password: ")
password = args.password
secret = "${VAULT_SECRET_2024}"
api_key = "your-api-key-here-1234"
token = tokenizer.convert_ids_to_tokens(x)
special_tokens = {"pad_token": "<pad>", "eos_token": "</s>", "mask_token": "[MASK]"}
TOKEN_PATTERN = r"(?u)\b\w\w+\b"
vectorizer = TfidfVectorizer(token_pattern="[a-zA-Z]{2,}")
password_help = "the password has to be given"
key = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
columns = ["mean radius", "worst_texture_2", "id"]
url = "https://user:password@example.org/x"
url = "https://host.example:8443/path@2"
sort_key = "created_at_desc_1"
PublicKeyToken = "1fc8b3b9a1e18e3b"
nextToken = "q8w7e6r5t4y3u2i1"
-----BEGIN CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
"#;
    assert_eq!(scan("train.py", code.as_bytes()), []);
}

#[test]
fn a_hit_says_where_and_what_and_never_the_value() {
    let value = "kR7!u2w9qX";
    let hits = scan("lib/db.py", format!("import x\n\npassword = \"{value}\"\n").as_bytes());
    let [hit] = hits.as_slice() else { panic!("{hits:?}") };
    assert_eq!(hit.to_string(), "`lib/db.py` line 3 holds a password, token or secret written out");
    assert!(!format!("{hit:?}").contains(value));
}

#[test]
fn keys_inside_binary_files_and_variables_are_found() {
    let bytes = [&b"\x00\xff\x00"[..], format!("-----BEGIN {} KEY-----", "PRIVATE").as_bytes(), b"\x00"].concat();
    assert_eq!(scan("model.bin", &bytes).len(), 1);
    let hits = scan_environment([("LEAF", "10"), ("DB_PASSWORD", "kR7!u2w9qX"), ("OMP_NUM_THREADS", "4")]);
    assert_eq!(hits.iter().map(|hit| hit.file.as_str()).collect::<Vec<_>>(), ["DB_PASSWORD"]);
}

#[test]
fn every_form_compiles() {
    // A form that didn't compile would find nothing and say nothing.
    assert!(shapes::ready() && assigned::ready());
}
