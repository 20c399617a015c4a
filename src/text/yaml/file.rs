//! Reads a file's bytes within bounds, and says clearly why where it cannot.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::parse::parse;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Source, Span, character_end};

/// The bound of a file's size in bytes; no more than this is ever read.
pub const LARGEST_FILE: usize = 1 << 20;

/// Reads and parses the file that will have this id; needs no list of files, so that many can be read at once.
///
/// A byte-order mark is dropped. A file that cannot be read is an empty source with the one mistake that says why.
pub fn read(file: FileId, path: PathBuf) -> (Source, Vec<Diagnostic>) {
    let bytes = match bytes(&path) {
        Ok(bytes) => bytes,
        Err((code, message, help)) => {
            let diagnostic = Diagnostic::error(code, message).at(Span { file, range: 0..0 }, "").help(help);
            return (Source::new(path, String::new()), vec![diagnostic]);
        }
    };
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            let (tree, diagnostics) = parse(file, &text);
            (Source::new(path, text).with_tree(tree), diagnostics)
        }
        Err(error) => {
            let (text, diagnostic) = not_utf8(file, &error);
            (Source::new(path, text), vec![diagnostic])
        }
    }
}

type Refusal = (Code, String, &'static str);

fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    // Asked before opening: opening a pipe that nobody writes to would wait for ever.
    let metadata = std::fs::metadata(path).map_err(|error| refusal(path, &error))?;
    if metadata.is_dir() {
        return Err((Code::NotAFile, "a folder stands where a file is due".to_owned(), "name a file in the folder"));
    }
    if !metadata.is_file() {
        return Err((Code::NotAFile, "this is no plain file".to_owned(), "name a plain file, no pipe and no device"));
    }
    if metadata.len() > LARGEST_FILE as u64 {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| refusal(path, &error))?;
    // The file may have grown since it was asked.
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|error| refusal(path, &error))?;
    if bytes.len() > LARGEST_FILE { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

fn too_large(size: u64) -> Refusal {
    let message = format!("the file has {size} bytes, more than the {LARGEST_FILE} that a contract may have");
    (Code::FileTooLarge, message, "split it into one file an operation")
}

fn refusal(path: &Path, error: &io::Error) -> Refusal {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    match error.kind() {
        ErrorKind::NotFound if is_link => (
            Code::FileMissing,
            "this symbolic link leads to nothing".to_owned(),
            "let the link lead to a file, or remove it",
        ),
        ErrorKind::NotFound => {
            (Code::FileMissing, "there is no such file".to_owned(), "paths are taken from the current directory")
        }
        ErrorKind::PermissionDenied => {
            (Code::FileUnreadable, "the file may not be read".to_owned(), "give yourself the right to read it")
        }
        _ if is_link => (
            Code::FileUnreadable,
            format!("this symbolic link cannot be followed: {error}"),
            "a circle of links leads to no file; let the link lead to one",
        ),
        _ => (
            Code::FileUnreadable,
            format!("the file cannot be read: {error}"),
            "see that the path is right and the disk is sound",
        ),
    }
}

/// The text as far as it can be shown, and the mistake with the place of the first byte that is none of UTF-8.
fn not_utf8(file: FileId, error: &std::string::FromUtf8Error) -> (String, Diagnostic) {
    let offset = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let byte = bytes.get(offset).copied().unwrap_or_default();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let help = if utf16 {
        "this looks like UTF-16; save it as UTF-8"
    } else {
        "save the file as UTF-8; this may be Latin-1 or Windows-1252"
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let end = character_end(&text, offset + 1);
    let diagnostic = Diagnostic::error(Code::NotUtf8, format!("byte {offset} of the file is not UTF-8"))
        .at(Span { file, range: offset..end }, format!("the byte 0x{byte:02x}"))
        .help(help);
    (text, diagnostic)
}
