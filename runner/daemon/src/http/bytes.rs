//! Bytes of a file that the launcher handed out.

use crate::fault::{Fault, machine};
use crate::site::Handed;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::io::Read;
use std::os::unix::fs::FileExt;

/// Most bytes of one answer; whoever wants more asks again from where it ended.
const MOST: u64 = 64 << 20;
/// Most bytes of one answer of a log.
const PIECE: usize = 1 << 20;

/// The whole file.
pub(super) async fn whole(handed: Handed) -> Result<Response, Fault> {
    let bytes = read(handed).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], Body::from(bytes)).into_response())
}

/// The file's bytes.
pub(super) async fn read(handed: Handed) -> Result<Vec<u8>, Fault> {
    let read = move || {
        let mut bytes = Vec::new();
        handed.file.take(MOST).read_to_end(&mut bytes).map(|_| bytes)
    };
    blocking(read).await?.map_err(machine("read a file"))
}

/// A piece of the file, from an offset on; the header says whether more may come.
pub(super) async fn piece(handed: Handed, from: u64) -> Result<Response, Fault> {
    let settled = handed.settled;
    let read = move || {
        let mut bytes = vec![0; PIECE];
        let got = handed.file.read_at(&mut bytes, from)?;
        bytes.truncate(got);
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = blocking(read).await?.map_err(machine("read a log"))?;
    let settled = settled && bytes.len() < PIECE;
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/octet-stream"),
        ("semla-settled", if settled { "true" } else { "false" }),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

async fn blocking<R: Send + 'static>(task: impl FnOnce() -> R + Send + 'static) -> Result<R, Fault> {
    tokio::task::spawn_blocking(task).await.map_err(machine("read"))
}
