use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

#[test]
fn addresses_with_a_password_are_found_up_to_the_host() {
    for (address, rest) in [
        ("postgres://trainer:S0mmerRegen@db.example.org:5432", "/cohort"),
        ("postgresql+psycopg2://trainer:S0mmer%40Regen@db.example.org", "/cohort"),
        ("mysql://root:correcthorse@localhost", "/db"),
        ("redis://:9f8a7b6c5d@cache.example:6379", "/0"),
        ("mongodb+srv://admin:pq7Zr2kk@cluster0.example.net", "/test?w=1"),
        ("amqps://guest:gu3st!@mq.example", ""),
        ("https://robot:w4terfall-17@files.example.org", "/cohort.csv"),
        ("ftp://anna:p@ss@ftp.example.org", "/x"),
    ] {
        for text in [format!("{address}{rest}"), format!("URL=\"{address}{rest}\""), format!("see <{address}{rest}>.")]
        {
            assert_eq!(found(&text), [(Kind::UrlPassword, address)], "{text}");
        }
    }
}

#[test]
fn addresses_without_one_or_with_a_placeholder_are_none() {
    for text in [
        "https://example.org/a:b@c",
        "https://example.org?x=a:b@c",
        "https://example.org:8080/",
        "https://user@files.example.org/",
        "ssh://git@git.example.org/x",
        "https://user:@files.example.org/",
        "https://user:password@files.example.org/",
        "https://user:PASS@files.example.org/",
        "https://user:${PASSWORD}@files.example.org/",
        "https://user:$PASSWORD@files.example.org/",
        "https://user:%s@files.example.org/",
        "https://{user}:{password}@files.example.org/",
        "https://<user>:<password>@files.example.org/",
        "https://user:****@files.example.org/",
        "https://user:xxxxxxxx@files.example.org/",
        "://user:gu3st!@files.example.org/",
    ] {
        nothing(text);
    }
}
