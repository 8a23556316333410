//! Requests as they go over the wire.

use std::io::{Read, Write};

/// Asks for an address; the status and the body of the answer.
pub fn ask(socket: impl Read + Write, path: &str, token: &str) -> (u16, String) {
    exchange(socket, "GET", path, token, "")
}

/// The status and the body of an answer.
pub fn exchange(mut socket: impl Read + Write, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
    let token = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: semla\r\n{token}Connection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).expect("to ask");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}
