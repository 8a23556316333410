//! What two jobs that share a host can tell each other: one sends random bits, the other one guesses them, each in a sandbox of its own.
//!
//! The rate is that of the bits, less what errors cost: a binary symmetric channel carries `1 - H(p)` of each (Shannon 1948). Each
//! channel is tried faster and faster, until errors cost more than speed brings.

use nix::time::{ClockId, clock_gettime};
use semla_sandbox::confine::{Fence, Ground, Mount, MountPoint, Program, Root, Slot, Spec, What};
use semla_sandbox::limits::Limits;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{Read, pipe};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Each channel is tried so often at each speed; the best rate counts, for an attacker tries again.
const TRIES: u64 = 5;
/// A channel that carries less than this part of its best rate has become too fast.
const WORSE: f64 = 0.5;
/// For how long bits are sent in a try, about.
const TRY: Duration = Duration::from_millis(400);
/// Fewer bits than these couldn't be told from chance.
const LEAST: u32 = 64;
/// Bytes of the file that both sides may read.
const SHARED: usize = 64 << 20;
/// So many bits have to come through in a try: fewer may be chance, once in a thousand tries (the likelihood ratio of as many coins).
const CHANCE: f64 = 8.0;

/// A way to tell a bit: the longest and the shortest time that one is given, and how many are sent at the most.
struct Channel {
    name: &'static str,
    longest: Duration,
    shortest: Duration,
    most: u32,
}

const CHANNELS: [Channel; 11] = [
    // A lock on a file of a dataset that both may only read.
    Channel { name: "lock", longest: Duration::from_millis(1), shortest: Duration::from_micros(1), most: 20_000 },
    // Whether a piece of that file is in memory already.
    Channel { name: "cache", longest: Duration::from_millis(1), shortest: Duration::from_micros(4), most: 256 },
    // Somebody opens that file.
    state("watch"),
    // A file in memory, a socket's name, what goes by a number or a name, a key.
    state("memory-file"),
    state("socket"),
    state("semaphore"),
    state("queue"),
    state("key"),
    // How many processes the kernel counts for the whole host.
    Channel { name: "processes", longest: Duration::from_millis(80), shortest: Duration::from_millis(20), most: 64 },
    // How full the disk is that the file lies on: a job's log grows on it, until it is cut.
    Channel { name: "space", longest: Duration::from_millis(20), shortest: Duration::from_millis(1), most: 256 },
    // The load of the cores.
    Channel { name: "cores", longest: Duration::from_millis(40), shortest: Duration::from_millis(5), most: 1000 },
];

/// Something that one side changes at once, and the other one sees.
const fn state(name: &'static str) -> Channel {
    Channel { name, longest: Duration::from_millis(1), shortest: Duration::from_micros(250), most: 2000 }
}

/// Bits that are sent, one in each slot.
#[derive(Clone, Copy)]
struct Message {
    slot: Duration,
    bits: u32,
    seed: u64,
}

