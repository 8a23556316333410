use std::process::{Command, Stdio};

use super::layout::LIMITING;
use super::*;

const V1: &str = "\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:3 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
";
const V1_OWN: &str = "5:pids:/a\n4:memory:/b/c\n2:cpu,cpuacct:/\n1:name=systemd:/x\n";
const V2: &str = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const V2_OWN: &str = "0::/system.slice/semla.service\n";

fn paths(layout: &Layout) -> Vec<String> {
    let leafs = layout.leafs(&Fence::parse("f").unwrap());
    leafs.iter().map(|leaf| leaf.display().to_string()).collect()
}

#[test]
fn v1_has_a_leaf_for_each_controller_and_a_freezer_that_goes_first() {
    let layout = Layout::detect(V1, V1_OWN).unwrap();
    let expected = [
        "/sys/fs/cgroup/freezer/semla/f",
        "/sys/fs/cgroup/memory/b/c/semla/f",
        "/sys/fs/cgroup/pids/a/semla/f",
        "/sys/fs/cgroup/cpu,cpuacct/semla/f",
    ];
    assert_eq!(paths(&layout), expected);
}

#[test]
fn v2_has_one_leaf_below_the_launchers_own_cgroup() {
    let layout = Layout::detect(V2, V2_OWN).unwrap();
    assert_eq!(paths(&layout), ["/sys/fs/cgroup/system.slice/semla.service/semla/f"]);
}

#[test]
fn v2_finds_the_same_leaf_after_the_launcher_has_stepped_aside() {
    let layout = Layout::detect(V2, "0::/system.slice/semla.service/semla-house\n").unwrap();
    assert_eq!(layout, Layout::detect(V2, V2_OWN).unwrap());
}

/// A hierarchy of plain files, in which the launcher's own cgroup has these controllers.
fn v2_with(own: &str) -> (PathBuf, Layout) {
    let top = std::env::temp_dir().join(format!("semla-v2-{}-{}", own.len(), std::process::id()));
    for (cgroup, controllers) in
        [("", LIMITING.join(" ").as_str()), ("own", own), ("own/semla-house", ""), ("own/semla", ""), ("semla", "")]
    {
        fs::create_dir_all(top.join(cgroup)).unwrap();
        let procs = if cgroup == "own" { std::process::id().to_string() } else { String::new() };
        for (file, text) in
            [("cgroup.controllers", controllers), ("cgroup.procs", &procs), ("cgroup.subtree_control", "")]
        {
            fs::write(top.join(cgroup).join(file), text).unwrap();
        }
    }
    let mounts = format!("30 23 0:26 / {} rw shared:4 - cgroup2 cgroup2 rw\n", top.display());
    (top, Layout::detect(&mounts, "0::/own\n").unwrap())
}

#[test]
fn v2_divides_what_was_delegated_and_else_the_top() {
    let text = |path: PathBuf| fs::read_to_string(path).unwrap();
    let (top, layout) = v2_with("memory pids cpu");
    let leafs = layout.prepare().unwrap().leafs(&Fence::parse("f").unwrap());
    assert_eq!(leafs, [top.join("own/semla/f")]);
    assert_eq!(text(top.join("own/cgroup.subtree_control")), "+memory +pids +cpu");
    assert_eq!(text(top.join("own/semla-house/cgroup.procs")), "0", "it has stepped aside");
    fs::remove_dir_all(top).unwrap();
    let (top, layout) = v2_with("pids");
    let leafs = layout.prepare().unwrap().leafs(&Fence::parse("f").unwrap());
    assert_eq!(leafs, [top.join("semla/f")]);
    assert_eq!(text(top.join("semla/cgroup.subtree_control")), "+memory +pids +cpu");
    assert_eq!(text(top.join("own/semla-house/cgroup.procs")), "", "it stays where it is");
    fs::remove_dir_all(top).unwrap();
}

