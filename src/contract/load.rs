//! From the files of a folder to contracts: every file read, every mistake of shape found, every vendor resolved.

use crate::contract::language::{self, VendorFile};
use crate::contract::resolve::resolve;
use crate::contract::schema::{FileKind, SchemaChecker};
use crate::contract::{Contracts, Placed, VendorId};
use crate::text::diagnostic::{Code, Diagnostic, merge};
use crate::text::source::{Decoder, FileId, Place, Sources, sha256_of_parts, to_hexadecimal, unlinked};
use crate::text::yaml;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What was read: the files, what they mean, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every file that was read.
    pub sources: Sources,
    /// The vendors that could be resolved.
    pub contracts: Contracts,
    /// What is wrong.
    pub mistakes: Vec<Diagnostic>,
    /// The digest of the contracts' files, which is the same wherever they stand.
    pub digest: String,
}

/// The name of the file that says of a vendor what its operations share.
pub const VENDOR_FILE: &str = "vendor.yaml";

/// Reads contracts from paths: a folder of vendors, a vendor's folder, or a file in one (then its whole vendor is read).
pub fn load(paths: &[PathBuf]) -> Loaded {
    load_where(paths, |_, _| true)
}

/// Reads contracts, but of each vendor only the operation files that are wanted, by vendor and operation name.
pub fn load_where(paths: &[PathBuf], wanted: impl Fn(&str, &str) -> bool) -> Loaded {
    let mut loaded = Loaded::default();
    let mut folders = BTreeMap::new();
    for path in paths {
        find(path, &mut folders, &mut loaded);
    }
    for (folder, mut files) in folders {
        files.sort();
        files.dedup();
        let vendor = folder.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned();
        let operation = |file: &Path| file.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
        files.retain(|file| file.ends_with(VENDOR_FILE) || wanted(&vendor, &operation(file)));
        load_vendor(&folder, files, &mut loaded);
    }
    loaded.mistakes = merge(loaded.mistakes);
    loaded.digest = digest(&loaded.sources);
    loaded
}

/// A digest of files by what tells them apart (their vendor's folder and their name) and by their text.
fn digest(sources: &Sources) -> String {
    let name = |path: &Path| {
        let names: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
        names.into_iter().rev().collect::<Vec<_>>().join("/")
    };
    let mut files: Vec<(String, &str)> =
        sources.iter().map(|(_, source)| (name(source.path()), source.text())).collect();
    files.sort();
    let texts: Vec<&str> = files.iter().flat_map(|(name, text)| [name.as_str(), *text]).collect();
    let lengths: Vec<_> = texts.iter().map(|text| text.len().to_le_bytes()).collect();
    let parts = lengths.iter().zip(&texts).flat_map(|(length, text)| [length.as_slice(), text.as_bytes()]);
    to_hexadecimal(&sha256_of_parts(parts))
}

