//! Taking more than its share.

use crate::probe::{Outcome, Probe, call};
use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("many-processes", "starts more processes than it asked for", |_| {
        let mut started = Vec::new();
        for _ in 0..120 {
            match Command::new("/proc/self/exe").arg("wait").stdout(Stdio::null()).spawn() {
                Ok(child) => started.push(child),
                Err(_) => break,
            }
        }
        let count = started.len();
        started.iter_mut().for_each(|child| {
            let _ = child.kill();
            let _ = child.wait();
        });
        Outcome::when(count == 120, format!("{count} of 120"))
    }),
    Probe::new("much-memory", "takes more memory than it asked for", |_| {
        // In a process of its own: whoever takes too much is killed.
        take(&[400])
    }),
    Probe::new("memory-of-many", "takes it in several processes, each of which takes less", |_| take(&[100; 4])),
    Probe::new("full-tmp", "fills /tmp, which is memory of the host", |_| fill("/tmp/fill")),
    Probe::new("full-shm", "fills /dev/shm, which is memory of the host", |_| fill("/dev/shm/fill")),
    Probe::new("full-out", "writes more output than there is room for", |stage| {
        fill(&stage.out.join("fill").display().to_string())
    }),
    Probe::new("many-files", "makes more files than it may", |stage| {
        let folder = stage.out.join("many");
        let _ = fs::create_dir(&folder);
        let made = (0..3000).take_while(|n| File::create(folder.join(n.to_string())).is_ok()).count();
        let _ = fs::remove_dir_all(&folder);
        Outcome::when(made == 3000, format!("{made} of 3000"))
    }),
    Probe::new("many-descriptors", "opens more files than it may", |_| {
        let mut open = Vec::new();
        while open.len() < 5000
            && let Ok(file) = File::open("/dev/null")
        {
            open.push(file);
        }
        Outcome::when(open.len() == 5000, format!("{} of 5000", open.len()))
    }),
    Probe::new("locked-memory", "locks memory, so that nothing else has it", |_| {
        let mapped = call(libc::SYS_mmap, [0, 32 << 20, 3, 0x22, usize::MAX, 0]);
        mapped.and_then(|at| call(libc::SYS_mlock, [at, 32 << 20])).into()
    }),
    Probe::new("core", "leaves a copy of its memory when it dies", |_| {
        let (soft, hard) = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_CORE).unwrap_or((0, 0));
        Outcome::when(hard > 0, format!("{soft} {hard}"))
    }),
    Probe::new("large-file", "makes a file that looks larger than any disk", |stage| {
        let path = stage.out.join("sparse");
        let made = File::create(&path).and_then(|file| file.set_len(1 << 42));
        let _ = fs::remove_file(path);
        made.into()
    }),
];

fn fill(path: &str) -> Outcome {
    let piece = vec![7_u8; 1 << 20];
    let mut written = 0;
    if let Ok(mut file) = File::create(path) {
        while written < 96 && file.write_all(&piece).is_ok() {
            written += 1;
        }
    }
    let _ = fs::remove_file(path);
    Outcome::when(written == 96, format!("{written} of 96 MiB"))
}

/// Processes that have so many MiB each, all at the same time for a while.
fn take(parts: &[usize]) -> Outcome {
    let children: Vec<_> = parts.iter().map(|mebibytes| (duplicate(), mebibytes)).collect();
    let mut ends = Vec::new();
    for (child, mebibytes) in children {
        match child {
            Some(0) => {
                let mut all: Vec<u8> = Vec::new();
                // What can't be had is an end that says so.
                if all.try_reserve_exact(mebibytes << 20).is_err() {
                    std::process::exit(1);
                }
                all.resize(mebibytes << 20, 0);
                all.iter_mut().step_by(4096).for_each(|page| *page = 1);
                std::thread::sleep(Duration::from_millis(500));
                std::hint::black_box(&all);
                std::process::exit(0)
            }
            Some(child) => {
                let mut status = 0_i32;
                let _ = call(libc::SYS_wait4, [child, std::ptr::from_mut(&mut status) as usize, 0, 0]);
                ends.push(status);
            }
            None => return Outcome::Held("no process".into()),
        }
    }
    Outcome::when(ends.iter().all(|status| *status == 0), format!("their ends were {ends:x?}"))
}

/// By the call that programs use: the filter knows no other one.
fn duplicate() -> Option<usize> {
    call(libc::SYS_clone, [usize::try_from(libc::SIGCHLD).unwrap_or(0), 0, 0, 0, 0]).ok()
}
