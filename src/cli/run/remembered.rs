//! What a run remembers for the next one: the cases that failed.

use proviso::event::CaseResult;
use proviso::verdict::Verdict;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

const FILE: &str = "last-run.json";

/// Remembers the cases that violate, or that could not be judged.
pub(crate) fn remember(state: &Path, results: &[CaseResult]) -> std::io::Result<()> {
    let failed = |result: &&CaseResult| {
        matches!(result.verdict, Verdict::Violates | Verdict::Environment | Verdict::Undetermined)
    };
    let failed: Vec<&str> = results.iter().filter(failed).map(|result| result.id.as_str()).collect();
    std::fs::create_dir_all(state)?;
    let mut file = tempfile::NamedTempFile::new_in(state)?;
    file.write_all(json!({ "version": 1, "failed": failed }).to_string().as_bytes())?;
    file.persist(state.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}

/// The cases that failed in the run before; an error in words where nothing is remembered.
pub(crate) fn recall(state: &Path) -> Result<HashSet<String>, String> {
    let path = state.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(format!("no run is remembered in {}; run the cases once without --failed", state.display()));
        }
        Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
    };
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{} is broken: {error}", path.display()))?;
    let failed = value.get("failed").and_then(Value::as_array).into_iter().flatten();
    Ok(failed.filter_map(Value::as_str).map(str::to_owned).collect())
}
