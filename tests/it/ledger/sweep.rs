//! Sweeps over ledgers as killed runs leave them: what is removed, what is only named, and what is left alone.

use super::{Bench, RUN, mark};
use crate::servers::http::{Answer, Received, locked};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proviso::run::{SweepResult, Sweeping};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

impl Bench {
    /// The vendor's answer to one of its accounts, ours being the first.
    pub(super) fn ask(&self, account: usize, method: &str, path: &str, body: &Value) -> Value {
        let mut world = locked(&self.world);
        let key = format!("{}:", world.omise.accounts[account].secret);
        let headers = vec![("Authorization".to_owned(), format!("Basic {}", BASE64_STANDARD.encode(key)))];
        let (method, path, origin) = (method.to_owned(), path.to_owned(), self.server.origin().to_owned());
        let body = body.to_string().into_bytes();
        let request = Received { method, path, query: String::new(), headers, body, origin };
        world.answer(&request).json().unwrap()
    }

    /// Makes a link that holds a text, beside any run.
    pub(super) fn link(&self, text: &str) -> String {
        self.link_of(0, text)
    }

    pub(super) fn link_of(&self, account: usize, text: &str) -> String {
        let sent = json!({ "amount": 10000, "currency": "thb", "title": text, "description": "a link" });
        self.ask(account, "POST", "/links", &sent)["id"].as_str().unwrap().to_owned()
    }

    /// The first line of a ledger.
    pub(super) fn first() -> String {
        json!({ "line": "ledger", "version": 1, "run": RUN, "started": "2026-11-21T04:30:53Z" }).to_string() + "\n"
    }

    /// The line of an intent to make a link.
    pub(super) fn intent(&self, number: u64, mark: &str) -> String {
        let line = json!({
            "line": "intent", "number": number, "at": "2026-11-21T04:30:53.120Z", "mark": mark, "vendor": "omise",
            "target": "test", "origin": self.server.origin(), "resource": "link", "operation": "links.create",
            "state": "live", "account": "secret",
        });
        line.to_string() + "\n"
    }

    /// A ledger of a young run that speaks of links: mark, and id if it is known.
    pub(super) fn ledger(&self, links: &[(&str, Option<&str>)]) -> std::path::PathBuf {
        let mut text = Self::first();
        for (number, (mark, id)) in (1..).zip(links) {
            text += &self.intent(number, mark);
            text += &id.map(|id| made(number, id)).unwrap_or_default();
        }
        self.write("run", &text)
    }

    fn swept(&self) -> SweepResult {
        self.sweep(&Sweeping::default())
    }
}

pub(super) fn made(number: u64, id: &str) -> String {
    json!({ "line": "made", "number": number, "id": id }).to_string() + "\n"
}

/// The ids that a sweep has removed.
fn removed(swept: &SweepResult) -> Vec<&str> {
    swept.removed.iter().filter_map(|leftover| leftover.id.as_deref()).collect()
}

/// The reasons for which something remains.
fn reasons(swept: &SweepResult) -> Vec<&str> {
    swept.remaining.iter().filter_map(|leftover| leftover.why.as_deref()).collect()
}

#[test]
fn what_is_known_by_its_id_is_removed_newest_first() {
    let bench = Bench::new();
    let ids = [1, 2, 3].map(|number| bench.link(&mark(number)));
    bench.ledger(&[(&mark(1), Some(&ids[0])), (&mark(2), Some(&ids[1])), (&mark(3), Some(&ids[2]))]);
    let swept = bench.swept();
    assert_eq!(removed(&swept), [&ids[2], &ids[1], &ids[0]]);
    assert!(swept.is_clean() && bench.left().is_empty() && bench.ledgers().is_empty(), "{swept:?}");
    assert_eq!(bench.swept(), SweepResult::default(), "nothing is left for another one");
}

#[test]
fn what_is_gone_already_is_no_trouble() {
    let bench = Bench::new();
    let id = bench.link(&mark(1));
    bench.ask(0, "DELETE", &format!("/links/{id}"), &Value::Null);
    bench.ledger(&[(&mark(1), Some(&id)), (&mark(2), Some("link_test_0000000000000000000")), (&mark(3), None)]);
    let swept = bench.swept();
    assert!(swept.is_clean() && bench.ledgers().is_empty(), "{swept:?}");
}

#[test]
fn a_mark_finds_what_holds_it_and_nothing_that_is_like_it() {
    let bench = Bench::new();
    let ours = bench.link(&mark(1));
    let mark = mark(1);
    let others = [format!("{mark}2"), mark.replace("-1", ""), format!("x{mark}"), "a link".to_owned()];
    let others = others.map(|text| bench.link(&text));
    bench.ledger(&[(&mark, None)]);
    let swept = bench.swept();
    assert_eq!(removed(&swept), [&ours]);
    assert_eq!(bench.left(), others);
}

