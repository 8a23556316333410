//! Signing in, and the token that is kept.

use crate::args::{Login, Place};
use crate::client::Client;
use crate::fail::{Fail, trying};
use crate::keys;
use crate::output::Printer;
use semla_daemon::api;
use semla_policy::{Arrival, Digest, Signed};
use std::fs::{DirBuilder, OpenOptions};
use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::process::ExitCode;

/// Where a person's token and key are.
pub(crate) fn home(place: &Place) -> Result<PathBuf, Fail> {
    let home = match (&place.home, std::env::var_os("HOME")) {
        (Some(home), _) => home.clone(),
        (None, Some(home)) => PathBuf::from(home).join(".config/semla"),
        (None, None) => return Err(Fail::usage("there is no home for your token and key; name one with --home")),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&home)
        .map_err(trying(format!("make `{}`", home.display())))?;
    Ok(home)
}

/// The token of whoever is signed in.
pub(crate) fn token(place: &Place) -> Result<Option<String>, Fail> {
    match std::fs::read_to_string(home(place)?.join("token")) {
        Ok(token) => Ok(Some(token.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(trying("read your token")(error)),
    }
}

pub(crate) fn login(place: &Place, login: &Login) -> Result<ExitCode, Fail> {
    // Not everybody has a key; whether one is asked for, the daemon says.
    let arrival = match &login.code {
        Some(code) if keys::exists(place)? => Some(arrival(place, &login.name, code)?),
        _ => None,
    };
    let (name, code) = (login.name.clone(), login.code.clone());
    let body = api::Login { name, password: password(login.code.is_some())?, code, arrival };
    let session: api::Session = Client::new(place)?.post("/login", &body)?;
    let path = home(place)?.join("token");
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(session.token.as_bytes())).map_err(trying("keep the token"))?;
    eprintln!("signed in as {}", login.name);
    Ok(ExitCode::SUCCESS)
}

/// Says with one's own key that it is oneself who comes with the code.
fn arrival(place: &Place, name: &str, code: &str) -> Result<Signed, Fail> {
    let arrival = Arrival { name: name.to_owned(), code: Digest::of(code.as_bytes()) };
    let mut signed = Signed::unsigned(&arrival).map_err(Fail::chain)?;
    keys::sign::<Arrival>(place, name, &mut signed)?;
    Ok(signed)
}

pub(crate) fn whoami(place: &Place, printer: &Printer) -> Result<ExitCode, Fail> {
    let me: api::Me = Client::new(place)?.get("/me")?;
    printer.one(&me, told)?;
    Ok(ExitCode::SUCCESS)
}

fn told(me: &api::Me) -> String {
    let permits = if me.permits.is_empty() { "none".to_owned() } else { me.permits.join(", ") };
    format!(
        "{}: {}\nsees up to    {}\nsubmits up to {}\npermits       {permits}",
        me.name,
        me.roles.join(", "),
        me.clearance,
        me.ceiling
    )
}

/// From the environment, or from the terminal without showing it; a new one is asked for twice.
fn password(new: bool) -> Result<String, Fail> {
    if let Ok(password) = std::env::var("SEMLA_PASSWORD") {
        return Ok(password);
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Fail::usage("there is no terminal to ask for the password; set SEMLA_PASSWORD"));
    }
    let password = asked(if new { "choose a password of 12 characters or more: " } else { "password: " })?;
    match !new || asked("once more: ")? == password {
        true => Ok(password),
        false => Err(Fail::new("the two differ; nothing was changed, and the code still counts: try again")),
    }
}

fn asked(question: &str) -> Result<String, Fail> {
    use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    eprint!("{question}");
    let before = tcgetattr(&stdin).map_err(trying("ask the terminal"))?;
    let mut silent = before.clone();
    silent.local_flags.remove(LocalFlags::ECHO);
    tcsetattr(&stdin, SetArg::TCSANOW, &silent).map_err(trying("ask the terminal"))?;
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    tcsetattr(&stdin, SetArg::TCSANOW, &before).map_err(trying("ask the terminal"))?;
    eprintln!();
    read.map_err(trying("read the password"))?;
    Ok(line.trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{api, told};

    #[test]
    fn whoami_leaves_nothing_empty() {
        let me = |permits: &[&str]| api::Me {
            name: "anna".into(),
            roles: vec!["scientist".into()],
            clearance: "internal".into(),
            ceiling: "confidential".into(),
            permits: permits.iter().map(|permit| (*permit).to_owned()).collect(),
        };
        assert!(told(&me(&[])).ends_with("permits       none"));
        assert!(told(&me(&["P-1", "P-2"])).ends_with("permits       P-1, P-2"));
    }
}
