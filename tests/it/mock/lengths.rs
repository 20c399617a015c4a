//! A promised length of an answer is that of its body, where the body may be so long.

use super::client::{Site, contract};
use proviso::mock::MockSettings;

const CONTRACT: &str = "\
version: 1
vendor: acme
targets: { sandbox: { origin: \"https://acme.example\", mode: test } }
operations:
  json:
    request: GET /json
    outcomes: { is: { status: 200, headers: { content-length: \"30\" }, fields: { ok: true } } }
    rows: { all: { when: {}, then: is, inferred: \"a test\" } }
  text:
    request: GET /text
    outcomes: { is: { status: 200, headers: { Content-Length: \"1\" }, body: text } }
    rows: { all: { when: {}, then: is, inferred: \"a test\" } }
  nothing:
    request: GET /nothing
    outcomes: { is: { status: 200, headers: { Content-Length: \"0\" }, body: any } }
    rows: { all: { when: {}, then: is, inferred: \"a test\" } }
  any:
    request: GET /any
    outcomes: { is: { status: 200, headers: { Content-Length: { pattern: \"^[0-9]+$\" } }, fields: { ok: true } } }
    rows: { all: { when: {}, then: is, inferred: \"a test\" } }
";

#[test]
fn an_answer_is_as_long_as_its_contract_promises() {
    let site = Site::of(contract("acme", CONTRACT), &MockSettings::default());
    for (path, length) in [("json", 30), ("text", 1), ("nothing", 0), ("any", r#"{"ok":true}"#.len())] {
        let answered = site.ask(&format!("GET /{path}"), &[], "");
        assert_eq!((answered.body.len(), answered.field("content-length")), (length, &*length.to_string()), "{path}");
    }
    assert_eq!(site.ask("GET /json", &[], "").json(), serde_json::json!({ "ok": true }));
}
