//! Reads a copy of a page from a file, within bounds.

use super::PageFileError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The bound of a copy's size in bytes; no more than this is ever read.
pub const LARGEST_COPY: u64 = 4 << 20;

/// Reads the text of a copy, which has to be UTF-8.
pub fn read_copy(path: &Path) -> Result<String, PageFileError> {
    let bytes = read_bytes(path).map_err(|error| unread(path, error.to_string()))?;
    if bytes.len() as u64 > LARGEST_COPY {
        return Err(unread(path, format!("it has more than the {LARGEST_COPY} bytes that a page may have")));
    }
    String::from_utf8(bytes).map_err(|_| unread(path, "it is not UTF-8 text; save the page's text as UTF-8"))
}

fn unread(path: &Path, why: impl Into<String>) -> PageFileError {
    PageFileError::new(path, "cannot be read", why)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Asked before opening: opening a pipe that is never written to would wait for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_COPY + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
