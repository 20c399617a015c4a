//! Ledgers that somebody forged or a disk damaged, at a vendor that holds 1,000 things of others: none of those is touched.

use super::sweep::made;
use super::{Bench, RUN, mark, mark_of, swept_at, swept_by};
use crate::documents::copy;
use crate::servers::http::{Answer, Server};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many things the vendor holds that are nobody's business.
const OTHERS: usize = 1000;

/// A world with things of others, in which whatever is more than a read is counted.
struct Crowd {
    bench: Bench,
    others: Vec<String>,
    changes: Arc<AtomicUsize>,
}

impl Crowd {
    fn new() -> Self {
        let changes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&changes);
        let bench = Bench::answering(move |request, truth| {
            counted.fetch_add(usize::from(request.method != "GET"), Ordering::SeqCst);
            truth()
        });
        let near =
            [mark(1).replace("-1", ""), format!("x{}", mark(1)), format!("{}x", mark(1)), young(), "link".to_owned()];
        let titles = (near.len()..OTHERS).map(|number| format!("link {number}"));
        let others = near.iter().cloned().chain(titles).map(|title| bench.link(&title)).collect();
        Self { bench, others, changes }
    }

    fn sweep(&self, typed: &[&str]) -> (Option<i32>, String) {
        swept_by(&self.bench, typed)
    }

    fn target(&self) -> String {
        format!("omise={}", self.bench.server.origin())
    }

    /// A ledger that claims the first of the others' things, changed by a forger.
    fn forged(&self, forge: impl FnOnce(&mut Value, &mut Value)) -> String {
        let mut intent = serde_json::from_str(&self.bench.intent(1, &mark(1))).unwrap();
        let mut given = serde_json::from_str(&made(1, &self.others[OTHERS - 1])).unwrap();
        forge(&mut intent, &mut given);
        format!("{}{intent}\n{given}\n", Bench::first())
    }

    fn unharmed(&self, after: &str) {
        assert_eq!(self.changes.load(Ordering::SeqCst), 0, "{after}");
        assert_eq!(self.bench.left().len(), OTHERS, "{after}");
    }
}

/// The mark of a run of somebody else that has just begun.
fn young() -> String {
    mark_of(Duration::ZERO, 1)
}

/// Ledgers that are not acted on, and what is said of each.
fn unreadable(crowd: &Crowd) -> Vec<(String, &'static str)> {
    let marked = |mark: Value| crowd.forged(|intent, _| intent["mark"] = mark);
    let honest = crowd.forged(|_, _| {});
    let first = Bench::first();
    let mut ledgers: Vec<(String, &str)> = [
        "",
        "link",
        "link 999",
        "proviso-",
        "proviso--1",
        "proviso-ab12cd34-1",
        "proviso-technologies-1",
        "proviso-TK0PWX01234567-1",
        "proviso-tk0pwx01234567-01",
        "proviso-tk0pwx01234567-1\n",
        "$mark",
        "*",
    ]
    .iter()
    .map(|mark| (marked(json!(mark)), "is not a mark: expected `proviso-RUN-N`"))
    .collect();
    ledgers.extend([
        (marked(json!(1)), "line 2 cannot be read"),
        (marked(json!([mark(1)])), "line 2 cannot be read"),
        (marked(json!(young())), "not a mark of its own run"),
        (
            crowd.forged(|intent, given| {
                intent["mark"] = json!(young());
                given["id"] = json!(crowd.others[3]);
            }),
            "not a mark of its own run",
        ),
        (honest.replacen(RUN, "", 1), "is not a run"),
        (honest.replacen(RUN, "link", 1), "is not a run"),
        (honest.replacen(RUN, &RUN.to_uppercase(), 1), "is not a run"),
        (honest.replacen(&first, "", 1), "line 1 cannot be read"),
        (honest.replacen(&first, &format!("{first}{{\n"), 1), "line 2 cannot be read"),
        (honest.replacen(",\"vendor\":\"omise\"", "", 1), "line 2 cannot be read"),
        (honest.replacen("\"number\":1", "\"number\":-1", 1), "line 2 cannot be read"),
        (honest.replacen("\"version\":1", "\"version\":2", 1), "version 2"),
        (honest.replacen("\"line\":\"made\"", "\"line\":\"stolen\"", 1), "line 3 cannot be read"),
        (honest.replacen("omise", "omi\u{0}se", 1), "line 2 cannot be read"),
    ]);
    ledgers
}

/// Ledgers of the right form that claim what is not ours, and what is said of each.
fn claims(crowd: &Crowd) -> Vec<(String, &'static str)> {
    let id = |id: &str| crowd.forged(|_, given| given["id"] = json!(id));
    let other = &crowd.others[OTHERS - 1];
    let with = |name: &str, value: Value| crowd.forged(|intent, _| intent[name] = value);
    vec![
        (crowd.forged(|_, _| {}), "not ours to remove"),
        (id(&crowd.others[0]), "not ours to remove"),
        (id(&crowd.others[1]), "not ours to remove"),
        (id(&crowd.others[2]), "not ours to remove"),
        (id(&crowd.others[3]), "not ours to remove"),
        (id(&crowd.others[4]), "not ours to remove"),
        (crowd.forged(|_, _| {}) + &made(1, &crowd.others[7]), "not ours to remove"),
        (with("mark", Value::Null), "carried no mark"),
        (with("operation", json!("links.page")), "not ours to remove"),
        (with("within", json!({ "link": "../links" })), "is not an id"),
        (with("state", json!("with_transactions")), "no documented call removes"),
        (with("resource", json!("account")), "no documented call removes"),
        (with("resource", json!("linked_account")), "is not an id of a linked_account"),
        (id(&format!("../links/{other}")), "is not an id of a link"),
        (id(&format!("{other}?a=b")), "is not an id of a link"),
        (id(&format!("{other}\n")), "is not an id of a link"),
        (id(""), "is not an id of a link"),
        (id("*"), "is not an id of a link"),
    ]
}

