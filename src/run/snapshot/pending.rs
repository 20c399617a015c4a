//! Answers that wait to be accepted: found, accepted or rejected; and baselines of cases that are no more.

use crate::contract::{Contracts, Operation, Row};
use crate::run::snapshot::drift::{Drift, PromisedAnswer, Snapshot, compare};
use crate::run::snapshot::snapshot_store::{self, BadFile};
use crate::run::snapshot::snapshot_text::{Head, snapshot_text};
use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// An answer that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The path of the accepted answer, whether or not there is one.
    pub path: PathBuf,
    /// The head of the pending file.
    pub head: Head,
    /// The accepted answer; `None` where the case is new.
    pub before: Option<Snapshot>,
    /// The answer that waits.
    pub after: Snapshot,
}

/// Everything that waits under a folder, by path, and the files that cannot be read.
pub fn find_pending(root: &Path) -> (Vec<Pending>, Vec<BadFile>) {
    let (mut found, mut bad) = (Vec::new(), Vec::new());
    for path in files_under(root) {
        let Some(accepted) = snapshot_store::accepted_path(&path) else { continue };
        match read_pending(accepted, &path) {
            Ok(pending) => found.extend(pending),
            Err(error) => bad.push(error),
        }
    }
    (found, bad)
}

fn read_pending(path: PathBuf, pending: &Path) -> Result<Option<Pending>, BadFile> {
    let before = snapshot_store::read_snapshot(&path)?.map(|(_, snapshot)| snapshot);
    let read = snapshot_store::read_snapshot(pending)?;
    Ok(read.map(|(head, after)| Pending { path, head, before, after }))
}

impl Pending {
    /// The name by which it is filtered and shown: its case, or else its path.
    pub fn name(&self) -> Cow<'_, str> {
        if self.head.case.is_empty() { self.path.to_string_lossy() } else { Cow::Borrowed(&self.head.case) }
    }

    /// The difference from the accepted answer, as the contracts would have it; `None` where the case is new or nothing differs.
    pub fn drift(&self, contracts: &Contracts) -> Option<Drift> {
        drift_between(self.before.as_ref()?, &self.after, &self.head.case, contracts)
    }

    /// Puts the answer in place of the accepted one.
    pub fn accept(&self) -> Result<(), BadFile> {
        snapshot_store::replace_text(&self.path, &snapshot_text(&self.head, &self.after))?;
        snapshot_store::drop_pending(&self.path)
    }

    /// Takes the answer away; the accepted one stays.
    pub fn reject(&self) -> Result<(), BadFile> {
        snapshot_store::drop_pending(&self.path)
    }
}

/// The difference between two answers to a case, as the contracts would have it; `None` where they are the same.
pub fn drift_between(before: &Snapshot, after: &Snapshot, case: &str, contracts: &Contracts) -> Option<Drift> {
    let Some((operation, row)) = find_case(contracts, case) else {
        return compare(before, after, &PromisedAnswer::default());
    };
    let outcome = after.outcome.as_ref().or(before.outcome.as_ref());
    let outcome = outcome.and_then(|name| operation.outcomes.get(name));
    compare(before, after, &PromisedAnswer::new(operation, row, outcome))
}

/// The operation and row of a case.
pub(super) fn find_case<'a>(contracts: &'a Contracts, case: &str) -> Option<(&'a Operation, &'a Row)> {
    let mut parts = case.splitn(4, '/');
    let operation = contracts.vendor(parts.next()?)?.operation(parts.next()?)?;
    Some((operation, operation.rows.get(parts.next()?)?))
}

/// The files under a target's folder, accepted or pending, that are of none of these cases.
pub fn find_orphans<'a>(folder: &Path, cases: impl IntoIterator<Item = &'a str>) -> Vec<PathBuf> {
    let known: HashSet<PathBuf> = cases.into_iter().map(|case| snapshot_store::baseline_path(folder, case)).collect();
    let orphans = files_under(folder).filter(|path| match snapshot_store::accepted_path(path) {
        Some(accepted) => !known.contains(&accepted),
        None => snapshot_store::is_accepted(path) && !known.contains(path),
    });
    orphans.collect()
}

/// Returns true if a folder has an accepted answer.
pub fn has_accepted(folder: &Path) -> bool {
    files_under(folder).any(|file| snapshot_store::is_accepted(&file))
}

fn files_under(root: &Path) -> impl Iterator<Item = PathBuf> {
    let all = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    all.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::snapshot::canonical::{Canonical, Content};
    use crate::run::snapshot::{baseline_path, keep_pending, pending_path};
    use std::fs;

    fn snapshot(status: u16) -> Snapshot {
        let canonical = Canonical { request: "GET /x".to_owned(), status, headers: Vec::new(), body: Content::None };
        Snapshot { canonical, outcome: Some("found".to_owned()) }
    }

    fn keep(folder: &Path, case: &str, status: u16) -> PathBuf {
        let path = baseline_path(folder, case);
        keep_pending(&path, &Head { description: String::new(), case: case.to_owned() }, &snapshot(status)).unwrap();
        path
    }

    #[test]
    fn what_waits_is_found_and_accepted_or_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let one = keep(folder.path(), "acme/x.read/live", 200);
        let other = keep(folder.path(), "acme/x.read/gone", 404);
        let (found, bad) = find_pending(folder.path());
        assert_eq!(bad, []);
        assert_eq!(found.iter().map(Pending::name).collect::<Vec<_>>(), ["acme/x.read/gone", "acme/x.read/live"]);
        found[0].reject().unwrap();
        found[1].accept().unwrap();
        assert!(!other.exists() && !pending_path(&other).exists() && !pending_path(&one).exists());
        assert_eq!(snapshot_store::read_snapshot(&one).unwrap().unwrap().1, snapshot(200));
        keep(folder.path(), "acme/x.read/live", 201);
        let (found, _) = find_pending(folder.path());
        assert_eq!(found[0].before, Some(snapshot(200)));
        assert_eq!(found[0].drift(&Contracts::default()).unwrap().differences[0].place, "status");
    }

    #[test]
    fn what_is_broken_is_told_and_nothing_of_it_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = keep(folder.path(), "acme/x.read/live", 200);
        fs::write(&path, "<<<<<<< HEAD\n").unwrap();
        let (found, bad) = find_pending(folder.path());
        assert_eq!((found.len(), bad[0].line), (0, Some(1)));
        fs::write(&path, "---\n---\nGET /x\n\nHTTP 200\n").unwrap();
        fs::write(pending_path(&path), "---\n").unwrap();
        let (found, bad) = find_pending(folder.path());
        assert_eq!((found.len(), bad[0].path.clone()), (0, pending_path(&path)));
    }

    #[test]
    fn baselines_of_no_case_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let case = "acme/x.read/live";
        let kept = keep(folder.path(), case, 200);
        let gone = keep(folder.path(), "acme/x.read/old", 200);
        for pending in find_pending(folder.path()).0 {
            pending.accept().unwrap();
        }
        keep(folder.path(), "acme/x.read/older", 200);
        fs::write(folder.path().join("README.md"), "").unwrap();
        let orphans = find_orphans(folder.path(), [case]);
        assert_eq!(orphans, [gone, pending_path(&baseline_path(folder.path(), "acme/x.read/older"))]);
        assert!(kept.exists());
    }
}
