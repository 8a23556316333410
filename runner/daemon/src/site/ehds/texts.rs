//! The words of the pages, in one place. What is measured stands in `figures`.

/// What is always true of one letter.
pub(super) struct Text {
    pub(super) letter: &'static str,
    /// What the letter asks for, in short.
    pub(super) title: &'static str,
    /// The same in a sentence of ours: the article itself is the law.
    pub(super) asks: &'static str,
    /// Which rules of semla hold it, and how.
    pub(super) held: &'static str,
    /// What semla can't show.
    pub(super) outside: &'static str,
}

/// The letters of Art. 73(1) of Regulation (EU) 2025/327.
pub(super) const LETTERS: [Text; 6] = [
    Text {
        letter: "a",
        title: "access for authorised people whom a permit lists",
        asks: "Only natural persons who are authorised, and listed in the data permit, get into the environment.",
        held: "Rule 1: nobody sees an object unless their clearance admits its label and a permit, or a duty that they were \
               given, covers it. Each job runs under one permit, and what it makes belongs to that permit. Rule 10: accounts \
               and permits are records; two officers sign for a person, an officer and a steward of the data for a permit. A \
               permit ends with its last day, or when it is withdrawn.",
        outside: "That an account's holder is the person whom the permit means: identity papers, contracts of employment, \
                  and who hands out the first code. Who enters the room with the screens.",
    },
    Text {
        letter: "b",
        title: "measures against reading, copying, changing and removing without a right to",
        asks: "State-of-the-art technical and organisational measures keep that risk as small as possible.",
        held: "Rule 2: what a job leaves carries the job's label. Rule 3: a job's label is at least that of all that it reads. \
               Rule 5: a host serves labels side by side only where the policy says so. Rule 6: only a release lowers a label, \
               after automatic checks of each file and the signatures of several reviewers, none of whom takes part in the \
               project. Jobs run without a network, on data that they can't write to, in namespaces of their own under \
               seccomp and Landlock. The daemon that faces the network can't read data.",
        outside: "The premises, the disks' encryption, backups, the kernel's updates, and the training of those who review.",
    },
    Text {
        letter: "c",
        title: "few people put data in, look at, change or delete them",
        asks: "Putting health data in, and inspecting, changing or deleting them, is left to a limited number of people who are \
               authorised and can be identified.",
        held: "Rule 10: a dataset is proposed by one steward and approved by another, each with a key of their own; a version \
               never changes after that, and its digest is in the signed record. No command hands a dataset's rows to a person. \
               What a job left is read by members of its permit who are cleared for it, and by reviewers who are not.",
        outside: "Whoever is root on the host can do all of that; keep their number small, and their names on a list. How the \
                  data come to the steward, and what is done with the copy that they came from.",
    },
    Text {
        letter: "d",
        title: "users reach the data of their permit alone, each as themselves",
        asks: "Users get at the data that their permit covers and at no others, by individual, unique identities and by \
               confidential ways of access.",
        held: "Rule 1, and rule 3: a job is refused if it names a dataset that its permit doesn't, or an object of another permit \
               that wasn't released. Rule 4: whoever isn't cleared for the data submits without seeing them, and is told words \
               from a fixed list, which are counted. An account is one person's; its password is kept as an Argon2id hash; \
               where the policy says `proof = \"key\"` a reader signs for each thing that they read.",
        outside: "Whether people share passwords or keys, and the encrypted connection to the host (SSH, for instance).",
    },
    Text {
        letter: "e",
        title: "logs of access and activity that name people, kept for a year at least",
        asks: "Logs that can be traced to people say who had access and what was done, for as long as all processing may have to \
               be verified and audited, and for no less than a year.",
        held: "Rule 9: but for stopping, nothing has an effect, and nobody reads a byte, before it is an entry of the ledger that says who, what, \
               when and at which label. The ledger is a Merkle tree with signed checkpoints: an entry can't be changed or taken \
               out without that being seen, and semla has no command that deletes one. `semla audit` answers from it. `keep_logs` is for how many days a level keeps \
               what its jobs printed.",
        outside: "A copy of the ledger and its key somewhere else, so that it outlives this host.",
    },
    Text {
        letter: "f",
        title: "compliance with these measures, watched over",
        asks: "That the measures above are followed is ensured and monitored, so that threats are met.",
        held: "Rule 10: a policy is proposed by one officer, approved by another, and recorded. `semla ledger verify` recomputes the \
               ledger; `semla ledger match`, run as root, holds against it each file that the launcher handed out or lowered; \
               `semla doctor` says what this host can't enforce; `semla halt` stops work at once. Rule 8: what can't be understood, \
               afforded or reached isn't passed.",
        outside: "That somebody runs these and reads what they say; reports to the authority; penetration tests; incidents. Refused \
                  requests aren't recorded, so that there are no figures of them.",
    },
];
