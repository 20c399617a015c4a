//! Every case of the contracts here, under lies and the truth: the story of a judgement ends as the run did, and every departure that
//! was reported is a check that fails in it.

use crate::runner::{Told, judge_again, quick, run, specs};
use crate::servers::http::{Server, locked};
use crate::servers::lies::{How, Place, lies_for};
use crate::servers::reply::Vendor;
use crate::servers::world::World;
use proviso::contract::Loaded;
use proviso::contract::case::{Case, Selection, compile};
use proviso::judge::verdict::Verdict;
use proviso::report::why::{JudgedAgain, explain_judgement};
use proviso::run::event::{CaseResult, JudgedCase, StepConclusion};
use std::sync::Mutex;

/// The story of a case, as text.
fn story(loaded: &Loaded, cases: &[Case], then: &CaseResult, again: &Told) -> String {
    let shown_in = then.seen_in().unwrap_or(&then.id);
    let judged = JudgedAgain {
        loaded,
        case: cases.iter().find(|case| case.id == then.id),
        then,
        now: again.results.iter().find(|now| now.id == then.id),
        steps: again.steps.iter().find(|steps| steps.id == shown_in),
        notices: Vec::new(),
        is_changed: false,
    };
    explain_judgement(&judged).text(str::to_owned)
}

/// Checks the stories of all cases of a run against a world; returns the number of departures in them.
fn check_stories(loaded: &Loaded, cases: &[Case], name: &str, world: World) -> usize {
    let environment = world.environment();
    let stand = world.serve();
    check_stories_at(loaded, cases, name, stand.server.origin(), &environment)
}

fn check_stories_at(
    loaded: &Loaded,
    cases: &[Case],
    name: &str,
    origin: &str,
    environment: &[(&str, String)],
) -> usize {
    let told = run(loaded, origin, environment, &Selection::default(), &quick());
    let saved: Vec<CaseResult> = serde_json::from_str(&serde_json::to_string(&told.results).unwrap()).unwrap();
    let again = judge_again(loaded, origin, &saved, &quick());
    let mut departures = 0;
    for then in &saved {
        let story = story(loaded, cases, then, &again);
        let place = format!("{name}, {}:\n{story}", then.id);
        assert!(story.starts_with(&format!("{}: {}\n", then.id, then.verdict)), "{place}");
        // Of what removed a thing no case has the steps.
        assert!(then.was_seen() || !story.contains("does not suffice"), "{place}");
        for finding in &then.findings {
            departures += 1;
            let message = finding.message.split("; inferred: ").next().unwrap();
            let code = format!("[{}]", finding.code.as_str());
            let is_told =
                |line: &str| line.trim_start().starts_with("fails ") && line.contains(message) && line.contains(&code);
            assert!(story.lines().any(is_told), "{message} {code} of {place}");
        }
        if then.verdict == Verdict::Conforms {
            let steps = again.steps.iter().find(|steps| steps.id == then.id).unwrap();
            assert_sound(steps, then, &place);
        }
    }
    departures
}

/// Checks that nothing fails in the outcome that was chosen for a case's own answer.
fn assert_sound(steps: &JudgedCase, then: &CaseResult, place: &str) {
    let own = then.exchanges.iter().position(|exchange| exchange.purpose == proviso::run::event::Purpose::Case);
    let step = steps.steps.iter().find(|step| Some(step.exchange) == own).unwrap();
    let StepConclusion::Matches(chosen) = step.conclusion else { panic!("no outcome is chosen: {place}") };
    let outcome = &step.outcomes[chosen];
    assert_eq!(Some(&outcome.name), then.chosen.as_ref(), "{place}");
    assert!(!outcome.checks.is_empty() && outcome.checks.iter().all(|check| !check.has_failed()), "{place}");
}

#[test]
fn the_truth_is_explained_without_a_check_that_fails() {
    let loaded = specs();
    let cases = compile(&loaded.contracts);
    assert_eq!(check_stories(&loaded, &cases, "the truth", World::default()), 0);
}

#[test]
fn every_departure_of_a_lie_is_a_check_that_fails() {
    let loaded = specs();
    let cases = compile(&loaded.contracts);
    let mut departures = 0;
    for vendor in [Vendor::Omise, Vendor::Gafapay, Vendor::Mytpe] {
        let mut kinds = Vec::new();
        for lie in lies_for(vendor) {
            // One lie of each kind is enough.
            let kind = match (&lie.how, &lie.place) {
                (How::WithoutEffect | How::DeletesAnyway, _) => "state",
                (How::Html | How::Cut | How::Empty, _) => "body",
                (_, Place::Status) => "status",
                (_, Place::Field(_)) => "field",
                (_, Place::Header(_)) => "header",
                (_, Place::Body | Place::State) => "other",
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
                let name = format!("{vendor:?}: {}", lie.name());
                departures += check_stories(&loaded, &cases, &name, World::default().telling(lie));
            }
        }
    }
    assert!(departures > 30, "{departures}");
}

#[test]
fn a_departure_at_a_place_of_which_no_outcome_speaks_is_a_check_that_fails() {
    let loaded = specs();
    let world = World::default();
    let environment = world.environment();
    let world = Mutex::new(world);
    let server = Server::start(move |request| {
        let answer = locked(&world).answer(request);
        if request.method == "DELETE" { answer.with_header("Content-Encoding", "zstd") } else { answer }
    });
    let cases = compile(&loaded.contracts);
    let departures = check_stories_at(&loaded, &cases, "a false encoding", server.origin(), &environment);
    assert!(departures > 20, "{departures}");
}
