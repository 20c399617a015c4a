//! The main job against servers that were written without the crate: the truth is never accused.

use crate::runner::{quick, run, specs};
use crate::servers::world::World;
use proviso::case::Selection;
use proviso::verdict::Verdict;

#[test]
fn truthful_servers_are_never_accused() {
    let loaded = specs();
    for (name, world) in World::variations() {
        let environment = world.environment();
        let stand = world.serve();
        let told = run(&loaded, stand.server.origin(), &environment, &Selection::default(), &quick());
        let trouble: Vec<_> = told.results.iter().filter(|result| !matches!(result.verdict, Verdict::Conforms | Verdict::Skipped)).collect();
        assert!(trouble.is_empty() && told.notices.is_empty(), "{name}:\n{}", told.trouble());
        assert_eq!(stand.world().left(), Vec::<String>::new(), "{name}: nothing is left behind");
    }
}
