//! The acceptance test of the design: two runs that differ only in high input. Under `nothing`, `nothing` and `fixed` whatever a person
//! who isn't cleared can get is the same to the byte; under other settings it is a function of exactly the declared bits.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "two_runs/low.rs"]
mod low;

use low::{Seen, look};
use semla_tests::Site;
use semla_tests::demo::Cast;
use semla_tests::told::Told;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What the job does, and nobody below may know: it follows from the data.
#[derive(Clone, Copy)]
struct High {
    exit: u8,
    seconds: f32,
    log: usize,
    /// Whether it writes the declared output, with how many rows of people, and others that nobody declared.
    output: bool,
    rows: usize,
    others: usize,
}

const QUIET: High = High { exit: 0, seconds: 0.0, log: 0, output: true, rows: 0, others: 0 };
const LOUD: High = High { exit: 3, seconds: 2.5, log: 40_000, output: false, rows: 0, others: 7 };
/// It ends as the quiet one does, and in the same time; all else is otherwise.
const LEAKY: High = High { exit: 0, seconds: 0.0, log: 9_000, output: true, rows: 5, others: 3 };

/// What a level tells.
struct Tells {
    owner_sees: &'static str,
    feedback: &'static str,
    bits: u32,
    ends: &'static str,
}

const SILENT: Tells = Tells { owner_sees: "nothing", feedback: "nothing", bits: 0, ends: "fixed" };

static RUNS: AtomicU32 = AtomicU32::new(0);

/// A whole run on a site of its own, and all that somebody below gets to see of it.
fn run(tells: &Tells, high: High) -> Seen {
    run_on(tells, high, Site::new)
}

/// The same with one of the daemon's rules left out.
fn run_without(rule: &str, tells: &Tells, high: High) -> Seen {
    run_on(tells, high, |name| Site::without(name, rule))
}

fn run_on(tells: &Tells, high: High, site: impl FnOnce(&str) -> Site) -> Seen {
    let name = format!("runs-{}", RUNS.fetch_add(1, Ordering::Relaxed));
    let policy = format!(
        "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n\
         owner_sees = \"{}\"\nfeedback = \"{}\"\nbudget = {{ bits = {} }}\nends = \"{}\"\n",
        tells.owner_sees, tells.feedback, tells.bits, tells.ends
    );
    let cast = Cast::assemble_on(site(&name), &policy, &mut Told::default());
    let rows: Vec<String> = (0..12)
        .map(|at| {
            let High { exit, seconds, log, output, rows, others } = high;
            // Values that nobody else has, so that a copied row is one.
            let (own, other) = (f64::from(at) * 3.300_71 + 0.290_53, f64::from(at) * 1.713_09 + 0.611_37);
            format!("{},{exit},{seconds},{log},{},{rows},{others},{own:.5},{other:.5}", 1000 + at, u8::from(output))
        })
        .collect();
    let data = cast.site.write("high.csv", &format!("id,a,b,c,d,e,f,g,h\n{}\n", rows.join("\n")));
    let card = cast.site.write("high.card.toml", CARD);
    let add =
        ["data", "add", "high@1", &data, "--label", "confidential/health", "--card-label", "internal", "--card", &card];
    cast.site.semla("steward-1", &add).ok();
    cast.site.semla("steward-2", &["data", "approve", "high@1"]).ok();
    for (permit, who) in [("P-HIGH", "scientist-1"), ("P-LOW", "scientist-2")] {
        let text = format!(
            "purpose = \"two runs\"\npeople = [\"{who}\"]\ndatasets = [\"high@1\"]\nup_to = \"confidential/health\"\nuntil = 2027-06-30\n"
        );
        let file = cast.site.write(&format!("permits/{permit}.toml"), &text);
        cast.site.semla("steward-1", &["permit", "add", &file]).ok();
        cast.site.semla("officer-2", &["permit", "approve", permit]).ok();
    }
    look(&cast)
}

#[test]
fn under_nothing_and_fixed_slots_two_runs_look_the_same_to_the_byte() {
    let quiet = run(&SILENT, QUIET);
    for high in [LOUD, LEAKY] {
        let other = run(&SILENT, high);
        low::same(&quiet, &other);
        low::same_moment(&quiet, &other);
    }
    assert!(quiet.log().contains("rehearsed"), "the control: what somebody is cleared for is seen");
}

