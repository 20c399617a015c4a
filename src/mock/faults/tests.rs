//! What a fault's text means, and which requests it then happens to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::*;

use super::{Breakage, Fault, FaultPlan, FaultRule, Faulty, HEADER, Timing};
use crate::http::exchange::{Headers, Request, Response};
use crate::mock::{Answerer, Reply};

fn rule(text: &str) -> FaultRule {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn complaint(text: &str) -> String {
    text.parse::<FaultRule>().expect_err(text).to_string()
}

fn plan(texts: &[&str]) -> FaultPlan {
    FaultPlan::new(texts.iter().map(|text| rule(text)).collect())
}

fn request(method: &str, url: &str) -> Request {
    Request { method: method.to_owned(), url: url.to_owned(), ..Request::default() }
}

fn breakages(plan: &FaultPlan, request: &Request, times: usize) -> Vec<Option<Breakage>> {
    (0..times).map(|_| plan.pick(request).and_then(|fault| fault.breakage)).collect()
}

#[test]
fn every_kind_of_fault_has_its_word() {
    let broken = |text| rule(text).fault.breakage.expect(text);
    assert_eq!(rule("delay=200ms").fault, Fault { delay: Duration::from_millis(200), breakage: None });
    assert_eq!(broken("status=503"), Breakage::Status(503));
    assert_eq!(broken("503"), Breakage::Status(503));
    assert_eq!(broken("429"), Breakage::TooMany(None));
    assert_eq!(broken("429=1"), Breakage::TooMany(Some(1)));
    assert_eq!(broken("reset"), Breakage::Reset);
    assert_eq!(broken("reset=during"), Breakage::Torn);
    assert_eq!(broken("lost"), Breakage::Lost);
    assert_eq!(broken("cut"), Breakage::Cut);
    assert_eq!(broken("garbage"), Breakage::Garbage);
    assert_eq!(broken("html"), Breakage::Html);
}

#[test]
fn a_fault_may_be_kept_to_a_method_to_first_tries_and_to_a_share() {
    let kept = rule(" DELETE: lost * 2 ");
    assert_eq!((kept.method.as_deref(), kept.timing), (Some("DELETE"), Timing::First(2)));
    assert_eq!(rule("429=1@10%").timing, Timing::Percent(10));
    assert_eq!(rule("cut").timing, Timing::Always);
}

#[test]
fn a_mistaken_fault_is_told_what_would_be_right() {
    for (text, hint) in [
        ("dely=1s", "perhaps `delay` was meant"),
        ("", "the faults are delay=200ms, status=503"),
        ("delay", "as in `delay=200ms`"),
        ("delay=2h", "at most one hour"),
        ("status=200", "from 400 to 599"),
        ("700", "from 400 to 599"),
        ("429=soon", "as in `429=1`"),
        ("429=-1", "as in `429=1`"),
        ("reset=late", "`reset=before` or `reset=during`"),
        ("cut=1", "`cut` takes no value"),
        ("503*0", "as in `503*2`"),
        ("503*+1", "as in `503*2`"),
        ("503@0%", "from 1% to 100%"),
        ("503@10", "from 1% to 100%"),
        ("delete:503", "a method in capitals"),
    ] {
        assert!(complaint(text).contains(hint), "{text}: {}", complaint(text));
    }
}

#[test]
fn the_first_tries_of_each_distinct_request_fail_and_then_none() {
    let plan = plan(&["503*2"]);
    let failed = Some(Breakage::Status(503));
    assert_eq!(breakages(&plan, &request("GET", "/a"), 4), [failed, failed, None, None]);
    assert_eq!(breakages(&plan, &request("GET", "/b"), 3), [failed, failed, None]);
    assert_eq!(breakages(&plan, &request("DELETE", "/a"), 3), [failed, failed, None]);
}

#[test]
fn other_credentials_make_another_request_and_a_retry_count_does_not() {
    let (plan, mut request) = (plan(&["503*1"]), request("GET", "/a"));
    assert!(plan.pick(&request).is_some());
    request.headers.set("X-Retry-Count", "1");
    assert!(plan.pick(&request).is_none());
    request.headers.set("Authorization", "Basic eA==");
    assert!(plan.pick(&request).is_some());
}

#[test]
fn a_share_of_the_requests_is_evenly_spread() {
    let plan = plan(&["429=1@10%"]);
    let failed: Vec<usize> = (1..=30).filter(|n| plan.pick(&request("GET", &format!("/{n}"))).is_some()).collect();
    assert_eq!(failed, [10, 20, 30]);
}

#[test]
fn delays_add_up_and_the_first_breakage_counts() {
    let plan = plan(&["delay=1s", "DELETE:lost*1", "503*1", "delay=2s"]);
    let delay = Duration::from_secs(3);
    let picked = |breakage| Some(Fault { delay, breakage });
    let request = request("DELETE", "/a");
    assert_eq!(plan.pick(&request), picked(Some(Breakage::Lost)));
    assert_eq!(plan.pick(&request), picked(Some(Breakage::Status(503))));
    assert_eq!(plan.pick(&request), picked(None));
}

#[test]
fn the_memory_of_tries_is_bounded_and_forgets_the_oldest() {
    let plan = plan(&["503*1"]);
    let first = request("GET", "/first");
    assert!(plan.pick(&first).is_some());
    for n in 0..100_000 {
        plan.pick(&request("GET", &format!("/{n}")));
    }
    assert!(plan.remembered() <= super::fault_plan::MAX_TALLIES);
    assert!(plan.pick(&first).is_some(), "the oldest was forgotten");
    assert!(plan.pick(&request("GET", "/99999")).is_none(), "the newest was not");
}

/// Counts how often it was asked.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Answerer for Counter {
    fn answer(&self, _: &Request) -> Reply {
        self.0.fetch_add(1, Ordering::Relaxed);
        Response { status: 200, headers: Headers::default(), body: "{}".into() }.into()
    }
}

