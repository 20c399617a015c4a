//! The folders of vendors that a command reads: those that it is about, and no others.

use super::Project;

/// A project with a vendor of which nothing can be read, and one that is right.
fn with_broken_other() -> Project {
    let project = Project::acme();
    project.add("other");
    project.write("specs/other/vendor.yaml", "version: 1\n\tvendor: other\n");
    project
}

#[test]
fn a_command_about_one_vendor_is_not_stopped_by_another() {
    let project = with_broken_other();
    for typed in [
        ["list", "--vendor", "acme"].as_slice(),
        &["list", "acme/links*"],
        &["list", "acme/*/live"],
        &["list", "acme*"],
        &["list", "acme/links.delete"],
        &["lint", "--vendor", "acme"],
        &["run", "--vendor", "acme", "--report-json", "acme.json"],
        &["acme/", "--list"],
        &["acme/links.delete/*"],
        &["judge", "acme.json", "--vendor", "acme"],
        &["diff", "acme.json", "mock", "acme/*"],
        &["walk", "acme", "--steps", "10", "--seed", "1"],
        &["mutate", "--vendor", "acme", "live", "-q"],
        &["explain", "--graph", "acme"],
        &["pages", "check", "acme"],
    ] {
        let told = project.run(typed);
        assert_eq!(told.code, 0, "{typed:?} {told:?}");
        assert!(!format!("{}{}", told.out, told.err).contains("other"), "{typed:?} {told:?}");
    }
}

#[test]
fn a_command_about_several_vendors_is_stopped_by_each() {
    let project = with_broken_other();
    for typed in [
        ["list"].as_slice(),
        &["list", "live"],
        &["list", "--vendor", "other"],
        &["list", "other/*"],
        &["list", "acme/*", "other/*"],
        &["list", "*/live"],
        &["list", "--operation", "links.delete"],
        &["lint", "--vendor", "other"],
        &["walk", "acme", "other"],
        &["run", "--vendor", "other", "--vendor", "acme"],
    ] {
        let told = project.run(typed);
        assert_eq!(told.code, 2, "{typed:?} {told:?}");
        assert!(format!("{}{}", told.out, told.err).contains("specs/other/vendor.yaml:2:1"), "{typed:?} {told:?}");
    }
}

#[test]
fn an_operation_is_looked_for_where_it_has_a_file() {
    let project = with_broken_other();
    std::fs::remove_file(project.path().join("specs/other/links.delete.yaml")).unwrap();
    let told = project.run(&["list", "--operation", "links.delete", "-q", "live"]);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (0, "acme/links.delete/live\n", ""));
}

#[test]
fn a_name_that_no_vendor_has_is_told_with_the_nearest_and_no_vendor_is_read() {
    let project = with_broken_other();
    for (typed, code) in [
        (["list", "--vendor", "amce"], 4),
        (["run", "--vendor", "amce"], 4),
        (["lint", "--vendor", "amce"], 2),
        (["serve", "--vendor", "amce"], 2),
        (["walk", "--vendor", "amce"], 2),
        (["explain", "--graph", "amce"], 2),
        (["pages", "check", "amce"], 2),
    ] {
        let told = project.run(&typed);
        assert_eq!((told.code, told.out.as_str()), (code, ""), "{typed:?} {told:?}");
        assert!(told.err.contains("did you mean `acme`?") && !told.err.contains("specs/other"), "{typed:?} {told:?}");
    }
    let told = project.run(&["walk", "zzz"]);
    assert!(told.err.contains("no vendor is named `zzz`") && told.err.contains("there is acme, other"), "{told:?}");
    let told = project.run(&["list", "--operation", "link.delete"]);
    assert!(told.code == 4 && told.err.contains("did you mean `links.delete`?"), "{told:?}");
    let told = project.run(&["list", "--vendor", "acme", "--vendor", "ohter", "-q", "live"]);
    assert_eq!((told.code, told.out.as_str()), (0, "acme/links.delete/live\n"), "{told:?}");
    assert!(told.err.contains("did you mean `other`?"), "{told:?}");
}

#[test]
fn a_filter_that_no_vendor_fits_is_told_with_the_nearest_case() {
    let project = Project::acme();
    project.add("other");
    let told = project.run(&["list", "amce/links.delete/live"]);
    assert_eq!((told.code, told.out.as_str()), (4, ""));
    assert!(told.err.contains("did you mean `acme/links.delete/live`?"), "{told:?}");
}

#[test]
fn the_settings_may_name_vendors_that_were_not_read() {
    let project = with_broken_other();
    let entry = "{ case: other/links.delete/live, finding: status, reason: known, owner: us, expires: 2999-01-31 }";
    let targets = "{ staging: { other: https://a.example } }";
    project.write("proviso.yaml", &format!("targets: {targets}\nknown:\n  - {entry}\n"));
    let told = project.run(&["run", "--vendor", "acme", "-q"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
    project.change("proviso.yaml", "other/links.delete/live", "acme/links.delete/lvie");
    let told = project.run(&["run", "--vendor", "acme", "-q"]);
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("unknown-case") && told.err.contains("did you mean `acme/links.delete/live`?"),
        "{told:?}"
    );
    std::fs::remove_file(project.path().join("proviso.yaml")).unwrap();
    let told = project.run(&["--vendor", "acme", "--target", "other=http://127.0.0.1:1", "--dry-run"]);
    assert!(told.code == 0 && !told.err.contains("no vendor is named"), "{told:?}");
    let told = project.run(&["--vendor", "acme", "--target", "ohter=http://127.0.0.1:1", "--dry-run"]);
    assert!(told.code == 2 && told.err.contains("did you mean `other`?"), "{told:?}");
}

#[test]
fn runs_of_one_vendor_each_are_merged_and_counted() {
    let project = Project::acme();
    project.add("other");
    for vendor in ["acme", "other"] {
        let told = project.run(&["--vendor", vendor, "--report-json", &format!("{vendor}.json")]);
        assert_eq!(told.code, 0, "{told:?}");
    }
    let told = project.run(&["merge", "acme.json", "other.json", "--report-json", "both.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let told = project.run(&["coverage", "--from", "both.json"]);
    assert!(told.code == 0 && !told.err.contains("other contracts"), "{told:?}");
    let told = project.run(&["judge", "both.json", "--vendor", "acme"]);
    assert!(told.code == 0 && !told.out.contains("gone") && !told.err.contains("gone"), "{told:?}");

    project.change("specs/acme/links.delete.yaml", "cites: [404.unknown] }", "cites: [404.unknown], tags: [smoke] }");
    let told = project.run(&["coverage", "--from", "both.json"]);
    assert!(told.err.contains("both.json was made with other contracts"), "{told:?}");
    let told = project.run(&["--vendor", "acme", "--report-json", "acme.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let told = project.run(&["merge", "both.json", "acme.json"]);
    assert!(told.code == 2 && told.err.contains("other contracts than"), "{told:?}");
}
