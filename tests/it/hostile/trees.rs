//! Trees that mean harm: links, names, patterns and addresses that lead out of them. Nothing outside is read aloud or changed.

use proviso::contract::load;
use proviso::mock::{FaultPlan, Mock, MockSettings};
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

/// What is in every file outside, and must never be seen.
const CANARY: &str = "CANARY";

/// A project of one vendor, and beside it a folder that is none of its business.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["tree", "outside/empty", "outside/specs/acme", "outside/kept/mock/acme/links.delete"] {
            fs::create_dir_all(tree.folder.path().join(folder)).unwrap();
        }
        let pending = format!("---\nexpression: acme/links.delete/live\n---\nGET /{CANARY}\n\nHTTP 200\n");
        for (file, text) in [
            ("secret.yaml", format!("{CANARY}: [never closed\n")),
            ("specs/acme/vendor.yaml", format!("version: 1\n{CANARY}: {CANARY}\n")),
            ("specs/acme/links.delete.yaml", format!("{CANARY}: {CANARY}\n")),
            ("kept/mock/acme/links.delete/live.snap", pending.clone()),
            ("kept/mock/acme/links.delete/gone.snap", pending.clone()),
            ("kept/mock/acme/links.delete/live.snap.new", pending),
        ] {
            fs::write(tree.outside(file), text).unwrap();
        }
        crate::acme::write_acme(&tree.folder.path().join("tree"), "acme");
        tree
    }

    fn outside(&self, path: &str) -> PathBuf {
        self.folder.path().join("outside").join(path)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("tree").join(path)
    }

    /// Puts a link into the tree, in place of what is there.
    fn link(&self, at: &str, to: impl AsRef<Path>) {
        let at = self.at(at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        if at.is_dir() {
            fs::remove_dir_all(&at).unwrap();
        } else if at.exists() {
            fs::remove_file(&at).unwrap();
        }
        symlink(to, at).unwrap();
    }

    /// Changes a file of the vendor.
    fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.at("specs/acme").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} is in {text}");
        fs::write(path, text.replace(old, new)).unwrap();
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    fn proviso(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(self.at("")).env_clear().env("OUTSIDE", CANARY).args(arguments).output().unwrap()
    }

    /// Everything outside: each path with what is in it.
    fn all_outside(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let entries = walkdir::WalkDir::new(self.outside("")).into_iter().map(|entry| entry.unwrap().into_path());
        entries.map(|path| (path.clone(), fs::read(path).ok())).collect()
    }
}

/// What is tried on every tree, beside the command that it is made for.
const COMMANDS: [&[&str]; 11] = [
    &["lint"],
    &["run", "--pending", "--report-json", "run.json", "--report-ndjson", "reports/run.ndjson"],
    &["accept"],
    &["reject"],
    &["reject", "--orphans"],
    &["coverage", "--badge", "reports/badge.svg"],
    &["diff", "baseline:mock", "mock"],
    &["sweep"],
    &["pages", "lock", "acme", "--page", "delete-link", "--text", "page.txt", "--quotes", "quotes.yaml"],
    &["schema", "--write"],
    &["init", "other"],
];

