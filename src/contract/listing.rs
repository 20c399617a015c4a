//! The contract files under a path by the folder of their vendor, found by their names alone.

use crate::contract::load::{Loaded, VENDOR_FILE};
use crate::contract::vendor_folder::VendorFolder;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{Place, unlinked};
use crate::text::yaml;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What was found.
#[derive(Default)]
pub(super) struct Listing {
    /// The folders with contract files in them, by their paths.
    pub(super) folders: BTreeMap<PathBuf, VendorFolder>,
    /// Paths that cannot be looked into or hold no contract.
    pub(super) troubles: Vec<Trouble>,
}

/// A path that cannot be looked into or holds no contract.
pub(super) struct Trouble {
    /// The folder of the vendor whose files are missed, where it concerns one alone.
    pub(super) folder: Option<PathBuf>,
    path: PathBuf,
    kind: TroubleKind,
}

enum TroubleKind {
    /// A link that leads out of this folder.
    LinkOutside(PathBuf),
    /// A folder or a link that the system does not open.
    Unreadable(walkdir::Error),
    /// A file beside which there is no vendor's file.
    Alone,
    /// A folder without a contract.
    Empty,
}

impl Listing {
    /// Adds the contract files under a path: a folder of vendors, a vendor's folder, or a file in one.
    pub(super) fn add(&mut self, path: &Path) {
        let bound = bound(path);
        if unlinked::leads_out(path, &bound) {
            return self.trouble(None, path, TroubleKind::LinkOutside(bound));
        }
        if !path.is_dir() {
            return match path.parent().filter(|parent| path.is_file() && parent.join(VENDOR_FILE).is_file()) {
                Some(parent) => self.add(parent),
                None => self.trouble(None, path, TroubleKind::Alone),
            };
        }
        let before = self.folders.len();
        self.walk(path, &bound);
        if self.folders.len() == before {
            self.trouble(None, path, TroubleKind::Empty);
        }
    }

    /// The folder at a path; an empty one where no contract file was found in it.
    pub(super) fn folder(&self, path: &Path) -> Cow<'_, VendorFolder> {
        self.folders.get(path).map_or_else(|| Cow::Owned(VendorFolder::new(path)), Cow::Borrowed)
    }

    fn walk(&mut self, root: &Path, bound: &Path) {
        let mut entries = WalkDir::new(root).max_depth(2).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if entry.path_is_symlink() && unlinked::leads_out(entry.path(), bound) => {
                    self.trouble(vendor_folder(&entry), entry.path(), TroubleKind::LinkOutside(bound.to_owned()));
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) if is_contract(entry.path()) && entry.depth() > 0 => {
                    let path = entry.path().parent().unwrap_or(Path::new(""));
                    let folder = self.folders.entry(path.to_owned()).or_insert_with(|| VendorFolder::new(path));
                    folder.files.push(entry.into_path());
                }
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let folder = path.ancestors().nth(error.depth().saturating_sub(1)).filter(|_| error.depth() > 0);
                    self.trouble(folder.map(Path::to_owned), &path, TroubleKind::Unreadable(error));
                }
            }
        }
    }

    fn trouble(&mut self, folder: Option<PathBuf>, path: &Path, kind: TroubleKind) {
        self.troubles.push(Trouble { folder, path: path.to_owned(), kind });
    }
}

impl Trouble {
    /// Adds the mistake; nothing of what the path leads to is read, but a file that belongs to no vendor.
    pub(super) fn report(&self, loaded: &mut Loaded) {
        let path = self.path.clone();
        let mistake = match &self.kind {
            TroubleKind::LinkOutside(bound) => {
                let file = loaded.sources.add(path, String::new());
                let message = format!("this symbolic link leads out of `{}`", bound.display());
                Diagnostic::error(Code::LinkOutside, message)
                    .at(Place::root(file), "")
                    .help("put a copy in its place; contracts that are elsewhere are named by `--specs`")
            }
            TroubleKind::Unreadable(error) => {
                let (file, _) = yaml::load(&mut loaded.sources, path);
                let message = format!("the folder cannot be read: {error}");
                Diagnostic::error(Code::FileUnreadable, message).at(Place::root(file), "")
            }
            TroubleKind::Alone => {
                let (file, mistakes) = yaml::load(&mut loaded.sources, path);
                if !mistakes.is_empty() {
                    return loaded.mistakes.extend(mistakes);
                }
                Diagnostic::error(Code::NoContracts, format!("no `{VENDOR_FILE}` stands beside this file"))
                    .at(Place::root(file), "not in a vendor's folder")
                    .help("a contract is `VENDOR/vendor.yaml` with a file for each operation beside it")
            }
            TroubleKind::Empty => {
                let file = loaded.sources.add(path, String::new());
                Diagnostic::error(Code::NoContracts, "no contract stands in this folder").at(Place::root(file), "").help(
                    "a contract is `VENDOR/vendor.yaml` with a file for each operation beside it; `proviso init VENDOR` begins one",
                )
            }
        };
        loaded.mistakes.push(mistake);
    }
}

/// The folder of the vendor to which an entry below a folder of vendors belongs.
fn vendor_folder(entry: &DirEntry) -> Option<PathBuf> {
    match (entry.depth(), entry.file_type().is_dir()) {
        (1, true) => Some(entry.path().to_owned()),
        (2, _) => entry.path().parent().map(Path::to_owned),
        _ => None,
    }
}

/// The folder that no link below a path may lead out of: that of all vendors, as far as the path tells.
fn bound(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { above(path) };
    if folder.join(VENDOR_FILE).is_file() { above(folder).to_owned() } else { folder.to_owned() }
}

/// The folder above a path as it is written.
fn above(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if path.file_name().is_some() && !parent.as_os_str().is_empty() => parent,
        Some(_) if path.file_name().is_some() => Path::new("."),
        _ => Path::new(".."),
    }
}

fn is_contract(path: &Path) -> bool {
    let hidden = path.file_name().and_then(OsStr::to_str).is_none_or(|name| name.starts_with('.'));
    !hidden && !path.is_dir() && path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
