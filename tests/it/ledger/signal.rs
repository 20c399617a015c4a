//! The program itself, interrupted as people and pipelines do it: what it writes, what it leaves, how it ends.

use super::crash::program;
use super::{Bench, mark};
use crate::servers::http::{Answer, Received, locked};
use proviso::contract::case::compile;
use proviso::run::Sweeping;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

/// The process that is signalled, once it has begun.
#[derive(Default)]
struct Process {
    id: Mutex<Option<u32>>,
    begun: Condvar,
}

impl Process {
    fn is(&self, child: &Child) {
        *locked(&self.id) = Some(child.id());
        self.begun.notify_all();
    }

    fn signal(&self, name: &str) {
        let id = self.begun.wait_while(locked(&self.id), |id| id.is_none()).unwrap().unwrap();
        // A shell has this built in, wherever there are signals.
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().unwrap();
        assert!(status.success(), "kill -{name}");
    }
}

/// A door that requests wait at until it is opened.
#[derive(Default)]
struct Door {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Door {
    fn pass(&self) {
        drop(self.opened.wait_while(locked(&self.open), |open| !*open).unwrap());
    }

    fn open(&self) {
        *locked(&self.open) = true;
        self.opened.notify_all();
    }
}

/// Runs the program to its end, however that comes.
fn run(bench: &Bench, process: &Process, typed: &[&str]) -> Output {
    run_by(program(bench.state(), bench.server.origin(), &bench.variables), process, typed)
}

/// A program whose parent ignores these signals, as `nohup` and some pipelines do.
fn ignoring(signals: &str, command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("trap '' {signals}; exec \"$0\" \"$@\"")]).arg(command.get_program());
    shell.args(command.get_args()).env_clear().stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell.current_dir(command.get_current_dir().unwrap());
    shell
}

