//! All that people below can get: through the interface, the command line, the ledger and the metrics.

use semla_tests::demo::Cast;
use semla_tests::{Ran, Site};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// Seconds that the high job asks for.
const ASKED: u64 = 5;

/// What was seen, by how it was asked for.
pub struct Seen {
    answers: BTreeMap<String, String>,
    /// When a low job of another permit got its turn, after it was submitted beside the high one.
    pub moment: Duration,
}

impl Seen {
    /// What the low job printed.
    pub fn log(&self) -> &str {
        &self.answers["low log"]
    }

    /// The bits that were charged.
    pub fn spent(&self) -> u64 {
        let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u64>().ok();
        let all = self.answers.values().flat_map(|answer| answer.split("\"left\":").skip(1));
        all.filter_map(number).min().map_or(0, |left| 512 - left)
    }

    /// What differs from another run.
    pub fn differs(&self, other: &Self) -> Vec<String> {
        let keys: BTreeSet<&String> = self.answers.keys().chain(other.answers.keys()).collect();
        keys.into_iter().filter(|key| self.answers.get(*key) != other.answers.get(*key)).cloned().collect()
    }
}

/// Insists that two runs look the same.
pub fn same(a: &Seen, b: &Seen) {
    if let Some(what) = a.differs(b).into_iter().next() {
        let [one, other] = [a, b].map(|seen| seen.answers.get(&what).cloned().unwrap_or_default());
        let from = one.chars().zip(other.chars()).take_while(|(x, y)| x == y).count().saturating_sub(80);
        let near = |text: &str| text.chars().skip(from).take(240).collect::<String>();
        panic!("{what}\n… {}\n… {}", near(&one), near(&other));
    }
}

/// Insists that a low job got its turn at the same moment, as far as a busy machine can tell.
pub fn same_moment(a: &Seen, b: &Seen) {
    let apart = a.moment.abs_diff(b.moment);
    assert!(apart < Duration::from_millis(1200), "{:?} and {:?}", a.moment, b.moment);
}

/// Runs the high job and a low one beside it, and looks at everything.
pub fn look(cast: &Cast) -> Seen {
    let site = &cast.site;
    let high = job(site, "high", "P-HIGH", HIGH, "high", ASKED);
    let low =
        job(site, "low", "P-LOW", "print('rehearsed', open('/out/a.csv', 'w').write('model,auc\\n'))\n", "high", 60);
    let mut names = Names::default();
    let mut answers = BTreeMap::new();
    let submitted = site.semla("scientist-1", &["-o", "json", "submit", &high]);
    let id = submitted.json()["id"].as_str().expect("an id").to_owned();
    answers.insert("submit".to_owned(), names.hide(&submitted.all()));
    let begun = Instant::now();
    let rehearsed = site.semla("scientist-2", &["-o", "json", "submit", &low, "--dummy", "--wait"]).ok();
    let moment = begun.elapsed();
    let rehearsal = rehearsed.json()["id"].as_str().expect("an id").to_owned();
    answers.insert("low log".to_owned(), names.hide(&site.semla("scientist-2", &["job", "logs", &rehearsal]).ok().out));
    // By now the time that the high job asked for is over, whatever became of it.
    std::thread::sleep(Duration::from_secs(ASKED + 2).saturating_sub(begun.elapsed()));
    let asked = site.semla("scientist-1", &["-o", "json", "release", "request", &id, "a.csv", "--to", "public"]);
    // A daemon that leaves a rule out may refuse it.
    let asked_for: Option<serde_json::Value> = serde_json::from_str(&asked.out).ok();
    let request = asked_for.and_then(|view| view["id"].as_str().map(str::to_owned)).unwrap_or_default();
    answers.insert("release request".to_owned(), names.hide(&asked.all()));
    // By now the checks are through, in each of the runs.
    std::thread::sleep(Duration::from_secs(9));
    for (who, object) in [("scientist-1", id.as_str()), ("scientist-2", rehearsal.as_str())] {
        for (what, ran) in typed(site, who, object, &request) {
            answers.insert(format!("{who} types {what}"), names.hide(&format!("exit {}\n{}", ran.code, ran.all())));
        }
        for path in addresses(object, &request) {
            let answer = get(site, who, &path);
            answers.insert(format!("{who} gets{}", names.hide(&path.replace('/', " "))), names.hide(&answer));
        }
    }
    answers.insert("anybody gets metrics".to_owned(), raw(site, "/metrics", None));
    let withdrawn = site.semla("scientist-1", &["-o", "json", "release", "withdraw", &request]);
    answers.insert("release withdraw".to_owned(), names.hide(&format!("exit {} {}", withdrawn.code, withdrawn.all())));
    Seen { answers, moment }
}

