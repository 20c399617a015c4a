//! Holds the client socket against real servers that answer well, badly, too much or not at all.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod bodies;
mod connections;
mod faults;
mod retries;
mod secure;
mod server;
mod unsendable;

use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use proviso::http::exchange::{Failure, FailureKind, Headers, Request, Response};
use proviso::http::send::{Connection, Sender, Settings};

/// A GET with credentials.
fn get(url: &str) -> Request {
    let headers = Headers(vec![("Authorization".to_owned(), "Basic c2tleV90ZXN0Og==".to_owned())]);
    Request { method: "GET".to_owned(), url: url.to_owned(), headers, body: None }
}

/// A POST with a body.
fn post(url: &str, body: &'static [u8]) -> Request {
    Request { method: "POST".to_owned(), body: Some(Bytes::from_static(body)), ..get(url) }
}

/// What a sender of these settings gets for one request.
fn send_with(settings: &Settings, request: &Request) -> Result<Response, Failure> {
    block_on(Sender::new(settings).unwrap().send(request, Connection::Kept))
}

fn send(request: &Request) -> Result<Response, Failure> {
    send_with(&Settings::default(), request)
}

/// The kind of breakage; an answer where none is due is shown.
fn kind(result: Result<Response, Failure>) -> FailureKind {
    result.expect_err("no whole answer is due").kind
}

/// Time enough for a connection on this machine, and short where no answer ever comes.
fn impatient() -> Settings {
    Settings { timeout: Duration::from_secs(1), ..Settings::default() }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Runs one test of this file in a process of its own, which alone has these variables; `CHILD` tells it so.
fn run_apart(test: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env("CHILD", "1").envs(variables.iter().copied());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

fn is_apart() -> bool {
    std::env::var_os("CHILD").is_some()
}
