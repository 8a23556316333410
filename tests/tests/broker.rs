//! One attempt in a container: what the engine is asked for is what the job gets, and nothing is left of it, however it ends.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_policy::Digest;
use semla_sandbox::confine::End;
use semla_sandbox::engine::{Access, ContainError, Contained, Order, Runtime, Shown};
use semla_sandbox::limits::{Limits, Space};
use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::engine::{Dockerd, pack, process};
use semla_tests::told::Told;
use std::fs::{self, Permissions};
use std::io::{Error, PipeReader, Read, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The job's user.
const JOB: u32 = 0x6000_0000 + 1000;

/// The same in an engine's user namespace.
const REMAPPED: u32 = 1007;

/// Programs of the image, which are all one.
const PROGRAMS: [&str; 10] = ["sh", "cat", "grep", "head", "id", "ls", "sleep", "tail", "touch", "mount"];

struct Bench {
    engine: Dockerd,
    access: Access,
    root: PathBuf,
}

impl Bench {
    fn set(name: &str) -> Self {
        Self::with(Dockerd::start(name), name)
    }

    fn with(engine: Dockerd, name: &str) -> Self {
        let root = PathBuf::from(format!("/var/tmp/semla-broker-{name}-{}", std::process::id()));
        for folder in ["image/bin", "data", "out"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        fs::copy("/bin/busybox", root.join("image/bin/busybox")).expect("busybox: `apt-get install busybox-static`");
        for program in PROGRAMS {
            std::os::unix::fs::symlink("busybox", root.join("image/bin").join(program)).expect("a link");
        }
        fs::write(root.join("data/rows.csv"), "id,age\n1,40\n").expect("rows");
        chown(root.join("out"), Some(JOB), Some(JOB)).expect("to hand it over");
        fs::set_permissions(root.join("out"), Permissions::from_mode(0o700)).expect("to close it");
        let access = engine.access();
        Self { engine, access, root }
    }

    /// Gives `/out` to the job's user in the engine's own namespace.
    fn hand_over(&self, first: u32) -> Result<u32, Error> {
        chown(self.root.join("out"), Some(first + REMAPPED), Some(first + REMAPPED)).map(|()| REMAPPED)
    }

    fn order(&self, name: &str, script: &str) -> Order {
        let shown = |at: &str, from: &str, writable| Shown { at: at.into(), from: self.root.join(from), writable };
        Order {
            fence: format!("{name}-1").try_into().expect("an id"),
            site: "test".into(),
            image: Digest::of(b"busybox"),
            runtime: Runtime { name: "runc".into(), shared_kernel: true, limited: true },
            user: JOB,
            command: ["/bin/sh", "-c", script].map(str::to_owned).into(),
            env: vec![("PATH".into(), "/bin".into())],
            cwd: "/data".into(),
            mounts: vec![shown("/data", "data", false), shown("/out", "out", true)],
            limits: Limits { memory: 64 << 20, pids: 32, tmp: Space::new(1 << 20, 100), ..Limits::default() },
        }
    }

    /// Starts an order, with the pipe that it speaks into.
    fn start(&self, order: &Order) -> Result<(Contained, PipeReader), ContainError> {
        let (hear, speak) = pipe().expect("a pipe");
        let packed = || Ok((pack(&self.root.join("image"))?, || Ok(())));
        Contained::start(
            &self.access,
            order,
            speak.as_fd(),
            Duration::from_secs(60),
            |first| self.hand_over(first),
            packed,
        )
        .map(|contained| (contained, hear))
    }

    /// Runs an order: what it said, and how it ended.
    fn run(&self, order: &Order) -> (String, End, bool) {
        let (contained, mut hear) = self.start(order).expect("a container");
        let mut said = String::new();
        hear.read_to_string(&mut said).expect("its words");
        let (end, out_of_memory) = contained.wait().expect("an end");
        assert_eq!(self.left(), "", "nothing is left");
        (said, end, out_of_memory)
    }

    fn left(&self) -> String {
        self.engine.docker(&["ps", "--all", "--quiet"]).expect("a list")
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.root));
    }
}

#[test]
fn a_job_gets_what_was_asked_for_and_nothing_is_left() {
    let bench = Bench::set("asked");
    let script = "cat rows.csv; id -u; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status; touch /data/x; touch /x; \
                  touch /tmp/ok && echo tmp; echo made > /out/a.txt; mount -t tmpfs x /tmp; ls /sys/class/net /dev; exit 7";
    let (said, end, out_of_memory) = bench.run(&bench.order("asked", script));
    assert_eq!((end, out_of_memory), (End::Exited(7), false), "{said}");
    for line in [
        "1,40",
        "1610613736",
        "CapBnd:\t0000000000000000",
        "CapEff:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        "tmp",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    for refused in ["/data/x: Read-only file system", "/x: Read-only file system", "mount: permission denied"] {
        assert!(said.contains(refused), "{refused}: {said}");
    }
    assert!(!said.contains("eth0") && !said.contains("/dev/sda"), "{said}");
    assert_eq!(fs::read_to_string(bench.root.join("out/a.txt")).expect("its output"), "made\n");
}

