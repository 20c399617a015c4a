//! Sweeps where no ledger leads: what the vendors' lists show with the mark of an old run goes, and everything else stays.

use super::{Bench, mark, mark_of, swept_by, vendor};
use crate::servers::http::{Answer, locked};
use proviso::contract::case::Selection;
use proviso::judge::verdict::Verdict;
use proviso::run::RunId;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn minutes(minutes: u64, number: usize) -> String {
    mark_of(Duration::from_mins(minutes), number)
}

/// The one vendor that documents lists.
fn target(bench: &Bench) -> String {
    format!("omise={}", bench.server.origin())
}

/// A linked account that holds a text.
fn account(bench: &Bench, text: &str) -> String {
    let sent = json!({ "type": "direct_debit_kbank", "return_uri": format!("https://example.com/{text}?from=bank") });
    bench.ask(0, "POST", "/linked_accounts", &sent)["id"].as_str().unwrap().to_owned()
}

#[test]
fn old_marks_are_removed_from_every_page_list_and_account_and_nothing_else_is() {
    let bench = Bench::new();
    let mut left: Vec<String> = (0..130).map(|number| bench.link(&format!("link {number}"))).collect();
    let old = minutes(61, 1);
    let others = [
        minutes(59, 1),
        minutes(0, 1),
        "proviso-ab12cd34-1".to_owned(),
        "proviso-technologies-1".to_owned(),
        old.to_uppercase(),
        format!("{old}x"),
        format!("x{old}"),
        old[..old.len() - 2].to_owned(),
        old.replace("76543210", "7654321x"),
        format!("{old} and {}", minutes(1, 1)),
    ];
    left.extend(others.map(|text| bench.link(&text)));
    let mut ours: Vec<String> = (0..120).map(|number| bench.link(&minutes(61, number))).collect();
    ours.extend([bench.link(&format!("for {old}, by hand")), bench.link_of(1, &old), account(&bench, &old)]);
    left.extend([account(&bench, &minutes(59, 1)), bench.link_of(1, &minutes(59, 1))]);
    let (code, told) = swept_by(&bench, &["--target", &target(&bench)]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("123 removed, 0 may remain, 5 of runs that are younger than 1h"), "{told}");
    assert!(ours.iter().all(|id| told.contains(id.as_str())), "{told}");
    assert_eq!(bench.left(), left);
    let (code, told) = swept_by(&bench, &["--target", &target(&bench)]);
    assert!(code == Some(0) && told.contains("0 removed, 0 may remain"), "again: {told}");
    let (code, told) = swept_by(&bench, &["--target", &target(&bench), "--older-than", "30m"]);
    assert!(code == Some(0) && told.contains("3 removed, 0 may remain, 2 of runs that are younger than 30m"), "{told}");
}

#[test]
fn what_no_list_shows_is_named_and_the_sweep_is_no_success() {
    let bench = Bench::new();
    let id = bench.link(&minutes(61, 1));
    let (code, told) = swept_by(&bench, &["--target", bench.server.origin()]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains(&id) && bench.left().is_empty(), "{told}");
    for name in ["gafapay", "mytpe"] {
        let origin = bench.server.origin();
        assert!(told.contains(&format!("each link of {name} at {origin}: no documented call lists them")), "{told}");
    }
    assert!(told.contains("1 removed, 0 may remain, 2 not looked at"), "{told}");
}

#[test]
fn an_account_without_credentials_and_a_list_that_fails_are_named() {
    let mut bench = Bench::answering(|request, truth| match request.path.as_str() {
        "/linked_accounts" => Answer::new(500, "text/plain", "no"),
        _ => truth(),
    });
    bench.variables.remove("OMISE_FOREIGN_SECRET_KEY");
    let id = bench.link(&minutes(61, 1));
    let (code, told) = swept_by(&bench, &["--target", &target(&bench)]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains(&id) && bench.left().is_empty(), "{told}");
    assert!(told.contains("that `foreign` has made: set $OMISE_FOREIGN_SECRET_KEY"), "{told}");
    assert!(told.contains("linked_accounts.list answered 500") && told.contains("3 not looked at"), "{told}");
}

#[test]
fn a_list_that_gives_one_full_page_again_and_again_is_not_taken_for_whole() {
    let page = Mutex::new(None::<Answer>);
    let bench = Bench::answering(move |request, truth| match request.path.as_str() {
        "/links" => locked(&page).get_or_insert_with(truth).clone(),
        _ => truth(),
    });
    (0..130).for_each(|number| drop(bench.link(&format!("link {number}"))));
    bench.ledger(&[(&mark(1), None)]);
    for typed in [&["--target", &target(&bench)][..], &["--target", &target(&bench), "--marked"]] {
        let (code, told) = swept_by(&bench, typed);
        assert!(code == Some(3) && told.contains("links.list shows 100 and no further ones"), "{told}");
    }
    assert_eq!((bench.left().len(), bench.ledgers().len()), (130, 1), "what was not found is not forgotten");
}

