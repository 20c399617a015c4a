//! What a pipeline is told by: known violations, coverage, and the merge of several reports.

use super::{Project, Told, proviso};
use serde_json::Value;
use std::process::{Child, Stdio};

/// A vendor that answers as the contract said before it was changed, in a process of its own.
pub(super) struct Vendor {
    process: Child,
    environment: Vec<(String, String)>,
}

impl Vendor {
    pub(super) fn of(project: &Project) -> Self {
        let mut command = proviso(project.path());
        let mut process = command.args(["serve", "--print-env", "-q"]).stdout(Stdio::piped()).spawn().unwrap();
        let environment = crate::serve::printed(&mut process);
        Self { process, environment }
    }

    /// Its address.
    pub(super) fn target(&self) -> &str {
        self.variable("PROVISO_TARGET")
    }

    /// A variable of the environment that it prints.
    pub(super) fn variable(&self, name: &str) -> &str {
        let (_, value) = self.environment.iter().find(|(known, _)| known == name).unwrap();
        value
    }

    /// A run against it, whose report is read back.
    pub(super) fn run(&self, project: &Project, typed: &[&str]) -> (Told, Value) {
        let told =
            self.run_at(project, &[&["--target", self.target(), "--report-json", "report.json"], typed].concat());
        (told, serde_json::from_str(&project.read("report.json")).unwrap())
    }

    /// A run with its credentials, at any target.
    pub(super) fn run_at(&self, project: &Project, typed: &[&str]) -> Told {
        self.give(project, &[&["run"], typed].concat())
    }

