//! Two requests at once whose order no answer tells: a walk believes in both orders until a later answer shows which it was.

use super::{missed, trouble, walk_to};
use crate::servers::http::locked;
use proviso::contract::{Loaded, Vendor, load};
use proviso::http::exchange::{Headers, Request, Response};
use proviso::http::send::Sender;
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{WalkResult, WalkSettings};
use proviso::mock::{Answerer, Fault, InProcess, Mock, MockSettings, Reply};
use proviso::run::Destination;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const VENDOR: &str = r#"
version: 1
vendor: acme
targets: { sandbox: { origin: "https://acme.example", mode: test } }
credentials: { key: { env: ACME_KEY, mock: test_$hex24 } }
auth: { bearer: $key }
resources: { door: { id: { pattern: "^door_[0-9a-f]{8}$", new: door_$hex8 } } }
operations:
  doors.create:
    request: POST /doors
    json: { name: $mark }
    outcomes: { made: { status: 201, fields: { id: $door.id } } }
    rows: { new: { when: {}, then: made, leads: { door: open }, capture: { id: /id }, inferred: "a test" } }
"#;

/// Each change is answered in the same way whatever was before it, so that two at once may have come in either order.
const OPERATIONS: [(&str, &str, &str); 3] = [
    (
        "doors.hold",
        "POST /doors/{door_id}/hold",
        r#"
outcomes: { done: { status: 200, fields: { id: $door.id } }, absent: { status: 404, body: any } }
rows:
  open: { when: { door: open }, then: done, leads: { door: held }, inferred: "a test" }
  held: { when: { door: held }, then: done, inferred: "a test" }
  unknown: { when: { door: unknown }, then: absent, inferred: "a test" }
"#,
    ),
    (
        "doors.release",
        "POST /doors/{door_id}/release",
        r#"
outcomes: { done: { status: 200, fields: { id: $door.id } }, absent: { status: 404, body: any } }
rows:
  open: { when: { door: open }, then: done, inferred: "a test" }
  held: { when: { door: held }, then: done, leads: { door: open }, inferred: "a test" }
  unknown: { when: { door: unknown }, then: absent, inferred: "a test" }
"#,
    ),
    (
        "doors.read",
        "GET /doors/{door_id}",
        r#"
outcomes:
  open: { status: 200, fields: { id: $door.id, state: open } }
  held: { status: 200, fields: { id: $door.id, state: held } }
  absent: { status: 404, body: any }
rows:
  open: { when: { door: open }, then: open, inferred: "a test" }
  held: { when: { door: held }, then: held, inferred: "a test" }
  unknown: { when: { door: unknown }, then: absent, inferred: "a test" }
"#,
    ),
];

fn doors() -> (TempDir, Loaded) {
    let folder = TempDir::new().unwrap();
    let vendor = folder.path().join("acme");
    fs::create_dir(&vendor).unwrap();
    fs::write(vendor.join("vendor.yaml"), VENDOR).unwrap();
    for (name, request, rows) in OPERATIONS {
        let head = format!("version: 1\noperation: {name}\nrequest: {request}\npath: {{ door_id: door }}\n");
        let page = format!("page: {{ id: {name}, url: \"https://acme.example/{name}\", read: \"2026-11-20\" }}\n");
        let clauses = "clauses: { it: { says: \"Something\", untestable: \"a page for tests\" } }\n";
        fs::write(vendor.join(format!("{name}.yaml")), format!("{head}{page}{clauses}{rows}")).unwrap();
    }
    let loaded = load(&[folder.path().to_owned()]);
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    (folder, loaded)
}

/// How long a change of a door is on its way back: another one that comes before that was sent at once with it.
const ON_ITS_WAY: Duration = Duration::from_millis(4);

/// A change of a door, and when it came.
struct Change {
    at: Instant,
    request: Request,
}

/// The mock, which takes two changes of one door at once in the other order, and tells lies.
struct Swapped {
    mock: Arc<Mock>,
    lie: Box<Lie>,
    /// For each door its last change.
    last: Mutex<HashMap<String, Change>>,
    /// The doors of which two different changes were sent at once.
    met: Mutex<HashSet<String>>,
}

type Lie = dyn Fn(&Swapped, &Request) -> Option<Response> + Send + Sync;

