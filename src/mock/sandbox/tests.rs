//! Every row of the five contracts answered by the mock as the contracts promise.

use super::*;
use crate::contract::load;
use std::path::PathBuf;

pub(super) fn contracts() -> Arc<Contracts> {
    let loaded = load(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))]);
    assert!(loaded.mistakes.is_empty());
    loaded.contracts
}

#[test]
fn every_answer_of_every_row_satisfies_its_own_outcome() {
    let mut proved = 0;
    for vendor in &contracts().vendors {
        let proof = Proof::new(vendor);
        for operation in &vendor.operations {
            for row in operation.rows.values() {
                for branch in &row.then {
                    let name = vendor.row_name(row.id);
                    proof.check(operation, row, branch).unwrap_or_else(|refused| panic!("{name}: {refused}"));
                    proved += 1;
                }
            }
        }
    }
    assert!(proved > 60, "{proved}");
}

/// A contract whose one row promises a body.
fn promising(body: &str) -> Arc<Contracts> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("made");
    std::fs::create_dir(&vendor).unwrap();
    let text = format!(
        r#"{{ "version": 1, "vendor": "made", "targets": {{ "sandbox": {{ "origin": "https://made.example", "mode": "test" }} }},
        "operations": {{ "get": {{ "request": "GET /it", "outcomes": {{ "it": {{ "status": 200, "body": {body} }} }},
        "rows": {{ "all": {{ "when": {{}}, "then": "it" }} }} }} }} }}"#
    );
    std::fs::write(vendor.join("vendor.yaml"), text).unwrap();
    let loaded = load(&[folder.path().to_owned()]);
    let told: Vec<_> = loaded.mistakes.iter().map(|mistake| mistake.message.clone()).collect();
    assert!(told.is_empty(), "{body}: {told:?}");
    loaded.contracts
}

fn proved(body: &str) -> Result<(), ProofError> {
    let contracts = promising(body);
    let operation = &contracts.vendors[0].operations[0];
    Proof::new(&contracts.vendors[0]).check(operation, &operation.rows[0], &operation.rows[0].then[0])
}

#[test]
fn a_body_is_made_for_schemas_of_many_kinds() {
    for body in [
        r#"{ "type": "object" }"#,
        r#"{ "type": ["null", "integer"], "minimum": 7 }"#,
        r#"{ "enum": [null, 1] }"#,
        r#"{ "type": "array", "items": { "type": "string", "format": "uuid" }, "minItems": 3, "uniqueItems": true }"#,
        r#"{ "type": "array", "items": { "type": "integer" }, "minItems": 3, "uniqueItems": true }"#,
        r#"{ "type": "array", "prefixItems": [{ "const": 1 }, { "type": "string" }], "items": false, "minItems": 2 }"#,
        r#"{ "type": "array", "contains": { "const": "x" }, "minContains": 2, "maxItems": 2 }"#,
        r#"{ "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "number", "exclusiveMinimum": 0 } } }"#,
        r#"{ "type": "object", "minProperties": 3, "properties": { "a": { "type": "boolean" } } }"#,
        r#"{ "type": "object", "minProperties": 1, "properties": { "a": { "const": 1 }, "b": { "type": "string" } } }"#,
        r#"{ "type": "object", "additionalProperties": { "type": "integer" }, "required": ["x"] }"#,
        r#"{ "type": "object", "additionalProperties": false, "properties": { "a": { "type": "string", "maxLength": 2 } } }"#,
        r#"{ "anyOf": [{ "type": "object", "required": ["a"], "properties": { "a": { "const": 2 } } }, { "type": "null" }] }"#,
        r#"{ "oneOf": [{ "type": "string", "minLength": 300 }, { "type": "integer" }] }"#,
        r#"{ "allOf": [{ "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } } }, { "properties": { "a": { "minimum": 5 } } }] }"#,
        r##"{ "$defs": { "n": { "type": "integer", "minimum": 4 } }, "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#/$defs/n" } } }"##,
        r##"{ "type": "object", "required": ["next"], "properties": { "next": { "anyOf": [{ "type": "null" }, { "$ref": "#" }] } } }"##,
        r#"{ "type": "string", "pattern": "^tok_[0-9A-Za-z]{24}$" }"#,
        r#"{ "type": "string", "pattern": "^[a-z]+$", "minLength": 12, "maxLength": 14 }"#,
        r#"{ "type": "string", "format": "date" }"#,
        r#"{ "type": "string", "format": "uri" }"#,
        r#"{ "type": "string", "format": "email" }"#,
        r#"{ "type": "integer", "minimum": 10, "maximum": 20, "multipleOf": 7 }"#,
        r#"{ "type": "string", "examples": ["a", "b"] }"#,
        r#"{ "type": "object", "fields": { "a": { "type": "object", "fields": { "/b/0/c": 1 } }, "at": "$time", "id": "$uuid" } }"#,
    ] {
        proved(body).unwrap_or_else(|refused| panic!("{body}: {refused}"));
    }
}

#[test]
fn an_answer_that_cannot_be_whole_is_told_and_not_waited_for() {
    for (body, told) in [
        (r#"{ "type": "string", "const": "$nobody.id" }"#, "nothing is named $nobody.id"),
        (r#"{ "type": "string", "examples": [1] }"#, "departs from the outcome"),
        (r#"{ "type": "string", "pattern": "^a$", "minLength": 2 }"#, "departs from the outcome"),
        (r#"{ "not": {} }"#, "departs from the outcome"),
        (
            r##"{ "type": "object", "required": ["a", "b"], "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } } }"##,
            "departs from the outcome",
        ),
    ] {
        let refused = proved(body).expect_err(body).to_string();
        assert!(refused.contains(told), "{body}: {refused}");
    }
}

/// What a mock hands out as the URL of a page, when it is asked at a host.
fn page_at(mock: &Mock, host: Option<&str>) -> String {
    let environment: HashMap<_, _> = mock.environment().into_iter().collect();
    let mut request = Request { method: "POST".to_owned(), url: "/links".to_owned(), ..Request::default() };
    let ours = |name: &&String| name.ends_with("_SECRET_KEY") && !name.contains("_FOREIGN_");
    let key = &environment[environment.keys().find(ours).unwrap()];
    let key = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{key}:"));
    request.headers.set("authorization", format!("Basic {key}"));
    if let Some(host) = host {
        request.headers.set("host", host);
    }
    let made: serde_json::Value = serde_json::from_slice(&mock.respond(&request).body).unwrap();
    let url = made["payment_uri"].as_str().unwrap();
    url.rsplit_once("/pay/").unwrap().0.to_owned()
}

#[test]
fn urls_lead_to_the_host_that_was_asked_and_else_to_where_the_mock_stands() {
    let mock = Mock::new(contracts(), &MockSettings::default()).unwrap();
    assert_eq!(page_at(&mock, None), "http://127.0.0.1");
    mock.set_origin("http://127.0.0.1:4000");
    assert_eq!(page_at(&mock, None), "http://127.0.0.1:4000");
    assert_eq!(page_at(&mock, Some("[::1]:80")), "http://[::1]:80");
    assert_eq!(page_at(&mock, Some("a/b\"c")), "http://127.0.0.1:4000", "that is no host");
}
