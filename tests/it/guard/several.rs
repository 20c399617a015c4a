//! A vendor that the guard refuses does not stop the others: they are asked and judged, and the run ends with 6 after them.

use super::with;
use crate::servers::lies::lies_for;
use crate::servers::reply::Vendor;
use crate::servers::world::{Stand, World};
use serde_json::Value;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs the shipped contracts: omise is asked at its own host, which the guard refuses by its live key, and mytpe at a server
/// of this machine. Whatever left for omise would go to that server too.
fn run(stand: &Stand, folder: &TempDir, typed: &[&str]) -> Output {
    let origin = stand.server.origin();
    let port = origin.rsplit(':').next().unwrap();
    let mut keys = with("OMISE_SECRET_KEY", "skey_0123456789abcdefghi");
    let own: Vec<(&str, String)> = stand.world().environment().to_vec();
    keys.retain(|(name, _)| !name.starts_with("MYTPE"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().envs(keys);
    command.envs(own.into_iter().filter(|(name, _)| name.starts_with("MYTPE")));
    command.arg("run").args(typed).arg("--state").arg(folder.path().join("state"));
    command.args(["--baseline", "none", "--retry", "0", "--target", "omise=https://api.omise.co", "--target"]);
    command.arg(format!("mytpe={origin}")).arg("--connect-to").arg(format!("api.omise.co:443:127.0.0.1:{port}"));
    command.output().unwrap()
}

/// What a JSON report says of every vendor's cases: how many came to a verdict.
fn came(report: &Value, vendor: &str, verdict: &str) -> usize {
    let cases = report["cases"].as_array().unwrap().iter();
    cases.filter(|case| case["vendor"] == vendor && case["verdict"] == verdict).count()
}

fn json(folder: &TempDir, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
}

#[test]
fn the_others_are_asked_and_the_refused_ones_cases_are_green_nowhere() {
    let (stand, folder) = (World::default().serve(), tempfile::tempdir().unwrap());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (report, junit, tap, markdown) = (path("run.json"), path("run.xml"), path("run.tap"), path("run.md"));
    let written =
        ["--report-json", &report, "--report-junit", &junit, "--report-tap", &tap, "--report-markdown", &markdown];
    let output = run(&stand, &folder, &written);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(6), "{out}{err}");
    assert!(err.contains("refused: $OMISE_SECRET_KEY is not a test key"), "{err}");
    let received = stand.server.received();
    assert!(!received.is_empty() && received.iter().all(|request| request.path.starts_with("/api/")), "mytpe's alone");
    let saved = json(&folder, "run.json");
    assert_eq!(saved["summary"]["exit_code"], 6);
    let (refused, conform) = (came(&saved, "omise", "refused"), came(&saved, "mytpe", "conforms"));
    assert!(refused > 10 && conform > 5, "{refused} refused, {conform} conform");
    assert!(out.contains(&format!("\nrefused {refused} cases:\n")), "{out}");
    assert_eq!(came(&saved, "omise", "conforms") + came(&saved, "mytpe", "refused"), 0);
    for case in saved["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "refused") {
        assert!(case["reason"].as_str().unwrap().contains("--allow live-key=omise"), "{case:#}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("run.xml").contains(&format!("errors=\"{refused}\"")), "{}", read("run.xml"));
    assert_eq!(read("run.tap").matches("not ok ").count(), refused);
    assert!(read("run.md").starts_with("## Proviso: the guard refused a vendor\n"), "{}", read("run.md"));
    // Merged and judged again, the run ends as it did.
    for typed in [["merge", report.as_str()], ["judge", report.as_str()]] {
        let mut again = Command::new(env!("CARGO_BIN_EXE_proviso"));
        let again = again.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().args(typed).output().unwrap();
        assert_eq!(again.status.code(), Some(6), "{typed:?}: {}", String::from_utf8_lossy(&again.stdout));
    }
}

#[test]
fn a_violation_of_the_others_outranks_the_refusal() {
    let lie = lies_for(Vendor::Mytpe).into_iter().next().unwrap();
    let (stand, folder) = (World::default().telling(lie).serve(), tempfile::tempdir().unwrap());
    let report = folder.path().join("run.json").display().to_string();
    let output = run(&stand, &folder, &["--report-json", &report]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let saved = json(&folder, "run.json");
    assert!(came(&saved, "omise", "refused") > 10 && came(&saved, "mytpe", "violates") > 0);
}

#[test]
fn the_permit_lets_the_refused_one_be_asked_too() {
    let (stand, folder) = (World::default().serve(), tempfile::tempdir().unwrap());
    let output = run(&stand, &folder, &["--allow", "live-key=omise", "--timeout", "500ms"]);
    let out = String::from_utf8_lossy(&output.stdout);
    // The server speaks no TLS, so it looks dead to who is let through.
    assert_eq!(output.status.code(), Some(3), "{out}");
    assert!(out.contains("does not answer at https://api.omise.co"), "{out}");
}
