//! Whatever bytes come to a mock with contracts, it answers by a row, refuses or closes, and the next client meets a whole world.

use super::client::Site;
use crate::edits::{edited, some};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

/// Requests that are let in, each of an operation of its own.
fn good(site: &Site) -> Vec<Vec<u8>> {
    let basic = format!("Authorization: {}", site.basic("OMISE_SECRET_KEY").1);
    let bearer = format!(
        "Authorization: Bearer {}\r\ncompanyId: {}",
        site.environment["GAFAPAY_TOKEN"], site.environment["GAFAPAY_COMPANY_ID"]
    );
    let keys = format!(
        "X-API-KEY: {}\r\nX-API-SECRET: {}",
        site.environment["MYTPE_API_KEY"], site.environment["MYTPE_API_SECRET"]
    );
    let link = r#"{"amount":10000,"currency":"thb","title":"t","description":"d"}"#;
    let sent = [
        ("POST /links", &basic, link),
        ("GET /links?limit=5&offset=0", &basic, ""),
        ("GET /links/link_test_5z8m4p2k6v7w9x1c3b5", &basic, ""),
        ("DELETE /links/link_test_5z8m4p2k6v7w9x1c3b5", &basic, ""),
        ("DELETE /gafapay/payment_links/1", &bearer, ""),
        ("DELETE /api/v1/pay-links/1", &keys, ""),
    ];
    let request = |(line, fields, body): &(&str, &String, &str)| {
        let length = body.len();
        format!(
            "{line} HTTP/1.1\r\nHost: h\r\n{fields}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    sent.iter().map(request).map(String::into_bytes).collect()
}

#[test]
fn any_bytes_to_a_mock_are_answered_or_closed_on_and_its_world_stays_whole() {
    let site = Site::open();
    let good = good(&site);
    let outcome = TestRunner::new(some(150)).run(&edited(good, 4), |bytes| {
        let mut stream = TcpStream::connect(site.origin.trim_start_matches("http://")).unwrap();
        let _ = stream.write_all(&bytes).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "), "{}", String::from_utf8_lossy(&answer));
        let list = site.ask("GET /links", &[site.basic("OMISE_SECRET_KEY")], "");
        prop_assert_eq!((list.status, list.row.as_str()), (200, "omise/links.list/all"));
        prop_assert!(list.json()["data"].is_array());
        Ok(())
    });
    outcome.unwrap();
}
