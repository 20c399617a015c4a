//! Any answer held against every documented row: a judgement, whatever comes.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use proviso::judge::check::parse;
use proviso::contract::template::Names;
use proviso::contract::{Loaded, load};
use proviso::http::exchange::{Headers, Response};
use proviso::judge::verdict::{Judge, Judgement};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::LazyLock;

static LOADED: LazyLock<Loaded> =
    LazyLock::new(|| load(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs"))]));
static JUDGE: LazyLock<Judge<'static>> = LazyLock::new(|| Judge::new(&LOADED.contracts));

/// Everything that is referred to stands for something.
struct Anything;

impl Names for Anything {
    fn value(&self, name: &str) -> Option<Value> {
        Some(if name == "livemode" { json!(false) } else { json!("link_test_61p2nbmxxx8r0kz7fzz") })
    }
}

fuzz_target!(|data: &[u8]| {
    let [high, low, rest @ ..] = data else { return };
    let status = 100 + u16::from_be_bytes([*high, *low]) % 500;
    let (media, body) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(at) if at < 64 => (String::from_utf8_lossy(&rest[..at]).into_owned(), &rest[at + 1..]),
        _ => ("application/json".to_owned(), rest),
    };
    parse(body);
    let headers = Headers(vec![("content-type".to_owned(), media)]);
    let response = Response { status, headers, body: Bytes::copy_from_slice(body) };
    for vendor in &LOADED.contracts.vendors {
        for operation in &vendor.operations {
            for row in operation.rows.values() {
                match JUDGE.judge_answer(row, &response, &Anything) {
                    Judgement::Departs { findings, .. } => assert!(!findings.is_empty(), "a departure without a finding"),
                    Judgement::Matches { outcome, .. } => assert!(outcome < row.then.len()),
                    Judgement::Overloaded { .. } | Judgement::Broken(..) => {}
                }
            }
        }
    }
});
