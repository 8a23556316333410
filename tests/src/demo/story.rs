//! What should happen.

use super::cast::Cast;
use crate::told::Told;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What the story leaves for those who want to break it.
pub struct Released {
    /// The job.
    pub job: String,
    /// The request.
    pub release: String,
    /// The bundle.
    pub bundle: PathBuf,
    /// The ledger's key.
    pub log_key: String,
    /// The files in it.
    pub files: Vec<String>,
    /// The files that stayed, and which check kept them.
    pub caught: Vec<String>,
}

const ASKED: [&str; 6] = ["metrics.csv", "confusion.csv", "roc.png", "model.joblib", "examples.csv", "by_radius.csv"];

/// From the rehearsal to the verified bundle.
pub fn main_job(cast: &Cast, told: &mut Told) -> Released {
    let site = &cast.site;
    told.chapter("A data scientist who may not read the data rehearses on the dummy");
    let file = format!("{}/job.toml", cast.job);
    let rehearsed = told.works(
        "the same image, limits and sandbox, at the card's label",
        site.semla("scientist-1", &["-o", "json", "job", "submit", &file, "--dummy", "--wait"]),
    );
    let id = text(&rehearsed.json(), "id");
    let log = told.works("and the log can be read", site.semla("scientist-1", &["job", "logs", &id]));
    told.shows(&log.out);

    told.chapter("The real run");
    let ran = told.works(
        "it runs at confidential/health, and is told by one word",
        site.semla("scientist-1", &["-o", "json", "job", "submit", &file, "--wait"]),
    );
    let view = ran.json();
    let job = text(&view, "id");
    told.sees("the label was computed, not declared", text(&view, "label") == "confidential/health", &ran.out);
    told.sees("the word is `succeeded`", text(&view, "state") == "succeeded", &ran.out);

    told.chapter("A release is asked for: six files to public");
    let mut ask = vec!["-o", "json", "release", "request", &job];
    ask.extend(ASKED);
    ask.extend(["--to", "public", "--wait"]);
    let asked = site.semla("scientist-1", &ask);
    let view = asked.json();
    let release = text(&view, "id");
    let state = |file: &str| text(&view["files"][file], "state");
    let check = |file: &str| text(&view["files"][file]["notice"], "check");
    let mut caught = Vec::new();
    for (file, by) in [("examples.csv", "C1"), ("by_radius.csv", "T1")] {
        caught.push(format!("{file} ({by} {})", text(&view["files"][file]["notice"], "title")));
        told.sees(&format!("{file} is blocked by {by}"), state(file) == "blocked" && check(file) == by, &asked.out);
    }
    for file in ["metrics.csv", "confusion.csv", "roc.png", "model.joblib"] {
        told.sees(&format!("{file} goes on to the reviewers"), state(file) == "open", &asked.out);
    }
    told.sees(
        "the figure is a copy that was decoded and encoded anew",
        view["files"]["roc.png"]["mended"] == Value::Bool(true),
        &asked.out,
    );
    let notices = site.semla("scientist-1", &["release", "show", &release]);
    told.shows(&notices.out);
    told.sees("the notices say nothing of the data", !leaks(&notices.all(), cast), &notices.all());

    told.chapter("A checker sees the details");
    for (file, words) in [
        ("examples.csv", "input rows 11, 12, 13, 14, 15"),
        ("by_radius.csv", "row 1 `n` = 4"),
        ("model.joblib", "50 trees"),
    ] {
        let detail = told.works(
            &format!("what was found in {file}"),
            site.semla("checker-1", &["release", "show", &release, "--detail", file]),
        );
        told.shows(&detail.out.lines().take(9).collect::<Vec<_>>().join("\n"));
        told.sees(&format!("it says: {words}"), detail.out.contains(words), &detail.out);
    }
    let metrics = site.semla("checker-1", &["release", "show", &release, "--file", "metrics.csv"]);
    let metrics = told.works("the file itself is one command away", metrics).out;
    let seen = site.semla("checker-1", &["release", "show", &release]).ok().out;
    told.sees("the request names the code's digest and commit", seen.contains("behind it: code sha256:"), &seen);
    told.works("and so is the code behind it", site.semla("checker-1", &["release", "show", &release, "--code"]));

    told.chapter("Two checkers sign with keys of their own");
    told.works(
        "checker-1 approves what is open",
        site.semla("checker-1", &["release", "review", &release, "--approve"]),
    );
    let still = site.json("scientist-1", &["release", "show", &release]);
    told.sees("one approval isn't enough", text(&still, "state") != "released", &still.to_string());
    told.refused(
        "the same checker approves once more",
        &site.semla("checker-1", &["release", "review", &release, "--approve"]),
        "voted",
    );
    told.works("checker-2 approves", site.semla("checker-2", &["release", "review", &release, "--approve"]));
    let released = wait_for(cast, &release);
    told.sees(
        "the launcher lowered the four files, and a bundle was made",
        text(&released, "state") == "released",
        &format!("{released}\n{}", site.log()),
    );

    told.chapter("The bundle verifies without network or daemon, and not after one byte is changed");
    let bundle = site.desk().join("bundle");
    let place = bundle.to_str().expect("a plain path");
    told.works("the scientist fetches it", site.semla("scientist-1", &["release", "download", &release, "-D", place]));
    let mut names: Vec<_> = std::fs::read_dir(bundle.join("files"))
        .expect("files")
        .filter_map(|f| f.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    told.sees(
        "it holds the four approved files and nothing else",
        names == ["confusion.csv", "metrics.csv", "model.joblib", "roc.png"],
        &names.join(" "),
    );
    let (key, reviewers) = keys(cast);
    let verify = ["verify", place, "--log-key", &key, "--reviewers", &reviewers];
    let verified = told.works("semla verify", site.semla("auditor", &verify));
    told.shows(&verified.out);
    let flipped = flip(&bundle.join("files/metrics.csv"));
    told.refused("one byte of metrics.csv is changed", &site.semla("auditor", &verify), "metrics.csv");
    std::fs::write(bundle.join("files/metrics.csv"), flipped).expect("the original");
    told.works("and back", site.semla("auditor", &verify));
    told.works("the ledger verifies as a whole", site.semla("officer-1", &["ledger", "verify"]));
    let matched = site.semla("root", &["ledger", "match", "--log-key", &key]);
    told.works("and tells of everything that the launcher handed out or lowered", matched);
    let out = std::fs::read_to_string(bundle.join("files/metrics.csv")).expect("the metrics");
    told.sees("what came out is what the checker saw", out == metrics, &out);
    told.shows(&out);
    Released { job, release, bundle, log_key: key, files: names, caught }
}

/// The log's key, and a file with the reviewers' keys: what a third party would have been given.
pub fn keys(cast: &Cast) -> (String, String) {
    let key = cast.site.semla("officer-1", &["ledger", "key"]).ok().out.trim().to_owned();
    let reviewers = cast.site.semla("officer-1", &["ledger", "reviewers"]).ok().out;
    (key, cast.site.write("reviewers", &reviewers))
}

fn wait_for(cast: &Cast, release: &str) -> Value {
    for _ in 0..100 {
        let view = cast.site.json("scientist-1", &["release", "show", release]);
        if text(&view, "state") == "released" {
            return view;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    cast.site.json("scientist-1", &["release", "show", release])
}

/// Whether a text holds a value that only the data has: a patient's number, or a measurement with four digits and more.
fn leaks(text: &str, cast: &Cast) -> bool {
    let values = cast.rows.iter().skip(1).flat_map(|row| row.split(','));
    values.filter(|value| value.len() >= 5).any(|value| text.contains(value))
}

/// Changes one byte of a file; the bytes before.
fn flip(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("a file");
    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 1;
    std::fs::write(path, changed).expect("a file");
    bytes
}

/// A field of a JSON object as text.
pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
