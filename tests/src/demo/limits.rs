//! What does not work, each with its reason.

use super::cast::{Cast, OTHER, PERMIT};
use super::story::{Released, text};
use crate::rogue::{Loot, Try};
use crate::told::Told;
use semla_policy::Signed;
use semla_sandbox::house::House;
use semla_sandbox::launcher::journal::{self, Line};
use semla_sandbox::protocol::Id;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Tries to go around the rules, as a person, as a job, and as a conquered daemon.
pub fn what_does_not_work(cast: Cast, released: &Released, told: &mut Told) {
    let changed = people(&cast, released, told);
    jobs(&cast, told);
    conquered(cast, released, &changed, told);
}

/// As a person; a second run of the job, whose results differ and are asked for, but not approved.
fn people(cast: &Cast, released: &Released, told: &mut Told) -> String {
    told.chapter("What does not work: as a person");
    let site = &cast.site;
    let low = cast.line("low", PERMIT, "print(1)", "label = \"internal\"\n");
    told.refused(
        "a job at a lower label mounts the data",
        &site.semla("scientist-1", &["job", "submit", &low]),
        "confidential/health",
    );
    told.refused(
        "its author reads the result",
        &site.semla("scientist-1", &["artifact", "cat", &released.job, "metrics.csv"]),
        "above your clearance",
    );
    told.refused(
        "its author reads the log",
        &site.semla("scientist-1", &["job", "logs", &released.job]),
        "above your clearance",
    );
    told.refused(
        "another permit looks at the job",
        &site.semla("scientist-2", &["job", "show", &released.job]),
        "there is no",
    );
    told.refused(
        "another permit reads the result",
        &site.semla("scientist-2", &["artifact", "cat", &released.job, "metrics.csv"]),
        "there is no",
    );
    let hidden = site.semla("scientist-2", &["job", "show", &released.job]);
    let absent = site.semla("scientist-2", &["job", "show", "j-0000000000000000"]);
    told.sees(
        "what exists and what doesn't are answered alike",
        hidden.all() == absent.all(),
        &format!("{hidden:?} {absent:?}"),
    );
    let foreign = cast.line("foreign", OTHER, "print(1)", "");
    told.refused(
        "somebody submits under a permit that isn't theirs",
        &site.semla("scientist-1", &["job", "submit", &foreign]),
        "there is no",
    );
    let key =
        concat!("key = '''-----BEGIN PRIVATE ", "KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE ", "KEY-----'''\n");
    let secret = cast.line("secret", PERMIT, key, "");
    told.refused(
        "code that carries a private key",
        &site.semla("scientist-1", &["job", "submit", &secret, "--dummy"]),
        "main.py",
    );

    told.refused(
        "a checker approves once more what has left",
        &site.semla("checker-2", &["release", "review", &released.release, "--approve"]),
        "open for votes",
    );
    let again =
        text(&site.semla("scientist-1", &["-o", "json", "job", "submit", &changed(cast), "--wait"]).ok().json(), "id");
    let ask = ["-o", "json", "release", "request", &again, "metrics.csv", "--to", "public", "--wait"];
    let open = text(&site.semla("scientist-1", &ask).json(), "id");
    told.refused(
        "the author approves",
        &site.semla("scientist-1", &["release", "review", &open, "--approve"]),
        "isn't yours to review",
    );
    told.refused(
        "an officer approves",
        &site.semla("officer-1", &["release", "review", &open, "--approve"]),
        "there is no",
    );
    again
}

/// The job with one parameter changed: the same files, with other content.
fn changed(cast: &Cast) -> String {
    let read = |file: &str| std::fs::read_to_string(format!("{}/{file}", cast.job)).expect("the job");
    cast.site.write("changed/train.py", &read("train.py"));
    cast.site.write("changed/job.toml", &read("job.toml").replace("\"10\"", "\"25\""))
}

fn jobs(cast: &Cast, told: &mut Told) {
    told.chapter("What does not work: as a job");
    let tries = [
        (
            "a job opens a socket",
            "import socket\ntry: socket.socket(socket.AF_INET)\nexcept OSError as e: print('refused:', e)",
        ),
        ("a job writes outside /out", "try: open('/code/x', 'w')\nexcept OSError as e: print('refused:', e)"),
        (
            "a job writes into its data",
            "try: open('/data/train/wdbc.csv', 'a')\nexcept OSError as e: print('refused:', e)",
        ),
        (
            "a job looks at other processes",
            "import os\nseen=[p for p in os.listdir('/proc') if p.isdigit()]\nprint('refused: it sees', len(seen), 'processes, its own') if len(seen) < 4 else print(seen)",
        ),
        ("a job reads the host's files", "try: open('/etc/shadow').read()\nexcept OSError as e: print('refused:', e)"),
    ];
    for (number, (what, python)) in tries.iter().enumerate() {
        let log = cast.rehearse(&format!("try-{number}"), python);
        match log.lines().find_map(|line| line.strip_prefix("refused: ")) {
            Some(reason) => told.held(what, reason),
            None => panic!("{what}: {log}"),
        }
    }
    let control = cast
        .rehearse("try-control", "open('/out/x', 'w').write('y')\nprint(open('/data/train/wdbc.csv').readline()[:10])");
    told.sees("control: a job reads its dummy and writes /out", control.contains("patient_id"), &control);
}

