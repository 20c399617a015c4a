//! What runs make is written down before it is made, and gone when they end: by themselves, early, or by a sweep after their death.

mod crash;
mod cut;
mod forged;
mod marked;
mod places;
mod signal;
mod sweep;

use crate::runner::specs;
use crate::servers::http::{Answer, Received, Server, locked};
use crate::servers::world::World;
use proviso::contract::Loaded;
use proviso::contract::case::{Selection, compile};
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::run::event::{CaseResult, Event, Notice};
use proviso::run::{
    Answers, Destination, Listener, Parties, Party, RunContext, RunPlan, SweepResult, Sweeping, Teller, conduct,
};
use proviso::text::secret::Redactor;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// A truthful world behind a socket, the contracts, and a folder of what runs remember.
struct Bench {
    loaded: Loaded,
    world: Arc<Mutex<World>>,
    server: Server,
    folder: TempDir,
    variables: HashMap<String, String>,
}

/// What a run told.
#[derive(Debug, Default)]
struct Told {
    results: Vec<CaseResult>,
    notices: Vec<Notice>,
}

impl Told {
    fn notices(&self, kind: &str) -> Vec<&str> {
        self.notices.iter().filter(|notice| notice.kind == kind).map(|notice| notice.message.as_str()).collect()
    }
}

impl Bench {
    /// A world that always answers.
    fn new() -> Self {
        Self::answering(|_, truth| truth())
    }

    /// A world whose answers somebody gives who may ask for the truth, or not.
    fn answering(hook: impl Fn(&Received, &dyn Fn() -> Answer) -> Answer + Send + Sync + 'static) -> Self {
        let world = World::default();
        let variables = world.environment().map(|(name, value)| (name.to_owned(), value)).into();
        let world = Arc::new(Mutex::new(world));
        let behind = Arc::clone(&world);
        let server = Server::start(move |request| hook(request, &|| locked(&behind).answer(request)));
        Self { loaded: specs(), world, server, folder: tempfile::tempdir().unwrap(), variables }
    }

    fn state(&self) -> &Path {
        self.folder.path()
    }

    /// The ledgers that are there.
    fn ledgers(&self) -> Vec<PathBuf> {
        ledgers(self.state())
    }

    /// Writes a ledger as a run would have that is gone now.
    fn write(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.state().join("ledger").join(format!("{name}.jsonl"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, lines).unwrap();
        path
    }

    /// What is left at the vendors.
    fn left(&self) -> Vec<String> {
        locked(&self.world).left()
    }

    /// A plan for this machine: short waits, and a ledger.
    fn settings(&self) -> RunPlan {
        let mut settings = crate::runner::quick();
        settings.state = Some(self.state().to_owned());
        settings
    }

    /// Does something with a run and every vendor.
    fn with<T>(
        &self,
        settings: &RunPlan,
        sink: &mut dyn FnMut(Event),
        body: impl for<'a> AsyncFnOnce(&RunContext<'a>, &Parties<'a>) -> T,
    ) -> T {
        with(&self.loaded, self.server.origin(), &self.variables, settings, sink, body)
    }

    /// Runs the cases of a selection until somebody interrupts it.
    fn run(&self, selection: &Selection, settings: &RunPlan, interrupted: impl Future<Output = ()>) -> Told {
        let mut told = Told::default();
        let mut sink = |event| match event {
            Event::CaseFinished(result) => told.results.push(*result),
            Event::Notice(notice) => told.notices.push(notice),
            _ => {}
        };
        let cases = selection.select(&self.loaded.contracts, compile(&self.loaded.contracts));
        self.with(settings, &mut sink, async |run, parties| {
            conduct(run, parties, &cases, interrupted).await;
        });
        told
    }

    /// Sweeps what killed runs have left at this world.
    fn sweep(&self, sweeping: &Sweeping) -> SweepResult {
        self.with(&self.settings(), &mut |_| {}, async |run, parties| {
            proviso::run::sweep(run, parties.as_slice(), self.state(), sweeping).await
        })
    }
}

/// Does something with a run and every vendor at an origin.
fn with<T>(
    loaded: &Loaded,
    origin: &str,
    variables: &HashMap<String, String>,
    settings: &RunPlan,
    sink: &mut dyn FnMut(Event),
    body: impl for<'a> AsyncFnOnce(&RunContext<'a>, &Parties<'a>) -> T,
) -> T {
    let vendors = loaded.contracts.vendors.iter();
    let party = |vendor| Party::new(vendor, Destination::url(vendor, "test", origin).unwrap(), variables, None);
    let parties: Parties<'_> = vendors.map(party).collect();
    let secrets = parties.iter().flat_map(|party| &party.credentials);
    let (redactor, _) = Redactor::new(secrets.map(|(name, secret)| (name.as_str(), secret)));
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let sender = Sender::new(&SendSettings { timeout: Duration::from_mins(1), ..SendSettings::default() }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answers = Answers::Sent(&sender);
    let run = RunContext::new(&loaded.contracts, answers, settings, teller, Listener::Events(sink));
    runtime.block_on(body(&run, &parties))
}

fn ledgers(state: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(state.join("ledger")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The run of the ledgers that tests write, and one of its marks.
const RUN: &str = "tk0pwx01234567";

fn mark(number: usize) -> String {
    format!("proviso-{RUN}-{number}")
}

/// A mark of a run that began so long ago: the seconds in base 36, then eight digits.
fn mark_of(age: Duration, number: usize) -> String {
    let mut rest = (SystemTime::now() - age).duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let mut start = String::new();
    while rest > 0 {
        start.insert(0, char::from_digit((rest % 36).try_into().unwrap(), 36).unwrap());
        rest /= 36;
    }
    format!("proviso-{start}76543210-{number}")
}

/// The program that sweeps with the contracts of this repository: how it ended, and what it wrote.
fn swept_by(bench: &Bench, typed: &[&str]) -> (Option<i32>, String) {
    swept_at(bench, &Path::new(env!("CARGO_MANIFEST_DIR")).join("specs"), typed)
}

/// The same with other contracts.
fn swept_at(bench: &Bench, specs: &Path, typed: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.env_clear().envs(&bench.variables).current_dir(bench.state()).stdin(Stdio::null());
    command.arg("--specs").arg(specs).arg("--state").arg(bench.state());
    let output = command.arg("sweep").args(typed).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), told.into_owned())
}

/// One vendor's cases.
fn vendor(name: &str) -> Selection {
    Selection { vendors: vec![name.to_owned()], ..Selection::default() }
}