/// What can be typed about an object.
fn typed(site: &Site, who: &str, job: &str, request: &str) -> Vec<(&'static str, Ran)> {
    let commands: [(&str, &[&str]); 17] = [
        ("ps", &["ps"]),
        ("job show", &["-o", "json", "job", "show", job]),
        ("job why", &["job", "why", job]),
        ("job logs", &["job", "logs", job]),
        ("artifact ls", &["artifact", "ls", job]),
        ("artifact cat", &["artifact", "cat", job, "a.csv"]),
        ("artifact cat another", &["artifact", "cat", job, "other-0.txt"]),
        ("release ls", &["release", "ls"]),
        ("release show", &["-o", "json", "release", "show", request]),
        ("release show the file", &["release", "show", request, "--file", "a.csv"]),
        ("release show the detail", &["release", "show", request, "--detail", "a.csv"]),
        ("release download", &["release", "download", request, "-D", "nowhere"]),
        ("ledger show", &["-o", "json", "ledger", "show"]),
        ("ledger tail", &["-o", "json", "ledger", "tail"]),
        ("permit ls", &["permit", "ls"]),
        ("data ls", &["-o", "json", "data", "ls"]),
        ("policy explain", &["-o", "json", "policy", "explain", "--read", job]),
    ];
    commands.map(|(name, arguments)| (name, site.semla(who, arguments))).into()
}

/// Every address that a reader may try.
fn addresses(job: &str, request: &str) -> Vec<String> {
    let mut paths: Vec<String> =
        ["me", "policy", "permits", "datasets", "images", "people", "records", "halts", "jobs"]
            .map(|path| format!("/api/v1/{path}"))
            .into();
    paths.extend(
        ["releases", "ledger", "ledger/entries", "metrics", "audit?permit=P-HIGH"]
            .map(|path| format!("/api/v1/{path}")),
    );
    paths
        .extend(["", "/why", "/log", "/artifacts", "/artifacts/a.csv"].map(|path| format!("/api/v1/jobs/{job}{path}")));
    for path in ["", "/files/a.csv", "/detail/a.csv", "/code", "/bundle"] {
        paths.push(format!("/api/v1/releases/{request}{path}"));
    }
    paths.push("/api/v1/revocations".into());
    paths
}

fn get(site: &Site, who: &str, path: &str) -> String {
    let token = std::fs::read_to_string(site.home(who).join("token")).expect("a token");
    raw(site, path, Some(token.trim()))
}

/// The bytes that come back over the site's socket, but for the date.
fn raw(site: &Site, path: &str, token: Option<&str>) -> String {
    let mut stream = UnixStream::connect(site.state().join("api.sock")).expect("the socket");
    let token = token.map_or(String::new(), |token| format!("authorization: Bearer {token}\r\n"));
    write!(stream, "GET {path} HTTP/1.1\r\nhost: semla\r\nconnection: close\r\n{token}\r\n").expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n")
}

fn job(site: &Site, name: &str, permit: &str, python: &str, mount: &str, seconds: u64) -> String {
    site.write(&format!("{name}/main.py"), python);
    site.write(
        &format!("{name}/job.toml"),
        &format!(
            "permit = \"{permit}\"\nimage = \"sklearn\"\nrun = [\"python3\", \"main.py\"]\ndata = {{ {mount} = \"high@1\" }}\n\
             needs = {{ time = \"{seconds}s\" }}\n[[output]]\npath = \"a.csv\"\nkind = \"table\"\n"
        ),
    )
}

/// What was drawn at random or says when: by the order in which it appears.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn hide(&mut self, text: &str) -> String {
        let mut hidden = String::new();
        let mut word = String::new();
        let mut after = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() || "-+/=_".contains(c) {
                word.push(c);
                continue;
            }
            hidden.push_str(&self.known(&word, &after));
            if !word.is_empty() {
                after.clone_from(&word);
            }
            word.clear();
            hidden.push(c);
        }
        hidden
    }

    fn known(&mut self, word: &str, after: &str) -> String {
        let random = ["c-", "d-", "j-", "k-", "o-", "r-"]
            .iter()
            .any(|kind| word.strip_prefix(kind).is_some_and(|rest| rest.len() > 12));
        // Moments and the ledger's root and signature.
        let moment = after == "at" && word.chars().all(|c| c.is_ascii_digit()) && word.len() > 10;
        let root = word.len() >= 43 && word.contains(|c: char| c.is_ascii_uppercase());
        if !random && !moment && !root {
            return word.to_owned();
        }
        if moment || root {
            return "…".to_owned();
        }
        let place = self.0.iter().position(|known| known == word).unwrap_or_else(|| {
            self.0.push(word.to_owned());
            self.0.len() - 1
        });
        format!("#{place}")
    }
}

/// What it does follows from the data; the text is the same in every run.
const HIGH: &str = r#"
import sys, time
rows = [line.strip().split(",") for line in open("/data/high/high.csv")][1:]
_, code, seconds, log, output, copied, others = rows[0][:7]
print("x" * int(log))
time.sleep(float(seconds))
for number in range(int(others)):
    open(f"/out/other-{number}.txt", "w").write("more")
if int(output):
    lines = [",".join(row) for row in rows[: int(copied)]]
    open("/out/a.csv", "w").write("\n".join(["id,a,b,c,d,e,f,g,h" if lines else "model,auc", *lines] + ([] if lines else ["forest,0.91"])) + "\n")
sys.exit(int(code))
"#;
