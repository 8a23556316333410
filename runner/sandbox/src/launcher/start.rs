//! Starting an attempt: the launcher decides by itself what it may see, claims the fence, and leaves the rest to a keeper.

use super::desk::Desk;
use super::{journal, spent};
use crate::confine::disk;
use crate::durable;
use crate::engine::Runtime;
use crate::host;
use crate::keeper::{self, Bind, Kind, Task};
use crate::objects::{self, Object, Origin};
use crate::pages::Pages;
use crate::protocol::{self, Id, Work};
use semla_policy::{Admitted, DataFile, Digest, Label, Output, Receipt, Record, Refusal, Signed, Submission};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

/// What a worker may use.
pub const CHECK_MEMORY: u64 = 1 << 30;
/// Until when a worker has to answer.
pub const CHECK_SECONDS: u32 = 120;

/// Starts an attempt once. A fence that was claimed before is left as it is: asking twice runs nothing twice.
pub(super) fn start(desk: &mut Desk, fence: &Id, work: Work, receipt: &Receipt) -> Result<(), Refusal> {
    named(fence, &work)?;
    let folder = desk.house.attempt(fence);
    if folder.exists() {
        return Ok(());
    }
    let submission = match &work {
        Work::Job { submission, .. } => Some(submission.clone()),
        Work::Check { .. } => None,
    };
    let (task, gpus) = match work {
        Work::Job { submission, label, code, dummies } => {
            let task = job(desk, (&submission, &label), &code, &dummies)?;
            let gpus = if let Kind::Job { plan, .. } = &task.kind { plan.needs.gpus } else { 0 };
            (task, gpus)
        }
        Work::Check { object, policy, to, proposal } => (check(desk, object, policy, to, proposal.as_ref())?, 0),
    };
    desk.alone(&task.marking)?;
    desk.scrubbed(&task.marking)?;
    // After what ended was forgotten.
    let task = Task { gpus: desk.gpus(gpus, &task.marking)?, ..task };
    let disk = set_aside(desk, task.disk)?;
    let task = desk.own_image(task);
    let task = desk.unread(fence, task)?;
    let line = journal::Line::Started { fence: fence.clone(), submission, receipt: receipt.clone() };
    journal::write(&desk.house, &line)?;
    let failed = |error: std::io::Error| {
        // A full disk passes, as for the journal; what else fails would fail again.
        let rule = if error.kind() == ErrorKind::StorageFull { 9 } else { 8 };
        Refusal::new(rule, format!("the attempt couldn't be written down: {error}"), "free some disk, and try again")
    };
    // Making the folder is the claim: of two, the second one fails.
    std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
    let begun = || {
        durable::write(&folder.join("task.json"), &serde_json::to_vec(&task)?, 0o600)?;
        // Whoever looks at once finds an empty log, and not none.
        File::create(folder.join("log"))?;
        keeper::start(&desk.house, fence, &task, &desk.ground, disk)
    };
    begun().map(|()| desk.runs(fence, &task)).map_err(|error| {
        // Nothing ran: the claim is taken back, and there may be nothing to remove.
        drop(std::fs::remove_dir_all(&folder));
        failed(error)
    })
}

/// A job's one attempt is named after its submission, and a check's as no job's is: else a check would claim the one attempt of a job.
fn named(fence: &Id, work: &Work) -> Result<(), Refusal> {
    match work {
        Work::Job { submission, .. } if *fence.as_str() != Submission::attempt(submission) => {
            Err(Refusal::new(8, "the attempt isn't the one that its submission names", "submit the job again"))
        }
        Work::Check { .. } if !fence.is_check() => {
            Err(Refusal::new(8, "the attempt of a check has a name of its own kind", "begin it with `k-`"))
        }
        _ => Ok(()),
    }
}

