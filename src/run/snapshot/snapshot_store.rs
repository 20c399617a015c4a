//! Baselines in files: at a path that a person can guess, read whole, and written whole or not at all.

use crate::run::snapshot::drift::Snapshot;
use crate::run::snapshot::snapshot_text::{Head, parse_snapshot, snapshot_text};
use crate::text::source::unlinked;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A snapshot file that cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct BadFile {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1, where one is to blame.
    pub line: Option<usize>,
    /// A sentence about what is wrong.
    pub message: String,
}

impl BadFile {
    fn new(path: &Path, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }

    fn io(path: &Path, error: &io::Error) -> Self {
        Self::new(path, None, error.to_string())
    }
}

/// The end of the name of an accepted answer's file, and of a pending one's behind that.
const ACCEPTED: &str = ".snap";
const PENDING: &str = ".new";

/// The file of a case's accepted answer in a target's folder: `vendor/operation/row.snap` or `vendor/operation/row.sample.snap`.
pub fn baseline_path(folder: &Path, case: &str) -> PathBuf {
    let mut parts = case.splitn(4, '/');
    let [vendor, operation, row] = [(); 3].map(|()| path_segment(parts.next().unwrap_or("")));
    let mut name = row.replace('.', "%2E");
    if let Some(sample) = parts.next() {
        name = format!("{name}.{}", path_segment(sample));
    }
    folder.join(vendor).join(operation).join(name + ACCEPTED)
}

/// The file of a pending answer, beside that of the accepted one.
pub fn pending_path(accepted: &Path) -> PathBuf {
    let mut path = accepted.as_os_str().to_owned();
    path.push(PENDING);
    path.into()
}

/// The accepted answer's file, given the pending one's.
pub(super) fn accepted_path(pending: &Path) -> Option<PathBuf> {
    let name = pending.to_str()?.strip_suffix(PENDING)?;
    name.ends_with(ACCEPTED).then(|| PathBuf::from(name))
}

/// Returns true for a file of an accepted answer.
pub(super) fn is_accepted(path: &Path) -> bool {
    path.to_str().is_some_and(|name| name.ends_with(ACCEPTED))
}

/// A name as a part of a path on every system; what cannot be there is percent-encoded.
pub(super) fn path_segment(name: &str) -> String {
    if name.is_empty() {
        return "%".to_owned();
    }
    let reserved = is_reserved(name);
    let mut segment = String::new();
    for (index, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte == b'.' && index > 0;
        if plain && !(reserved && index == 0) {
            segment.push(char::from(byte));
        } else {
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

/// Returns true for the name of a device on some system, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    matches!(
        stem.as_bytes(),
        b"con" | b"prn" | b"aux" | b"nul" | [b'c', b'o', b'm', b'0'..=b'9'] | [b'l', b'p', b't', b'0'..=b'9']
    )
}

/// The text of a file; `None` where there is none. A link is not followed, since its target would be shown as an answer.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, BadFile> {
    unlinked::check(target_folder(path), path).map_err(|error| BadFile::io(path, &error))?;
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BadFile::io(path, &error)),
        Ok(metadata) if !metadata.is_file() => return Err(BadFile::new(path, None, "this is no file")),
        Ok(_) => {}
    }
    let bytes = fs::read(path).map_err(|error| BadFile::io(path, &error))?;
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let good = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = good.filter(|byte| **byte == b'\n').count() + 1;
        BadFile::new(path, Some(line), "this is no text in UTF-8")
    })
}

/// The snapshot of a file with its head; `None` where there is no file.
pub fn read_snapshot(path: &Path) -> Result<Option<(Head, Snapshot)>, BadFile> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    parse_snapshot(&text).map(Some).map_err(|error| BadFile::new(path, Some(error.line), error.message))
}

/// Keeps an answer as pending, beside its accepted one; a file with the same text is not written again.
pub fn keep_pending(accepted: &Path, head: &Head, snapshot: &Snapshot) -> Result<PathBuf, BadFile> {
    let path = pending_path(accepted);
    let text = snapshot_text(head, snapshot);
    if read_text(&path).is_ok_and(|known| known.as_deref() == Some(text.as_str())) {
        return Ok(path);
    }
    replace_text(&path, &text)?;
    Ok(path)
}

