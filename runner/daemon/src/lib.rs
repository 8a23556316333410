//! The daemon: unprivileged, network-facing, and without read access to data. It decides what people may see and ask for;
//! whatever touches data is the launcher's, which decides again by itself.
//!
//! The way of a request: [`http`] asks the [`clerk`], whose [`site`] decides by `semla-policy`, records the decision on the
//! ledger, and only then asks the [`launcher`].

pub mod api;
mod clerk;
mod db;
mod dummy;
mod fault;
mod http;
mod launcher;
mod password;
mod queue;
mod rules;
pub mod secret;
mod site;

pub use http::document;

use clerk::Clerk;
use semla_sandbox::house::House;
use semla_sandbox::launcher::daemon::{INTERFACE, LOOPBACK};
use site::Site;
use std::path::Path;
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};

/// Whether this is the daemon that people run, which leaves no rule out.
pub const WHOLE: bool = cfg!(not(feature = "controls"));

/// Why the daemon can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It wasn't started by the launcher.
    #[error("the daemon is started by `semla-launcher`, and not by itself; start that as root")]
    NoLauncher(#[source] std::io::Error),
    /// Its own files.
    #[error("failed to open the site")]
    Site(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Its sockets.
    #[error("failed to serve")]
    Socket(#[from] std::io::Error),
}

/// Serves the site in this folder, until it is told to stop.
pub fn serve(state: &Path) -> Result<(), ServeError> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .log_internal_errors(false)
        .init();
    let launcher = launcher::Launcher::inherited().map_err(ServeError::NoLauncher)?;
    let house = House::open(state)?;
    let loopback = house.settings().port != 0;
    let site = Site::open(house, launcher).map_err(|error| ServeError::Site(error.into()))?;
    let clerk = Clerk::start(site)?;
    // One thread for the network is plenty: whatever takes long is the clerk's, or is read aside.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(16).build()?;
    runtime.block_on(async {
        let interface = std::os::unix::net::UnixListener::from(launcher::inherited(INTERFACE)?);
        interface.set_nonblocking(true)?;
        let interface = axum::serve(UnixListener::from_std(interface)?, http::router(clerk.clone()));
        let mut terminate = signal(SignalKind::terminate())?;
        let over_loopback = async {
            if !loopback {
                return std::future::pending::<std::io::Result<()>>().await;
            }
            let listener = std::net::TcpListener::from(launcher::inherited(LOOPBACK)?);
            listener.set_nonblocking(true)?;
            axum::serve(TcpListener::from_std(listener)?, http::router(clerk.clone())).await
        };
        tokio::select! {
            served = interface => served?,
            served = over_loopback => served?,
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}
