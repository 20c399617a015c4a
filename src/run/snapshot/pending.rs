//! Answers that wait to be accepted: found, accepted or rejected; and baselines of cases that are no more.

use crate::contract::{Contracts, Operation, Row};
use crate::run::snapshot::drift::{Drift, Promised, Snapshot, compare};
use crate::run::snapshot::file::{self, Head};
use crate::run::snapshot::store::{self, BadFile};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// An answer that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Where the accepted answer stands, or will.
    pub path: PathBuf,
    /// What the pending file says beside the answer.
    pub head: Head,
    /// The accepted answer; none where the case is new.
    pub before: Option<Snapshot>,
    /// The answer that waits.
    pub after: Snapshot,
}

/// Everything that waits under a folder, by path, and what cannot be read.
pub fn pending(root: &Path) -> (Vec<Pending>, Vec<BadFile>) {
    let (mut found, mut bad) = (Vec::new(), Vec::new());
    for path in files(root) {
        let Some(accepted) = store::accepted_path(&path) else { continue };
        match read(accepted, &path) {
            Ok(pending) => found.extend(pending),
            Err(error) => bad.push(error),
        }
    }
    (found, bad)
}

fn read(path: PathBuf, pending: &Path) -> Result<Option<Pending>, BadFile> {
    let before = store::read(&path)?.map(|(_, snapshot)| snapshot);
    let read = store::read(pending)?;
    Ok(read.map(|(head, after)| Pending { path, head, before, after }))
}

impl Pending {
    /// The name by which it is filtered and told: its case, or else its path.
    pub fn name(&self) -> String {
        if self.head.case.is_empty() { self.path.to_string_lossy().into_owned() } else { self.head.case.clone() }
    }
}

/// How what waits differs from what is accepted, as the contracts would have it; `None` where the case is new or nothing differs.
pub fn drift_of(pending: &Pending, contracts: &Contracts) -> Option<Drift> {
    between(pending.before.as_ref()?, &pending.after, &pending.head.case, contracts)
}

/// How two answers to a case differ, as the contracts would have it; `None` where they do not.
pub fn between(before: &Snapshot, after: &Snapshot, case: &str, contracts: &Contracts) -> Option<Drift> {
    let Some((operation, row)) = find(contracts, case) else {
        return compare(before, after, Promised::default());
    };
    let outcome = after.outcome.as_ref().or(before.outcome.as_ref()).and_then(|name| operation.outcomes.get(name));
    let alternatives: Vec<String> = operation.outcomes_of(row).map(|outcome| outcome.name.clone()).collect();
    let clauses: Vec<String> = operation.cited(row).into_iter().map(str::to_owned).collect();
    compare(before, after, Promised { outcome, alternatives: &alternatives, clauses: &clauses })
}

/// The operation and row of a case.
pub(super) fn find<'a>(contracts: &'a Contracts, case: &str) -> Option<(&'a Operation, &'a Row)> {
    let mut parts = case.splitn(4, '/');
    let operation = contracts.vendor(parts.next()?)?.operation(parts.next()?)?;
    Some((operation, operation.rows.get(parts.next()?)?))
}

/// Puts what waits in the place of what is accepted.
pub fn accept(pending: &Pending) -> Result<(), BadFile> {
    store::replace(&pending.path, &file::write(&pending.head, &pending.after))?;
    store::drop_pending(&pending.path)
}

/// Takes what waits away; what is accepted stays.
pub fn reject(pending: &Pending) -> Result<(), BadFile> {
    store::drop_pending(&pending.path)
}

/// The files under a target's folder, accepted or pending, that are of none of these cases.
pub fn orphans<'a>(folder: &Path, cases: impl IntoIterator<Item = &'a str>) -> Vec<PathBuf> {
    let known: HashSet<PathBuf> = cases.into_iter().map(|case| store::path(folder, case)).collect();
    let orphaned = |path: &PathBuf| match store::accepted_path(path) {
        Some(accepted) => !known.contains(&accepted),
        None => store::is_accepted(path) && !known.contains(path),
    };
    files(folder).filter(orphaned).collect()
}

fn files(root: &Path) -> impl Iterator<Item = PathBuf> {
    let all = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    all.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::snapshot::canonical::{Canonical, Content};
    use crate::run::snapshot::{keep_pending, path, pending_path};
    use std::fs;

    fn snapshot(status: u16) -> Snapshot {
        let canonical = Canonical { request: "GET /x".to_owned(), status, headers: Vec::new(), body: Content::None };
        Snapshot { canonical, outcome: Some("found".to_owned()) }
    }

    fn keep(folder: &Path, case: &str, status: u16) -> PathBuf {
        let path = path(folder, case);
        keep_pending(&path, &Head { description: String::new(), case: case.to_owned() }, &snapshot(status)).unwrap();
        path
    }

    #[test]
    fn what_waits_is_found_and_accepted_or_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let one = keep(folder.path(), "acme/x.read/live", 200);
        let other = keep(folder.path(), "acme/x.read/gone", 404);
        let (found, bad) = pending(folder.path());
        assert_eq!(bad, []);
        assert_eq!(found.iter().map(Pending::name).collect::<Vec<_>>(), ["acme/x.read/gone", "acme/x.read/live"]);
        reject(&found[0]).unwrap();
        accept(&found[1]).unwrap();
        assert!(!other.exists() && !pending_path(&other).exists() && !pending_path(&one).exists());
        assert_eq!(store::read(&one).unwrap().unwrap().1, snapshot(200));
        keep(folder.path(), "acme/x.read/live", 201);
        let (found, _) = pending(folder.path());
        assert_eq!(found[0].before, Some(snapshot(200)));
        assert_eq!(drift_of(&found[0], &Contracts::default()).unwrap().differences[0].place, "status");
    }

    #[test]
    fn what_is_broken_is_told_and_nothing_of_it_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = keep(folder.path(), "acme/x.read/live", 200);
        fs::write(&path, "<<<<<<< HEAD\n").unwrap();
        let (found, bad) = pending(folder.path());
        assert_eq!((found.len(), bad[0].line), (0, Some(1)));
        fs::write(&path, "---\n---\nGET /x\n\nHTTP 200\n").unwrap();
        fs::write(pending_path(&path), "---\n").unwrap();
        let (found, bad) = pending(folder.path());
        assert_eq!((found.len(), bad[0].path.clone()), (0, pending_path(&path)));
    }

    #[test]
    fn baselines_of_no_case_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let case = "acme/x.read/live";
        let kept = keep(folder.path(), case, 200);
        let gone = keep(folder.path(), "acme/x.read/old", 200);
        for pending in pending(folder.path()).0 {
            accept(&pending).unwrap();
        }
        keep(folder.path(), "acme/x.read/older", 200);
        fs::write(folder.path().join("README.md"), "").unwrap();
        let orphans = orphans(folder.path(), [case]);
        assert_eq!(orphans, [gone, pending_path(&path(folder.path(), "acme/x.read/older"))]);
        assert!(kept.exists());
    }
}
