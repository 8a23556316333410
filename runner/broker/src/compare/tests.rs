use super::*;
use crate::container::body;
use semla_policy::Digest;
use semla_sandbox::engine::{Order, Runtime, Shown};
use semla_sandbox::limits::Limits;
use serde_json::json;

fn asked() -> ContainerCreateBody {
    let shown = |at: &str, writable| Shown { at: at.into(), from: "/var/lib/semla/x".into(), writable };
    let order = Order {
        fence: "j-1".to_owned().try_into().unwrap(),
        site: "s".into(),
        image: Digest::of(b"image"),
        runtime: Runtime { name: "runc".into(), shared_kernel: true, limited: true },
        user: 70_001,
        command: vec!["python3".into(), "train.py".into()],
        env: vec![("PATH".into(), "/usr/bin".into())],
        cwd: "/code".into(),
        mounts: vec![shown("/data/train", false), shown("/out", true)],
        limits: Limits::default(),
    };
    body(&order, "{}")
}

/// What an engine says of it that did as it was asked.
fn made() -> Value {
    let mut config = serde_json::to_value(asked()).unwrap();
    let mut host = config.as_object_mut().unwrap().remove("HostConfig").unwrap();
    // Engines leave out what is false, and say of some things that there are none.
    host["Mounts"][1].as_object_mut().unwrap().remove("ReadOnly");
    host["ConsoleSize"] = json!([0, 0]);
    host["Dns"] = json!([]);
    host["PortBindings"] = json!({});
    json!({ "Config": config, "HostConfig": host, "Mounts": [{ "Type": "bind" }, { "Type": "bind" }] })
}

fn told(made: Value) -> Vec<String> {
    differences(&asked(), &serde_json::from_value(made).unwrap()).unwrap()
}

/// Another value of the same shape.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(said) => json!(!said),
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) if text.is_empty() => json!("host"),
        Value::String(_) => json!(""),
        Value::Array(all) if all.is_empty() => json!(["ALL"]),
        Value::Array(all) => json!(all[1..]),
        Value::Object(fields) => fields.keys().skip(1).map(|name| (name.clone(), fields[name].clone())).collect(),
        Value::Null => Value::Null,
    }
}

#[test]
fn a_container_as_it_was_asked_for_differs_in_nothing() {
    assert_eq!(told(made()), [""; 0]);
}

#[test]
fn each_field_that_was_said_is_held_against_the_order() {
    // Words of a fixed list can only be replaced by others of it.
    let listed = [
        ("CgroupnsMode", json!("host")),
        ("RestartPolicy", json!({ "Name": "always" })),
        ("LogConfig", json!({ "Type": "json-file" })),
    ];
    let mut tried = 0;
    for part in ["Config", "HostConfig"] {
        for (name, value) in asked_of(part) {
            if name == "Devices" {
                continue;
            }
            let mut made = made();
            let fixed = listed.iter().find(|(known, _)| *known == name).map(|(_, other)| other.clone());
            made[part][&name] = fixed.unwrap_or_else(|| other(&value));
            assert_eq!(told(made), [format!("{part}.{name}")], "{value}");
            tried += 1;
        }
    }
    assert!(tried > 35, "{tried}");
}

fn asked_of(part: &str) -> Vec<(String, Value)> {
    let made = made();
    let all = made[part].as_object().unwrap().clone();
    all.into_iter().filter(|(name, _)| !["ConsoleSize", "Dns", "PortBindings"].contains(&name.as_str())).collect()
}

#[test]
fn what_was_not_said_has_to_be_empty() {
    for (name, value) in [
        ("Binds", json!(["/:/host"])),
        ("Devices", json!([{ "PathOnHost": "/dev/sda" }])),
        ("DeviceCgroupRules", json!(["a *:* rwm"])),
        ("DeviceRequests", json!([{ "Count": -1 }])),
        ("Sysctls", json!({ "kernel.shmmax": "1" })),
        ("ExtraHosts", json!(["a:1.2.3.4"])),
        ("GroupAdd", json!(["0"])),
        ("VolumesFrom", json!(["other"])),
        ("Links", json!(["other"])),
        ("PublishAllPorts", json!(true)),
        ("OomScoreAdj", json!(-1000)),
    ] {
        let mut made = made();
        made["HostConfig"][name] = value;
        assert_eq!(told(made), [format!("HostConfig.{name}")]);
    }
    // A directory in memory with the engine's own options is one all the same.
    let mut more = made();
    more["HostConfig"]["Tmpfs"]["/run"] = json!("");
    assert_eq!(told(more), ["HostConfig.Tmpfs"]);
    let mut volume = made();
    volume["Mounts"].as_array_mut().unwrap().push(json!({ "Type": "volume" }));
    assert_eq!(told(volume), ["Mounts"]);
    let mut writable = made();
    writable["HostConfig"]["Mounts"][0]["ReadOnly"] = json!(false);
    assert_eq!(told(writable), ["HostConfig.Mounts"]);
}