/// Where the two sides are.
#[derive(Clone, Copy)]
enum Where<'a> {
    /// Each in a sandbox of its own.
    Sandboxes(&'a Ground),
    /// The same, where each has its own copy of the file: what runs beside something else has such a copy of its image.
    Copies(&'a Ground),
    /// On the bare host: the control.
    Host,
}

/// `shared.NAME_bits_per_s` for each channel, and on the bare host `shared.NAME_bare_bits_per_s`: what carries nothing there proves
/// nothing, and has no figures.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let path = std::env::current_dir().expect("a folder").join("target/bench-shared");
    std::fs::create_dir_all(&path).expect("the target folder");
    let file = path.join("rows");
    std::fs::write(&file, vec![7; SHARED]).expect("a file to share");
    File::open(&file).and_then(|file| file.sync_all()).expect("the file on the disk");
    let copy = path.join("copy");
    std::fs::create_dir_all(&copy).expect("a folder");
    std::fs::copy(&file, copy.join("rows")).expect("a copy");
    File::open(copy.join("rows")).and_then(|file| file.sync_all()).expect("the copy on the disk");
    for channel in &CHANNELS {
        let rate = |place| fastest(channel, |message| tell(place, &path, channel.name, message)).round();
        let (inside, bare) = (rate(Where::Sandboxes(&ground)), rate(Where::Host));
        if bare == 0.0 {
            eprintln!("  {} carries nothing on the bare host either: no figure", channel.name);
            continue;
        }
        figures.insert(format!("shared.{}_bits_per_s", channel.name), Value::from(inside));
        figures.insert(format!("shared.{}_bare_bits_per_s", channel.name), Value::from(bare));
        if channel.name == "cache" {
            figures.insert("shared.cache_of_copies_bits_per_s".to_owned(), Value::from(rate(Where::Copies(&ground))));
            for (name, let_go) in [("kept", false), ("let_go", true)] {
                let bits = (1..=TRIES).map(|seed| afterwards(&ground, &path, seed, let_go)).fold(0.0, f64::max);
                figures.insert(format!("between.cache_{name}_bits"), Value::from(bits.round()));
            }
        }
    }
    std::fs::remove_dir_all(path).expect("the folder");
}

/// The best rate of a channel at any speed.
fn fastest(channel: &Channel, tell: impl Fn(Message) -> f64) -> f64 {
    let speeds = std::iter::successors(Some(channel.longest), |slot| Some(*slot / 2));
    let (mut best, mut worse) = (0.0_f64, 0);
    for slot in speeds.take_while(|slot| *slot >= channel.shortest && *slot > Duration::ZERO) {
        let bits = u32::try_from(TRY.as_nanos() / slot.as_nanos()).unwrap_or(u32::MAX);
        let bits = bits.max(LEAST).min(channel.most);
        let rate = (1..=TRIES).map(|seed| tell(Message { slot, bits, seed })).fold(0.0, f64::max);
        eprintln!("  {} in {slot:?} each: {rate:.0} bits/s", channel.name);
        worse = if rate < best * WORSE { worse + 1 } else { 0 };
        best = best.max(rate);
        if worse == 2 {
            break;
        }
    }
    best
}

/// Bits a second that came through.
fn tell(place: Where<'_>, path: &Path, channel: &str, message: Message) -> f64 {
    // Nothing of the file is in memory (proc_sys_vm(5), drop_caches).
    std::fs::write("/proc/sys/vm/drop_caches", "1").expect("root");
    let start = soon();
    let (mut hear, speak) = pipe().expect("a pipe");
    let words = |role: &str| words(channel, role, start, message);
    let heard = match place {
        Where::Sandboxes(ground) | Where::Copies(ground) => {
            let theirs = if matches!(place, Where::Copies(_)) { path.join("copy") } else { path.to_owned() };
            let party =
                |path: &Path, role, slot, out| ground.spawn(spec(path, slot, words(role), out)).expect("a sandbox");
            let (sender, receiver) = (party(path, "send", 0, log(path)), party(&theirs, "receive", 1, speak.into()));
            let mut heard = String::new();
            hear.read_to_string(&mut heard).expect("what it heard");
            sender.wait().expect("its end");
            receiver.wait().expect("its end");
            heard
        }
        Where::Host => {
            let party = |role| {
                let mut command = Command::new(probes());
                command.args(&words(role)[1..]).env("CHANNEL_FILE", path.join("rows"));
                command
            };
            let mut sender = party("send").stdout(log(path)).spawn().expect("a sender");
            let heard = party("receive").output().expect("a receiver").stdout;
            sender.wait().expect("its end");
            String::from_utf8_lossy(&heard).into_owned()
        }
    };
    let (through, until) = compared(&heard, message);
    through / until.saturating_sub(start).as_secs_f64()
}

