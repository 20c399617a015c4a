//! Whatever is asked in whatever order: no panic, and each answer satisfies the outcome of the row that it names.

use super::client::contracts;
use proptest::prelude::*;
use proviso::contract::Contracts;
use proviso::contract::template::Names;
use proviso::http::exchange::{Headers, Request};
use proviso::judge::check::{Answer, Compiled, Expected, check, parse};
use proviso::mock::{Mock, MockSettings};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// One thing that a client may do.
#[derive(Debug, Clone)]
struct Step {
    /// Which of the operations, by position.
    operation: usize,
    /// Which of the ids that are known, or a text of its own.
    id: Result<usize, String>,
    /// Which variable's value stands in which credential's place.
    key: usize,
    headers: bool,
    body: String,
}

fn step() -> impl Strategy<Value = Step> {
    let id = prop_oneof![4 => (0..6_usize).prop_map(Ok), 1 => "[ -~é]{0,12}|link(_test)?_[0-9a-z]{0,4}".prop_map(Err)];
    let body = prop_oneof![
        Just("{}".to_owned()),
        Just(String::new()),
        (any::<i32>(), "[ -~é]{0,8}").prop_map(|(amount, title)| {
            json!({ "amount": amount, "title": title, "description": title, "currency": "THB", "used": 1, "id": 3 })
                .to_string()
        }),
        "[\\[{\"a:1,}\\]]{0,20}",
    ];
    (0..64_usize, id, 0..8_usize, prop::bool::weighted(0.9), body)
        .prop_map(|(operation, id, key, headers, body)| Step { operation, id, key, headers, body })
}

/// What a client knows: its ids with what it sent for them, and the URLs that it was given.
#[derive(Default)]
struct Memory {
    ids: Vec<String>,
    urls: Vec<String>,
    sent: HashMap<String, Value>,
}

/// What references stand for, as the client has it.
struct Believed<'a> {
    id: String,
    sent: Option<&'a Value>,
}

impl Names for Believed<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        match name.split_once('.') {
            Some((_, "id")) => Some(self.id.clone().into()),
            Some((_, rest)) => {
                let name = rest.strip_prefix("sent.")?;
                let documented = match name {
                    "amount" => json!(10000),
                    "multiple" => json!(false),
                    _ => json!("proviso"),
                };
                Some(self.sent.and_then(|sent| sent.get(name)).cloned().unwrap_or(documented))
            }
            None => (name == "livemode").then_some(Value::Bool(false)),
        }
    }
}

fn request(contracts: &Contracts, mock: &Mock, step: &Step, memory: &Memory) -> (Request, String) {
    let operations: Vec<_> = contracts.vendors.iter().flat_map(|vendor| &vendor.operations).collect();
    let operation = operations[step.operation % operations.len()];
    let id = match &step.id {
        Ok(index) => memory.ids.get(*index).cloned().unwrap_or_default(),
        Err(id) => id.clone(),
    };
    let encoded = percent_encoding::utf8_percent_encode(&id, percent_encoding::NON_ALPHANUMERIC).to_string();
    let url = match operation.url.split_once('{') {
        Some((before, _)) => format!("{before}{encoded}"),
        None if operation.url.starts_with('$') => memory.urls.get(step.key).cloned().unwrap_or("/pay/x".to_owned()),
        None => operation.url.clone(),
    };
    let environment = mock.environment();
    let value = |name: &str| environment.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let key = &environment[if step.key < 6 { 0 } else { step.key } % environment.len()].1;
    let mut headers = Headers::default();
    if step.headers {
        headers.0.extend([super::client::basic(key)].map(|(name, value)| (name.to_owned(), value)));
        for (name, variable) in
            [("companyid", "GAFAPAY_COMPANY_ID"), ("x-api-key", "MYTPE_API_KEY"), ("x-api-secret", "MYTPE_API_SECRET")]
        {
            headers.set(name, value(variable));
        }
        headers.set("content-type", "application/json");
        if operation.url.starts_with("/gafapay") {
            headers.set("authorization", format!("Token {}", value("GAFAPAY_TOKEN")));
        }
    }
    (Request { method: operation.method.clone(), url, headers, body: Some(step.body.clone().into()) }, id)
}

fn outcome_holds(contracts: &Contracts, mock: &Mock, step: &Step, memory: &mut Memory) -> Result<(), TestCaseError> {
    let (request, id) = request(contracts, mock, step, memory);
    let response = mock.respond(&request);
    let row = response.headers.get("x-proviso-row").unwrap();
    let parsed = parse(&response.body);
    let answer = Answer { response: &response, parsed: &parsed };
    let [vendor, operation, row] = row.split('/').collect::<Vec<_>>()[..] else {
        prop_assert_eq!((row, response.status), ("none", 501));
        prop_assert!(answer.json().is_some_and(|told| told["proviso"]["problem"].is_string()));
        return Ok(());
    };
    let operation = contracts.vendor(vendor).and_then(|vendor| vendor.operation(operation)).unwrap();
    let row = &operation.rows[row];
    let mut about = id;
    if let (Some(pointer), Some(json)) = (row.capture.get("id"), answer.json()) {
        let id = json.pointer(pointer).and_then(Value::as_str).unwrap();
        let sent = serde_json::from_slice(&step.body.clone().into_bytes()).unwrap_or_default();
        memory.ids.push(id.to_owned());
        memory.sent.insert(id.to_owned(), sent);
        id.clone_into(&mut about);
        let urls = ["/payment_uri", "/registration_uri"].iter().filter_map(|pointer| json.pointer(pointer)?.as_str());
        memory.urls.extend(urls.map(|url| url.strip_prefix("http://127.0.0.1").unwrap().to_owned()));
    }
    let names = Believed { sent: memory.sent.get(&about), id: about };
    let outcome = &operation[row.then[0].outcome];
    let compiled = Compiled::of(outcome).unwrap();
    let findings = check(&Expected { outcome, compiled: &compiled, names: &names }, &answer);
    prop_assert!(findings.is_empty(), "{} {}: {:?}", operation.name, row.name, findings);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn each_answer_satisfies_the_outcome_of_the_row_that_it_names(steps in prop::collection::vec(step(), 1..60)) {
        let contracts: Arc<Contracts> = contracts();
        let mock = Mock::new(Arc::clone(&contracts), &MockSettings::default()).unwrap();
        let mut memory = Memory::default();
        for step in &steps {
            outcome_holds(&contracts, &mock, step, &mut memory)?;
        }
    }
}
