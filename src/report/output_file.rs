//! The place of a report: a file that is written whole or not at all, by a temporary file in the same folder that replaces
//! the old one.

use crate::text::source::unlinked;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file to write to, where it really is: two spellings of one file are one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutputFile(PathBuf);

impl OutputFile {
    /// The file that a path leads to, with its folder made. A link in its place is refused, and in the folder that the user is
    /// in any link on the way.
    pub(super) fn locate(path: &Path) -> io::Result<Self> {
        if let (true, Ok(place)) = (is_system_path(path), path.canonicalize()) {
            return Ok(Self(place));
        }
        let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
        let folder = parent_folder(path);
        if !is_system_path(path) {
            unlinked::check(folder, path)?;
            unlinked::create_folder(folder, folder)?;
        }
        Ok(Self(folder.canonicalize()?.join(name)))
    }

    /// Makes sure, as far as it can be known beforehand, that it can be written.
    pub(super) fn probe(&self) -> io::Result<()> {
        if self.0.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder"));
        }
        if self.is_regular() {
            // A folder may be there and yet refuse new files; only trying shows it.
            unlinked::beside(parent_folder(&self.0), &self.0)?;
        }
        Ok(())
    }

    /// Writes the file whole or not at all.
    pub(super) fn write_whole(&self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_regular() {
            // A pipe or a terminal cannot be replaced, only written to.
            return self.open_with(OpenOptions::new().write(true))?.write_all(bytes);
        }
        let mut file = unlinked::beside(parent_folder(&self.0), &self.0)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&self.0)?;
        Ok(())
    }

    /// Lets its owner run it, and everyone who may read it.
    pub(super) fn make_executable(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mut permissions = fs::metadata(&self.0)?.permissions();
            let mode = permissions.mode();
            permissions.set_mode(mode | (mode & 0o444) >> 2);
            fs::set_permissions(&self.0, permissions)?;
        }
        Ok(())
    }

    /// Opens a file that is written bit by bit, and empties it.
    pub(super) fn create(&self) -> io::Result<File> {
        self.open_with(OpenOptions::new().write(true).create(true).truncate(true))
    }

    fn open_with(&self, options: &OpenOptions) -> io::Result<File> {
        if is_system_path(&self.0) {
            options.open(&self.0)
        } else {
            unlinked::open(parent_folder(&self.0), &self.0, options)
        }
    }

    fn is_regular(&self) -> bool {
        fs::metadata(&self.0).map_or(true, |metadata| metadata.is_file())
    }
}

/// Returns true for a path that is the system's own, such as `/dev/stdout`, whose links are not files of the tree.
fn is_system_path(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

fn parent_folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