#[test]
fn a_dry_run_names_whom_it_would_ask_and_sends_nothing() {
    let bench = Bench::new();
    let id = bench.link(&minutes(61, 1));
    let (code, told) = swept_by(&bench, &["--target", &target(&bench), "--dry-run"]);
    assert!(code == Some(0) && told.contains("would ask each link of omise at"), "{told}");
    assert_eq!((bench.server.requests(), bench.left()), (0, vec![id]));
}

#[test]
fn without_a_target_and_without_a_ledger_nothing_was_looked_at() {
    let bench = Bench::new();
    let (code, told) = swept_by(&bench, &[]);
    assert!(code == Some(3) && told.contains("nothing was looked at"), "{told}");
    for option in [&["--marked"][..], &["--older-than", "2h"]] {
        let (code, told) = swept_by(&bench, option);
        assert!(code == Some(2) && told.contains("--target"), "{told}");
    }
    assert_eq!(bench.server.requests(), 0);
}

#[test]
fn what_ledgers_name_goes_whatever_its_age_and_the_rest_where_marks_are_asked_for() {
    let bench = Bench::new();
    let (young, run) = (RunId::begin(), mark(1).replace("-1", ""));
    let young = format!("proviso-{young}-1");
    let (named, lost, fresh) = (bench.link(&young), bench.link(&minutes(61, 1)), bench.link(&minutes(1, 1)));
    let ledger = Bench::first() + &bench.intent(1, &young) + &super::sweep::made(1, &named);
    let path =
        bench.write("young", &ledger.replace(&run["proviso-".len()..], &young["proviso-".len()..young.len() - 2]));
    let (code, told) = swept_by(&bench, &["--target", &target(&bench)]);
    assert!(code == Some(0) && told.contains("1 removed, 0 may remain"), "{told}");
    assert_eq!((bench.left(), path.exists()), (vec![lost.clone(), fresh.clone()], false), "{told}");
    bench.ledger(&[(&mark(1), None)]);
    let (code, told) = swept_by(&bench, &["--target", &target(&bench), "--marked"]);
    assert!(code == Some(0) && told.contains(&lost) && told.contains("1 removed"), "{told}");
    assert_eq!(bench.left(), [fresh]);
}

/// A run against a vendor that answers creates with a link of the shop, which its answers show or do not show.
fn answered_with_an_older_thing(shown: bool) {
    let older = Arc::new(Mutex::new(Value::Null));
    let changes = Arc::new(AtomicUsize::new(0));
    let (answered, counted) = (Arc::clone(&older), Arc::clone(&changes));
    let bench = Bench::answering(move |request, truth| {
        let mut link = locked(&answered).clone();
        if request.method == "POST" && request.path == "/links" && link != Value::Null {
            if !shown {
                link["title"] = Value::Null;
                link["description"] = Value::Null;
            }
            return Answer::new(200, "application/json", link.to_string());
        }
        let known = link["id"].as_str().is_some_and(|id| request.path.ends_with(id));
        counted.fetch_add(usize::from(known && request.method != "GET"), Ordering::SeqCst);
        truth()
    });
    let id = bench.link("a link of the shop");
    *locked(&older) = bench.ask(0, "GET", &format!("/links/{id}"), &Value::Null);
    let told = bench.run(&vendor("omise"), &bench.settings(), std::future::pending());
    let [notice] = told.notices("older-thing")[..] else { panic!("{:?}", told.notices) };
    assert!(notice.contains(&id) && notice.contains("it is older"), "{notice}");
    let reasons = told.results.iter().filter_map(|result| Some((result.verdict, result.reason.as_deref()?)));
    let stopped = reasons.filter(|(verdict, why)| *verdict == Verdict::Undetermined && why.contains("it is older"));
    assert!(stopped.count() > 3, "{:?}", told.results.iter().map(|result| &result.reason).collect::<Vec<_>>());
    assert_eq!((changes.load(Ordering::SeqCst), bench.left()), (0, vec![id]), "{:?}", told.notices);
    assert_eq!(bench.ledgers(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_older_thing_that_creates_are_answered_with_is_told_and_neither_used_nor_removed() {
    answered_with_an_older_thing(true);
    answered_with_an_older_thing(false);
}

#[test]
fn a_create_whose_answer_does_not_show_its_mark_is_read_once_and_then_trusted() {
    let bench = Bench::answering(|request, truth| {
        let answer = truth();
        if request.method != "POST" || request.path != "/links" {
            return answer;
        }
        let mut link = answer.json().unwrap();
        link["title"] = Value::Null;
        link["description"] = Value::Null;
        Answer { body: link.to_string().into_bytes(), ..answer }
    });
    let selection = Selection { filters: vec!["links.delete/live".to_owned()], ..vendor("omise") };
    let told = bench.run(&selection, &bench.settings(), std::future::pending());
    let judged: Vec<_> = told.results.iter().map(|result| (result.row.as_str(), result.verdict)).collect();
    assert!(judged.contains(&("live", Verdict::Conforms)), "{judged:?} {:?}", told.notices);
    assert!(bench.left().is_empty() && bench.ledgers().is_empty());
}
