//! The reports that people and pipelines read: every one is made of the one stream of events, one file of code a format.
//!
//! A new format is one file, its `mod` line and one line in [`FORMATS`]. Most are pure functions of a finished run
//! ([`Making::Whole`]); what must appear while the run goes on takes events one by one ([`Making::Live`]).

mod answer_excerpt;
pub mod comparison;
mod conclusion;
mod count;
pub mod coverage;
mod ctrf;
mod exit;
pub mod explain;
mod format;
mod github;
mod gitlab;
mod har;
mod headline;
mod html;
mod human_duration;
mod junit;
mod markdown;
mod merge;
mod ndjson;
mod output_file;
pub mod picture;
mod read_run;
mod repro_scripts;
mod run_json;
mod sarif;
mod saved_run;
mod tap;
mod terminal;
mod value_diff;
mod walk_report;
pub mod why;
mod xml;

pub use conclusion::{Conclusion, exit_code};
pub use count::Count;
pub use exit::Exit;
pub use format::{FORMATS, Format, Making, Open, Rendered, format};
pub use github::Github;
pub use merge::{MergeError, MergedRun, merge};
pub use read_run::{ReadError, read_run};
pub use repro_scripts::ReproScripts;
pub use run_json::run_schema;
pub use saved_run::{SavedRun, VERSION};
pub use terminal::{Level, Terminal, TerminalLook, comparison_text};
pub use walk_report::WalkReport;

use crate::run::event::Event;
use output_file::OutputFile;
use std::io;
use std::path::{Path, PathBuf};

/// A listener to a run.
pub trait Report {
    /// Takes the next event; the report of the run is complete after [`Event::Finished`].
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Notes that time has gone by and nothing happened; for a report that shows how far a run has come.
    fn tick(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes away a line that changes, so that another text can be written where it was.
    fn clear_line(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A report that could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Two reports are to go to one file.
    #[error("two reports are asked for in one file: {}", .0.display())]
    Twice(PathBuf),
    /// A file cannot be written.
    #[error("cannot write the {format} report to {}: {source}", path.display())]
    File {
        /// The name of the format.
        format: &'static str,
        /// The path as typed.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A listener that has no file of its own, such as the terminal, cannot go on.
    #[error("cannot write the report: {0}")]
    Stream(#[from] io::Error),
}

/// Every report of one run. One that fails is named at the end and disturbs neither the run nor the others.
#[derive(Default)]
pub struct Reports {
    streams: Vec<Stream>,
    files: Vec<WholeFile>,
    saved: SavedRun,
    errors: Vec<ReportError>,
}

/// A report that listens, and its file if it has one of its own.
struct Stream {
    report: Box<dyn Report + Send>,
    file: Option<FormatFile>,
}

/// A report that is written when the run is over.
struct WholeFile {
    file: FormatFile,
    render: fn(&SavedRun) -> Rendered,
}

/// A file, as typed, and the name of its format.
struct FormatFile {
    format: &'static str,
    path: PathBuf,
}

impl FormatFile {
    fn failure(self, source: io::Error) -> ReportError {
        let Self { format, path } = self;
        ReportError::File { format, path, source }
    }
}

impl Reports {
    /// Opens report files. Anything that can be known to fail (no such folder, no permission, one file twice) fails here, before
    /// anything is sent.
    pub fn open(wanted: &[(&'static Format, PathBuf)]) -> Result<Self, ReportError> {
        let mut reports = Self::default();
        let mut places = Vec::new();
        for (format, path) in wanted {
            let file = FormatFile { format: format.name, path: path.clone() };
            match probed_place(path) {
                Err(source) => return Err(file.failure(source)),
                Ok(place) if places.contains(&place) => return Err(ReportError::Twice(file.path)),
                Ok(place) => places.push(place),
            }
            match format.making {
                Making::Whole(render) => reports.files.push(WholeFile { file, render }),
                Making::Live(open) => match open(path) {
                    Err(source) => return Err(file.failure(source)),
                    Ok(report) => reports.streams.push(Stream { report, file: Some(file) }),
                },
            }
        }
        Ok(reports)
    }

    /// Adds a listener that has no file of its own, such as the terminal.
    pub fn add(&mut self, report: impl Report + Send + 'static) {
        self.streams.push(Stream { report: Box::new(report), file: None });
    }

    /// Lets every report know that time has gone by; a few times a second are enough.
    pub fn tick(&mut self) {
        self.ask_each(|report| report.tick());
    }

    /// Takes away every line that changes, until the next tick.
    pub fn clear_line(&mut self) {
        self.ask_each(|report| report.clear_line());
    }

    /// Asks something of every listener; one that fails is asked nothing more.
    fn ask_each(&mut self, mut ask: impl FnMut(&mut (dyn Report + Send)) -> io::Result<()>) {
        let errors = &mut self.errors;
        self.streams.retain_mut(|stream| match ask(stream.report.as_mut()) {
            Ok(()) => true,
            Err(source) => {
                errors.push(match stream.file.take() {
                    Some(file) => file.failure(source),
                    None => ReportError::Stream(source),
                });
                false
            }
        });
    }

    /// Hands every report an event. The files of a finished run are written when the event is that it is over.
    pub fn tell(&mut self, event: &Event) {
        self.ask_each(|report| report.event(event));
        if self.files.is_empty() {
            return;
        }
        self.saved.add_event(event);
        if matches!(event, Event::Finished(_)) {
            self.write_files();
        }
    }

    /// The reports that could not be written; none, if all is well.
    pub fn close(self) -> Vec<ReportError> {
        self.errors
    }

    fn write_files(&mut self) {
        self.saved.settle();
        for WholeFile { file, render } in std::mem::take(&mut self.files) {
            let rendered = render(&self.saved).map_err(io::Error::other);
            let written = rendered.and_then(|text| OutputFile::locate(&file.path)?.write_whole(text.as_bytes()));
            if let Err(source) = written {
                self.errors.push(file.failure(source));
            }
        }
    }
}

fn probed_place(path: &Path) -> io::Result<OutputFile> {
    let place = OutputFile::locate(path)?;
    place.probe()?;
    Ok(place)
}
