//! The HTTP interface: over the Unix socket and over loopback, described by a document that is generated from the code.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_policy::{Signed, Submission};
use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::http::{ask, exchange};
use semla_tests::told::Told;
use serde_json::Value;
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;

#[test]
fn both_sockets_give_the_same_answers_and_strangers_none() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    let mut site = Site::new("interface").listening(port);
    let codes = site.found("ehds");
    site.enrol("officer-1", codes["codes"]["officer-1"].as_str().expect("a code"));
    let token = std::fs::read_to_string(site.home("officer-1").join("token")).expect("a token");
    let unix =
        |path: &str, token: &str| ask(UnixStream::connect(site.state().join("api.sock")).expect("it"), path, token);
    let tcp = |path: &str, token: &str| ask(TcpStream::connect(("127.0.0.1", port)).expect("it"), path, token);

    let (status, document) = unix("/api/v1/openapi.json", "");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    assert_eq!((status, document["openapi"].as_str().map(|version| version.starts_with("3."))), (200, Some(true)));
    let gets = paths.iter().filter(|(path, about)| about.get("get").is_some() && !path.contains('{'));
    let gets: Vec<&String> = gets.map(|(path, _)| path).collect();
    assert!(gets.len() >= 8, "{gets:?}");
    for path in gets {
        if path == "/api/v1/revocations" {
            // For whoever holds a bundle: the list is signed, and it is empty.
            let (status, list) = unix(path, "");
            assert_eq!((status, list.lines().nth(2)), (200, Some("")), "{list}");
            continue;
        }
        let query = match path.as_str() {
            "/api/v1/records/head" => "?kind=policy&name=",
            "/api/v1/audit" => "?person=officer-1",
            _ => "",
        };
        let path = format!("{path}{query}");
        let (stranger, problem) = unix(&path, "");
        assert_eq!(stranger, 401, "{path}: {problem}");
        assert_eq!(unix(&path, "0000000000000000").0, 401, "{path}");
        let (known, answer) = unix(&path, &token);
        assert_eq!(known, 200, "{path}: {answer}");
        assert_eq!(tcp(&path, "").0, 401, "{path}");
        assert_eq!(tcp(&path, &token).0, 200, "{path}");
    }
    // The command line looks for secrets; whoever goes around it is told the same.
    let submit = |env: Value| {
        let plan = serde_json::json!({
            "submitter": "officer-1", "permit": "P", "image": DIGEST, "code": DIGEST, "run": ["true"], "data": {},
            "dummy": false, "env": env, "needs": { "memory": 1 << 28, "millicpus": 1000, "seconds": 60 }, "outputs": [],
        });
        let (_, policy) = unix("/api/v1/policy", &token);
        let policy: Value = serde_json::from_str(policy.lines().last().expect("a body")).expect("JSON");
        let submission = Submission {
            plan: serde_json::from_value(plan).expect("a plan"),
            policy: serde_json::from_value(policy["digest"].clone()).expect("a digest"),
            nonce: "n".into(),
        };
        let submission = Signed::unsigned(&submission).expect("a submission");
        let body = serde_json::json!({ "submission": submission, "commit": null, "dirty": false }).to_string();
        let socket = UnixStream::connect(site.state().join("api.sock")).expect("it");
        exchange(socket, "POST", "/api/v1/jobs", &token, &body).1
    };
    let secret = submit(serde_json::json!({ "AWS_SECRET_ACCESS_KEY": "qJ8r2UtnF3MIK7MDENGbPxRfiCY9ab4cdE5fgH6i" }));
    assert!(secret.contains("looks like it carries a secret"), "{secret}");
    let other = submit(serde_json::json!({ "SEED": "1" }));
    assert!(other.contains("only data scientists submit jobs"), "{other}");

    // What isn't there, and what may not be seen, are told by the same bytes but for the noun.
    let hidden = unix("/api/v1/jobs/j-0000000000000000", &token);
    let nowhere = unix("/api/v1/nowhere", &token);
    assert_eq!((hidden.0, hidden.1.replace("such job", "such address")), nowhere);
    let gauges = unix("/metrics", "").1;
    let build = format!("semla_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    let gauges: Vec<_> = gauges.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(gauges, [build.as_str(), "semla_up 1"], "nothing of what happens here");
}

#[test]
fn a_release_of_what_is_not_there_is_refused_as_one_of_what_may_not_be_seen() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let output = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
    let made = cast.line("made", PERMIT, "open('/out/a.txt', 'w').write('fine')", output);
    let there = site.json("scientist-1", &["submit", &made])["id"].as_str().expect("an id").to_owned();
    let post = |who: &str, job: &str| {
        let token = std::fs::read_to_string(site.home(who).join("token")).expect("a token");
        let body = serde_json::json!({ "job": job, "paths": ["a.txt"], "to": "public" }).to_string();
        let socket = UnixStream::connect(site.state().join("api.sock")).expect("it");
        exchange(socket, "POST", "/api/v1/releases", token.trim(), &body)
    };
    let nowhere = format!("j-{}", "0".repeat(there.len() - 2));
    let absent = post("scientist-2", &nowhere);
    assert!(absent.0 == 404 && absent.1.contains("there is no such job that you may see"), "{absent:?}");
    for who in ["scientist-2", "checker-1", "officer-1"] {
        assert_eq!(post(who, &there), absent, "a job of another permit: {who}");
    }
    assert_ne!(post("scientist-1", &there), absent, "the control: its own");
    site.semla("officer-1", &["permit", "withdraw", PERMIT]).ok();
    let over = post("scientist-1", &there);
    assert!(over.1.contains("was withdrawn"), "its submitter is told why not: {over:?}");
    assert_eq!(post("scientist-2", &there), absent);
}

const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
