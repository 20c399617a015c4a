//! Every mistake, brought into a clean contract one at a time, is told at its own line in words that a person can act on.
//!
//! A file of `tests/fixtures/bad` says what is wrong, and by which change of `tests/fixtures/lint/demo`: behind `@ FILE`, the
//! lines behind `- ` are replaced by those behind `+ `, which are a new file where nothing is replaced. Its name is the code that must be told, with a variant behind `--`.

use super::copy::Copy;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad")
}

/// One replacement in one file.
#[derive(Default)]
struct Change {
    file: String,
    old: Vec<String>,
    new: Vec<String>,
}

/// What is wrong in a case, and the changes that make it so.
fn case(name: &str) -> (String, Vec<Change>) {
    let text = fs::read_to_string(folder().join(format!("{name}.patch"))).unwrap();
    let mut changes: Vec<Change> = Vec::new();
    let mut what = String::new();
    for line in text.lines() {
        let rest = line.get(2..).unwrap_or_default().to_owned();
        match line.chars().next() {
            Some('#') => what = rest,
            Some('@') => changes.push(Change { file: rest, ..Change::default() }),
            Some('-') => changes.last_mut().unwrap().old.push(rest),
            Some('+') => changes.last_mut().unwrap().new.push(rest),
            _ => panic!("{name}: what does {line:?} mean?"),
        }
    }
    (what, changes)
}

fn told(name: &str) {
    let (what, changes) = case(name);
    let copy = Copy::of("tests/fixtures/lint");
    for change in changes {
        let file = format!("demo/{}", change.file);
        let new = change.new.join("\n");
        if change.old.is_empty() {
            copy.write(&file, new);
            continue;
        }
        let (text, old) = (copy.read(&file), change.old.join("\n"));
        assert_eq!(text.matches(&old).count(), 1, "{name}: {old:?} stands once in {file}");
        copy.write(&file, text.replace(&old, &new));
    }
    let found = copy.lint();
    let code = name.split("--").next().unwrap();
    assert!(found.codes().contains(&code), "{name}: {:?}\n{}", found.codes(), found.text(copy.path()));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/lint");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(what);
    settings.bind(|| insta::assert_snapshot!(name, found.text(copy.path())));
}

