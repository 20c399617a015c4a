//! Events as they happen, one JSON object a line, for whoever follows the file while the run goes on.

use super::{Report, file};
use crate::run::event::Event;
use crate::text::visible;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

struct Lines(File);

/// Opens the file, and empties it.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Report + Send>> {
    Ok(Box::new(Lines(file::create(path)?)))
}

impl Report for Lines {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let line = visible::json(&serde_json::to_string(event)?).into_owned() + "\n";
        // In one write, so that a reader never sees half an event; a file has no buffer of ours that a crash could lose.
        self.0.write_all(line.as_bytes())
    }
}
