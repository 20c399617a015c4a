//! The world behind the answers, broken in one way at a time and looked at by plain requests.

use super::change::MutantChange;
use super::claims::Claims;
use super::edit::Edit;
use super::equivalence::{ChangedValue, Equivalence, excuse};
use super::stage::{PlantedFault, Stage};
use crate::contract::{Contracts, load};
use crate::http::exchange::{Headers, Request};
use crate::mock::{Answerer, Mock, MockSettings};
use serde_json::{Value, json};
use std::sync::Arc;

/// Two accounts, and links that are made, read and deleted.
fn contracts() -> Arc<Contracts> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join("made");
    std::fs::create_dir(&vendor).unwrap();
    let text = json!({
        "version": 1, "vendor": "made", "targets": { "sandbox": { "origin": "https://made.example", "mode": "test" } },
        "credentials": {
            "key": { "env": "MADE_KEY", "mock": "ours" },
            "other": { "env": "MADE_OTHER", "mock": "theirs", "replaces": "key" }
        },
        "auth": { "headers": { "X-Key": "$key" } }, "refused": { "missing": {} },
        "resources": { "link": { "id": { "pattern": "^[0-9A-Za-z]+$", "new": "$alnum12" }, "fixtures": { "kept": "MADE_LINK" } } },
        "sections": { "refused": {
            "outcomes": { "refused": { "status": 401, "fields": { "error": "refused" } } },
            "rows": { "refused": { "when": { "credentials": "missing" }, "then": "refused", "inferred": "a test" } }
        } },
        "operations": {
            "create": {
                "with": ["refused"], "request": "POST /links", "json": { "title": "$mark" },
                "outcomes": { "made": { "status": 201, "fields": { "id": "$link.id" } } },
                "rows": { "new": { "when": {}, "then": "made", "leads": { "link": "live" }, "capture": { "id": "/id" }, "inferred": "a test" } }
            },
            "get": {
                "with": ["refused"], "request": "GET /links/{id}", "path": { "id": "link" },
                "outcomes": { "found": { "status": 200, "fields": { "id": "$link.id" } }, "gone": { "status": 404, "fields": { "error": "gone" } } },
                "rows": {
                    "live": { "when": { "link": ["live", "kept"] }, "then": "found", "inferred": "a test" },
                    "gone": { "when": { "link": ["deleted", "unknown", "foreign"] }, "then": "gone", "inferred": "a test" }
                }
            },
            "delete": {
                "with": ["refused"], "request": "DELETE /links/{id}", "path": { "id": "link" },
                "outcomes": { "deleted": { "status": 200, "fields": { "deleted": true } }, "gone": { "status": 404, "fields": { "error": "gone" } } },
                "rows": {
                    "live": { "when": { "link": "live" }, "then": "deleted", "leads": { "link": "deleted" }, "inferred": "a test" },
                    "gone": { "when": { "link": ["deleted", "unknown"] }, "then": "gone", "inferred": "a test" },
                    "foreign": { "when": { "link": "foreign" }, "then": "gone", "inferred": "a test" }
                }
            }
        }
    });
    std::fs::write(vendor.join("vendor.yaml"), text.to_string()).unwrap();
    let loaded = load(&[folder.path().to_owned()]);
    let told: Vec<_> = loaded.mistakes.iter().map(|mistake| mistake.message.clone()).collect();
    assert!(told.is_empty(), "{told:?}");
    loaded.contracts
}

/// A stage, and whoever asks.
struct Asker {
    stage: Stage,
    contracts: Arc<Contracts>,
}

impl Asker {
    fn new() -> Self {
        let contracts = contracts();
        let values = [("MADE_LINK".to_owned(), "fixed1".to_owned())].into();
        let mock = Mock::new(Arc::clone(&contracts), &MockSettings { values, ..MockSettings::default() }).unwrap();
        Self { stage: Stage::new(Arc::new(mock), Arc::clone(&contracts)), contracts }
    }

    /// Breaks a row of an operation.
    fn breaking(operation: &str, row: &str, change: MutantChange) -> Self {
        let asker = Self::new();
        let id = asker.contracts.vendors[0].operation(operation).unwrap().id;
        let row = format!("made/{operation}/{row}");
        let fault = PlantedFault { operation: id, row, grafts: Arc::default(), change };
        asker.stage.set(Some(Arc::new(fault)));
        asker
    }

