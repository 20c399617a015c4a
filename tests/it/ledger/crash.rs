//! Runs that are killed: whatever they had made, or were about to make, the sweep finds and removes.

use super::{Bench, ledgers, vendor};
use crate::servers::http::{Answer, Received, Server, locked};
use crate::servers::world::World;
use proviso::run::{Look, Sweeping};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often a run is killed; by hand, the variable sets another number.
const ROUNDS: usize = 20;
const ROUNDS_VARIABLE: &str = "PROVISO_CRASH_ROUNDS";
/// Where the random points begin.
const SEED: u64 = 20_261_121;

/// The request at which a run is killed, and whether it has been acted on by then.
#[derive(Debug, Clone, Copy)]
struct Point {
    request: usize,
    acted: bool,
}

/// A child process that the server can kill.
type Victim = Arc<Mutex<Option<Child>>>;

fn kill(victim: &Victim) {
    if let Some(child) = locked(victim).as_mut() {
        // On these systems that is SIGKILL, which nobody can catch.
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Answers with the truth, and kills the client at one request.
fn deadly(victim: &Victim, point: Option<Point>) -> impl Fn(&Received, &dyn Fn() -> Answer) -> Answer + use<> {
    let (victim, count) = (Arc::clone(victim), AtomicUsize::new(0));
    move |_, truth| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        let due = point.filter(|point| point.request == number);
        if due.is_some_and(|point| !point.acted) {
            kill(&victim);
        }
        let answer = truth();
        if due.is_some_and(|point| point.acted) {
            kill(&victim);
        }
        answer
    }
}

/// Runs the program as a process of its own, to its end or its death.
fn run(bench: &Bench, victim: &Victim, typed: &[&str]) {
    let mut held = locked(victim);
    let mut command = program(bench.state(), bench.server.origin(), &bench.variables);
    let mut child = command.args(typed).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    *held = Some(child);
    drop(held);
    // The end of its output is its end, however it came.
    out.read_to_end(&mut Vec::new()).unwrap();
    locked(victim).as_mut().unwrap().wait().unwrap();
    bench.server.quiet();
}

/// The program with the contracts of this repository and nothing else of where the tests run.
pub(super) fn program(state: &Path, origin: &str, variables: &std::collections::HashMap<String, String>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/specs");
    command.env_clear().envs(variables).current_dir(state).stdin(Stdio::null());
    command.args(["--specs", specs, "--state"]).arg(state).args(["run", "--target", origin]);
    command
}

#[test]
fn what_killed_runs_leave_is_swept() {
    let rounds = std::env::var(ROUNDS_VARIABLE).ok().map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let typed = ["--vendor", "omise"];
    let victim = Victim::default();
    let whole = Bench::answering(deadly(&victim, None));
    run(&whole, &victim, &typed);
    let requests = whole.server.requests();
    assert_eq!((whole.left(), whole.ledgers()), (Vec::new(), Vec::new()), "a run that ends leaves nothing");
    assert!(requests > 50, "{requests} requests");
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut leaving = 0;
    for round in 0..rounds {
        let point = Point { request: random.usize(1..=requests), acted: random.bool() };
        let jobs = ["1", "4", "64"][random.usize(..3)];
        let bench = Bench::answering(deadly(&victim, Some(point)));
        run(&bench, &victim, &["--vendor", "omise", "--jobs", jobs]);
        leaving += usize::from(!bench.left().is_empty());
        let swept = bench.sweep(&Sweeping::default());
        let told = format!("round {round}, {point:?}, {jobs} jobs: {swept:#?}");
        assert_eq!(bench.left(), Vec::<String>::new(), "{told}");
        assert!(swept.is_clean(), "{told}");
        assert_eq!(bench.ledgers(), Vec::<std::path::PathBuf>::new(), "{told}");
    }
    println!("{leaving} of {rounds} killed runs left something behind; after the sweep none did");
    assert!(leaving * 3 >= rounds, "only {leaving} of {rounds} kills left anything, so this tested little");
}

#[test]
fn what_a_vendor_does_not_list_is_named() {
    for name in ["gafapay", "mytpe"] {
        let victim = Victim::default();
        // The first request is the canary's, a read; the second one is a create.
        let bench = Bench::answering(deadly(&victim, Some(Point { request: 2, acted: true })));
        run(&bench, &victim, &["--vendor", name, "--jobs", "1", "/live"]);
        assert_eq!(bench.left().len(), 1, "{name}");
        let swept = bench.sweep(&Sweeping::default());
        let [leftover] = swept.remaining.as_slice() else { panic!("{swept:?}") };
        let mark = &leftover.mark.unwrap().to_string();
        let sent = String::from_utf8(bench.server.received()[1].body.clone()).unwrap();
        assert!(sent.contains(mark) && leftover.name.contains(mark), "{leftover:?} of {sent}");
        assert!(leftover.why.as_deref().unwrap().contains("look for the mark"), "{leftover:?}");
        assert!(!swept.is_clean() && swept.removed.is_empty());
        assert_eq!(
            bench.ledgers(),
            std::slice::from_ref(leftover.ledger.as_ref().unwrap()),
            "who has looked deletes it"
        );
    }
}

#[test]
fn an_id_is_on_record_before_the_next_step() {
    for name in ["gafapay", "mytpe"] {
        let victim = Victim::default();
        let bench = Bench::answering(deadly(&victim, Some(Point { request: 3, acted: false })));
        run(&bench, &victim, &["--vendor", name, "--jobs", "1", "/live"]);
        let swept = bench.sweep(&Sweeping::default());
        // Nothing of this vendor's can be found by its mark.
        let [leftover] = swept.removed.as_slice() else { panic!("{name}: {swept:?}") };
        assert!(leftover.id.is_some() && swept.is_clean(), "{name}: {swept:?}");
        assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()), "{name}");
    }
}

