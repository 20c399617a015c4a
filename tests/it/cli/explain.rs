//! `proviso explain`: cases, clauses, operations, codes and pictures.

use super::Project;

#[test]
fn a_case_is_explained_from_its_promise_to_its_judgement() {
    let told = Project::acme().run(&["explain", "acme/links.delete/deleted"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    insta::assert_snapshot!("explain_case", told.out);
}

#[test]
fn a_refused_credential_is_shown_as_it_is_sent() {
    let told = Project::acme().run(&["explain", "unknown_key"]);
    insta::assert_snapshot!("explain_refused", told.out);
}

#[test]
fn several_outcomes_fixtures_other_accounts_and_form_bodies_are_explained() {
    let project = Project::acme();
    let vendor = "specs/acme/vendor.yaml";
    project.change(
        vendor,
        "mock: test_$alnum24 }",
        "mock: test_$alnum24 }\n  other: { env: ACME_OTHER_KEY, mock: test_$alnum24, replaces: key }",
    );
    project.change(vendor, "      new: link_$alnum12 ", "      new: link_$alnum12\n      malformed: { capitals: LINK, empty_tail: link_ }\n    fixtures: { used: ACME_USED_LINK }\n   ");
    project.change(vendor, "json: { amount: 100, note: $mark }", "form: { amount: \"100\", note: $mark }");
    project.change("specs/acme/links.delete.yaml", "\n  unknown: {", "\n  foreign: { when: { link: foreign }, then: not_found, inferred: x }\n  used: { when: { link: used }, then: [deleted, not_found], because: \"the page has both\", may: true, inferred: x }\n  malformed: { when: { link: malformed }, then: not_found, inferred: x }\n  unknown: {");
    for case in ["foreign", "used", "malformed"] {
        let told = project.run(&["explain", &format!("links.delete/{case}")]);
        assert_eq!(told.code, 0, "{told:?}");
        insta::assert_snapshot!(format!("explain_{case}"), told.out);
    }
}

#[test]
fn a_case_that_never_runs_says_why() {
    let project = Project::acme();
    project.change(
        "specs/acme/links.delete.yaml",
        "cites: [404.unknown] }",
        "cites: [404.unknown], not_inducible: \"no way\" }",
    );
    let told = project.run(&["explain", "links.delete/unknown"]);
    assert!(told.out.contains("Never runs\n  no way\n") && !told.out.contains("Arranged"), "{}", told.out);
}

#[test]
fn a_clause_is_explained_by_its_operation_its_page_or_alone() {
    let project = Project::acme();
    let told = project.run(&["explain", "acme/links.delete/404.deleted"]);
    insta::assert_snapshot!(told.out, @r#"
    acme/links.delete/404.deleted

    Says
      The link was deleted before

    Written
      specs/acme/links.delete.yaml:17:3
      17 |   404.deleted: "The link was deleted before"
      delete-link, https://docs.acme.example/delete-link, read on 2026-11-20

    About
      the cause of the answer

    Broken by
      deleted: the answer is that of `live`

    Cited by
      row `deleted`, specs/acme/links.delete.yaml:28:3

    Held by
      acme/links.delete/deleted
    "#);
    for name in ["acme/delete-link/404.deleted", "delete-link/404.deleted", "404.deleted"] {
        assert_eq!(project.run(&["explain", name]).out, told.out, "{name}");
    }
}

#[test]
fn a_clause_that_no_test_holds_says_why() {
    let told = Project::acme().run(&["explain", "effects.charges"]);
    assert!(told.out.contains("no test can hold it: a charge takes a card and a person"), "{}", told.out);
    assert!(!told.out.contains("Cited by"), "{}", told.out);
}

#[test]
fn an_operation_is_its_page_and_its_table() {
    let told = Project::acme().run(&["explain", "links.delete"]);
    insta::assert_snapshot!("explain_operation", told.out);
}

#[test]
fn a_name_that_several_have_is_told_with_all_of_them() {
    let project = Project::acme();
    project.add("other");
    let told = project.run(&["explain", "404.deleted"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    for name in ["acme/links.delete/404.deleted", "other/links.delete/404.deleted"] {
        assert!(told.err.contains(name), "{}", told.err);
    }
}

#[test]
fn codes_are_explained_even_without_contracts() {
    let project = Project::empty();
    let told = project.run(&["explain", "field-missing"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("A departure of an answer"), "{}", told.out);
    let told = project.run(&["explain", "duplicate-key"]);
    assert!(told.out.contains("A mistake in a contract") && told.out.contains("A departure"), "{}", told.out);
}

#[test]
fn a_name_that_nothing_has_is_told_with_the_nearest() {
    let project = Project::acme();
    for (typed, meant) in [
        ("acme/links.delete/delteed", "acme/links.delete/deleted"),
        ("links.delete/lvie", "links.delete/live"),
        ("404.deletd", "404.deleted"),
        ("duplicat-key", "duplicate-key"),
        ("links.delte", "links.delete"),
    ] {
        let told = project.run(&["explain", typed]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed}");
        assert!(told.err.contains(&format!("did you mean `{meant}`?")), "{typed} {}", told.err);
    }
    let told = project.run(&["explain", "nothing-of-the-kind-at-all"]);
    assert!(told.err.contains("proviso list"), "{}", told.err);
    assert_eq!(project.run(&["explain", ""]).code, 2);
    assert_eq!(project.run(&["explain", "/"]).code, 2);
    assert_eq!(project.run(&["explain"]).code, 2);
}

#[test]
fn a_vendors_states_are_drawn() {
    let project = Project::acme();
    let diagram = project.run(&["explain", "--graph", "acme"]);
    assert_eq!(diagram.code, 0);
    insta::assert_snapshot!("graph_mermaid", diagram.out);
    let image = project.run(&["explain", "--graph=acme", "--format=svg"]);
    assert_eq!(image.code, 0);
    insta::assert_snapshot!("graph_svg", image.out);
}

#[test]
fn an_image_refers_to_nothing_outside() {
    let image = Project::acme().run(&["explain", "--graph=acme", "--format=svg"]).out;
    let addresses: Vec<&str> = image.match_indices("http").map(|(at, _)| &image[at..at + 26]).collect();
    assert_eq!(addresses, ["http://www.w3.org/2000/svg"]);
    assert!(!image.contains("url(") && !image.contains("@import") && !image.contains("href"));
}

#[test]
fn a_vendor_that_is_not_there_cannot_be_drawn() {
    let told = Project::acme().run(&["explain", "--graph", "amce"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("did you mean `acme`?"), "{}", told.err);
}
