//! Where reports are written: whole or not at all, by a temporary file in the same folder that takes the place of the old one.

use std::fs;
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
        temporary(&place)?;
    }
    Ok(place)
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = place(path)?;
    if !is_regular(&place) {
        // A pipe or a terminal cannot be replaced, only written to.
        return fs::OpenOptions::new().write(true).open(&place)?.write_all(bytes);
    }
    let mut file = temporary(&place)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&place)?;
    Ok(())
}

fn is_regular(place: &Path) -> bool {
    fs::metadata(place).map_or(true, |metadata| metadata.is_file())
}

/// A path with its folder made and every link followed.
fn place(path: &Path) -> io::Result<PathBuf> {
    if let Ok(place) = path.canonicalize() {
        return Ok(place);
    }
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    Ok(folder.canonicalize()?.join(name))
}

/// A file beside another one, that goes away again unless it takes its place.
fn temporary(place: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".proviso-report-");
    // Reports are for others to read, as far as the umask lets them; temporary files are private unless told otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(place.parent().unwrap_or_else(|| Path::new(".")))
}
