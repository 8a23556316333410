//! What two jobs that share a host can tell each other: one sends random bits, the other one guesses them, each in a sandbox of its own.
//!
//! The rate is that of the bits, less what errors cost: a binary symmetric channel carries `1 - H(p)` of each (Shannon 1948). Each
//! channel is tried faster and faster, until errors cost more than speed brings.

mod party;

use semla_sandbox::confine::{Fence, Ground, Mount, MountPoint, Program, Root, Running, Slot, Spec, What};
use semla_sandbox::limits::Limits;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{Read, pipe};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

pub(crate) use party::run as party;

/// Each channel is tried so often at each speed; the best rate counts, for an attacker tries again.
const TRIES: u64 = 5;
/// A channel that carries less than this part of its best rate has become too fast.
const WORSE: f64 = 0.5;
/// For how long bits are sent in a try, about.
const TRY: Duration = Duration::from_millis(400);
/// Bytes of the file that both sides may read.
pub(crate) const SHARED: usize = 64 << 20;

/// A way to tell a bit: the longest and the shortest time that one is given, and how many are sent at the most.
struct Channel {
    name: &'static str,
    longest: Duration,
    shortest: Duration,
    most: u32,
}

const CHANNELS: [Channel; 3] = [
    // A lock on a file of a dataset that both may only read.
    Channel { name: "lock", longest: Duration::from_millis(1), shortest: Duration::from_micros(1), most: 20_000 },
    // Whether a piece of that file is in memory already.
    Channel { name: "cache", longest: Duration::from_millis(1), shortest: Duration::from_micros(4), most: 256 },
    // The load of the cores.
    Channel { name: "cores", longest: Duration::from_millis(40), shortest: Duration::from_micros(100), most: 1000 },
];

/// Bits that are sent, one in each slot.
#[derive(Clone, Copy)]
pub(crate) struct Message {
    pub(crate) slot: Duration,
    pub(crate) bits: u32,
    pub(crate) seed: u64,
}

/// `shared.lock_bits_per_s`, `shared.cache_bits_per_s`, `shared.cores_bits_per_s`.
pub(crate) fn run(figures: &mut Map<String, Value>) {
    let ground = Ground::prepare().expect("root, cgroups and seccomp");
    let path = std::env::current_dir().expect("a folder").join("target/bench-shared");
    std::fs::create_dir_all(&path).expect("the target folder");
    let file = path.join("rows");
    std::fs::write(&file, vec![7; SHARED]).expect("a file to share");
    File::open(&file).and_then(|file| file.sync_all()).expect("the file on the disk");
    for channel in &CHANNELS {
        let rate = fastest(channel, |message| tell(&ground, &path, channel.name, message));
        figures.insert(format!("shared.{}_bits_per_s", channel.name), Value::from(rate.round()));
    }
    std::fs::remove_dir_all(path).expect("the folder");
}

/// The best rate of a channel at any speed.
fn fastest(channel: &Channel, tell: impl Fn(Message) -> f64) -> f64 {
    let speeds = std::iter::successors(Some(channel.longest), |slot| Some(*slot / 2));
    let (mut best, mut worse) = (0.0_f64, 0);
    for slot in speeds.take_while(|slot| *slot >= channel.shortest && *slot > Duration::ZERO) {
        let bits = u32::try_from(TRY.as_nanos() / slot.as_nanos()).unwrap_or(u32::MAX).min(channel.most);
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
fn tell(ground: &Ground, path: &Path, channel: &str, message: Message) -> f64 {
    // Nothing of the file is in memory (proc_sys_vm(5), drop_caches).
    std::fs::write("/proc/sys/vm/drop_caches", "1").expect("root");
    let start = party::now() + Duration::from_millis(150);
    let (mut hear, speak) = pipe().expect("a pipe");
    let party = |role: &str, slot: u32, out: OwnedFd| -> Running {
        let numbers = [start.as_nanos(), message.slot.as_nanos(), message.bits.into(), message.seed.into()];
        let words = ["semla-bench", "--party", channel, role].map(str::to_owned);
        let arguments = words.into_iter().chain(numbers.map(|number| number.to_string())).collect();
        ground.spawn(spec(path, slot, arguments, out)).expect("a sandbox")
    };
    let sender = party("send", 0, null());
    let receiver = party("receive", 1, speak.into());
    let mut heard = String::new();
    hear.read_to_string(&mut heard).expect("what it heard");
    sender.wait().expect("its end");
    receiver.wait().expect("its end");
    let sent = party::bits(message);
    let (guesses, until) = heard.trim_end().split_once(' ').expect("guesses, and when they were done");
    assert_eq!(guesses.len(), sent.len(), "the receiver guesses every bit");
    let wrong = guesses.bytes().zip(&sent).filter(|(guess, bit)| (*guess == b'1') != **bit).count();
    let error = (wrong as f64 / sent.len() as f64).min(0.5);
    let taken = Duration::from_nanos(until.parse().expect("a moment")).saturating_sub(start);
    capacity(error) * sent.len() as f64 / taken.as_secs_f64()
}

/// How much of a bit gets through where so many are wrong.
fn capacity(error: f64) -> f64 {
    let term = |p: f64| if p <= 0.0 { 0.0 } else { -p * p.log2() };
    1.0 - term(error) - term(1.0 - error)
}

fn spec(path: &Path, slot: u32, arguments: Vec<String>, stdout: OwnedFd) -> Spec {
    let program = File::open("/proc/self/exe").expect("this program");
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

fn null() -> OwnedFd {
    File::options().read(true).write(true).open("/dev/null").expect("/dev/null").into()
}
