//! Each stand-in answers as the pages and the recorded exchanges say, in every form that they allow.

use serde_json::{Value, json};

use super::tour::{Caller, GAFAPAY, NEW_ACCOUNT, NEW_LINK, basic, text, tour, wrong_basics, wrong_pairs};
use crate::servers::http::Answer;
use crate::servers::mytpe::Transactions;
use crate::servers::omise_truth::{DeletedGet, Malformed, OmiseTruth, SecondDelete};
use crate::servers::reply::Kind;
use crate::servers::world::World;

fn code(answer: &Answer) -> (u16, String) {
    assert_eq!(text(answer, "/object"), "error");
    assert!(!text(answer, "/message").is_empty() && text(answer, "/location").starts_with("https://"));
    assert_eq!(answer.header("omise-version"), None);
    (answer.status, text(answer, "/code"))
}

fn coded(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_link_is_created_read_and_deleted_as_recorded() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let ours = caller.ours.clone();
    let made = caller.omise("POST", "/links", &ours, NEW_LINK);
    assert_eq!((made.status, made.header("omise-version")), (200, Some("2019-05-29")));
    assert_eq!(made.header("content-type"), Some("application/json; charset=utf-8"));
    let id = text(&made, "/id");
    assert!(id.starts_with("link_test_") && id.len() == 29);
    let read = caller.omise("GET", &format!("/links/{id}"), &ours, "{}");
    let body = read.json().unwrap();
    assert_eq!(body["amount"], 10000);
    assert_eq!((&body["title"], &body["description"]), (&json!("proviso"), &json!("a mark")));
    assert_eq!((&body["used"], &body["multiple"], &body["deleted"]), (&json!(false), &json!(false), &json!(false)));
    assert_eq!((&body["charges"]["object"], &body["charges"]["data"]), (&json!("list"), &json!([])));
    assert_eq!(text(&read, "/location"), format!("/links/{id}"));
    let page = text(&read, "/payment_uri");
    let page = page.strip_prefix(stand.server.origin()).unwrap();
    assert_eq!(caller.bare("GET", page).status, 200);
    assert_eq!(stand.world().left(), [id.as_str()]);
    let deleted = caller.omise("DELETE", &format!("/links/{id}"), &ours, "");
    let tombstone = json!({ "object": "link", "id": id, "livemode": false, "deleted": true });
    assert_eq!((deleted.status, deleted.json().unwrap()), (200, tombstone.clone()));
    assert_eq!(caller.bare("GET", page).status, 404);
    assert_eq!(caller.omise("GET", &format!("/links/{id}"), &ours, "").json().unwrap(), tombstone);
    assert_eq!(code(&caller.omise("DELETE", &format!("/links/{id}"), &ours, "")), coded(404, "not_found"));
    assert!(stand.world().left().is_empty());
}

#[test]
fn a_linked_account_is_deleted_for_good() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let ours = caller.ours.clone();
    let made = caller.omise("POST", "/linked_accounts", &ours, NEW_ACCOUNT);
    let (id, page) = (text(&made, "/id"), text(&made, "/registration_uri"));
    let (path, page) = (format!("/linked_accounts/{id}"), page.strip_prefix(stand.server.origin()).unwrap());
    assert!(id.starts_with("lacct_test_"));
    assert_eq!(text(&caller.omise("GET", &path, &ours, ""), "/status"), "pending");
    assert_eq!(caller.bare("GET", page).status, 200);
    let body = caller.omise("DELETE", &path, &ours, "").json().unwrap();
    let promised =
        json!({ "object": "linked_account", "id": id, "livemode": false, "status": "deleted", "deleted": true });
    assert_eq!(body, promised);
    assert_eq!(code(&caller.omise("DELETE", &path, &ours, "")), coded(404, "not_found"));
    assert_eq!(caller.bare("GET", page).status, 404);
    let malformed = caller.omise("DELETE", "/linked_accounts/link_test_abc", &ours, "");
    assert_eq!(code(&malformed), coded(400, "bad_request"));
    let wrong = caller.omise("POST", "/linked_accounts", &ours, r#"{"type":"a","return_uri":"b"}"#);
    assert_eq!(code(&wrong), coded(400, "bad_request"));
}