#[test]
fn everything_that_holds_a_mark_is_removed() {
    let bench = Bench::new();
    // A create whose answer was lost may have been sent again.
    let twice = [(), ()].map(|()| bench.link(&mark(1)));
    bench.ledger(&[(&mark(1), None)]);
    assert_eq!(removed(&bench.swept()).len(), twice.len());
    assert!(bench.left().is_empty() && bench.ledgers().is_empty());
}

#[test]
fn a_mark_is_found_on_any_page_of_a_long_list() {
    let bench = Bench::new();
    let ids: Vec<String> = (0..230).map(|number| bench.link(&mark(number))).collect();
    bench.ledger(&[(&mark(0), None), (&mark(99), None), (&mark(100), None), (&mark(199), None), (&mark(229), None)]);
    let swept = bench.swept();
    assert_eq!(removed(&swept), [229, 199, 100, 99, 0].map(|number: usize| ids[number].as_str()));
    assert!(swept.is_clean());
}

#[test]
fn a_list_that_becomes_shorter_while_it_is_read_hides_nothing() {
    let count = AtomicUsize::new(0);
    let gone = std::sync::Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let first = std::sync::Arc::clone(&gone);
    let bench = Bench::answering(move |request, truth| {
        if request.path == "/links" && count.fetch_add(1, Ordering::SeqCst) == 1 {
            // Between the first page and the second, somebody removes half of the first one.
            for id in first.lock().unwrap().drain(..) {
                let other = Received { method: "DELETE".to_owned(), path: format!("/links/{id}"), ..request.clone() };
                ask_as(&other);
            }
        }
        truth()
    });
    let ids: Vec<String> = (0..160).map(|number| bench.link(&mark(number))).collect();
    gone.lock().unwrap().extend(ids[..50].iter().cloned());
    bench.ledger(&[(&mark(120), None)]);
    let swept = bench.swept();
    assert_eq!(removed(&swept), [&ids[120]]);
}

