//! GPUs in the sandbox: by a specification of harmless device nodes on every machine, and by the machine's own where it has one.
//!
//! The real one is looked for in `SEMLA_CDI` or /etc/cdi. It is driven by PyTorch, by the `python3` in PATH, with the host's root as
//! the image.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nix::fcntl::OFlag;
use nix::unistd::pipe2;
use semla_sandbox::cdi::{self, Given, Gpu};
use semla_sandbox::confine::{End, Fence, Ground, Layer, Layers, Mount, MountPoint, Program, Root, Slot, Spec, What};
use semla_sandbox::limits::{Limits, Space};
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const PROBE: &str = "gpu-probe";

/// A small training run on the GPU, with memory that both share.
const TRAINING: &str = "
import torch
x = torch.randn(1000, 1000, device='cuda')
m = torch.nn.Linear(1000, 10).cuda()
o = torch.optim.SGD(m.parameters(), lr=.1)
first = None
for step in range(20):
    loss = m(x).square().mean()
    first = first or loss.item()
    o.zero_grad(); loss.backward(); o.step()
y = torch.empty(1000, 1000, pin_memory=True)
y.copy_(x); torch.cuda.synchronize()
assert loss.item() < first and torch.equal(y, x.cpu())
print('trained on', torch.cuda.get_device_name())
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments[0] == PROBE {
        return probe();
    }
    if arguments.iter().any(|argument| argument == "--list") {
        println!("a_gpu_is_what_its_specification_says: test\na_real_gpu_trains: test");
        return ExitCode::SUCCESS;
    }
    let lab = Lab { ground: Ground::prepare().unwrap(), folder: folder() };
    harmless(&lab);
    println!("test a_gpu_is_what_its_specification_says ... ok");
    let real = std::env::var_os("SEMLA_CDI").map_or_else(|| PathBuf::from("/etc/cdi"), PathBuf::from);
    match cdi::gpus(&real).unwrap().first() {
        Some(gpu) => {
            training(&lab, gpu);
            println!("test a_real_gpu_trains ... ok");
        }
        None => println!("test a_real_gpu_trains ... no GPU is described in {}: not tried", real.display()),
    }
    fs::remove_dir_all(lab.folder).unwrap();
    ExitCode::SUCCESS
}

struct Lab {
    ground: Ground,
    folder: PathBuf,
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("semla-gpu-{}", std::process::id()));
    fs::create_dir_all(folder.join("cdi")).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Nodes of zero and full in the place of a GPU's, a library and a link to it.
fn harmless(lab: &Lab) {
    let library = lab.folder.join("library");
    fs::write(&library, "the driver\n").unwrap();
    fs::set_permissions(&library, Permissions::from_mode(0o666)).unwrap();
    let specification = serde_json::json!({
        "cdiVersion": "0.5.0", "kind": "vendor.com/gpu",
        "devices": [{ "name": "0", "containerEdits": { "deviceNodes": [
            { "path": "/dev/gpu0", "hostPath": "/dev/zero" },
            { "path": "/dev/gpu-caps/cap1", "major": 1, "minor": 5, "fileMode": 0o400 },
        ] } }],
        "containerEdits": {
            "env": ["GPUS=void"],
            "deviceNodes": [{ "path": "/dev/gpuctl", "hostPath": "/dev/full" }],
            "mounts": [{ "hostPath": library, "containerPath": "/opt/driver/liba.so.1.2" }],
            "hooks": [{ "hookName": "createContainer", "path": "/bin/false",
                "args": ["tool", "create-symlinks", "--link", "liba.so.1.2::/opt/driver/liba.so.1"] }],
        },
    });
    fs::write(lab.folder.join("cdi/gpu.json"), specification.to_string()).unwrap();
    let gpus = cdi::gpus(&lab.folder.join("cdi")).unwrap();
    let said = |gpus: &[Gpu], without: &[Layer]| {
        let program = Program::Fd(File::open("/proc/self/exe").unwrap().into(), vec![PROBE.to_owned()]);
        lab.run(Root::Empty, program, gpus, &[], without)
    };
    let (end, words) = said(&gpus, &[]);
    assert_eq!(end, Some(End::Exited(0)), "{words}");
    assert_eq!(
        words.lines().collect::<Vec<_>>(),
        [
            "/dev/gpu0: zeros",
            "/dev/gpuctl: zeros",
            "/dev/gpu-caps/cap1: EACCES",
            "/opt/driver/liba.so.1: the driver",
            "written /opt/driver/liba.so.1.2: EROFS",
            "GPUS=void",
            "ioctl for GPUs: ENOTTY",
            "ioctl for terminals: EPERM",
        ]
    );
    // Controls: whoever has no GPU has nothing of it, and writing is held by the mount alone.
    let (_, words) = said(&[], &[]);
    for line in ["/dev/gpu0: ENOENT", "/opt/driver/liba.so.1: ENOENT", "ioctl for GPUs: EPERM"] {
        assert!(words.lines().any(|said| said == line), "{line}: {words}");
    }
    let (_, words) = said(&gpus, &[Layer::ReadOnly, Layer::Landlock, Layer::Cover]);
    assert!(words.contains("written /opt/driver/liba.so.1.2: done"), "{words}");
}

