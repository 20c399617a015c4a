//! What no page says is no breach of the page: it is noticed, and fails a run only where that is asked for.

use super::server::Lie;
use super::{findings, result, told, violating};
use crate::runner::Told;
use proviso::judge::verdict::Verdict;
use proviso::report::exit_code;
use proviso::run::event::{Gate, Notice};

fn inferred(told: &Told) -> Vec<&Notice> {
    told.notices.iter().filter(|notice| notice.kind == Notice::INFERRED).collect()
}

fn exit(told: &Told, deny: &str) -> u8 {
    let gate = Gate { deny: vec![deny.to_owned()], ..Gate::default() };
    exit_code(&told.results, &told.notices, &gate, false)
}

#[test]
fn a_departure_from_an_inferred_field_header_or_shape_alone_is_a_notice() {
    let lies = [
        (Lie::NoHint, "/error/hint is missing; inferred: errors have been seen with one"),
        (Lie::NoTrace, "X-Depot-Trace is missing; inferred: support asks for it"),
        (Lie::NoReceipt, "/receipt is missing; inferred: receipts were seen in March"),
        (Lie::NoTaker, "/taken_by is missing; inferred: the page says that state may be returned"),
    ];
    for (lie, words) in lies {
        let told = told(lie);
        assert_eq!(told.results.iter().filter(|it| it.verdict != Verdict::Conforms).count(), 0, "{}", told.trouble());
        let notices = inferred(&told);
        assert!(!notices.is_empty() && notices.len() <= 2, "{lie:?}: {}", told.trouble());
        for notice in notices {
            assert!(notice.message.contains(words), "{lie:?}: {}", notice.message);
            assert!(
                notice.message.contains(".yaml:") && notice.message.contains("seen in depot/"),
                "{}",
                notice.message
            );
        }
        assert_eq!((exit(&told, "inferred"), exit(&told, "stale")), (5, 0), "{lie:?}");
    }
}

#[test]
fn beside_a_breach_it_is_told_without_a_clause() {
    let told = told(Lie::NoHintNorCode);
    let case = result(&told, "parcels.scrap/unknown");
    assert_eq!(case.verdict, Verdict::Violates);
    assert_eq!(findings(case), ["error-code /error/code", "field-missing /error/hint"]);
    assert!(case.findings[0].clause.is_some() && case.findings[0].inferred.is_none());
    assert!(case.findings[1].clause.is_none() && case.findings[1].message.contains("inferred: errors have been seen"));
}

#[test]
fn the_status_of_an_inferred_row_violates_and_says_why_in_place_of_a_page() {
    let told = told(Lie::ReturnedStatus);
    assert_eq!(violating(&told), ["parcels.give_back/stored", "parcels.show/returned"]);
    let case = result(&told, "parcels.show/returned");
    assert_eq!((findings(case), &case.page), (vec!["status status".to_owned()], &None));
    let message = &case.findings[0].message;
    assert!(message.ends_with("inferred: the page says that state may be returned"), "{message}");
}

#[test]
fn nothing_is_noticed_where_all_is_as_inferred() {
    assert!(inferred(&told(Lie::Nothing)).is_empty());
}
