//! Runs that end early: what they have made is removed all the same, and what they have judged is told.

use super::{Bench, vendor};
use crate::servers::http::{Answer, Received};
use proviso::contract::case::{Selection, compile};
use proviso::judge::verdict::Verdict;
use proviso::run::event::{CaseResult, Event};
use proviso::run::{RunPlan, Sweeping, conduct};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

/// A door that requests wait at until it is opened.
#[derive(Default)]
struct Door {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Door {
    fn pass(&self) {
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// A future that ends when a request of some number arrives, and who tells it.
fn at_request(number: usize) -> (impl Future<Output = ()>, impl Fn() -> bool + Send + Sync) {
    let (sender, receiver) = oneshot::channel();
    let (sender, count) = (Mutex::new(Some(sender)), AtomicUsize::new(0));
    let arrived = move || {
        let now = count.fetch_add(1, Ordering::SeqCst) + 1;
        if now == number {
            sender.lock().unwrap().take().unwrap().send(()).unwrap_or_default();
        }
        now >= number
    };
    (async { receiver.await.unwrap_or_default() }, arrived)
}

#[test]
fn an_interrupted_run_removes_what_it_has_made_and_tells_every_case() {
    for number in [1, 3, 10, 40, 90] {
        let (interrupted, arrived) = at_request(number);
        let bench = Bench::answering(move |_, truth| {
            arrived();
            truth()
        });
        let told = bench.run(&Selection::default(), &bench.settings(), interrupted);
        assert_eq!(told.results.len(), compile(&bench.loaded.contracts).len(), "at request {number}");
        let cut = told.results.iter().filter(|result| result.verdict == Verdict::NotRun);
        assert!(cut.count() > 0, "at request {number}");
        let wrong = told.results.iter().find(|result| !is_cut_or_sound(result));
        assert!(wrong.is_none() && told.notices.is_empty(), "{wrong:?} {:?}", told.notices);
        assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "at request {number}");
    }
}

/// Returns true for a case that is as it should be, or that the end of the run cut: not run where nothing of it was sent.
fn is_cut_or_sound(result: &CaseResult) -> bool {
    let reason = result.reason.as_deref().unwrap_or_default();
    match result.verdict {
        Verdict::Conforms => true,
        Verdict::Skipped => !reason.contains("interrupted"),
        Verdict::NotRun => reason == "interrupted" && result.exchanges.is_empty() && result.exercised.is_empty(),
        Verdict::Undetermined => reason == "not finished: interrupted",
        _ => false,
    }
}

#[test]
fn only_a_case_of_which_nothing_was_sent_is_not_run() {
    let door = Arc::new(Door::default());
    let (interrupted, arrived) = at_request(30);
    let bench = Bench::answering(stuck(&door, arrived, |request| request.method == "GET"));
    let settings = RunPlan { jobs: 1, ..bench.settings() };
    let told = bench.run(&vendor("omise"), &settings, interrupted);
    door.open();
    let verdicts = |verdict| told.results.iter().filter(|result| result.verdict == verdict).count();
    assert_eq!(verdicts(Verdict::Undetermined), 1, "one at a time: the one that was under way");
    assert!(verdicts(Verdict::Conforms) > 0 && verdicts(Verdict::NotRun) > 1, "{:?}", told.results.len());
    assert!(told.results.iter().all(is_cut_or_sound));
}

/// Answers with the truth until a request of some number arrives, and from then on makes some wait at a door.
fn stuck(
    door: &Arc<Door>,
    arrived: impl Fn() -> bool + Send + Sync + 'static,
    waits: fn(&Received) -> bool,
) -> impl Fn(&Received, &dyn Fn() -> Answer) -> Answer + Send + Sync + 'static {
    let door = Arc::clone(door);
    move |request, truth| {
        if arrived() && waits(request) {
            door.pass();
        }
        truth()
    }
}

#[test]
fn a_vendor_that_no_longer_answers_does_not_hold_an_interrupted_run() {
    let door = Arc::new(Door::default());
    let (interrupted, arrived) = at_request(20);
    let bench = Bench::answering(stuck(&door, arrived, |request| request.method == "GET"));
    let told = bench.run(&vendor("mytpe"), &bench.settings(), interrupted);
    assert!(told.results.iter().any(|result| result.reason.as_deref() == Some("not finished: interrupted")));
    assert!(told.results.iter().all(|result| result.verdict != Verdict::Environment), "nobody waited in vain");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
    door.open();
}

#[test]
fn what_cannot_be_removed_in_time_is_told_and_left_to_the_sweep() {
    let door = Arc::new(Door::default());
    let (interrupted, arrived) = at_request(20);
    let bench = Bench::answering(stuck(&door, arrived, |request| request.method == "DELETE"));
    let mut settings = bench.settings();
    settings.wind_down = Duration::from_millis(100);
    let told = bench.run(&vendor("omise"), &settings, interrupted);
    assert_eq!(told.notices("left-behind").len(), 1, "{:?}", told.notices);
    assert!(told.notices("left-behind")[0].contains("proviso sweep"));
    assert_eq!(bench.ledgers().len(), 1);
    door.open();
    // What was under way has to be made before it can be found.
    bench.server.quiet();
    let swept = bench.sweep(&Sweeping::default());
    assert!(swept.is_clean() && !swept.removed.is_empty(), "{swept:?}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

#[test]
fn a_run_whose_time_is_up_ends_as_an_interrupted_one_does() {
    let door = Arc::new(Door::default());
    let (_, arrived) = at_request(20);
    let bench = Bench::answering(stuck(&door, arrived, |request| request.method == "GET"));
    let mut settings = bench.settings();
    settings.max_time = Some(Duration::from_millis(500));
    settings.jobs = 1;
    let told = bench.run(&vendor("omise"), &settings, std::future::pending());
    let reasons = |verdict| {
        let of = told.results.iter().filter(move |result| result.verdict == verdict);
        of.filter_map(|result| result.reason.as_deref()).collect::<Vec<_>>()
    };
    assert!(reasons(Verdict::Undetermined).contains(&"not finished: --max-time is up"), "{told:?}");
    let unsent = reasons(Verdict::NotRun);
    assert!(!unsent.is_empty() && unsent.iter().all(|why| *why == "--max-time is up"), "{unsent:?}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
    door.open();
}

#[test]
fn a_case_that_panics_is_told_and_what_it_had_made_is_removed() {
    let count = AtomicUsize::new(0);
    // The links are made; then the vendor fails a deletion and three tries of three other calls, and is well again.
    let bench = Bench::answering(move |request, truth| {
        if count.load(Ordering::SeqCst) == 0 && request.method != "DELETE" {
            return truth();
        }
        match count.fetch_add(1, Ordering::SeqCst) {
            0..10 => Answer::new(503, "text/plain", "later"),
            _ => truth(),
        }
    });
    let mut results = Vec::new();
    let mut sink = |event| match event {
        Event::Notice(notice) if notice.kind == "dead-vendor" => panic!("a report fails"),
        Event::CaseFinished(result) => results.push(*result),
        _ => {}
    };
    let selection = Selection { filters: vec!["links.delete/live".to_owned()], ..vendor("omise") };
    let cases = selection.select(&bench.loaded.contracts, compile(&bench.loaded.contracts));
    bench.with(&bench.settings(), &mut sink, async |run, parties| {
        conduct(run, parties, &cases, std::future::pending()).await;
    });
    let [result] = results.as_slice() else { panic!("{results:?}") };
    assert_eq!(result.verdict, Verdict::Undetermined);
    assert!(result.reason.as_deref().unwrap().contains("a report fails"), "{:?}", result.reason);
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

#[test]
fn a_panic_beside_the_cases_goes_on_only_when_everything_is_removed() {
    let (deleting, door) = (Arc::new(Door::default()), Arc::new(Door::default()));
    let (begun, end, first) = (Arc::clone(&deleting), Arc::clone(&door), AtomicUsize::new(0));
    let reads = AtomicUsize::new(0);
    // The link that is read is told of while another one is being deleted, so that both are there when the report fails.
    let bench = Bench::answering(move |request, truth| {
        match request.method.as_str() {
            "DELETE" if first.fetch_add(1, Ordering::SeqCst) == 0 => {
                begun.open();
                end.pass();
            }
            // The first read is that of the bystander, before all cases.
            "GET" if request.path.starts_with("/links/") && reads.fetch_add(1, Ordering::SeqCst) > 0 => begun.pass(),
            _ => {}
        }
        truth()
    });
    let mut sink = |event| {
        if let Event::CaseFinished(result) = event {
            assert!(result.operation != "links.retrieve", "a report fails");
        }
    };
    let filters = vec!["links.delete/live".to_owned(), "links.retrieve/live".to_owned()];
    let selection = Selection { filters, ..vendor("omise") };
    let cases = selection.select(&bench.loaded.contracts, compile(&bench.loaded.contracts));
    assert_eq!(cases.len(), 2);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        bench.with(&bench.settings(), &mut sink, async |run, parties| {
            conduct(run, parties, &cases, std::future::pending()).await;
        });
    }));
    assert!(panicked.is_err());
    door.open();
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}