/// An engine with a user namespace of its own: what is root in a container, if anything ever is, is nobody on the host.
#[test]
fn an_engine_that_remaps_users_keeps_a_job_from_the_hosts() {
    let bench = Bench::with(Dockerd::remapping("remaps"), "remaps");
    let script =
        "cat rows.csv; id -u; grep -v ' 4294967295$' /proc/self/uid_map && echo mapped; echo made > /out/a.txt";
    let (said, end, _) = bench.run(&bench.order("remapped", script));
    assert_eq!(end, End::Exited(0), "{said}");
    for line in ["1,40", "1007", "mapped"] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    let made = fs::metadata(bench.root.join("out/a.txt")).expect("its output");
    let owner = std::os::unix::fs::MetadataExt::uid(&made);
    assert!(owner > 0x1_0000 + REMAPPED && owner != JOB, "{owner}");

    // The same by a keeper: it reads its inputs, and writes to its own.
    let site = Site::new("remapped").with_engine(&bench.engine.socket());
    let cast = Cast::assemble_on(site, POLICY, &mut Told::default());
    let code = "import os\nrows = open('/data/train/wdbc.csv').read().count('\\n')\n\
                open('/out/a.txt', 'w').write(f'{rows} rows')\nopen('/scratch/x', 'w').write('x')\nopen('/tmp/x', 'w').write('x')\n\
                print(os.getuid(), os.stat('/out').st_uid)\n";
    let more = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[needs]\ndisk = \"64M\"\n";
    let file = cast.line("remapped", PERMIT, code, more);
    let ran = cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json();
    let attempt = cast.site.state().join(format!("attempts/{}-1", ran["id"].as_str().expect("an id")));
    let read = |name: &str| fs::read_to_string(attempt.join(name)).expect("what the keeper wrote");
    let (end, log) = (read("end.json"), read("log"));
    assert!(end.contains("\"succeeded\"") && end.contains("\"size\":8"), "{end} {log}");
    assert_eq!(log, "1000 1000\n", "the first of those who may run at a time");
}

#[test]
fn nothing_outlives_its_keeper_its_time_or_its_memory() {
    let bench = Bench::set("ends");
    // A keeper that kills it hears of its end at once, ...
    let (contained, _hear) = bench.start(&bench.order("killed", "sleep 100 & sleep 100")).expect("a container");
    assert!(!bench.left().is_empty(), "the control: it is there");
    let begun = Instant::now();
    contained.kill_all().expect("to kill it");
    assert_eq!(contained.wait().expect("an end").0, End::Exited(137));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(bench.left(), "");
    // ... one that goes away takes it along, ...
    let (contained, _hear) = bench.start(&bench.order("dropped", "sleep 100")).expect("a container");
    drop(contained);
    assert_eq!(bench.left(), "");
    // ... and where both are gone, whoever knows its name removes it.
    let order = bench.order("orphan", "sleep 100");
    let (contained, _hear) = bench.start(&order).expect("a container");
    let program = bench.access.broker.display().to_string();
    let broker = process(&[&program, "run", &bench.access.socket.display().to_string()]).expect("a broker");
    kill(broker, Signal::SIGKILL).expect("to kill it");
    assert!(contained.wait().is_err(), "its broker is gone");
    assert!(!bench.left().is_empty(), "the control: it is there");
    bench.access.clear(&["semla-test-orphan-1".into()]).expect("to remove it");
    assert_eq!(bench.left(), "");
    bench.access.clear(&["semla-test-orphan-1".into()]).expect("to remove what isn't there");
    // More memory than it may have.
    let (said, end, out_of_memory) =
        bench.run(&bench.order("large", "head -c 200000000 /dev/zero | tail -c 200000000; exit 1"));
    assert!(out_of_memory || end == End::Exited(137), "{end:?} {said}");
    let (_, end, out_of_memory) =
        bench.run(&bench.order("small", "head -c 2000000 /dev/zero | tail -c 2000000 > /dev/null"));
    assert_eq!((end, out_of_memory), (End::Exited(0), false), "the control");
}