#[test]
fn a_fault_before_the_deed_keeps_the_request_from_the_answerer() {
    for (text, asked) in
        [("503", 0), ("429=1", 0), ("reset", 0), ("lost", 1), ("cut", 1), ("garbage", 1), ("delay=1s", 1)]
    {
        let counter = Arc::new(Counter::default());
        Faulty::new(counter.clone(), plan(&[text])).answer(&request("GET", "/a"));
        assert_eq!(counter.0.load(Ordering::Relaxed), asked, "{text}");
    }
}

#[test]
fn a_request_may_bring_its_own_faults_in_place_of_the_plans() {
    let faulty = Faulty::new(Arc::new(Counter::default()), plan(&["503"]));
    let ask = |text: &str| {
        let mut request = request("GET", "/a");
        request.headers.set(HEADER, text);
        faulty.answer(&request)
    };
    assert_eq!(ask("none").fault, None);
    assert_eq!(
        ask("delay=1s, cut").fault,
        Some(Fault { delay: Duration::from_secs(1), breakage: Some(Breakage::Cut) })
    );
    assert_eq!([ask("html*1").fault.is_some(), ask("html*1").fault.is_some()], [true, false]);
    let complaint = ask("503, hmtl");
    assert_eq!(complaint.response.status, 400);
    let text = String::from_utf8_lossy(&complaint.response.body).into_owned();
    assert!(text.contains("x-proviso-fault: `hmtl` is not a fault") && text.contains("`html`"), "{text}");
}

proptest! {
    #[test]
    fn any_text_is_a_rule_that_is_written_back_or_a_complaint(text in "[ -~é]{0,24}|(GET:)?(delay=[0-9]{1,4}(ms|s|us)|status=[45][0-9]{2}|429=[0-9]{1,3}|cut|lost|reset=during)([*][1-9]|@[1-9]%)?") {
        match text.parse::<FaultRule>() {
            Ok(rule) => prop_assert_eq!(rule.to_string().parse::<FaultRule>(), Ok(rule)),
            Err(error) => prop_assert!(error.to_string().contains("is not a fault")),
        }
    }
}
