//! `proviso lint`: all mistakes at once, in three formats, with the counts of each page.

use super::Project;
use serde_json::Value;

#[test]
fn contracts_without_mistakes_are_counted() {
    let told = Project::acme().run(&["lint"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    insta::assert_snapshot!(told.out, @r"
    page               clauses  cited  untestable  mistaken  rows
    acme/links.delete       13     12           1         0     5

    no mistakes in the contracts of 1 vendor
    ");
}

#[test]
fn one_bad_vendor_does_not_hide_anothers_mistakes() {
    let project = Project::acme();
    project.add("other");
    project.change("specs/acme/links.delete.yaml", "\nrequest:", "\nreqest:");
    project.write("specs/other/vendor.yaml", "version: 1\n\tvendor: other\n");
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 2);
    for expected in [
        "error[unknown-key]",
        "did you mean `request`?",
        "specs/acme/links.delete.yaml:8:1",
        "specs/other/vendor.yaml:2:1",
    ] {
        assert!(told.out.contains(expected), "{expected}\n{}", told.out);
    }
}

#[test]
fn a_path_is_told_as_it_was_typed() {
    let project = Project::acme();
    project.change("specs/acme/links.delete.yaml", "\nrequest:", "\nreqest:");
    for typed in ["specs", "./specs", "specs/acme", "specs/acme/links.delete.yaml", "specs/../specs/acme"] {
        let told = project.run(&["lint", typed]);
        assert_eq!(told.code, 2);
        assert!(told.out.contains(&format!("{}/", typed.split("/links").next().unwrap())), "{typed}\n{}", told.out);
    }
    let folder = project.path().join("specs");
    let told = project.run(&["lint", folder.to_str().unwrap()]);
    assert!(told.out.contains(&format!("{}/acme/links.delete.yaml:8:1", folder.display())), "{}", told.out);
}

#[test]
fn json_has_the_mistakes_and_the_pages() {
    let project = Project::acme();
    let told = project.run(&["lint", "--format", "json"]);
    let document: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(document["mistakes"], Value::Array(Vec::new()));
    assert_eq!(document["pages"][0]["operation"], "links.delete");
    assert_eq!(document["pages"][0]["cited"], 12);
    project.change("specs/acme/links.delete.yaml", "\nrequest:", "\nreqest:");
    let told = project.run(&["lint", "--format=json"]);
    let document: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(told.code, 2);
    let first = &document["mistakes"][0];
    assert_eq!((&first["file"], &first["severity"]), (&"specs/acme/links.delete.yaml".into(), &"error".into()));
}

#[test]
fn a_workflow_gets_annotations_beside_the_text() {
    let project = Project::acme();
    project.change("specs/acme/links.delete.yaml", "\nrequest:", "\nreqest:");
    let annotation = "::error file=specs/acme/links.delete.yaml,line=8,";
    let plain = project.run(&["lint"]);
    let workflow = project.run_with(&[("GITHUB_ACTIONS", "true")], &["lint"]);
    let asked = project.run(&["lint", "--format", "github"]);
    assert!(!plain.out.contains(annotation) && workflow.out.contains(annotation), "{}", workflow.out);
    assert!(workflow.out.contains("error[unknown-key]"));
    assert!(asked.out.lines().all(|line| line.starts_with("::")), "{}", asked.out);
    assert_eq!((plain.code, workflow.code, asked.code), (2, 2, 2));
}

#[test]
fn no_contracts_is_a_mistake_that_says_how_to_begin() {
    let project = Project::empty();
    for typed in [["lint"].as_slice(), &["list"], &["run"], &["explain", "x"], &["serve"]] {
        let told = project.run(typed);
        assert_eq!(told.code, 2, "{typed:?}");
        assert!(format!("{}{}", told.out, told.err).contains("specs"), "{typed:?} {told:?}");
    }
    std::fs::create_dir(project.path().join("specs")).unwrap();
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 2);
    assert!(told.out.contains("no-contracts") && told.out.contains("proviso init"), "{}", told.out);
}

#[test]
fn the_settings_are_checked_like_the_contracts() {
    let project = Project::acme();
    project.write(
        "proviso.yaml",
        "jobs: 4\ntargets:\n  staging: { \"*\": http://127.0.0.1:1, acme: https://a.example }\n",
    );
    let told = project.run(&["lint"]);
    assert_eq!((told.code, told.out.contains("no mistakes")), (0, true), "{}", told.out);

    let wrong = "jbos: 4\njobs: 0\ntimeout: soon\n";
    project.write("proviso.yaml", wrong);
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 2);
    for expected in ["proviso.yaml:1:1", "did you mean `jobs`?", "proviso.yaml:2:7"] {
        assert!(told.out.contains(expected), "{expected}\n{}", told.out);
    }

    project.write("proviso.yaml", "timeout: soon\nrate_limit: 5\ntargets: { staging: { acme: localhost } }\n");
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 2, "{}", told.out);
    project.write("proviso.yaml", "timeout: soon\nrate_limit: fast\ntargets: { staging: { acme: localhost } }\n");
    let told = project.run(&["lint"]);
    for expected in ["proviso.yaml:1:10", "proviso.yaml:2:13", "proviso.yaml:3:29"] {
        assert!(told.out.contains(expected), "{expected}\n{}", told.out);
    }
}

#[test]
fn a_target_for_a_vendor_that_is_not_there_is_a_warning() {
    let project = Project::acme();
    project.write("proviso.yaml", "targets: { staging: { amce: https://a.example } }\n");
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 0);
    assert!(told.out.contains("warning[unknown-vendor]") && told.out.contains("did you mean `acme`?"), "{}", told.out);
}

#[test]
fn a_vendor_file_of_another_name_is_one_mistake_that_says_how_to_rename_it() {
    let project = Project::acme();
    let folder = project.path().join("specs/acme");
    std::fs::rename(folder.join("vendor.yaml"), folder.join("vendor.yml")).unwrap();
    let told = project.run(&["lint"]);
    assert_eq!((told.code, told.out.matches("error[").count()), (2, 1), "{}", told.out);
    assert!(told.out.contains("is named `vendor.yaml`, not `vendor.yml`"), "{}", told.out);
}

#[test]
fn of_one_kind_twenty_mistakes_are_shown_and_the_others_counted() {
    let project = Project::acme();
    let clauses: String = (0..27).map(|number| format!("  200.more{number}: \"Says more\"\n")).collect();
    project.change("specs/acme/links.delete.yaml", "\n  200.status: ", &format!("\n{clauses}  200.status: "));
    let told = project.run(&["lint"]);
    assert_eq!((told.code, told.out.matches("error[uncited-clause]").count()), (2, 20), "{}", told.out);
    assert!(told.out.contains("= help: and 7 more like this\n") && told.out.contains("27 errors"), "{}", told.out);
    let json: Value = serde_json::from_str(&project.run(&["lint", "--format", "json"]).out).unwrap();
    assert_eq!(json["mistakes"].as_array().unwrap().len(), 27, "a program gets them all");
    let run = project.run(&["run"]);
    assert_eq!((run.code, run.err.matches("error[uncited-clause]").count()), (2, 20), "{}", run.err);
}