#[test]
fn an_image_is_kept_only_when_all_of_it_came() {
    let bench = Bench::set("image");
    let order = bench.order("image", "true");
    let (_hear, speak) = pipe().expect("a pipe");
    let images = || bench.engine.docker(&["images", "--quiet"]).expect("a list");
    let broken = || Ok((pack(&bench.root.join("image"))?, || Err(Error::other("the worker was killed"))));
    let refused = Contained::start(&bench.access, &order, speak.as_fd(), Duration::from_secs(60), |_| Ok(JOB), broken);
    assert_eq!(refused.expect_err("a part").to_string(), "failed to pack the image for the engine");
    assert_eq!(images(), "");
    bench.run(&order);
    assert_eq!(images().lines().count(), 1, "the control");
    // The next one finds it there.
    type Whole = fn() -> Result<(), Error>;
    let unasked = || -> Result<(OwnedFd, Whole), Error> { panic!("it is there") };
    let contained =
        Contained::start(&bench.access, &order, speak.as_fd(), Duration::from_secs(60), |_| Ok(JOB), unasked);
    contained.expect("a container").wait().expect("an end");
}

#[test]
fn the_keeper_can_wait_for_an_end_and_for_words_at_once() {
    let bench = Bench::set("waits");
    let (contained, _hear) = bench.start(&bench.order("waits", "sleep 1")).expect("a container");
    let ready = |patience: u16| {
        let mut fds = [PollFd::new(contained.ended(), PollFlags::POLLIN)];
        poll(&mut fds, PollTimeout::from(patience)).expect("to wait")
    };
    assert_eq!(ready(0), 0, "it runs");
    assert_eq!(ready(10_000), 1, "it ended");
    assert_eq!(contained.wait().expect("an end").0, End::Exited(0));
}

#[test]
fn what_the_engine_does_not_have_or_would_not_hold_is_refused() {
    let bench = Bench::set("refused");
    let refused = |order: &Order| match bench.start(order) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it runs"),
    };
    let mut order = bench.order("refused", "true");
    order.runtime.name = "none".into();
    assert_eq!(refused(&order), "failed to find the runtime: the engine has no runtime `none`");
    // gVisor without cgroups holds nobody to limits: it runs only what needs none.
    order.runtime = Runtime { name: "runsc".into(), shared_kernel: false, limited: true };
    assert_eq!(refused(&order), "failed to find the runtime: `runsc` runs without cgroups, and so without limits");
    order.runtime.limited = false;
    order.command = ["/bin/sh", "-c", "cat rows.csv; cat /proc/version"].map(str::to_owned).into();
    let (said, end, _) = bench.run(&order);
    assert!(end == End::Exited(0) && said.contains("1,40") && said.contains("4.4.0"), "{end:?} {said}");
    let mut order = bench.order("absent", "true");
    order.mounts[0].from = bench.root.join("nowhere");
    assert!(refused(&order).starts_with("failed to make the container: "), "{}", refused(&order));
    assert_eq!(bench.left(), "");
}

/// A policy under which whatever is confidential runs in a container.
const POLICY: &str = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
                      [[level]]\nname = \"confidential\"\nisolation = \"docker\"\n";

