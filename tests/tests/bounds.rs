//! What somebody with an account tries who is no operator, reviewer or member: to stop the deciding, to ask for names, to read on when
//! their duty is over, and to learn from a policy's proposal.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::http;
use semla_tests::told::Told;
use serde_json::{Value, json};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// The preset's ways, and one to a level that officers aren't cleared for.
const POLICY: &str = "preset = \"ehds\"\n[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\nprofile = \"standard\"\nreviewers = 2\n\
                      [[release]]\nfrom = \"confidential/health\"\nto = \"confidential\"\nprofile = \"standard\"\nreviewers = 2\n";

/// What a person is answered who sends this.
fn sent(cast: &Cast, who: &str, path: &str, body: &Value) -> (u16, String) {
    let site = &cast.site;
    let token = std::fs::read_to_string(site.home(who).join("token")).expect("a token");
    let socket = UnixStream::connect(site.state().join("api.sock")).expect("the socket");
    http::exchange(socket, "POST", path, token.trim(), &body.to_string())
}

#[test]
fn nobody_keeps_the_daemon_from_deciding_and_no_duty_outlives_what_it_is_for() {
    let cast = Cast::assemble_on(Site::new("bounds"), POLICY, &mut Told::default());
    let site = &cast.site;
    let before = site.daemon();
    // A job of more mounts than there are bits in a number, and one of very many.
    let image: Value = serde_json::from_str(&site.get("scientist-2", "/api/v1/images")).expect("images");
    let digest = image[0]["digest"].clone();
    for count in [40, 14_000] {
        let data: serde_json::Map<String, Value> = (0..count).map(|n| (format!("m{n:05}"), json!("wdbc@1"))).collect();
        let plan = json!({ "submitter": "x", "permit": "P-0", "image": digest, "code": digest, "run": ["a"], "data": data, "dummy": true,
            "needs": { "millicpus": 1, "memory": 1, "seconds": 1 }, "outputs": [] });
        let begun = Instant::now();
        let (status, said) = sent(&cast, "scientist-2", "/api/v1/policy/explain", &json!({ "job": plan }));
        assert_eq!(status, 200, "{said}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{count}: {:?}", begun.elapsed());
    }
    assert_eq!(site.daemon(), before, "the daemon that was asked still runs: {}", site.log());

    // What isn't there and what isn't theirs to know have one head.
    site.person("steward-3", "\"steward\"", "internal", "public");
    let head = |name: &str| site.get("steward-3", &format!("/api/v1/records/head?kind=dataset&name={name}"));
    let card = site.write(
        "hidden.card.toml",
        "title = \"x\"\nunit = \"person\"\nid = \"id\"\nrows = 3\n[[column]]\nname = \"id\"\ntype = \"integer\"\nrange = [1, 9]\n",
    );
    let rows = site.write("hidden.csv", "id\n1\n2\n3\n");
    let add = [
        "data",
        "add",
        "hidden@1",
        &rows,
        "--label",
        "confidential/health",
        "--card-label",
        "confidential/health",
        "--card",
        &card,
    ];
    site.semla("steward-1", &add).ok();
    site.semla("steward-2", &["data", "approve", "hidden@1"]).ok();
    assert_eq!(head("hidden@1"), head("nothing@1"));
    assert_ne!(head("wdbc@1"), head("nothing@1"), "the control: a card that they may read");

    // Two released files: one that is named for a patient and stays inside, one that has left.
    let outputs =
        "[[output]]\npath = \"patient-84007.txt\"\nkind = \"text\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n";
    let code = "for name in ('patient-84007', 'b'): open(f'/out/{name}.txt', 'w').write('fine')";
    let file = cast.line("names", PERMIT, code, outputs);
    let job = site.json("scientist-1", &["submit", &file, "--wait"])["id"].as_str().expect("an id").to_owned();
    let release = |file: &str, to: &str| {
        let asked = site.semla("scientist-1", &["-o", "json", "release", "request", &job, file, "--to", to, "--wait"]);
        let id = asked.json()["id"].as_str().expect("an id").to_owned();
        for checker in ["checker-1", "checker-2"] {
            site.semla(checker, &["release", "review", &id, "--approve"]).ok();
        }
        until("it is released", || site.json("scientist-1", &["release", "show", &id])["state"] == "released");
        id
    };
    let (_inside, out) = (release("patient-84007.txt", "confidential"), release("b.txt", "public"));

    // An officer who isn't cleared for where a file went doesn't hear its name from a replay; what the checks say is paid for.
    let policy = site.write("twenty.toml", &POLICY.replacen('\n', "\nmin_people = 20\n", 1));
    let proposed = site.json("officer-1", &["policy", "propose", &policy]);
    let proposal = proposed["id"].as_str().expect("an id").trim_start_matches("sha256:").to_owned();
    let left = || site.json("scientist-1", &["permit", "show", PERMIT])["budget"]["left"].as_u64().expect("bits");
    let before = left();
    let replayed =
        site.semla("officer-1", &["-o", "json", "policy", "diff", "current", &proposal, "--replay", "30d"]).all();
    assert!(replayed.contains("b.txt") && !replayed.contains("84007"), "{replayed}");
    assert_eq!(left(), before - 2, "whether one file would be blocked");

    // Reviewing is over with the request.
    let read = site.semla("checker-1", &["release", "show", &out, "--file", "b.txt"]);
    assert_eq!(read.code, 1);
    assert!(read.err.contains("reviewing it is over"), "{}", read.err);

    // What is halted isn't handed out; what is taken back needs no room.
    let fetch = |to: &str| {
        site.semla("scientist-1", &["release", "download", &out, "-D", site.desk().join(to).to_str().expect("a path")])
    };
    fetch("one").ok();
    site.semla("officer-1", &["halt", "--permit", PERMIT]).ok();
    let halted = fetch("two");
    assert_eq!(halted.code, 1);
    assert!(halted.err.contains("an officer has halted"), "{}", halted.err);
}

fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
