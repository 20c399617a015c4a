//! Baselines on the command line: what a run keeps and denies, which baselines are meant, and what is broken.

use super::{Project, Told};
use std::fs;
use std::path::Path;

const FOLDER: &str = "snapshots/mock/acme/links.delete";

/// A project whose answers on the mock are accepted.
fn accepted() -> Project {
    let project = Project::acme();
    project.run(&["run", "--pending"]);
    assert_eq!(project.run(&["accept"]).code, 0);
    project
}

/// The files under a folder that end so, by name.
fn files(project: &Project, end: &str) -> Vec<String> {
    let all = walkdir::WalkDir::new(project.path().join("snapshots")).sort_by_file_name().into_iter();
    let paths =
        all.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let named =
        |path: std::path::PathBuf| path.strip_prefix(project.path()).unwrap().to_string_lossy().replace('\\', "/");
    paths.map(named).filter(|path| path.ends_with(end)).collect()
}

fn contents(project: &Project) -> Vec<(String, String)> {
    files(project, "").into_iter().map(|file| (file.clone(), project.read(&file))).collect()
}

#[test]
fn what_is_denied_fails_a_run_and_everything_else_is_told() {
    let project = accepted();
    let code = |typed: &[&str]| project.run(&[&["run", "-q"], typed].concat()).code;
    assert_eq!(code(&["--deny", "drift", "--deny", "new"]), 0);
    project.change(&format!("{FOLDER}/live.snap"), "  \"deleted\": true,\n", "");
    assert_eq!(code(&[]), 0);
    assert_eq!((code(&["--deny", "drift"]), code(&["--deny", "additive"]), code(&["--deny", "cosmetic"])), (5, 5, 5));
    assert_eq!((code(&["--deny", "risky"]), code(&["--deny", "breaking"]), code(&["--deny", "new"])), (0, 0, 0));
    fs::remove_file(project.path().join(FOLDER).join("unknown.snap")).unwrap();
    assert_eq!((code(&["--deny", "breaking"]), code(&["--deny", "new"])), (0, 5));
    let wrong = project.run(&["run", "--deny", "worse"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(
        wrong.err.contains("it can be drift, breaking, risky, additive, cosmetic, new, stale or inferred"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_drift_is_in_the_report_with_its_class() {
    let project = accepted();
    project.change(&format!("{FOLDER}/live.snap"), "  \"deleted\": true,\n", "");
    project.run(&["run", "--report-json", "run.json"]);
    let report: serde_json::Value = serde_json::from_str(&project.read("run.json")).unwrap();
    let case = report["cases"].as_array().unwrap().iter().find(|case| case["row"] == "live").unwrap();
    assert_eq!((&case["verdict"], &case["drift"]["class"]), (&"drifted".into(), &"additive".into()));
    assert_eq!(case["drift"]["pending"], format!("{FOLDER}/live.snap.new"));
}

/// Names and values of an environment.
type Variables<'a> = &'a [(&'a str, &'a str)];

#[test]
fn a_run_keeps_what_differs_unless_a_pipeline_runs_or_somebody_says_otherwise() {
    let keeps: [(Variables<'_>, usize, &str); 8] = [
        (&[], 5, "their answers are pending"),
        (&[("INSTA_UPDATE", "auto")], 5, "their answers are pending"),
        (&[("INSTA_UPDATE", "no")], 0, "nothing was written"),
        (&[("CI", "true")], 0, "nothing was written"),
        (&[("CI", "true"), ("INSTA_UPDATE", "new")], 5, "their answers are pending"),
        (&[("INSTA_UPDATE", "always")], 5, "INSTA_UPDATE=always means `new` here"),
        (&[("INSTA_UPDATE", "force")], 5, "INSTA_UPDATE=force means `new` here"),
        (&[("INSTA_UPDATE", "unseen")], 5, "INSTA_UPDATE=unseen means `new` here"),
    ];
    for (variables, pending, notice) in keeps {
        let project = Project::acme();
        let told = project.run_with(variables, &["run", "--pending"]);
        assert_eq!(told.code, 0, "{told:?}");
        assert_eq!(files(&project, ".snap.new").len(), pending, "{variables:?}");
        assert!(files(&project, ".snap").is_empty(), "a run never writes a baseline");
        assert!(told.err.contains(notice), "{variables:?}: {}", told.err);
    }
    let project = Project::acme();
    let told = project.run_with(&[("INSTA_UPDATE", "perhaps")], &["run"]);
    assert_eq!((told.code, files(&project, "").len()), (2, 0), "{told:?}");
    assert!(told.err.contains("INSTA_UPDATE is `perhaps`; it can be auto, new or no"), "{}", told.err);
}

#[test]
fn the_baselines_that_are_named_are_meant_by_every_command() {
    let project = Project::acme();
    project.run(&["run", "--baseline", "none"]);
    assert!(files(&project, "").is_empty());
    project.run(&["run", "-q", "links.delete/live", "--pending"]);
    project.run(&["run", "-q", "links.delete/live", "--baseline", "other"]);
    project.run(&["run", "-q", "links.delete/live", "--baseline", "./snapshots/third"]);
    let at = |target: &str| format!("snapshots/{target}/acme/links.delete/live.snap");
    let pending = [at("mock") + ".new", at("other") + ".new", at("third") + ".new"];
    assert_eq!(files(&project, ""), pending);
    assert_eq!(project.run(&["review", "--list", "--baseline", "other"]).out.matches("  new\n").count(), 1);
    assert_eq!(project.run(&["review", "--list"]).out.matches("  new\n").count(), 3);
    for typed in [["accept", "--baseline", "none"], ["reject", "--baseline", "none"], ["review", "--baseline", "none"]]
    {
        assert_eq!(project.run(&typed).code, 0);
    }
    assert_eq!(files(&project, ""), pending, "none is none");
    assert_eq!(project.run(&["accept", "--baseline", "other"]).out, format!("accepted {}\n", at("other")));
    let rejected = project.run(&["reject", "--baseline", "./snapshots/third"]);
    assert_eq!(rejected.out, format!("rejected ./{}\n", at("third")));
    assert_eq!(files(&project, ""), [at("mock") + ".new", at("other")]);
    let none = project.run(&["accept", "nobody"]);
    assert_eq!((none.code, files(&project, ".new").len()), (4, 1), "{none:?}");
    let lines = project.run(&["review", "--baseline", "mock"]);
    assert_eq!((lines.code, files(&project, ".new").len()), (0, 1), "no key decides nothing: {lines:?}");
}

#[test]
fn baselines_of_no_case_are_told_and_removed_when_that_is_asked_for() {
    let project = accepted();
    project.change(
        "specs/acme/links.delete.yaml",
        "  unknown: { when: { link: unknown }",
        "  nobodys: { when: { link: unknown }",
    );
    let orphan = format!("{FOLDER}/unknown.snap");
    let told = project.run(&["review"]);
    assert!(told.err.contains("1 file of cases that no contract has any more"), "{}", told.err);
    assert!(files(&project, "").contains(&orphan));
    let removed = project.run(&["reject", "--orphans"]);
    assert_eq!((removed.code, removed.out), (0, format!("removed {orphan}\n")));
    assert_eq!(files(&project, ".snap").len(), 4);
    assert_eq!(project.run(&["reject", "--orphans"]).out, "");
}

/// What a run says of a file that was broken, which it leaves as it is.
fn broken(project: &Project, file: &str) -> Told {
    let before = contents(project);
    let told = project.run(&["run"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.out.contains("5 conform"), "the rest is judged: {}", told.out);
    assert_eq!(contents(project), before, "nothing is written");
    assert!(told.out.contains(file), "{}", told.out);
    told
}

#[test]
fn a_file_that_is_broken_is_named_with_its_line_and_never_overwritten() {
    let file = format!("{FOLDER}/live.snap");
    for (from, to, place, why) in [
        (
            "HTTP 200",
            "<<<<<<< ours\nHTTP 200\n=======\nHTTP 201\n>>>>>>> theirs",
            ":10:",
            "a conflict is not resolved here",
        ),
        ("HTTP 200", "HTTP ok", ":10:", "a status like `HTTP 200` is due here"),
        ("\"deleted\": true,", "\"deleted\": true", ":15:", "the body is not JSON"),
        ("version: 1", "version: 9", ":5:", "this file is of version 9, and this proviso reads up to 1"),
    ] {
        let project = accepted();
        project.change(&file, from, to);
        let told = broken(&project, &file);
        assert!(told.out.contains(&format!("{file}{place}")) && told.out.contains(why), "{}", told.out);
    }
    let project = accepted();
    let text = project.read(&file);
    project.write(&file, &text[..40]);
    let told = broken(&project, &file);
    assert!(told.out.contains("the file breaks off"), "{}", told.out);
}

#[test]
fn what_cannot_be_read_or_written_is_named_and_the_others_are_decided() {
    let project = accepted();
    for name in ["live", "deleted", "unknown"] {
        project.change(&format!("{FOLDER}/{name}.snap"), "content-type: application/json", "content-type: text/plain");
    }
    project.run(&["run", "-q"]);
    assert_eq!(files(&project, ".snap.new").len(), 3);
    project.write(&format!("{FOLDER}/deleted.snap.new"), "<<<<<<< ours\n");
    let kept = project.path().join(FOLDER).join("live.snap");
    set_read_only(&kept, true);
    let told = project.run(&["accept"]);
    assert_eq!((told.code, told.out), (2, format!("accepted {FOLDER}/unknown.snap\n")));
    assert!(
        told.err.contains(&format!("error: {FOLDER}/deleted.snap.new:1: a conflict is not resolved here")),
        "{}",
        told.err
    );
    assert!(told.err.contains(&format!("error: {FOLDER}/live.snap: this file is read-only")), "{}", told.err);
    assert!(project.read(&format!("{FOLDER}/live.snap")).contains("text/plain"));
    assert_eq!(files(&project, ".snap.new"), [format!("{FOLDER}/deleted.snap.new"), format!("{FOLDER}/live.snap.new")]);
    set_read_only(&kept, false);
}

fn set_read_only(path: &Path, read_only: bool) {
    let mut permissions = fs::metadata(path).unwrap().permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions).unwrap();
}