/// Takes a pending answer away, if there is one.
pub fn drop_pending(accepted: &Path) -> Result<(), BadFile> {
    remove_file(&pending_path(accepted))
}

/// Takes a file away, if there is one.
pub fn remove_file(path: &Path) -> Result<(), BadFile> {
    unlinked::remove(target_folder(path), path).map_err(|error| BadFile::io(path, &error))
}

/// Writes a text in place of a file, all of it or nothing. A file that is marked read-only is left as it is.
pub(super) fn replace_text(path: &Path, text: &str) -> Result<(), BadFile> {
    if fs::symlink_metadata(path).is_ok_and(|known| !known.is_symlink() && known.permissions().readonly()) {
        return Err(BadFile::new(path, None, "this file is read-only, so it was left as it is"));
    }
    let (root, folder) = (target_folder(path), path.parent().unwrap_or(path));
    unlinked::create_folder(root, folder)
        .and_then(|()| unlinked::replace(root, path, text.as_bytes()))
        .map_err(|error| BadFile::io(path, &error))
}

/// The folder of a target, in which a file's vendor and operation have folders of their own: see [`baseline_path`].
fn target_folder(file: &Path) -> &Path {
    file.ancestors().nth(3).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn named(case: &str) -> String {
        baseline_path(Path::new("mock"), case).to_string_lossy().replace('\\', "/")
    }

    #[test]
    fn a_person_can_guess_the_path() {
        assert_eq!(named("acme/links.delete/live"), "mock/acme/links.delete/live.snap");
        assert_eq!(named("acme/links.delete/malformed/capitals"), "mock/acme/links.delete/malformed.capitals.snap");
        assert_eq!(named("acme/links.delete/bad/a.b"), "mock/acme/links.delete/bad.a.b.snap");
        assert_eq!(pending_path(Path::new("a.snap")), Path::new("a.snap.new"));
        assert_eq!(accepted_path(Path::new("x/a.b.snap.new")), Some(PathBuf::from("x/a.b.snap")));
    }

    #[test]
    fn no_name_leaves_its_folder_and_no_two_cases_share_a_file() {
        let cases = [
            "../../etc",
            "a/../b",
            "a/b/..",
            "a/b/c/../../d",
            "a/b/c d",
            "a/b/c%20d",
            "a/b/con",
            "a/b/%63on",
            "a/b/com1",
            "a/b/cone",
            "a/b/c.d",
            "a/b/c/d",
            "a/b/ä",
            "a/b/c:d",
            "a/b/",
            "a/b/c/",
            "a/b/c",
            "a/.git/x",
        ];
        let paths: HashSet<String> = cases.iter().map(|case| named(case)).collect();
        assert_eq!(paths.len(), cases.len(), "{paths:?}");
        for path in paths {
            assert!(
                Path::new(&path).components().all(|part| matches!(part, std::path::Component::Normal(_))),
                "{path}"
            );
            assert!(!path.contains("/."), "{path}");
        }
    }

    #[test]
    fn a_file_is_written_whole_and_a_read_only_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/x.snap");
        replace_text(&path, "one").unwrap();
        replace_text(&path, "two").unwrap();
        assert_eq!(read_text(&path), Ok(Some("two".to_owned())));
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = replace_text(&path, "three").unwrap_err();
        assert!(error.to_string().contains("x.snap: this file is read-only"), "{error}");
        assert_eq!(read_text(&path), Ok(Some("two".to_owned())));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing else is left in the folder");
    }

    #[test]
    fn what_is_no_text_and_what_is_no_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.snap");
        fs::write(&path, b"---\n\xff").unwrap();
        assert_eq!(read_text(&path).unwrap_err().line, Some(2));
        assert!(read_text(folder.path()).is_err());
        assert_eq!(read_text(&folder.path().join("none.snap")), Ok(None));
    }
}
