//! What is made can be read, removed and removed again; what was sent comes back; what was shown stays.

use super::client::{Answered, Site};
use serde_json::json;

const LINK: &str = r#"{"amount":25000,"currency":"thb","title":"Tea","description":"A pot","multiple":false}"#;

/// A site with the calls of the vendor whose contract says most.
struct Shop(Site);

impl Shop {
    fn ask(&self, request: &str, body: &str) -> Answered {
        self.0.ask(request, &[self.0.basic("OMISE_SECRET_KEY")], body)
    }

    fn make(&self) -> String {
        let made = self.ask("POST /links", LINK);
        assert_eq!((made.status, made.row.as_str()), (200, "omise/links.create/new"), "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn what_a_create_sent_comes_back_and_what_was_shown_stays() {
    let shop = Shop(Site::open());
    let made = shop.ask("POST /links", LINK).json();
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("link_test_") && id.len() == 29, "{id}");
    let told = json!([made["amount"], made["title"], made["description"], made["currency"], made["multiple"]]);
    assert_eq!(told, json!([25000, "Tea", "A pot", "thb", false]));
    assert_eq!(made["livemode"], json!(false));
    assert_eq!(made["payment_uri"], json!(format!("{}/pay/{id}", shop.0.origin)));
    assert!(made["created_at"].as_str().unwrap().ends_with('Z'));
    for _ in 0..2 {
        let read = shop.ask(&format!("GET /links/{id}"), "");
        assert_eq!((read.row.as_str(), read.media.as_str()), ("omise/links.retrieve/live", "application/json"));
        assert_eq!(read.json(), made);
    }
}

#[test]
fn what_was_made_up_stays_although_it_would_be_made_up_otherwise_now() {
    let site = Site::of(super::made_up::shop(), &proviso::mock::MockSettings::default());
    let made = site.ask("POST /orders", &[], "{}").json();
    let read = site.ask(&format!("GET /orders/{}", made["id"].as_str().unwrap()), &[], "").json();
    let other = site.ask("POST /orders", &[], "{}").json();
    assert_eq!(made["receipt"], read["order"]["receipt"], "under the same name at another place");
    assert_ne!(made["receipt"], other["receipt"]);
}

#[test]
fn a_removed_resource_is_gone_for_every_call() {
    let shop = Shop(Site::open());
    let id = shop.make();
    let removed = shop.ask(&format!("DELETE /links/{id}"), "");
    assert_eq!((removed.status, removed.row.as_str()), (200, "omise/links.delete/live"));
    assert_eq!(removed.json(), json!({ "object": "link", "id": id, "livemode": false, "deleted": true }));
    let again = shop.ask(&format!("DELETE /links/{id}"), "");
    assert_eq!((again.status, again.row.as_str()), (400, "omise/links.delete/deleted"));
    assert_eq!(again.json()["code"], json!("already_deleted"));
    let read = shop.ask(&format!("GET /links/{id}"), "");
    assert_eq!((read.row.as_str(), &read.json()["deleted"]), ("omise/links.retrieve/deleted", &json!(true)));
}

#[test]
fn the_page_that_customers_open_closes_with_the_deletion() {
    let shop = Shop(Site::open());
    let made = shop.ask("POST /links", LINK).json();
    let page = format!("GET {}", made["payment_uri"].as_str().unwrap());
    let open = shop.0.ask(&page, &[], "");
    assert_eq!((open.status, open.row.as_str()), (200, "omise/links.page/open"));
    shop.ask(&format!("DELETE /links/{}", made["id"].as_str().unwrap()), "");
    let shut = shop.0.ask(&page, &[], "");
    assert_eq!((shut.status, shut.row.as_str()), (404, "omise/links.page/shut"));
}

#[test]
fn a_refused_deletion_removes_nothing() {
    let shop = Shop(Site::open());
    let id = shop.make();
    let refused = shop.0.ask(&format!("DELETE /links/{id}"), &[], "");
    assert_eq!((refused.status, refused.row.as_str()), (401, "omise/links.delete/no_credentials"));
    assert_eq!(refused.json()["code"], json!("authentication_failure"));
    assert_eq!(shop.ask(&format!("GET /links/{id}"), "").row, "omise/links.retrieve/live");
}

#[test]
fn an_unasked_body_is_put_up_with() {
    let shop = Shop(Site::open());
    let id = shop.make();
    assert_eq!(shop.ask(&format!("GET /links/{id}"), "{}").row, "omise/links.retrieve/live");
    assert_eq!(shop.ask(&format!("DELETE /links/{id}"), "{}").row, "omise/links.delete/live");
}

#[test]
fn what_was_not_sent_is_as_the_documented_call_has_it() {
    let shop = Shop(Site::open());
    for body in ["", "no json", "[]", r#"{"amount":null}"#] {
        let made = shop.ask("POST /links", body);
        assert_eq!(made.row, "omise/links.create/new", "{body}");
        assert_eq!(made.json()["title"], json!("proviso"), "{body}");
    }
}

#[test]
fn ids_are_never_given_twice() {
    let shop = Shop(Site::open());
    let mut ids: Vec<String> = (0..50).map(|_| shop.make()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}

#[test]
fn all_vendors_answer_at_one_address() {
    let site = Site::open();
    let env = |name: &str| site.environment[name].clone();
    let company =
        [("authorization", format!("Token {}", env("GAFAPAY_TOKEN"))), ("companyid", env("GAFAPAY_COMPANY_ID"))];
    let headers = [&company[..], &[("content-type", "application/json".to_owned())]].concat();
    let made = site.ask("POST /gafapay/v3/user/payment_link", &headers, r#"{"amount":100}"#);
    assert_eq!(made.row, "gafapay/payment_links.create/new");
    let id = made.json()["data"]["payment_link"]["id"].as_str().unwrap().to_owned();
    let url = format!("DELETE /gafapay/v3/user/payment_link/{id}");
    assert_eq!(site.ask(&url, &headers, "").row, "gafapay/payment_links.delete/live");
    let gone = site.ask(&url, &company, "");
    assert_eq!((gone.status, gone.row.as_str()), (200, "gafapay/payment_links.delete/bare_gone"));
    assert_eq!(gone.json()["success"], json!(0));
    let pair = [("x-api-key", env("MYTPE_API_KEY")), ("X-API-SECRET", env("MYTPE_API_SECRET"))];
    let made = site.ask("POST /api/v2/mytpe-pay/links/store", &pair, "{}");
    assert_eq!(made.row, "mytpe/pay_links.create/new");
    let id = made.json()["data"]["id"].as_str().unwrap().to_owned();
    let removed = site.ask(&format!("DELETE /api/v2/mytpe-pay/links/{id}"), &pair, "");
    assert_eq!(removed.json(), json!({ "success": true, "message": "Pay link deleted successfully" }));
    let account = site.ask("POST /linked_accounts", &[site.basic("OMISE_SECRET_KEY")], "{}").json();
    assert!(account["id"].as_str().unwrap().starts_with("lacct_test_"));
}

#[test]
fn a_fixture_is_there_from_the_start_in_its_state() {
    let site = Site::open();
    let env = |name: &str| site.environment[name].clone();
    let pair = [("X-API-KEY", env("MYTPE_API_KEY")), ("X-API-SECRET", env("MYTPE_API_SECRET"))];
    let url = format!("/api/v2/mytpe-pay/links/{}", env("MYTPE_LINK_WITH_TRANSACTIONS"));
    for _ in 0..2 {
        let refused = site.ask(&format!("DELETE {url}"), &pair, "");
        assert_eq!((refused.status, refused.row.as_str()), (400, "mytpe/pay_links.delete/used"));
    }
    assert_eq!(site.ask(&format!("GET {url}"), &pair, "").row, "mytpe/pay_links.retrieve/found");
}
