//! One request of a run meets a fault: its case comes to the right verdict within its bounds, and every other one conforms.

use std::time::Duration;

use proviso::judge::verdict::Verdict;

use super::faults::{BROKEN, FLOOD, Fault, RIGHT, SLOW, WRONG};
use super::play::{Play, only};
use super::stage::{Rule, Stage};
use crate::runner::{Told, is_example};
use crate::servers::http::Received;
use crate::servers::reply::{Kind, Reply};
use crate::servers::world::World;

const CASE: &str = "omise/links.delete/unknown";

/// The request of one case alone: nothing else asks an operation for what never was.
fn is_unknown(operation: &'static str) -> impl Fn(&Received, &Reply) -> bool + Send + Sync + 'static {
    move |request, reply| reply.operation == operation && reply.kind == Kind::Unknown && !is_example(&request.path)
}

fn meets(fault: Fault, verdict: Verdict) {
    let stage = Stage::new(World::default(), vec![fault.rule(is_unknown("links.delete"))]);
    let told = Play::on(&stage).run();
    // The first try, a second connection for it, and two further tries, each within its own bound of time.
    assert!((1..=4).contains(&stage.spoiled()), "{}: {} times", fault.name, stage.spoiled());
    let result = only(&told, &[CASE])[0];
    assert_eq!(result.verdict, verdict, "{}:\n{}", fault.name, told.trouble());
    assert!(result.duration < Duration::from_mins(2), "{}: {:?}", fault.name, result.duration);
    assert!(told.notices.is_empty(), "{}: the vendor lives, and nothing is left:\n{}", fault.name, told.trouble());
    assert_eq!(stage.world().left(), Vec::<String>::new(), "{}", fault.name);
    let said = match verdict {
        Verdict::Environment => result.reason.clone().unwrap_or_default(),
        _ => result.findings.iter().map(|finding| format!("{} ", finding.place)).collect(),
    };
    assert!(said.contains(fault.told), "{}: {said}", fault.name);
}

#[test]
fn a_broken_wire_is_the_environments_and_one_cases_alone() {
    BROKEN.iter().for_each(|fault| meets(*fault, Verdict::Environment));
}

#[test]
fn an_answer_that_came_whole_and_is_wrong_violates() {
    WRONG.iter().for_each(|fault| meets(*fault, Verdict::Violates));
}

#[test]
fn a_right_answer_conforms_however_odd_its_wire() {
    RIGHT.iter().for_each(|fault| meets(*fault, Verdict::Conforms));
}

#[test]
fn what_never_ends_ends_with_its_bound_of_time() {
    let places = [
        ("links.delete", CASE),
        ("links.retrieve", "omise/links.retrieve/unknown"),
        ("linked_accounts.delete", "omise/linked_accounts.delete/unknown"),
        ("pay_links.delete", "mytpe/pay_links.delete/unknown"),
    ];
    let (one, four) = SLOW.split_first().unwrap();
    assert_eq!(four.len(), places.len());
    let mut rules: Vec<Rule> =
        four.iter().zip(places).map(|(fault, (operation, _))| fault.rule(is_unknown(operation))).collect();
    // A second delete is asked for by two cases, but only one of them says what its request holds.
    rules.push(one.rule(|request, reply| is_unknown("payment_links.delete")(request, reply) && is_bare(request)));
    let bare = "gafapay/payment_links.delete/bare_gone/unknown";
    let told = impatient(rules);
    let faults = four.iter().zip(places.map(|(_, case)| case)).chain([(one, bare)]);
    for (fault, case) in faults.clone() {
        let result = told.results.iter().find(|result| result.id == case).unwrap();
        assert_eq!(result.verdict, Verdict::Environment, "{}:\n{}", fault.name, told.trouble());
        assert!(result.reason.as_ref().unwrap().contains(fault.told), "{}: {:?}", fault.name, result.reason);
    }
    only(&told, &faults.map(|(_, case)| case).collect::<Vec<_>>());
    assert!(told.notices.is_empty(), "{}", told.trouble());
}

fn is_bare(request: &Received) -> bool {
    request.header("content-type").is_none()
}

#[test]
fn a_flood_of_provisional_answers_ends_and_nobody_is_accused() {
    let told = impatient(vec![FLOOD.rule(is_unknown("links.delete"))]);
    let result = told.results.iter().find(|result| result.id == CASE).unwrap();
    assert_eq!(result.verdict, Verdict::Environment, "{}", told.trouble());
    assert!(told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
}

/// A run in which each request has four seconds and one try, and each rule is met once.
fn impatient(rules: Vec<Rule>) -> Told {
    let count = rules.len();
    let stage = Stage::new(World::default(), rules);
    let mut play = Play::on(&stage);
    play.bounds.timeout = Duration::from_secs(4);
    play.settings.retry.further = 0;
    let told = play.run();
    assert_eq!(stage.spoiled(), count);
    told
}