/// Trains on the machine's own GPU.
fn training(lab: &Lab, gpu: &Gpu) {
    let code = lab.folder.join("code");
    fs::create_dir(&code).unwrap();
    fs::write(code.join("train.py"), TRAINING).unwrap();
    let program = Program::Path(vec!["python3".to_owned(), "/code/train.py".to_owned()]);
    let root = || Root::Image(File::open("/").unwrap().into());
    let (end, words) = lab.run(root(), program, std::slice::from_ref(gpu), &[("/code", &code)], &[]);
    assert_eq!(end, Some(End::Exited(0)), "{words}");
    assert!(words.contains("trained on"), "{words}");
    println!("{}", words.trim());
    // Control: without the GPU the same program says so.
    let program = Program::Path(vec!["python3".to_owned(), "/code/train.py".to_owned()]);
    let (end, words) = lab.run(root(), program, &[], &[("/code", &code)], &[]);
    assert_eq!(end, Some(End::Exited(1)), "{words}");
}

impl Lab {
    fn run(
        &self,
        root: Root,
        program: Program,
        gpus: &[Gpu],
        inputs: &[(&str, &Path)],
        without: &[Layer],
    ) -> (Option<End>, String) {
        let Given { devices, mut mounts, links, mut env } = Given::with(gpus).unwrap();
        let input = |(at, path): &(&str, &Path)| Mount {
            at: MountPoint::parse(at).unwrap(),
            what: What::ReadOnly(File::open(path).unwrap().into()),
        };
        mounts.extend(inputs.iter().map(input));
        env.push(("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()));
        env.push(("HOME".to_owned(), "/tmp".to_owned()));
        let (read, write) = pipe2(OFlag::O_CLOEXEC).unwrap();
        let memory = 16 << 30;
        let spec = Spec {
            fence: Fence::parse(&format!("gpu-{}", std::process::id())).unwrap(),
            slot: Slot::new(9).unwrap(),
            root,
            mounts,
            devices,
            links,
            program,
            env,
            cwd: "/".to_owned(),
            limits: Limits {
                memory,
                pids: 512,
                tmp: Space::new(1 << 30, 4096),
                shm: Space::new(1 << 30, 4096),
                ..Limits::default()
            },
            stdin: File::open("/dev/null").unwrap().into(),
            stdout: write.try_clone().unwrap(),
            stderr: write,
        };
        let running = match self.ground.spawn_with(spec, Layers::without(without)) {
            Ok(running) => running,
            Err(error) => return (None, format!("{error}: {}", error.cause)),
        };
        let mut said = String::new();
        File::from(read).read_to_string(&mut said).unwrap();
        (Some(running.wait().unwrap().0), said)
    }
}

/// Says what there is of a GPU, from within.
fn probe() -> ExitCode {
    let word = |error: std::io::Error| {
        error
            .raw_os_error()
            .map_or_else(|| error.to_string(), |number| format!("{:?}", nix::errno::Errno::from_raw(number)))
    };
    for path in ["/dev/gpu0", "/dev/gpuctl", "/dev/gpu-caps/cap1"] {
        let mut bytes = [1; 16];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut bytes));
        println!(
            "{path}: {}",
            read.map_or_else(word, |()| if bytes == [0; 16] { "zeros" } else { "bytes" }.to_owned())
        );
    }
    let library = "/opt/driver/liba.so.1";
    println!("{library}: {}", fs::read_to_string(library).map_or_else(word, |text| text.trim().to_owned()));
    let file = "/opt/driver/liba.so.1.2";
    let written = File::options().write(true).open(file).map_or_else(word, |_| "done".to_owned());
    println!("written {file}: {written}");
    println!("GPUS={}", std::env::var("GPUS").unwrap_or_default());
    for (what, number) in [("GPUs", 0x4600 + 42), ("terminals", 0x5412)] {
        // SAFETY: no kernel object that standard output can be here takes these numbers, so that nothing is read through the null.
        let result = unsafe { libc::ioctl(1, number, 0) };
        let said = if result == 0 { "done".to_owned() } else { word(std::io::Error::last_os_error()) };
        println!("ioctl for {what}: {said}");
    }
    ExitCode::SUCCESS
}
