//! Servers that are true but for one planted fault of state: each is found, and shrunk to at most four requests.

use super::{trouble, walk_at};
use crate::runner::specs;
use crate::servers::http::{Answer, Received, Server, locked};
use crate::servers::lies::{Lie, lies_for};
use crate::servers::reply::{Kind, Reply, Vendor, decoded};
use crate::servers::world::World;
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::lab::walk::{WalkFailure, WalkResult, WalkSettings};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Puts a world behind a socket whose every request goes through `answer`.
pub(super) fn stand(
    answer: impl Fn(&Received, &Mutex<World>) -> Answer + Send + Sync + 'static,
) -> (Server, Arc<Mutex<World>>) {
    let world = Arc::new(Mutex::new(World::default()));
    let behind = Arc::clone(&world);
    (Server::start(move |request| answer(request, &behind)), world)
}

/// Walks one vendor, and what it found, which has to be one violation of at most four requests that fails again.
fn found(server: &Server, world: &Mutex<World>, vendor: &str, settings: &WalkSettings) -> WalkFailure {
    let environment = locked(world).environment();
    let walked = walk_at(&specs(), &[vendor], server.origin(), &environment, settings);
    let [WalkResult { verdict, failure, steps, .. }] = walked.as_slice() else { panic!("one vendor was walked") };
    assert_eq!(*verdict, Verdict::Violates, "seed {} found nothing in {steps} steps", settings.seed);
    let failure = failure.clone().unwrap();
    assert!(failure.repeats, "{failure:#?}");
    assert!((1..=4).contains(&failure.sequence.len()), "{:#?}", failure.script);
    assert_eq!(failure.findings[0].code, FindingCode::State, "{:?}", failure.findings);
    failure
}