#[test]
fn refused_keys_are_told_the_same_whatever_they_ask_for() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let live = (Kind::UnknownKey, basic("skey_5xuy4w91xqz7d1w9u0t"));
    let password = (Kind::BadBasic, format!("{}OnB3", caller.ours));
    for (kind, authorization) in wrong_basics(&caller).into_iter().chain([live, password]) {
        for (method, path) in [("GET", "/links/link_test_ABC"), ("DELETE", "/linked_accounts/x"), ("POST", "/links")] {
            let refused = caller.omise(method, path, &authorization, "");
            assert_eq!(code(&refused), coded(401, "authentication_failure"), "{kind:?}");
        }
    }
}

#[test]
fn accounts_and_modes_are_apart() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let (ours, others) = (caller.ours.clone(), caller.others.clone());
    let id = text(&caller.omise("POST", "/links", &others, NEW_LINK), "/id");
    for method in ["GET", "DELETE"] {
        for id in [id.as_str(), "link_test_0", "link_5xuy4w91xqz7d1w9u0t", "link_test_A", "lacct_test_0", "a%20b"] {
            let answer = caller.omise(method, &format!("/links/{id}"), &ours, "");
            assert_eq!(code(&answer), coded(404, "not_found"), "{id}");
        }
    }
    assert_eq!(caller.omise("GET", "/links", &ours, "").json().unwrap()["total"], 0);
    assert_eq!(caller.omise("GET", &format!("/links/{id}"), &others, "").status, 200);
}

