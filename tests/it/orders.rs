//! A vendor whose create, list and errors have pages, told the truth by in twelve ways and lied to in as many, by a server that knows
//! nothing of our table.

use crate::runner::{Told, quick, run};
use crate::servers::http::{Answer, Received, Server, locked};
use proviso::contract::case::Selection;
use proviso::contract::load;
use proviso::judge::verdict::Verdict;
use proviso::run::RunPlan;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

const KEY: &str = "test_0123456789ab";

/// The ways in which the pages leave open how a vendor answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    Plain,
    /// A second cancellation is answered 204, as the page has it too.
    Idle,
    Noted,
    Large,
    Lines,
    MoreFields,
    MoreHeaders,
    MediaTypes,
    FractionOfNothing,
    WithOrdersOfOthers,
    Pretty,
    WordyReceipts,
}

const TRUTHS: [Truth; 12] = [
    Truth::Plain,
    Truth::Idle,
    Truth::Noted,
    Truth::Large,
    Truth::Lines,
    Truth::MoreFields,
    Truth::MoreHeaders,
    Truth::MediaTypes,
    Truth::FractionOfNothing,
    Truth::WithOrdersOfOthers,
    Truth::Pretty,
    Truth::WordyReceipts,
];

/// What a lying vendor does otherwise than its pages say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    CreatedIs200,
    CountIsAnother,
    SizeIsNone,
    LineWithoutSku,
    NoLocation,
    ListIs206,
    ListIsNoList,
    KeyWithoutCode,
    NoOrderIs400,
    CancelledButOpen,
    ReceiptStays,
    SecondIs202,
}

/// Every lie, the operation whose answer is a lie, and the clause that it breaks.
const LIES: [(Lie, &str, &str); 12] = [
    (Lie::CreatedIs200, "orders.create", "201.status"),
    (Lie::CountIsAnother, "orders.create", "201.count"),
    (Lie::SizeIsNone, "orders.create", "201.size"),
    (Lie::LineWithoutSku, "orders.create", "201.lines"),
    (Lie::NoLocation, "orders.create", "201.location"),
    (Lie::ListIs206, "orders.list", "200.status"),
    (Lie::ListIsNoList, "orders.list", "200.data"),
    (Lie::KeyWithoutCode, "orders.read", "errors.key"),
    (Lie::NoOrderIs400, "orders.read", "404.status"),
    (Lie::CancelledButOpen, "orders.cancel", "effects.state"),
    (Lie::ReceiptStays, "orders.cancel", "effects.receipt"),
    (Lie::SecondIs202, "orders.cancel", "409.again"),
];

/// The vendor: how it tells the truth, where it lies, and its orders by id, each with its count and whether it was cancelled.
struct Vendor {
    truth: Truth,
    lie: Option<Lie>,
    orders: BTreeMap<String, (Value, bool)>,
}

impl Vendor {
    fn answer(&mut self, request: &Received) -> Answer {
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let answer = match (request.method.as_str(), path.as_slice()) {
            ("GET", ["receipts", id]) => return self.receipt(id),
            (_, ["orders", ..]) if request.header("Authorization") != Some(&format!("Bearer {KEY}")) => {
                let reads = request.method == "GET" && path.len() == 2;
                if reads && self.lie == Some(Lie::KeyWithoutCode) { plain(401, None) } else { plain(401, Some("key")) }
            }
            ("POST", ["orders"]) => self.create(request),
            ("GET", ["orders"]) => self.list(),
            ("GET", ["orders", id]) => self.read(id, &request.origin),
            ("POST", ["orders", id, "cancel"]) => self.cancel(id),
            _ => plain(404, None),
        };
        match self.truth {
            Truth::MoreHeaders => answer.with_header("X-Request-Id", "7").with_header("Cache-Control", "no-store"),
            _ => answer,
        }
    }

    fn create(&mut self, request: &Received) -> Answer {
        let id = format!("{:012x}", self.orders.len() * 4919 + 1);
        let count = request.json().map_or(Value::Null, |body| body["count"].clone());
        self.orders.insert(id.clone(), (count, false));
        let status = if self.lie == Some(Lie::CreatedIs200) { 200 } else { 201 };
        let answer = self.json(status, &self.order(&id, &request.origin, true));
        if self.lie == Some(Lie::NoLocation) {
            answer
        } else {
            answer.with_header("Location", &format!("/orders/{id}"))
        }
    }

    /// An order; a lie about one is told where it is made alone.
    fn order(&self, id: &str, origin: &str, is_new: bool) -> Value {
        let lies = |lie| is_new && self.lie == Some(lie);
        let count = match &self.orders[id].0 {
            _ if lies(Lie::CountIsAnother) => json!(3),
            count if self.truth == Truth::FractionOfNothing => json!(count.as_f64().unwrap()),
            count => count.clone(),
        };
        let size = if lies(Lie::SizeIsNone) { "huge" } else { "small" };
        let size = if self.truth == Truth::Large { "large" } else { size };
        let lines = match self.truth {
            _ if lies(Lie::LineWithoutSku) => json!([{ "sku": "a" }, { "name": "b" }]),
            Truth::Lines => json!([{ "sku": "a" }, { "sku": "b", "price": 3 }]),
            _ => json!([]),
        };
        let mut order = json!({ "id": id, "count": count, "size": size, "lines": lines, "state": "open" });
        order["receipt"] = json!(format!("{origin}/receipts/{id}"));
        match self.truth {
            Truth::Noted => order["note"] = json!("by hand"),
            Truth::MoreFields => order["warehouse"] = json!({ "row": [1, null] }),
            _ => {}
        }
        order
    }

