//! Whoever is signed in may ask what a policy comes to and why something may not be. Whatever they ask, officers can halt meanwhile.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::{Site, http};
use serde_json::{Value, json};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Within which a halt has halted.
const SOON: Duration = Duration::from_secs(2);
/// How many questions are asked at once.
const ASKED: usize = 6;

fn site(name: &str) -> Site {
    let mut site = Site::new(name);
    let codes = site.found("ehds");
    for officer in ["officer-1", "officer-2"] {
        site.enrol(officer, codes["codes"][officer].as_str().expect("the officer's code"));
    }
    site.person("scientist-1", "\"scientist\"", "internal", "public");
    site
}

fn ask(site: &Site, path: &str, body: &Value) -> (u16, String) {
    let token = std::fs::read_to_string(site.home("scientist-1").join("token")).expect("a token");
    let socket = UnixStream::connect(site.state().join("api.sock")).expect("the daemon's socket");
    http::exchange(socket, "POST", path, token.trim(), &body.to_string())
}

/// The policy in force with so many categories more, and as release rules one for each of them.
fn wide(site: &Site, rules: usize) -> Value {
    let mut policy: Value = serde_json::from_str(&site.get("scientist-1", "/api/v1/policy")).expect("JSON");
    let mut policy = policy["policy"].take();
    let names: Vec<String> = (0..rules).map(|number| format!("c{number}")).collect();
    policy["scheme"]["categories"].as_array_mut().expect("categories").extend(names.iter().map(|name| json!(name)));
    let all = format!("confidential/health,{}", names.join(","));
    for role in ["scientist", "checker"] {
        policy["roles"][role]["ceiling"] = json!(all);
        policy["roles"][role]["clearance"] = json!(all);
    }
    let first = policy["releases"][0].clone();
    let rule = |name: &String| {
        let mut rule = first.clone();
        rule["from"] = json!(format!("*/{name}"));
        rule
    };
    policy["releases"] = names.iter().map(rule).collect();
    policy
}

#[test]
fn a_question_with_more_in_it_than_is_tried_gets_an_answer() {
    let site = site("asked");
    let digest = format!("sha256:{}", "0".repeat(64));
    let data: serde_json::Map<String, Value> = (0..40).map(|n| (format!("m{n}"), json!("wdbc@1"))).collect();
    let plan = json!({"submitter": "", "permit": "P-1", "image": digest, "code": digest, "run": ["a"], "data": data, "dummy": false,
        "needs": {"millicpus": 1, "memory": 1, "seconds": 1}, "outputs": []});
    let (status, said) = ask(&site, "/api/v1/policy/explain", &json!({ "job": plan }));
    assert!(status == 200 && said.contains("there is no permit of that name"), "{status} {said}");
    let (status, said) = ask(&site, "/api/v1/policy/compare", &json!({ "new": wide(&site, 1000) }));
    assert!(status == 200 && said.contains("1000 release rules are more than the 256"), "{status} {said}");
}

#[test]
fn a_halt_waits_for_no_question() {
    let site = site("waits");
    let question = json!({ "old": wide(&site, 256), "new": wide(&site, 256) });
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..ASKED {
            scope.spawn(|| {
                let (status, said) = ask(&site, "/api/v1/policy/compare", &question);
                assert!(status == 200 && said.contains("more ways than"), "{status} {said}");
                answered.fetch_add(1, Ordering::SeqCst);
            });
        }
        // All of them are there before the halt.
        std::thread::sleep(Duration::from_secs(1));
        let begun = Instant::now();
        site.semla("officer-1", &["halt", "--all"]).ok();
        let took = begun.elapsed();
        assert!(took < SOON, "{took:?}");
        assert!(answered.load(Ordering::SeqCst) < ASKED, "the control: there was something to wait for");
    });
}