#[test]
fn a_list_is_paged_with_the_newest_last() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let ours = caller.ours.clone();
    let made: Vec<String> = (0..25).map(|_| text(&caller.omise("POST", "/links", &ours, NEW_LINK), "/id")).collect();
    let mut ids = |query: &str| -> Vec<String> {
        let list = caller.omise("GET", &format!("/links{query}"), &ours, "").json().unwrap();
        assert_eq!((&list["object"], &list["total"]), (&json!("list"), &json!(25)));
        list["data"].as_array().unwrap().iter().map(|link| link["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(""), made[..20]);
    assert_eq!(ids("?offset=20&limit=20"), made[20..]);
    assert_eq!(ids("?limit=1&order=reverse_chronological"), made[24..]);
    assert!(ids("?offset=99").is_empty());
}

#[test]
fn every_form_of_the_first_vendors_truth_is_told() {
    for (name, truth) in OmiseTruth::variations() {
        let mut world = World::default();
        world.omise.truth = truth.clone();
        let stand = world.serve();
        let mut caller = Caller::of(&stand);
        let ours = caller.ours.clone();
        let made = caller.omise("POST", "/links", &ours, NEW_LINK);
        assert_eq!(made.status, truth.create_status, "{name}");
        assert_eq!(made.header("content-type"), Some(truth.media));
        let path = format!("/links/{}", text(&made, "/id"));
        let full = caller.omise("DELETE", &path, &ours, "").json().unwrap();
        assert_eq!(full["deleted"], true);
        assert_eq!(full["amount"] == json!(10000), truth.delete_body == crate::servers::omise_truth::DeleteBody::Full);
        let again = match truth.second_delete {
            SecondDelete::AlreadyDeleted400 => coded(400, "already_deleted"),
            SecondDelete::AlreadyDeleted404 => coded(404, "already_deleted"),
            SecondDelete::NotFound404 => coded(404, "not_found"),
        };
        assert_eq!(code(&caller.omise("DELETE", &path, &ours, "")), again, "{name}");
        let gone = caller.omise("GET", &path, &ours, "");
        assert_eq!(gone.status == 404, truth.deleted_get == DeletedGet::NotFound, "{name}");
        let said = |form| match form {
            Malformed::NotFound404 => coded(404, "not_found"),
            Malformed::InvalidLinkId404 => coded(404, "invalid_link_id"),
            Malformed::InvalidLinkId400 => coded(400, "invalid_link_id"),
            Malformed::BadRequest400 => coded(400, "bad_request"),
        };
        assert_eq!(code(&caller.omise("DELETE", "/links/link_test_A", &ours, "")), said(truth.malformed), "{name}");
        assert_eq!(code(&caller.omise("GET", "/links/link_test_A", &ours, "")), said(truth.malformed_get), "{name}");
        let account = text(&caller.omise("POST", "/linked_accounts", &ours, NEW_ACCOUNT), "/id");
        assert!(account.starts_with(truth.account_prefix), "{name}");
        let listed = caller.omise("GET", "/links", &ours, "").json().unwrap()["total"].clone();
        assert_eq!(listed == json!(1), truth.lists_deleted, "{name}");
    }
}

#[test]
fn the_second_vendor_tells_success_in_the_body() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let made = caller.gafapay("POST", "", r#"{"amount":100,"note":"a mark"}"#);
    assert_eq!((made.status, made.json().unwrap()["success"].clone()), (200, json!(1)));
    let one = format!("/{}", text(&made, "/data/payment_link/id"));
    let read = caller.gafapay("GET", &one, "").json().unwrap();
    assert_eq!(read["data"]["payment_link"]["note"], "a mark");
    let deleted = caller.gafapay("DELETE", &one, "").json().unwrap();
    let message = json!({ "message": "USER_PAYMENT_LINK_DELETED_SUCCESSFULLY" });
    assert_eq!(deleted, json!({ "success": 1, "error": [], "data": message }));
    let data = json!({ "check_validation_failed": true, "validation_message": "BASE_ERROR_IN_REMOVING" });
    let invalid = json!({ "success": 0, "error": [], "data": data });
    for gone in [one.as_str(), "/a1b2c3d4e5f6g7h8i9j0", "/%2e"] {
        let answer = caller.gafapay("DELETE", gone, "");
        assert_eq!((answer.status, answer.json().unwrap()), (200, invalid.clone()));
    }
    assert_eq!(caller.gafapay("GET", &one, "").json().unwrap()["success"], 0);
    let bad_request: Value = json!({ "success": 0, "error": ["BAD_REQUEST"], "data": null });
    assert_eq!(caller.gafapay("DELETE", "/", "").json().unwrap(), bad_request);
    assert_eq!(caller.bare("DELETE", &format!("{GAFAPAY}{one}")).json().unwrap()["success"], 0);
    caller.company = "0".repeat(32);
    assert_eq!(caller.gafapay("GET", "", "").json().unwrap()["error"], json!(["UNAUTHORIZED"]));
}

#[test]
fn the_third_vendor_has_three_shapes_of_errors() {
    let stand = World::default().serve();
    let mut caller = Caller::of(&stand);
    let pair = caller.pair.clone();
    let made = caller.mytpe("POST", "/store", &pair, r#"{"title":"proviso","amount":100}"#);
    assert_eq!((made.status, text(&made, "/data/amount")), (201, "100.00".to_owned()));
    let one = format!("/{}", text(&made, "/data/id"));
    for (kind, wrong) in wrong_pairs(&pair) {
        let refused = caller.mytpe("DELETE", &one, &wrong, "");
        let body = json!({ "message": "Unauthenticated." });
        assert_eq!((refused.status, refused.json().unwrap()), (401, body), "{kind:?}");
    }
    let used = format!("/{}", caller.used);
    let blocked = caller.mytpe("DELETE", &used, &pair, "");
    let body = json!({ "message": "Cannot delete pay link with existing transactions." });
    assert_eq!((blocked.status, blocked.json().unwrap()), (400, body));
    assert_eq!(caller.mytpe("GET", &used, &pair, "").status, 200);
    let deleted = caller.mytpe("DELETE", &one, &pair, "");
    let body = json!({ "success": true, "message": "Pay link deleted successfully" });
    assert_eq!((deleted.status, deleted.json().unwrap()), (200, body));
    for (method, id) in [("GET", &one), ("DELETE", &one), ("DELETE", &"/nothing".to_owned())] {
        let gone = caller.mytpe(method, id, &pair, "");
        let body = json!({ "success": false, "message": "PAY_LINK_NOT_FOUND", "code": 404 });
        assert_eq!((gone.status, gone.json().unwrap()), (404, body));
    }
}

#[test]
fn every_variation_can_be_walked_and_leaves_what_it_should() {
    for (name, world) in World::variations() {
        let (prefix, paid) = (world.omise.truth.account_prefix, world.mytpe.truth.transactions);
        let stand = world.serve();
        let steps = tour(&stand);
        let used = steps.iter().find(|step| step.kind == Kind::WithTransactions && step.answer.status == 200).unwrap();
        let count = i32::from(paid == Transactions::Successful);
        assert_eq!(used.answer.json().unwrap()["data"]["successful_payments_count"], count, "{name}");
        // Of each sort of the first vendor ours and the other account's are left; the other vendors have nothing.
        let left = stand.world().left();
        let accounts = left.iter().filter(|id| id.starts_with(prefix)).count();
        assert_eq!((left.len(), accounts), (4, 2), "{name}");
        assert_eq!(stand.world().told, 0);
    }
}
