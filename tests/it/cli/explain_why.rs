//! `proviso explain --why`: which case of which run is meant, and what is said where a run does not hold enough.

use super::Project;

const FILE: &str = "specs/acme/links.delete.yaml";

/// A project whose run on the mock was saved.
fn saved() -> Project {
    let project = Project::acme();
    let told = project.run(&["run", "--report-json", "run.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    project
}

#[test]
fn a_case_is_named_whole_or_by_its_end_or_by_a_filter_that_only_it_has() {
    let project = saved();
    let whole = project.run(&["explain", "--why", "run.json", "acme/links.delete/live"]);
    assert_eq!((whole.code, whole.err.as_str()), (0, ""));
    for name in ["links.delete/live", "live", "liv", "*live"] {
        assert_eq!(project.run(&["explain", "--why", "run.json", name]).out, whole.out, "{name}");
    }
}

#[test]
fn a_filter_of_several_cases_or_of_none_is_a_mistake_that_names_the_near_ones() {
    let project = saved();
    let several = project.run(&["explain", "--why", "run.json", "links.delete"]);
    assert_eq!((several.code, several.out.as_str()), (2, ""));
    assert!(several.err.starts_with("error: `links.delete` means 5 cases of run.json\n"), "{}", several.err);
    assert_eq!(several.err.matches("`proviso explain --why run.json acme/links.delete/").count(), 5, "{}", several.err);
    let none = project.run(&["explain", "--why", "run.json", "links.delete/lvie"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("no case of run.json has `links.delete/lvie` in its name"), "{}", none.err);
    assert!(none.err.contains("did you mean `links.delete/live`?"), "{}", none.err);
    let far = project.run(&["explain", "--why", "run.json", "nothing-of-the-kind-at-all"]);
    assert!(far.code == 2 && far.err.contains("it has 5 cases"), "{far:?}");
    assert_eq!(project.run(&["explain", "--why", "run.json"]).code, 2);
}

#[test]
fn a_file_that_is_no_run_is_refused_as_by_judge() {
    let project = saved();
    for file in ["none.json", FILE] {
        let (why, judge) = (project.run(&["explain", "--why", file, "live"]), project.run(&["judge", file]));
        assert_eq!((why.code, why.err), (2, judge.err), "{file}");
    }
}

#[test]
fn a_contract_that_has_changed_since_is_noticed_and_the_case_is_judged_by_it() {
    let project = saved();
    project.change(FILE, "deleted: true }", "deleted: false }");
    let told = project.run(&["explain", "--why", "run.json", "live"]);
    assert_eq!(told.code, 0, "{told:?}");
    let notice = "notice: run.json was made with other contracts than specs has now; it is judged by those of now\n";
    assert_eq!(told.err, notice);
    assert!(told.out.starts_with("acme/links.delete/live: violates\n"), "{}", told.out);
    for part in [
        "    fails   /deleted is true, promised is false [field-value]; 200.deleted \"deleted is true\"\n",
        "  the run ended with conforms; the contracts have changed since\n",
    ] {
        assert!(told.out.contains(part), "{part} in {}", told.out);
    }
    let same = project.run(&["explain", "--why", "run.json", "unknown"]);
    assert!(
        same.out.ends_with("  the contracts have changed since the run; the verdict is the same\n"),
        "{}",
        same.out
    );
}

#[test]
fn a_request_that_would_be_another_one_now_is_not_compared_and_the_verdict_stays_the_runs() {
    let project = saved();
    project.change(FILE, "with: [refused]", "with: [refused]\nheaders: { X-Version: \"2\" }");
    let told = project.run(&["explain", "--why", "run.json", "live"]);
    assert!(told.out.starts_with("acme/links.delete/live: conforms\n"), "{}", told.out);
    let why = "  the saved run does not suffice to compare again: cannot be judged again: links.delete/live would be sent with another header X-Version now\n";
    assert!(told.out.contains(why), "{}", told.out);
}

#[test]
fn a_case_that_no_contract_has_any_more_is_told_by_the_run_alone() {
    let project = saved();
    project.change(FILE, "  unknown: { when: { link: unknown }", "  nobodys: { when: { link: unknown }");
    let told = project.run(&["explain", "--why", "run.json", "unknown"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("no contract has this case any more"), "{}", told.out);
}

#[test]
fn a_run_that_is_only_remembered_says_what_it_lacks() {
    let project = Project::acme();
    project.run(&["run"]);
    let told = project.run(&["explain", "--why", ".proviso/last-run.json", "live"]);
    assert_eq!(told.code, 0, "{told:?}");
    for part in [
        "acme/links.delete/live: conforms\n",
        "  when link: live, then deleted (200)\n",
        "  the run did not save what it sent; `--report-json FILE` does\n",
        "its exchanges were not saved",
    ] {
        assert!(told.out.contains(part), "{part} in {}", told.out);
    }
}

#[test]
fn a_secret_that_the_run_did_not_save_is_neither_compared_nor_shown() {
    let project = Project::acme();
    let token = "access_token: { type: string, pattern: \"^tok_[0-9]+$\", examples: [tok_12345678] }";
    project.change(FILE, "deleted: true }", &format!("deleted: true, {token} }}"));
    let run = project.run(&["run", "--report-json", "run.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let told = project.run(&["explain", "--why", "run.json", "live"]);
    assert!(told.out.starts_with("acme/links.delete/live: conforms\n"), "{}", told.out);
    assert!(!told.out.contains("tok_12345678"), "{}", told.out);
    assert!(told.out.contains("what is promised of a secret in its answer, which was not saved"), "{}", told.out);
}

#[test]
fn an_answer_that_drifted_is_explained_by_what_the_run_found() {
    let project = Project::acme();
    project.run(&["run", "--pending"]);
    assert_eq!(project.run(&["accept"]).code, 0);
    project.change("snapshots/mock/acme/links.delete/live.snap", "  \"deleted\": true,\n", "");
    project.run(&["run", "--report-json", "run.json"]);
    let told = project.run(&["explain", "--why", "run.json", "live"]);
    assert!(told.out.starts_with("acme/links.delete/live: drifted\n"), "{}", told.out);
    let verdict = "  drifted: the answer is a documented one, and not the one accepted in snapshots/mock/acme/links.delete/live.snap: additive: ";
    assert!(told.out.contains(verdict), "{}", told.out);
}

#[test]
fn failing_blocks_name_the_command_only_where_the_run_is_saved() {
    let project = saved();
    project.change(FILE, "deleted: true }", "deleted: false }");
    let judged = project.run(&["judge", "run.json"]);
    assert!(
        judged.out.contains("\n  why       proviso explain --why run.json acme/links.delete/live\n"),
        "{}",
        judged.out
    );
    let spaced = project.path().join("my run.json");
    std::fs::copy(project.path().join("run.json"), spaced).unwrap();
    let quoted = project.run(&["judge", "my run.json"]);
    assert!(quoted.out.contains("explain --why 'my run.json' acme/"), "{}", quoted.out);
}