/// The launcher is started with another program in the daemon's place: the daemon's account, its socket, its files.
fn conquered(cast: Cast, released: &Released, changed: &str, told: &mut Told) {
    told.chapter("What does not work: as a daemon that somebody conquered");
    let mut site = cast.site;
    // Somebody's ceiling was lowered: the record that had it higher is still around.
    let key = site.semla("scientist-2", &["key", "show"]).ok().out;
    let lower = site.write(
        "people/scientist-2.toml",
        &format!(
            "roles = [\"scientist\"]\nclearance = \"internal\"\nceiling = \"internal\"\nkey = \"{}\"\n",
            key.trim()
        ),
    );
    site.semla("officer-1", &["user", "add", &lower]).ok();
    site.semla("officer-2", &["user", "approve", "scientist-2"]).ok();
    site.stop();
    let loot = loot(&site.state(), released, changed);
    let serve = site.state().join("serve");
    std::fs::write(serve.join("loot.json"), serde_json::to_vec(&loot).expect("JSON")).expect("the loot");
    let programs = site.desk().join("programs");
    std::fs::create_dir_all(&programs).expect("a folder");
    let pairs = [
        ("semla-launcher", "semla-launcher"),
        ("semla-unpack", "semla-unpack"),
        ("semla-checks-worker", "semla-checks-worker"),
        ("semla-rogue", "semla"),
    ];
    for (from, to) in pairs {
        std::fs::copy(site.program(from), programs.join(to)).expect("a program");
        std::fs::set_permissions(programs.join(to), PermissionsExt::from_mode(0o755)).expect("a program");
    }
    site.start_from(&programs);
    let place = serve.join("tries.json");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !place.exists() {
        assert!(std::time::Instant::now() < until, "no word of the rogue: {}", site.log());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let tries: Vec<Try> = serde_json::from_slice(&std::fs::read(place).expect("the tries")).expect("JSON");
    site.stop();
    let key = released.log_key.as_str();
    let matched = site.semla("root", &["ledger", "match", "--log-key", key]);
    told.refused("what it was handed without an entry is found", &matched, "the ledger doesn't tell of");
    for Try { what, words, refused } in tries {
        match (words, refused) {
            (None, None) => told.sees(&format!("control: it {what}"), true, ""),
            (None, Some(reason)) => panic!("the control failed: {what}: {reason}"),
            (Some(words), Some(reason)) if reason.contains(&words) => told.held(&format!("it {what}"), &reason),
            (Some(words), refused) => panic!("it should have been refused with `{words}`: {what}: {refused:?}"),
        }
    }
}

/// What a conquered daemon knows: all that is in its database, and the votes of a released bundle.
fn loot(state: &Path, released: &Released, changed: &str) -> Loot {
    let attestation = read(&released.bundle.join("attestation.json"));
    let payload = unbase64(attestation["payload"].as_str().expect("a payload"));
    let statement: Value = serde_json::from_slice(&payload).expect("a statement");
    let votes: Vec<Signed> =
        serde_json::from_value(statement["predicate"]["files"]["metrics.csv"]["approvals"].clone()).expect("votes");
    let attempt = |job: &str| state.join("attempts").join(format!("{job}-1"));
    let task = read(&attempt(&released.job).join("task.json"));
    let code = task["kind"]["job"]["code"].as_str().and_then(|path| path.rsplit('/').next()).expect("the code");
    let object = |job: &str, path: &str| {
        let end = read(&attempt(job).join("end.json"));
        let outputs = end["outputs"].as_array().expect("outputs");
        let taken = outputs.iter().find(|taken| taken["path"] == path).expect("the output");
        id(taken["object"].as_str().expect("an object"))
    };
    let (metrics, other) = (object(&released.job, "metrics.csv"), object(changed, "metrics.csv"));
    Loot {
        plan: serde_json::from_value(task["kind"]["job"]["plan"].clone()).expect("a plan"),
        submission: submission(state, &released.job),
        code: id(code),
        fence: id(&format!("{}-1", released.job)),
        blocked: object(&released.job, "examples.csv"),
        checks: checks(state, &metrics),
        approved: (metrics.clone(), "metrics.csv".into(), votes),
        changed: (other.clone(), checks(state, &other)),
        reading: reading(state, &metrics),
        release: released.release.clone(),
        stranger: "scientist-2".into(),
    }
}

/// What checker-1 signed to read an object, as the launcher's journal keeps it.
fn reading(state: &Path, object: &Id) -> (Signed, String, Id) {
    let house = House::open(state).expect("the site");
    let signed = journal::read(&house).expect("the journal").into_iter().find_map(|line| match line {
        Line::Opened { object: seen, person, reading, .. } if seen == object.as_str() && person == "checker-1" => {
            reading
        }
        _ => None,
    });
    (signed.expect("a signed reading"), "checker-1".into(), object.clone())
}

/// What a job's submitter signed, as the launcher's journal keeps it.
fn submission(state: &Path, job: &str) -> Signed {
    let house = House::open(state).expect("the site");
    let started = journal::read(&house).expect("the journal").into_iter().find_map(|line| match line {
        Line::Started { fence, submission, .. } if fence.as_str().starts_with(job) => submission,
        _ => None,
    });
    started.expect("a signed submission")
}

/// The attempts that checked an object.
fn checks(state: &Path, object: &Id) -> Vec<Id> {
    let attempts = std::fs::read_dir(state.join("attempts")).expect("attempts").filter_map(Result::ok);
    let found = attempts.filter_map(|attempt| {
        let end: Value = serde_json::from_slice(&std::fs::read(attempt.path().join("end.json")).ok()?).ok()?;
        (end["checked"]["object"] == object.as_str()).then(|| id(attempt.file_name().to_str().expect("a name")))
    });
    found.collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn id(text: &str) -> Id {
    Id::try_from(text.to_owned()).expect("an id")
}

fn unbase64(text: &str) -> Vec<u8> {
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64")
}
