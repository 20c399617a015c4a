//! Things that one case leaves for the next: used where they are as they were, and never the reason of a verdict that nobody can explain.

use crate::runner::{Served, Told, quick, run, specs};
use proviso::contract::case::Selection;
use proviso::http::exchange::{Headers, Request};
use proviso::judge::verdict::Verdict;
use proviso::mock::{Answerer, Mock, MockSettings, Reply};
use proviso::run::event::{CaseResult, Purpose};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A vendor that removes what it refuses to show, as nothing shows until somebody else asks.
struct Spoiling {
    mock: Mock,
    spoils: bool,
    /// The headers of the last create, which are good ones.
    good: Mutex<Headers>,
}

impl Answerer for Spoiling {
    fn answer(&self, request: &Request) -> Reply {
        let reply = self.mock.answer(request);
        if request.method == "POST" && reply.response.status == 200 {
            self.good.lock().unwrap().clone_from(&request.headers);
        }
        if self.spoils && request.method == "GET" && reply.response.status == 401 {
            let headers = self.good.lock().unwrap().clone();
            let removal = Request { method: "DELETE".to_owned(), url: request.url.clone(), headers, body: None };
            self.mock.answer(&removal);
        }
        reply
    }
}

/// The cases of reading links, at such a vendor.
fn read_links(spoils: bool) -> Told {
    let loaded = specs();
    let mock = Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap();
    let environment: Vec<(String, String)> = mock.environment();
    let variables: Vec<(&str, String)> =
        environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let vendor = Arc::new(Spoiling { mock, spoils, good: Mutex::default() });
    let served = Served::new(vendor);
    let selection = Selection { operations: vec!["links.retrieve".to_owned()], ..Selection::default() };
    run(&loaded, &served.origin, &variables, &selection, &quick())
}

/// The ids that creates gave, each with the cases that were about it.
fn things(results: &[CaseResult]) -> BTreeMap<String, Vec<&str>> {
    let mut things: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for result in results {
        for exchange in result.exchanges.iter().filter(|it| it.purpose == Purpose::Arrange && it.method == "POST") {
            let answer: serde_json::Value = serde_json::from_str(exchange.answer.as_deref().unwrap()).unwrap();
            things.entry(answer["id"].as_str().unwrap().to_owned()).or_default().push(&result.id);
        }
    }
    things
}

#[test]
fn what_a_case_leaves_as_it_was_serves_the_next_and_every_case_still_shows_how_it_was_made() {
    let told = read_links(false);
    assert!(told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
    let things = things(&told.results);
    let most = things.values().map(Vec::len).max();
    assert_eq!(most, Some(4), "{things:?}");
    let cases: usize = things.values().map(Vec::len).sum();
    assert!(things.len() * 2 <= cases, "{things:?}");
}

#[test]
fn what_departs_only_with_a_thing_that_others_had_violates_and_says_which_case_had_it_before() {
    let told = read_links(true);
    assert_eq!(told.of(Verdict::Violates), ["omise/links.retrieve/live"], "{}", told.trouble());
    let live = told.results.iter().find(|result| result.id == "omise/links.retrieve/live").unwrap();
    let note = "with a thing of its own it conforms; omise/links.retrieve/unknown_key was about the same one before";
    assert!(live.notes.iter().any(|known| known == note), "{:?}", live.notes);
    // The exchanges are those of the departure.
    assert!(
        live.exchanges
            .iter()
            .any(|it| it.purpose == Purpose::Case && it.answer.as_deref().unwrap().contains("deleted"))
    );
}