fn run_by(mut command: Command, process: &Process, typed: &[&str]) -> Output {
    let child = command.args(typed).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.is(&child);
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The verdicts and reasons in a JSON report.
fn judged(path: &PathBuf) -> Vec<(String, String)> {
    let report: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = report["cases"].as_array().unwrap().clone();
    let text = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    cases.iter().map(|case| (text(case, "verdict"), text(case, "reason"))).collect()
}

/// The program, signalled when a request of some number arrives, from the server's side.
fn interrupted_at(number: usize, signal: &'static str, jobs: &str) {
    interrupted_under("", number, signal, jobs);
}

/// The same under a parent that ignores some signals.
fn interrupted_under(ignored: &str, number: usize, signal: &'static str, jobs: &str) {
    let process = Arc::new(Process::default());
    let (victim, count) = (Arc::clone(&process), AtomicUsize::new(0));
    let bench = Bench::answering(move |_, truth| {
        if count.fetch_add(1, Ordering::SeqCst) + 1 == number {
            victim.signal(signal);
        }
        truth()
    });
    let [json, junit] = ["run.json", "run.xml"].map(|name| bench.state().join(name));
    let typed = ["--jobs", jobs, "--report-json", json.to_str().unwrap(), "--report-junit", junit.to_str().unwrap()];
    let command = program(bench.state(), bench.server.origin(), &bench.variables);
    let command = if ignored.is_empty() { command } else { ignoring(ignored, &command) };
    let output = run_by(command, &process, &typed);
    bench.server.quiet();
    let at = format!("{signal} at request {number}, {jobs} jobs:\n{}", told(&output));
    assert_eq!(output.status.code(), Some(130), "{at}");
    assert!(at.contains("interrupted: what was made is being removed"), "{at}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "{at}");
    let cases = judged(&json);
    assert_eq!(cases.len(), compile(&bench.loaded.contracts).len(), "{at}");
    let cut = cases.iter().filter(|(verdict, reason)| verdict == "not_run" && reason == "interrupted").count();
    assert!(cut > 0, "{at}");
    let conform = cases.iter().filter(|(verdict, _)| verdict == "conforms").count();
    assert!(number < 100 || conform > 0, "what was judged before is told: {at}");
    assert!(!at.contains("violate") && !at.contains("left behind"), "{at}");
    let suites = std::fs::read_to_string(&junit).unwrap();
    assert!(suites.trim_end().ends_with("</testsuites>") && suites.contains("interrupted"), "{suites}");
}

#[test]
fn the_first_ctrl_c_writes_the_reports_removes_everything_and_ends_with_130() {
    for (number, jobs) in [(1, "64"), (20, "1"), (60, "4"), (100, "64")] {
        interrupted_at(number, "INT", jobs);
    }
}

#[test]
fn a_pipeline_that_asks_the_run_to_end_is_heard_like_ctrl_c() {
    interrupted_at(100, "TERM", "8");
}

#[test]
fn ctrl_c_is_heard_although_the_parent_ignores_it() {
    interrupted_under("INT HUP", 60, "INT", "4");
}

#[test]
fn a_run_under_nohup_goes_on_when_its_terminal_is_gone() {
    let process = Arc::new(Process::default());
    let (victim, count) = (Arc::clone(&process), AtomicUsize::new(0));
    let bench = Bench::answering(move |_, truth| {
        if count.fetch_add(1, Ordering::SeqCst) == 20 {
            victim.signal("HUP");
        }
        truth()
    });
    let command = ignoring("INT HUP", &program(bench.state(), bench.server.origin(), &bench.variables));
    let output = run_by(command, &process, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("68 conform"), "{}", told(&output));
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_the_sweep_finds_the_rest() {
    let (process, door) = (Arc::new(Process::default()), Arc::new(Door::default()));
    let (victim, closed, stuck) = (Arc::clone(&process), Arc::clone(&door), AtomicUsize::new(0));
    let made = AtomicUsize::new(0);
    // One case at a time: once its request is stuck, the next to come can only be of the cleaning.
    let bench = Bench::answering(move |request, truth| {
        if stuck.load(Ordering::SeqCst) == 0 && (request.method == "POST" || made.load(Ordering::SeqCst) == 0) {
            made.fetch_add(1, Ordering::SeqCst);
            return truth();
        }
        if stuck.fetch_add(1, Ordering::SeqCst) < 2 {
            victim.signal("INT");
        }
        closed.pass();
        truth()
    });
    let json = bench.state().join("run.json");
    let typed = ["--vendor", "omise", "--jobs", "1", "--timeout", "5m", "--report-json", json.to_str().unwrap()];
    let output = run(&bench, &process, &typed);
    // The door is still closed: nobody waited for the vendor.
    assert_eq!(output.status.code(), Some(130), "{}", told(&output));
    assert!(!json.exists() && !told(&output).contains("left behind"), "no tidying up: {}", told(&output));
    assert!(!bench.left().is_empty() && bench.ledgers().len() == 1, "{}", told(&output));
    door.open();
    bench.server.quiet();
    let swept = bench.sweep(&Sweeping::default());
    assert!(swept.is_clean(), "{swept:?}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

/// A pipe with a name, which nobody reads.
fn pipe(bench: &Bench, name: &str) -> PathBuf {
    let path = bench.state().join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn a_report_into_a_pipe_that_nobody_opens_ends_when_it_is_asked_to() {
    let bench = Bench::answering(|_, truth| truth());
    let path = pipe(&bench, "run.json");
    let mut command = program(bench.state(), bench.server.origin(), &bench.variables);
    let typed = ["--report-json", path.to_str().unwrap()];
    let mut child = command.args(typed).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = Process::default();
    process.is(&child);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains(" conform, ")), "all is judged, and the report alone is left");
    process.signal("TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

#[test]
fn a_report_into_a_pipe_that_is_full_ends_when_it_is_asked_to() {
    let (process, count) = (Arc::new(Process::default()), AtomicUsize::new(0));
    let victim = Arc::clone(&process);
    let bench = Bench::answering(move |_, truth| {
        if count.fetch_add(1, Ordering::SeqCst) == 60 {
            victim.signal("TERM");
        }
        truth()
    });
    let path = pipe(&bench, "run.ndjson");
    // Open at both ends, so that nothing waits for a reader, and never read.
    let unread = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let full = vec![b' '; 1 << 20];
    rustix::fs::fcntl_setfl(&unread, rustix::fs::OFlags::NONBLOCK).unwrap();
    while (&unread).write(&full).is_ok() {}
    let output = run(&bench, &process, &["--jobs", "1", "--report-html", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(130), "{}", told(&output));
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "{}", told(&output));
}

#[test]
fn a_run_whose_time_is_up_writes_its_reports_removes_everything_and_ends_with_3() {
    let door = Arc::new(Door::default());
    let (closed, count) = (Arc::clone(&door), AtomicUsize::new(0));
    let bench = Bench::answering(move |request: &Received, truth: &dyn Fn() -> Answer| {
        if count.fetch_add(1, Ordering::SeqCst) > 60 && request.method == "GET" {
            closed.pass();
        }
        truth()
    });
    let json = bench.state().join("run.json");
    let typed = ["--jobs", "1", "--max-time", "5s", "--timeout", "5m", "--report-json", json.to_str().unwrap()];
    let output = run(&bench, &Process::default(), &typed);
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "{}", told(&output));
    let cases = judged(&json);
    assert_eq!(cases.len(), compile(&bench.loaded.contracts).len());
    let count = |wanted: &str| cases.iter().filter(|(verdict, _)| verdict == wanted).count();
    assert!(count("conforms") > 0 && count("undetermined") > 0, "{cases:?}");
    assert!(cases.iter().any(|(_, reason)| reason == "not finished: --max-time is up"), "{cases:?}");
    door.open();
}

/// A sweep of five things that is interrupted at the third, and the next one.
fn finished_by_the_next(ignored: &str, leave: impl Fn(&Bench), ledgers: usize) {
    let process = Arc::new(Process::default());
    let (victim, removed) = (Arc::clone(&process), AtomicUsize::new(0));
    let bench = Bench::answering(move |request, truth| {
        if request.method == "DELETE" && removed.fetch_add(1, Ordering::SeqCst) == 2 {
            victim.signal("INT");
        }
        truth()
    });
    leave(&bench);
    let sweep = |process: &Process| -> (ExitStatus, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.env_clear().envs(&bench.variables).current_dir(bench.state()).stdin(Stdio::null());
        command.args(["--specs", concat!(env!("CARGO_MANIFEST_DIR"), "/specs"), "--state"]).arg(bench.state());
        command.args(["sweep", "--target", &format!("omise={}", bench.server.origin())]);
        let mut command = if ignored.is_empty() { command } else { ignoring(ignored, &command) };
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        process.is(&child);
        let output = child.wait_with_output().unwrap();
        bench.server.quiet();
        (output.status, told(&output))
    };
    let (status, said) = sweep(&process);
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(said.ends_with("interrupted: `proviso sweep` again finds the rest\n"), "{said}");
    assert!(!bench.left().is_empty() && bench.ledgers().len() == ledgers, "{status}: {said}");
    let (status, said) = sweep(&Process::default());
    assert_eq!(status.code(), Some(0), "{said}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "{said}");
}

#[test]
fn a_sweep_that_is_interrupted_is_finished_by_the_next() {
    let by_ledger = |bench: &Bench| {
        let links: Vec<(String, String)> = (0..5).map(mark).map(|mark| (mark.clone(), bench.link(&mark))).collect();
        bench.ledger(&links.iter().map(|(mark, id)| (mark.as_str(), Some(id.as_str()))).collect::<Vec<_>>());
    };
    finished_by_the_next("", by_ledger, 1);
    finished_by_the_next("INT HUP", by_ledger, 1);
    finished_by_the_next("", |bench| (0..5).for_each(|number| drop(bench.link(&mark(number)))), 0);
}
