//! Files: what can be read, written and changed.

use std::fs::{self, File};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use semla_sandbox::confine::{Layer, Program, Root, Slot, What, tmpfs};
use semla_sandbox::limits::Space;

use crate::case::{Case, Lab};

crate::tests!(
    the_root_is_read_only,
    data_is_read_only,
    a_job_that_is_root_in_its_namespace_cannot_make_data_writable,
    a_link_in_data_leads_nowhere,
    a_link_of_the_image_is_not_followed_by_a_mount,
    a_single_file_can_be_mounted,
    out_is_readable_after_the_end,
    devices_are_few_and_work,
    shared_memory_and_tmp_have_their_sizes,
    every_mount_is_nosuid_and_nodev,
);

/// Data that everybody might write, were it not mounted read-only.
fn data(lab: &Lab) -> (std::path::PathBuf, OwnedFd) {
    let dir = lab.directory();
    fs::write(dir.join("file"), "data").unwrap();
    fs::set_permissions(dir.join("file"), fs::Permissions::from_mode(0o666)).unwrap();
    let fd = File::open(&dir).unwrap().into();
    (dir, fd)
}

fn the_root_is_read_only(lab: &Lab) {
    let root = [Layer::User, Layer::Landlock];
    assert_eq!(lab.probe(&["write", "/x"]).without(&root).says(), "EROFS");
    let control = [Layer::User, Layer::Landlock, Layer::ReadOnly, Layer::Capabilities];
    assert_eq!(lab.probe(&["write", "/x"]).without(&control).says(), "done");
}

fn data_is_read_only(lab: &Lab) {
    let (dir, fd) = data(lab);
    let write = |lab: &Lab, off: &[Layer]| {
        let fd = fd.try_clone().unwrap();
        lab.probe(&["write", "/in/data/file"]).mount("/in/data", What::ReadOnly(fd)).without(off).says()
    };
    assert_eq!(write(lab, &[]), "EROFS");
    assert_eq!(write(lab, &[Layer::Landlock]), "EROFS");
    assert_eq!(fs::read_to_string(dir.join("file")).unwrap(), "data");
    assert_eq!(write(lab, &[Layer::ReadOnly, Layer::Landlock]), "EROFS", "the cover alone holds");
    assert_eq!(write(lab, &[Layer::Cover, Layer::Landlock]), "EROFS", "the mount alone holds");
    assert_eq!(write(lab, &[Layer::ReadOnly, Layer::Cover]), "EACCES", "Landlock alone holds");
    assert_eq!(write(lab, &[Layer::ReadOnly, Layer::Cover, Layer::Landlock]), "done", "control");
    assert_eq!(fs::read_to_string(dir.join("file")).unwrap(), "datachanged");
}

fn a_job_that_is_root_in_its_namespace_cannot_make_data_writable(lab: &Lab) {
    let (_, fd) = data(lab);
    // A job that has become root, with every layer gone that would stop it before the mounts do.
    let rooted = [Layer::User, Layer::Capabilities, Layer::Privileges, Layer::Landlock, Layer::Seccomp];
    let remount = |off: &[Layer]| {
        let fd = fd.try_clone().unwrap();
        lab.probe(&["remount", "/in"]).mount("/in", What::ReadOnly(fd)).without(off).says()
    };
    assert_eq!(remount(&rooted), "EPERM");
    let control = [&rooted[..], &[Layer::Lock]].concat();
    assert_eq!(remount(&control), "done");
}

fn a_link_in_data_leads_nowhere(lab: &Lab) {
    let (dir, fd) = data(lab);
    symlink("file", dir.join("link")).unwrap();
    let read = |path: &str| {
        let fd = fd.try_clone().unwrap();
        lab.probe(&["read", path]).mount("/in", What::ReadOnly(fd)).says()
    };
    assert_eq!(read("/in/link"), "ELOOP");
    assert_eq!(read("/in/file"), "data");
}

fn a_link_of_the_image_is_not_followed_by_a_mount(lab: &Lab) {
    let dir = lab.directory();
    fs::create_dir(dir.join("etc")).unwrap();
    for name in ["out", "in", "proc", "dev", "tmp"] {
        symlink("/etc", dir.join(name)).unwrap();
    }
    fs::copy("/proc/self/exe", dir.join("run")).unwrap();
    let list = |path: &str| {
        let case = lab.probe(&[]).mount("/in/x", What::Tmpfs(Space::new(4096, 4)));
        let case = case.mount("/out", What::Tmpfs(Space::new(4096, 4))).with(|case| {
            case.root = Root::Image(File::open(&dir).unwrap().into());
            case.program = Program::Path(["/run", "list", path].map(str::to_owned).to_vec());
        });
        run_as_probe(case, path)
    };
    assert_eq!(list("/etc"), "");
    assert_eq!(list("/in"), "x");
    assert!(list("/dev").starts_with("fd full null"));
}