    /// A command with its credentials.
    pub(super) fn give(&self, project: &Project, typed: &[&str]) -> Told {
        let variables: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        project.run_with(&variables, typed)
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A vendor that says something else than its page: a deleted link is not deleted.
pub(super) fn departed() -> (Project, Vendor) {
    let project = Project::acme();
    let vendor = Vendor::of(&project);
    project.change("specs/acme/links.delete.yaml", "deleted: true }", "deleted: false }");
    (project, vendor)
}

/// The case that shows it.
pub(super) const CASE: &str = "acme/links.delete/live";

fn known(case: &str, expires: &str) -> String {
    format!(
        "known:\n  - case: {case}\n    finding: field-value\n    place: /deleted\n    reason: they will not mend it\n    \
         owner: payments\n    expires: {expires}\n"
    )
}

#[test]
fn a_known_violation_is_told_as_one_and_fails_nothing_until_its_day_is_over() {
    let (project, vendor) = departed();
    let (told, _) = vendor.run(&project, &[]);
    assert_eq!(told.code, 1, "{told:?}");
    project.write("proviso.yaml", &known(CASE, "9999-12-31"));
    let (told, report) = vendor.run(&project, &["--fail-fast", "-j1"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("known     acme/links.delete/live: /deleted is "), "{}", told.out);
    assert!(told.out.contains("1 violates (1 known)"), "{}", told.out);
    assert_eq!(report["summary"]["counts"]["violates"], 1, "{report:#}");
    assert_eq!(project.run(&["run", "--failed"]).code, 4, "what is known did not fail");
    let (told, report) = vendor.run(&project, &["/deleted"]);
    assert_eq!((told.code, &report["summary"]["known"]), (0, &1.into()), "seen on the way to a deleted link: {told:?}");
    project.write("proviso.yaml", &known(CASE, "2000-01-01"));
    let (told, report) = vendor.run(&project, &[]);
    assert_eq!((told.code, &report["summary"]["known"]), (1, &0.into()), "{told:?}");
    assert!(told.out.contains("was known until 2000-01-01, payments: they will not mend it"), "{}", told.out);
}

#[test]
fn a_known_violation_excuses_no_other_departure() {
    let (project, vendor) = departed();
    project.write("proviso.yaml", &known(CASE, "9999-12-31").replace("/deleted", "/id"));
    assert_eq!(vendor.run(&project, &[]).0.code, 1);
    project.write("proviso.yaml", &known(CASE, "9999-12-31").replace("field-value", "field-type"));
    assert_eq!(vendor.run(&project, &[]).0.code, 1);
}

#[test]
fn what_is_no_longer_seen_is_told_and_fails_where_that_is_denied() {
    let project = Project::acme();
    project.write("proviso.yaml", &known(CASE, "9999-12-31"));
    let told = project.run(&["run"]);
    assert_eq!(told.code, 0, "{told:?}");
    let line = "proviso.yaml:2:5: the field-value of acme/links.delete/live at /deleted is no longer seen";
    assert!(told.out.contains(line), "{}", told.out);
    assert_eq!(project.run(&["run", "--deny", "stale"]).code, 5);
    let told = project.run(&["run", "--deny", "stale", "unknown"]);
    assert_eq!(told.code, 0, "of a case that was not run nothing is known: {told:?}");
}

#[test]
fn mistakes_in_what_is_known_are_told_all_at_once_each_at_its_place() {
    let project = Project::acme();
    project.write(
        "proviso.yaml",
        "known:\n  - case: acme/links.delete/lvie\n    finding: field-value\n    reason: ' '\n    owner: x\n    expires: 2027-02-30\n  \
         - { case: acme/links.delete/live, finding: status, reason: y, owner: x, expires: soon }\n  \
         - { case: acme/links.delete/live, finding: status, reason: y, owner: x, expires: 2027-01-01 }\n",
    );
    let told = project.run(&["run"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
    insta::assert_snapshot!("known_mistakes", told.err);
    assert!(project.run(&["lint"]).out.contains("error[unknown-case]"));
    project.write(
        "proviso.yaml",
        "known:\n  - { case: acme/links.delete/live, finding: staus, owner: x, expires: 2027-01-01 }\n",
    );
    let told = project.run(&["run"]);
    assert_eq!(told.code, 2);
    insta::assert_snapshot!("known_misshapen", told.err);
}

#[test]
fn coverage_is_that_of_the_last_run_or_of_reports_and_can_fail() {
    let project = Project::acme();
    let told = project.run(&["coverage"]);
    assert_eq!(told.code, 4);
    assert!(told.err.contains("no run is remembered in .proviso"), "{}", told.err);
    assert_eq!(project.run(&["run", "live", "--report-json", "live.json"]).code, 0);
    let told = project.run(&["coverage", "--fail-under", "causes=100%"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("documented causes, and 100% is asked for"), "{}", told.err);
    assert!(told.out.contains("not run        unknown"), "{}", told.out);
    assert_eq!(project.run(&["run", "--report-json", "all.json"]).code, 0);
    let told = project.run(&["coverage", "--fail-under=causes=100%,clauses=100%", "-q"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
    let told = project.run(&["coverage", "--from", "live.json", "--from", "all.json", "--format", "json"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(json["total"]["causes"]["percent"], 100, "{json:#}");
    assert_eq!(json["total"], json["targets"]["mock"]);
}

#[test]
fn a_page_that_no_run_had_is_a_gap_and_other_contracts_are_told() {
    let project = Project::acme();
    assert_eq!(project.run(&["run", "--report-json", "all.json"]).code, 0);
    project.add("globex");
    let told = project.run(&["coverage", "--from", "all.json", "--format", "json"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(json["vendors"]["globex"]["causes"]["exercised"], 0, "{json:#}");
    assert!(told.err.contains("all.json was made with other contracts"), "{}", told.err);
    std::fs::remove_dir_all(project.path().join("specs")).unwrap();
    let told = project.run(&["coverage", "--from", "all.json", "--fail-under", "causes=100%"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.err.contains("only the pages of the reports count"), "{}", told.err);
}

#[test]
fn a_badge_is_a_picture_or_a_description() {
    let project = Project::acme();
    assert_eq!(project.run(&["run"]).code, 0);
    for (file, part) in
        [("badges/it.svg", "<title>documented causes: 100%</title>"), ("it.json", "\"message\": \"100%\"")]
    {
        assert_eq!(project.run(&["coverage", "-q", "--badge", file]).code, 0);
        assert!(project.read(file).contains(part), "{}", project.read(file));
    }
    let told = project.run(&["coverage", "--badge", "specs"]);
    assert_eq!(told.code, 3, "{told:?}");
}

/// What differs from run to run by nature: times and what a run costs, ports, and whatever is drawn by lot.
fn timeless(report: &str) -> String {
    let mut text = report.to_owned();
    for pattern in [
        // The canary asks once in each shard, so that shards cost a little more than the whole.
        r#""(duration|took|requests|started|seconds|time|wait|startedDateTime|bodySize|size)": ?("[^"]*"|[\d.e-]+)"#,
        r"\d+ requests in [\d.]+ m?s",
        r#"time="[^"]*""#,
        r"127\.0\.0\.1:\d+",
        r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"proviso-[0-9a-z]{6}\d{8}-\d+",
        r"[0-9A-Za-z]{16,}",
        r#""content-length",\s*("value": )?"\d+""#,
    ] {
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, "_").into_owned();
    }
    text
}

#[test]
fn three_shards_merged_are_the_whole_run_in_every_report_apart_from_times() {
    let project = Project::empty();
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/specs");
    let run = |typed: &[&str]| {
        let told = project.run(&[&["run", "--specs", specs, "--report-json"], typed].concat());
        assert_eq!(told.code, 0, "{told:?}");
    };
    run(&["whole.json"]);
    for shard in ["1/3", "2/3", "3/3"] {
        run(&[&format!("{}.json", &shard[..1]), "--shard", shard]);
    }
    let told = project.run(&["merge", "2.json", "3.json", "1.json", "--report-json", "merged.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("68 conform, 4 skipped") && told.err == "merged 3 reports\n", "{told:?}");
    assert_eq!(timeless(&project.read("merged.json")), timeless(&project.read("whole.json")));
    for format in ["junit", "tap", "sarif", "markdown", "har", "html"] {
        let made = |from: &[&str], file: &str| {
            let told = project.run(&[&["merge", "-q"], from, &[&format!("--report-{format}"), file]].concat());
            assert_eq!(told.code, 0, "{told:?}");
            timeless(&project.read(file))
        };
        let (merged, whole) = (made(&["1.json", "2.json", "3.json"], "merged"), made(&["whole.json"], "whole"));
        let other = merged.lines().zip(whole.lines()).find(|(one, other)| one != other);
        assert!(merged == whole, "{format}: {other:?}");
    }
}

#[test]
fn a_merge_ends_as_the_run_would_have_and_tells_what_is_missing_or_doubled() {
    let project = Project::acme();
    let strict = |typed: &[&str]| project.run(&[&["run", "--require-all"], typed].concat()).code;
    assert_eq!(strict(&["--shard", "1/2", "--report-json", "1.json"]), 0);
    assert_eq!(strict(&["--shard", "2/2", "--report-json", "2.json"]), 0);
    assert_eq!(project.run(&["merge", "1.json", "2.json"]).code, 0);
    let told = project.run(&["merge", "2.json"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.out.contains("no report was given of shard 1/2"), "{}", told.out);
    let told = project.run(&["merge", "1.json", "1.json", "2.json"]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.err.contains("of several reports count as in the last one: acme/links.delete/"), "{}", told.err);
}

#[test]
fn what_cannot_be_merged_is_refused_with_every_reason() {
    let project = Project::acme();
    assert_eq!(project.run(&["run", "--report-json", "1.json"]).code, 0);
    project.change("specs/acme/links.delete.yaml", "The method is DELETE", "The method is always DELETE");
    assert_eq!(project.run(&["run", "--report-json", "2.json"]).code, 0);
    let other = project.read("1.json").replace("\"target\": \"mock\"", "\"target\": \"sandbox\"");
    project.write("3.json", &other.replace("\"proviso\": \"", "\"proviso\": \"9."));
    let told = project.run(&["merge", "1.json", "2.json", "3.json", "--report-html", "no.html"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
    for part in [
        "2.json was made with other contracts than 1.json",
        "3.json was made by another version of proviso than 1.json",
        "3.json is of another target than 1.json: sandbox, not mock",
    ] {
        assert!(told.err.contains(part), "{}", told.err);
    }
    assert!(!project.path().join("no.html").exists());
    let told = project.run(&["merge", "4.json", "specs/acme/vendor.yaml"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("4.json") && told.err.contains("vendor.yaml is no report"), "{}", told.err);
    assert_eq!(project.run(&["merge"]).code, 2);
}

#[test]
fn what_a_rows_own_case_tells_is_not_told_again_where_it_was_seen_in_passing() {
    let (project, vendor) = departed();
    let ids = |report: &Value| -> Vec<String> {
        let cases = report["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "violates");
        cases.map(|case| case["id"].as_str().unwrap().to_owned()).collect()
    };
    let (_, whole) = vendor.run(&project, &[]);
    assert_eq!(ids(&whole), ["acme/links.delete/live"]);
    let (_, alone) = vendor.run(&project, &["/deleted"]);
    assert_eq!(ids(&alone), ["acme/links.delete/live/seen"]);
    project.write("alone.json", &project.read("report.json"));
    vendor.run(&project, &["/live"]);
    let told = project.run(&["merge", "alone.json", "report.json", "--report-json", "merged.json"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert_eq!(ids(&serde_json::from_str(&project.read("merged.json")).unwrap()), ["acme/links.delete/live"]);
}