#[test]
fn every_lie_of_state_is_found_and_few_requests_show_it() {
    let loaded = specs();
    let mut wrong = Vec::new();
    for (vendor, name) in [(Vendor::Omise, "omise"), (Vendor::Gafapay, "gafapay"), (Vendor::Mytpe, "mytpe")] {
        for lie in lies_for(vendor).into_iter().filter(Lie::changes_the_world) {
            let world = World::default();
            let environment = world.environment();
            let stand = world.telling(lie.clone()).serve();
            let settings = WalkSettings { seed: 1, ..WalkSettings::default() };
            let walked = walk_at(&loaded, &[name], stand.server.origin(), &environment, &settings);
            let few = walked[0].failure.as_ref().is_some_and(|it| it.repeats && it.sequence.len() <= 4);
            if walked[0].verdict != Verdict::Violates || !few {
                wrong.push(format!("{}:\n{}", lie.name(), trouble(&walked)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a sequence asks, without what is drawn.
fn asked(failure: &WalkFailure) -> Vec<&str> {
    failure.sequence.iter().map(|shown| shown.due.as_str()).collect()
}

fn deletes(reply: &Reply) -> bool {
    reply.operation.ends_with(".delete") && reply.kind == Kind::Live
}

#[test]
fn every_second_delete_without_effect() {
    for (vendor, seed) in [("omise", 1), ("omise", 2), ("gafapay", 1), ("mytpe", 1), ("mytpe", 2)] {
        let count = AtomicU32::new(0);
        let (server, world) = stand(move |request, world| {
            let mut world = locked(world);
            let reply = world.truthful(request);
            if deletes(&reply) && count.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
                world.set_deleted(&reply, false);
            }
            reply.answer
        });
        let failure = found(&server, &world, vendor, &WalkSettings { seed, ..WalkSettings::default() });
        assert!(failure.operation.ends_with(".delete"), "what had no effect is charged: {}", failure.operation);
        assert!(failure.sequence.len() <= 3, "{}", failure.script);
    }
}

#[test]
fn ids_given_again_after_fifty() {
    for (vendor, seed) in [("omise", 1), ("gafapay", 2), ("mytpe", 3)] {
        let given: Mutex<Vec<String>> = Mutex::default();
        let (server, world) = stand(move |request, world| {
            let mut world = locked(world);
            let reply = world.truthful(request);
            if reply.kind != Kind::New {
                return reply.answer;
            }
            let mut given = locked(&given);
            let new = reply.id.clone().unwrap();
            given.push(new.clone());
            if given.len() <= 50 {
                return reply.answer;
            }
            let old = given[given.len() - 51].clone();
            let body = String::from_utf8(reply.answer.body.clone()).unwrap().replace(&new, &old);
            world.set_deleted(&Reply { id: Some(old), ..reply.clone() }, false);
            Answer { body: body.into_bytes(), ..reply.answer }
        });
        let failure = found(&server, &world, vendor, &WalkSettings { seed, ..WalkSettings::default() });
        assert!(failure.operation.ends_with(".create"), "{}", failure.operation);
        assert!(failure.findings[0].message.contains("which it gave before"), "{:?}", failure.findings);
        assert_eq!(failure.sequence.len(), 1, "{}", failure.script);
    }
}

#[test]
fn a_neighbour_that_is_deleted_too() {
    for seed in 1..6 {
        let (server, world) = stand(|request, world| {
            let mut world = locked(world);
            let reply = world.truthful(request);
            if deletes(&reply) {
                let neighbour = world.another_id(&reply);
                world.set_deleted(&Reply { id: Some(neighbour), ..reply.clone() }, true);
            }
            reply.answer
        });
        let failure = found(&server, &world, "omise", &WalkSettings { seed, ..WalkSettings::default() });
        assert!(failure.operation.ends_with(".delete"), "the deletion is charged: {:?}", asked(&failure));
        assert_eq!(failure.things.len(), 2, "{}", failure.script);
    }
}

/// A server that forgets what was made a second ago by its own clock, which is asked once a request.
fn forgetful(clock: impl Fn() -> Duration + Send + Sync + 'static) -> (Server, Arc<Mutex<World>>) {
    let born: Mutex<HashMap<String, Duration>> = Mutex::default();
    stand(move |request, world| {
        let now = clock();
        let mut world = locked(world);
        let mut born = locked(&born);
        let mut request = request.clone();
        let last = decoded(request.path.rsplit('/').next().unwrap());
        if born.get(&last).is_some_and(|born| now > *born + Duration::from_secs(1)) {
            // An id of the same form that nothing has.
            let end = if last.ends_with('0') { '1' } else { '0' };
            request.path = request.path.replace(&last, &format!("{}{end}", &last[..last.len() - 1]));
        }
        let reply = world.truthful(&request);
        if reply.kind == Kind::New {
            born.insert(reply.id.clone().unwrap(), now);
        }
        reply.answer
    })
}

#[test]
fn state_that_is_forgotten_after_three_requests() {
    for (vendor, seed) in [("omise", 1), ("omise", 2), ("mytpe", 1)] {
        // A clock that goes on by 400 ms a request, so that nothing has to be waited for.
        let requests = AtomicU32::new(0);
        let (server, world) = forgetful(move || Duration::from_millis(400) * requests.fetch_add(1, Ordering::SeqCst));
        found(&server, &world, vendor, &WalkSettings { seed, ..WalkSettings::default() });
    }
}

#[test]
fn state_that_is_forgotten_after_a_second() {
    let began = Instant::now();
    let (server, world) = forgetful(move || began.elapsed());
    let settings = WalkSettings { seed: 1, steps: 120, lull: Duration::from_millis(1100), ..WalkSettings::default() };
    let failure = found(&server, &world, "omise", &settings);
    assert!(failure.sequence.len() <= 3, "{}", failure.script);
    assert!(failure.sequence.iter().any(|shown| shown.after_lull > 1.0), "{}", failure.script);
    assert!(failure.script.contains("\nsleep 1.1\n"), "{}", failure.script);
}

/// A server that looks at a resource and deletes it in two strokes: who comes between them deletes it, too.
struct Between {
    /// How many deletions of an id are between the two strokes, now or before.
    looking: Mutex<HashMap<String, u32>>,
    changed: Condvar,
}

impl Between {
    fn answer(&self, request: &Received, world: &Mutex<World>) -> Answer {
        let foreseen = locked(world).clone().truthful(request);
        let (true, Some(id)) = (deletes(&foreseen), foreseen.id) else {
            return locked(world).truthful(request).answer;
        };
        let mut looking = locked(&self.looking);
        *looking.entry(id.clone()).or_default() += 1;
        self.changed.notify_all();
        // Another one is given the time to come; the bound only matters to those that come alone.
        let alone = |looking: &mut HashMap<String, u32>| looking.get(&id).is_none_or(|count| *count < 2);
        drop(self.changed.wait_timeout_while(looking, Duration::from_millis(30), alone));
        let mut world = locked(world);
        let reply = world.truthful(request);
        drop(world);
        if reply.kind == Kind::Deleted { foreseen.answer } else { reply.answer }
    }
}

#[test]
fn a_race_in_which_two_deletes_both_succeed() {
    for (vendor, seed) in [("omise", 1), ("mytpe", 1), ("gafapay", 1)] {
        let between = Between { looking: Mutex::default(), changed: Condvar::new() };
        let (server, world) = stand(move |request, world| between.answer(request, world));
        let failure = found(&server, &world, vendor, &WalkSettings { seed, ..WalkSettings::default() });
        assert!(failure.operation.ends_with(".delete"), "{}", failure.operation);
        assert!(failure.findings[0].message.contains("at once"), "{:?}", failure.findings);
        assert_eq!(failure.sequence.len(), 3, "{}", failure.script);
        assert_eq!(failure.sequence.iter().filter(|shown| shown.at_once).count(), 2, "{}", failure.script);
        assert!(failure.script.contains(" &\n") && failure.script.contains("\nwait\n"), "{}", failure.script);
    }
}