/// A tree that means harm, the command that it is made for, and how that ends.
type Hostile = (&'static str, fn(&Tree), &'static [&'static str], i32);

fn hold(trees: &[Hostile]) {
    for (name, plant, made_for, code) in trees {
        let tree = Tree::new();
        plant(&tree);
        tree.write("page.txt", "A page.\n");
        tree.write("quotes.yaml", "200.status: A page\n");
        let before = tree.all_outside();
        for (index, arguments) in std::iter::once(made_for).chain(&COMMANDS).enumerate() {
            let output = tree.proviso(arguments);
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told);
            assert!(!told.contains(CANARY), "{name}, {arguments:?} tells what is outside: {told}");
            assert!(tree.all_outside() == before, "{name}, {arguments:?} changes what is outside: {told}");
            assert!(output.status.code().is_some_and(|code| code != 101), "{name}, {arguments:?}: {told}");
            assert!(index > 0 || output.status.code() == Some(*code), "{name}: {:?}, {told}", output.status);
        }
    }
}

#[test]
fn contracts_are_read_through_no_link_that_leads_out() {
    hold(&[
        ("an operation", |tree| tree.link("specs/acme/links.delete.yaml", tree.outside("secret.yaml")), &["lint"], 2),
        ("a relative link", |tree| tree.link("specs/acme/new.yaml", "../../../outside/secret.yaml"), &["lint"], 2),
        ("a vendor's file", |tree| tree.link("specs/acme/vendor.yaml", tree.outside("secret.yaml")), &["lint"], 2),
        ("a vendor", |tree| tree.link("specs/acme", tree.outside("specs/acme")), &["lint", "specs/acme"], 2),
        ("another vendor", |tree| tree.link("specs/evil", tree.outside("specs/acme")), &["run"], 2),
        ("all contracts", |tree| tree.link("specs", tree.outside("specs")), &["run"], 2),
        ("another ending", |tree| tree.link("specs/acme/new.yml", tree.outside("secret.yaml")), &["lint"], 2),
        ("no contract", |tree| tree.link("specs/README.md", tree.outside("secret.yaml")), &["lint"], 2),
        ("a file by its name", |tree| tree.link("new.yaml", tree.outside("secret.yaml")), &["lint", "new.yaml"], 2),
        ("the settings", |tree| tree.link("proviso.yaml", tree.outside("secret.yaml")), &["run"], 2),
        ("the environment", |tree| tree.link("specs/acme/new.yaml", "/proc/self/environ"), &["lint"], 2),
        ("a device", |tree| tree.link("specs/acme/new.yaml", "/dev/zero"), &["lint"], 2),
        ("a circle", |tree| tree.link("specs/acme/new.yaml", "new.yaml"), &["lint"], 2),
        (
            "a chain",
            |tree| {
                tree.link("specs/acme/step", tree.outside("secret.yaml"));
                tree.link("specs/acme/new.yaml", "step");
            },
            &["lint"],
            2,
        ),
    ]);
}

#[test]
fn links_within_the_contracts_are_followed() {
    let tree = Tree::new();
    fs::create_dir(tree.at("specs/shared")).unwrap();
    fs::rename(tree.at("specs/acme/links.delete.yaml"), tree.at("specs/shared/pay.txt")).unwrap();
    tree.link("specs/acme/links.delete.yaml", "../shared/pay.txt");
    assert_eq!(tree.proviso(&["run", "-q"]).status.code(), Some(0));
}

#[test]
fn baselines_are_read_written_and_removed_through_no_link() {
    hold(&[
        ("all", |tree| tree.link("snapshots", tree.outside("empty")), &["run"], 2),
        ("all, leading nowhere", |tree| tree.link("snapshots", tree.outside("new")), &["run"], 2),
        ("others to accept", |tree| tree.link("snapshots", tree.outside("kept")), &["accept"], 2),
        ("others to reject", |tree| tree.link("snapshots", tree.outside("kept")), &["reject"], 2),
        ("a target", |tree| tree.link("snapshots/mock", tree.outside("kept/mock")), &["run"], 2),
        ("a target to accept", |tree| tree.link("snapshots/mock", tree.outside("kept/mock")), &["accept"], 0),
        (
            "a target's orphans",
            |tree| tree.link("snapshots/mock", tree.outside("kept/mock")),
            &["reject", "--orphans"],
            2,
        ),
        ("a named one", |tree| tree.link("theirs", tree.outside("kept/mock")), &["run", "--baseline", "./theirs"], 2),
        ("a vendor", |tree| tree.link("snapshots/mock/acme", tree.outside("kept/mock/acme")), &["run"], 2),
        ("an operation", |tree| tree.link("snapshots/mock/acme/links.delete", tree.outside("empty")), &["run"], 2),
        (
            "an accepted one",
            |tree| tree.link("snapshots/mock/acme/links.delete/live.snap", tree.outside("secret.yaml")),
            &["run"],
            2,
        ),
        (
            "a pending one",
            |tree| tree.link("snapshots/mock/acme/links.delete/live.snap.new", tree.outside("secret.yaml")),
            &["run"],
            2,
        ),
        (
            "a pending one, leading nowhere",
            |tree| tree.link("snapshots/mock/acme/links.delete/live.snap.new", tree.outside("new")),
            &["run"],
            2,
        ),
        (
            "an accepted one to write over",
            |tree| {
                tree.proviso(&["run", "-q", "--pending"]);
                tree.link("snapshots/mock/acme/links.delete/live.snap", tree.outside("secret.yaml"));
            },
            &["accept"],
            2,
        ),
    ]);
}

#[test]
fn what_runs_remember_is_read_and_written_through_no_link() {
    hold(&[
        ("all", |tree| tree.link(".proviso", tree.outside("empty")), &["run"], 2),
        ("all, leading nowhere", |tree| tree.link(".proviso", tree.outside("new")), &["run"], 2),
        ("a walk", |tree| tree.link(".proviso", tree.outside("empty")), &["walk", "--steps", "20"], 0),
        ("ledgers", |tree| tree.link(".proviso/ledger", tree.outside("empty")), &["sweep"], 3),
        ("ledgers, leading nowhere", |tree| tree.link(".proviso/ledger", tree.outside("new")), &["run"], 0),
        ("a ledger", |tree| tree.link(".proviso/ledger/1-a.jsonl", tree.outside("secret.yaml")), &["sweep"], 3),
        (
            "the last run",
            |tree| tree.link(".proviso/last-run.json", tree.outside("secret.yaml")),
            &["run", "--failed"],
            2,
        ),
        ("the last run, nowhere", |tree| tree.link(".proviso/last-run.json", tree.outside("new")), &["run"], 0),
    ]);
}

#[test]
fn nothing_is_made_where_it_would_be_written_down_through_a_link() {
    let tree = Tree::new();
    tree.link(".proviso/ledger", tree.outside("empty"));
    let contracts = load(&[tree.at("specs")]).contracts;
    let mock = Arc::new(Mock::new(contracts, &MockSettings::default()).unwrap());
    let variables: Vec<_> = mock.environment().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _inside = runtime.enter();
    let spawned = mock.spawn(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), FaultPlan::default()).unwrap();
    let mut arguments = vec!["run", "--target", &spawned.origin];
    arguments.extend(variables.iter().flat_map(|variable| ["--secret", variable]));
    let output = tree.proviso(&arguments);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("`.proviso/ledger` is a symbolic link"), "{told}");
    assert_eq!(fs::read_dir(tree.outside("empty")).unwrap().count(), 0);
}

