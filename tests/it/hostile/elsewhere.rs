//! A fault that meets not a case's own request but one around it: what brings the condition about, looks afterwards, removes.

use proviso::judge::verdict::Verdict;
use proviso::run::event::CaseResult;

use super::faults::{BROKEN, Fault, WRONG};
use super::play::Play;
use super::stage::{Rule, Stage};
use crate::runner::Told;
use crate::servers::http::Received;
use crate::servers::reply::{Kind, Reply, Vendor};
use crate::servers::world::World;

/// Some of each sort: a broken wire, a bound, a whole answer that is wrong.
fn some(all: &[Fault], names: &[&str]) -> Vec<Fault> {
    let found: Vec<_> = all.iter().filter(|fault| names.contains(&fault.name)).copied().collect();
    assert_eq!(found.len(), names.len());
    found
}

fn broken() -> Vec<Fault> {
    some(BROKEN, &["a reset before the answer", "a body of 200 MB", "bytes that are no HTTP", "JSON 100,000 deep"])
}

fn wrong() -> Vec<Fault> {
    some(WRONG, &["a body cut short, with a length that says so", "a redirect to itself"])
}

fn is(operation: &'static str, kind: Kind) -> impl Fn(&Received, &Reply) -> bool + Send + Sync + 'static {
    move |_, reply| (reply.vendor, reply.operation, reply.kind) == (Vendor::Mytpe, operation, kind)
}

/// The third vendor's cases, where every request but the first that fits meets a fault; the first is the canary's.
fn play(fault: Fault, operation: &'static str, kind: Kind, spared: usize) -> (Stage, Told) {
    let truth = Rule::new(is(operation, kind), |wire| {
        let truth = wire.truth();
        wire.write(truth);
    });
    let stage = Stage::new(World::default(), vec![truth.times(spared), fault.rule(is(operation, kind))]);
    let mut play = Play::on(&stage);
    play.selection.vendors = vec!["mytpe".to_owned()];
    play.settings.jobs = 1;
    let told = play.run();
    assert!(stage.spoiled() > spared, "{}", fault.name);
    (stage, told)
}

fn result<'t>(told: &'t Told, row: &str) -> &'t CaseResult {
    told.results.iter().find(|result| result.id == format!("mytpe/pay_links.delete/{row}")).unwrap()
}

fn conform(told: &Told, rows: &[&str]) {
    for row in rows {
        assert_eq!(result(told, row).verdict, Verdict::Conforms, "{row}:\n{}", told.trouble());
    }
}

#[test]
fn a_read_that_breaks_leaves_the_state_unknown_and_accuses_nobody() {
    for fault in broken() {
        // Who is not let in deletes nothing: looking shows the link as it was.
        let (stage, told) = play(fault, "pay_links.retrieve", Kind::Live, 0);
        let read = result(&told, "no_credentials");
        assert_eq!(read.verdict, Verdict::Environment, "{}:\n{}", fault.name, told.trouble());
        assert!(read.reason.as_ref().unwrap().contains("the state afterwards is not known"), "{:?}", read.reason);
        conform(&told, &["live", "deleted", "used", "unknown"]);
        assert!(told.notices.is_empty() && told.of(Verdict::Violates).is_empty(), "{}", told.trouble());
        assert_eq!(stage.world().left(), Vec::<String>::new(), "{}", fault.name);
    }
}

#[test]
fn a_read_that_answers_wrongly_is_charged_itself_and_leaves_the_state_unknown() {
    for fault in wrong() {
        let (stage, told) = play(fault, "pay_links.retrieve", Kind::Live, 0);
        let read = result(&told, "no_credentials");
        assert_eq!(read.verdict, Verdict::Undetermined, "{}:\n{}", fault.name, told.trouble());
        conform(&told, &["live", "deleted", "unknown"]);
        let seen: Vec<_> = told.results.iter().filter(|result| result.id.ends_with("/seen")).collect();
        assert_eq!(seen.len(), 1, "{}:\n{}", fault.name, told.trouble());
        // No page promises what a support call answers.
        assert_eq!((seen[0].operation.as_str(), seen[0].verdict), ("pay_links.retrieve", Verdict::Undetermined));
        assert_eq!(stage.world().left(), Vec::<String>::new(), "{}", fault.name);
    }
}

#[test]
fn a_condition_that_a_broken_wire_kept_away_is_the_environments() {
    for fault in broken() {
        let (_, told) = play(fault, "pay_links.create", Kind::New, 1);
        let is_dead = told.notices.iter().any(|notice| notice.kind == "dead-vendor");
        assert!(!is_dead, "its other calls are answered, for {}:\n{}", fault.name, told.trouble());
        conform(&told, &["used", "unknown"]);
        let kept = result(&told, "deleted");
        assert_eq!(kept.verdict, Verdict::Environment, "{}:\n{}", fault.name, told.trouble());
        assert!(told.of(Verdict::Violates).is_empty(), "{}:\n{}", fault.name, told.trouble());
    }
}

#[test]
fn a_condition_that_a_wrong_answer_kept_away_leaves_its_case_undetermined() {
    for fault in wrong() {
        let (_, told) = play(fault, "pay_links.create", Kind::New, 1);
        let kept = result(&told, "deleted");
        assert_eq!(kept.verdict, Verdict::Undetermined, "{}:\n{}", fault.name, told.trouble());
        conform(&told, &["used", "unknown"]);
        assert!(told.of(Verdict::Violates).is_empty(), "{}:\n{}", fault.name, told.trouble());
    }
}
