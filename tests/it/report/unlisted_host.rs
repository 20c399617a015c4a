//! A page at a URL that the vendor hands out, on a host that the contract does not list: never fetched, never counted, always told.

use crate::runner::{Served, Told, quick, run};
use proviso::contract::case::Selection;
use proviso::contract::{Loaded, load};
use proviso::http::exchange::Request;
use proviso::judge::verdict::Verdict;
use proviso::mock::{Answerer, Mock, MockSettings, Reply};
use proviso::report::coverage::{Coverage, Run, coverage_text};
use proviso::report::{FORMATS, Making, SavedRun, exit_code};
use proviso::run::Destination;
use proviso::run::event::{CaseResult, Event, Gate, Notice, Plan};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

const ELSEWHERE: &str = "https://pay.elsewhere.example";

/// The mock, whose receipts are at another host.
struct Elsewhere(Arc<Mock>);

impl Answerer for Elsewhere {
    fn answer(&self, request: &Request) -> Reply {
        let mut response = self.0.respond(request);
        if let Ok(mut body) = serde_json::from_slice::<Value>(&response.body)
            && let Some(receipt) = body.pointer_mut("/receipt")
        {
            let path = receipt.as_str().unwrap().rsplit_once("/receipts/").unwrap().1.to_owned();
            *receipt = format!("{ELSEWHERE}/receipts/{path}").into();
            response.body = body.to_string().into();
        }
        response.into()
    }
}

fn loaded() -> Loaded {
    load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paged")])
}

fn told(loaded: &Loaded, is_elsewhere: bool) -> Told {
    let mock = Arc::new(Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap());
    let environment = mock.environment();
    let variables: Vec<(&str, String)> =
        environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let answerer: Arc<dyn Answerer> = if is_elsewhere { Arc::new(Elsewhere(mock)) } else { mock };
    let served = Served::new(answerer);
    let selection = Selection { filters: vec!["orders.cancel".to_owned()], ..Selection::default() };
    run(loaded, &served.origin, &variables, &selection, &quick())
}

fn cancelled(told: &Told) -> &CaseResult {
    told.results.iter().find(|case| case.id == "orders/orders.cancel/open").unwrap()
}

fn saved(loaded: &Loaded, told: &Told) -> SavedRun {
    let cases = proviso::contract::case::compile(&loaded.contracts);
    let plan = Plan {
        pages: proviso::run::pages(&loaded.contracts, &cases),
        target: "test".to_owned(),
        ..super::canned::plan()
    };
    let notices = told.notices.iter().cloned().map(Event::Notice);
    let cases = told.results.iter().cloned().map(|case| Event::CaseFinished(Box::new(case)));
    let events: Vec<Event> = std::iter::once(Event::Started(plan)).chain(notices).chain(cases).collect();
    SavedRun::of(&events)
}

#[test]
fn what_is_listed_is_fetched_and_its_clause_is_exercised() {
    let told = told(&loaded(), false);
    let case = cancelled(&told);
    assert_eq!(case.verdict, Verdict::Conforms, "{}", told.trouble());
    assert!(case.exercised.iter().any(|clause| clause == "effects.receipt") && case.unchecked.is_empty(), "{case:?}");
}

#[test]
fn what_is_not_listed_is_not_fetched_not_counted_and_told_once_with_url_and_host() {
    let loaded = loaded();
    let told = told(&loaded, true);
    let case = cancelled(&told);
    assert_eq!(case.verdict, Verdict::Conforms, "the case keeps the verdict of what was checked: {}", told.trouble());
    assert!(case.exercised.iter().any(|clause| clause == "effects.state"), "{:?}", case.exercised);
    assert!(!case.exercised.iter().any(|clause| clause == "effects.receipt"), "{:?}", case.exercised);
    assert_eq!(case.unchecked[0].clauses, ["effects.receipt"]);
    let notices: Vec<&Notice> = told.notices.iter().filter(|notice| notice.kind == Notice::UNCHECKED).collect();
    let of_withdrawn: Vec<_> =
        notices.iter().filter(|notice| notice.message.contains("receipts.show/cancelled")).collect();
    assert_eq!(of_withdrawn.len(), 1, "{notices:?}");
    assert!(notices[0].message.contains(&format!("{ELSEWHERE}/receipts/")), "{notices:?}");
    assert!(notices[0].message.contains("its host pay.elsewhere.example"), "{notices:?}");
    let fetched = told.results.iter().flat_map(|case| &case.exchanges).filter(|it| it.url.starts_with(ELSEWHERE));
    assert_eq!(fetched.count(), 0);
}

#[test]
fn every_report_tells_it_and_require_all_fails_on_it() {
    let loaded = loaded();
    let told = told(&loaded, true);
    let gate = |require_all| Gate { require_all, ..Gate::default() };
    assert_eq!(exit_code(&told.results, &told.notices, &gate(false), false), 0);
    assert_eq!(exit_code(&told.results, &told.notices, &gate(true), false), 3);
    let saved = saved(&loaded, &told);
    let coverage = coverage_text(&Coverage::of(&[Run::from(&saved)]));
    assert!(coverage.contains("unchecked      effects.receipt: "), "{coverage}");
    for format in FORMATS {
        if let Making::Whole(render) = format.making {
            let text = render(&saved).unwrap();
            assert!(text.contains("pay.elsewhere.example"), "{}", format.name);
        }
    }
}

#[test]
fn what_a_vendor_lists_holds_for_a_url_in_place_of_its_targets_too() {
    let loaded = loaded();
    let vendor = &loaded.contracts.vendors[0];
    let proxy = Destination::url(vendor, "proxy", "https://proxy.example").unwrap();
    assert!(proxy.may_call("https://receipts.orders.example/1") && proxy.may_call("https://proxy.example/1"));
    assert!(!proxy.may_call("https://pay.elsewhere.example/1") && !proxy.may_call("http://receipts.orders.example/1"));
}
