//! A lie changes the answers that it names, and no others.

use std::thread;

use serde_json::Value;

use super::tour::{Step, tour};
use crate::servers::draw::Draw;
use crate::servers::gafapay::GafapayTruth;
use crate::servers::http::Answer;
use crate::servers::lies::{How, Lie, Place, lies_for};
use crate::servers::mytpe::MytpeTruth;
use crate::servers::omise_truth::OmiseTruth;
use crate::servers::reply::Vendor;
use crate::servers::world::{Stand, World};

const VENDORS: [Vendor; 3] = [Vendor::Omise, Vendor::Gafapay, Vendor::Mytpe];

/// Two worlds that are alike to the last id.
fn world(other: bool) -> World {
    let draw = Draw::from(7);
    if other {
        // The page's own prefix, which the tour's ids have too.
        let omise = OmiseTruth { account_prefix: "lacct", ..OmiseTruth::other() };
        World::of(omise, GafapayTruth::other(), MytpeTruth::other(), &draw)
    } else {
        World::of(OmiseTruth::default(), GafapayTruth::default(), MytpeTruth::default(), &draw)
    }
}

/// What is left of an answer when its server's port and the time of day are taken away.
fn timeless(answer: &Answer, stand: &Stand) -> Answer {
    let body = String::from_utf8(answer.body.clone()).unwrap().replace(stand.server.origin(), "ORIGIN");
    let body = match serde_json::from_str::<Value>(&body) {
        Ok(mut value) => {
            forget_times(&mut value);
            value.to_string()
        }
        Err(_) => body,
    };
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| name != "X-Request-Id" && name != "Content-Length");
    Answer { status: answer.status, headers, body: body.into_bytes() }
}

fn forget_times(value: &mut Value) {
    match value {
        Value::String(text) if text.len() == 20 && text.ends_with('Z') => "TIME".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        Value::Object(fields) => fields.values_mut().for_each(forget_times),
        _ => {}
    }
}

fn walked(world: World) -> Vec<(Step, Answer)> {
    let stand = world.serve();
    let steps = tour(&stand);
    assert_eq!(stand.server.requests(), steps.len());
    steps.into_iter().map(|step| (step.clone(), timeless(&step.answer, &stand))).collect()
}

/// The places in the tour where a lie shows, and those where it is told.
fn compare(truth: &[(Step, Answer)], world: World, lie: &Lie) -> (Vec<usize>, Vec<usize>) {
    let lied = walked(world.telling(lie.clone()));
    let shown = (0..truth.len()).filter(|at| truth[*at].1 != lied[*at].1).collect();
    let told = (0..truth.len()).filter(|at| {
        let step = &truth[*at].0;
        step.operation == lie.operation && lie.kinds.contains(&step.kind)
    });
    (shown, told.collect())
}

#[test]
fn two_truthful_worlds_are_alike() {
    for other in [false, true] {
        let (one, two) = (walked(world(other)), walked(world(other)));
        for ((step, one), (_, two)) in one.iter().zip(&two) {
            assert_eq!(one, two, "{} {:?}", step.operation, step.kind);
        }
    }
}

#[test]
fn a_lie_about_an_answer_changes_the_answers_it_names_and_no_others() {
    thread::scope(|scope| {
        for (other, vendor) in [false, true].into_iter().flat_map(|other| VENDORS.map(|vendor| (other, vendor))) {
            scope.spawn(move || {
                let truth = walked(world(other));
                for lie in lies_for(vendor).into_iter().filter(|lie| !lie.changes_the_world()) {
                    let (shown, told) = compare(&truth, world(other), &lie);
                    assert!(!told.is_empty(), "{} is never told", lie.name());
                    assert_eq!(shown, told, "{}", lie.name());
                }
            });
        }
    });
}

#[test]
fn a_lie_about_the_world_shows_and_not_before_it_is_told() {
    let truth = walked(world(false));
    for vendor in VENDORS {
        for lie in lies_for(vendor).into_iter().filter(Lie::changes_the_world) {
            let (shown, told) = compare(&truth, world(false), &lie);
            assert!(!shown.is_empty(), "{} does not show", lie.name());
            assert!(shown[0] >= told[0], "{}", lie.name());
            if lie.place == Place::Status {
                let changed: Vec<_> = told.iter().filter(|at| shown.contains(at)).collect();
                assert_eq!(changed.len(), told.len(), "{}", lie.name());
            } else {
                assert!(shown[0] > told[0], "{} shows only later", lie.name());
            }
        }
    }
}

#[test]
fn every_lie_has_a_name_of_its_own_and_a_place() {
    for vendor in VENDORS {
        let lies = lies_for(vendor);
        let mut names: Vec<String> = lies.iter().map(Lie::name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), lies.len());
        for lie in lies {
            match (&lie.how, &lie.place) {
                (How::Absent(pointer), Place::Field(place)) => assert_eq!(pointer, place),
                (How::HtmlType, place) => assert_eq!(*place, Place::Header("content-type")),
                (How::Status(_), place) => assert_eq!(*place, Place::Status),
                _ => assert!(lie.kinds.len() <= 6),
            }
        }
    }
}
