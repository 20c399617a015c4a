//! From the files of a folder to contracts: every file read, every mistake of shape found, every vendor resolved.

use crate::contract::language::{VendorFile, WrittenOperation};
use crate::contract::listing::Listing;
use crate::contract::resolve::resolve;
use crate::contract::schema::{FileKind, SchemaChecker};
use crate::contract::vendor_folder::VendorFolder;
use crate::contract::{Contracts, Placed, VendorId};
use crate::text::diagnostic::{At, Code, Diagnostic, Label, merge_repeated};
use crate::text::source::{Decoder, FileId, Place, Source, Sources, sha256_of_parts, to_hexadecimal};
use crate::text::yaml;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read: the files, what they mean, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every file that was read.
    pub sources: Sources,
    /// The vendors that could be resolved.
    pub contracts: Arc<Contracts>,
    /// What is wrong.
    pub mistakes: Vec<Diagnostic>,
    /// The digest of all contracts' files, which is the same wherever they are; empty where vendors were left out.
    pub digest: String,
    /// The vendors that there are and that were not asked for.
    pub left_out: Vec<VendorFolder>,
}

impl Loaded {
    /// The names of all vendors that there are, read or not.
    pub fn vendor_names(&self) -> BTreeSet<&str> {
        let read = self.contracts.vendors.iter().map(|vendor| vendor.name.as_str());
        read.chain(self.left_out.iter().map(|folder| folder.name.as_str())).collect()
    }

    /// Returns whether a vendor is there but was not asked for, so that nothing is known of it but its name.
    pub fn is_left_out(&self, vendor: &str) -> bool {
        self.left_out.iter().any(|folder| folder.name == vendor)
    }
}

/// The name of the file that says of a vendor what its operations share.
pub const VENDOR_FILE: &str = "vendor.yaml";

/// Reads contracts from paths: a folder of vendors, a vendor's folder, or a file in one (then its whole vendor is read).
pub fn load(paths: &[PathBuf]) -> Loaded {
    load_where(paths, |_| true)
}

/// Reads contracts, but only the vendors that are wanted, by what their folders show before any file in them is read. A vendor that
/// is not wanted has no mistakes either.
pub fn load_where(paths: &[PathBuf], wanted: impl Fn(&VendorFolder) -> bool) -> Loaded {
    let mut loaded = Loaded::default();
    let mut listing = Listing::default();
    for path in paths {
        listing.add(path);
    }
    for trouble in &listing.troubles {
        let folder = trouble.folder.as_ref().map(|path| listing.folder(path));
        if folder.is_none_or(|folder| wanted(&folder)) {
            trouble.report(&mut loaded);
        }
    }
    for (path, mut folder) in listing.folders {
        folder.files.sort();
        folder.files.dedup();
        if wanted(&folder) {
            load_vendor(&path, folder, &mut loaded);
        } else {
            loaded.left_out.push(folder);
        }
    }
    loaded.mistakes = merge_repeated(loaded.mistakes);
    if loaded.left_out.is_empty() {
        loaded.digest = digest(loaded.sources.iter().map(|(_, source)| source));
    }
    loaded
}

/// A digest of files by what tells them apart (their vendor's folder and their name) and by their text.
fn digest<'a>(sources: impl Iterator<Item = &'a Source>) -> String {
    let mut files: Vec<(String, &str)> = sources.map(|source| (short_name(source.path()), source.text())).collect();
    files.sort();
    let texts: Vec<&str> = files.iter().flat_map(|(name, text)| [name.as_str(), *text]).collect();
    let lengths: Vec<_> = texts.iter().map(|text| text.len().to_le_bytes()).collect();
    let parts = lengths.iter().zip(&texts).flat_map(|(length, text)| [length.as_slice(), text.as_bytes()]);
    to_hexadecimal(&sha256_of_parts(parts))
}

