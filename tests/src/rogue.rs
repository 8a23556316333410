//! A conquered daemon: it has the daemon's account, its socket to the launcher and its database, and asks for what it shouldn't get.

use semla_policy::{Digest, JobPlan, Receipt, Signed, Submission};
use semla_sandbox::launcher::daemon::LAUNCHER;
use semla_sandbox::protocol::{Answer, Call, Id, Lower, Reply, Request, Work};
use semla_sandbox::wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::Path;

const HIGH: &str = "confidential/health";

/// What it knows from before.
#[derive(Debug, Serialize, Deserialize)]
pub struct Loot {
    /// A plan that was admitted once.
    pub plan: JobPlan,
    /// What its submitter signed.
    pub submission: Signed,
    /// The code that goes with it.
    pub code: Id,
    /// An attempt that ended.
    pub fence: Id,
    /// An output that was approved, its name, and the votes for it.
    pub approved: (Id, String, Vec<Signed>),
    /// The same output of another run, with other content, and its checks: nobody approved it.
    pub changed: (Id, Vec<Id>),
    /// An output that the checks block.
    pub blocked: Id,
    /// What a checker signed to read an output, the checker, and the output.
    pub reading: (Signed, String, Id),
    /// The request.
    pub release: String,
    /// The checks of the approved output.
    pub checks: Vec<Id>,
    /// Somebody without any permit.
    pub stranger: String,
}

/// What came of one try.
#[derive(Debug, Serialize, Deserialize)]
pub struct Try {
    /// What it tried.
    pub what: String,
    /// What the reason has to say; nothing for a control, which has to get through.
    pub words: Option<String>,
    /// The reason, or nothing if it got through.
    pub refused: Option<String>,
}

