//! Any bytes as a vendor's answer: a whole answer or a known breakage, and a judgement of whatever came.

use crate::edits::{edited, some};
use crate::runner::specs;
use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use proviso::contract::template::Names;
use proviso::http::exchange::{FailureKind, Headers, Request, Response};
use proviso::http::send::{Connection, Sender, Settings};
use proviso::judge::verdict::{Judge, Judgement};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

/// Everything that is referred to stands for something.
struct Anything;

impl Names for Anything {
    fn value(&self, name: &str) -> Option<Value> {
        Some(if name == "livemode" { json!(false) } else { json!("link_test_5z8m4p2k6v7w9x1c3b5") })
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let names = "object|code|message|success|id|deleted|livemode|location|data|[a-z]{0,3}";
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let good = [
        r#"{"object":"error","location":"https://www.omise.co/api-errors#not-found","code":"not_found","message":"m"}"#,
        r#"{"object":"link","id":"link_test_5z8m4p2k6v7w9x1c3b5","livemode":false,"deleted":true}"#,
        r#"{"success":true,"message":"Pay link deleted successfully"}"#,
        r#"{"success":false,"message":"PAY_LINK_NOT_FOUND","code":404}"#,
    ];
    let good = good.map(|text| text.as_bytes().to_vec()).to_vec();
    prop_oneof![
        values().prop_map(|value| value.to_string().into_bytes()),
        edited(good, 3),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

#[test]
fn whatever_a_vendor_answers_is_judged_by_every_row() {
    let loaded = specs();
    let judge = Judge::new(&loaded.contracts);
    let medias =
        prop::sample::select(vec!["application/json", "text/html", "application/problem+json; charset=x", "", "\u{0}"]);
    let outcome = TestRunner::new(some(100)).run(&(0..1000_u16, medias, bodies()), |(status, media, body)| {
        let headers = Headers(vec![("Content-Type".to_owned(), media.to_owned())]);
        let response = Response { status, headers, body: Bytes::from(body) };
        for vendor in &loaded.contracts.vendors {
            for operation in &vendor.operations {
                for row in operation.rows.values() {
                    match judge.judge_answer(row, &response, &Anything) {
                        Judgement::Matches { outcome, .. } => prop_assert!(outcome < row.then.len()),
                        Judgement::Departs { nearest, findings } => {
                            prop_assert!(!findings.is_empty() && nearest < row.then.len(), "{}", operation.name);
                        }
                        Judgement::Overloaded { status: told, .. } => {
                            prop_assert!(told == status && (status == 429 || status >= 500));
                        }
                        Judgement::Broken(kind, _) => prop_assert_eq!(kind, FailureKind::TooLarge),
                    }
                }
            }
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn whatever_bytes_come_back_are_an_answer_or_a_known_breakage() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (give, take) = mpsc::channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for (mut stream, bytes) in listener.incoming().map_while(Result::ok).zip(take) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&bytes);
        }
    });
    let good = [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"object\": 1}",
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.0 429 Slow\r\nRetry-After: 1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}\u{8b}x",
    ];
    let good = good.map(|text| text.as_bytes().to_vec()).to_vec();
    let answers = prop_oneof![4 => edited(good, 4), 1 => prop::collection::vec(any::<u8>(), 0..300)];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sender = Sender::new(&Settings { max_body: 10_000, max_decoded: 10_000, ..Settings::default() }).unwrap();
    let request = Request { method: "GET".to_owned(), url, headers: Headers::default(), body: None };
    let outcome = TestRunner::new(some(200)).run(&answers, |bytes| {
        give.send(bytes).unwrap();
        match runtime.block_on(sender.send(&request, Connection::Fresh)) {
            Ok(answer) => prop_assert!(answer.body.len() <= 10_000 && (100..1000).contains(&answer.status)),
            Err(failure) => {
                use FailureKind::{Closed, NotHttp, TooLarge, Truncated};
                let known = [Closed, NotHttp, TooLarge, Truncated];
                prop_assert!(known.contains(&failure.kind), "{failure}");
            }
        }
        Ok(())
    });
    outcome.unwrap();
}
