//! Where reports are written: whole or not at all, by a temporary file in the same folder that takes the place of the old one.

use crate::text::source::unlinked;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Makes sure, as far as it can be known beforehand, that a report can be written to a path; the folders above it are made.
///
/// The answer is where the file really stands, so that two spellings of one file are known as one.
pub(super) fn prepare(path: &Path) -> io::Result<PathBuf> {
    let place = place(path)?;
    if place.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a folder"));
    }
    if is_regular(&place) {
        // A folder may be there and yet refuse new files; only trying tells.
        unlinked::beside(parent(&place), &place)?;
    }
    Ok(place)
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = place(path)?;
    if !is_regular(&place) {
        // A pipe or a terminal cannot be replaced, only written to.
        return open(&place, OpenOptions::new().write(true))?.write_all(bytes);
    }
    let mut file = unlinked::beside(parent(&place), &place)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&place)?;
    Ok(())
}

/// Opens a file that is written bit by bit, and empties it.
pub(super) fn create(path: &Path) -> io::Result<File> {
    open(&place(path)?, OpenOptions::new().write(true).create(true).truncate(true))
}

fn open(place: &Path, options: &OpenOptions) -> io::Result<File> {
    if is_systems(place) { options.open(place) } else { unlinked::open(parent(place), place, options) }
}

fn is_regular(place: &Path) -> bool {
    fs::metadata(place).map_or(true, |metadata| metadata.is_file())
}

/// Whether a path is the system's own, such as `/dev/stdout`, whose links are no file's of the tree.
fn is_systems(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// Where a path leads, with its folder made. A link in its place is refused, and in the folder that the user is in any link on
/// the way.
fn place(path: &Path) -> io::Result<PathBuf> {
    if let (true, Ok(place)) = (is_systems(path), path.canonicalize()) {
        return Ok(place);
    }
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let folder = parent(path);
    if !is_systems(path) {
        unlinked::check(folder, path)?;
        unlinked::create_folder(folder, folder)?;
    }
    Ok(folder.canonicalize()?.join(name))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