/// A program started by its path is a probe if its first word says so.
fn run_as_probe(case: Case<'_>, path: &str) -> String {
    case.with(|case| {
        let words = [crate::probe::NAME, "list", path].map(str::to_owned).to_vec();
        case.env = vec![("PATH".into(), "/".into())];
        case.program = Program::Path(words);
    })
    .with(|case| {
        let Root::Image(fd) = &case.root else { panic!("no image") };
        let dir = format!("/proc/self/fd/{}", fd.as_raw_fd());
        let _ = fs::rename(format!("{dir}/run"), format!("{dir}/{}", crate::probe::NAME));
    })
    .says()
}

fn a_single_file_can_be_mounted(lab: &Lab) {
    let (dir, _) = data(lab);
    let file = || What::ReadOnly(File::open(dir.join("file")).unwrap().into());
    assert_eq!(lab.probe(&["read", "/in/one"]).mount("/in/one", file()).says(), "data");
    assert_eq!(lab.probe(&["write", "/in/one"]).mount("/in/one", file()).says(), "EROFS");
}

fn out_is_readable_after_the_end(lab: &Lab) {
    let slot = Slot::new(7).unwrap();
    let out = tmpfs(Space::new(1 << 20, 16), slot).unwrap();
    let case = lab.probe(&["write", "/out/result"]).mount("/out", What::Tree(out.try_clone().unwrap()));
    assert_eq!(case.says(), "done");
    let path = format!("/proc/self/fd/{}/result", out.as_raw_fd());
    assert_eq!(fs::read_to_string(&path).unwrap(), "changed");
    assert_eq!(fs::metadata(&path).unwrap().uid(), slot.host_job());
    // Control: what isn't /out can't be written.
    assert_eq!(lab.probe(&["write", "/result"]).says(), "EROFS");
}

fn devices_are_few_and_work(lab: &Lab) {
    assert_eq!(lab.probe(&["list", "/dev"]).says(), "fd full null random shm stderr stdin stdout urandom zero");
    assert_eq!(lab.probe(&["write", "/dev/null"]).says(), "done");
    assert_eq!(lab.probe(&["write", "/dev/full"]).says(), "ENOSPC");
    assert_eq!(lab.probe(&["read", "/dev/null"]).says(), "");
    assert_eq!(lab.probe(&["write", "/dev/tty"]).says(), "EROFS");
    assert!(Path::new("/dev/tty").exists(), "control");
}

fn shared_memory_and_tmp_have_their_sizes(lab: &Lab) {
    for path in ["/tmp", "/dev/shm"] {
        assert_eq!(lab.probe(&["fill", path]).says(), "1024", "KiB of 1 MiB in {path}");
        let roomy = lab.probe(&["fill", path]).with(|case| {
            case.limits.tmp = Space::new(8 << 20, 64);
            case.limits.shm = Space::new(8 << 20, 64);
        });
        assert_eq!(roomy.says(), "4096", "control for {path}");
        let files: usize = lab.probe(&["files", path]).says().parse().unwrap();
        assert!((60..64).contains(&files), "{files} files in {path}");
    }
}

fn every_mount_is_nosuid_and_nodev(lab: &Lab) {
    let (_, fd) = data(lab);
    let text = lab.probe(&["read", "/proc/self/mountinfo"]).mount("/in", What::ReadOnly(fd)).says();
    assert!(text.lines().count() >= 6, "{text}");
    for line in text.lines() {
        let fields: Vec<_> = line.split(' ').collect();
        let has = |option: &str| fields[5].split(',').any(|has| has == option);
        assert!(has("nosuid"), "{line}");
        assert!(has("nodev") || fields[4] == "/dev", "{line}");
        assert!(!line.contains("shared:") && !line.contains("master:"), "{line}");
        let writable = ["/tmp", "/dev/shm", "/proc"].contains(&fields[4]);
        assert_eq!(has("ro"), !writable, "{line}");
    }
}
