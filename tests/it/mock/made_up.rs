//! A vendor that does what the five do not: nested resources, forms, keys in the query, codes in headers, odd bodies.

use super::client::{Answered, Site, contract};
use proviso::contract::Contracts;
use proviso::mock::MockSettings;
use serde_json::json;
use std::sync::Arc;

const SHOP: &str = r#"
version: 1
vendor: shop
targets: { sandbox: { origin: "https://shop.example", mode: test } }
credentials:
  key: { env: SHOP_KEY, mock: key_$alnum8 }
auth: none
error_code: { header: X-Error-Code }
shapes:
  receipt: { receipt: { type: string, format: uuid } }
resources:
  order: { id: { pattern: "^o_[0-9a-f]+$", new: o_$hex8 }, fixtures: { paid: SHOP_PAID_ORDER } }
  customer: { id: { pattern: "^[0-9]+$", new: $digits9 } }
  card: { in: customer, id: { pattern: "^c[0-9]+$", new: c$digits9 } }
  number: { id: { pattern: "^[01]$", new: $digits1 } }
operations:
  orders.create:
    request: POST /orders
    form: { amount: "100", note: tea }
    outcomes:
      created:
        status: 201
        like: receipt
        headers: { Location: /orders/$order.id, X-Trace: { type: string, pattern: "^[a-f]{4}$" } }
        fields:
          id: { type: string, minLength: 3 }
          amount: { type: integer, minimum: 1 }
          note: $order.sent.note
          page: { type: string, format: uri, examples: ["$origin/o?id=$order.id&x=1"] }
          tags: { type: array, items: { type: string }, minItems: 2, uniqueItems: true }
      refused: { status: 422, headers: { X-Error-Code: bad_amount } }
    rows:
      new: { when: {}, then: created, leads: { order: open }, capture: { id: /id, page: /page } }
      bad: { when: { form: { amount: "-1" } }, then: refused }
  orders.page:
    request: GET $order.page
    outcomes: { shown: { status: 200, body: any, media: text/html }, gone: { status: 4xx, body: empty } }
    rows:
      open: { when: { order: [open, paid] }, then: shown }
      shut: { when: { order: closed }, then: gone }
  orders.read:
    request: GET /orders/{id}
    path: { id: order }
    outcomes:
      found: { status: 200, fields: { order: { like: receipt, fields: { note: { type: string }, amount: { type: integer } } }, page: $order.page, serial: { type: string, format: uuid } } }
    rows:
      all: { when: { order: [open, paid, closed] }, then: found }
  orders.change:
    request: PATCH /orders/{id}
    path: { id: order }
    json: { note: coffee }
    outcomes: { changed: { status: 204, body: empty }, told: { status: 200, body: text } }
    rows:
      open: { when: { order: open }, then: changed, leads: { order: open } }
      void: { when: { json: { note: null }, order: open }, then: told }
  orders.pay:
    request: POST /orders/{id}/pay
    path: { id: order }
    auth: { query: { key: $key } }
    outcomes:
      paid: { status: 200, fields: { ok: true, key: $key, at: $time } }
      declined: { status: 402, headers: { X-Error-Code: declined }, body: empty }
    rows:
      open: { when: { order: open }, then: [{ outcome: paid, leads: { order: paid } }, { outcome: declined, leads: { order: closed } }], because: "it depends" }
  customers.create:
    request: POST /customers
    json: { name: Ann, address: { city: Oslo } }
    outcomes: { created: { fields: { id: $customer.id, address: { type: object, required: [city], properties: { city: { type: string } } } } } }
    rows: { new: { when: {}, then: created, leads: { customer: here } } }
  cards.create:
    request: POST /customers/{c}/cards
    path: { c: customer }
    json: { name: visa }
    outcomes: { created: { fields: { id: $card.id, owner: $customer.id, city: $customer.sent.address.city } } }
    rows: { new: { when: { customer: here }, then: created, leads: { card: kept } } }
  cards.read:
    request: GET /customers/{c}/cards/{d}
    path: { d: card, c: customer }
    outcomes: { found: { fields: { id: $card.id, owner: $customer.id, name: { type: string } } }, lost: { status: 404, body: any } }
    rows:
      kept: { when: { card: kept }, then: found }
      lost: { when: { card: [misplaced, unknown] }, then: lost }
  cards.direct:
    request: GET /cards/{d}
    path: { d: card }
    outcomes: { found: { fields: { owner: $customer.id } } }
    rows: { kept: { when: { card: kept }, then: found } }
  names.put:
    request: PUT /names/{id}
    path: { id: order }
    json: { note: n }
    outcomes: { put: { fields: { id: $order.id } } }
    rows: { any: { when: { order: [unknown, open] }, then: put, leads: { order: open } } }
  numbers.create:
    request: POST /numbers
    outcomes: { created: { fields: { id: $number.id } } }
    rows: { new: { when: {}, then: created, leads: { number: taken } } }
  pairs.create:
    request: POST /pairs
    json: { a: 1, b: 2 }
    outcomes:
      created: { body: { type: object, required: [a, b], properties: { a: { type: integer }, b: { type: integer } }, not: { properties: { a: { const: 5 }, b: { const: 5 } } } } }
      refused: { status: 400, fields: { message: { type: string }, at: { type: string, format: date-time } } }
    rows:
      new: { when: {}, then: created }
      bad: { when: { json: { a: null } }, then: refused }
  lists.find:
    request: GET /search
    query: { q: tea }
    outcomes:
      some: { body: { type: array, minItems: 1, items: { type: object, required: [n], properties: { n: { type: integer, minimum: 3 } } } } }
      none: { body: { const: [] } }
    rows:
      some: { when: {}, then: some }
      none: { when: { query: { q: null } }, then: none }
