//! The first failure of a contract: one message that shows what was answered and how to mend it, one block a cause, a script that
//! does it again.

use crate::acme::write_acme;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A project, and beside it a vendor that answers by a contract of its own.
struct Trial {
    folder: tempfile::TempDir,
    vendor: Child,
    environment: Vec<(String, String)>,
}

struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Trial {
    /// A vendor whose contract differs by these replacements in `vendor.yaml`.
    fn new(changes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_acme(folder.path(), "acme");
        write_acme(&folder.path().join("vendor"), "acme");
        change(&folder.path().join("vendor/specs/acme/vendor.yaml"), changes);
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(folder.path().join("vendor")).env_clear().args(["serve", "--print-env", "-q"]);
        let mut vendor = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let environment = crate::serve::printed(&mut vendor);
        Self { folder, vendor, environment }
    }

    fn target(&self) -> &str {
        let mut targets = self.environment.iter().filter(|(name, _)| name == "PROVISO_TARGET");
        &targets.next().unwrap().1
    }

    /// Replaces texts in a file of the project's own contract.
    fn mend(&self, file: &str, changes: &[(&str, &str)]) {
        change(&self.folder.path().join("specs/acme").join(file), changes);
    }

    fn run(&self, typed: &[&str]) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(self.folder.path()).env_clear().envs(self.environment.iter().cloned());
        let output = command.args(typed).args(["-t", self.target()]).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    /// The ledgers, one after the other.
    fn ledgers(&self) -> String {
        let folder = fs::read_dir(self.folder.path().join(".proviso/ledger")).into_iter().flatten();
        folder.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect()
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        drop(self.vendor.kill());
        drop(self.vendor.wait());
    }
}

fn change(path: &Path, changes: &[(&str, &str)]) {
    let mut text = fs::read_to_string(path).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} in {}", path.display());
        text = text.replace(from, to);
    }
    fs::write(path, text).unwrap();
}

/// The vendor puts what it has made into `data`.
const WRAPPED: [(&str, &str); 2] = [
    (
        "created: { status: [200, 201], like: link }",
        "created: { status: [200, 201], fields: { data: { like: link } } }",
    ),
    ("capture: { id: /id }", "capture: { id: /data/id }"),
];

