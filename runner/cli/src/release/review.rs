//! Voting: one signature for each file, over what the reviewer saw and says.

use super::{content, show, viewed};
use crate::args::{Decision as Choice, Place, Review};
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::keys;
use crate::output::{self, Printer, plain};
use crate::proposal::me;
use ring::rand::{SecureRandom, SystemRandom};
use semla_daemon::api::{FileView, ReleaseView, Votes};
use semla_policy::release::{Decision, Reason, Vote};
use semla_policy::{Digest, Signed};
use std::collections::{BTreeMap, BTreeSet};

/// Signs one vote for each file that waits for this reviewer, over its name, the digest of what comes when one reads it, and the target.
pub(super) fn vote(place: &Place, client: &Client, review: &Review, printer: &Printer) -> Result<(), Fail> {
    let view: ReleaseView = client.get(&format!("/releases/{}", segment(&review.id)))?;
    let name = me(client)?;
    asked(&view, review)?;
    let mut votes = Votes { votes: Vec::new(), reasons: BTreeMap::new() };
    for (path, file) in wanted(&view, review, &name)? {
        let digest = looked_at(place, client, &view, (path, file))?;
        let reason = review.because.as_ref().map(|text| reason(text)).transpose()?;
        let says = decision(&review.decision).word();
        eprintln!("to sign: {says} {}, {} -> {}  {digest}", plain(path), view.from, view.to);
        if !review.excuse.is_empty() {
            eprintln!("         excusing {}", review.excuse.join(", "));
        }
        if !review.replies.is_empty() {
            let numbers: Vec<_> = review.replies.iter().map(ToString::to_string).collect();
            eprintln!("         replying {}", numbers.join(", "));
        }
        let vote = Vote {
            release: view.id.clone(),
            requester: view.requester.clone(),
            file: path.clone(),
            digest,
            from: view.from.clone(),
            to: view.to.clone(),
            policy: Digest::parse(&view.policy).map_err(Fail::chain)?,
            until: view.until.parse().map_err(|_| Fail::new("the daemon gave no day until which votes count"))?,
            decision: decision(&review.decision),
            excuses: review.excuse.iter().cloned().collect(),
            reason: reason.as_ref().and_then(Reason::digest),
            replies: review.replies.iter().copied().collect(),
        };
        votes.votes.push(Signed::unsigned(&vote).map_err(Fail::chain)?);
        votes.reasons.extend(reason.map(|reason| (path.clone(), reason)));
    }
    output::confirm("sign these?")?;
    for signed in &mut votes.votes {
        keys::sign::<Vote>(place, &name, signed)?;
    }
    let view: ReleaseView = client.post(&format!("/releases/{}/votes", segment(&review.id)), &votes)?;
    printer.one(&view, show::release)
}

/// What was typed, held against the request.
fn asked(view: &ReleaseView, review: &Review) -> Result<(), Fail> {
    if !view.reviewable {
        return Err(Fail::new("this request isn't yours to review; leave the vote to an independent checker"));
    }
    if review.because.is_some() && review.excuse.is_empty() {
        let there = show::replies(&view.replies);
        return Err(Fail::usage(format!(
            "`-b` goes with `--excuse`; choose with `--reply N` from the policy's replies, or write to the author with `semla release \
             note` once the file is decided:\n{there}"
        )));
    }
    if let Some(number) =
        review.replies.iter().find(|number| !(1..=view.replies.len()).contains(&usize::from(**number)))
    {
        let there = show::replies(&view.replies);
        return Err(Fail::usage(format!("the policy has no reply {number}; choose from its replies:\n{there}")));
    }
    if review.decision.request_changes && review.replies.is_empty() && !view.replies.is_empty() {
        let there = show::replies(&view.replies);
        return Err(Fail::usage(format!(
            "whoever wants a file changed says how: add `--reply N` with one of the policy's replies:\n{there}"
        )));
    }
    if review.to.as_ref().is_some_and(|to| *to != view.to) {
        return Err(Fail::new(format!("the request is for `{}`; look at it again", plain(&view.to))));
    }
    match review.file.as_ref().filter(|only| !view.files.contains_key(*only)) {
        Some(only) => {
            let there = view.files.keys().map(|path| plain(path)).collect::<Vec<_>>().join(", ");
            Err(Fail::new(format!("the request has no file `{only}`; it has {there}")))
        }
        None => Ok(()),
    }
}

