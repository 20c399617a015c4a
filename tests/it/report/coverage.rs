//! What was exercised of the documented causes and statements.

use super::canned::{case, events, pages, plan};
use proviso::judge::verdict::Verdict;
use proviso::report::SavedRun;
use proviso::report::coverage::{Badge, Coverage, ExerciseState, Run, Share, coverage_text};
use proviso::run::event::{CaseResult, Event, Plan};

fn run(target: &str, cases: Vec<CaseResult>) -> Run {
    let plan = Plan { target: target.into(), pages: pages(), ..plan() };
    let cases = cases.into_iter().map(|case| Event::CaseFinished(Box::new(case)));
    let events: Vec<Event> = std::iter::once(Event::Started(plan)).chain(cases).collect();
    Run::from(&SavedRun::of(&events))
}

fn judged(row: &str, verdict: Verdict) -> CaseResult {
    case(&format!("acme/links.delete/{row}"), verdict, &[])
}

fn state(coverage: &Coverage, row: &str) -> ExerciseState {
    let causes = coverage.pages.iter().flat_map(|page| &page.causes);
    causes.filter(|cause| cause.row == row).map(|cause| cause.state).next().unwrap()
}

#[test]
fn the_canned_run_is_covered_so() {
    let coverage = Coverage::of(&[Run::from(&SavedRun::of(&events()))]);
    insta::assert_snapshot!(coverage_text(&coverage));
    insta::assert_json_snapshot!(coverage.json());
}

#[test]
fn a_cause_counts_only_where_its_case_was_judged() {
    for (verdict, expected) in [
        (Verdict::Conforms, ExerciseState::Exercised),
        (Verdict::Violates, ExerciseState::Exercised),
        (Verdict::Drifted, ExerciseState::Exercised),
        (Verdict::Skipped, ExerciseState::Skipped),
        (Verdict::Undetermined, ExerciseState::Undetermined),
        (Verdict::Environment, ExerciseState::Environment),
    ] {
        let coverage = Coverage::of(&[run("mock", vec![judged("live", verdict)])]);
        assert_eq!(state(&coverage, "live"), expected, "{verdict}");
        assert_eq!(coverage.shares().causes.exercised, usize::from(expected == ExerciseState::Exercised), "{verdict}");
    }
    assert_eq!(state(&Coverage::of(&[run("mock", Vec::new())]), "live"), ExerciseState::NotRun);
}

#[test]
fn what_is_inferred_is_no_cause_and_what_cannot_be_brought_about_is_no_gap() {
    let cases = vec![judged("other_mode", Verdict::Conforms), judged("pending", Verdict::Skipped)];
    let coverage = Coverage::of(&[run("mock", cases)]);
    assert_eq!(coverage.shares().causes, Share { exercised: 0, excused: 1, not_seen: 0, total: 8 });
    assert_eq!(state(&coverage, "pending"), ExerciseState::NotInducible);
}

#[test]
fn several_runs_of_several_targets_are_counted_together_and_apart() {
    let one = run("mock", vec![judged("live", Verdict::Conforms)]);
    let two = run("mock", vec![judged("unknown", Verdict::Conforms), judged("live", Verdict::Skipped)]);
    let three = run("sandbox", vec![judged("live", Verdict::Environment), judged("no_credentials", Verdict::Violates)]);
    let coverage = Coverage::of(&[one, two, three]);
    assert_eq!(coverage.targets, ["mock", "sandbox"]);
    assert_eq!(coverage.shares().causes.exercised, 3);
    assert_eq!((coverage.shares_on("mock").causes.exercised, coverage.shares_on("sandbox").causes.exercised), (2, 1));
    assert_eq!(
        (coverage.shares_of_vendor("acme").causes.exercised, coverage.shares_of_vendor("globex").causes.exercised),
        (3, 0)
    );
}

#[test]
fn a_contradiction_tells_which_outcome_was_seen_where() {
    let chose = |outcome: &str| CaseResult { chosen: Some(outcome.into()), ..judged("deleted", Verdict::Conforms) };
    let coverage =
        Coverage::of(&[run("mock", vec![chose("already_deleted")]), run("sandbox", vec![chose("not_found")])]);
    let mut causes = coverage.pages.iter().flat_map(|page| &page.causes);
    let seen = causes.find_map(|cause| cause.contradiction.clone()).unwrap().seen;
    assert_eq!(seen["mock"], ["already_deleted"]);
    assert_eq!(seen["sandbox"], ["not_found"]);
    assert!(
        coverage_text(&coverage).contains("mock answers already_deleted; sandbox answers not_found"),
        "{}",
        coverage_text(&coverage)
    );
}

#[test]
fn a_share_reaches_what_can_be_exercised() {
    let share = Share { exercised: 9, excused: 2, not_seen: 0, total: 12 };
    assert_eq!(share.percent(), Some(90));
    assert!(share.reaches(90.0) && !share.reaches(90.1));
    let all = Share { exercised: 10, excused: 2, not_seen: 0, total: 12 };
    assert!(all.reaches(100.0));
    assert!(Share::default().reaches(100.0), "where nothing is due nothing is missing");
    assert_eq!(Share::default().percent(), None);
    assert!(!Share { exercised: 199, excused: 0, not_seen: 0, total: 200 }.reaches(100.0));
}

#[test]
fn the_badge_says_the_percentage() {
    let share = Share { exercised: 9, excused: 2, not_seen: 0, total: 12 };
    insta::assert_snapshot!(Badge::new(share).svg());
    insta::assert_json_snapshot!(Badge::new(share).endpoint());
}
