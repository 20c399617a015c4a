//! The file of a ledger: made whole, locked as long as its run lives, only ever longer by whole lines.

use crate::run::ledger::line::{Account, Line};
use crate::text::source::unlinked;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of ledgers within that of what runs remember.
const FOLDER: &str = "ledger";
/// The ending of ledgers' names.
const ENDING: &str = "jsonl";

/// An open ledger, which nobody else holds.
#[derive(Debug)]
pub(super) struct Book {
    /// The place where it stands.
    pub path: PathBuf,
    /// The file; its lock is let go when this is dropped.
    pub file: Arc<File>,
    /// The number of its bytes that are whole lines.
    length: u64,
    /// True if the last line still lacks its end.
    unended: bool,
    /// True if half a line stands behind those, which would spoil the next one.
    torn: bool,
}

impl Book {
    /// A new ledger. Its name appears when it is locked and has its first line, so that nobody takes it for one that was left.
    pub(super) fn create(state: &Path, name: &str, first: &Line) -> io::Result<Self> {
        let folder = state.join(FOLDER);
        unlinked::create_folder(state, &folder)?;
        let early = folder.join(format!("{name}.new"));
        let file = unlinked::open(state, &early, OpenOptions::new().read(true).append(true).create_new(true))?;
        let path = folder.join(format!("{name}.{ENDING}"));
        let mut book = Self { path, file: Arc::new(file), length: 0, unended: false, torn: false };
        let named = book.begin(&early, first);
        if named.is_err() {
            // Nothing was told of in it; a file that stays says no more than its name does.
            let _ = std::fs::remove_file(&early);
        }
        named.map(|()| book)
    }

    fn begin(&mut self, early: &Path, first: &Line) -> io::Result<()> {
        self.file.try_lock().map_err(io::Error::from)?;
        self.append(std::slice::from_ref(first))?;
        self.file.sync_all()?;
        std::fs::rename(early, &self.path)?;
        // The name has to outlast a crash of the machine too; where folders cannot be synced, the system sees to it.
        if let Some(folder) = self.path.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Adds lines, all or none of them.
    pub(super) fn append(&mut self, lines: &[Line]) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
            self.torn = false;
        }
        let mut text = if self.unended { "\n".to_owned() } else { String::new() };
        for line in lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        if let Err(error) = (&*self.file).write_all(text.as_bytes()) {
            self.torn = true;
            return Err(error);
        }
        self.length += text.len() as u64;
        self.unended = false;
        Ok(())
    }

    /// Takes a ledger that its run has left, with what stands in it; nothing where a living process holds it, or it is gone.
    pub(super) fn take(path: &Path) -> io::Result<Option<(Self, Vec<u8>)>> {
        let file = match unlinked::open(state_of(path), path, OpenOptions::new().read(true).append(true)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut bytes = Vec::new();
        (&file).read_to_end(&mut bytes)?;
        let (path, file, length) = (path.to_owned(), Arc::new(file), bytes.len() as u64);
        Ok(Some((Self { path, file, length, unended: false, torn: false }, bytes)))
    }

    /// The same ledger, to be written on behind its last whole line.
    pub(super) fn resumed(mut self, account: &Account) -> Self {
        self.torn = account.whole < self.length;
        self.length = account.whole;
        self.unended = account.unended;
        self
    }

    /// Deletes it.
    pub(super) fn delete(self) -> io::Result<()> {
        unlinked::remove(state_of(&self.path), &self.path)
    }
}

/// The bytes of a ledger, whoever holds it.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    unlinked::open(state_of(path), path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folder of what runs remember in which a ledger is.
fn state_of(ledger: &Path) -> &Path {
    ledger.ancestors().nth(2).unwrap_or(ledger)
}

/// Every ledger in a folder of what runs remember, oldest first.
pub(super) fn ledgers(state: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = state.join(FOLDER);
    unlinked::check(state, &folder)?;
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        found.push(entry?.path());
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
