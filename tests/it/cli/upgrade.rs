//! Files of version 0.1, as its users have them: this version reads each, and one of a later version is refused by name.

use super::gate::{CASE, Vendor};
use super::{Project, Told};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PENDING: &str = "snapshots/staging/acme/links.delete/unknown.snap.new";
const LEDGER: &str = ".proviso/ledger/20261201T170623Z-tpdm6n04044773.jsonl";
const LOCK: &str = "specs/acme/clauses.lock";
/// The host that these runs called `staging`, and the thing that one of them has left there.
const HOST: &str = "http://127.0.0.1:18080";
const THING: &str = "link_bgke73dqir6g";

/// A file, a text in it, and what it becomes.
type Change<'a> = (&'a str, &'a str, &'a str);

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v0.1")
}

/// The project of a user of version 0.1.
fn earlier() -> Project {
    let project = Project::empty();
    let places = [
        ("acme", "specs/acme"),
        ("snapshots", "snapshots"),
        ("state", ".proviso"),
        ("reports", ""),
        ("proviso.yaml", "proviso.yaml"),
        ("delete-link.txt", "page.txt"),
        ("unknown.snap.pending", PENDING),
    ];
    for (from, to) in places {
        copy(&fixtures().join(from), &project.path().join(to));
    }
    project
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let below = entry.path().strip_prefix(from).unwrap();
        let to = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
        if entry.file_type().is_file() {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Asserts how a command of this version ends, and one thing that it writes.
fn expect(told: &Told, code: i32, text: &str) {
    assert_eq!(told.code, code, "{told:?}");
    assert!((told.out.clone() + &told.err).contains(text), "`{text}` in {told:?}");
}

#[test]
fn each_file_of_version_0_1_is_read() {
    let commands: [(&[&str], i32, &str); 14] = [
        (&["lint"], 0, "no mistakes in the contracts of 1 vendor"),
        (&["list"], 0, CASE),
        (&["coverage"], 0, "of the run on staging that began 2026-12-01T17:06:50Z"),
        (&["--failed"], 4, "no case failed in the run before"),
        (&["run", "--deny", "drift", "--baseline", "staging"], 0, "5 conform"),
        (&["judge", "report.json"], 0, "changed   nothing: every verdict is as it was"),
        (&["diff", "report.json", "snapshots/staging"], 0, "4 the same, 1 case not compared"),
        (&["merge", "shard-1.json", "shard-2.json"], 0, "4 conform, 1 violates (1 known)"),
        (&["coverage", "--from", "report.json", "--fail-under", "causes=100%"], 0, "5 of 5 documented causes"),
        (&["explain", "--why", "report.json", CASE], 0, "acme/links.delete/live: violates"),
        (
            &["known", "--from", "report.json", "--owner", "a", "--expires", "9999-01-01"],
            0,
            "1 violation known already",
        ),
        (&["pages", "check", "acme"], 0, "delete-link"),
        (&["pages", "check", "acme", "--page", "delete-link", "--text", "page.txt"], 0, "the page has not changed"),
        (&["sweep", "--dry-run"], 6, THING),
    ];
    let project = earlier();
    for (typed, code, text) in commands {
        expect(&project.run(typed), code, text);
    }
    let project = earlier();
    expect(&project.run(&["accept"]), 0, "accepted snapshots/staging/acme/links.delete/unknown.snap");
    assert!(!project.path().join(PENDING).exists());
    let accepted = project.read("snapshots/staging/acme/links.delete/unknown.snap");
    assert!(accepted.contains("\"hint\": \"read the page\""), "{accepted}");
}

#[test]
fn known_violations_and_earlier_runs_of_version_0_1_count_on_their_target() {
    let project = earlier();
    let file = "specs/acme/links.delete.yaml";
    project.change(file, "deleted: true }", "deleted: false }");
    let vendor = Vendor::of(&project);
    project.change(file, "deleted: false }", "deleted: true }");
    project.change("proviso.yaml", HOST, vendor.target());
    expect(&vendor.run_at(&project, &["--target", "staging"]), 0, "1 violates (1 known)");
    let settings = project.read("proviso.yaml");
    let (before, _) = settings.split_once("known:").unwrap();
    project.write("proviso.yaml", before);
    expect(&vendor.run_at(&project, &["--target", "staging"]), 1, "/deleted is false, promised is true");
    let since = ["--target", "staging", "--fail-on", "new", "--since", "report.json"];
    expect(&vendor.run_at(&project, &since), 0, "1 violates");
}

#[test]
fn what_a_run_of_version_0_1_has_left_is_swept() {
    let project = earlier();
    let vendor = Vendor::of(&project);
    let key = format!("Authorization: Bearer {}", vendor.variable("ACME_API_KEY"));
    let url = format!("{}/acme/links", vendor.target());
    let curl = |typed: &[&str]| {
        let output = Command::new("curl").args(["-s", "--noproxy", "*", "-H", &key]).args(typed).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let made = curl(&[&url, "--json", "{\"amount\":100,\"note\":\"proviso-tpdm6n04044773-4\"}"]);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let id = made["id"].as_str().unwrap();
    project.change(LEDGER, THING, id);
    project.change(LEDGER, HOST, vendor.target());
    let told = vendor.give(&project, &["sweep", "--target", vendor.target()]);
    expect(&told, 0, "1 removed");
    assert!(curl(&[&format!("{url}/{id}")]).contains("not_found"));
    assert!(!project.path().join(LEDGER).exists());
}

#[test]
fn a_lock_of_version_1_says_what_to_do() {
    let project = earlier();
    fs::copy(fixtures().join("clauses.lock.v1"), project.path().join(LOCK)).unwrap();
    let told = project.run(&["pages", "check", "acme"]);
    expect(&told, 2, "version 1 of the lock is too old to compare; remove the file and lock its pages again");
    expect(&told, 2, LOCK);
}

#[test]
fn a_file_of_a_later_version_is_refused_by_its_name() {
    let settings = ("proviso.yaml", "targets:", "version: 2\ntargets:");
    let report = ("report.json", "\"version\": 1", "\"version\": 2");
    let shard = ("shard-2.json", "\"version\": 1", "\"version\": 2");
    let last = (".proviso/last-run.json", "\"version\":1", "\"version\":2");
    let baseline = ("snapshots/staging/acme/links.delete/deleted.snap", "version: 1", "version: 2");
    let (pending, lock) = ((PENDING, "version: 1", "version: 2"), (LOCK, "version: 2", "version: 3"));
    let vendor = ("specs/acme/vendor.yaml", "\nversion: 1", "\nversion: 2");
    let page = ("specs/acme/links.delete.yaml", "\nversion: 1", "\nversion: 2");
    let later = "a later version needs a later proviso";
    let update = "a later version of proviso reads it: update this one";
    let known = ["known", "--from", "report.json", "--owner", "a", "--expires", "9999-01-01"];
    let commands: [(Change<'_>, &[&str], &str); 18] = [
        (vendor, &["lint"], later),
        (vendor, &["run"], later),
        (page, &["lint"], later),
        (page, &["run"], later),
        (settings, &["lint"], "`version` is not a key of the language here"),
        (settings, &["run"], "`version` is not a key of the language here"),
        (report, &["judge", "report.json"], update),
        (report, &["diff", "report.json", "snapshots/staging"], update),
        (report, &["coverage", "--from", "report.json"], update),
        (report, &["explain", "--why", "report.json", CASE], update),
        (report, &known, update),
        (report, &["run", "--fail-on", "new", "--since", "report.json"], update),
        (shard, &["merge", "shard-1.json", "shard-2.json"], update),
        (last, &["coverage"], update),
        (last, &["--failed"], update),
        (baseline, &["run", "--baseline", "staging"], "update proviso"),
        (pending, &["accept"], "update proviso"),
        (lock, &["pages", "check", "acme"], "update proviso"),
    ];
    for ((file, from, to), typed, help) in commands {
        let project = earlier();
        project.change(file, from, to);
        let told = project.run(typed);
        expect(&told, 2, file);
        expect(&told, 2, help);
        assert!(!told.err.contains("panicked"), "{told:?}");
    }
}

#[test]
fn a_ledger_of_a_later_version_is_kept_and_named() {
    let project = earlier();
    project.change(LEDGER, "\"version\":1", "\"version\":2");
    let before = project.read(LEDGER);
    let told = project.run(&["sweep"]);
    // Other ledgers were looked at, so that something remains that this version cannot see: not a wrong command.
    expect(&told, 3, LEDGER);
    expect(&told, 3, "sweep with the build that wrote it");
    assert_eq!(project.read(LEDGER), before);
}

#[test]
fn what_another_version_proved_is_proved_again() {
    let project = earlier();
    let ours = project.read(".proviso/proved.json");
    project.change(".proviso/proved.json", "\"version\":\"0.1.0\"", "\"version\":\"99.0.0\",\"more\":[]");
    expect(&project.run(&["run"]), 0, "5 conform");
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(project.read(".proviso/proved.json"), ours.replace("\"version\":\"0.1.0\"", &version));
}
