//! GitHub's annotations beside the lines of a change, as things happen, and the summary of the job at the end.

use super::headline::{headline, notice_words, seen_before_words};
use super::markdown::markdown;
use super::{Report, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event, Location, Notice};
use crate::text::source::unlinked;
use crate::text::visible::{line, text as clean};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Annotations into `out`, and Markdown at the end of a file.
pub struct Github {
    out: Box<dyn Write + Send>,
    summary: Option<PathBuf>,
    saved: SavedRun,
}

impl Github {
    /// Annotations into `out`; where a file is named (by `GITHUB_STEP_SUMMARY`, which the caller reads), the summary into it.
    pub fn new(out: Box<dyn Write + Send>, summary: Option<PathBuf>) -> Self {
        Self { out, summary, saved: SavedRun::default() }
    }

    fn write_command(&mut self, command: &str) -> io::Result<()> {
        self.out.write_all(command.as_bytes())?;
        self.out.flush()
    }

    fn write_summary(&mut self) -> io::Result<()> {
        let Some(path) = self.summary.take() else { return Ok(()) };
        self.saved.settle();
        let text = markdown(&self.saved).map_err(io::Error::other)?;
        append_text(&path, &text).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }
}

/// Adds a text to a file, to which other steps of the job may have written before.
fn append_text(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    let mut file = unlinked::open(folder, path, OpenOptions::new().create(true).append(true))?;
    file.write_all(text.as_bytes())
}

impl Report for Github {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::CaseFinished(case) => {
                self.saved.cases.push(without_exchanges(case));
                return self.write_command(&annotation(case));
            }
            event => self.saved.add_event(event),
        }
        match event {
            Event::Notice(notice) => self.write_command(&notice_annotation(notice)),
            Event::Finished(_) => self.write_summary(),
            _ => Ok(()),
        }
    }
}

/// A case without the exchanges that the summary does not show.
fn without_exchanges(case: &CaseResult) -> CaseResult {
    match case.verdict {
        Verdict::Conforms | Verdict::Skipped => CaseResult { exchanges: Vec::new(), ..case.clone() },
        _ => case.clone(),
    }
}

/// The annotation of a case: an error where it violates, a notice where that is known or was seen before, a warning where it drifted; else nothing.
fn annotation(case: &CaseResult) -> String {
    let level = match case.verdict {
        Verdict::Violates if case.is_excused() => "notice",
        Verdict::Violates => "error",
        Verdict::Drifted => "warning",
        _ => return String::new(),
    };
    let first = case.findings.first().map(|finding| &finding.location);
    let Location { file, line: row, column, .. } = first.unwrap_or(&case.location);
    let place = match file.as_str() {
        "" => String::new(),
        file => format!("file={},line={row},col={column},", escape_property(file)),
    };
    let title = escape_property(&format!("{} {}", line(&case.id), case.verdict_words()));
    let mut message = headline(case);
    message += &format!("\npromised: {}", line(&case.promised));
    if let Some(clause) = case.findings.iter().find_map(|finding| finding.clause.as_ref()) {
        message += &format!("\nby {}: {}", line(&clause.id), line(&clause.says));
    }
    if let Some(cause) = &case.cause {
        message += &format!("\ncause: {}", line(cause));
    }
    for known in case.known() {
        message += &format!("\n{}", line(&known.words()));
    }
    if let Some(words) = seen_before_words(case) {
        message += &format!("\n{}", line(&words));
    }
    format!("::{level} {place}title={title}::{}\n", escape_message(&message))
}

fn notice_annotation(notice: &Notice) -> String {
    let title = escape_property(&line(&notice.kind));
    format!("::warning title={title}::{}\n", escape_message(&line(&notice_words(notice))))
}

/// Escapes characters that would end the message, and hidden ones.
fn escape_message(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes characters that would end a property.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}