/// The last two names of a path: a vendor's folder and a file.
fn short_name(path: &Path) -> String {
    let names: Vec<_> = path.iter().rev().take(2).map(OsStr::to_string_lossy).collect();
    names.into_iter().rev().collect::<Vec<_>>().join("/")
}

fn load_vendor(path: &Path, folder: VendorFolder, loaded: &mut Loaded) {
    let first = loaded.sources.next_id();
    let mut vendor = None;
    let mut operations = Vec::new();
    let mut has_vendor = false;
    let mut broken = false;
    let VendorFolder { name, files } = folder;
    for path in files {
        if path.file_name().is_some_and(|name| name == "vendor.yml") {
            let message = format!("the vendor's file is named `{VENDOR_FILE}`, not `vendor.yml`");
            let at = Place::root(loaded.sources.next_id());
            let mistake = Diagnostic::error(Code::NoContracts, message).at(at, "another name");
            loaded.mistakes.push(mistake.help(format!("rename it to `{VENDOR_FILE}`")));
            let misnamed = decode::<VendorFile>(FileKind::Vendor, path, loaded);
            vendor = vendor.or(misnamed);
            has_vendor = true;
        } else if path.ends_with(VENDOR_FILE) {
            has_vendor = true;
            vendor = decode::<VendorFile>(FileKind::Vendor, path, loaded);
            if let Some(vendor) = &vendor {
                same_name(&name, &vendor.value.vendor, &vendor.at.child("vendor"), "folder", loaded);
            }
        } else {
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
            let operation = decode::<WrittenOperation>(FileKind::Operation, path, loaded);
            if let Some(operation) = &operation {
                let given = operation.value.operation.clone().unwrap_or_default();
                same_name(&stem, &given, &operation.at.child("operation"), "file", loaded);
            }
            broken |= operation.is_none();
            operations.extend(operation);
        }
    }
    if !has_vendor {
        let at = operations.first().map_or_else(|| Place::root(FileId(0)), |operation| operation.at.clone());
        loaded.mistakes.push(
            Diagnostic::error(Code::NoContracts, format!("`{}` has no `{VENDOR_FILE}`", path.display()))
                .at(at, "this file belongs to no vendor")
                .help("`proviso init VENDOR` writes one to begin with"),
        );
    }
    if let Some(vendor) = vendor {
        let id = VendorId::after(loaded.contracts.vendors.len());
        let mut vendor = resolve(id, vendor, &operations, &mut loaded.mistakes);
        vendor.partial |= broken;
        let own = loaded.sources.iter().filter(|(file, _)| *file >= first);
        vendor.digest = digest(own.map(|(_, source)| source));
        Arc::make_mut(&mut loaded.contracts).vendors.push(vendor);
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

/// Returns true for a mistake of YAML that leaves the rest of its file as it is meant.
fn leaves_the_rest(mistake: &Diagnostic) -> bool {
    matches!(mistake.code, Code::Syntax | Code::TabIndentation)
}

/// Returns true for the mistake of a version that is not known: the rest is read as this version has it.
fn is_of_version(mistake: &Diagnostic) -> bool {
    matches!(mistake.labels.first(), Some(Label { at: At::Place(place), .. }) if place.pointer == "/version" && !place.key)
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
    let is_broken = !unread.iter().all(leaves_the_rest);
    mistakes.extend(unread);
    let source = &sources[file];
    let value = &source.tree()?.value;
    let mut misshapen = checker.check(file, value);
    if is_broken || !misshapen.is_empty() {
        // What is no YAML of the language where it stands is not told again as an unknown key.
        let told: Vec<_> = mistakes.iter().filter_map(|mistake| mistake.span(sources)).collect();
        misshapen.retain(|mistake| mistake.span(sources).is_none_or(|span| !told.contains(&span)));
        let is_readable = !is_broken && misshapen.iter().all(is_of_version);
        mistakes.extend(misshapen);
        if !is_readable {
            return None;
        }
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
