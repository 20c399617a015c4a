//! The main job against servers that were written without the crate: the truth is never accused.

use crate::runner::{quick, run, run_cases, specs};
use crate::servers::lies::{Lie, Place, lies_for};
use crate::servers::reply::Vendor;
use crate::servers::world::World;
use proviso::contract::Loaded;
use proviso::contract::case::{Selection, compile};
use proviso::contract::language::Status;
use proviso::judge::verdict::Verdict;
use proviso::run::RunPlan;
use proviso::run::event::{CaseResult, Notice};
use std::sync::Arc;

#[test]
fn truthful_servers_are_never_accused() {
    let loaded = specs();
    for (name, world) in World::variations() {
        let environment = world.environment();
        let stand = world.serve();
        let told = run(&loaded, stand.server.origin(), &environment, &Selection::default(), &quick());
        let trouble: Vec<_> = told
            .results
            .iter()
            .filter(|result| !matches!(result.verdict, Verdict::Conforms | Verdict::Skipped))
            .collect();
        assert!(trouble.is_empty() && told.notices.is_empty(), "{name}:\n{}", told.trouble());
        assert_eq!(stand.world().left(), Vec::<String>::new(), "{name}: nothing is left behind");
    }
}

/// Whether a result of a run charges a lie: in the operation that lied, at the place where it shows.
fn charges(result: &CaseResult, lie: &Lie) -> bool {
    let at = |place: &str| match &lie.place {
        Place::Status => place == "status",
        // A field whose container is wrong is told by its container.
        Place::Field(pointer) => place == *pointer || !place.is_empty() && pointer.starts_with(&format!("{place}/")),
        Place::Body => place == "body",
        Place::Header(name) => place == format!("header {name}"),
        Place::State => place == "state",
    };
    result.verdict == Verdict::Violates
        && result.operation == lie.operation
        && result.findings.iter().any(|finding| at(&finding.place))
}

#[test]
fn every_lie_is_found_where_it_shows_and_charges_no_more_than_a_handful() {
    let loaded = specs();
    let mut wrong = Vec::new();
    let vendors = [(Vendor::Omise, "omise"), (Vendor::Gafapay, "gafapay"), (Vendor::Mytpe, "mytpe")];
    for (vendor, name) in vendors {
        for lie in lies_for(vendor) {
            let world = World::default();
            let environment = world.environment();
            let stand = world.telling(lie.clone()).serve();
            let selection = Selection { vendors: vec![name.to_owned()], ..Selection::default() };
            let told = run(&loaded, stand.server.origin(), &environment, &selection, &quick());
            let violating = told.of(Verdict::Violates).len();
            // What no page says is no violation, but a notice that names the field.
            let is_unsaid = matches!(&lie.place, Place::Field("/location"));
            let notices = |notice: &Notice| notice.kind == "inferred" && notice.message.starts_with("/location ");
            let found = told.results.iter().any(|result| charges(result, &lie)) && !is_unsaid
                || is_unsaid && violating == 0 && told.notices.iter().any(notices);
            if !found || violating > 8 || stand.world().told == 0 {
                wrong.push(format!(
                    "{}: told {} times, {violating} violate\n{}",
                    lie.name(),
                    stand.world().told,
                    told.trouble()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} lies:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_row_that_promises_otherwise_accuses_a_truthful_server() {
    let stand = World::default().serve();
    let environment = stand.world().environment();
    let rows = |loaded: &Loaded| -> Vec<(usize, usize, String)> {
        let operations = loaded.contracts.vendors.iter().enumerate().flat_map(|(vendor, contract)| {
            contract.operations.iter().enumerate().map(move |(position, operation)| (vendor, position, operation))
        });
        let documented = operations.filter(|(_, _, operation)| operation.page.is_some());
        documented
            .flat_map(|(vendor, position, operation)| {
                operation.rows.keys().map(move |row| (vendor, position, row.clone()))
            })
            .collect()
    };
    let all = rows(&specs());
    assert!(all.len() > 40);
    for (vendor, position, row) in all {
        let mut loaded = specs();
        let operation = &mut Arc::make_mut(&mut loaded.contracts).vendors[vendor].operations[position];
        let (name, broken) = (operation.name.clone(), operation.rows[&row].clone());
        if broken.not_inducible.is_some() || broken.may {
            continue;
        }
        for branch in &broken.then {
            operation.outcomes[branch.outcome.position()].status = Some(Status::Exact(vec![418]));
        }
        let id = format!("{}/{name}/{row}", loaded.contracts.vendors[vendor].name);
        let mut cases = compile(&loaded.contracts);
        cases.retain(|case| case.id == id || case.id.starts_with(&format!("{id}/")));
        let told = run_cases(&loaded, stand.server.origin(), &environment, &cases, &quick());
        // What is removed again at the end is judged as well.
        let violating = told.of(Verdict::Violates).into_iter().filter(|id| !id.ends_with("/seen")).count();
        assert_eq!(violating, cases.len(), "{id}:\n{}", told.trouble());
    }
}

#[test]
fn any_order_and_any_number_at_once_give_the_same_verdicts() {
    let loaded = specs();
    let verdicts = |jobs: usize, seed: Option<u64>| {
        let stand = World::default().serve();
        let environment = stand.world().environment();
        let mut cases = compile(&loaded.contracts);
        if let Some(seed) = seed {
            fastrand::Rng::with_seed(seed).shuffle(&mut cases);
        }
        let told = run_cases(&loaded, stand.server.origin(), &environment, &cases, &RunPlan { jobs, ..quick() });
        let mut verdicts: Vec<_> = told.results.into_iter().map(|result| (result.id, result.verdict)).collect();
        verdicts.sort();
        verdicts
    };
    let first = verdicts(1, None);
    assert_eq!(first.len(), 72);
    for (jobs, seed) in [(32, None), (1, Some(1)), (32, Some(2)), (7, Some(3))] {
        assert_eq!(verdicts(jobs, seed), first, "{jobs} at once, order {seed:?}");
    }
}
