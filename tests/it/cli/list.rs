//! `proviso list`: the cases in their order, selected, counted and noted.

use super::Project;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn cases_are_listed_in_the_order_of_their_table() {
    let told = Project::acme().run(&["list"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    insta::assert_snapshot!(told.out, @r"
    acme/links.delete/no_key
    acme/links.delete/unknown_key
    acme/links.delete/live
    acme/links.delete/deleted
    acme/links.delete/unknown

    acme/links.delete  5 cases  of 5 rows
    5 cases of 1 operation
    ");
}

#[test]
fn quiet_is_names_alone_and_verbose_has_what_is_needed() {
    let project = Project::acme();
    project.change(
        "specs/acme/links.delete.yaml",
        "cites: [404.unknown] }",
        "cites: [404.unknown], not_inducible: \"no way\" }",
    );
    let quiet = project.run(&["list", "-q", "delete/unknown"]);
    assert_eq!(quiet.out, "acme/links.delete/unknown_key\nacme/links.delete/unknown\n");
    let verbose = project.run(&["list", "-v", "delete/unknown"]);
    assert!(verbose.out.starts_with("acme/links.delete/unknown_key  (needs ACME_API_KEY)\n"), "{}", verbose.out);
    assert!(verbose.out.contains("acme/links.delete/unknown  (never runs: no way)\n"), "{}", verbose.out);
}

#[test]
fn json_says_where_each_case_is_written() {
    let told = Project::acme().run(&["list", "--format", "json", "links.delete/deleted"]);
    let document: Value = serde_json::from_str(&told.out).unwrap();
    insta::assert_json_snapshot!(document, @r#"
    {
      "cases": [
        {
          "barred": null,
          "changes": true,
          "id": "acme/links.delete/deleted",
          "location": {
            "column": 3,
            "file": "specs/acme/links.delete.yaml",
            "line": 28
          },
          "needs": [
            "ACME_API_KEY"
          ],
          "operation": "links.delete",
          "row": "deleted",
          "tags": [],
          "vendor": "acme"
        }
      ],
      "operations": [
        {
          "barred": 0,
          "cases": 1,
          "operation": "links.delete",
          "rows": 1,
          "vendor": "acme"
        }
      ],
      "total": 1,
      "version": 1
    }
    "#);
}

#[test]
fn cases_are_selected_by_name_vendor_operation_and_tag() {
    let project = Project::acme();
    project.add("other");
    project.change("specs/acme/links.delete.yaml", "cites: [404.unknown] }", "cites: [404.unknown], tags: [smoke] }");
    let count = |typed: &[&str]| {
        let typed: Vec<&str> = ["list", "-q"].into_iter().chain(typed.iter().copied()).collect();
        let told = project.run(&typed);
        (told.code, told.out.lines().count())
    };
    assert_eq!(count(&[]), (0, 10));
    assert_eq!(count(&["--vendor", "acme"]), (0, 5));
    assert_eq!(count(&["--vendor", "acme", "--vendor", "other"]), (0, 10));
    assert_eq!(count(&["--operation", "links.delete", "live"]), (0, 2));
    assert_eq!(count(&["acme/*/live", "other/*/deleted"]), (0, 2));
    assert_eq!(count(&["--tag", "smoke"]), (0, 1));
    assert_eq!(count(&["--tag", "!smoke"]), (0, 9));
    assert_eq!(count(&["--vendor", "acme", "other/"]), (4, 0));
}

#[test]
fn shards_are_disjoint_and_have_every_case() {
    let project = Project::acme();
    project.add("other");
    let lines = |typed: &[&str]| project.run(typed).out.lines().map(str::to_owned).collect::<Vec<_>>();
    let all = lines(&["list", "-q"]);
    let parts: Vec<String> =
        ["1/3", "2/3", "3/3"].iter().flat_map(|part| lines(&["list", "-q", "--shard", part])).collect();
    assert_eq!(parts.len(), all.len());
    assert_eq!(parts.into_iter().collect::<BTreeSet<_>>(), all.into_iter().collect::<BTreeSet<_>>());
}

#[test]
fn a_name_that_nothing_has_is_told_with_the_nearest() {
    let project = Project::acme();
    for (typed, meant) in [
        (["links.delte"].as_slice(), "`links.delete`"),
        (&["acme/links.delete/unknwon"], "`acme/links.delete/unknown`"),
        (&["links.delete/lvie"], "`links.delete/live`"),
        (&["--vendor", "amce"], "`acme`"),
        (&["--operation", "link.delete"], "`links.delete`"),
    ] {
        let told = project.run(&[&["list"], typed].concat());
        assert_eq!((told.code, told.out.as_str()), (4, ""), "{typed:?}");
        assert!(told.err.contains(meant), "{typed:?} {}", told.err);
    }
}

#[test]
fn one_filter_that_nothing_has_is_told_even_where_another_finds_cases() {
    let told = Project::acme().run(&["list", "-q", "live", "dleeted"]);
    assert_eq!((told.code, told.out.as_str()), (0, "acme/links.delete/live\n"));
    assert!(told.err.contains("`dleeted`"), "{}", told.err);
}

#[test]
fn contracts_that_contradict_themselves_are_told_and_nothing_is_done() {
    let project = Project::acme();
    project.change("specs/acme/links.delete.yaml", "when: { link: unknown }", "when: { link: deleted }");
    for typed in [["list"].as_slice(), &["run", "--list"], &[], &["serve"]] {
        let told = project.run(typed);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed:?}");
        assert!(told.err.contains("specs/acme/links.delete.yaml"), "{typed:?} {}", told.err);
    }
    assert_eq!(project.run(&["explain", "acme/links.delete/live"]).code, 0);
}

#[test]
fn wrong_contracts_are_told_and_nothing_is_listed() {
    let project = Project::acme();
    project.change("specs/acme/links.delete.yaml", "\nrequest:", "\nreqest:");
    let told = project.run(&["list"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("error[unknown-key]"), "{}", told.err);
}