/// A test for every case, and one that none is forgotten.
macro_rules! cases {
    ($($test:ident $name:literal)*) => {
        $(#[test] fn $test() { told($name); })*

        #[test]
        fn every_case_is_tried() {
            let tried = BTreeSet::from([$($name.to_owned()),*]);
            let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
            let there: BTreeSet<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
            assert_eq!(tried, there);
        }
    };
}

cases! {
    anchor_or_alias "anchor-or-alias"
    bad_clause_id "bad-clause-id"
    bad_header "bad-header"
    bad_header_of_media "bad-header--media"
    bad_header_of_twice "bad-header--twice"
    bad_header_of_value "bad-header--value"
    bad_name "bad-name"
    bad_name_of_vendor "bad-name--vendor"
    bad_origin "bad-origin"
    bad_page_address "bad-page-address"
    bad_page_address_of_file "bad-page-address--file"
    bad_pattern "bad-pattern"
    bad_pattern_of_id "bad-pattern--id"
    bad_pattern_of_large "bad-pattern--large"
    bad_pointer "bad-pointer"
    bad_pointer_of_field "bad-pointer--field"
    bad_request_line "bad-request-line"
    bad_request_line_of_brace "bad-request-line--brace"
    bad_sample "bad-sample"
    bad_sample_of_mock "bad-sample--mock"
    bad_sample_of_new "bad-sample--new"
    bad_schema "bad-schema"
    bad_schema_of_inferred_item "bad-schema--inferred"
    bad_schema_of_type "bad-schema--type"
    bad_variable "bad-variable"
    braced_reference "braced-reference"
    cited_and_explained "cited-and-explained"
    cited_twice "cited-twice"
    cited_twice_of_whole_section "cited-twice--whole-section"
    confusable_reads "confusable-reads"
    confusable_reads_of_same "confusable-reads--same"
    connection_header "connection-header"
    connection_header_of_auth "connection-header--auth"
    connection_header_of_condition "connection-header--condition"
    connection_header_of_operation "connection-header--operation"
    connection_header_of_refused "connection-header--refused"
    contradiction "contradiction"
    contradiction_of_code "contradiction--code"
    contradiction_of_constant "contradiction--constant"
    dangling_reference "dangling-reference"
    duplicate_key "duplicate-key"
    empty_reason "empty-reason"
    empty_reason_of_inferred_field "empty-reason--inferred"
    empty_reason_of_clause "empty-reason--clause"
    field_conflict "field-conflict"
    field_conflict_of_code "field-conflict--code"
    foreign_variable "foreign-variable"
    foreign_variable_of_fixture "foreign-variable--fixture"
    hidden_entry "hidden-entry"
    id_in_query "id-in-query"
    id_in_query_of_reference "id-in-query--reference"
    idle_because "idle-because"
    idle_capture "idle-capture"
    idle_capture_of_text "idle-capture--text"
    idle_keyword "idle-keyword"
    idle_patch "idle-patch"
    idle_patch_of_header "idle-patch--header"
    idle_seen_by "idle-seen-by"
    idle_seen_by_of_no_effect "idle-seen-by--no-effect"
    idle_shown "idle-shown"
    idle_shown_not_hidden "idle-shown--not-hidden"
    idle_shown_of_shape "idle-shown--shape"
    idle_shown_in_list "idle-shown--list"
    idle_shown_header "idle-shown--header"
    impossible_condition "impossible-condition"
    impossible_condition_of_foreign "impossible-condition--foreign"
    impossible_condition_of_open "impossible-condition--open"
    key_not_text "key-not-text"
    loose_test "loose-test"
    loose_test_of_alternative "loose-test--alternative"
    loose_test_of_short "loose-test--short"
    may_lead "may-lead"
    merge_key "merge-key"
    misplaced_reference "misplaced-reference"
    missing_because "missing-because"
    missing_capture "missing-capture"
    missing_key "missing-key"
    missing_key_of_credential "missing-key--credential"
    missing_key_of_page "missing-key--page"
    missing_key_of_then "missing-key--then"
    missing_type "missing-type"
    mock_refused "mock-refused"
    mock_refused_of_length "mock-refused--length"
    name_mismatch "name-mismatch"
    name_taken "name-taken"
    name_taken_of_operation "name-taken--operation"
    no_code_place "no-code-place"
    no_test_value "no-test-value"
    not_a_list "not-a-list"
    not_a_state "not-a-state"
    not_constrained "not-constrained"
    not_constrained_of_code "not-constrained--code"
    not_constrained_of_nothing "not-constrained--nothing"
    not_constrained_of_row "not-constrained--row"
    not_constrained_of_status "not-constrained--status"
    not_yet_run "not-yet-run"
    not_yet_run_of_because "not-yet-run--because"
    not_yet_run_of_hmac "not-yet-run--hmac"
    not_yet_run_of_lists "not-yet-run--lists"
    not_yet_run_of_repeats "not-yet-run--repeats"
    nothing_overridden "nothing-overridden"
    nothing_overridden_of_header "nothing-overridden--header"
    number_out_of_range "number-out-of-range"
    overlapping_rows "overlapping-rows"
    overlapping_rows_of_credentials "overlapping-rows--credentials"
    overlapping_rows_of_no_object "overlapping-rows--no-object"
    overlapping_rows_of_no_object_first "overlapping-rows--no-object-first"
    overridden_promise "overridden-promise"
    reference_cycle "reference-cycle"
    remote_reference "remote-reference"
    repeated_clause "repeated-clause"
    replaced_credential "replaced-credential"
    resource_cycle "resource-cycle"
    same_alternatives "same-alternatives"
    same_refusals "same-refusals"
    same_refusals_of_sample "same-refusals--sample"
    several_bodies "several-bodies"
    several_documents "several-documents"
    shape_cycle "shape-cycle"
    shared_request "shared-request"
    shared_variable "shared-variable"
    shared_variable_of_vendors "shared-variable--vendors"
    slash_in_name "slash-in-name"
    swallowed_alternative "swallowed-alternative"
    swallowed_alternative_of_nothing "swallowed-alternative--nothing"
    syntax "syntax"
    tab_indentation "tab-indentation"
    tag "tag"
    truth_word "truth-word"
    truth_word_of_when "truth-word--when"
    two_reasons "two-reasons"
    type_as_constant "type-as-constant"
    typographic_quotes "typographic-quotes"
    typographic_quotes_of_sent "typographic-quotes--sent"
    uncallable_canary "uncallable-canary"
    uncited_clause "uncited-clause"
    uncited_clause_of_overridden "uncited-clause--overridden"
    uncited_clause_of_whole_section "uncited-clause--whole-section"
    unfounded_row "unfounded-row"
    unknown_clause "unknown-clause"
    unknown_clause_of_row_section "unknown-clause--row-section"
    unknown_condition "unknown-condition"
    unknown_condition_of_unbound "unknown-condition--unbound"
    unknown_credential "unknown-credential"
    unknown_format "unknown-format"
    unknown_key "unknown-key"
    unknown_key_of_auth "unknown-key--auth"
    unknown_key_of_because "unknown-key--because"
    unknown_key_of_branch "unknown-key--branch"
    unknown_key_of_clause "unknown-key--clause"
    unknown_key_of_ids "unknown-key--ids"
    unknown_key_of_outcome "unknown-key--outcome"
    unknown_key_of_outcome_as_row "unknown-key--outcome-as-row"
    unknown_key_of_refused "unknown-key--refused"
    unknown_key_of_refused_sample "unknown-key--refused-sample"
    unknown_key_of_row_in_section "unknown-key--row-in-section"
    unknown_key_of_support "unknown-key--support"
    unknown_key_of_vendor "unknown-key--vendor"
    unknown_keyword "unknown-keyword"
    unknown_keyword_of_fields "unknown-keyword--fields"
    unknown_keyword_of_shape "unknown-keyword--shape"
    unknown_method "unknown-method"
    unknown_method_of_support "unknown-method--support"
    unknown_operation "unknown-operation"
    unknown_operation_of_sweep "unknown-operation--sweep"
    unknown_outcome "unknown-outcome"
    unknown_outcome_of_list "unknown-outcome--list"
    unknown_outcome_of_section "unknown-outcome--section"
    unknown_placeholder "unknown-placeholder"
    unknown_refusal "unknown-refusal"
    unknown_resource "unknown-resource"
    unknown_resource_of_leads "unknown-resource--leads"
    unknown_resource_of_parent "unknown-resource--parent"
    unknown_section "unknown-section"
    unknown_shape "unknown-shape"
    unlisted_code "unlisted-code"
    unnamed_state "unnamed-state"
    unpromised_capture "unpromised-capture"
    unpromised_capture_of_nothing "unpromised-capture--nothing"
    unquoted_comma "unquoted-comma"
    unreachable_state "unreachable-state"
    unreachable_state_of_circle "unreachable-state--circle"
    unreachable_state_of_no_fixture "unreachable-state--no-fixture"
    unreachable_state_of_nothing_made "unreachable-state--nothing-made"
    unreached_outcome "unreached-outcome"
    unreached_outcome_of_section "unreached-outcome--section"
    unread_resource "unread-resource"
    unresolved_reference "unresolved-reference"
    unresolved_reference_of_captured "unresolved-reference--captured"
    unresolved_reference_of_drawn "unresolved-reference--drawn"
    unresolved_reference_of_fixture "unresolved-reference--fixture"
    unresolved_reference_of_length "unresolved-reference--length"
    unresolved_reference_of_not_made "unresolved-reference--not-made"
    unresolved_reference_of_sent "unresolved-reference--sent"
    unresolved_reference_of_unbound "unresolved-reference--unbound"
    unresolved_reference_of_unknown_id "unresolved-reference--unknown-id"
    unused_section "unused-section"
    unused_shape "unused-shape"
    vacuous_clause "vacuous-clause"
    vacuous_schema "vacuous-schema"
    vacuous_schema_of_branch "vacuous-schema--branch"
    vacuous_schema_of_items "vacuous-schema--items"
    vacuous_schema_of_types "vacuous-schema--types"
    wrong_body_kind "wrong-body-kind"
    wrong_type "wrong-type"
    wrong_type_of_cites "wrong-type--cites"
    wrong_type_of_clause "wrong-type--clause"
    wrong_type_of_fields "wrong-type--fields"
    wrong_type_of_header "wrong-type--header"
    wrong_type_of_row "wrong-type--row"
    wrong_type_of_rows "wrong-type--rows"
    wrong_type_of_state "wrong-type--state"
    wrong_type_of_then "wrong-type--then"
    wrong_value "wrong-value"
    wrong_value_of_auth "wrong-value--auth"
    wrong_value_of_body "wrong-value--body"
    wrong_value_of_code_place "wrong-value--code-place"
    wrong_value_of_empty_clause "wrong-value--empty-clause"
    wrong_value_of_empty_patch "wrong-value--empty-patch"
    wrong_value_of_no_outcome "wrong-value--no-outcome"
    wrong_value_of_range "wrong-value--range"
    wrong_value_of_status "wrong-value--status"
    wrong_value_of_twice "wrong-value--twice"
    wrong_value_of_version "wrong-value--version"
}
