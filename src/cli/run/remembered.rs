//! What a run remembers for the next one and for `coverage`: its report, without what was exchanged.

use proviso::event::{CaseResult, DriftInfo, Event, Location};
use proviso::report::{self, ReadError, Saved};
use proviso::verdict::Verdict;
use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

const FILE: &str = "last-run.json";

/// The file in which the run before is remembered.
pub(crate) fn file(state: &Path) -> PathBuf {
    state.join(FILE)
}

/// Remembers a run.
pub(crate) fn remember(state: &Path, run: &Saved) -> std::io::Result<()> {
    std::fs::create_dir_all(state)?;
    let mut file = tempfile::NamedTempFile::new_in(state)?;
    file.write_all(&serde_json::to_vec(run)?)?;
    file.persist(self::file(state)).map_err(|error| error.error)?;
    Ok(())
}

/// A case as it is remembered: what it came to, and how it departs. Nothing more is asked of one that is as it should be, and most are.
pub(crate) fn light(case: CaseResult) -> CaseResult {
    let drift = case.drift.map(|drift| DriftInfo { diff: String::new(), ..drift });
    let case = CaseResult { exchanges: Vec::new(), canonical: None, cites: Vec::new(), drift, ..case };
    match case.verdict {
        Verdict::Conforms => {
            CaseResult { page: None, location: Location::default(), promised: String::new(), notes: Vec::new(), ..case }
        }
        _ => case,
    }
}

/// The run before, whole but for what is not remembered; an error in words where there is none.
pub(crate) fn last(state: &Path) -> Result<Saved, String> {
    match report::read(&file(state)) {
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
        Verdict::Environment | Verdict::Undetermined => true,
        Verdict::Conforms | Verdict::Drifted | Verdict::Skipped => false,
    };
    Ok(last(state)?.cases.into_iter().filter(failed).map(|case| case.id).collect())
}

/// Takes what a run tells, and keeps of its cases what `light` leaves.
pub(crate) fn keep(saved: &mut Saved, event: Event, light: fn(CaseResult) -> CaseResult) {
    match event {
        Event::CaseFinished(case) => saved.cases.push(light(*case)),
        event => saved.event(&event),
    }
}
