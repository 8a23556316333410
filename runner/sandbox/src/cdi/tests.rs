use super::*;
use serde_json::json;

/// A folder with this specification.
fn folder(name: &str, specification: &serde_json::Value) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("semla-cdi-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("gpu.json"), specification.to_string()).unwrap();
    folder
}

/// What is read from a specification, whose folder goes.
fn read_from(name: &str, specification: &serde_json::Value) -> Result<Vec<Gpu>, CdiError> {
    let folder = folder(name, specification);
    let read = gpus(&folder);
    fs::remove_dir_all(folder).unwrap();
    read
}

fn node(path: &str, minor: u64) -> serde_json::Value {
    json!({ "path": path, "type": "c", "major": 1, "minor": minor })
}

fn specification(edits: &serde_json::Value) -> serde_json::Value {
    json!({ "cdiVersion": "0.5.0", "kind": "vendor.com/gpu",
        "devices": [{ "name": "0", "containerEdits": { "deviceNodes": [node("/dev/gpu0", 5)] } }],
        "containerEdits": edits })
}

#[test]
fn a_gpu_is_its_own_nodes_and_those_that_all_need() {
    let gpus = read_from(
        "all",
        &json!({ "cdiVersion": "0.5.0", "kind": "vendor.com/gpu",
            "devices": [
                { "name": "0", "containerEdits": { "deviceNodes": [node("/dev/gpu0", 5)] } },
                { "name": "1", "containerEdits": { "deviceNodes": [node("/dev/gpu1", 7), node("/dev/caps/cap1", 8)] } },
                { "name": "GPU-1234", "containerEdits": { "deviceNodes": [node("/dev/gpu0", 5)] } },
                { "name": "all", "containerEdits": { "deviceNodes": [node("/dev/gpu0", 5), node("/dev/gpu1", 7)] } },
            ],
            "containerEdits": { "deviceNodes": [node("/dev/gpuctl", 3)], "env": ["GPUS=void"] } }),
    );
    let gpus = gpus.unwrap();
    assert_eq!(gpus.iter().map(|gpu| gpu.name.as_str()).collect::<Vec<_>>(), ["vendor.com/gpu=0", "vendor.com/gpu=1"]);
    let places = |nodes: &[Node]| nodes.iter().map(|node| node.at.clone()).collect::<Vec<_>>();
    assert_eq!(places(&gpus[1].own), ["gpu1", "caps/cap1"]);
    assert_eq!(places(&gpus[1].common), ["gpuctl"]);
    assert_eq!(gpus[0].env, [("GPUS".to_owned(), "void".to_owned())]);
    assert!(gpus[0].touches(&gpus[0]) && !gpus[0].touches(&gpus[1]), "what all need is nobody's own");
}

#[test]
fn parts_of_one_gpu_touch() {
    let part = |name: &str, cap: u64| json!({ "name": name, "containerEdits": { "deviceNodes": [node("/dev/gpu0", 5), node(&format!("/dev/caps/cap{cap}"), cap)] } });
    let gpus = read_from(
        "parts",
        &json!({ "cdiVersion": "0.5.0", "kind": "vendor.com/gpu", "devices": [part("0:0", 8), part("0:1", 9)] }),
    );
    let gpus = gpus.unwrap();
    assert_eq!(gpus.len(), 2);
    assert!(gpus[0].touches(&gpus[1]));
}

#[test]
fn no_hook_is_run_and_two_are_followed() {
    let hook = |args: &[&str]| json!({ "hookName": "createContainer", "path": "/bin/false", "args": args });
    let edits = json!({ "hooks": [
        hook(&["tool", "create-symlinks", "--link", "liba.so.1.2::/usr/lib/liba.so.1", "--link", "liba.so.1::/lib/liba.so"]),
        hook(&["tool", "update-ldcache", "--folder", "/usr/lib/x86_64-linux-gnu", "--folder", "/opt/driver"]),
        hook(&["tool", "chmod", "--path", "/dev/gpu0"]),
    ] });
    let gpus = read_from("hooks", &specification(&edits)).unwrap();
    let links: Vec<_> = gpus[0].links.iter().map(|link| (link.at.as_str(), link.to.as_str())).collect();
    assert_eq!(links, [("/usr/lib/liba.so.1", "liba.so.1.2"), ("/usr/lib/liba.so", "liba.so.1")]);
    assert_eq!(gpus[0].env, [("LD_LIBRARY_PATH".to_owned(), "/opt/driver".to_owned())]);
}

