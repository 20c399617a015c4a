//! Things that the engineer supplies ready, for an account that may not make them.

use crate::runner::{Served, Told, judge_again, quick, run, specs};
use proviso::contract::case::Selection;
use proviso::http::exchange::{Headers, Request, Response};
use proviso::judge::verdict::Verdict;
use proviso::mock::{Answerer, Mock, MockSettings, Reply};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A vendor that makes linked accounts for others, but not for us once it is told so.
struct Platform {
    mock: Mock,
    /// Our key as it is sent, once we have made one; then no more is made for it.
    ours: Mutex<Option<Request>>,
    refuses: Mutex<bool>,
    deleted: Mutex<BTreeMap<String, usize>>,
}

impl Answerer for Platform {
    fn answer(&self, request: &Request) -> Reply {
        let makes = request.method == "POST" && request.url == "/linked_accounts";
        let mut ours = self.ours.lock().unwrap();
        let is_ours = |known: &Request| known.headers.get("authorization") == request.headers.get("authorization");
        if makes && *self.refuses.lock().unwrap() && ours.as_ref().is_some_and(is_ours) {
            let headers = Headers(vec![("content-type".to_owned(), "application/json".to_owned())]);
            let body =
                r#"{"object":"error","location":"https://x.example","code":"forbidden","message":"no platform"}"#;
            return Response { status: 403, headers, body: body.into() }.into();
        }
        let reply = self.mock.answer(request);
        if makes && ours.is_none() {
            *ours = Some(request.clone());
        }
        if request.method == "DELETE" && reply.response.status == 200 {
            *self.deleted.lock().unwrap().entry(request.url.clone()).or_default() += 1;
        }
        reply
    }
}

struct Stand {
    platform: Arc<Platform>,
    served: Served,
}

impl Stand {
    fn new() -> Self {
        let mock = Mock::new(Arc::clone(&specs().contracts), &MockSettings::default()).unwrap();
        let platform = Platform { mock, ours: Mutex::default(), refuses: Mutex::new(false), deleted: Mutex::default() };
        let platform = Arc::new(platform);
        let served = Served::new(Arc::clone(&platform) as Arc<dyn Answerer>);
        Self { platform, served }
    }

    /// Runs the cases of linked accounts, with these ids supplied.
    fn run(&self, ids: &[String]) -> Told {
        let mut environment: Vec<(String, String)> = self.platform.mock.environment();
        environment.push(("OMISE_LINKED_ACCOUNTS".to_owned(), ids.join(", ")));
        let variables: Vec<(&str, String)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let selection = Selection { operations: vec!["linked_accounts.delete".to_owned()], ..Selection::default() };
        run(&specs(), &self.served.origin, &variables, &selection, &quick())
    }

    /// Makes accounts as a person would by other means, and refuses to make any more for us.
    fn make(&self, count: usize) -> Vec<String> {
        let request = self.platform.ours.lock().unwrap().clone().unwrap();
        let ids = (0..count).map(|_| {
            let answer: serde_json::Value =
                serde_json::from_slice(&self.platform.mock.answer(&request).response.body).unwrap();
            answer["id"].as_str().unwrap().to_owned()
        });
        let ids = ids.collect();
        *self.platform.refuses.lock().unwrap() = true;
        self.platform.deleted.lock().unwrap().clear();
        ids
    }
}

#[test]
fn an_account_that_may_make_nothing_is_tested_with_what_it_has_and_each_thing_is_used_up_once() {
    let stand = Stand::new();
    let made = stand.run(&[]);
    assert!(made.of(Verdict::Violates).is_empty(), "{}", made.trouble());
    let conforming = made.of(Verdict::Conforms).len();

    let ids = stand.make(4);
    let told = stand.run(&ids);
    assert_eq!(told.of(Verdict::Conforms).len(), conforming, "{}", told.trouble());
    let deleted = stand.platform.deleted.lock().unwrap().clone();
    let supplied: Vec<usize> =
        ids.iter().map(|id| deleted.get(&format!("/linked_accounts/{id}")).copied().unwrap_or(0)).collect();
    assert_eq!(supplied, [0, 1, 1, 0], "{deleted:?}");
    let again = judge_again(&specs(), &stand.served.origin, &told.results, &quick());
    assert_eq!(again.of(Verdict::Conforms).len(), conforming, "{}", again.trouble());
}

#[test]
fn a_case_for_which_none_is_left_is_skipped_and_says_what_to_set() {
    let stand = Stand::new();
    stand.run(&[]);
    let ids = stand.make(2);
    let told = stand.run(&ids);
    assert!(told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
    let why = "set $OMISE_LINKED_ACCOUNTS to one more id, after a comma: this case uses one up";
    let lacking: Vec<_> = told.results.iter().filter(|result| result.reason.as_deref() == Some(why)).collect();
    assert_eq!(lacking.len(), 1, "{}", told.trouble());
    assert_eq!(lacking[0].verdict, Verdict::Skipped);
}

#[test]
fn without_any_the_cases_are_undetermined_and_nothing_is_charged() {
    let stand = Stand::new();
    stand.run(&[]);
    stand.make(0);
    let told = stand.run(&[]);
    assert!(told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
    assert!(told.of(Verdict::Undetermined).len() >= 7, "{}", told.trouble());
}
