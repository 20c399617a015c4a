//! Where the program may not write, need not write, or is told what to sweep.

use super::Bench;
use super::crash::program;
use proviso::http::exchange::{Headers, Request};
use proviso::mock::MockSettings;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The program with a folder of what runs remember, and nothing of the environment.
fn proviso(state: &Path, typed: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.env_clear().current_dir(concat!(env!("CARGO_MANIFEST_DIR"))).stdin(Stdio::null());
    command.arg("--state").arg(state).args(typed);
    command
}

#[test]
fn the_embedded_mock_needs_no_ledger_and_no_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = proviso(folder.path(), &["run"]);
    command.envs([("SSL_CERT_FILE", "/nowhere/ca.pem"), ("SSL_CERT_DIR", "/nowhere")]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(!folder.path().join("ledger").exists());
    // Nor does it matter that nothing can be remembered.
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let output = proviso(&file, &["run"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("the run is not remembered"), "{}", told(&output));
}

/// Where nobody may write, whoever asks; root may write to any other folder, whatever it says.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_nobody_may_write_to_stops_the_run_before_it_makes_anything() {
    let bench = Bench::new();
    let output = program(Path::new("/proc"), bench.server.origin(), &bench.variables).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let said = told(&output);
    assert!(said.contains("could not be written down in /proc/ledger"), "{said}");
    assert_eq!(said.matches("nothing is made at").count(), 3, "once a vendor: {said}");
    assert_eq!((bench.server.requests(), bench.left()), (0, Vec::new()));
}

/// The device that is always full: the report is lost and said to be, the run is not.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_finds_the_disk_full_is_told_and_everything_else_goes_on() {
    let bench = Bench::new();
    let json = bench.state().join("run.json");
    let mut command = program(bench.state(), bench.server.origin(), &bench.variables);
    command.args(["--report-junit", "/dev/full", "--report-ndjson", "/dev/full/", "--report-json"]).arg(&json);
    let refused = command.output().unwrap();
    assert_eq!((refused.status.code(), bench.server.requests()), (Some(2), 0), "{}", told(&refused));
    let mut command = program(bench.state(), bench.server.origin(), &bench.variables);
    command.args(["--report-junit", "/dev/full", "--report-json"]).arg(&json);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(told(&output).contains("cannot write the junit report to /dev/full"), "{}", told(&output));
    assert!(serde_json::from_slice::<Value>(&std::fs::read(json).unwrap()).is_ok());
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

#[test]
fn a_sweep_says_of_each_ledger_why_it_cannot_take_it() {
    let bench = Bench::new();
    bench.write("newer", &Bench::first().replace("\"version\":1", "\"version\":7"));
    bench.write("damaged", "nonsense\nand more\n");
    let output = proviso(bench.state(), &["sweep"]).envs(&bench.variables).output().unwrap();
    let said = told(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("version 7") && said.matches("unread").count() == 2, "{said}");
    assert_eq!(bench.ledgers().len(), 2);
}

#[test]
fn what_is_shown_for_debugging_shows_no_value() {
    const VALUE: &str = "skey_test_canary";
    let mut headers = Headers::default();
    headers.set("Authorization", VALUE);
    let body = Some(VALUE.into());
    let request = Request { method: "GET".to_owned(), url: format!("http://h/?key={VALUE}"), headers, body };
    let response =
        proviso::http::exchange::Response { status: 200, headers: request.headers.clone(), body: VALUE.into() };
    let settings = MockSettings { values: [("KEY".to_owned(), VALUE.to_owned())].into(), ..MockSettings::default() };
    let shown = format!("{request:?} {response:?} {settings:?}");
    assert!(shown.contains("Authorization") && shown.contains("KEY") && !shown.contains(VALUE), "{shown}");
}
