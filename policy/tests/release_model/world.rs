//! What the model stands in: two policies, four reviewers with keys, three contents, and the gate itself. Nothing of it changes.

use crate::common::{HIGH, PERMIT, Site, policy, today};
use semla_policy::release::{Blocks, Candidate, CastVote, Decision, Judged, Verdict, Vote};
use semla_policy::{Digest, Excuse, Marking, Panels, Record, Registry, Role, Signed, Terms};
use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

/// A release takes a checker and a steward. Of stewards there is one, but for the last, who wrote what is released and would be a reviewer
/// of both roles otherwise.
pub const REVIEWERS: [&str; 4] = ["checker-1", "checker-2", "steward-3", "author"];
pub const STEWARD: u8 = 2;
pub const AUTHOR: u8 = 3;
pub const FILES: [&str; 2] = ["a.csv", "b.csv"];
pub const DIGESTS: u8 = 3;
/// The policy that was pinned at submission, and the one that comes in force later.
pub const PINNED: u8 = 0;
pub const LATER: u8 = 1;

/// One vote as it can be signed: by whom, on what, what it says, and whether it excuses T1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot {
    pub by: u8,
    pub file: u8,
    pub digest: u8,
    pub policy: u8,
    pub decision: Decision,
    pub excuses: bool,
}

/// What the gate was asked: which file, under which policies, with which votes.
type Asked = (u8, u8, u8, Vec<Ballot>);

pub struct World {
    registries: [Registry; 2],
    marking: Marking,
    votes: HashMap<Ballot, (Signed, Option<CastVote>)>,
    /// What the gate said before: signatures take longer to verify than everything else here.
    gate: Mutex<HashMap<Asked, bool>>,
}

impl World {
    pub fn new(independent: bool) -> Self {
        let mut pinned = policy();
        pinned.releases[0].who = [Role::Checker, Role::Steward].into();
        pinned.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 3 });
        // More reviewers, and nothing is excused any more.
        let mut later = policy();
        later.releases[0].who = [Role::Checker, Role::Steward].into();
        later.releases[0].reviewers = 3;
        let mut site = Site::with(pinned);
        for (by, roles) in [(STEWARD, &[Role::Steward][..]), (AUTHOR, &[Role::Checker, Role::Steward])] {
            let person = site.newcomer(REVIEWERS[usize::from(by)], roles);
            site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
        }
        let before = site.registry.clone();
        site.enact(Record::Policy(Box::new(later)), &["officer-1", "officer-2"]).unwrap();
        let registries = [before, site.registry.clone()];
        let submitter = if independent { REVIEWERS[usize::from(AUTHOR)] } else { "colleague" };
        let policy = *registries[0].policy_digest();
        let marking = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: submitter.into(), policy };
        let mut votes = HashMap::new();
        for ballot in ballots() {
            let registry = &registries[usize::from(ballot.policy)];
            let signed = site.sign(&vote(&ballot, registry), &[REVIEWERS[usize::from(ballot.by)]]);
            let cast = registry.vote(&signed, &marking).ok();
            // A vote under a policy that isn't in force is none.
            assert!(registries[usize::from(1 - ballot.policy)].vote(&signed, &marking).is_err());
            votes.insert(ballot, (signed, cast));
        }
        Self { registries, marking, votes, gate: Mutex::new(HashMap::new()) }
    }

    /// What the daemon makes of a signed vote.
    pub fn cast(&self, ballot: &Ballot) -> Option<&CastVote> {
        self.votes.get(ballot)?.1.as_ref()
    }

    pub fn terms(&self, policy: u8) -> Terms {
        let registry = &self.registries[usize::from(policy)];
        let label = |text| registry.label(text).unwrap();
        registry.both(&self.marking.policy, &label(HIGH), &label("public")).unwrap()
    }

    /// The same, without the steward among those who approve.
    pub fn unrepresented(&self, policy: u8) -> Terms {
        let terms = self.terms(policy);
        Terms { panels: panels(&terms, &["checker"], |excusing| excusing), ..terms }
    }

    /// The same, where an excuse takes no more than an approval does.
    pub fn as_many(&self, terms: Terms) -> Terms {
        Terms { panels: panels(&terms, &["checker", "steward"], |_| terms.panels.reviewers()), ..terms }
    }

    /// What the checks say of a content under the pinned policy and another one.
    pub fn blocks(&self, digest: u8, policy: u8) -> Blocks {
        let judged = [PINNED, policy].map(|policy| self.judged(digest, policy));
        Blocks::under(judged.iter().map(|judged| &judged.policy), &judged).unwrap()
    }

    fn judged(&self, digest: u8, policy: u8) -> Judged {
        let blocks = blocked_by(digest, policy);
        let verdict = if blocks.is_some() { Verdict::Block } else { Verdict::Pass };
        let policy = *self.registries[usize::from(policy)].policy_digest();
        Judged { policy, verdict, blocks: blocks.into_iter().map(str::to_owned).collect() }
    }

    /// The launcher's own decision, with the policy in force, a file's content as it is, and what the daemon hands it.
    pub fn lowers(&self, policy: u8, file: u8, digest: u8, votes: Vec<Ballot>) -> bool {
        let key = (policy, file, digest, votes);
        if let Some(known) = self.gate.lock().unwrap().get(&key) {
            return *known;
        }
        let content = content(digest);
        let candidate = Candidate {
            release: "r-1",
            file: FILES[usize::from(file)],
            digest: &content,
            marking: &self.marking,
            to: "public",
        };
        let judged = [PINNED, policy].map(|policy| self.judged(digest, policy));
        let signed: Vec<_> = key.3.iter().map(|ballot| self.votes[ballot].0.clone()).collect();
        let lowered = self.registries[usize::from(policy)].lowering(&candidate, &judged, &signed, today()).is_ok();
        self.gate.lock().unwrap().insert(key, lowered);
        lowered
    }
}