impl Answerer for Swapped {
    fn answer(&self, request: &Request) -> Reply {
        if let Some(lie) = (self.lie)(self, request) {
            return lie.into();
        }
        let response = self.mock.answer(request).response;
        let door = request.url.strip_suffix("/hold").or_else(|| request.url.strip_suffix("/release"));
        let Some(door) = door.filter(|_| response.status == 200) else { return response.into() };
        let change = Change { at: Instant::now(), request: request.clone() };
        let before = locked(&self.last).insert(door.to_owned(), change);
        if let Some(before) = before.filter(|before| before.at.elapsed() < ON_ITS_WAY) {
            // The answers are the same in both orders, so that the one before may be done again after this one.
            self.mock.answer(&before.request);
            if before.request.url != request.url {
                locked(&self.met).insert(door.to_owned());
            }
        }
        Reply { response, fault: Some(Fault { delay: ON_ITS_WAY, breakage: None }) }
    }
}

fn json(status: u16, body: String) -> Response {
    let headers = Headers(vec![("content-type".to_owned(), "application/json".to_owned())]);
    Response { status, headers, body: body.into() }
}

/// Walks at a mock that lies so; how many doors two different changes were sent to at once.
fn walk_doors(
    seed: u64,
    lie: impl Fn(&Swapped, &Request) -> Option<Response> + Send + Sync + 'static,
) -> (WalkResult, usize) {
    let (_folder, loaded) = doors();
    let mock = Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap();
    mock.set_origin("http://127.0.0.1:1");
    let environment = mock.environment();
    let (last, met) = (Mutex::default(), Mutex::default());
    let swapped = Arc::new(Swapped { mock: Arc::new(mock), lie: Box::new(lie), last, met });
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&swapped) as Arc<dyn Answerer>)));
    let to = |_: &Vendor| Destination::embedded("http://127.0.0.1:1");
    let settings = WalkSettings { seed, steps: 300, ..WalkSettings::default() };
    let walked = walk_to(&loaded, &[], to, &environment, &sender, &settings).pop().unwrap();
    let met = locked(&swapped.met).len();
    (walked, met)
}

#[test]
fn two_changes_at_once_that_may_have_come_in_either_order_accuse_nobody() {
    for seed in 0..3 {
        let (walked, met) = walk_doors(seed, |_, _| None);
        assert_eq!(trouble(std::slice::from_ref(&walked)), "", "seed {seed}");
        assert_eq!(missed(std::slice::from_ref(&walked)), Vec::<String>::new(), "seed {seed}");
        assert!(walked.steps == 300 && met > 0, "seed {seed}: {met}");
    }
}

fn found(walked: &WalkResult) -> &str {
    assert_eq!(walked.verdict, Verdict::Violates, "{walked:#?}");
    let failure = walked.failure.as_ref().unwrap();
    assert!(failure.repeats && failure.sequence.len() <= 6, "{}", failure.script);
    assert_eq!(failure.findings[0].code, FindingCode::State, "{:?}", failure.findings);
    &failure.findings[0].message
}

#[test]
fn a_state_that_neither_order_leads_to_is_found() {
    for seed in 0..3 {
        // Two changes at once lose the door.
        let (walked, _) = walk_doors(seed, |swapped, request| {
            let is_lost = locked(&swapped.met).iter().any(|door| request.url.starts_with(door));
            is_lost.then(|| json(404, "{}".to_owned()))
        });
        let found = found(&walked);
        // Either the first request after the race shows it, or the next race does.
        let open =
            ["is due to be `open` or `held`", "is due to be `held` or `open`", "in neither order do rows answer so"];
        assert!(open.iter().any(|part| found.contains(part)), "seed {seed}: {found}");
    }
}

#[test]
fn an_order_that_an_answer_has_shown_is_the_only_one_from_then_on() {
    for seed in 0..3 {
        // Whatever is read after two changes at once is another state every time.
        let reads = Mutex::new(0);
        let (walked, _) = walk_doors(seed, move |swapped, request| {
            let is_lost = locked(&swapped.met).contains(&request.url);
            if !is_lost || request.method != "GET" || swapped.mock.answer(request).response.status != 200 {
                return None;
            }
            let mut reads = locked(&reads);
            *reads += 1;
            let (state, id) = (["open", "held"][*reads % 2], request.url.rsplit('/').next().unwrap());
            Some(json(200, format!("{{\"id\":\"{id}\",\"state\":\"{state}\"}}")))
        });
        assert!(found(&walked).contains("doors.read answers as its row `"), "{walked:#?}");
    }
}