#[test]
fn each_setting_tells_exactly_what_it_says_and_is_charged() {
    // What the checks say is awaited for a day where nothing is told by when it comes.
    let ends = |feedback: &str| if feedback == "nothing" { "fixed" } else { "doubling" };
    let with = |owner_sees, feedback| Tells { owner_sees, feedback, bits: 512, ends: ends(feedback) };
    let cases: [(Tells, &[High], &[High]); 5] = [
        // It ended: that is all, whatever happened.
        (with("state", "nothing"), &[LOUD, LEAKY], &[]),
        // Whether it worked, and which word says why not.
        (with("outcome", "nothing"), &[LEAKY], &[LOUD]),
        (with("reason", "nothing"), &[LEAKY], &[LOUD]),
        // The checks of a file that has rows of people in it say so.
        (with("nothing", "verdict"), &[], &[LEAKY]),
        (with("nothing", "notices"), &[], &[LEAKY]),
    ];
    // Nothing is timed here: the sites run side by side.
    std::thread::scope(|scope| {
        for (tells, alike, others) in &cases {
            scope.spawn(move || compared(tells, alike, others));
        }
    });
}

fn compared(tells: &Tells, alike: &[High], others: &[High]) {
    let (quiet, name) = (run(tells, QUIET), format!("{} {}", tells.owner_sees, tells.feedback));
    assert!(quiet.spent() > 0, "{name}: an answer is charged");
    for high in alike {
        low::same(&quiet, &run(tells, *high));
    }
    for high in others {
        let other = run(tells, *high);
        let differs = quiet.differs(&other);
        assert!(!differs.is_empty(), "{name}: the control tells nothing");
        // What differs is what is said of the job or of the request.
        let about = |what: &String| ["job", "release", "ps", "submit"].iter().any(|word| what.contains(word));
        assert!(differs.iter().all(about), "{name}: {differs:?}");
        assert_eq!(quiet.spent(), other.spent(), "{name}: the price of an answer is no answer");
    }
}

/// The controls: whichever of its rules a daemon leaves out, what is compared above shows it, and shows it there.
#[test]
fn a_daemon_that_leaves_any_one_rule_out_is_noticed() {
    let rules = [
        ("Blindness", LOUD, "types job show"),
        ("Listing", LEAKY, "types artifact ls"),
        ("Absence", LOUD, "release request"),
        ("Drawing", LOUD, "types release show"),
        ("Entries", LOUD, "types ledger tail"),
    ];
    std::thread::scope(|scope| {
        for (rule, high, place) in rules {
            scope.spawn(move || {
                let differs = run_without(rule, &SILENT, QUIET).differs(&run_without(rule, &SILENT, high));
                assert!(differs.iter().any(|what| what.ends_with(place)), "{rule}: {differs:?}");
            });
        }
        scope.spawn(|| {
            let tells = Tells { owner_sees: "reason", bits: 512, ..SILENT };
            assert_eq!(run_without("Charging", &tells, QUIET).spent(), 0);
        });
    });
    // Nothing is timed above.
    let (quiet, loud) = (run_without("Holding", &SILENT, QUIET), run_without("Holding", &SILENT, LOUD));
    low::same(&quiet, &loud);
    apart(&quiet, &loud);
}

/// Insists that a low job waited longer beside a high one that took longer.
fn apart(quiet: &Seen, loud: &Seen) {
    let apart = quiet.moment.abs_diff(loud.moment);
    assert!(apart > Duration::from_millis(1500), "the control: a low job waits as long as a high one runs: {apart:?}");
}

#[test]
fn without_fixed_slots_the_moment_of_an_end_shows() {
    let at_once = Tells { ends: "at-once", ..SILENT };
    let (quiet, loud) = (run(&at_once, QUIET), run(&at_once, LOUD));
    low::same(&quiet, &loud);
    apart(&quiet, &loud);
}

const CARD: &str = r#"
title = "what the job does"
unit = "person"
id = "id"
rows = 12
[[column]]
name = "id"
type = "integer"
range = [1, 9999]
[[column]]
name = "a"
type = "integer"
range = [0, 0]
[[column]]
name = "b"
type = "number"
range = [0.0, 0.0]
decimals = 1
[[column]]
name = "c"
type = "integer"
range = [0, 0]
[[column]]
name = "d"
type = "integer"
range = [1, 1]
[[column]]
name = "e"
type = "integer"
range = [0, 0]
[[column]]
name = "f"
type = "integer"
range = [0, 0]
[[column]]
name = "g"
type = "number"
range = [0.0, 99.0]
decimals = 5
[[column]]
name = "h"
type = "number"
range = [0.0, 99.0]
decimals = 5
"#;