    fn ask(&self, key: Option<&str>, method: &str, path: &str) -> (u16, Value) {
        let headers = Headers(key.map(|key| ("X-Key".to_owned(), key.to_owned())).into_iter().collect());
        let body = (method == "POST").then(|| r#"{"title":"t"}"#.into());
        let request = Request { method: method.to_owned(), url: path.to_owned(), headers, body };
        let response = self.stage.answer(&request).response;
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    /// Makes a link, and tells its path.
    fn make(&self, key: &str) -> String {
        let (status, body) = self.ask(Some(key), "POST", "/links");
        assert_eq!(status, 201);
        format!("/links/{}", body["id"].as_str().unwrap())
    }

    fn status(&self, key: &str, method: &str, path: &str) -> u16 {
        self.ask(Some(key), method, path).0
    }
}

fn done(all: bool) -> MutantChange {
    MutantChange::Done { resource: "link".to_owned(), to: "deleted".to_owned(), all }
}

#[test]
fn nothing_is_broken_on_a_stage_where_nothing_is_said() {
    let asker = Asker::new();
    let (one, other) = (asker.make("ours"), asker.make("ours"));
    assert_eq!((asker.status("ours", "DELETE", &one), asker.status("ours", "GET", &one)), (200, 404));
    assert_eq!(asker.status("ours", "GET", &other), 200);
    assert_eq!(asker.status("theirs", "GET", &other), 404);
    assert_eq!(asker.ask(None, "GET", &other).0, 401);
}

#[test]
fn a_deletion_without_effect_is_confirmed_and_not_done() {
    let asker = Asker::breaking("delete", "live", MutantChange::WithoutEffect("link".to_owned()));
    let link = asker.make("ours");
    assert_eq!(asker.ask(Some("ours"), "DELETE", &link), (200, json!({ "deleted": true })));
    assert_eq!(asker.status("ours", "GET", &link), 200);
}

#[test]
fn what_is_done_to_all_is_done_to_the_others_too() {
    let asker = Asker::breaking("delete", "live", done(true));
    let (one, other) = (asker.make("ours"), asker.make("ours"));
    assert_eq!(asker.status("ours", "GET", &other), 200);
    assert_eq!(asker.status("ours", "DELETE", &one), 200);
    assert_eq!(asker.status("ours", "GET", &other), 404);
    assert_eq!(asker.status("ours", "GET", "/links/fixed1"), 404);
    asker.stage.set(None);
    assert_eq!(
        asker.status("ours", "GET", "/links/fixed1"),
        200,
        "what was there from the start is there for the next trial"
    );
}

#[test]
fn a_refusal_that_deletes_answers_as_a_refusal() {
    let asker = Asker::breaking("delete", "refused", done(false));
    let (one, other) = (asker.make("ours"), asker.make("ours"));
    assert_eq!(asker.ask(None, "DELETE", &one).0, 401);
    assert_eq!((asker.status("ours", "GET", &one), asker.status("ours", "GET", &other)), (404, 200));
}

#[test]
fn an_id_is_given_twice() {
    let asker = Asker::breaking("create", "new", MutantChange::Reuse("/id".to_owned()));
    assert_eq!(asker.make("ours"), asker.make("ours"));
}

#[test]
fn refused_credentials_are_taken_for_those_of_whoever_made_it() {
    let asker = Asker::breaking("delete", "refused", MutantChange::AsMaker);
    let link = asker.make("ours");
    assert_eq!(asker.ask(None, "DELETE", &link).0, 200);
    assert_eq!(asker.status("ours", "GET", &link), 404);
}

#[test]
fn another_accounts_resource_is_served_as_ones_own() {
    let asker = Asker::breaking("delete", "foreign", MutantChange::AsMaker);
    let (ours, theirs) = (asker.make("ours"), asker.make("theirs"));
    assert_eq!(asker.status("ours", "DELETE", &theirs), 200);
    assert_eq!(asker.status("theirs", "GET", &theirs), 404);
    assert_eq!(asker.status("ours", "GET", &ours), 200);
}

#[test]
fn one_place_of_one_rows_answer_is_changed_and_of_no_others() {
    let change = MutantChange::Body { pointer: "/deleted".into(), edit: Edit::Flip };
    let asker = Asker::breaking("delete", "live", change);
    let link = asker.make("ours");
    assert_eq!(asker.ask(Some("ours"), "DELETE", &link), (200, json!({ "deleted": false })));
    assert_eq!(asker.ask(Some("ours"), "DELETE", &link), (404, json!({ "error": "gone" })));
}

/// The rule by which a survivor of some clauses is excused.
fn excused(claims: &Claims<'_>, change: &MutantChange, is_optional: bool, is_echo: bool) -> Option<Equivalence> {
    excuse(claims, change, ChangedValue { is_echo, is_optional, ..ChangedValue::default() })
}

#[test]
fn no_rule_excuses_what_a_clause_names_nor_what_was_asked_for() {
    let edit = |edit| MutantChange::Body { pointer: "/title".into(), edit };
    let nothing = Claims { names_status: true, ..Claims::default() };
    assert_eq!(excused(&nothing, &edit(Edit::Another), false, false), Some(Equivalence::FreeValue));
    assert_eq!(excused(&nothing, &edit(Edit::Another), false, true), None);
    assert_eq!(excused(&nothing, &edit(Edit::Next), false, false), Some(Equivalence::FreeValue));
    for gone in [Edit::Drop, Edit::Rename] {
        assert_eq!(excused(&nothing, &edit(gone.clone()), true, false), Some(Equivalence::Optional));
        assert_eq!(excused(&nothing, &edit(gone), false, false), None);
    }
    for never in [Edit::Null, Edit::Retype, Edit::Empty, Edit::Spoil] {
        assert_eq!(excused(&nothing, &edit(never), true, false), None);
    }
    assert_eq!(excused(&Claims::single("200.title"), &edit(Edit::Drop), true, false), None);
    assert_eq!(excused(&nothing, &MutantChange::Status(404), false, false), None);
    let mute = Claims::default();
    assert_eq!(excused(&mute, &MutantChange::Status(404), false, false), Some(Equivalence::NoStatus));
    assert_eq!(excused(&mute, &MutantChange::Status(500), false, false), None);
    let both = Claims { statuses: vec![400, 404], ..nothing };
    assert_eq!(excused(&both, &MutantChange::Status(404), false, false), Some(Equivalence::NamedToo));
    assert_eq!(excused(&both, &MutantChange::WithoutEffect("link".to_owned()), true, false), None);
}