#[test]
fn a_level_that_asks_for_a_container_gets_one() {
    let engine = Dockerd::start("site");
    let site = Site::new("engine").with_engine(&engine.socket());
    let cast = Cast::assemble_on(site, POLICY, &mut Told::default());
    let site = &cast.site;
    let left = || engine.docker(&["ps", "--all", "--format", "{{.Names}}"]).expect("a list");
    let ended = |name: &str, code: &str, more: &str| {
        let file = cast.line(name, PERMIT, code, more);
        let id = site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json()["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        assert_eq!(left(), "", "nothing is left of it");
        let attempt = site.state().join(format!("attempts/{id}-1"));
        let parts = ["out", "scratch", "disk", "input-0", "facts"].map(|part| attempt.join(part).exists());
        assert_eq!(
            parts, [false; 5],
            "nor of its `/out`, the covers of its inputs, and what it was told of the machine"
        );
        let read = |name: &str| fs::read_to_string(attempt.join(name)).expect("what the keeper wrote");
        (read("end.json"), read("log"))
    };
    let code = "import os, pandas\nrows = pandas.read_csv('/data/train/wdbc.csv')\n\
                open('/out/a.txt', 'w').write(f'{len(rows)} rows')\nprint('user', os.getuid())\n\
                print('mine', open('/code/main.py').read()[:9])\n\
                print('covered', any(' - overlay ' in line for line in open('/proc/self/mountinfo') if ' /data/train ' in line))\n\
                memory = dict(line.split()[:2] for line in open('/proc/meminfo'))\n\
                print('free', memory['MemFree:'] == memory['MemTotal:'], 'processors', 'processor' in open('/proc/cpuinfo').read())\n\
                print('idle', set(open('/proc/stat').readline().split()[1:]), open('/proc/keys').read() == '')\n";
    let (end, log) = ended("contained", code, "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n");
    assert!(end.contains("\"succeeded\"") && end.contains("a.txt") && end.contains("\"size\":8"), "{end} {log}");
    assert_eq!(
        log.lines().collect::<Vec<_>>(),
        ["user 1610613736", "mine import os", "covered True", "free True processors True", "idle {'0'} True"]
    );

    let file = cast.line("drawn", PERMIT, "pass", "[needs]\ngpus = 1\n");
    let ran = site.semla("scientist-1", &["submit", &file]);
    assert!(ran.code == 1 && ran.err.contains("runs in containers of an engine, which get no GPUs"), "{ran:?}");

    let code = "import os\nopen('/scratch/large', 'wb').write(bytes(96 << 20))\nopen('/out/a.txt', 'w').write('kept')\n\
                print(os.stat('/out').st_dev == os.stat('/scratch').st_dev)\n";
    let more = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[needs]\ndisk = \"128M\"\n";
    let (end, log) = ended("disk", code, more);
    assert!(end.contains("\"succeeded\"") && end.contains("\"size\":4") && log == "True\n", "{end} {log}");

    let (end, _) = ended("slow", "import time\ntime.sleep(60)", "[needs]\ntime = \"4s\"\n");
    assert!(end.contains("\"out-of-time\""), "{end}");
    let (end, log) = ended("large", "print(len(b'x' * (1 << 30)))", "[needs]\nmemory = \"64M\"\n");
    assert!(end.contains("\"out-of-memory\""), "{end} {log}");

    let until = |what: &str, reached: &dyn Fn() -> bool| {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !reached() {
            assert!(Instant::now() < deadline, "{what}: {}", site.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let running = |name: &str| {
        let file = cast.line(name, PERMIT, "import time\ntime.sleep(60)", "");
        let id = site.json("scientist-1", &["submit", &file])["id"].as_str().expect("an id").to_owned();
        until("it runs", &|| engine.docker(&["ps", "--quiet"]).is_some_and(|all| !all.is_empty()));
        id
    };
    let id = running("stopped");
    site.semla("scientist-1", &["job", "cancel", &id]).ok();
    let end = site.state().join(format!("attempts/{id}-1/end.json"));
    until("it ended", &|| end.exists());
    assert!(fs::read_to_string(&end).expect("an end").contains("\"stopped\""));
    assert_eq!(left(), "");

    // Its broker is killed: the keeper has the container removed before it says that the job is over.
    let program = site.program("semla-broker").display().to_string();
    let broker = || process(&[&program, "run", &engine.socket().display().to_string()]).expect("a broker");
    let id = running("unheld");
    kill(broker(), Signal::SIGKILL).expect("to kill it");
    let end = site.state().join(format!("attempts/{id}-1/end.json"));
    until("it ended", &|| end.exists());
    assert_eq!(left(), "", "{}", fs::read_to_string(&end).expect("an end"));
    assert!(fs::read_to_string(&end).expect("an end").contains("\"lost\""));

    // Its broker and its keeper are killed, in this order: nobody is left who holds the container.
    let id = running("lost");
    let broker = broker();
    let keeper = fs::read_to_string(format!("/proc/{broker}/stat")).expect("a broker");
    let keeper = keeper.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
    let keeper = Pid::from_raw(keeper.expect("its keeper"));
    for pid in [broker, keeper] {
        kill(pid, Signal::SIGSTOP).expect("to hold it still");
    }
    for pid in [broker, keeper] {
        kill(pid, Signal::SIGKILL).expect("to kill it");
    }
    until("the launcher clears it away", &|| left().is_empty());
    let out = site.state().join(format!("attempts/{id}-1/out"));
    until("and its `/out`", &|| !out.exists());
    let state = || site.json("scientist-1", &["job", "show", &id])["state"].clone();
    until("it ends", &|| state() == "lost" || state() == "failed" || state() == "ended");
}

/// gVisor leaves cgroups alone here: it is for levels whose jobs need no limits, and others hear so before anything is made.
#[test]
fn gvisor_without_cgroups_runs_what_needs_no_limits() {
    let engine = Dockerd::start("gvisor");
    let site = Site::new("gvisor").with_engine(&engine.socket());
    let policy = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n\
                  [[level]]\nname = \"internal\"\nisolation = \"gvisor\"\nlimits = false\n\
                  [[level]]\nname = \"confidential\"\nisolation = \"gvisor\"\n";
    let cast = Cast::assemble_on(site, policy, &mut Told::default());
    assert!(cast.rehearse("kernel", "print(open('/proc/version').read())").contains("4.4.0"));
    let file = cast.line("limited", PERMIT, "pass", "");
    let refused = cast.site.semla("scientist-1", &["submit", &file]);
    let what = "no host here runs `confidential/health`: it asks for `gvisor` with limits";
    assert!(refused.code == 1 && refused.err.contains(what), "{refused:?}");
    assert_eq!(engine.docker(&["ps", "--all", "--quiet"]).expect("a list"), "", "nothing is left");
}
