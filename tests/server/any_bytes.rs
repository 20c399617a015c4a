//! Whatever bytes a client sends, it gets answers or a close, and the next client is served.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::client::Site;

/// Requests with some bytes replaced, left out or put in, one after another.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    let good = prop::sample::select(vec![
        "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
        "HEAD http://h/a HTTP/1.0\r\nConnection: keep-alive\r\nX-Proviso-Fault: cut\r\n\r\n",
    ]);
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 0..4);
    let spoilt = (good, edits).prop_map(|(good, edits)| {
        let mut bytes = good.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    });
    prop::collection::vec(spoilt, 1..4).prop_map(|requests| requests.concat())
}

#[test]
fn any_bytes_are_answered_or_closed_on_and_the_next_client_is_served() {
    let site = Site::faulty(&[]);
    let anything = prop_oneof![prop::collection::vec(any::<u8>(), 0..2000), requests()];
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&anything, |bytes| {
        let mut client = site.client();
        client.try_send(&bytes);
        client.shut_writing();
        let (seen, _) = client.rest();
        prop_assert!(seen.is_empty() || seen.starts_with("HTTP/1."), "{}", seen);
        prop_assert_eq!(site.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
        Ok(())
    });
    outcome.unwrap();
}
