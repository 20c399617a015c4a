//! The first commands of a new user: what greets them, the demo, and the folder of a project above the current one.

use super::{Project, proviso};
use std::fs;
use std::path::Path;

#[test]
fn an_empty_folder_is_greeted_and_a_run_in_it_is_a_mistake() {
    let project = Project::empty();
    let told = project.run(&[]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(told.out.lines().count(), 2, "{}", told.out);
    assert!(told.out.contains("`proviso demo`") && told.out.contains("`proviso init NAME`"), "{}", told.out);
    for typed in [&["run"][..], &["--target", "sandbox"], &["list"], &["walk"], &["explain", "a/b"], &["live"]] {
        let told = project.run(typed);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed:?}");
        assert!(
            told.err.contains("there are no contracts") && told.err.contains("`proviso init NAME`"),
            "{}",
            told.err
        );
    }
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_with_contracts_is_not_greeted() {
    let told = Project::acme().run(&[]);
    assert_eq!(told.code, 0);
    assert!(told.out.contains("conform"), "{}", told.out);
}

/// The demo in a folder of its own, with one for temporary files and no program that opens files.
fn demo(typed: &[&str]) -> (super::Told, Vec<String>) {
    let (here, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = proviso(here.path());
    command.arg("demo").args(typed).env("TMPDIR", temporary.path()).env("PATH", here.path());
    // What a pipeline would show is not the user's.
    command.env("GITHUB_ACTIONS", "true");
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let told = super::Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 0, "the demo leaves nothing here");
    let mut left: Vec<String> = Vec::new();
    for entry in fs::read_dir(temporary.path()).unwrap() {
        let path = entry.unwrap().path();
        left.push(path.file_name().unwrap().to_string_lossy().into_owned());
        if path.extension().is_some_and(|extension| extension == "html") {
            assert!(fs::read_to_string(path).unwrap().contains("/success is false"), "the report has the violation");
        }
    }
    (told, left)
}

#[cfg(unix)]
#[test]
fn the_demo_shows_one_violation_and_leaves_only_its_report() {
    let (told, left) = demo(&[]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.out);
    assert!(
        told.out.contains("1 violates") && told.out.contains("/success is false, promised is true"),
        "{}",
        told.out
    );
    assert_eq!(told.out.matches("\nviolates ").count(), 1, "{}", told.out);
    assert!(!told.out.contains("::error"), "{}", told.out);
    let [report] = left.as_slice() else { panic!("{left:?}") };
    assert!(report.starts_with("proviso-demo-") && told.out.contains(report.as_str()), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_report_of_the_demo_is_opened_only_if_that_is_asked_for() {
    let (told, _) = demo(&["--open"]);
    assert_eq!(told.code, 0);
    assert!(told.err.contains("`xdg-open` did not open the report"), "{}", told.err);
    assert_eq!(demo(&[]).0.err, "", "nothing is opened");
}

/// A repository with contracts at its root and a folder deep in it.
fn repository() -> Project {
    let project = Project::acme();
    fs::create_dir(project.path().join(".git")).unwrap();
    fs::create_dir_all(project.path().join("code/deep")).unwrap();
    project
}

fn run_in(folder: &Path, typed: &[&str]) -> (i32, String, String) {
    let output = proviso(folder).args(typed).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn contracts_and_settings_are_found_above_up_to_the_root_of_the_repository() {
    let project = repository();
    project.write("proviso.yaml", "targets:\n  staging: { acme: \"http://127.0.0.1:9\" }\n");
    let deep = project.path().join("code/deep");
    let (code, out, err) = run_in(&deep, &["--target", "staging", "live"]);
    // The name of the target is in the settings, and its key is not set.
    assert_eq!(code, 4, "{out}{err}");
    assert!(out.contains("1 case on staging") && out.contains("set $ACME_API_KEY"), "{out}");
    assert!(err.contains("using ../../specs\n"), "{err}");
    let (code, out, err) = run_in(&deep, &["-q"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(project.path().join(".proviso/last-run.json").exists(), "the state is beside the contracts");
    let (code, out, _) = run_in(&project.path().join("specs/acme"), &["lint"]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(fs::read_dir(deep).unwrap().count(), 0);
}

#[test]
fn nothing_above_is_read_outside_a_repository_or_beyond_its_root() {
    let project = repository();
    let deep = project.path().join("code/deep");
    fs::create_dir(deep.join(".git")).unwrap();
    assert_eq!(run_in(&deep, &["run"]).0, 2, "the nearest root ends the search");
    fs::remove_dir(deep.join(".git")).unwrap();
    fs::remove_dir(project.path().join(".git")).unwrap();
    assert_eq!(run_in(&deep, &["run"]).0, 2, "without a repository only the current folder counts");
}

/// Only the system's own user may give a folder to another one; elsewhere the rest of the claim is tested.
#[cfg(unix)]
#[test]
fn nothing_of_another_owner_is_read_above() {
    use std::os::unix::fs::{chown, symlink};
    for given in ["", "specs", ".git", "code", "specs/acme/vendor.yaml"] {
        let project = repository();
        let deep = project.path().join("code/deep");
        assert_eq!(run_in(&deep, &["-q"]).0, 0);
        if chown(project.path().join(given), Some(12345), None).is_ok() {
            assert_eq!(run_in(&deep, &["run", "-q"]).0, 2, "{given}");
        }
    }
    let project = repository();
    fs::rename(project.path().join("specs"), project.path().join("others")).unwrap();
    symlink("others", project.path().join("specs")).unwrap();
    assert_eq!(run_in(&project.path().join("code"), &["run", "-q"]).0, 2, "a link is not followed");
}
