//! Blame: the row that departs is charged, and no other.

use super::server::Lie;
use super::{findings, result, told, violating};
use proviso::judge::verdict::Verdict;

#[test]
fn a_refusal_that_acts_all_the_same_violates_although_the_read_fits_no_row() {
    let told = told(Lie::ScrapsUnasked);
    for case in ["parcels.scrap/no_token/missing", "parcels.scrap/no_token/unknown"] {
        let case = result(&told, case);
        assert_eq!((case.verdict, findings(case)), (Verdict::Violates, vec!["state state".to_owned()]), "{case:?}");
        let message = &case.findings[0].message;
        assert!(message.contains("answers 404") && message.contains("must be `stored`"), "{message}");
    }
}

#[test]
fn a_state_that_cannot_be_read_is_undetermined_with_what_was_promised_and_what_came() {
    let told = told(Lie::LosesUnasked);
    let case = result(&told, "parcels.scrap/no_token/missing");
    assert_eq!(case.verdict, Verdict::Undetermined);
    let reason = case.reason.as_ref().unwrap();
    assert!(reason.contains("\"lost\"") && reason.contains("\"stored\""), "{reason}");
}

#[test]
fn a_read_that_was_wrong_before_is_charged_itself() {
    let told = told(Lie::ShowsForeign);
    assert_eq!(violating(&told), ["parcels.show/foreign"]);
    assert_eq!(result(&told, "parcels.scrap/foreign").verdict, Verdict::Undetermined);
    assert_eq!(told.of(Verdict::Undetermined).len(), 1, "{}", told.trouble());
}

#[test]
fn a_deletion_without_effect_is_charged_and_what_rests_on_it_is_not() {
    for jobs in [1, 32] {
        let told = super::told_of(&super::contract(&[]), Lie::ScrapsNothing, jobs);
        assert_eq!(violating(&told), ["parcels.scrap/stored/returned", "parcels.scrap/stored/stored"]);
        let case = result(&told, "parcels.scrap/stored/stored");
        assert_eq!(findings(case), ["state state"]);
        assert_eq!(case.findings[0].clause.as_ref().unwrap().id, "effects.gone");
        for rests in ["parcels.show/scrapped", "parcels.scrap/scrapped"] {
            let rests = result(&told, rests);
            assert_eq!(rests.verdict, Verdict::Undetermined, "{}", told.trouble());
            assert!(rests.reason.as_ref().unwrap().contains("parcels.scrap/stored"), "{:?}", rests.reason);
        }
    }
}

#[test]
fn what_was_seen_in_passing_names_the_case_that_made_the_request() {
    // Only the support call shows the wrong weight first, in cases that make parcels.
    let told = told(Lie::Weighs);
    let seen: Vec<_> = told.results.iter().filter(|result| result.was_seen()).collect();
    for seen in &seen {
        let reason = seen.reason.as_ref().unwrap();
        let case = reason.split("seen while ").nth(1).unwrap().trim_end_matches(" ran");
        let case = told.results.iter().find(|result| result.id == case).unwrap();
        let same = case.exchanges.iter().any(|exchange| exchange.started == seen.exchanges[0].started);
        assert!(same, "{} did not make the request of {}", case.id, seen.id);
    }
    assert!(!seen.is_empty() || !violating(&told).is_empty(), "{}", told.trouble());
}

#[test]
fn one_missing_error_object_is_one_finding() {
    let told = told(Lie::BareError);
    assert_eq!(findings(result(&told, "parcels.scrap/unknown")), ["field-missing /error"]);
}

#[test]
fn the_status_of_another_outcome_is_told_alone() {
    let told = told(Lie::ScrapsUnknown);
    assert_eq!(findings(result(&told, "parcels.scrap/unknown")), ["status status"]);
}

#[test]
fn the_clauses_shown_are_those_of_the_outcome_that_was_compared() {
    let told = told(Lie::AgainCode);
    let case = result(&told, "parcels.scrap/scrapped");
    assert_eq!(findings(case), ["error-code /error/code"]);
    let cited: Vec<_> = case.cites.iter().map(|clause| clause.id.as_str()).collect();
    assert_eq!(cited, ["409.status", "errors.again"]);
}