/// Rules 1, 3 and 4 over the signed records, and every object below the job's label.
fn job(
    desk: &Desk,
    (submission, label): (&Signed, &str),
    code: &Id,
    dummies: &BTreeMap<String, Id>,
) -> Result<Task, Refusal> {
    let admitted = desk.facts.registry().submitted(submission, crate::clock::today())?;
    // It never changes: what was shown and recorded at one label isn't run at another.
    if admitted.label_text() != label {
        return Err(Refusal::new(3, "the job's label isn't what it was when it was submitted", "submit it again"));
    }
    let plan = admitted.plan();
    let runtime = runtime(desk, &admitted)?;
    if host::memory().is_none_or(|most| plan.needs.memory > most) {
        return Err(Refusal::new(8, "the job asks for more memory than this host has", "ask for less under `needs`"));
    }
    let snapshot = below(desk, code, &admitted)?;
    if snapshot.content.digest != plan.code {
        return Err(Refusal::new(8, "the code isn't the snapshot that was submitted", "submit the job again"));
    }
    let image = desk.house.image(&plan.image);
    if !image.is_dir() {
        return Err(Refusal::new(8, "the image's root filesystem isn't on this host", "import the image again"));
    }
    let mut binds = Vec::new();
    for (mount, dataset) in &plan.data {
        let at = format!("/data/{mount}");
        if plan.dummy {
            let id = dummies.get(mount.as_str()).ok_or_else(|| Refusal::not_found("dummy of that dataset"))?;
            below(desk, id, &admitted)?;
            // A dummy has the file name that its dataset has, so that the same code reads both.
            let name = desk.facts.registry().dataset(dataset).and_then(|data| data.dataset.files.first());
            let name = name.map_or("data.csv", |file| file.name.as_str());
            binds.push(Bind { at: format!("{at}/{name}"), from: desk.house.object(id) });
        } else {
            binds.push(Bind { at, from: content(desk, dataset)? });
        }
    }
    Ok(Task {
        marking: admitted.marking(),
        kind: Kind::Job {
            plan: Box::new(plan.clone()),
            code: desk.house.object(code),
            image,
            copy: None,
            tracebacks: desk
                .facts
                .registry()
                .policy_at(admitted.policy())
                .map_or_else(Vec::new, |p| p.tracebacks.clone()),
            runtime,
        },
        binds,
        files: BTreeMap::new(),
        wanted: plan.outputs.iter().map(|output| output.path.clone()).collect(),
        memory: plan.needs.memory,
        disk: plan.needs.disk,
        millicpus: plan.needs.millicpus,
        seconds: plan.needs.seconds,
        gpus: Vec::new(),
        pages: Pages::Kept,
    })
}

/// Sets a disk of so many bytes aside, where the host has room for it, for as much of outputs, and for what is written beside them.
fn set_aside(desk: &Desk, bytes: u64) -> Result<Option<File>, Refusal> {
    if bytes == 0 {
        return Ok(None);
    }
    if !desk.ground.slots().are_hosts() {
        return Err(Refusal::new(8, "this host gives jobs no disk of their own", "leave `disk` out of `needs`"));
    }
    if !host::disk(desk.house.root()).is_some_and(|disk| disk.holds(bytes)) {
        return Err(Refusal::new(9, "the host has no room now for the disk that the job asks for", "free some disk"));
    }
    disk::reserve(&desk.house.attempts(), bytes).map(Some).map_err(|error| {
        let rule = if error.kind() == ErrorKind::StorageFull { 9 } else { 8 };
        Refusal::new(rule, format!("the job's disk couldn't be set aside: {error}"), "free some disk, or ask for none")
    })
}

/// The weakest that this host offers and the level accepts: the sandbox itself, or a runtime of the engine.
fn runtime(desk: &Desk, job: &Admitted<'_>) -> Result<Option<Runtime>, Refusal> {
    let mut backends = desk.backends().into_iter();
    let (_, runtime) = backends.find(|(backend, _)| job.rules().accept(*backend)).ok_or_else(|| {
        Refusal::new(
            8,
            format!("no host here runs `{}`: it asks for {}", job.label_text(), job.rules().least()),
            "run it on a host that has it, or change `isolation` or `limits` of the level in the policy",
        )
    })?;
    match job.plan().needs.gpus {
        gpus if gpus > 0 && runtime.is_some() => {
            Err(Refusal::new(8, "the engine's containers get no GPUs here", "ask for none under `needs`"))
        }
        _ => Ok(runtime),
    }
}

/// No read up, and nothing of another permit: what was handed in as code or a dummy goes into a job only below its label and within its permit.
fn below(desk: &Desk, id: &Id, job: &Admitted<'_>) -> Result<Object, Refusal> {
    let object = objects::find(&desk.house, id)?;
    // An output in their place would hide from the checks what it was made from.
    if object.origin != Origin::Kept {
        return Err(Refusal::not_found("such code or dummy"));
    }
    let label: Label = desk.facts.registry().label(&object.marking.label)?;
    if !job.label().dominates(&label) {
        return Err(Refusal::new(3, "an input is above the job's label", "submit the job at the input's label")
            .comparing(job.label_text().to_owned(), object.marking.label));
    }
    if object.marking.permit != job.plan().permit {
        return Err(Refusal::not_found("such object under this permit"));
    }
    Ok(object)
}

