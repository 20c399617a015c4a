//! Where the program may not write, need not write, or is told what to sweep.

use super::crash::program;
use super::{Bench, ledgers};
use proviso::exchange::{Headers, Request};
use proviso::mock::Settings;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

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
fn a_sweep_takes_what_it_is_told_to_take() {
    let bench = Bench::new();
    let (old, young) = (bench.link("m-1"), bench.link("m-2"));
    let ledger = |id: &str, age| Bench::first(age) + &bench.intent(1, "m") + &super::sweep::made(1, id);
    bench.write("old", &ledger(&old, Duration::from_hours(3)));
    bench.write("young", &ledger(&young, Duration::from_mins(1)));
    let sweep = |typed: &[&str], code: i32| {
        let mut command = proviso(bench.state(), &["sweep"]);
        let output = command.envs(&bench.variables).args(typed).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{typed:?}: {}", told(&output));
        told(&output)
    };
    let dry = sweep(&["--dry-run"], 0);
    assert!(dry.contains("2 would go") && bench.server.requests() == 0, "{dry}");
    let elsewhere = sweep(&["--target", "http://127.0.0.1:1"], 0);
    assert!(elsewhere.contains("0 removed") && bench.server.requests() == 0, "{elsewhere}");
    let first = sweep(&["--target", bench.server.origin(), "--older-than", "2h"], 0);
    assert!(first.contains(&old) && first.contains("1 ledger too young"), "{first}");
    assert_eq!(bench.left(), std::slice::from_ref(&young));
    let second = sweep(&[], 0);
    assert!(second.contains(&young), "{second}");
    assert_eq!((bench.left(), ledgers(bench.state())), (Vec::new(), Vec::new()));
    let none = sweep(&[], 0);
    assert!(none.contains("0 removed, 0 may remain"), "{none}");
}

#[test]
fn a_sweep_says_of_each_ledger_why_it_cannot_take_it() {
    let bench = Bench::new();
    bench.write("newer", &Bench::first(Duration::ZERO).replace("\"version\":1", "\"version\":7"));
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
    let response = proviso::exchange::Response { status: 200, headers: request.headers.clone(), body: VALUE.into() };
    let settings = Settings { values: [("KEY".to_owned(), VALUE.to_owned())].into(), ..Settings::default() };
    let shown = format!("{request:?} {response:?} {settings:?}");
    assert!(shown.contains("Authorization") && shown.contains("KEY") && !shown.contains(VALUE), "{shown}");
}
