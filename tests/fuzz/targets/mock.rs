//! Any bytes to the mock's socket: answers or a close, and the next client is served.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proviso::contract::load;
use proviso::mock::{FaultPlan, Mock, MockSettings, Spawned};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

struct Site {
    spawned: Spawned,
    _runtime: Runtime,
}

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let specs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs"));
    let contracts = load(&[specs]).contracts;
    // The same keys every time, so that a corpus can hold requests that are let in.
    let mock = Arc::new(Mock::new(contracts, &MockSettings { seed: Some(1), ..MockSettings::default() }).expect("a mock"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let inside = runtime.enter();
    let spawned = mock.spawn(SocketAddr::from(([127, 0, 0, 1], 0)), FaultPlan::default()).expect("a socket");
    drop(inside);
    Site { spawned, _runtime: runtime }
});

fn ask(bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(SITE.spawned.running.addr()).expect("a mock that still listens");
    let mut answer = Vec::new();
    // The mock may close before it has read everything.
    let sent = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
    if stream.read_to_end(&mut answer).is_err() {
        assert!(sent.is_err() || answer.is_empty() || answer.starts_with(b"HTTP/1.1 "));
    }
    answer
}

fuzz_target!(|data: &[u8]| {
    // A request may ask for a delay; nobody waits for it here.
    if data.to_ascii_lowercase().windows(15).any(|piece| piece == b"x-proviso-fault") {
        return;
    }
    let answer = ask(data);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "), "{}", String::from_utf8_lossy(&answer));
    let next = ask(b"GET /links HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(next.starts_with(b"HTTP/1.1 401"), "{}", String::from_utf8_lossy(&next));
});