/// The contract files under a path, by the folder of their vendor.
fn find(path: &Path, folders: &mut BTreeMap<PathBuf, Vec<PathBuf>>, loaded: &mut Loaded) {
    let bound = bound(path);
    if unlinked::leads_out(path, &bound) {
        return link_outside(path, &bound, loaded);
    }
    if !path.is_dir() {
        match path.parent().filter(|parent| path.is_file() && parent.join(VENDOR_FILE).is_file()) {
            Some(parent) => return find(parent, folders, loaded),
            None => return read_alone(path, loaded),
        }
    }
    let before = folders.len();
    let mut entries = walkdir::WalkDir::new(path).max_depth(2).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.path_is_symlink() && unlinked::leads_out(entry.path(), &bound) => {
                link_outside(entry.path(), &bound, loaded);
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
            }
            Ok(entry) if is_contract(entry.path()) && entry.depth() > 0 => {
                let folder = entry.path().parent().map_or_else(PathBuf::new, Path::to_owned);
                folders.entry(folder).or_default().push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let (file, _) = yaml::load(&mut loaded.sources, error.path().unwrap_or(path).to_owned());
                let mistake = Diagnostic::error(Code::FileUnreadable, format!("the folder cannot be read: {error}"));
                loaded.mistakes.push(mistake.at(Place::root(file), ""));
            }
        }
    }
    if folders.len() == before {
        let file = loaded.sources.add(path.to_owned(), String::new());
        loaded.mistakes.push(
            Diagnostic::error(Code::NoContracts, "no contract stands in this folder")
                .at(Place::root(file), "")
                .help("a contract is `VENDOR/vendor.yaml` with a file for each operation beside it; `proviso init VENDOR` begins one"),
        );
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

/// Tells of a link that leads out of a folder; nothing of what it leads to is read.
fn link_outside(path: &Path, bound: &Path, loaded: &mut Loaded) {
    let file = loaded.sources.add(path.to_owned(), String::new());
    let message = format!("this symbolic link leads out of `{}`", bound.display());
    loaded.mistakes.push(
        Diagnostic::error(Code::LinkOutside, message)
            .at(Place::root(file), "")
            .help("put a copy in its place; contracts that are elsewhere are named by `--specs`"),
    );
}

fn is_contract(path: &Path) -> bool {
    let hidden = path.file_name().and_then(OsStr::to_str).is_none_or(|name| name.starts_with('.'));
    !hidden && !path.is_dir() && path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Reads a path that is no contract, for the sake of the mistake that says why.
fn read_alone(path: &Path, loaded: &mut Loaded) {
    let (file, mistakes) = yaml::load(&mut loaded.sources, path.to_owned());
    let known = mistakes.is_empty();
    loaded.mistakes.extend(mistakes);
    if known {
        loaded.mistakes.push(
            Diagnostic::error(Code::NoContracts, format!("no `{VENDOR_FILE}` stands beside this file"))
                .at(Place::root(file), "not in a vendor's folder")
                .help("a contract is `VENDOR/vendor.yaml` with a file for each operation beside it"),
        );
    }
}

fn load_vendor(folder: &Path, files: Vec<PathBuf>, loaded: &mut Loaded) {
    let mut vendor = None;
    let mut operations = Vec::new();
    let mut has_vendor = false;
    let mut broken = false;
    let name = folder.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    for path in files {
        if path.ends_with(VENDOR_FILE) {
            has_vendor = true;
            vendor = decode::<VendorFile>(FileKind::Vendor, path, loaded);
            if let Some(vendor) = &vendor {
                same_name(&name, &vendor.value.vendor, &vendor.at.child("vendor"), "folder", loaded);
            }
        } else {
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
            let operation = decode::<language::Operation>(FileKind::Operation, path, loaded);
            if let Some(operation) = &operation {
                let given = operation.value.operation.clone().unwrap_or_default();
                same_name(&stem, &given, &operation.at.child("operation"), "file", loaded);
            }
            broken |= operation.is_none();
            operations.extend(operation);
        }
    }
    if !has_vendor {
        let first = operations.first().map_or_else(|| Place::root(FileId(0)), |operation| operation.at.clone());
        loaded.mistakes.push(
            Diagnostic::error(Code::NoContracts, format!("`{}` has no `{VENDOR_FILE}`", folder.display()))
                .at(first, "this file belongs to no vendor")
                .help("`proviso init VENDOR` writes one to begin with"),
        );
    }
    if let Some(vendor) = vendor {
        let id = VendorId::after(loaded.contracts.vendors.len());
        let mut vendor = resolve(id, vendor, &operations, &mut loaded.mistakes);
        vendor.partial |= broken;
        loaded.contracts.vendors.push(vendor);
    }
}

/// A folder or file has the name of what stands in it, so that either can be found by the other.
fn same_name(expected: &str, given: &str, at: &Place, what: &str, loaded: &mut Loaded) {
    if expected != given {
        loaded.mistakes.push(
            Diagnostic::error(Code::NameMismatch, format!("the name `{given}` is not that of the {what}"))
                .at(at, format!("the {what} is named `{expected}`"))
                .help(format!("rename the {what}, or write `{expected}` here")),
        );
    }
}

fn decode<T: DeserializeOwned>(kind: FileKind, path: PathBuf, loaded: &mut Loaded) -> Option<Placed<T>> {
    read_as(kind.checker(), path, &mut loaded.sources, &mut loaded.mistakes)
}

/// Reads a file, checks its shape and decodes it; what is wrong is told.
pub fn read_as<T: DeserializeOwned>(
    checker: &SchemaChecker,
    path: PathBuf,
    sources: &mut Sources,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Placed<T>> {
    let (file, unread) = yaml::load(sources, path);
    let broken = !unread.is_empty();
    mistakes.extend(unread);
    let source = sources.get(file);
    let value = &source.tree()?.value;
    let mut misshapen = checker.check(file, value);
    if broken || !misshapen.is_empty() {
        // What is no YAML of the language where it stands is not told again as an unknown key.
        let told: Vec<_> = mistakes.iter().filter_map(|mistake| mistake.span(sources)).collect();
        misshapen.retain(|mistake| mistake.span(sources).is_none_or(|span| !told.contains(&span)));
        mistakes.extend(misshapen);
        return None;
    }
    // Not from the text once more: a test holds what the tree means to what another reader finds in the same text.
    let tree = source.tree()?;
    match T::deserialize(Decoder::new(tree)).or_else(|_| serde_path_to_error::deserialize(Decoder::new(tree))) {
        Ok(value) => Some(Placed { at: Place::root(file), value }),
        Err(error) => {
            let pointer =
                error.path().iter().fold(String::new(), |pointer, segment| pointer + "/" + &segment.to_string());
            let message = error.into_inner().to_string();
            mistakes.push(Diagnostic::error(Code::WrongValue, message).at(Place::at(file, pointer), "not understood"));
            None
        }
    }
}
