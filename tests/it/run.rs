//! The main job against servers that were written without the crate: the truth is never accused.

use crate::runner::{quick, run, specs};
use crate::servers::lies::{Lie, Place, lies_for};
use crate::servers::reply::Vendor;
use crate::servers::world::World;
use proviso::case::Selection;
use proviso::event::CaseResult;
use proviso::verdict::Verdict;

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
            let found = told.results.iter().any(|result| charges(result, &lie));
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
