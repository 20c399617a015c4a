//! Saved runs judged again: what a run came to, they come to, with no vendor and no key at hand.

use crate::runner::{Told, judge_again, quick, run, specs};
use crate::servers::http::{Answer, Server, locked};
use crate::servers::lies::lies_for;
use crate::servers::reply::Vendor;
use crate::servers::world::World;
use proviso::contract::Loaded;
use proviso::contract::case::Selection;
use proviso::judge::verdict::Verdict;
use proviso::run::event::CaseResult;
use proviso::run::{Opening, RunPlan};
use std::sync::Mutex;

/// What a report keeps of a run.
fn saved(told: &Told) -> Vec<CaseResult> {
    serde_json::from_str(&serde_json::to_string(&told.results).unwrap()).unwrap()
}

/// Everything of a result that is no moment and no place of this machine.
fn judged(mut results: Vec<CaseResult>) -> Vec<CaseResult> {
    results.sort_by(|one, other| one.id.cmp(&other.id));
    for result in &mut results {
        result.duration = std::time::Duration::ZERO;
        // What removed the remains is nobody's evidence.
        result.exchanges.clear();
        // A charge is told with the case that saw it first, and lanes are not equally fast: what else it says is that case's.
        if result.id.ends_with("/seen") {
            result.reason = None;
            for finding in &mut result.findings {
                finding.message.clear();
                finding.actual = None;
            }
        }
    }
    results
}

/// Runs against a world and judges what was saved.
fn both(loaded: &Loaded, world: World, selection: &Selection) -> (Vec<CaseResult>, Vec<CaseResult>) {
    let environment = world.environment();
    let stand = world.serve();
    let told = run(loaded, stand.server.origin(), &environment, selection, &quick());
    let again = judge_again(loaded, stand.server.origin(), &saved(&told), &quick());
    (judged(told.results), judged(again.results))
}

#[track_caller]
fn assert_same(name: &str, (then, now): (Vec<CaseResult>, Vec<CaseResult>)) {
    assert_eq!(then.len(), now.len(), "{name}");
    for (then, now) in then.iter().zip(&now) {
        assert_eq!(now, then, "{name}");
    }
}

#[test]
fn what_conformed_conforms_again_in_every_way_the_truth_may_be_told() {
    let loaded = specs();
    for (name, world) in World::variations() {
        let (then, now) = both(&loaded, world, &Selection::default());
        assert!(then.iter().filter(|result| result.verdict == Verdict::Conforms).count() > 40, "{name}");
        assert_same(&name, (then, now));
    }
}

#[test]
fn an_answer_that_was_not_saved_whole_is_not_judged_again() {
    let loaded = specs();
    let world = World::default();
    let environment = world.environment();
    let world = Mutex::new(world);
    let server = Server::start(move |request| {
        let mut answer = locked(&world).answer(request);
        if request.method == "DELETE"
            && let Some(mut body) = answer.json()
        {
            body["more"] = "x".repeat(70_000).into();
            answer.body = body.to_string().into_bytes();
        }
        answer
    });
    let selection = Selection { filters: vec!["mytpe/pay_links.delete/live".to_owned()], ..Selection::default() };
    let told = run(&loaded, server.origin(), &environment, &selection, &quick());
    assert_eq!(told.of(Verdict::Conforms).len(), 1, "{}", told.trouble());
    let again = judge_again(&loaded, server.origin(), &saved(&told), &quick());
    let expected = "cannot be judged again: the answer to pay_links.delete/live was not saved byte for byte";
    assert_eq!(again.results[0].verdict, Verdict::Undetermined);
    assert_eq!(again.results[0].reason.as_deref(), Some(expected));
}

#[test]
fn what_a_stranger_answered_is_the_environments_again() {
    let loaded = specs();
    let server = Server::start(|_| Answer::new(200, "text/html", "<html></html>"));
    let selection = Selection { filters: vec!["mytpe/pay_links.delete/unknown".to_owned()], ..Selection::default() };
    // No canary has found out before.
    let plan = RunPlan { opening: Opening::Nothing, ..quick() };
    let told = run(&loaded, server.origin(), &World::default().environment(), &selection, &plan);
    let is_answered = |result: &CaseResult| result.verdict == Verdict::Environment && !result.exchanges.is_empty();
    assert!(told.results.len() == 3 && told.results.iter().all(is_answered), "{}", told.trouble());
    let again = judge_again(&loaded, server.origin(), &saved(&told), &plan);
    assert_eq!(judged(again.results), judged(told.results));
}

#[test]
fn what_violated_violates_again_with_the_same_findings() {
    let loaded = specs();
    let mut violations = 0;
    let vendors = [(Vendor::Omise, "omise"), (Vendor::Gafapay, "gafapay"), (Vendor::Mytpe, "mytpe")];
    for (vendor, name) in vendors {
        let selection = Selection { vendors: vec![name.to_owned()], ..Selection::default() };
        for lie in lies_for(vendor).into_iter().step_by(3) {
            let lied = format!("{name}: {}", lie.name());
            let (then, now) = both(&loaded, World::default().telling(lie), &selection);
            violations += then.iter().filter(|result| result.verdict == Verdict::Violates).count();
            assert_same(&lied, (then, now));
        }
    }
    assert!(violations > 50, "{violations}");
}