fn panels(terms: &Terms, who: &[&str], excusing: impl Fn(u8) -> u8) -> Panels {
    let panel = terms.panels.each().next().unwrap();
    let (reviewers, excusing) = (panel.reviewers, excusing(panel.excusing));
    serde_json::from_value(serde_json::json!([{ "who": who, "reviewers": reviewers, "excusing": excusing }])).unwrap()
}

/// The first content is clean. In the second, T1 finds something under both policies; in the third, C1 does under the later one alone.
fn blocked_by(digest: u8, policy: u8) -> Option<&'static str> {
    match (digest, policy) {
        (1, _) => Some("T1"),
        (2, LATER) => Some("C1"),
        _ => None,
    }
}

/// What a release takes, said once more and by hand: how many reviewers have to approve, and whether they excuse T1. `None`: it can't be.
pub fn takes(digest: u8, policy: u8) -> Option<(usize, bool)> {
    match (digest, policy) {
        (0, PINNED) | (2, PINNED) => Some((2, false)),
        (1, PINNED) => Some((3, true)),
        (0, LATER) => Some((3, false)),
        _ => None,
    }
}

pub fn content(digest: u8) -> Digest {
    static ALL: LazyLock<[Digest; DIGESTS as usize]> = LazyLock::new(|| [0, 1, 2].map(|digest| Digest::of(&[digest])));
    ALL[usize::from(digest)]
}

pub fn files(first: u8) -> BTreeMap<String, Digest> {
    let names = FILES.iter().take(usize::from(first));
    names.zip(0..).map(|(name, digest)| ((*name).to_owned(), content(digest))).collect()
}

fn ballots() -> Vec<Ballot> {
    let mut all = Vec::new();
    for (by, file) in (0..4).flat_map(|by| (0..2).map(move |file| (by, file))) {
        for (digest, policy) in (0..DIGESTS).flat_map(|digest| [(digest, PINNED), (digest, LATER)]) {
            for (decision, excuses) in SAID {
                all.push(Ballot { by, file, digest, policy, decision, excuses });
            }
        }
    }
    all
}

/// What a vote can say.
pub const SAID: [(Decision, bool); 4] = [
    (Decision::Approve, false),
    (Decision::Approve, true),
    (Decision::RequestChanges, false),
    (Decision::Reject, false),
];

fn vote(ballot: &Ballot, registry: &Registry) -> Vote {
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: FILES[usize::from(ballot.file)].into(),
        digest: content(ballot.digest),
        from: HIGH.into(),
        to: "public".into(),
        policy: *registry.policy_digest(),
        until: "2026-12-01".parse().unwrap(),
        decision: ballot.decision,
        excuses: ballot.excuses.then(|| "T1".to_owned()).into_iter().collect(),
        reason: ballot.excuses.then(|| Digest::of(b"salt:reason")),
        replies: [].into(),
    }
}
