//! Events as they happen, one JSON object a line, for a reader who follows the file while the run goes on.

use super::Report;
use super::output_file::OutputFile;
use crate::run::event::Event;
use crate::text::visible;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

struct NdjsonReport(File);

/// Opens the file, and empties it.
pub(super) fn ndjson(path: &Path) -> io::Result<Box<dyn Report + Send>> {
    Ok(Box::new(NdjsonReport(OutputFile::locate(path)?.create()?)))
}

impl Report for NdjsonReport {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let line = visible::json(&serde_json::to_string(event)?).into_owned() + "\n";
        // In one write, so that a reader never sees half an event; a file has no buffer of ours that a crash could lose.
        self.0.write_all(line.as_bytes())
    }
}
