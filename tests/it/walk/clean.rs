//! Who tells the truth is never accused, whatever the seed, and a default walk meets all that can be met.

use super::faults::stand;
use super::{missed, trouble, walk_at, walk_to};
use crate::runner::specs;
use crate::servers::http::locked;
use crate::servers::world::World;
use proviso::contract::{Loaded, Vendor, load};
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{WalkResult, WalkSettings};
use proviso::mock::{Answerer, FaultPlan, InProcess, Mock, MockSettings};
use proviso::run::Destination;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The five contracts of this repository and that of a vendor that nobody has.
fn all() -> Loaded {
    let folders = ["/specs", "/tests/vendors"];
    let loaded = load(&folders.map(|folder| PathBuf::from(format!("{}{folder}", env!("CARGO_MANIFEST_DIR")))));
    assert_eq!(loaded.contracts.vendors.len(), 4);
    loaded
}

fn mock(loaded: &Loaded) -> Arc<Mock> {
    Arc::new(Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).unwrap())
}

/// Walks at a mock in this process.
fn within(loaded: &Loaded, settings: &WalkSettings) -> Vec<WalkResult> {
    let mock = mock(loaded);
    mock.set_origin("http://127.0.0.1:1");
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&mock) as Arc<dyn Answerer>)));
    let to = |_: &Vendor| Destination::embedded("http://127.0.0.1:1");
    walk_to(loaded, &[], to, &mock.environment(), &sender, settings)
}

#[test]
fn the_mock_is_never_accused_and_a_default_walk_meets_everything() {
    let loaded = all();
    for seed in 0..8 {
        let walked = within(&loaded, &WalkSettings { seed, ..WalkSettings::default() });
        assert_eq!(trouble(&walked), "", "seed {seed}");
        assert_eq!(missed(&walked), Vec::<String>::new(), "seed {seed}");
        assert!(walked.iter().all(|walked| walked.steps == 600 && walked.races > 0), "seed {seed}");
    }
}

#[test]
fn the_mock_is_never_accused_over_sockets() {
    let loaded = all();
    let mock = mock(&loaded);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let inside = runtime.enter();
    let spawned = mock.spawn(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), FaultPlan::default()).unwrap();
    drop(inside);
    let sender = Sender::new(&SendSettings::default()).unwrap();
    let to = |_: &Vendor| Destination::embedded(&spawned.origin);
    let settings = WalkSettings { seed: 1, ..WalkSettings::default() };
    let walked = walk_to(&loaded, &[], to, &mock.environment(), &sender, &settings);
    assert_eq!((trouble(&walked).as_str(), missed(&walked)), ("", Vec::new()));
}

#[test]
fn truthful_servers_are_never_accused_in_any_of_their_forms() {
    let loaded = specs();
    for (seed, (name, world)) in (0..).zip(World::variations()) {
        let environment = world.environment();
        let stand = world.serve();
        let settings = WalkSettings { seed, steps: 100, ..WalkSettings::default() };
        let walked = walk_at(&loaded, &[], stand.server.origin(), &environment, &settings);
        assert_eq!(trouble(&walked), "", "{name}");
        assert_eq!(stand.world().left(), Vec::<String>::new(), "{name}: nothing is left behind");
    }
}

#[test]
fn the_same_seed_walks_the_same_way_and_another_does_not() {
    let loaded = all();
    let counts = |seed: u64| {
        let walked = within(&loaded, &WalkSettings { seed, steps: 200, ..WalkSettings::default() });
        let of = |walked: &WalkResult| walked.pairs.iter().map(|pair| pair.met).collect::<Vec<_>>();
        walked.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(counts(3), counts(3));
    assert_ne!(counts(3), counts(4));
}

#[test]
fn what_cannot_be_met_is_told_with_its_reason() {
    let loaded = specs();
    let stand = World::default().serve();
    let mut environment = stand.world().environment().to_vec();
    let absent = ["OMISE_FOREIGN_SECRET_KEY", "MYTPE_LINK_WITH_TRANSACTIONS", "GAFAPAY_TOKEN"];
    environment.retain(|(name, _)| !absent.contains(name));
    let settings = WalkSettings { steps: 60, ..WalkSettings::default() };
    let walked = walk_at(&loaded, &[], stand.server.origin(), &environment, &settings);
    let of = |name: &str| walked.iter().find(|walked| walked.vendor == name).unwrap();
    assert_eq!(
        (of("gafapay").verdict, of("gafapay").reason.as_deref()),
        (Verdict::Skipped, Some("set $GAFAPAY_TOKEN"))
    );
    let never = &of("omise").never;
    assert_eq!(never["links.delete/foreign"], "set $OMISE_FOREIGN_SECRET_KEY");
    assert!(never["links.delete/pending"].starts_with("not inducible: "), "{never:?}");
    assert_eq!(of("mytpe").never["pay_links.delete/used"], "set $MYTPE_LINK_WITH_TRANSACTIONS");
    assert_eq!(of("omise").accounts, 1);
}

#[test]
fn no_more_resources_are_there_at_once_than_are_asked_for() {
    let loaded = specs();
    for resources in [1, 2, 7] {
        let most = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&most);
        let (server, world) = stand(move |request, world| {
            let mut world = locked(world);
            let answer = world.answer(request);
            let links = world.left().iter().filter(|id| id.starts_with("link_test_")).count();
            seen.fetch_max(links, Ordering::SeqCst);
            answer
        });
        let environment = locked(&world).environment();
        let settings = WalkSettings { steps: 250, resources, ..WalkSettings::default() };
        let walked = walk_at(&loaded, &["omise"], server.origin(), &environment, &settings);
        assert_eq!(trouble(&walked), "");
        // One more is the canary's.
        assert_eq!(most.load(Ordering::SeqCst), resources + 1);
        assert_eq!(locked(&world).left(), Vec::<String>::new());
    }
}