#[test]
fn reports_and_new_files_are_written_through_no_link() {
    hold(&[
        (
            "a folder",
            |tree| tree.link("reports", tree.outside("empty")),
            &["run", "--report-html", "reports/a.html"],
            2,
        ),
        ("above", |tree| tree.link("reports", tree.outside("empty")), &["run", "--report-html", "reports/a/b.html"], 2),
        ("a file", |tree| tree.link("run.json", tree.outside("secret.yaml")), &["run", "--report-json", "run.json"], 2),
        ("nowhere", |tree| tree.link("run.json", tree.outside("new")), &["run", "--report-json", "./run.json"], 2),
        ("lines", |tree| tree.link("a", tree.outside("secret.yaml")), &["run", "--report-ndjson", "a"], 2),
        ("another's pipe", |tree| tree.link("a", "/dev/null"), &["run", "--report-tap", "a"], 2),
        (
            "a badge",
            |tree| {
                tree.proviso(&["run", "-q", "--pending"]);
                tree.link("a.svg", tree.outside("secret.yaml"));
            },
            &["coverage", "--badge", "a.svg"],
            3,
        ),
        (
            "a schema",
            |tree| tree.link("specs/vendor.schema.json", tree.outside("secret.yaml")),
            &["schema", "--write"],
            3,
        ),
        (
            "a schema, nowhere",
            |tree| tree.link("specs/vendor.schema.json", tree.outside("new")),
            &["schema", "--write"],
            3,
        ),
        ("a lock", |tree| tree.link("specs/acme/clauses.lock", tree.outside("secret.yaml")), &["lint"], 2),
        ("a new vendor", |tree| tree.link("specs/new", tree.outside("empty")), &["init", "new"], 2),
        ("a new vendor, nowhere", |tree| tree.link("specs/new", tree.outside("new")), &["init", "new"], 2),
        ("new contracts", |tree| tree.link("specs", tree.outside("empty")), &["init", "new"], 3),
    ]);
}

