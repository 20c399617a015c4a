//! A vendor's folder before any file in it is read: its name, and those of its operations.

use crate::contract::load::VENDOR_FILE;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A vendor as the names in its folder show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VendorFolder {
    /// The folder's name, which is the vendor's.
    pub name: String,
    /// The contract files, sorted.
    pub(super) files: Vec<PathBuf>,
}

impl VendorFolder {
    /// A folder in which no file was found yet.
    pub(super) fn new(path: &Path) -> Self {
        Self { name: name_of(path.file_name()).to_owned(), files: Vec::new() }
    }

    /// The names of the operations that have a file.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter(|file| !file.ends_with(VENDOR_FILE)).map(|file| name_of(file.file_stem()))
    }

    /// Returns whether the vendor may have a case that a filter matches, as far as names of vendors and operations tell.
    ///
    /// The text before the first `/` is taken for the end of a name where the filter has no `*`, since such a filter may match
    /// anywhere in a case's name; it is the whole vendor's name or the beginning of it where the filter has one.
    pub fn may_match(&self, filter: &str) -> bool {
        let Some((lead, _)) = filter.split_once('*') else {
            return match filter.split_once('/') {
                None => true,
                Some((head, rest)) => {
                    self.name.ends_with(head) && self.has_operation(rest)
                        || self.operations().any(|operation| operation.ends_with(head))
                }
            };
        };
        match lead.split_once('/') {
            None => self.name.starts_with(lead),
            Some((vendor, rest)) => self.name == vendor && self.has_operation(rest),
        }
    }

    /// Returns whether there is an operation that `OPERATION/...`, or the beginning of such a name, can mean.
    fn has_operation(&self, text: &str) -> bool {
        match text.split_once('/') {
            None => self.operations().any(|operation| operation.starts_with(text)),
            Some((name, _)) => self.operations().any(|operation| operation == name),
        }
    }
}

fn name_of(name: Option<&OsStr>) -> &str {
    name.and_then(OsStr::to_str).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme() -> VendorFolder {
        let files =
            ["links.create.yaml", "links.delete.yaml", "vendor.yaml"].map(|file| Path::new("specs/acme").join(file));
        VendorFolder { files: files.to_vec(), ..VendorFolder::new(Path::new("specs/acme")) }
    }

    #[test]
    fn operations_are_the_files_beside_the_vendors() {
        assert_eq!(acme().operations().collect::<Vec<_>>(), ["links.create", "links.delete"]);
    }

    #[test]
    fn a_filter_that_may_match_a_case_is_never_taken_for_another_vendors() {
        for filter in [
            "live",
            "",
            "*",
            "a*",
            "acme*",
            "acme/*",
            "*/live",
            "acme/links*",
            "acme/links.delete/*",
            "acme/",
            "cme/links",
            "links.delete/live",
            "delete/",
            "acme/links.create/made",
        ] {
            assert!(acme().may_match(filter), "{filter}");
        }
    }

    #[test]
    fn a_filter_of_another_vendor_or_operation_needs_no_file_of_this_one() {
        for filter in
            ["other*", "other/*", "acm/*", "acme/pay*", "acme/links/*", "other/links.delete", "acme/pay", "other/"]
        {
            assert!(!acme().may_match(filter), "{filter}");
        }
    }
}
