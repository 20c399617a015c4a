//! The same cases in every tool's own format.
//!
//! Proviso's is a vendor's folder in which every case is a sample: a line with a name and an id, as the floor's case is an entry
//! with a name and a path. Samples are the language's way to say that many inputs are answered alike.

use crate::Failure;
use crate::case::{A_VENDOR, Case};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The key that signs a request, which is no secret of anybody.
pub(crate) const KEY: &str = "skey_test_bench";
const AUTHORIZATION: &str = "Basic c2tleV90ZXN0X2JlbmNoOg==";

/// Writes the cases for the floor.
pub(crate) fn floor(cases: &[Case], file: &Path) -> Result<(), Failure> {
    let mut text = String::new();
    for case in cases {
        let code = case.code.unwrap_or("null");
        writeln!(
            text,
            "- name: {}\n  path: {}\n  signed: {}\n  status: {}\n  code: {code}",
            case.name,
            case.path(),
            case.is_signed(),
            case.status
        )?;
    }
    Ok(fs::write(file, text)?)
}

/// A vendor's file: what no number of cases changes, then every case as a sample.
fn samples(number: usize, cases: &[Case]) -> Result<String, Failure> {
    let mut text = format!(
        r#"version: 1
vendor: bench{number:02}
targets:
  sandbox: {{ origin: https://bench{number:02}.example, mode: key }}
credentials:
  secret: {{ env: BENCH{number:02}_KEY, test: "^skey_test_", mock: skey_test_$alnum19 }}
auth:
  basic: {{ user: $secret }}
error_code: /code
shapes:
  error:
    object: error
    location: {{ type: string }}
    message: {{ type: string, minLength: 1 }}
resources:
"#
    );
    for (collection, ..) in COLLECTIONS {
        let mut own = cases.iter().filter(|case| case.collection == collection).peekable();
        if own.peek().is_some() {
            write!(
                text,
                "  {collection}:\n    id:\n      pattern: \"^live_[0-9a-z]+$\"\n      new: live_$alnum19\n      malformed:\n"
            )?;
        }
        for case in own {
            writeln!(text, "        {}: {}", case.name, case.id)?;
        }
    }
    Ok(text)
}

/// What is deleted, and how that is answered.
const COLLECTIONS: [(&str, u16, Option<&str>); 3] =
    [("links", 200, None), ("gone", 404, Some("not_found")), ("locked", 401, Some("authentication_failure"))];

/// An operation whose one row stands for all samples of a collection.
fn operation(vendor: usize, collection: &str, status: u16, code: Option<&str>) -> String {
    let auth = if status == 401 { "auth: none\n" } else { "" };
    let (field, outcome) = match code {
        Some(code) => ("code", format!("like: error, fields: {{ code: {code} }}")),
        None => (
            "deleted",
            "fields: { object: link, id: { type: string, pattern: \"^link_test_[0-9a-z_]+$\" }, livemode: { type: boolean }, deleted: true }"
                .to_owned(),
        ),
    };
    format!(
        r#"version: 1
operation: {collection}.delete
page: {{ id: {collection}, url: "https://bench.example/{collection}", read: "2026-11-20" }}
{auth}request: DELETE /v{vendor:02}/{collection}/{{id}}
path: {{ id: {collection} }}
clauses:
  {status}.status: "The status is {status}"
  {status}.{field}: "The field `{field}` says so"
outcomes:
  answered: {{ status: {status}, {outcome}, cites: [{status}.*] }}
rows:
  each: {{ when: {{ {collection}: malformed }}, then: answered }}
"#
    )
}

/// Writes the cases as folders of vendors below a folder.
pub(crate) fn proviso(cases: &[Case], folder: &Path) -> Result<(), Failure> {
    for (vendor, cases) in cases.chunks(A_VENDOR).enumerate() {
        let folder = folder.join(format!("bench{vendor:02}"));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("vendor.yaml"), samples(vendor, cases)?)?;
        for (collection, status, code) in COLLECTIONS {
            if cases.iter().any(|case| case.collection == collection) {
                let file = folder.join(format!("{collection}.delete.yaml"));
                fs::write(file, operation(vendor, collection, status, code))?;
            }
        }
    }
    Ok(())
}

/// Writes the cases as files for hurl, one a case: in one file it stops at the first that fails.
pub(crate) fn hurl(cases: &[Case], folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    for case in cases {
        let signed = if case.is_signed() { format!("Authorization: {AUTHORIZATION}\n") } else { String::new() };
        let asserts = match case.code {
            None => "jsonpath \"$.object\" == \"link\"\njsonpath \"$.id\" matches /^link_test_[0-9a-z_]+$/\n\
                     jsonpath \"$.livemode\" isBoolean\njsonpath \"$.deleted\" == true\n"
                .to_owned(),
            Some(code) => format!(
                "jsonpath \"$.object\" == \"error\"\njsonpath \"$.location\" isString\njsonpath \"$.code\" == \"{code}\"\n\
                 jsonpath \"$.message\" isString\n"
            ),
        };
        let text = format!("DELETE {{{{base}}}}{}\n{signed}HTTP {}\n[Asserts]\n{asserts}", case.path(), case.status);
        fs::write(folder.join(format!("{}.hurl", case.name)), text)?;
    }
    Ok(())
}

/// What a careful person writes by hand: one session, validators compiled once.
const PYTEST: &str = r#"import json, os, pathlib, jsonschema, pytest, requests

BASE = os.environ["BENCH_BASE"]
CASES = json.loads((pathlib.Path(__file__).parent / "cases.json").read_text())
DELETED = jsonschema.Draft202012Validator({
    "type": "object", "required": ["object", "id", "livemode", "deleted"],
    "properties": {"object": {"const": "link"}, "id": {"type": "string", "pattern": "^link_test_[0-9a-z_]+$"},
                   "livemode": {"type": "boolean"}, "deleted": {"const": True}}})
ERROR = jsonschema.Draft202012Validator({
    "type": "object", "required": ["object", "location", "code", "message"],
    "properties": {"object": {"const": "error"}, "location": {"type": "string"}, "code": {"type": "string"},
                   "message": {"type": "string", "minLength": 1}}})
SESSION = requests.Session()
SESSION.trust_env = False


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_delete(case):
    auth = ("skey_test_bench", "") if case["signed"] else None
    response = SESSION.delete(BASE + case["path"], auth=auth, timeout=30)
    assert response.status_code == case["status"]
    body = response.json()
    (DELETED if case["status"] == 200 else ERROR).validate(body)
    if case["code"]:
        assert body["code"] == case["code"]
"#;

/// Writes the cases as a hand-written pytest.
pub(crate) fn pytest(cases: &[Case], folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    let case = |case: &Case| serde_json::json!({ "name": case.name, "path": case.path(), "signed": case.is_signed(), "status": case.status, "code": case.code });
    let cases: serde_json::Value = cases.iter().map(case).collect();
    fs::write(folder.join("cases.json"), cases.to_string())?;
    fs::write(folder.join("pytest.ini"), "[pytest]\n")?;
    Ok(fs::write(folder.join("test_delete.py"), PYTEST)?)
}

/// A vendor's file as vendors have them: credentials and ways to be refused, a shared section, a support call that makes a thing.
pub(crate) fn vendor(name: &str) -> String {
    let variable = format!("{}_KEY", name.to_uppercase());
    format!(
        r#"version: 1
vendor: {name}
targets:
  sandbox: {{ origin: https://{name}.example, mode: test }}
credentials:
  key: {{ env: {variable}, mock: $alnum32 }}
auth:
  bearer: $key
refused:
  missing: {{}}
  unknown: {{ bearer: $alnum32 }}
error_code: /error/code
shapes:
  error: {{ /error/message: {{ type: string, minLength: 1 }} }}
resources:
  thing:
    id: {{ pattern: "^thing_[0-9a-z]+$", new: thing_$alnum20, malformed: {{ capitals: thing_ABC, bare: abc }} }}
sections:
  refused:
    clauses:
      401.status: "Who is not let in is answered with 401"
      401.code: "The code is unauthorized"
    outcomes:
      unauthorized: {{ status: 401, like: error, fields: {{ /error/code: unauthorized }}, cites: [401.*] }}
    rows:
      no_key:      {{ when: {{ credentials: missing }}, then: unauthorized, inferred: "a key is due" }}
      unknown_key: {{ when: {{ credentials: unknown }}, then: unauthorized, inferred: "a key is due" }}
operations:
  things.create:
    request: POST /{name}/things
    json: {{ name: $mark, amount: 100 }}
    outcomes:
      created: {{ status: 201, fields: {{ id: $thing.id, name: $thing.sent.name }} }}
    rows:
      new: {{ when: {{}}, then: created, leads: {{ thing: live }}, capture: {{ id: /id }}, inferred: "nothing can be deleted before it is made" }}
"#
    )
}

/// An operation's file of the usual size: a page, its statements, its answers, its rows.
pub(crate) fn page(vendor: &str, number: usize) -> String {
    format!(
        r#"version: 1
operation: things{number:04}.delete
page: {{ id: delete-thing-{number:04}, url: "https://{vendor}.example/docs/{number:04}", read: "2026-11-20" }}
title: Delete a thing
with: [refused]
request: DELETE /{vendor}/things{number:04}/{{id}}
path: {{ id: thing }}
clauses:
  200.status: "A thing that is deleted is answered with 200"
  200.id: "The answer names the thing"
  200.deleted: "The answer says that it is deleted"
  404.status: "What does not exist is answered with 404"
  404.code: "Its code is not_found"
  400.status: "What is no id is answered with 400"
  400.code: "Its code is invalid_id"
outcomes:
  deleted:    {{ status: 200, fields: {{ id: $thing.id, deleted: true }}, cites: [200.*] }}
  not_found:  {{ status: 404, like: error, fields: {{ /error/code: not_found }}, cites: [404.*] }}
  invalid_id: {{ status: 400, like: error, fields: {{ /error/code: invalid_id }}, cites: [400.*] }}
rows:
  live:    {{ when: {{ thing: live }}, then: deleted, leads: {{ thing: deleted }}, inferred: "the first delete" }}
  deleted: {{ when: {{ thing: deleted }}, then: not_found, inferred: "a second delete" }}
  unknown: {{ when: {{ thing: unknown }}, then: not_found, inferred: "nobody made it" }}
  no_id:   {{ when: {{ thing: malformed }}, then: invalid_id, inferred: "no thing has such an id" }}
"#
    )
}
