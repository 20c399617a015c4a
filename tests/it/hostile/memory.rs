//! How much memory the program takes, at its most, while a vendor pours out more than anybody wants.

use super::faults::{BROKEN, Fault};
use super::stage::{Rule, Stage};
use crate::servers::reply::{Kind, Vendor};
use crate::servers::world::World;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What no run may pass.
const BOUND: u64 = 200 << 20;

/// The most memory that a process has held so far, as the system counts it.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10)
}

/// A run of the program in which every request that a vendor's case is about meets a fault, all cases at once; its exit code,
/// how often the fault was met, and the most memory that it took.
fn run(fault: Option<&Fault>) -> (i32, usize, u64) {
    // The second vendor's canary makes something, so that it lives while everything else of it is spoiled.
    let spoils = |fault: &Fault| fault.rule(|_, reply| reply.vendor == Vendor::Omise && reply.kind != Kind::New);
    let rules: Vec<Rule> = fault.into_iter().map(spoils).collect();
    let stage = Stage::new(World::default(), rules);
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.env_clear().envs(stage.environment()).current_dir(folder.path()).stdin(Stdio::null());
    command.args([
        "--specs",
        concat!(env!("CARGO_MANIFEST_DIR"), "/specs"),
        "run",
        "links.delete",
        "--target",
        stage.origin(),
    ]);
    command.args(["--jobs", "64", "--retry", "1", "--report-json", "run.json", "--report-har", "run.har"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    let status = loop {
        // The count only grows, so that what is read last before the end is nearly the most.
        most = most.max(peak(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::park_timeout(Duration::from_millis(2));
    };
    (status.code().unwrap(), stage.spoiled(), most)
}

#[cfg(target_os = "linux")]
#[test]
fn no_answer_is_so_large_that_a_run_takes_two_hundred_megabytes() {
    let (code, _, usual) = run(None);
    assert_eq!(code, 0);
    assert!(usual > 1 << 20, "the system counts memory: {usual}");
    println!("{:>4} MB  a run that meets no fault", usual >> 20);
    for name in [
        "a body of 200 MB",
        "a body of 200 MB that promises no length",
        "a body without end",
        "a gzip bomb",
        "JSON 100,000 deep",
    ] {
        let fault = BROKEN.iter().find(|fault| fault.name == name).unwrap();
        let (code, met, most) = run(Some(fault));
        println!("{:>4} MB  {name}, met {met} times", most >> 20);
        assert_eq!(code, 3, "{name}");
        assert!(met > 5, "{name}: met {met} times");
        assert!(most < BOUND, "{name}: {most} bytes");
    }
}
