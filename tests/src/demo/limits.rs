//! What does not work, each with its reason.

use super::cast::{Cast, OTHER, PERMIT};
use super::story::{Released, text};
use crate::rogue::{Loot, Try};
use crate::told::Told;
use semla_policy::Signed;
use semla_sandbox::protocol::Id;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;

/// Tries to go around the rules, as a person, as a job, and as a conquered daemon.
pub fn what_does_not_work(cast: Cast, released: &Released, told: &mut Told) {
    people(&cast, released, told);
    jobs(&cast, told);
    conquered(cast, released, told);
}

fn people(cast: &Cast, released: &Released, told: &mut Told) {
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
        "there is no",
    );
    told.refused(
        "its author reads the log",
        &site.semla("scientist-1", &["job", "logs", &released.job]),
        "there is no",
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

    let file = format!("{}/job.toml", cast.job);
    let again = site.semla("scientist-1", &["-o", "json", "job", "submit", &file, "--wait"]).ok().json();
    let ask = ["-o", "json", "release", "request", &text(&again, "id"), "metrics.csv", "--to", "public", "--wait"];
    let open = text(&site.semla("scientist-1", &ask).json(), "id");
    told.refused("the author approves", &site.semla("scientist-1", &["release", "review", &open, "--approve"]), "");
    told.refused(
        "an officer approves",
        &site.semla("officer-1", &["release", "review", &open, "--approve"]),
        "there is no",
    );
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
fn conquered(cast: Cast, released: &Released, told: &mut Told) {
    told.chapter("What does not work: as a daemon that somebody conquered");
    let mut site = cast.site;
    site.stop();
    let loot = loot(&site.state(), released);
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
    for Try { what, refused } in tries {
        match (what.strip_prefix("control: "), refused) {
            (Some(what), None) => told.sees(&format!("control: it {what}"), true, ""),
            (Some(what), Some(reason)) => panic!("the control failed: {what}: {reason}"),
            (None, Some(reason)) => told.held(&format!("it {what}"), &reason),
            (None, None) => panic!("the rogue got through: {what}"),
        }
    }
}

/// What a conquered daemon knows: all that is in its database, and the votes of a released bundle.
fn loot(state: &std::path::Path, released: &Released) -> Loot {
    let attestation: Value =
        serde_json::from_slice(&std::fs::read(released.bundle.join("attestation.json")).expect("an attestation"))
            .expect("JSON");
    let payload = unbase64(attestation["payload"].as_str().expect("a payload"));
    let statement: Value = serde_json::from_slice(&payload).expect("a statement");
    let votes: Vec<Signed> =
        serde_json::from_value(statement["predicate"]["files"]["metrics.csv"]["approvals"].clone()).expect("votes");
    let fence = format!("{}-1", released.job);
    let read = |path: std::path::PathBuf| -> Value {
        serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
    };
    let task = read(state.join("attempts").join(&fence).join("task.json"));
    let end = read(state.join("attempts").join(&fence).join("end.json"));
    let object = |path: &str| {
        let outputs = end["outputs"].as_array().expect("outputs");
        let taken = outputs.iter().find(|taken| taken["path"] == path).expect("the output");
        id(taken["object"].as_str().expect("an object"))
    };
    let plan = serde_json::from_value(task["kind"]["job"]["plan"].clone()).expect("a plan");
    let code = task["kind"]["job"]["code"].as_str().and_then(|path| path.rsplit('/').next()).expect("the code");
    let metrics = object("metrics.csv");
    let attempts = std::fs::read_dir(state.join("attempts")).expect("attempts");
    let checks = attempts.filter_map(|attempt| {
        let attempt = attempt.ok()?;
        let end = std::fs::read(attempt.path().join("end.json")).ok()?;
        let end: Value = serde_json::from_slice(&end).ok()?;
        (end["checked"]["object"] == metrics.as_str()).then(|| id(attempt.file_name().to_str().expect("a name")))
    });
    Loot {
        plan,
        code: id(code),
        fence: id(&fence),
        blocked: object("examples.csv"),
        approved: (metrics.clone(), "metrics.csv".into(), votes),
        release: released.release.clone(),
        checks: checks.collect(),
        stranger: "scientist-2".into(),
    }
}

fn id(text: &str) -> Id {
    Id::try_from(text.to_owned()).expect("an id")
}

fn unbase64(text: &str) -> Vec<u8> {
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64")
}
