//! A read that does not show a state: the line that would let it is named, in the operation that has to have it.

use super::taken::Copy;
use proviso::lab::mutant::Survivor;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

const FILE: &str = "acme/vendor.yaml";

/// A copy of the small vendor, in which the read of a link is another one.
fn copy(change: impl FnOnce(&mut Value)) -> Copy {
    let copy = Copy::from("tests/fixtures", "acme");
    copy.change(Path::new(FILE), |value| change(&mut value["operations"]));
    copy
}

/// The lines that are advised, each with the place of the mapping that it goes into.
fn lines(survivors: &[Survivor]) -> BTreeSet<(&str, &str)> {
    survivors.iter().map(|survivor| (survivor.advice.under.as_str(), survivor.advice.write.as_str())).collect()
}

#[test]
fn a_state_without_a_row_in_the_read_gets_one_with_an_outcome_that_the_page_has() {
    let copy = copy(|operations| {
        operations["links.retrieve"]["rows"]["gone"]["when"] = json!({ "link": "unknown" });
    });
    let score = copy.score("acme/");
    let rows = "/operations/links.retrieve/rows";
    let line = "deleted: { when: { link: deleted }, then: absent }";
    assert_eq!(lines(&score.survivors), BTreeSet::from([(rows, line)]));
    score.survivors.iter().for_each(|survivor| copy.follow(&survivor.advice));
    assert_eq!(copy.score("acme/").tally.share(), 10_000);
}

#[test]
fn where_no_outcome_is_known_for_a_state_the_row_leaves_it_open() {
    let copy = copy(|operations| {
        operations["links.retrieve"]["rows"].as_object_mut().unwrap().remove("gone");
    });
    let score = copy.score("acme/");
    let line = "deleted: { when: { link: deleted }, then: ... }";
    assert_eq!(lines(&score.survivors), BTreeSet::from([("/operations/links.retrieve/rows", line)]));
}

#[test]
fn answers_of_a_read_that_are_alike_have_to_differ_in_something() {
    let copy = copy(|operations| {
        operations["links.retrieve"]["outcomes"] =
            json!({ "found": { "status": 200 }, "absent": { "status": [200, 404] } });
    });
    let score = copy.score("acme/");
    let line = "# a status or a field that no answer for another state has";
    assert_eq!(lines(&score.survivors), BTreeSet::from([("/operations/links.retrieve/outcomes/absent", line)]));
}

#[test]
fn without_a_read_the_line_is_an_operation() {
    let copy = copy(|operations| {
        operations.as_object_mut().unwrap().remove("links.retrieve");
    });
    let score = copy.score("acme/");
    let line = "# an operation that reads a link, with a row for each of its states";
    assert_eq!(lines(&score.survivors), BTreeSet::from([("/operations", line)]));
}