    fn list(&self) -> Answer {
        let mut ids: Vec<Value> = self.orders.keys().map(|id| json!({ "id": id })).collect();
        if self.truth == Truth::WithOrdersOfOthers {
            ids.extend((0..40).map(|number| json!({ "id": format!("ffff{number:08x}"), "by": "another" })));
        }
        match self.lie {
            Some(Lie::ListIs206) => self.json(206, &json!({ "data": ids })),
            Some(Lie::ListIsNoList) => self.json(200, &json!({ "data": { "0": ids } })),
            _ => self.json(200, &json!({ "data": ids })),
        }
    }

    fn read(&self, id: &str, origin: &str) -> Answer {
        match self.orders.get(id) {
            None if self.lie == Some(Lie::NoOrderIs400) => plain(400, Some("no_order")),
            None => plain(404, Some("no_order")),
            Some((_, true)) if self.lie != Some(Lie::CancelledButOpen) => {
                self.json(200, &json!({ "id": id, "state": "cancelled" }))
            }
            Some(_) => self.json(200, &self.order(id, origin, false)),
        }
    }

    fn cancel(&mut self, id: &str) -> Answer {
        let idle = self.truth == Truth::Idle;
        match self.orders.get_mut(id) {
            None => plain(404, Some("no_order")),
            Some((_, true)) if self.lie == Some(Lie::SecondIs202) => plain(202, None),
            Some((_, true)) if idle => plain(204, None),
            Some((_, true)) => plain(409, Some("done")),
            Some((_, cancelled)) => {
                *cancelled = true;
                plain(202, None)
            }
        }
    }

    fn receipt(&self, id: &str) -> Answer {
        let (media, words) = match self.truth {
            Truth::WordyReceipts => ("text/html", "<h1>withdrawn</h1>"),
            _ => ("text/plain", ""),
        };
        match self.orders.get(id) {
            Some((_, true)) if self.lie != Some(Lie::ReceiptStays) => Answer::new(410, media, words),
            Some(_) => Answer::new(200, media, "two of something"),
            None => Answer::new(404, media, ""),
        }
    }

    fn json(&self, status: u16, body: &Value) -> Answer {
        let text = if self.truth == Truth::Pretty { format!("{body:#}\n") } else { body.to_string() };
        let media = if self.truth == Truth::MediaTypes {
            "application/vnd.orders+json; charset=UTF-8"
        } else {
            "application/json"
        };
        Answer::new(status, media, text)
    }
}

/// An answer without a body, with an error code in its header.
fn plain(status: u16, code: Option<&str>) -> Answer {
    let answer = Answer { status, headers: Vec::new(), body: Vec::new() };
    code.into_iter().fold(answer, |answer, code| answer.with_header("X-Error", code))
}

fn told(truth: Truth, lie: Option<Lie>, jobs: usize) -> Told {
    let vendor = Mutex::new(Vendor { truth, lie, orders: BTreeMap::new() });
    let server = Server::start(move |request| locked(&vendor).answer(request));
    let loaded = load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paged")]);
    assert!(loaded.mistakes.is_empty());
    let plan = RunPlan { jobs, ..quick() };
    run(&loaded, server.origin(), &[("ORDERS_KEY", KEY.to_owned())], &Selection::default(), &plan)
}

#[test]
fn twelve_truthful_vendors_are_never_accused() {
    for truth in TRUTHS {
        for jobs in [1, 32] {
            let told = told(truth, None, jobs);
            let conforming = told.of(Verdict::Conforms).len();
            assert_eq!(conforming, told.results.len(), "{truth:?}, {jobs} at once:\n{}", told.trouble());
            // No page has a call that removes an order.
            assert!(told.notices.iter().all(|notice| notice.kind == "left-behind"), "{truth:?}:\n{}", told.trouble());
            assert!(told.results.len() >= 14, "{}", told.results.len());
        }
    }
}

#[test]
fn twelve_lying_vendors_are_red_at_the_sentence_that_they_break_and_nowhere_else() {
    for (lie, operation, clause) in LIES {
        for jobs in [1, 32] {
            let told = told(Truth::Plain, Some(lie), jobs);
            let red: Vec<_> = told.results.iter().filter(|result| result.verdict == Verdict::Violates).collect();
            assert!(!red.is_empty(), "{lie:?}, {jobs} at once: nothing is red\n{}", told.trouble());
            for result in &red {
                assert_eq!(result.operation, operation, "{lie:?}, {jobs} at once:\n{}", told.trouble());
            }
            let findings = red.iter().flat_map(|result| &result.findings);
            let named = findings.flat_map(|finding| finding.clause.iter().map(|named| &named.id).chain(&finding.also));
            let named: Vec<&str> = named.map(String::as_str).collect();
            assert!(named.contains(&clause), "{lie:?}, {jobs} at once: {named:?} without {clause}\n{}", told.trouble());
        }
    }
}