"#;

/// The contract.
pub(crate) fn shop() -> Arc<Contracts> {
    contract("shop", SHOP)
}

fn open() -> Site {
    Site::of(shop(), &MockSettings::default())
}

fn order(site: &Site) -> String {
    let made = site.ask("POST /orders", &[], "amount=250&note=a+pot");
    assert_eq!((made.status, made.row.as_str()), (201, "shop/orders.create/new"), "{made:?}");
    made.json()["id"].as_str().unwrap().to_owned()
}

fn row(answered: &Answered) -> &str {
    answered.row.strip_prefix("shop/").unwrap_or(&answered.row)
}

#[test]
fn every_answer_of_it_satisfies_its_own_outcome() {
    for vendor in &shop().vendors {
        let proof = proviso::mock::sandbox::Proof::new(vendor);
        for operation in &vendor.operations {
            for row in operation.rows.values() {
                for branch in &row.then {
                    let checked = proof.check(operation, row, branch);
                    checked.unwrap_or_else(|refused| panic!("{} {}: {refused}", operation.name, row.name));
                }
            }
        }
    }
}

#[test]
fn what_a_form_sent_comes_back_as_the_type_that_is_promised() {
    let site = open();
    let made = site.ask("POST /orders", &[], "amount=250&note=a+pot").json();
    assert_eq!((&made["amount"], &made["note"]), (&json!(250), &json!("a pot")));
    let read = site.ask(&format!("GET /orders/{}", made["id"].as_str().unwrap()), &[], "").json();
    assert_eq!((&read["order"]["amount"], &read["order"]["note"]), (&json!(250), &json!("a pot")));
    let bad = site.ask("POST /orders", &[], "amount=-1");
    assert_eq!((bad.status, row(&bad), bad.field("x-error-code")), (422, "orders.create/bad", "bad_amount"));
}

#[test]
fn the_id_that_is_captured_is_the_one_that_was_made_although_the_schema_does_not_say_so() {
    let site = open();
    let id = order(&site);
    assert!(id.starts_with("o_") && id.len() == 10, "{id}");
    let made = site.ask("POST /orders", &[], "");
    assert_eq!(made.field("location"), format!("/orders/{}", made.json()["id"].as_str().unwrap()));
    assert_eq!(made.field("x-trace"), "aaaa");
    assert_eq!(row(&site.ask(&format!("GET /orders/{id}"), &[], "")), "orders.read/all");
}

#[test]
fn a_url_that_was_handed_out_is_known_with_its_query() {
    let site = open();
    let id = order(&site);
    let page = site.ask(&format!("GET /orders/{id}"), &[], "").json()["page"].as_str().unwrap().to_owned();
    assert_eq!(page, format!("{}/o?id={id}&x=1", site.origin));
    let shown = site.ask(&format!("GET {page}"), &[], "");
    assert_eq!((row(&shown), shown.media.as_str()), ("orders.page/open", "text/html"));
    assert_eq!(row(&site.ask(&format!("GET /o?id={id}"), &[], "")), "none");
}

#[test]
fn what_a_read_tells_for_the_first_time_stays_too() {
    let site = open();
    let url = format!("GET /orders/{}", order(&site));
    let first = site.ask(&url, &[], "").json();
    assert_eq!(first["serial"].as_str().unwrap().len(), 36);
    assert_eq!(site.ask(&url, &[], "").json(), first);
}

#[test]
fn a_fixture_is_as_if_the_documented_call_had_made_it() {
    let site = open();
    let id = &site.environment["SHOP_PAID_ORDER"];
    let read = site.ask(&format!("GET /orders/{id}"), &[], "").json();
    assert_eq!((&read["order"]["amount"], &read["order"]["note"]), (&json!(100), &json!("tea")));
    let page = read["page"].as_str().unwrap();
    assert_eq!(page, format!("{}/o?id={id}&x=1", site.origin));
    assert_eq!(row(&site.ask(&format!("GET {page}"), &[], "")), "orders.page/open");
}

