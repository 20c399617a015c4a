//! A runnable script for each failure, in a folder: make, change, ask, as the case did.

use super::Report;
use super::output_file::OutputFile;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event};
use std::io;
use std::path::{Path, PathBuf};

/// Writes a script for each failing case into a folder.
pub struct ReproScripts {
    folder: PathBuf,
}

impl ReproScripts {
    /// Scripts in this folder, which is made with the first of them.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn write(&self, case: &CaseResult) -> io::Result<()> {
        let fails = matches!(case.verdict, Verdict::Violates | Verdict::Undetermined | Verdict::Environment);
        let Some(script) = case.script.as_ref().filter(|_| fails) else { return Ok(()) };
        let place = OutputFile::locate(&self.folder.join(file_name(&case.id)))?;
        place.write_whole(script.as_bytes())?;
        place.make_executable()
    }
}

impl Report for ReproScripts {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::CaseFinished(case) => self.write(case),
            _ => Ok(()),
        }
    }
}

/// `acme.links.delete.live.sh`.
fn file_name(id: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || "._-".contains(sign) { sign } else { '.' };
    format!("{}.sh", id.chars().map(plain).collect::<String>().trim_start_matches('.'))
}
