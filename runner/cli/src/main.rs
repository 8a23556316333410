//! The command that people type.

mod args;
mod artifact;
mod audit;
mod check;
mod client;
mod data;
mod doctor;
mod draft;
mod fail;
mod halt;
mod image;
mod init;
mod intake;
mod job;
mod keys;
mod ledger;
mod matching;
mod output;
mod policy;
mod proposal;
mod reading;
mod record;
mod release;
mod session;
mod verify;
mod waiting;

use args::{Command, Semla};
use clap::Parser;
use fail::Fail;
use output::Printer;
use std::process::ExitCode;

const _: () = assert!(semla_daemon::WHOLE, "`controls` is for `semla-without` alone");

fn main() -> ExitCode {
    let semla = Semla::parse();
    let printer = Printer::new(semla.output);
    match run(semla, &printer) {
        Ok(code) => code,
        Err(fail) => fail.say(),
    }
}

fn run(semla: Semla, printer: &Printer) -> Result<ExitCode, Fail> {
    let place = semla.place.settled();
    match semla.command {
        Command::Init(init) => init::run(&place, &init, printer),
        Command::Serve => semla_daemon::serve(&place.state).map(|()| ExitCode::SUCCESS).map_err(Fail::chain),
        Command::Doctor => doctor::run(&place, printer),
        Command::Login(login) => session::login(&place, &login),
        Command::Whoami => session::whoami(&place, printer),
        Command::Key { command } => keys::run(&place, &command),
        Command::User { command } => record::user(&place, &command, printer),
        Command::Permit { command } => record::permit(&place, &command, printer),
        Command::Halt(halt) => halt::run(&place, &halt, printer),
        Command::Withdraw { id } => proposal::withdraw(&place, id.as_deref(), printer),
        Command::Policy { command } => policy::run(&place, &command, printer),
        Command::Data { command } => data::run(&place, &command, printer),
        Command::Image { command } => image::run(&place, &command, printer),
        Command::Job { command } => job::run(&place, &command, printer),
        Command::Submit(submit) => job::submit(&place, &submit, printer),
        Command::Ps => job::list(&place, printer),
        Command::Describe { id } => job::show(&place, &id, printer),
        Command::Artifact { command } => artifact::run(&place, &command, printer),
        Command::Release { command } => release::run(&place, &command, printer),
        Command::Check(check) => check::run(&check, printer),
        Command::Examine(examine) => check::examine(&examine),
        Command::Verify(verify) => verify::run(&place, &verify, printer),
        Command::Audit(audit) => audit::run(&place, &audit, printer),
        Command::Ledger { command } => ledger::run(&place, &command, printer),
    }
}