#[test]
fn a_hybrid_needs_no_freezer_for_v2_kills_a_leaf_whole() {
    let hybrid = format!("{V1}41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    let layout = Layout::detect(&hybrid, &format!("{V1_OWN}0::/\n")).unwrap();
    let leafs = paths(&layout);
    assert_eq!(leafs.first().unwrap(), "/sys/fs/cgroup/unified/semla/f");
    assert!(!leafs.iter().any(|leaf| leaf.contains("freezer")));
}

#[test]
fn a_part_of_a_hierarchy_that_is_mounted_elsewhere_is_found() {
    let part = "30 23 0:26 /docker/x /mnt/my\\040cgroup rw - cgroup2 cgroup2 rw\n";
    let layout = Layout::detect(part, "0::/docker/x/y\n").unwrap();
    assert_eq!(paths(&layout), ["/mnt/my cgroup/y/semla/f"]);
}

#[test]
fn a_missing_controller_is_named() {
    let no_memory: String =
        V1.lines().filter(|line| !line.contains("memory")).map(|line| format!("{line}\n")).collect();
    let error = Layout::detect(&no_memory, V1_OWN).unwrap_err();
    assert!(matches!(error, CgroupError::Missing("memory")), "{error}");
}

/// The machine's own hierarchies, as if v2 didn't exist.
fn v1_here() -> Option<Cgroups> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let v1: String = mounts.lines().filter(|line| !line.contains("cgroup2")).map(|line| format!("{line}\n")).collect();
    let layout = Layout::detect(&v1, &fs::read_to_string("/proc/self/cgroup").unwrap()).ok()?;
    Some(Cgroups(layout.prepare().unwrap()))
}

#[test]
fn v1_kills_what_is_held_still_and_removes_its_leafs() {
    // A machine that has v2 alone has no v1 to test; there the kernel kills the leaf whole.
    let Some(cgroups) = v1_here() else { return };
    let fence = Fence::parse(&format!("freeze-{}", std::process::id())).unwrap();
    let leaf = cgroups.create(&fence, Some(&Limits::default())).unwrap();
    let dirs = cgroups.0.leafs(&fence);
    assert!(dirs.iter().all(|dir| dir.exists()));
    let shell = "while :; do sleep 60 & wait $!; done";
    let mut child = Command::new("sh").args(["-c", shell]).stdout(Stdio::null()).spawn().unwrap();
    for dir in &dirs {
        write(dir, "cgroup.procs", &child.id().to_string()).unwrap();
    }
    leaf.kill().unwrap();
    child.wait().unwrap();
    leaf.remove().unwrap();
    assert!(dirs.iter().all(|dir| !dir.exists()));
    cgroups.sweep(&fence).unwrap();
}

#[test]
fn whoever_sweeps_a_leaf_is_in_nobodys_way() {
    let cgroups = Cgroups::discover().unwrap();
    for round in 0..60 {
        let fence = Fence::parse(&format!("race-{}-{round}", std::process::id())).unwrap();
        let leaf = cgroups.create(&fence, None).unwrap();
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        for dir in cgroups.0.leafs(&fence) {
            write(&dir, "cgroup.procs", &child.id().to_string()).unwrap();
        }
        // The keeper, who has the leaf, and whoever else wants it gone.
        std::thread::scope(|scope| {
            let sweeps: Vec<_> = (0..4).map(|_| scope.spawn(|| cgroups.sweep(&fence))).collect();
            leaf.remove().unwrap();
            sweeps.into_iter().for_each(|sweep| sweep.join().unwrap().unwrap());
        });
        assert!(!child.wait().unwrap().success());
    }
}

#[test]
fn a_leaf_whose_name_is_taken_is_refused_and_the_other_stays() {
    let cgroups = Cgroups::discover().unwrap();
    let fence = Fence::parse(&format!("taken-{}", std::process::id())).unwrap();
    let first = cgroups.create(&fence, None).unwrap();
    let error = cgroups.create(&fence, None).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert!(cgroups.0.leafs(&fence).iter().all(|dir| dir.exists()));
    first.remove().unwrap();
    assert!(cgroups.0.leafs(&fence).iter().all(|dir| !dir.exists()));
}
