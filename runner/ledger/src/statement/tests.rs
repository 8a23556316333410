use super::*;
use serde_json::json;

#[test]
fn a_statement_has_the_fields_of_the_specification_and_comes_back() {
    let files = BTreeMap::from([("a.txt".to_owned(), b"abc".to_vec())]);
    let statement = Statement::new(&files, "https://example.com/release/v1", json!({ "n": 1 }));
    let payload = statement.payload().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(
        value,
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{
                "name": "a.txt",
                "digest": { "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
            }],
            "predicateType": "https://example.com/release/v1",
            "predicate": { "n": 1 },
        })
    );
    assert_eq!(Statement::parse(&payload).unwrap(), statement);
}

#[test]
fn another_version_is_refused() {
    let mut statement = Statement::new(&BTreeMap::new(), "type", json!(null));
    assert!(Statement::parse(&statement.payload().unwrap()).is_ok());
    statement.kind = "https://in-toto.io/Statement/v0.1".to_owned();
    assert!(matches!(Statement::parse(&statement.payload().unwrap()), Err(StatementError::Type(_))));
    assert!(matches!(Statement::parse(b"{}"), Err(StatementError::Shape(_))));
}
