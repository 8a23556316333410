//! One request to the daemon: over the site's Unix socket, or over the loopback for those who need no account.

use crate::args::Place;
use crate::fail::{Fail, trying};
use crate::session;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::http::request::Builder;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use semla_daemon::api::{Problem, READING};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// So long is waited without a word.
const PATIENCE: Duration = Duration::from_secs(10);

/// The daemon, and who asks it.
pub(crate) struct Client {
    place: Place,
    token: Option<String>,
    /// The loopback port, where the socket isn't used.
    port: Option<u16>,
}

/// An answer that isn't JSON.
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    /// Whether more may come, where that is said.
    pub(crate) settled: bool,
}

impl Client {
    /// As whoever is signed in.
    pub(crate) fn new(place: &Place) -> Result<Self, Fail> {
        Ok(Self { token: session::token(place)?, place: place.clone(), port: None })
    }

    /// As nobody: for what everybody may ask.
    pub(crate) fn stranger(place: &Place, port: Option<u16>) -> Self {
        Self { token: None, place: place.clone(), port }
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fail> {
        read(&self.raw(Method::GET, path, "application/json", Vec::new())?)
    }

    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Fail> {
        let body = serde_json::to_vec(body).map_err(Fail::chain)?;
        read(&self.raw(Method::POST, path, "application/json", body)?)
    }

    pub(crate) fn raw(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Result<Raw, Fail> {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}")).header(CONTENT_TYPE, kind);
        self.exchange(request, body)
    }

    /// Bytes to look at, with what the reader signed for them.
    pub(crate) fn read(&self, path: &str, signed: Option<&str>) -> Result<Raw, Fail> {
        let request = Request::builder().uri(format!("/api/v1{path}"));
        self.exchange(signed.into_iter().fold(request, |request, signed| request.header(READING, signed)), Vec::new())
    }

    fn exchange(&self, request: Builder, body: Vec<u8>) -> Result<Raw, Fail> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(trying("start"))?.block_on(self.send(request, body))
    }

    async fn send(&self, request: Builder, body: Vec<u8>) -> Result<Raw, Fail> {
        if let Some(port) = self.port {
            let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
            return self.over(stream.map_err(trying(format!("reach a site on port {port}")))?, request, body).await;
        }
        let socket = self.place.state.join("api.sock");
        let stream = UnixStream::connect(&socket).await.map_err(|error| {
            Fail::new(format!(
                "no site answers at `{}`: {error}; start `semla-launcher`, or name it with --state",
                socket.display()
            ))
        })?;
        self.over(stream, request, body).await
    }

    async fn over<S>(&self, stream: S, request: Builder, body: Vec<u8>) -> Result<Raw, Fail>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(trying("speak with the daemon"))?;
        tokio::spawn(connection);
        let mut request = request.header(HOST, "semla");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(trying("make a request"))?;
        let response = patiently(sender.send_request(request)).await.map_err(trying("ask the daemon"))?;
        let status = response.status();
        let settled = response.headers().get("semla-settled").is_none_or(|value| value == "true");
        let bytes = response.into_body().collect().await.map_err(trying("hear the daemon"))?.to_bytes().to_vec();
        if status.is_success() {
            return Ok(Raw { bytes, settled });
        }
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Err(Fail::problem(&problem)),
            Err(_) => Err(Fail::new(format!("the daemon answered {status}: {}", String::from_utf8_lossy(&bytes)))),
        }
    }
}

/// Waits for an answer, and after a while says so: requests are kept while the launcher starts a daemon that ended.
async fn patiently<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    match tokio::time::timeout(PATIENCE, answer.as_mut()).await {
        Ok(answer) => answer,
        Err(_) => {
            eprintln!("still waiting for the site's answer; if it doesn't come, see what `semla-launcher` printed");
            answer.await
        }
    }
}

fn read<T: DeserializeOwned>(raw: &Raw) -> Result<T, Fail> {
    serde_json::from_slice(&raw.bytes).map_err(trying("read the daemon's answer"))
}

/// A name as a segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