/// The named file, or all that wait for this reviewer; of these an approval takes those that are blocked by exactly what it excuses.
fn wanted<'a>(view: &'a ReleaseView, review: &Review, name: &str) -> Result<Vec<(&'a String, &'a FileView)>, Fail> {
    if let Some(only) = &review.file {
        let named: Vec<_> = view.files.iter().filter(|(path, _)| *path == only).collect();
        return named.iter().try_for_each(|(path, file)| may_vote(path, file, name)).map(|()| named);
    }
    let open = |state: &'static str| view.files.iter().filter(move |(_, file)| file.state.as_deref() == Some(state));
    if open("open").chain(open("disputed")).next().is_none() {
        return Err(Fail::new("no file of the request is open for votes"));
    }
    let mine: Vec<_> =
        open("open").filter(|(_, file)| !file.votes.contains_key(name)).chain(open("disputed")).collect();
    if mine.is_empty() {
        return Err(Fail::new(format!("you have voted on every file that is open; {STANDS}")));
    }
    let excuse: BTreeSet<&String> = review.excuse.iter().collect();
    let fits = |file: &FileView| !review.decision.approve || file.excusable.iter().collect::<BTreeSet<_>>() == excuse;
    let fitting: Vec<_> = mine.iter().copied().filter(|(_, file)| fits(file)).collect();
    match (fitting.is_empty(), mine.first()) {
        (true, Some((path, file))) => Err(Fail::new(match file.excusable.as_slice() {
            [] => format!("nothing blocks `{}`: approve it without `--excuse`", plain(path)),
            checks => format!(
                "`{}` is blocked by {1}; to let it go all the same: --approve --excuse {1} -b REASON",
                plain(path),
                checks.join(",")
            ),
        })),
        _ => Ok(fitting),
    }
}

/// Why nobody takes a vote back before others have given theirs: it would be a vote that knows more than the first.
const STANDS: &str =
    "a vote stands until as many as it takes have voted; if they differ, all who voted see that and may vote again";

/// Whether a file is open for a vote of this reviewer.
fn may_vote(path: &str, file: &FileView, name: &str) -> Result<(), Fail> {
    let path = plain(path);
    match (file.state.as_deref(), file.votes.contains_key(name)) {
        (Some("open"), true) => Err(Fail::new(format!("you have voted on `{path}`; {STANDS}"))),
        (Some("open" | "disputed"), _) => Ok(()),
        (state, _) => {
            let state = state.unwrap_or("not checked yet");
            Err(Fail::new(format!("`{path}` isn't open for votes: it is {state}; vote on the other files")))
        }
    }
}

/// The digest of the file as it comes when one reads it, and nothing else than what was looked at before.
fn looked_at(
    place: &Place,
    client: &Client,
    view: &ReleaseView,
    (path, file): (&String, &FileView),
) -> Result<Digest, Fail> {
    let digest = Digest::of(&content(place, client, &view.id, path)?);
    if file.digest.as_deref() != Some(digest.to_string().as_str()) {
        return Err(Fail::new(format!("`{}` isn't the file that the request names; tell an officer", plain(path))));
    }
    match viewed::differs(place, &view.id, path, &digest)? {
        true => Err(Fail::new(format!("`{}` isn't what you looked at; look at it again", plain(path)))),
        false => Ok(digest),
    }
}

/// A reason with a salt of its own.
fn reason(text: &str) -> Result<Reason, Fail> {
    let mut salt = [0; 16];
    SystemRandom::new().fill(&mut salt).map_err(|_| Fail::new("the system gave no randomness"))?;
    let salt = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    let reason = Reason { salt, text: text.to_owned() };
    match reason.digest() {
        Some(_) => Ok(reason),
        None => Err(Fail::usage("the reason says nothing, or too much; write one to a few sentences after `-b`")),
    }
}

fn decision(choice: &Choice) -> Decision {
    match (choice.approve, choice.request_changes) {
        (true, _) => Decision::Approve,
        (_, true) => Decision::RequestChanges,
        _ => Decision::Reject,
    }
}
