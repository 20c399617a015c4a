//! What people and pipelines look at: every report is made of the one stream of events, one file of code a format.
//!
//! A new format is one file, its `mod` line and one line in [`FORMATS`]. Most are pure functions of a finished run
//! ([`Making::Whole`]); what must appear while the run goes on takes events one by one ([`Making::Live`]).

pub mod comparison;
mod conclusion;
pub mod coverage;
mod exit;
pub mod explain;
mod file;
mod github;
mod har;
mod html;
mod json;
mod junit;
mod markdown;
mod merge;
mod ndjson;
pub mod picture;
mod sarif;
mod tap;
mod terminal;
mod text;
mod value_diff;
mod walk;
mod xml;

pub use conclusion::{Conclusion, exit_code};
pub use exit::Exit;
pub use github::Github;
pub use json::{ReadError, Saved, VERSION, read, schema};
pub use merge::{MergeError, Merged, merge};
pub use terminal::{Level, Look, Terminal, compared};
pub use text::count;
pub use walk::{Walk, walk, walk_json};

use crate::run::event::Event;
use std::io;
use std::path::{Path, PathBuf};

/// Something that listens to a run.
pub trait Report {
    /// Takes the next event; what it makes of the run is complete after [`Event::Finished`].
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Time has gone by and nothing happened; for what shows how far a run has come.
    fn tick(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A kind of report file.
#[derive(Debug)]
pub struct Format {
    /// Its name; the option is `--report-NAME FILE`.
    pub name: &'static str,
    /// One line on what it is for.
    pub about: &'static str,
    /// How it is made.
    pub making: Making,
}

/// How a report file is made.
#[derive(Debug)]
pub enum Making {
    /// From the whole run, once it is over; the file is written whole or not at all.
    Whole(fn(&Saved) -> Rendered),
    /// Event by event, into a file that others can read meanwhile.
    Live(Open),
}

/// A report as text, or why there is none.
pub type Rendered = Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// Opens a file that is written event by event.
pub type Open = fn(&Path) -> io::Result<Box<dyn Report + Send>>;

/// Every kind of report file.
pub static FORMATS: &[Format] = &[
    whole("json", "Everything the run learnt, in a versioned shape", json::render),
    whole("html", "One page that opens offline in any browser, to look through", html::render),
    whole("junit", "JUnit XML: what violates is a failure, what could not be judged an error", junit::render),
    whole("tap", "TAP 14, with YAML diagnostics", tap::render),
    whole("sarif", "SARIF 2.1.0, for code scanning: every finding at its line of the contract", sarif::render),
    whole("markdown", "A summary for a pull request", markdown::render),
    whole("har", "HAR 1.2: every exchange, redacted, for a browser's network panel", har::render),
    live("ndjson", "One event a line, as they happen", ndjson::open),
];

const fn whole(name: &'static str, about: &'static str, render: fn(&Saved) -> Rendered) -> Format {
    Format { name, about, making: Making::Whole(render) }
}

const fn live(name: &'static str, about: &'static str, open: Open) -> Format {
    Format { name, about, making: Making::Live(open) }
}

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
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
        /// Why not.
        source: io::Error,
    },
    /// A listener that has no file of its own, such as the terminal, cannot go on.
    #[error("cannot write the report: {0}")]
    Stream(#[from] io::Error),
}

/// Every report of one run. One that fails is told at the end and disturbs neither the run nor the others.
#[derive(Default)]
pub struct Reports {
    streams: Vec<Stream>,
    files: Vec<File>,
    saved: Saved,
    errors: Vec<ReportError>,
}

struct Stream {
    report: Box<dyn Report + Send>,
    file: Option<(&'static str, PathBuf)>,
}

struct File {
    name: &'static str,
    path: PathBuf,
    render: fn(&Saved) -> Rendered,
}

impl Reports {
    /// Opens report files. What can be known to fail (no such folder, no permission, one file twice) fails here, before
    /// anything is sent.
    pub fn open(wanted: &[(&'static Format, PathBuf)]) -> Result<Self, ReportError> {
        let mut reports = Self::default();
        let mut places = Vec::new();
        for (format, path) in wanted {
            let failed = |source| ReportError::File { format: format.name, path: path.clone(), source };
            let place = file::prepare(path).map_err(failed)?;
            if places.contains(&place) {
                return Err(ReportError::Twice(path.clone()));
            }
            places.push(place);
            match format.making {
                Making::Whole(render) => {
                    reports.files.push(File { name: format.name, path: path.clone(), render });
                }
                Making::Live(open) => {
                    let report = open(path).map_err(failed)?;
                    reports.streams.push(Stream { report, file: Some((format.name, path.clone())) });
                }
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
        self.each(|report| report.tick());
    }

    /// Asks something of every listener; one that fails is asked nothing more.
    fn each(&mut self, mut ask: impl FnMut(&mut (dyn Report + Send)) -> io::Result<()>) {
        let errors = &mut self.errors;
        self.streams.retain_mut(|stream| match ask(stream.report.as_mut()) {
            Ok(()) => true,
            Err(source) => {
                errors.push(match stream.file.take() {
                    Some((format, path)) => ReportError::File { format, path, source },
                    None => ReportError::Stream(source),
                });
                false
            }
        });
    }

    /// Tells every report what happened. The files of a finished run are written when it says that it is over.
    pub fn tell(&mut self, event: &Event) {
        self.each(|report| report.event(event));
        if self.files.is_empty() {
            return;
        }
        self.saved.event(event);
        if matches!(event, Event::Finished(_)) {
            self.write();
        }
    }

    /// What could not be written; none, if all is well.
    pub fn close(self) -> Vec<ReportError> {
        self.errors
    }

    fn write(&mut self) {
        self.saved.settle();
        for File { name, path, render } in std::mem::take(&mut self.files) {
            let rendered = render(&self.saved).map_err(io::Error::other);
            let written = rendered.and_then(|text| file::write(&path, text.as_bytes()));
            if let Err(source) = written {
                self.errors.push(ReportError::File { format: name, path, source });
            }
        }
    }
}

/// Tells a saved run again, event by event, as it would have been told.
pub fn replay(saved: &Saved, mut tell: impl FnMut(&Event)) {
    saved.events().for_each(|event| tell(&event));
}
