//! Runs that are to fail on drift and have nothing to compare with.

use super::gate::Vendor;
use super::{Project, Told};
use std::net::TcpListener;

/// The notice of a run that compares with nothing.
const NOTICE: &str = "acme: no drift can be seen, so --deny cannot fail on it: ";

#[test]
fn baselines_that_are_named_and_do_not_exist_end_a_run_that_denies_before_anything_is_sent() {
    let project = Project::acme();
    project.run(&["run", "--pending"]);
    assert_eq!(project.run(&["accept"]).code, 0);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    for (baseline, folder) in [("mok", "snapshots/mok"), ("./snapshots/mok", "./snapshots/mok")] {
        for deny in ["breaking", "drift", "new", "stale"] {
            let typed = ["run", "-q", "--target", &target, "--baseline", baseline, "--deny", deny];
            let told = project.run_with(&[("ACME_API_KEY", "test_1")], &typed);
            assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
            assert!(told.err.contains(&format!("there is no folder {folder}")), "{}", told.err);
            assert!(told.err.contains("targets with accepted answers: mock; nothing was sent"), "{}", told.err);
            assert_eq!(told.err.contains("did you mean `mock`?"), baseline == "mok", "{}", told.err);
        }
    }
    assert!(listener.accept().is_err(), "nothing was sent");
    assert_eq!(project.run(&["run", "-q", "--baseline", "mok"]).code, 0, "without --deny it begins new ones");
    assert_eq!(project.run(&["run", "-q", "--baseline", "mock", "--deny", "breaking"]).err, "");
}

/// Asserts that a run shows its notice, at every verbosity and in its report, with this reason.
fn assert_noticed(project: &Project, vendor: &Vendor, typed: &[&str], reason: &str) {
    for verbosity in [[].as_slice(), &["-q"], &["-v"]] {
        let (told, report) = vendor.run(project, &[typed, verbosity].concat());
        let shown = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.code == 0 && shown.contains(&format!("{NOTICE}{reason}")), "{typed:?} {verbosity:?}: {told:?}");
        let kinds: Vec<_> = report["notices"].as_array().unwrap().iter().map(|notice| &notice["kind"]).collect();
        assert_eq!(kinds, ["no-baseline"], "{report:#}");
    }
}

#[test]
fn a_run_against_a_vendor_without_accepted_answers_says_at_every_verbosity_that_no_drift_can_be_seen() {
    let project = Project::acme();
    let vendor = Vendor::of(&project);
    assert_noticed(&project, &vendor, &["--deny", "breaking"], "a URL has no accepted answers");
    assert_noticed(&project, &vendor, &["--deny", "drift", "--baseline", "none"], "`--baseline none` compares");
    vendor.run(&project, &["--baseline", "sandbox"]);
    let named = ["--baseline", "sandbox", "--deny", "breaking"];
    assert_noticed(&project, &vendor, &named, "there is no accepted answer in snapshots/sandbox/acme");
    assert_eq!(project.run(&["accept"]).code, 0);
    let silent = |told: Told| !told.out.contains("no drift can be seen");
    assert!(silent(vendor.run(&project, &named).0));
    assert!(silent(vendor.run(&project, &["--deny", "stale"]).0), "only drift is compared");
    assert!(silent(project.run(&["run", "--deny", "breaking"])), "the mock has no baselines unless some are asked for");
    let judged = project.run(&["judge", "report.json", "-q", "--deny", "breaking"]);
    assert!(judged.out.contains("no drift can be seen"), "{judged:?}");
}
