use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

#[test]
fn addresses_are_found_wherever_they_stand() {
    let long = format!("{}@example.com", "a".repeat(64));
    for address in [
        "user@example.com",
        "first.last+tag@mail.example.co.uk",
        "o'brien@example.org",
        "a@b.lu",
        "USER@EXAMPLE.COM",
        "user_1%x@sub-domain.example.museum",
        "user@weber.family",
        "first.last@weber.rarest",
        "rené@example.org",
        "анна@пример.example",
        "123@163.com",
        "user@xn--mnchen-3ya.example.xn--p1ai",
        &long,
    ] {
        for text in [
            address.to_owned(),
            format!("<{address}>"),
            format!("mailto:{address}?subject=x"),
            format!("mail: {address}."),
            format!("\"{address}\","),
            format!("'{address}'"),
            format!("„{address}“"),
            format!("a,{address},b"),
            format!("({address})"),
            format!("email={address}&x=1"),
        ] {
            assert_eq!(found(&text), [(Kind::Email, address)], "{text}");
        }
    }
    assert_eq!(found("a@example.com,b@example.com;c@example.com").len(), 3);
}

#[test]
fn other_at_signs_are_none() {
    let long = format!("{}@example.com", "a".repeat(65));
    for text in [
        "@",
        "@example.com",
        "user@",
        "user@example",
        "user@localhost",
        "user@.com",
        "user@example.c",
        "user@example..com",
        "user.@example.com",
        "user@-example.com",
        "user@1.2.3",
        "left-pad@1.3.0",
        "left-pad@1.3.0-beta.rc",
        "recall@10",
        "hits@10.mean",
        "precision@5.macro",
        "icon@2x.png",
        "fit@coef.names",
        "X@model.weights",
        "logo@3x.JPG",
        "table@v2.csv",
        "actions/checkout@v4",
        "@app.route",
        "@functools.wraps(f)",
        "git@host.example:group/repo.git",
        "ssh://git@host.example/repo.git",
        "https://token@host.example/repo",
        "train@sha256:9f86d081884c7d65",
        "user @ example.com",
        "a@b.c_d",
        &long,
    ] {
        nothing(text);
    }
}
