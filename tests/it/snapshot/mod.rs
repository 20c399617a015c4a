//! Accepted answers against servers that change: what differs by nature never shows, whatever else differs does.

mod broken;
mod drift;
mod files;
mod judge;
mod nature;

use crate::runner::{Told, quick, run, specs};
use crate::servers::http::{Answer, Received, Server, locked};
use crate::servers::world::World;
use proviso::contract::Loaded;
use proviso::contract::case::Selection;
use proviso::http::exchange::{Headers, Request};
use proviso::mock::{Mock, MockSettings};
use proviso::run::RunPlan;
use proviso::run::snapshot::Baselines;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// Contracts, and a folder of baselines for runs against them.
pub(crate) struct Rig {
    pub(crate) loaded: Rc<Loaded>,
    pub(crate) folder: PathBuf,
    _kept: Option<TempDir>,
    pub(crate) selection: Selection,
}

impl Rig {
    /// This repository's contracts and no baselines.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        Self {
            loaded: Rc::new(specs()),
            folder: folder.path().to_owned(),
            _kept: Some(folder),
            selection: Selection::default(),
        }
    }

    /// Another one with the same baselines, for one case.
    pub(crate) fn only(&self, case: &str) -> Self {
        let selection = Selection { only: Some([case.to_owned()].into()), ..Selection::default() };
        Self { loaded: Rc::clone(&self.loaded), folder: self.folder.clone(), _kept: None, selection }
    }

    /// The same, for the cases that hold a part of a name.
    pub(crate) fn of(filter: &str) -> Self {
        let selection = Selection { filters: vec![filter.to_owned()], ..Selection::default() };
        Self { selection, ..Self::new() }
    }

    pub(crate) fn baselines(&self) -> Baselines {
        Baselines { root: self.folder.clone(), ..Baselines::default() }
    }

    /// A run against a world, whose answers are changed on their way.
    pub(crate) fn run(
        &self,
        world: World,
        change: impl Fn(&Received, Answer) -> Answer + Send + Sync + 'static,
    ) -> Told {
        self.run_with(world, self.baselines(), change)
    }

    pub(crate) fn run_with(
        &self,
        world: World,
        baselines: Baselines,
        change: impl Fn(&Received, Answer) -> Answer + Send + Sync + 'static,
    ) -> Told {
        let environment = world.environment();
        let world = Arc::new(Mutex::new(world));
        let server = Server::start(move |request| {
            let answer = locked(&world).answer(request);
            change(request, answer)
        });
        let settings = RunPlan { baselines: Some(baselines), ..quick() };
        run(&self.loaded, server.origin(), &environment, &self.selection, &settings)
    }

    /// A run against the mock, whose answers are changed on their way.
    pub(crate) fn run_mock(&self, change: impl Fn(&Received, Answer) -> Answer + Send + Sync + 'static) -> Told {
        let mock = Mock::new(Arc::clone(&self.loaded.contracts), &MockSettings::default()).unwrap();
        let variables = mock.environment();
        let server = Server::start(move |request| {
            mock.set_origin(&request.origin);
            let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
            let told = mock.respond(&Request {
                method: request.method.clone(),
                url: format!("{}{query}", request.path),
                headers: Headers(request.headers.clone()),
                body: (!request.body.is_empty()).then(|| request.body.clone().into()),
            });
            change(request, Answer { status: told.status, headers: told.headers.0, body: told.body.to_vec() })
        });
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let settings = RunPlan { baselines: Some(self.baselines()), ..quick() };
        run(&self.loaded, server.origin(), &variables, &self.selection, &settings)
    }

    /// Takes every pending answer as accepted.
    pub(crate) fn accept(&self) {
        for path in self.files(".snap.new") {
            fs::rename(&path, path.with_extension("")).unwrap();
        }
    }

    /// The files with an end of a name.
    pub(crate) fn files(&self, end: &str) -> Vec<PathBuf> {
        let all = walkdir::WalkDir::new(&self.folder).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = all.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
        files.filter(|path| path.to_string_lossy().ends_with(end)).collect()
    }
}

/// The answer as it came.
pub(crate) fn unchanged(_: &Received, answer: Answer) -> Answer {
    answer
}
