//! What a run remembers for the next one and for `coverage`: its report, without what was exchanged.

use proviso::judge::verdict::Verdict;
use proviso::report::{self, ReadError, Saved};
use proviso::run::event::{Baseline, CaseResult, DriftInfo, Location};
use proviso::text::source::unlinked;
use serde::{Serialize, Serializer};
use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

const FILE: &str = "last-run.json";

/// The file in which the run before is remembered.
pub(crate) fn file(state: &Path) -> PathBuf {
    state.join(FILE)
}

/// Remembers a run of which the cases are remembered apart.
pub(crate) fn remember(state: &Path, run: Saved, memory: Memory) -> std::io::Result<()> {
    let file = file(state);
    unlinked::create_folder(state, state)?;
    unlinked::check(state, &file)?;
    let mut writer = BufWriter::new(tempfile::NamedTempFile::new_in(state)?);
    serde_json::to_writer(&mut writer, &run.with_cases(memory.cases))?;
    writer.flush()?;
    writer.into_inner()?.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// The cases of a run as they are remembered: what each came to, and how it departs. Nothing more is asked of one that is as it
/// should be, and most are.
#[derive(Default)]
pub(crate) struct Memory {
    cases: Vec<Remembered>,
    /// What the sound ones have in common with others, each once.
    known: HashSet<Rc<Common>>,
    /// How many have no baseline yet.
    pub(crate) new: usize,
}

enum Remembered {
    Sound(Sound),
    Other(Box<CaseResult>),
}

/// A case that is as it should be.
struct Sound {
    id: Box<str>,
    common: Rc<Common>,
    duration: Duration,
}

/// What all cases of a row have in common that came to the same.
#[derive(PartialEq, Eq, Hash)]
struct Common {
    vendor: String,
    operation: String,
    row: String,
    chosen: Option<String>,
    alternatives: usize,
    baseline: Option<Baseline>,
}

impl Memory {
    /// Remembers a case.
    pub(crate) fn keep(&mut self, case: CaseResult) {
        self.new += usize::from(case.baseline == Some(Baseline::New));
        let case = match case.verdict {
            Verdict::Conforms => self.sound(case),
            _ => Remembered::Other(Box::new(light(case))),
        };
        self.cases.push(case);
    }

    fn sound(&mut self, case: CaseResult) -> Remembered {
        let CaseResult { id, vendor, operation, row, chosen, alternatives, baseline, duration, .. } = case;
        let common = Common { vendor, operation, row, chosen, alternatives, baseline };
        let common = self.known.get(&common).cloned().unwrap_or_else(|| {
            let common = Rc::new(common);
            self.known.insert(Rc::clone(&common));
            common
        });
        Remembered::Sound(Sound { id: id.into(), common, duration })
    }
}

impl Serialize for Remembered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Sound(sound) => sound.serialize(serializer),
            Self::Other(case) => case.serialize(serializer),
        }
    }
}

impl Serialize for Sound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Common { vendor, operation, row, chosen, alternatives, baseline } = &*self.common;
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
            baseline: *baseline,
            drift: None,
            canonical: None,
            exchanges: Vec::new(),
            notes: Vec::new(),
            duration: self.duration,
        }
        .serialize(serializer)
    }
}

fn light(case: CaseResult) -> CaseResult {
    let drift = case.drift.map(|drift| DriftInfo { diff: String::new(), ..drift });
    CaseResult { exchanges: Vec::new(), canonical: None, cites: Vec::new(), drift, ..case }
}

/// The run before, whole but for what is not remembered; an error in words where there is none.
pub(crate) fn last(state: &Path) -> Result<Saved, String> {
    let file = file(state);
    unlinked::check(state, &file).map_err(|error| error.to_string())?;
    match report::read(&file) {
        Ok(saved) => Ok(saved),
        Err(ReadError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(format!("no run is remembered in {}", state.display()))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// The cases that failed in the run before.
pub(crate) fn recall(state: &Path) -> Result<HashSet<String>, String> {
    let failed = |case: &CaseResult| match case.verdict {
        Verdict::Violates => !case.is_known(),
        Verdict::Environment | Verdict::Undetermined | Verdict::Refused => true,
        Verdict::Conforms | Verdict::Drifted | Verdict::Skipped => false,
    };
    Ok(last(state)?.cases.into_iter().filter(failed).map(|case| case.id).collect())
}
