//! The folder of the project that the user is in: the current one, or the nearest above it that has contracts.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// The folder of contracts in a project.
pub(crate) const SPECS: &str = "specs";
/// The file of a project's settings.
pub(crate) const SETTINGS: &str = "proviso.yaml";
/// Folders above the current one that are looked at.
const MOST: usize = 64;

/// The project's folder as seen from the current one: empty, or `../..`.
///
/// A folder above counts only up to the root of the repository, and only if it, its contracts and every folder on the way belong
/// to the user: a stranger's `/tmp/specs` is never read from `/tmp/mine`.
pub(crate) fn find_project_folder() -> PathBuf {
    if [SPECS, SETTINGS].iter().any(|name| Path::new(name).exists()) {
        return PathBuf::new();
    }
    find_above().unwrap_or_default()
}

fn find_above() -> Option<PathBuf> {
    let mut folder = PathBuf::new();
    let mut found = None;
    for _ in 0..MOST {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        if !own(here)?.is_dir() {
            return None;
        }
        if found.is_none() && has_contracts(&folder) {
            found = Some(folder.clone());
        }
        // A file where the folder is a work tree or a submodule.
        if own(&folder.join(".git")).is_some() {
            return found;
        }
        folder.push("..");
    }
    None
}

/// Returns whether a folder has the contracts of a vendor, which are the user's own and no link.
fn has_contracts(folder: &Path) -> bool {
    let specs = folder.join(SPECS);
    let is_folder = own(&specs).is_some_and(|found| found.is_dir());
    let mut vendors = fs::read_dir(specs).into_iter().flatten().filter_map(Result::ok);
    is_folder && vendors.any(|vendor| own(&vendor.path().join("vendor.yaml")).is_some())
}

/// What is at a path, if it belongs to the user.
fn own(path: &Path) -> Option<Metadata> {
    fs::symlink_metadata(path).ok().filter(is_own)
}

#[cfg(unix)]
fn is_own(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_own(_: &Metadata) -> bool {
    true
}
