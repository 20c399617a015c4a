//! A copy of a page, read from a file within bounds.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The bound of a copy's size in bytes; no more than this is ever read.
pub const LARGEST_COPY: u64 = 4 << 20;

/// Why a copy could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be read: {why}", path.display())]
pub struct CopyError {
    path: PathBuf,
    why: String,
}

/// Reads the text of a copy, which has to be UTF-8.
pub fn read(path: &Path) -> Result<String, CopyError> {
    let error = |why: String| CopyError { path: path.to_owned(), why };
    let bytes = bytes(path).map_err(|failure| error(failure.to_string()))?;
    if bytes.len() as u64 > LARGEST_COPY {
        return Err(error(format!("it has more than the {LARGEST_COPY} bytes that a page may have")));
    }
    String::from_utf8(bytes).map_err(|_| error("it is not UTF-8 text; save the page's text as UTF-8".to_owned()))
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Asked before opening: opening a pipe that nobody writes to would wait for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_COPY + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
