//! Founding a site.

mod begin;

use crate::args::{Init, Place};
use crate::fail::{Fail, trying};
use crate::keys;
use crate::output::Printer;
use semla_daemon::secret;
use semla_policy::{Genesis, Person, Role};
use semla_sandbox::house::{Engine, House, Settings};
use semla_sandbox::rootless;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

/// What the operator hands on.
#[derive(Serialize)]
struct Founded {
    state: PathBuf,
    /// The officers' codes for their first sign-in.
    codes: BTreeMap<String, String>,
    /// The officers' private keys.
    keys: BTreeMap<String, PathBuf>,
}

pub(crate) fn run(place: &Place, init: &Init, printer: &Printer) -> Result<ExitCode, Fail> {
    let ordinary = !nix::unistd::geteuid().is_root();
    if ordinary && init.engine.is_some() {
        return Err(Fail::usage("only root's sites have an engine: who speaks with it is root on this host"));
    }
    rootless::enter().map_err(Fail::chain)?;
    let state = &std::path::absolute(&place.state).map_err(trying("find the site's folder"))?;
    if std::fs::read_dir(state).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fail::new(format!("`{}` isn't empty; name a new folder with --state", state.display())));
    }
    let policy = begin::policy(init)?;
    // Everything is made aside, and gets its name at the end: what fails leaves nothing half-made.
    let aside = state.with_added_extension("new");
    let founded = found(&aside, init, policy).and_then(|founded| {
        std::fs::rename(&aside, state).map_err(trying("name the site's folder"))?;
        Ok(Founded { state: state.clone(), ..founded })
    });
    if founded.is_err() {
        // There may be nothing to remove.
        drop(std::fs::remove_dir_all(&aside));
    }
    printer.one(&founded?, told)?;
    Ok(ExitCode::SUCCESS)
}

fn found(aside: &Path, init: &Init, policy: semla_policy::Policy) -> Result<Founded, Fail> {
    let lowest = policy.scheme.levels.first().cloned().unwrap_or_default();
    let clearance = policy.roles.get(&Role::Officer).map_or(lowest.clone(), |bounds| bounds.clearance.clone());
    std::fs::create_dir_all(&init.keys).map_err(trying(format!("make `{}`", init.keys.display())))?;
    let settings = Settings {
        service: init.service_uid,
        images: init.images.clone(),
        port: init.port,
        cdi: init.cdi.clone(),
        engine: engine(init)?,
    };
    let house = House::build(aside, settings).map_err(trying("make the site's folders"))?;
    passable(aside, init.service_uid)?;
    let (mut officers, mut codes, mut keys) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for name in OFFICERS {
        let path = init.keys.join(format!("{name}.key"));
        let key = keys::make(&path)?;
        officers.push(Person {
            name: name.to_owned(),
            roles: [Role::Officer, Role::Operator].into(),
            clearance: clearance.clone(),
            ceiling: lowest.clone(),
            key: Some(key),
            disabled: false,
        });
        codes.insert(name.to_owned(), code()?);
        keys.insert(name.to_owned(), path);
    }
    let genesis = serde_json::to_vec(&Genesis { policy, officers }).map_err(Fail::chain)?;
    write(&house.genesis(), &genesis, 0o644)?;
    let path = house.serve().join("codes.json");
    write(&path, &serde_json::to_vec(&codes).map_err(Fail::chain)?, 0o600)?;
    chown(&path, Some(init.service_uid), Some(init.service_uid)).map_err(trying("hand the codes to the daemon"))?;
    Ok(Founded { state: aside.to_owned(), codes, keys })
}

/// The daemon is a user of its own, and has to reach its folder through all that are above it: what counts is whether it can.
fn passable(site: &Path, service: u32) -> Result<(), Fail> {
    let mut test = Command::new("test");
    test.arg("-x").arg(site).uid(service).gid(service);
    match test.status().map_err(trying("see whether the daemon could reach the site"))?.success() {
        true => Ok(()),
        false => Err(Fail::new(format!(
            "the daemon, which runs as user {service}, can't reach `{}`: a folder above it lets others not in; `chmod o+x` that one, or name \
             another place with --state",
            site.parent().unwrap_or(site).display()
        ))),
    }
}

/// Whoever speaks with an engine is root on its host: the daemon, which a network reaches, never does.
fn engine(init: &Init) -> Result<Option<Engine>, Fail> {
    let Some(socket) = init.engine.clone() else { return Ok(None) };
    if init.broker_uid == init.service_uid {
        return Err(Fail::usage(
            "the broker and the daemon are two users: give `--broker-uid` another id than `--service-uid`",
        ));
    }
    let (docker, gvisor) = (Some(init.docker.clone()), init.gvisor.clone());
    Ok(Some(Engine { socket, broker: init.broker_uid, docker, gvisor, gvisor_unlimited: init.gvisor_unlimited }))
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Fail> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(trying("write the first record"))
}

fn code() -> Result<String, Fail> {
    secret::letters(secret::SECRET).map_err(|_| Fail::new("the system gave no randomness"))
}

fn told(founded: &Founded) -> String {
    let mut text = format!("a site was founded in `{}`\n", founded.state.display());
    for (name, key) in &founded.keys {
        let code = founded.codes.get(name).map_or("", String::as_str);
        text.push_str(&format!(
            "\n{name}: take the key `{}` away, then: semla login {name} --code {code}",
            key.display()
        ));
    }
    text.push_str("\n\nnext: start `semla-launcher`, then add people: semla user add people/NAME.toml");
    text
}
