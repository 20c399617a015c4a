//! The order of a run that is shuffled: as the reference has it, seen by the vendor that is asked.

use crate::servers::http::Received;
use crate::servers::world::World;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a run wrote, and what the vendor received.
struct Shuffled {
    folder: TempDir,
    err: String,
    /// The cases in the order in which they began.
    cases: Vec<String>,
    /// The requests in their order, each by its method and the form of its path.
    requests: Vec<String>,
}

impl Shuffled {
    /// Runs every case, one at a time, against a truthful world.
    fn run(typed: &[&str]) -> Self {
        let stand = World::default().serve();
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(ROOT).env_clear().envs(stand.world().environment()).stdin(Stdio::null());
        command.args(["run", "-j", "1", "--target", stand.server.origin(), "--state"]).arg(folder.path());
        for (name, _) in REPORTS {
            command.arg(format!("--report-{name}")).arg(folder.path().join(name));
        }
        let output = command.arg("--report-ndjson").arg(folder.path().join("events")).args(typed).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        let events = std::fs::read_to_string(folder.path().join("events")).unwrap();
        let events = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let started = events.filter(|event| event["event"] == "case_started");
        let cases = started.map(|event| event["id"].as_str().unwrap().to_owned()).collect();
        let requests = stand.server.received().iter().map(form).collect();
        Self { folder, err: String::from_utf8(output.stderr).unwrap(), cases, requests }
    }
}

/// The reports that have the seed, and how each has that of `--shuffle=7`.
const REPORTS: [(&str, &str); 6] = [
    ("json", "\"shuffle\": 7"),
    ("junit", "<property name=\"shuffle\" value=\"7\"/>"),
    ("tap", "# ran in the order of --shuffle=7\n"),
    ("markdown", "They ran in the order of `--shuffle=7`."),
    ("sarif", "\"shuffle\": 7"),
    ("html", "They ran in the order of --shuffle=7."),
];

/// A request without what no two runs share: its method, the first name of its path, and how many names there are.
fn form(request: &Received) -> String {
    let names: Vec<&str> = request.path.split('/').skip(1).collect();
    format!("{} {} {}", request.method, names.first().unwrap_or(&""), names.len())
}

fn sorted(cases: &[String]) -> Vec<&String> {
    let mut cases: Vec<_> = cases.iter().collect();
    cases.sort();
    cases
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_seed_makes_one_order_of_cases_and_requests_and_another_seed_another() {
    let plain = Shuffled::run(&[]);
    let seven = Shuffled::run(&["--shuffle", "7"]);
    let again = Shuffled::run(&["--shuffle=7"]);
    let eight = Shuffled::run(&["--shuffle=8"]);
    assert!(plain.cases.len() > 60, "{:?}", plain.cases);
    assert_eq!((&seven.cases, &seven.requests), (&again.cases, &again.requests), "one seed is one order");
    for other in [&plain, &eight] {
        assert!(seven.cases != other.cases && seven.requests != other.requests, "{:?}", other.cases);
        assert_eq!(sorted(&seven.cases), sorted(&other.cases), "the cases are the same");
    }
    assert!(
        seven.err.contains("the order is that of --shuffle=7\n") && !plain.err.contains("--shuffle"),
        "{}",
        seven.err
    );
    for (name, seed) in REPORTS {
        assert!(read(seven.folder.path(), name).contains(seed), "{name} has the seed");
        assert!(!read(plain.folder.path(), name).contains(seed), "{name} has a seed");
    }
}

#[test]
fn an_order_that_is_drawn_is_shown_and_can_be_had_again() {
    let drawn = Shuffled::run(&["--shuffle", "links"]);
    assert!(!drawn.cases.is_empty() && drawn.cases.iter().all(|case| case.contains("links")), "a filter is no seed");
    let report: Value = serde_json::from_str(&read(drawn.folder.path(), "json")).unwrap();
    let seed = report["shuffle"].as_u64().unwrap();
    assert!(drawn.err.contains(&format!("the order is that of --shuffle={seed}\n")), "{}", drawn.err);
    let again = Shuffled::run(&[&format!("--shuffle={seed}"), "links"]);
    assert_eq!((drawn.cases, drawn.requests), (again.cases, again.requests));
}
