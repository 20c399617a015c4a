//! A copy of contracts in a folder of its own, to be changed and looked at.

use proviso::contract::{Loaded, load};
use proviso::text::diagnostic::{Diagnostic, Style, render_text, sort_by_place};
use std::path::{Path, PathBuf};

/// Contracts copied to a folder that goes when the copy does.
pub(super) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    /// A copy of a folder below the repository's root.
    pub(super) fn of(path: &str) -> Self {
        let copy = Self::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.unwrap();
            let to = copy.path().join(entry.path().strip_prefix(&from).unwrap());
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(to).unwrap();
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
        copy
    }

    /// A folder with nothing in it.
    pub(super) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }

    pub(super) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Everything that is wrong with it, as `lint` tells it.
    pub(super) fn lint(&self) -> Found {
        Found::under(&[self.path().to_owned()])
    }
}

/// What was read, and what is wrong with it in the order of files and places.
pub(super) struct Found {
    pub(super) loaded: Loaded,
    pub(super) mistakes: Vec<Diagnostic>,
}

impl Found {
    pub(super) fn under(paths: &[PathBuf]) -> Self {
        let mut loaded = load(paths);
        let meant = proviso::lab::agree::check(&loaded);
        let mut mistakes = std::mem::take(&mut loaded.mistakes);
        mistakes.extend(meant);
        sort_by_place(&mut mistakes, &loaded.sources);
        Self { loaded, mistakes }
    }

    /// The report, with the folder's own path left out.
    pub(super) fn text(&self, folder: &Path) -> String {
        let folder = format!("{}/", folder.display());
        render_text(&self.mistakes, &self.loaded.sources, Style::Plain).replace(&folder, "")
    }

    /// The names of the codes, in order.
    pub(super) fn codes(&self) -> Vec<&str> {
        self.mistakes.iter().map(|mistake| mistake.code.as_str()).collect()
    }
}