#[test]
fn a_change_is_seen_by_later_reads_and_a_refused_one_is_not() {
    let site = open();
    let url = format!("/orders/{}", order(&site));
    let note = || site.ask(&format!("GET {url}"), &[], "").json()["order"]["note"].clone();
    let changed = site.ask(&format!("PATCH {url}"), &[], r#"{"note":"milk"}"#);
    assert_eq!((changed.status, changed.body.as_str()), (204, ""));
    assert_eq!(note(), json!("milk"));
    let told = site.ask(&format!("PATCH {url}"), &[], r#"{"other":1}"#);
    assert_eq!((row(&told), told.media.as_str()), ("orders.change/void", "text/plain; charset=utf-8"));
    assert_eq!(note(), json!("milk"));
}

#[test]
fn a_key_may_stand_in_the_query_and_the_chosen_branch_leads_where_it_says() {
    let choice = "orders.pay/open=declined".parse().unwrap();
    for (choices, status, state) in [(vec![], 200, "orders.page/open"), (vec![choice], 402, "orders.page/shut")] {
        let site = Site::of(shop(), &MockSettings { choices, ..MockSettings::default() });
        let id = order(&site);
        let refused = site.ask(&format!("POST /orders/{id}/pay?key=wrong"), &[], "");
        assert_eq!(row(&refused), "none");
        let paid = site.ask(&format!("POST /orders/{id}/pay?key={}", site.environment["SHOP_KEY"]), &[], "");
        assert_eq!((paid.status, row(&paid)), (status, "orders.pay/open"));
        assert_eq!(row(&site.ask(&format!("GET /o?id={id}&x=1"), &[], "")), state);
    }
}

#[test]
fn a_child_lives_in_the_parent_that_it_was_made_under() {
    let site = open();
    let customer = || {
        let body = r#"{"name":"Ann","address":{"city":"Rome","street":"Via"}}"#;
        let made = site.ask("POST /customers", &[], body).json();
        assert_eq!(made["address"], json!({ "city": "Rome", "street": "Via" }), "sent whole, and admitted whole");
        made["id"].as_str().unwrap().to_owned()
    };
    let (ann, bea) = (customer(), customer());
    let card = site.ask(&format!("POST /customers/{ann}/cards"), &[], r#"{"name":"gold"}"#).json();
    assert_eq!((&card["owner"], &card["city"]), (&json!(ann), &json!("Rome")));
    let id = card["id"].as_str().unwrap();
    let read = site.ask(&format!("GET /customers/{ann}/cards/{id}"), &[], "");
    assert_eq!((row(&read), &read.json()["name"]), ("cards.read/kept", &json!("gold")));
    assert_eq!(row(&site.ask(&format!("GET /customers/{bea}/cards/{id}"), &[], "")), "cards.read/lost");
    assert_eq!(site.ask(&format!("GET /cards/{id}"), &[], "").json(), json!({ "owner": ann }));
}

#[test]
fn a_resource_may_be_made_under_the_id_that_the_client_chose() {
    let site = open();
    assert_eq!(site.ask("PUT /names/o_abc", &[], "{}").json(), json!({ "id": "o_abc" }));
    assert_eq!(row(&site.ask("GET /orders/o_abc", &[], "")), "none", "its page was never captured");
    assert_eq!(site.ask("PUT /names/o_abc", &[], "{}").json(), json!({ "id": "o_abc" }));
}

#[test]
fn a_form_of_ids_that_is_used_up_is_told() {
    let site = open();
    let rows: Vec<String> = (0..12).map(|_| site.ask("POST /numbers", &[], "").row).collect();
    assert!(rows.iter().filter(|row| *row == "shop/numbers.create/new").count() <= 10, "{rows:?}");
    let told = (0..200).map(|_| site.ask("POST /numbers", &[], "")).find(|told| told.status == 501).unwrap();
    assert!(told.body.contains("no id of the form `$digits1` is free"), "{}", told.body);
}

#[test]
fn what_was_sent_is_not_repeated_where_the_whole_body_would_break_its_promise() {
    let site = open();
    assert_eq!(site.ask("POST /pairs", &[], r#"{"a":5,"b":6}"#).json(), json!({ "a": 5, "b": 6 }));
    assert_eq!(site.ask("POST /pairs", &[], r#"{"a":5,"b":5}"#).json(), json!({ "a": 1, "b": 1 }));
}

#[test]
fn a_refusal_repeats_nothing_that_was_sent() {
    let told = open().ask("POST /pairs", &[], r#"{"message":"mine","at":"2020-01-01T00:00:00Z"}"#).json();
    assert_eq!(told["message"], json!("refused"));
    assert_ne!(told["at"], json!("2020-01-01T00:00:00Z"));
}

#[test]
fn lists_and_query_conditions_are_answered() {
    let site = open();
    assert_eq!(site.ask("GET /search?q=tea", &[], "").json(), json!([{ "n": 3 }]));
    assert_eq!(site.ask("GET /search", &[], "").json(), json!([]));
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let ids = |seed| {
        let site = Site::of(shop(), &MockSettings { seed: Some(seed), ..MockSettings::default() });
        (site.environment["SHOP_KEY"].clone(), order(&site), order(&site))
    };
    assert_eq!(ids(7), ids(7));
    assert_ne!(ids(7), ids(8));
}