#[test]
fn a_run_is_not_disturbed_by_another_one_nor_by_a_sweep() {
    let (inside, outside) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None::<Box<dyn FnMut() + Send>>)));
    let count = AtomicUsize::new(0);
    let hook = Arc::clone(&outside);
    let bench = Arc::new(Bench::answering(move |_, truth| {
        // Somewhere in the middle, both runs being under way.
        if count.fetch_add(1, Ordering::SeqCst) == 60 {
            let mut hook = locked(&hook).take().unwrap();
            hook();
        }
        truth()
    }));
    let (sweeper, swept) = (Arc::clone(&bench), Arc::clone(&inside));
    *locked(&outside) = Some(Box::new(move || {
        let look = Some(Look { always: true, older_than: Duration::ZERO });
        let other = sweeper.sweep(&Sweeping { look, ..Sweeping::default() });
        locked(&swept).push((ledgers(sweeper.state()).len(), other));
    }));
    let run = |bench: Arc<Bench>| {
        std::thread::spawn(move || bench.run(&vendor("omise"), &bench.settings(), std::future::pending()))
    };
    let runs = [run(Arc::clone(&bench)), run(Arc::clone(&bench))].map(|run| run.join().unwrap());
    for told in &runs {
        let wrong = told.results.iter().find(|result| !matches!(result.verdict.as_str(), "conforms" | "skipped"));
        assert!(wrong.is_none() && told.notices.is_empty(), "{wrong:?} {:?}", told.notices);
    }
    let inside = locked(&inside);
    let [(there, swept)] = inside.as_slice() else { panic!("the sweep came once") };
    assert!(*there > 0 && swept.held == *there, "{there}: {swept:?}");
    assert!(swept.removed.is_empty() && swept.remaining.is_empty() && swept.young > 0, "{swept:?}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

/// The program where files may not grow beyond so many blocks.
#[cfg(unix)]
fn run_on_a_full_disk(blocks: usize) -> (Bench, std::process::Output) {
    let bench = Bench::new();
    let mut program = program(bench.state(), bench.server.origin(), &bench.variables);
    program.args(["--vendor", "omise", "--jobs", "1"]);
    let mut shell = Command::new("sh");
    shell.env_clear().envs(&bench.variables).current_dir(bench.state()).stdin(Stdio::null());
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    let output = shell.arg(program.get_program()).args(program.get_args()).output().unwrap();
    bench.server.quiet();
    (bench, output)
}

#[cfg(unix)]
#[test]
fn nothing_is_made_that_cannot_be_written_down() {
    let (bench, output) = run_on_a_full_disk(0);
    assert_eq!(bench.server.requests(), 0);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("could not be written down"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_in_the_middle_ends_the_making_and_not_the_cleaning() {
    let (bench, output) = run_on_a_full_disk(2);
    let made = bench.server.received().iter().filter(|request| request.method == "POST").count();
    assert!((1..5).contains(&made), "{made} made");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert_eq!((bench.left(), bench.ledgers()), (Vec::new(), Vec::new()));
}

#[test]
fn a_folder_that_is_none_stops_the_run_before_it_makes_anything() {
    let bench = Bench::new();
    let file = bench.state().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let mut settings = bench.settings();
    settings.state = Some(file);
    let told = bench.run(&vendor("omise"), &settings, std::future::pending());
    assert_eq!(bench.server.requests(), 0);
    let [notice] = told.notices("ledger")[..] else { panic!("{:?}", told.notices) };
    assert!(notice.contains("could not be written down") && notice.contains("file"), "{notice}");
    let sent = told.results.iter().filter(|result| result.verdict.as_str() == "undetermined").count();
    assert!(sent > 20, "{sent}");
}

/// The truthful world with every request in order, for what the ledger must say by then.
#[test]
fn an_intent_is_on_record_before_its_request_arrives_and_no_secret_is_ever() {
    let world = World::default();
    let variables: std::collections::HashMap<_, _> =
        world.environment().map(|(name, value)| (name.to_owned(), value)).into();
    let secrets: Vec<String> = variables.values().filter(|&value| value != &world.mytpe.used).cloned().collect();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_owned();
    let (behind, seen) = (Mutex::new(world), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&seen);
    let server = Server::start(move |request| {
        if request.method == "POST" {
            let written: String =
                ledgers(&state).iter().map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect();
            let body = String::from_utf8_lossy(&request.body);
            let intents = written.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
            let marks: Vec<_> = intents.filter_map(|line| Some(line.get("mark")?.as_str()?.to_owned())).collect();
            assert!(marks.iter().any(|mark| body.contains(mark)), "{body} is not in {written}");
            assert!(!secrets.iter().any(|secret| written.contains(secret)), "{written}");
            counted.fetch_add(1, Ordering::SeqCst);
        }
        locked(&behind).answer(request)
    });
    let output = program(folder.path(), server.origin(), &variables).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(seen.load(Ordering::SeqCst) > 20);
}
