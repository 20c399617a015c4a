//! What is found, is found at any number at once and in every run, and not by luck.

use super::server::Lie;
use super::{contract, findings, result, told, told_of, violating};
use proviso::judge::verdict::Verdict;

#[test]
fn a_deletion_that_deletes_others_is_charged_at_any_number_at_once() {
    for jobs in [1, 2, 64] {
        let told = told_of(&contract(&[]), Lie::ScrapsOthers, jobs);
        let seen = result(&told, "parcels.scrap/stored/seen");
        assert_eq!((seen.verdict, findings(seen)), (Verdict::Violates, vec!["state state".to_owned()]), "{jobs}");
        let message = &seen.findings[0].message;
        assert!(message.contains("was sent for another parcel"), "{message}");
        assert_eq!(seen.findings[0].clause.as_ref().unwrap().id, "effects.gone");
        if jobs == 1 {
            assert_eq!(violating(&told), ["parcels.scrap/stored/seen"]);
        }
    }
}

#[test]
fn an_id_that_nothing_had_is_read_after_a_change() {
    let told = told(Lie::MakesUnknown);
    assert_eq!(findings(result(&told, "parcels.scrap/unknown")), ["state state"], "{}", told.trouble());
}

#[test]
fn a_number_that_is_given_again_is_noticed() {
    let told = told_of(&contract(&[]), Lie::SameNumber, 1);
    let seen = result(&told, "parcels.store/new/seen");
    assert_eq!((seen.verdict, findings(seen)), (Verdict::Undetermined, vec!["field-value /parcel".to_owned()]));
    assert!(seen.findings[0].message.contains("was given before in this run"), "{}", told.trouble());
}

#[test]
fn a_body_that_is_not_encoded_as_it_says_violates() {
    let told = told(Lie::FalseEncoding);
    assert_eq!(findings(result(&told, "parcels.show/unknown")), ["header header content-encoding"]);
    assert!(told.of(Verdict::Conforms).is_empty(), "{}", told.trouble());
}

#[test]
fn the_answers_of_cleaning_up_are_judged() {
    for jobs in [1, 64] {
        let told = told_of(&contract(&[]), Lie::ScrapsCarelessly, jobs);
        let found = told
            .results
            .iter()
            .any(|it| it.verdict == Verdict::Violates && it.row == "stored" && it.operation == "parcels.scrap");
        assert!(found, "{jobs} at once:\n{}", told.trouble());
    }
}