#[test]
fn files_are_mounted_and_sockets_are_not() {
    let path = std::env::temp_dir().join(format!("semla-cdi-socket-{}", std::process::id()));
    let socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let mount = |from: &Path, at: &str| json!({ "hostPath": from, "containerPath": at, "options": ["rw"] });
    let edits = json!({ "mounts": [
        mount(Path::new("/etc/passwd"), "/lib/firmware/one"), mount(&path, "/run/vendor/socket"), mount(Path::new("/etc"), "/opt/driver"),
    ] });
    let gpus = read_from("files", &specification(&edits)).unwrap();
    let places: Vec<_> = gpus[0].libraries.iter().map(|library| library.at.as_str()).collect();
    assert_eq!(places, ["/usr/lib/firmware/one", "/opt/driver"]);
    drop(socket);
    fs::remove_file(path).unwrap();
}

#[test]
fn what_a_host_keeps_to_root_stays_roots() {
    for (mode, given) in [
        (0o666, 0o666),
        (0o660, 0o666),
        (0o640, 0o644),
        (0o600, 0o600),
        (0o400, 0o400),
        (0o444, 0o444),
        (0o4777, 0o666),
    ] {
        let mut specification = specification(&json!({}));
        specification["devices"][0]["containerEdits"]["deviceNodes"][0]["fileMode"] = mode.into();
        let gpus = read_from(&format!("mode-{mode}"), &specification).unwrap();
        assert_eq!(gpus[0].own[0].mode, given, "{mode:o}");
    }
}

#[test]
fn numbers_are_those_of_the_hosts_node() {
    let mut specification = specification(&json!({}));
    specification["devices"][0]["containerEdits"]["deviceNodes"] =
        json!([{ "path": "/dev/gpu0", "hostPath": "/dev/zero" }]);
    let gpus = read_from("numbers", &specification).unwrap();
    assert_eq!(gpus[0].own, [Node { at: "gpu0".into(), major: 1, minor: 5, mode: 0o666 }]);
}

#[test]
fn what_no_sandbox_can_have_is_refused() {
    let with = |node: serde_json::Value| {
        let mut specification = specification(&json!({}));
        specification["devices"][0]["containerEdits"]["deviceNodes"] = json!([node]);
        specification
    };
    let refused =
        |name: &str, specification: &serde_json::Value| read_from(name, specification).unwrap_err().to_string();
    for path in ["/dev/null", "/dev/shm/x", "/dev/../sda", "/etc/gpu0", "/dev/"] {
        let error = refused("place", &with(json!({ "path": path, "major": 1, "minor": 3 })));
        assert!(error.contains("is no device's path"), "{path}: {error}");
    }
    let block = json!({ "path": "/dev/gpu0", "type": "b", "major": 8, "minor": 0 });
    assert!(refused("block", &with(block)).contains("is no character device"));
    let file = json!({ "path": "/dev/gpu0", "hostPath": "/etc/passwd" });
    assert!(refused("file", &with(file)).contains("is no character device"));
    let missing = json!({ "path": "/dev/no-such-gpu" });
    assert!(refused("missing", &with(missing)).contains("failed to read `/dev/no-such-gpu`"));
    let mount = json!({ "mounts": [{ "hostPath": "/etc/passwd", "containerPath": "/proc/driver" }] });
    assert!(refused("mount", &specification(&mount)).contains("are the sandbox's own"));
    let mount = json!({ "mounts": [{ "hostPath": "/no/such/library", "containerPath": "/usr/lib/a" }] });
    assert!(refused("library", &specification(&mount)).contains("failed to read `/no/such/library`"));
    assert!(refused("shape", &json!({ "kind": 7 })).contains("is no CDI specification"));
}

#[test]
fn yaml_is_refused_with_the_way_to_json() {
    let folder = folder("yaml", &specification(&json!({})));
    fs::write(folder.join("nvidia.yaml"), "kind: nvidia.com/gpu\n").unwrap();
    assert!(gpus(&folder).unwrap_err().to_string().contains("--format=json"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn where_no_folder_is_there_are_no_gpus() {
    assert_eq!(gpus(Path::new("/no/such/folder")).unwrap(), []);
}