/// The checks of one file see every dataset that it may come from, at the file's label; the thresholds come from the signed
/// policy and the declaration from the admitted job, so that neither the daemon nor the job steers the judge (rule 7).
fn check(desk: &Desk, object: Id, policy: Digest, to: String, proposal: Option<&Signed>) -> Result<Task, Refusal> {
    let registry = desk.facts.registry();
    let file = objects::find(&desk.house, &object)?;
    let (_, output) = declared(desk, &file)?;
    let (from, target) = (registry.label(&file.marking.label)?, registry.label(&to)?);
    registry.holds_permit(&file.marking.permit, crate::clock::today())?;
    registry.running(&from, &file.marking.permit)?;
    // Workers are programs of semla's own, in the sandbox at any level; how much they may use is the level's to say.
    if registry.level(&from)?.limits && !desk.ground.limits() {
        return Err(Refusal::new(
            9,
            "nothing limits what workers use here any more",
            "delegate cgroups to the launcher",
        ));
    }
    let unknown = || Refusal::new(6, "no such policy was ever in force", "ask for the release again");
    let judged_by = match proposal {
        None => registry.policy_at(&policy).ok_or_else(unknown)?.clone(),
        // Sound, and signed by an officer; the other one wants to know what it would come to.
        Some(signed) => match registry.judge(signed)?.0 {
            Record::Policy(proposed) if proposed.digest() == policy => *proposed,
            _ => return Err(unknown()),
        },
    };
    let terms = judged_by.terms(&from, &target)?;
    let json =
        |value: serde_json::Result<String>| value.map_err(|error| Refusal::new(8, error.to_string(), "try again"));
    let mut files = BTreeMap::from([
        ("/in/declaration.json".to_owned(), json(serde_json::to_string(&output))?),
        ("/in/profile.json".to_owned(), json(serde_json::to_string(&terms.profile))?),
        ("/in/released.json".to_owned(), json(serde_json::to_string(&spent::released(desk, &object, &file.marking)?))?),
    ]);
    let mut binds = vec![Bind { at: "/in/file".into(), from: desk.house.object(&object) }];
    if let Origin::Traceback { fence } = &file.origin {
        let Some(Kind::Job { code, .. }) = keeper::standing::task(&desk.house, fence).map(|task| task.kind) else {
            return Err(Refusal::not_found("such output"));
        };
        files.insert("/in/tracebacks.json".into(), json(serde_json::to_string(&judged_by.tracebacks))?);
        binds.push(Bind { at: "/in/code".into(), from: code });
    }
    // What the job mounted is the submitter's word: rows may have come by the code, too. So all that may be in the file is there.
    for registered in registry.sources(&file.marking.permit, &from) {
        let name = &registered.dataset.name;
        files.insert(format!("/in/data/{name}/card.json"), json(serde_json::to_string(&registered.dataset.card))?);
        binds.push(Bind { at: format!("/in/data/{name}/content"), from: content(desk, name)? });
    }
    Ok(Task {
        marking: file.marking,
        kind: Kind::Check { object, policy, to },
        binds,
        files,
        wanted: Vec::new(),
        memory: CHECK_MEMORY,
        disk: 0,
        millicpus: 1000,
        seconds: CHECK_SECONDS,
        gpus: Vec::new(),
        pages: Pages::Kept,
    })
}

/// The attempt that made a file, and what the job declared of it; a mended copy counts as what it was made from.
pub(super) fn declared(desk: &Desk, file: &Object) -> Result<(Id, Output), Refusal> {
    let hidden = || Refusal::not_found("such output");
    let mut origin = file.origin.clone();
    if let Origin::Note { about } = &origin {
        let (fence, _) = declared(desk, &objects::find(&desk.house, about)?)?;
        return Ok((fence, protocol::note()));
    }
    while let Origin::Mended { of } = &origin {
        origin = objects::find(&desk.house, of)?.origin;
    }
    if let Origin::Traceback { fence } = origin {
        return Ok((fence, protocol::traceback()));
    }
    let Origin::Output { fence, path } = origin else { return Err(hidden()) };
    let task = keeper::standing::task(&desk.house, &fence).ok_or_else(hidden)?;
    let Kind::Job { plan, .. } = task.kind else { return Err(hidden()) };
    let output = plan.outputs.into_iter().find(|output| output.path == path).ok_or_else(hidden)?;
    Ok((fence, output))
}

/// The job whose attempt a fence names.
pub(super) fn job_of(fence: &Id) -> &str {
    fence.as_str().rsplit_once('-').map_or("", |(job, _)| job)
}

/// The folder of a dataset's files.
fn content(desk: &Desk, dataset: &str) -> Result<PathBuf, Refusal> {
    let gone =
        || Refusal::new(8, format!("the content of `{dataset}` isn't on this host"), "add the next version of it");
    let folder = desk.house.dataset(desk.facts.content(dataset).ok_or_else(gone)?);
    let files = desk.facts.registry().dataset(dataset).map(|data| data.dataset.files.as_slice()).unwrap_or_default();
    // The kernel says what the name itself is, and follows nothing.
    let kept = |file: &DataFile| {
        std::fs::symlink_metadata(folder.join(&file.name)).is_ok_and(|data| data.is_file() && data.len() == file.size)
    };
    match !files.is_empty() && files.iter().all(kept) {
        true => Ok(folder),
        false => Err(gone()),
    }
}