#[test]
fn what_is_no_link_of_the_tree_is_written_to() {
    let tree = Tree::new();
    assert!(Command::new("mkfifo").arg(tree.at("pipe")).status().unwrap().success());
    let pipe = tree.at("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
    let output = tree.proviso(&["run", "-q", "--report-json", "pipe", "--report-ndjson", "/dev/stdout"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(reader.join().unwrap().contains("\"cases\""));
    assert!(String::from_utf8_lossy(&output.stdout).lines().any(|line| line.starts_with("{\"event\":\"finished\"")));
    // A folder that the user names elsewhere is theirs to link.
    symlink(tree.outside("empty"), tree.outside("named")).unwrap();
    let elsewhere = tree.outside("named/tap");
    assert_eq!(tree.proviso(&["run", "-q", "--report-tap", elsewhere.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(tree.proviso(&["run", "-q", "--report-tap", "../outside/named/other"]).status.code(), Some(0));
    assert_eq!(fs::read_dir(tree.outside("empty")).unwrap().count(), 2);
}

#[test]
fn no_name_pattern_or_address_leads_out() {
    hold(&[
        ("a vendor's name", |tree| tree.edit("vendor.yaml", "vendor: acme", "vendor: ../../outside"), &["lint"], 2),
        (
            "an operation's name",
            |tree| tree.edit("links.delete.yaml", "operation: links.delete", "operation: ../../../outside/kept"),
            &["lint"],
            2,
        ),
        ("a row's name", |tree| tree.edit("links.delete.yaml", "  live:", "  ../../../../outside/new:"), &["run"], 2),
        (
            "a target's name",
            |tree| tree.write("proviso.yaml", "targets: { ../../outside/kept: { acme: \"http://127.0.0.1:1\" } }\n"),
            &["run", "--target", "../../outside/kept", "--retry", "0", "--secret", "ACME_API_KEY=test_0123456789"],
            3,
        ),
        (
            "a page's address",
            |tree| tree.edit("links.delete.yaml", "url: \"https://", "url: \"file:///etc/passwd?"),
            &["lint"],
            2,
        ),
        (
            "a reference to a file",
            |tree| {
                tree.edit(
                    "vendor.yaml",
                    "{ type: string, minLength: 1 }",
                    "{ $ref: \"../../../outside/secret.yaml\" }",
                );
            },
            &["lint"],
            2,
        ),
        ("a pattern", |tree| tree.edit("vendor.yaml", "test: \"^test_", "test: \"((a*)*)*^(.*){1000}"), &["lint"], 2),
        ("an origin", |tree| tree.edit("vendor.yaml", "origin: https://", "origin: file:///etc/passwd#"), &["lint"], 2),
        (
            "an origin with another",
            |tree| tree.edit("vendor.yaml", "origin: https://", r"origin: https://127.0.0.1\@"),
            &["lint"],
            2,
        ),
        (
            "an address with another",
            |tree| tree.write("proviso.yaml", "targets: { here: { acme: 'http://127.0.0.1:1\\@evil.example' } }\n"),
            &["run", "--target", "here"],
            2,
        ),
        (
            "an include",
            |tree| tree.edit("vendor.yaml", "version: 1", "version: !include ../../outside/secret.yaml"),
            &["lint"],
            2,
        ),
    ]);
}