#[test]
fn a_create_without_an_id_ends_the_vendor_with_one_message_and_the_sweep_finds_it_later() {
    let trial = Trial::new(&WRAPPED);
    let told = trial.run(&[]);
    assert_eq!(told.code, 3, "{}{}", told.out, told.err);
    assert_eq!(trial.ledgers().matches("\"line\":\"intent\"").count(), 1, "one thing is made: {}", trial.ledgers());
    // The canary is a read; the bystander is made first, and without it no case is sent.
    assert_eq!(told.out.matches("\nundetermined 5 cases:\n").count(), 1, "{}", told.out);
    for part in [
        "links.create/new was answered with 200, but no id of the link was found",
        "\"data\": {",
        "pointer   `/id`, specs/acme/vendor.yaml:55:",
        ": nothing is there",
        "pattern   `^link_[0-9a-z]+$`, specs/acme/vendor.yaml:31:",
        "offered   `capture: { id: /data/id }` takes \"link_",
        "`proviso sweep` removes what was made",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    assert!(!told.out.contains("once the target answers again") && !told.out.contains("left behind"), "{}", told.out);
    assert!(
        told.out.ends_with("next      mend what the reasons above name, then `proviso --failed`\n"),
        "{}",
        told.out
    );
    assert!(trial.ledgers().contains("\"line\":\"answered\""), "{}", trial.ledgers());
    let unmended = trial.run(&["sweep"]);
    assert_eq!(unmended.code, 3, "{}{}", unmended.out, unmended.err);
    trial.mend("vendor.yaml", &WRAPPED);
    let swept = trial.run(&["sweep"]);
    assert!((swept.out.clone() + &swept.err).contains("1 removed"), "{}{}", swept.out, swept.err);
    assert_eq!(trial.ledgers(), "");
    let mended = trial.run(&[]);
    assert_eq!(mended.code, 0, "{}", mended.out);
}

#[test]
fn an_id_of_another_form_than_the_pattern_is_shown_with_the_pattern() {
    let trial =
        Trial::new(&[("\"^link_[0-9a-z]+$\"", "\"^lnk-[0-9a-z]+$\""), ("new: link_$alnum12", "new: lnk-$alnum12")]);
    let told = trial.run(&["--jobs", "8"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert!(told.out.contains("is there, which the pattern does not match"), "{}", told.out);
    assert!(told.out.contains("takes \"lnk-") && told.out.contains("with another pattern"), "{}", told.out);
    assert_eq!(trial.ledgers().matches("\"line\":\"intent\"").count(), 1, "{}", trial.ledgers());
}

#[test]
fn one_thing_is_made_although_many_cases_begin_at_once() {
    let list = "operations:                              # calls without a page of ours, that tests need to make a link and to look at it\n";
    let canary = format!(
        "canary: ping\n{list}  ping:\n    request: GET /acme/ping\n    outcomes:\n      well: {{ status: 200, body: {{ type: object }} }}\n    rows:\n      well: {{ when: {{}}, then: well, inferred: x }}\n\n"
    );
    let both = [(list, canary.as_str())];
    let trial = Trial::new(&[&both[..], &WRAPPED].concat());
    trial.mend("vendor.yaml", &both);
    let told = trial.run(&["--jobs", "16", "--report-json", "run.json"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert_eq!(trial.ledgers().matches("\"line\":\"intent\"").count(), 1, "{}", trial.ledgers());
    assert!(told.out.contains("undetermined 5 cases"), "{}", told.out);
}

#[test]
fn what_the_vendor_said_is_shown_where_a_condition_could_not_be_set_up() {
    // The vendor refuses what the contract sends.
    let trial = Trial::new(&[("created: { status: [200, 201]", "created: { status: 422")]);
    let told = trial.run(&["--report-junit", "j.xml", "--report-markdown", "s.md", "--report-json", "r.json"]);
    assert_eq!(told.code, 3, "{}", told.out);
    let report: serde_json::Value = serde_json::from_str(&trial.read("r.json")).unwrap();
    let case = report["cases"].as_array().unwrap().iter().find(|case| case["row"] == "deleted").unwrap();
    let said = case["exchanges"].as_array().unwrap().last().unwrap()["answer"].as_str().unwrap();
    let first = serde_json::from_str::<serde_json::Value>(said).unwrap();
    let shown = format!("{first:#}").lines().nth(1).unwrap().trim().to_owned();
    assert!(told.out.contains("answered  422 to POST ") && told.out.contains(&shown), "{shown}: {}", told.out);
    assert!(trial.read("s.md").contains(&shown), "{}", trial.read("s.md"));
    let junit = trial.read("j.xml").replace("&quot;", "\"");
    assert!(junit.contains(&shown), "{junit}");
}

/// The vendor's errors have a number where a text is promised.
const MESSAGE: [(&str, &str); 1] = [("message: { type: string, minLength: 1 }", "message: { type: integer }")];

#[test]
fn one_cause_is_one_block_for_people_and_an_entry_a_case_for_programs() {
    let trial = Trial::new(&MESSAGE);
    let typed =
        ["--report-junit", "j.xml", "--report-markdown", "s.md", "--report-tap", "t.tap", "--report-sarif", "s.sarif"];
    let told = trial.run(&typed);
    assert_eq!(told.code, 1, "{}{}", told.out, told.err);
    assert_eq!(told.out.matches("\nviolates ").count(), 1, "{}", told.out);
    assert!(
        told.out.contains("also      3 further cases by the same cause\n            acme/links.delete/unknown_key\n"),
        "{}",
        told.out
    );
    assert!(told.out.contains("4 violate"), "{}", told.out);
    assert_eq!(trial.read("s.md").matches("<details><summary>violates").count(), 1);
    let cause = "at /message, specs/acme/";
    for (file, entry) in
        [("j.xml", "<failure"), ("t.tap", "verdict: \"violates\""), ("s.sarif", "\"verdict\": \"violates\"")]
    {
        let text = trial.read(file);
        assert_eq!(text.matches(entry).count(), 4, "{file}: {text}");
        assert_eq!(text.matches(cause).count(), 4, "{file} names the cause of each: {text}");
    }
    let github = {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(trial.folder.path()).env_clear().envs(trial.environment.iter().cloned());
        command.args(["-q", "-t", trial.target(), "--report-github"]).output().unwrap().stdout
    };
    let github = String::from_utf8(github).unwrap();
    assert_eq!(
        github.lines().filter(|line| line.starts_with("::error") && line.contains(cause)).count(),
        4,
        "{github}"
    );
}

#[test]
fn blocks_come_in_the_order_of_the_contract_whatever_ended_first() {
    let trial = Trial::new(&MESSAGE);
    trial.mend("links.delete.yaml", &[("deleted: true }", "deleted: false }")]);
    for seed in 0..4 {
        let told = trial.run(&[&format!("--shuffle={seed}"), "--jobs", "4"]);
        let live = told.out.find("\nviolates acme/links.delete/live").unwrap();
        let no_key = told.out.find("\nviolates acme/links.delete/no_key").unwrap();
        assert!(no_key < live, "{seed}: {}", told.out);
    }
}

#[test]
fn a_failure_is_a_script_that_makes_the_thing_and_asks_again() {
    let trial = Trial::new(&MESSAGE);
    let told = trial.run(&["--repro", "scripts"]);
    assert_eq!(told.code, 1, "{}", told.out);
    let mut scripts: Vec<_> =
        fs::read_dir(trial.folder.path().join("scripts")).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    let names: Vec<_> = scripts.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(
        names,
        ["deleted", "live", "no_key", "unknown", "unknown_key"].map(|row| format!("acme.links.delete.{row}.sh"))
    );
    let text = fs::read_to_string(&scripts[0]).unwrap();
    let key = &trial.environment.iter().find(|(name, _)| name == "ACME_API_KEY").unwrap().1;
    assert!(
        text.contains("link_id_1=") && text.contains("# needs: ACME_API_KEY") && !text.contains(key.as_str()),
        "{text}"
    );
    let mut command = Command::new(&scripts[0]);
    let output = command.envs(trial.environment.iter().cloned()).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    // Another thing was made, and is deleted twice.
    assert!(
        output.status.success() && shown.contains("HTTP/1.1 404") && shown.contains("\"code\":\"not_found\""),
        "{shown}"
    );
}
