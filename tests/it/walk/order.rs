//! Two requests at once whose order no answer tells: a walk believes in both orders until a later answer shows which it was.

use super::{missed, trouble, walk_at};
use crate::servers::http::{Answer as Sent, Received, Server, locked};
use proviso::contract::{Loaded, load};
use proviso::http::exchange::{Headers, Request};
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{Settings, Walked};
use proviso::mock::{Answerer, Mock, MockSettings};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
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
const OPERATIONS: [(&str, &str, &str); 4] = [
    (
        "doors.hold",
        "POST /doors/{door_id}/hold",
        r#"
outcomes: { done: { status: 200, fields: { id: $door.id } }, absent: { status: 404, body: any } }
rows:
  open: { when: { door: open }, then: done, leads: { door: held }, inferred: "a test" }
  held: { when: { door: held }, then: done, inferred: "a test" }
  gone: { when: { door: [gone, unknown] }, then: absent, inferred: "a test" }
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
  gone: { when: { door: [gone, unknown] }, then: absent, inferred: "a test" }
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
  gone: { when: { door: [gone, unknown] }, then: absent, inferred: "a test" }
"#,
    ),
    (
        "doors.remove",
        "DELETE /doors/{door_id}",
        r#"
outcomes: { removed: { status: 204, body: empty }, absent: { status: 404, body: any } }
rows:
  there: { when: { door: [open, held] }, then: removed, leads: { door: gone }, inferred: "a test" }
  gone: { when: { door: [gone, unknown] }, then: absent, inferred: "a test" }
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

/// The mock behind a socket: of two changes of one door at once, the later is answered first.
struct Swapped {
    mock: Arc<Mock>,
    /// For each door the change that waits for another one.
    waiting: Mutex<HashMap<String, String>>,
    changed: Condvar,
    /// The doors of which two different changes met.
    met: Mutex<HashSet<String>>,
}

impl Swapped {
    fn new(loaded: &Loaded) -> Self {
        let mock = Mock::new(Arc::new(loaded.contracts.clone()), &MockSettings::default()).unwrap();
        Self { mock: Arc::new(mock), waiting: Mutex::default(), changed: Condvar::new(), met: Mutex::default() }
    }

    /// The mock's own answer.
    fn truth(&self, request: &Received) -> Sent {
        let Received { method, path, headers, body, .. } = request.clone();
        let body = Some(body).filter(|body| !body.is_empty()).map(Into::into);
        let request = Request { method, url: path, headers: Headers(headers), body };
        let response = self.mock.answer(&request).response;
        Sent { status: response.status, headers: response.headers.0, body: response.body.to_vec() }
    }

    fn answer(&self, request: &Received) -> Sent {
        let change = |path: &&str| path.ends_with("/hold") || path.ends_with("/release");
        let Some((door, _)) = Some(request.path.as_str()).filter(change).and_then(|path| path.rsplit_once('/')) else {
            return self.truth(request);
        };
        let mut waiting = locked(&self.waiting);
        if let Some(other) = waiting.remove(door) {
            if other != request.path {
                locked(&self.met).insert(door.to_owned());
            }
            self.changed.notify_all();
            // The other one cannot go on before this lock is given back.
            return self.truth(request);
        }
        waiting.insert(door.to_owned(), request.path.clone());
        let alone = |waiting: &mut HashMap<String, String>| waiting.contains_key(door);
        let bound = Duration::from_millis(10);
        let (mut waiting, _) = self.changed.wait_timeout_while(waiting, bound, alone).unwrap();
        waiting.remove(door);
        self.truth(request)
    }
}

/// Walks at a mock of which some answers are lies; how many doors two different changes met.
fn walk_doors(
    seed: u64,
    steps: usize,
    lie: impl Fn(&Swapped, &Received) -> Option<Sent> + Send + Sync + 'static,
) -> (Walked, usize) {
    let (_folder, loaded) = doors();
    let swapped = Arc::new(Swapped::new(&loaded));
    let environment = swapped.mock.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let behind = Arc::clone(&swapped);
    let server = Server::start(move |request| lie(&behind, request).unwrap_or_else(|| behind.answer(request)));
    let settings = Settings { seed, steps, ..Settings::default() };
    let walked = walk_at(&loaded, &[], server.origin(), &environment, &settings).pop().unwrap();
    let met = locked(&swapped.met).len();
    (walked, met)
}

#[test]
fn two_changes_at_once_that_may_have_come_in_either_order_accuse_nobody() {
    let mut most = 0;
    for seed in 0..3 {
        let (walked, met) = walk_doors(seed, 500, |_, _| None);
        assert_eq!(trouble(std::slice::from_ref(&walked)), "", "seed {seed}");
        assert_eq!(missed(std::slice::from_ref(&walked)), Vec::<String>::new(), "seed {seed}");
        assert_eq!(walked.steps, 500, "seed {seed}");
        most = most.max(met);
    }
    assert!(most > 1, "changes met in no walk");
}

fn found(walked: &Walked) -> &str {
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
        let (walked, _) = walk_doors(seed, 2000, |swapped, request| {
            let lost = locked(&swapped.met).iter().any(|door| request.path.starts_with(door));
            lost.then(|| Sent::new(404, "application/json", "{}"))
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
        let (walked, _) = walk_doors(seed, 2000, move |swapped, request| {
            let lost = locked(&swapped.met).contains(&request.path);
            if !lost || request.method != "GET" || swapped.truth(request).status != 200 {
                return None;
            }
            let mut reads = locked(&reads);
            *reads += 1;
            let (state, id) = (["open", "held"][*reads % 2], request.path.rsplit('/').next().unwrap());
            Some(Sent::new(200, "application/json", format!("{{\"id\":\"{id}\",\"state\":\"{state}\"}}")))
        });
        assert!(found(&walked).contains("doors.read answers as its row `"), "{walked:#?}");
    }
}