/// Sends a request once more over a connection of its own.
fn ask_as(request: &Received) {
    use std::io::{Read, Write};
    let address = request.origin.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let authorization = request.header("authorization").unwrap();
    let head = format!("{} {} HTTP/1.1\r\nHost: {address}\r\n", request.method, request.path);
    write!(stream, "{head}Authorization: {authorization}\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_list_without_an_end_is_given_up() {
    let count = AtomicUsize::new(0);
    let bench = Bench::answering(move |request, truth| {
        if request.path != "/links" {
            return truth();
        }
        let from = count.fetch_add(1, Ordering::SeqCst);
        let item = |number: usize| json!({ "id": format!("link_test_{number}"), "title": "somebody's" });
        let page = json!({ "object": "list", "data": [item(from), item(from + 1)] });
        Answer::new(200, "application/json", page.to_string())
    });
    bench.ledger(&[(&mark(1), None)]);
    let swept = bench.swept();
    assert!(reasons(&swept)[0].contains("no end"), "{swept:?}");
    assert_eq!(bench.ledgers().len(), 1);
}

#[test]
fn a_torn_last_line_hides_nothing() {
    let bench = Bench::new();
    let mark = mark(1);
    for cut in [0, 1, 20, 40] {
        let id = bench.link(&mark);
        let whole = Bench::first() + &bench.intent(1, &mark);
        bench.write("run", &(whole + &made(1, &id)[..cut]));
        let swept = bench.swept();
        assert!(swept.is_clean() && bench.left().is_empty() && bench.ledgers().is_empty(), "cut at {cut}: {swept:?}");
    }
    bench.write("run", &Bench::first()[..30]);
    assert!(bench.swept().is_clean() && bench.ledgers().is_empty(), "its run had made nothing");
}

#[test]
fn what_cannot_be_read_is_told_and_left_as_it_is() {
    let bench = Bench::new();
    let newer = Bench::first().replace("\"version\":1", "\"version\":2");
    let damaged = Bench::first() + "{\n" + &bench.intent(1, &mark(1));
    let paths = [bench.write("damaged", &damaged), bench.write("newer", &newer)];
    let swept = bench.swept();
    let told: Vec<_> = swept.unreadable.iter().map(|(path, why)| (path.clone(), why.as_str())).collect();
    assert!(told[0].0 == paths[0] && told[0].1.contains("line 2"), "{told:?}");
    assert!(told[1].0 == paths[1] && told[1].1.contains("version 2"), "{told:?}");
    assert!(!swept.is_clean() && bench.server.requests() == 0);
    assert_eq!(paths.map(|path| std::fs::read_to_string(path).unwrap()), [damaged, newer]);
}

#[test]
fn a_dry_run_names_and_sends_nothing() {
    let bench = Bench::new();
    let id = bench.link(&mark(1));
    let path = bench.ledger(&[(&mark(1), Some(&id)), (&mark(2), None)]);
    let before = std::fs::read_to_string(&path).unwrap();
    let swept = bench.sweep(&Sweeping { dry_run: true, ..Sweeping::default() });
    let names: Vec<&str> = swept.removed.iter().map(|leftover| leftover.name.as_str()).collect();
    assert!(names[0].contains(&id) && names[1].contains(&mark(2)), "{names:?}");
    assert_eq!((bench.server.requests(), bench.left()), (0, vec![id]));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn nobody_is_asked_whom_the_sweep_does_not_name() {
    let bench = Bench::new();
    let elsewhere = bench.intent(1, &mark(1)).replace(bench.server.origin(), "http://127.0.0.1:1");
    bench.write("run", &(Bench::first() + &elsewhere + &made(1, "link_test_1")));
    let swept = bench.swept();
    let elsewhere: Vec<&str> = swept.elsewhere.iter().map(|left| left.origin.as_str()).collect();
    assert_eq!((elsewhere, swept.removed.len(), swept.is_clean()), (vec!["http://127.0.0.1:1"], 0, true));
    assert_eq!((bench.server.requests(), bench.ledgers().len()), (0, 1));
}

#[test]
fn what_the_vendor_refuses_to_remove_stays_in_the_ledger() {
    let mut bench = Bench::new();
    let id = bench.link(&mark(1));
    bench.ledger(&[(&mark(1), Some(&id)), (&mark(2), None)]);
    let key = bench.variables.insert("OMISE_SECRET_KEY".to_owned(), "skey_test_0000000000000000000".to_owned());
    let refused = bench.swept();
    assert!(refused.remaining.len() == 2 && refused.removed.is_empty(), "{refused:?}");
    bench.variables.remove("OMISE_SECRET_KEY");
    let unset = bench.swept();
    assert_eq!(reasons(&unset), ["set $OMISE_SECRET_KEY"; 2]);
    assert_eq!((bench.left().len(), bench.ledgers().len()), (1, 1));
    bench.variables.insert("OMISE_SECRET_KEY".to_owned(), key.unwrap());
    assert!(bench.swept().is_clean() && bench.left().is_empty() && bench.ledgers().is_empty());
}

#[test]
fn only_what_the_vendor_says_is_gone_counts_as_removed() {
    let answers =
        [(200, true), (204, true), (404, true), (410, true), (400, false), (403, false), (409, false), (503, false)];
    for (status, gone) in answers {
        let bench = Bench::answering(move |request, truth| match request.method.as_str() {
            "DELETE" => Answer::new(status, "text/plain", "undocumented"),
            _ => truth(),
        });
        let id = bench.link(&mark(1));
        bench.ledger(&[(&mark(1), Some(&id))]);
        let swept = bench.swept();
        assert_eq!((swept.is_clean(), swept.removed.len()), (gone, usize::from(gone)), "{status}: {swept:?}");
        assert_eq!(bench.ledgers().is_empty(), gone, "{status}");
    }
}

#[test]
fn a_vendor_that_does_not_answer_is_asked_once() {
    let mut bench = Bench::new();
    let links: Vec<String> = (0..5).map(|number| bench.link(&mark(number))).collect();
    bench.ledger(&[(&mark(0), Some(&links[0])), (&mark(1), Some(&links[1])), (&mark(2), Some(&links[2]))]);
    let dead = Bench::answering(|_, _| panic!("no answer"));
    let text = std::fs::read_to_string(&bench.ledgers()[0]).unwrap();
    bench.write("run", &text.replace(bench.server.origin(), dead.server.origin()));
    std::mem::swap(&mut bench.server, &mut { dead }.server);
    let swept = bench.swept();
    assert_eq!(swept.remaining.len(), 3, "{swept:?}");
    assert!(reasons(&swept)[0].contains("does not answer"), "{swept:?}");
    assert_eq!(bench.server.connections(), 4, "one deletion, its second connection and two further tries");
}

#[test]
fn another_accounts_things_are_found_and_removed_with_its_own_credentials() {
    let bench = Bench::new();
    let id = bench.link_of(1, &mark(1));
    let foreign = bench.intent(1, &mark(1)).replace("\"secret\"", "\"foreign\"");
    bench.write("run", &(Bench::first() + &foreign));
    let swept = bench.swept();
    assert_eq!(removed(&swept), [&id]);
    assert!(swept.is_clean() && bench.ledgers().is_empty(), "{swept:?}");
}
