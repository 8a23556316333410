//! The broker's program: one thread for the engine, one for the keeper.

use semla_broker::{Engine, clear, serve};
use semla_sandbox::engine::KEEPER;
use semla_sandbox::inherited;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments {
        [run, socket] if run == "run" => {
            let keeper = inherited(KEEPER)?;
            runtime.block_on(serve(&Engine::at(Path::new(socket))?, keeper))?;
        }
        [remove, socket, names @ ..] if remove == "clear" => {
            runtime.block_on(clear(&Engine::at(Path::new(socket))?, names))?;
        }
        _ => return Err("semla-broker is started by a keeper or by the launcher, and not by hand".into()),
    }
    Ok(())
}
