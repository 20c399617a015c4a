//! The run before, as it is remembered for the next one and for `coverage`: its report, without what was exchanged.

use crate::cli::problem::Problem;
use proviso::judge::verdict::Verdict;
use proviso::report::{self, ReadError, SavedRun};
use proviso::run::event::{Baseline, CaseResult, DriftInfo, Location, UncheckedInfo};
use proviso::text::source::unlinked;
use serde::{Serialize, Serializer};
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// The file of the run before, in the folder of what runs remember.
pub(crate) struct LastRun<'a> {
    state: &'a Path,
    file: PathBuf,
}

impl<'a> LastRun<'a> {
    /// The one in this folder.
    pub(crate) fn new(state: &'a Path) -> Self {
        Self { state, file: state.join("last-run.json") }
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Remembers a run of which the cases are remembered apart.
    pub(crate) fn remember(&self, run: SavedRun, memory: RunMemory) -> io::Result<()> {
        unlinked::create_folder(self.state, self.state)?;
        unlinked::check(self.state, &self.file)?;
        let mut writer = BufWriter::new(tempfile::NamedTempFile::new_in(self.state)?);
        serde_json::to_writer(&mut writer, &run.with_cases(memory.cases))?;
        writer.flush()?;
        writer.into_inner()?.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }

    /// The run, whole but for what is not remembered; none where no run is remembered.
    pub(crate) fn read(&self) -> Result<Option<SavedRun>, Problem> {
        unlinked::check(self.state, &self.file).map_err(Problem::new)?;
        match report::read_run(&self.file) {
            Err(ReadError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            read => {
                let read = read.map_err(|error| Problem::unread_report(&error, "the next run writes it again"))?;
                Ok(Some(read))
            }
        }
    }

    /// The problem that no run is remembered.
    pub(crate) fn absent(&self) -> Problem {
        Problem::new(format_args!("no run is remembered in {}", self.state.display()))
    }

    /// The cases that failed, and those that were not run.
    pub(crate) fn failed_cases(&self) -> Result<HashSet<String>, Problem> {
        let cases = self.read()?.ok_or_else(|| self.absent())?.cases.into_iter();
        Ok(cases.filter(has_failed).map(|case| case.id).collect())
    }
}

fn has_failed(case: &CaseResult) -> bool {
    match case.verdict {
        Verdict::Violates => !case.is_excused(),
        Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => true,
        Verdict::Conforms | Verdict::Drifted | Verdict::Skipped => false,
    }
}

/// The cases of a run as they are remembered: their verdicts, and how they depart. Of one that is as it should be, nothing more is
/// ever needed, and most are.
#[derive(Default)]
pub(crate) struct RunMemory {
    cases: Vec<CaseMemory>,
    /// The results that sound cases have in common, each once.
    shared: HashSet<Rc<SharedResult>>,
    /// The number of cases without a baseline.
    pub(crate) new: usize,
}

enum CaseMemory {
    Sound(SoundCase),
    Other(Box<CaseResult>),
}

/// A case that is as it should be.
struct SoundCase {
    id: Box<str>,
    shared: Rc<SharedResult>,
    duration: Duration,
}

/// The result that all cases of a row have in common.
#[derive(PartialEq, Eq, Hash)]
struct SharedResult {
    vendor: String,
    operation: String,
    row: String,
    chosen: Option<String>,
    alternatives: usize,
    exercised: Vec<String>,
    unchecked: Vec<UncheckedInfo>,
    witnessed: Vec<String>,
    baseline: Option<Baseline>,
}

impl RunMemory {
    /// Remembers a case.
    pub(crate) fn keep(&mut self, case: CaseResult) {
        self.new += usize::from(case.baseline == Some(Baseline::New));
        let case = match case.verdict {
            Verdict::Conforms => CaseMemory::Sound(self.sound_case(case)),
            _ => CaseMemory::Other(Box::new(without_exchanges(case))),
        };
        self.cases.push(case);
    }

    fn sound_case(&mut self, case: CaseResult) -> SoundCase {
        let CaseResult {
            id,
            vendor,
            operation,
            row,
            chosen,
            alternatives,
            exercised,
            unchecked,
            witnessed,
            baseline,
            duration,
            ..
        } = case;
        let shared = Rc::new(SharedResult {
            vendor,
            operation,
            row,
            chosen,
            alternatives,
            exercised,
            unchecked,
            witnessed,
            baseline,
        });
        let shared = if let Some(known) = self.shared.get(&shared) {
            Rc::clone(known)
        } else {
            self.shared.insert(Rc::clone(&shared));
            shared
        };
        SoundCase { id: id.into(), shared, duration }
    }
}

impl Serialize for CaseMemory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Sound(sound) => sound.serialize(serializer),
            Self::Other(case) => case.serialize(serializer),
        }
    }
}

impl Serialize for SoundCase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SharedResult { vendor, operation, row, chosen, alternatives, exercised, unchecked, witnessed, baseline } =
            &*self.shared;
        CaseResult {
            id: self.id.to_string(),
            vendor: vendor.clone(),
            operation: operation.clone(),
            row: row.clone(),
            verdict: Verdict::Conforms,
            reason: None,
            findings: Vec::new(),
            cites: Vec::new(),
            page: None,
            location: Location::default(),
            promised: String::new(),
            chosen: chosen.clone(),
            alternatives: *alternatives,
            exercised: exercised.clone(),
            unchecked: unchecked.clone(),
            witnessed: witnessed.clone(),
            baseline: *baseline,
            drift: None,
            canonical: None,
            cause: None,
            script: None,
            exchanges: Vec::new(),
            notes: Vec::new(),
            duration: self.duration,
        }
        .serialize(serializer)
    }
}

fn without_exchanges(case: CaseResult) -> CaseResult {
    let drift = case.drift.map(|drift| DriftInfo { diff: String::new(), ..drift });
    CaseResult { exchanges: Vec::new(), canonical: None, script: None, cites: Vec::new(), drift, ..case }
}