/// Everything it tries.
pub fn tries(state: &Path, loot: &Loot) -> Vec<Try> {
    let socket = semla_sandbox::inherited(LAUNCHER).expect("the launcher's socket");
    let mut tries = Vec::new();
    let receipt = Receipt { index: 0, digest: Digest::of(b"") };
    let ask = |request| ask(&socket, request);
    let mut note = |what: &str, words: Option<&str>, refused: Option<String>| {
        tries.push(Try { what: what.to_owned(), words: words.map(str::to_owned), refused })
    };

    let observed = ask(Request::Observe(loot.fence.clone()));
    note("asks where an attempt stands", None, observed.err());
    for folder in ["objects", "datasets", "attempts"] {
        let read = std::fs::read_dir(state.join(folder));
        note(
            &format!("reads the folder `{folder}`"),
            Some("Permission denied"),
            read.err().map(|error| error.to_string()),
        );
    }
    let submit = |submission: Signed, name: Option<&str>, label: &str, dummies: BTreeMap<String, Id>| {
        let fence = name.map_or_else(|| Submission::attempt(&submission), str::to_owned);
        let work = Work::Job { submission, label: label.into(), code: loot.code.clone(), dummies };
        ask(Request::Start { fence: id(&fence), work, receipt: receipt.clone() }).err()
    };
    let policy = loot.submission.read::<Submission>().expect("a submission").policy;
    let forged = |plan: JobPlan| Signed::unsigned(&Submission { plan, policy, nonce: "rogue".into() }).expect("a text");
    let start = |plan: JobPlan| submit(forged(plan), None, HIGH, BTreeMap::new());
    let low = JobPlan { label: Some("internal".into()), ..loot.plan.clone() };
    note("starts a job on the data at a lower label", Some("(rule 3)"), start(low));
    let other = JobPlan { submitter: loot.stranger.clone(), ..loot.plan.clone() };
    note("starts a job on the data for somebody without a permit", Some("no permit of that name"), start(other));
    let own = JobPlan { run: vec!["cp".into(), "/data/train/wdbc.csv".into(), "/out/".into()], ..loot.plan.clone() };
    note("runs code of its own on the data, in the name of a scientist", Some("(rule 4)"), start(own));
    let mut rewritten = loot.submission.clone();
    rewritten.payload = rewritten.payload.replace("train.py", "leak.py");
    note(
        "rewrites what a scientist signed, and runs that",
        Some("(rule 10)"),
        submit(rewritten, None, HIGH, BTreeMap::new()),
    );
    note(
        "runs what a scientist signed as another job",
        Some("the one that its submission names"),
        submit(loot.submission.clone(), Some("j-rogue-1"), HIGH, BTreeMap::new()),
    );
    let again = format!("{}-2", Submission::job(&loot.submission));
    note(
        "runs what a scientist signed a second time",
        Some("the one that its submission names"),
        submit(loot.submission.clone(), Some(&again), HIGH, BTreeMap::new()),
    );
    let rehearsal = JobPlan { dummy: true, ..loot.plan.clone() };
    note(
        "runs what a scientist submitted at another label",
        Some("the job's label isn't what it was"),
        submit(forged(rehearsal), None, "public", BTreeMap::new()),
    );
    let check = |fence: &str| {
        let (object, to) = (loot.blocked.clone(), "public".to_owned());
        ask(Request::Start {
            fence: id(fence),
            work: Work::Check { object, policy, to, proposal: None },
            receipt: receipt.clone(),
        })
    };
    note(
        "claims a job's one attempt with a check",
        Some("a name of its own kind"),
        check(&format!("{}-2", Submission::job(&loot.submission))).err(),
    );
    // A dummy's place could smuggle a high object into a low job.
    let smuggled = JobPlan { dummy: true, ..loot.plan.clone() };
    let dummies = loot.plan.data.keys().map(|mount| (mount.to_string(), loot.blocked.clone())).collect();
    note(
        "mounts an output in place of a dummy",
        Some("no such code or dummy"),
        submit(forged(smuggled), None, "internal", dummies),
    );

    let open = |object: &Id, person: &str| {
        let (object, receipt) = (object.clone(), receipt.clone());
        ask(Request::Open { object, person: person.into(), reviewer: false, reading: None, receipt }).err()
    };
    note(
        "reads an output in the name of somebody without a permit",
        Some("no such object"),
        open(&loot.blocked, &loot.stranger),
    );
    note(
        "reads an output in the name of its submitter, who isn't cleared",
        Some("no such object"),
        open(&loot.blocked, &loot.plan.submitter),
    );
    let (signed, checker, seen) = &loot.reading;
    let review = |object: &Id, reading: Option<&Signed>| {
        let (object, person, receipt) = (object.clone(), checker.clone(), receipt.clone());
        ask(Request::Open { object, person, reviewer: true, reading: reading.cloned(), receipt }).err()
    };
    note(
        "reads an output in the name of a checker, who is cleared, and signed for nothing",
        Some("signed for by the one who reads it"),
        review(&loot.blocked, None),
    );
    note(
        "reads another output on what a checker signed for one",
        Some("another reading was signed for"),
        review(&loot.blocked, Some(signed)),
    );
    let mut forged = signed.clone();
    forged.payload =
        forged.payload.replace(seen.as_str(), loot.blocked.as_str()).replace("metrics.csv", "examples.csv");
    note(
        "reads another output on a signature that it rewrote",
        Some("(rule 10)"),
        review(&loot.blocked, Some(&forged)),
    );
    note("hands on the output that a checker signed for", None, review(seen, Some(signed)));
    let log = Request::OpenLog {
        fence: loot.fence.clone(),
        person: checker.clone(),
        reading: None,
        receipt: receipt.clone(),
    };
    note("reads a log in the name of a checker", Some("no such object"), ask(log).err());
    note(
        "collects what was never lowered, as if for a bundle",
        Some("no such object"),
        ask(Request::Collect { copy: loot.blocked.clone(), receipt: receipt.clone() }).err(),
    );

    let (object, file, votes) = &loot.approved;
    let lower = |object: &Id, votes: Vec<Signed>, checks: Vec<Id>| {
        let lower = Lower {
            object: object.clone(),
            release: loot.release.clone(),
            file: file.clone(),
            to: "public".into(),
            checks,
            votes,
            receipt: receipt.clone(),
        };
        ask(Request::Lower(Box::new(lower))).err()
    };
    note(
        "lowers a label without a vote",
        Some("0 distinct approvals of 2"),
        lower(object, vec![], loot.checks.clone()),
    );
    note(
        "lowers a label with one vote twice",
        Some("1 distinct approvals of 2"),
        lower(object, votes.iter().take(1).chain(votes.iter().take(1)).cloned().collect(), loot.checks.clone()),
    );
    let mut forged = votes.clone();
    forged
        .iter_mut()
        .for_each(|vote| vote.payload = vote.payload.replace("reject", "approve").replace(&loot.release, "r-other"));
    note("lowers a label with votes that it rewrote", Some("(rule 10)"), lower(object, forged, loot.checks.clone()));
    note(
        "lowers another file under the votes of an approved one",
        Some("another name"),
        lower(&loot.blocked, votes.clone(), loot.checks.clone()),
    );
    let (changed, checks) = &loot.changed;
    note(
        "lowers a changed file, checked anew, under the votes from before the change",
        Some("about another file, content, target or policy"),
        lower(changed, votes.clone(), checks.clone()),
    );
    note("lowers an approved file without its checks", Some("wasn't checked"), lower(object, votes.clone(), vec![]));

    // Every record that ever held is readable to it, signatures and all.
    let records = std::fs::read_to_string(state.join("registry/records")).expect("the records");
    let of_stranger = |line: &&str| line.contains(&format!("\"name\":\"{}\"", loot.stranger));
    let old = records.lines().find(of_stranger).expect("the stranger's first record");
    let (payload, signatures) = old.split_once('\t').expect("signatures");
    let signatures = serde_json::from_str(signatures).expect("signatures");
    let old = ask(Request::Enact(Signed { payload: payload.to_owned(), signatures }));
    note("puts a record in force again that was replaced", Some("doesn't hold any more"), old.err());
    let kept = Request::Keep { object: id("j-rogue-4-o0"), label: "public".into(), permit: loot.plan.permit.clone() };
    note("hands in bytes under the name of an output", Some("a name of its own kind"), ask(kept).err());
    let mut record = votes.first().cloned().expect("a vote");
    record.payload = r#"{"kind":"person","name":"mallory","roles":["checker"],"clearance":"confidential/health","ceiling":"public"}"#.into();
    note("enrols a checker of its own", Some("(rule 10)"), ask(Request::Enact(record)).err());
    note(
        "lowers the approved file with all that speaks for it",
        None,
        lower(object, votes.clone(), loot.checks.clone()),
    );
    tries
}

fn id(text: &str) -> Id {
    Id::try_from(text.to_owned()).expect("an id")
}

fn ask(socket: &OwnedFd, request: Request) -> Result<Reply, String> {
    wire::send(socket, &Call { number: 1, request }, None).map_err(|error| error.to_string())?;
    let (answer, _) = wire::receive::<Answer>(socket).map_err(|error| error.to_string())?;
    answer.reply.map_err(|refusal| refusal.to_string())
}