#[test]
fn no_forged_or_damaged_ledger_touches_what_others_have() {
    let crowd = Crowd::new();
    let (unreadable, claims) = (unreadable(&crowd), claims(&crowd));
    assert!(unreadable.len() + claims.len() >= 40);
    let target = crowd.target();
    // Where a ledger leads nowhere, the lists are looked through without further words.
    let once = unreadable.iter().map(|ledger| (ledger, false));
    let twice = claims.iter().flat_map(|ledger| [(ledger, false), (ledger, true)]);
    for ((ledger, says), marked) in once.chain(twice) {
        let path = crowd.bench.write("forged", ledger);
        let typed: &[&str] = if marked { &["--target", &target, "--marked"] } else { &["--target", &target] };
        let (code, told) = crowd.sweep(typed);
        assert_eq!(code, Some(3), "{typed:?} of {ledger}{told}");
        assert!(told.contains(says), "{says}: {typed:?} of {ledger}{told}");
        crowd.unharmed(ledger);
        let kept = std::fs::read_to_string(path).unwrap();
        assert!(kept.starts_with(ledger.trim_end()), "{kept}");
    }
}

#[test]
fn what_a_ledger_has_the_truth_of_is_removed_from_among_a_thousand() {
    let crowd = Crowd::new();
    let ours = [1, 2, 3].map(|number| crowd.bench.link(&mark(number)));
    let (second, third) = (mark(2), mark(3));
    crowd.bench.ledger(&[(&mark(1), Some(&ours[0])), (&second, None), (&third, Some(&ours[2]))]);
    let (code, told) = crowd.sweep(&["--target", &crowd.target()]);
    assert_eq!(code, Some(0), "{told}");
    assert!(ours.iter().all(|id| told.contains(id)) && told.contains("3 removed, 0 may remain"), "{told}");
    assert_eq!((crowd.changes.load(Ordering::SeqCst), crowd.bench.left()), (3, crowd.others));
}

#[test]
fn no_ledger_has_a_sweep_ask_anybody_else() {
    let crowd = Crowd::new();
    let stranger = Server::start(|_| Answer::new(200, "text/plain", "thank you"));
    let own = crowd.bench.server.origin();
    let origins = [stranger.origin(), own, "http://127.0.0.1:1/'$(touch${IFS}x)'"];
    for origin in origins {
        let path = crowd.bench.write("forged", &crowd.forged(|intent, _| intent["origin"] = json!(origin)));
        let (code, told) = crowd.sweep(&[]);
        assert_eq!(code, Some(6), "{told}");
        let command = format!("`proviso sweep --target 'omise={}'`", origin.replace('\'', r"'\''"));
        assert!(told.contains(&command), "{command} in {told}");
        std::fs::remove_file(path).unwrap();
    }
    // Part of the target's origin is another origin, and so is one below it.
    for origin in [stranger.origin().to_owned(), format!("{own}/links"), own[..own.len() - 1].to_owned()] {
        let path = crowd.bench.write("forged", &crowd.forged(|intent, _| intent["origin"] = json!(origin)));
        let (code, told) = crowd.sweep(&["--target", &crowd.target()]);
        assert_eq!(code, Some(0), "{told}");
        assert!(path.exists() && told.contains("0 removed"), "{told}");
        std::fs::remove_file(path).unwrap();
    }
    for (vendor, origin) in [("nobody", own), ("omise", "link")] {
        let path = crowd.bench.write(
            "forged",
            &crowd.forged(|intent, _| {
                intent["vendor"] = json!(vendor);
                intent["origin"] = json!(origin);
            }),
        );
        let (code, told) = crowd.sweep(&[]);
        assert_eq!(code, Some(3), "{told}");
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(stranger.connections(), 0);
    crowd.unharmed("other origins");
}

#[test]
fn what_is_left_at_an_origin_that_the_contract_declares_needs_no_target() {
    let crowd = Crowd::new();
    let specs = crowd.bench.state().join("specs");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/omise"), &specs.join("omise"));
    let vendor = std::fs::read_to_string(specs.join("omise/vendor.yaml")).unwrap();
    let vendor = vendor.replace("https://api.omise.co", crowd.bench.server.origin());
    std::fs::write(specs.join("omise/vendor.yaml"), vendor).unwrap();
    let ours = crowd.bench.link(&mark(1));
    let below = crowd.forged(|intent, _| intent["origin"] = json!(format!("{}/links", crowd.bench.server.origin())));
    let (code, told) = swept_at(&crowd.bench, &specs, &[]);
    assert_eq!((code, crowd.bench.server.requests()), (Some(3), 0), "without a ledger, nobody is asked: {told}");
    crowd.bench.ledger(&[(&mark(1), Some(&ours))]);
    let path = crowd.bench.write("below", &below);
    let (code, told) = swept_at(&crowd.bench, &specs, &[]);
    assert_eq!(code, Some(6), "{told}");
    assert!(told.contains(&ours) && told.contains("1 removed") && path.exists(), "{told}");
    assert_eq!((crowd.changes.load(Ordering::SeqCst), crowd.bench.left()), (1, crowd.others));
}
