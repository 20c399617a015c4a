//! Reads a file's bytes within bounds, with a mistake that explains why where it cannot.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use serde_json::Value;

use super::parse_tree;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::{FileId, Source, Span};

/// The bound of a file's size in bytes; no more than this is ever read.
pub const LARGEST_FILE: usize = 1 << 20;

/// Reads and parses the file that will have this id; needs no list of files, so that many can be read at once.
///
/// A byte-order mark is dropped. A file that cannot be read is an empty source with the one mistake that explains why.
pub fn read_file(file: FileId, path: PathBuf) -> (Source, Vec<Diagnostic>) {
    let bytes = match read_bytes(&path) {
        Ok(bytes) => bytes,
        Err(unread) => return (Source::new(path, String::new()), vec![unread.at(Span { file, range: 0..0 }, "")]),
    };
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            let (tree, diagnostics) = parse_tree(file, &text);
            (Source::new(path, text).with_tree(tree), diagnostics)
        }
        Err(error) => {
            let (text, diagnostic) = not_utf8(file, &error);
            (Source::new(path, text), vec![diagnostic])
        }
    }
}

/// Reads the value of a file that is not a contract; its first mistake where there is one.
pub fn read_value(path: &Path) -> Result<Value, Diagnostic> {
    let (source, mistakes) = read_file(FileId(0), path.to_owned());
    mistakes.into_iter().next().map_or_else(|| Ok(source.into_value()), Err)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    // Asked before opening: opening a pipe that is never written to would wait for ever.
    let metadata = std::fs::metadata(path).map_err(|error| unread(path, &error))?;
    if metadata.is_dir() {
        return Err(
            Diagnostic::error(Code::NotAFile, "a folder stands where a file is due").help("name a file in the folder")
        );
    }
    if !metadata.is_file() {
        return Err(
            Diagnostic::error(Code::NotAFile, "this is no plain file").help("name a plain file, no pipe and no device")
        );
    }
    if metadata.len() > LARGEST_FILE as u64 {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unread(path, &error))?;
    // The file may have grown since it was asked.
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
    if bytes.len() > LARGEST_FILE { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

fn too_large(size: u64) -> Diagnostic {
    let message = format!("the file has {size} bytes, more than the {LARGEST_FILE} that a contract may have");
    Diagnostic::error(Code::FileTooLarge, message).help("split it into one file an operation")
}

fn unread(path: &Path, error: &io::Error) -> Diagnostic {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    match error.kind() {
        ErrorKind::NotFound if is_link => Diagnostic::error(Code::FileMissing, "this symbolic link leads to nothing")
            .help("let the link lead to a file, or remove it"),
        ErrorKind::NotFound => Diagnostic::error(Code::FileMissing, "there is no such file")
            .help("paths are taken from the current directory"),
        ErrorKind::PermissionDenied => Diagnostic::error(Code::FileUnreadable, "the file may not be read")
            .help("give yourself the right to read it"),
        _ if is_link => {
            Diagnostic::error(Code::FileUnreadable, format!("this symbolic link cannot be followed: {error}"))
                .help("a circle of links leads to no file; let the link lead to one")
        }
        _ => Diagnostic::error(Code::FileUnreadable, format!("the file cannot be read: {error}"))
            .help("see that the path is right and the disk is sound"),
    }
}

/// The text as far as it can be shown, and the mistake with the place of the first byte that is not UTF-8.
fn not_utf8(file: FileId, error: &FromUtf8Error) -> (String, Diagnostic) {
    let offset = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let help = if utf16 {
        "this looks like UTF-16; save it as UTF-8"
    } else {
        "save the file as UTF-8; this may be Latin-1 or Windows-1252"
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let range = offset..text.ceil_char_boundary(offset + 1);
    let label = bytes.iter().skip(offset).take(1).map(|byte| format!("the byte 0x{byte:02x}"));
    let diagnostic = Diagnostic::error(Code::NotUtf8, format!("byte {offset} of the file is not UTF-8"))
        .at(Span { file, range }, label.collect::<String>())
        .help(help);
    (text, diagnostic)
}