/// Bits that one job leaves in memory for the next, where their pages are let go of between the two or aren't.
fn afterwards(ground: &Ground, path: &Path, seed: u64, let_go: bool) -> f64 {
    let message = Message { slot: Duration::from_micros(500), bits: 256, seed };
    std::fs::write("/proc/sys/vm/drop_caches", "1").expect("root");
    let sender = ground.spawn(spec(path, 0, words("cache", "send", soon(), message), null())).expect("a sandbox");
    sender.wait().expect("its end");
    if let_go {
        semla_sandbox::pages::forget(&path.join("rows")).expect("to let go of them");
    }
    let (mut hear, speak) = pipe().expect("a pipe");
    let receiver = spec(path, 1, words("cache", "receive", soon(), message), speak.into());
    let receiver = ground.spawn(receiver).expect("a sandbox");
    let mut heard = String::new();
    hear.read_to_string(&mut heard).expect("what it heard");
    receiver.wait().expect("its end");
    compared(&heard, message).0
}

/// When both sides are there.
fn soon() -> Duration {
    Duration::from(clock_gettime(ClockId::CLOCK_MONOTONIC).expect("a clock")) + Duration::from_millis(150)
}

fn words(channel: &str, role: &str, start: Duration, message: Message) -> Vec<String> {
    let numbers = [start.as_nanos(), message.slot.as_nanos(), message.bits.into(), message.seed.into()];
    let words = ["semla-probes", "channel", channel, role].map(str::to_owned);
    words.into_iter().chain(numbers.map(|number| number.to_string())).collect()
}

/// How many bits came through, beyond what chance explains, and when the last one was guessed.
fn compared(heard: &str, message: Message) -> (f64, Duration) {
    let drawn = ["channel", "bits", &message.bits.to_string(), &message.seed.to_string()];
    let sent = Command::new(probes()).args(drawn).output().expect("what was sent").stdout;
    let sent = sent.trim_ascii_end();
    let (guesses, until) = heard.trim_end().split_once(' ').expect("guesses, and when they were done");
    assert_eq!(guesses.len(), sent.len(), "the receiver guesses every bit");
    let wrong = guesses.bytes().zip(sent).filter(|(guess, bit)| guess != *bit).count();
    let error = (wrong as f64 / sent.len() as f64).min(0.5);
    let through = capacity(error) * sent.len() as f64;
    let through = if through < CHANCE { 0.0 } else { through };
    (through, Duration::from_nanos(until.parse().expect("a moment")))
}

/// The program of both sides, which lies beside this one.
fn probes() -> PathBuf {
    std::env::current_exe().expect("this program").with_file_name("semla-probes")
}

/// How much of a bit gets through where so many are wrong.
fn capacity(error: f64) -> f64 {
    let term = |p: f64| if p <= 0.0 { 0.0 } else { -p * p.log2() };
    1.0 - term(error) - term(1.0 - error)
}

fn spec(path: &Path, slot: u32, arguments: Vec<String>, stdout: OwnedFd) -> Spec {
    let program = File::open(probes()).expect("semla-probes beside this program: run `make build`");
    let shared = File::open(path).expect("the shared folder");
    Spec {
        fence: Fence::parse(&format!("shared-{}-{slot}", std::process::id())).expect("a fence"),
        slot: Slot::new(slot).expect("a slot"),
        root: Root::Empty,
        mounts: vec![Mount { at: MountPoint::parse("/shared").expect("a place"), what: What::ReadOnly(shared.into()) }],
        devices: Vec::new(),
        links: Vec::new(),
        program: Program::Fd(program.into(), arguments),
        env: Vec::new(),
        cwd: "/".to_owned(),
        limits: Limits { cpu_milli: 2000, ..Limits::default() },
        stdin: null(),
        stdout,
        stderr: null(),
    }
}

/// Where goes what the sender says: on the disk that the file is on, as a job's log.
fn log(path: &Path) -> OwnedFd {
    File::create(path.join("log")).expect("a log").into()
}

fn null() -> OwnedFd {
    File::options().read(true).write(true).open("/dev/null").expect("/dev/null").into()
}
