//! GitHub's annotations beside the lines of a change, as things happen, and the summary of the job at the end.

use super::text::{clean, headline, line};
use super::{Report, Saved, markdown};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event, Location, Notice};
use crate::text::source::unlinked;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

/// Annotations into `out`, and Markdown at the end of a file.
pub struct Github {
    out: Box<dyn Write + Send>,
    summary: Option<PathBuf>,
    saved: Saved,
}

impl Github {
    /// Annotations into `out`; where a file is named (by `GITHUB_STEP_SUMMARY`, which the caller reads), the summary into it.
    pub fn new(out: Box<dyn Write + Send>, summary: Option<PathBuf>) -> Self {
        Self { out, summary, saved: Saved::default() }
    }

    fn say(&mut self, command: &str) -> io::Result<()> {
        self.out.write_all(command.as_bytes())?;
        self.out.flush()
    }

    fn summarise(&mut self) -> io::Result<()> {
        let Some(path) = self.summary.take() else { return Ok(()) };
        self.saved.settle();
        let text = markdown::render(&self.saved).map_err(io::Error::other)?;
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        // Other steps of the job may have written before.
        let folder = path.parent().unwrap_or(&path);
        let mut file = unlinked::open(folder, &path, OpenOptions::new().create(true).append(true)).map_err(named)?;
        file.write_all(text.as_bytes()).map_err(named)
    }
}

impl Report for Github {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::CaseFinished(case) => {
                self.saved.event(&Event::CaseFinished(Box::new(light(case))));
                self.say(&annotation(case))
            }
            Event::Notice(notice) => {
                self.saved.event(event);
                self.say(&told(notice))
            }
            Event::Finished(_) => {
                self.saved.event(event);
                self.summarise()
            }
            Event::Started(_) | Event::CaseStarted { .. } => {
                self.saved.event(event);
                Ok(())
            }
        }
    }
}

/// A case without what the summary does not show.
fn light(case: &CaseResult) -> CaseResult {
    match case.verdict {
        Verdict::Conforms | Verdict::Skipped => CaseResult { exchanges: Vec::new(), ..case.clone() },
        _ => case.clone(),
    }
}

/// The annotation of a case: an error where it violates, a notice where that is known, a warning where it drifted; else nothing.
fn annotation(case: &CaseResult) -> String {
    let level = match case.verdict {
        Verdict::Violates if case.is_known() => "notice",
        Verdict::Violates => "error",
        Verdict::Drifted => "warning",
        _ => return String::new(),
    };
    let first = case.findings.first().map(|finding| &finding.location);
    let Location { file, line: row, column, .. } = first.unwrap_or(&case.location);
    let mut properties = String::new();
    if !file.is_empty() {
        properties = format!("file={},line={row},col={column},", property(file));
    }
    let title = property(&format!("{} {}", line(&case.id), case.verdict_words()));
    let mut said = headline(case);
    // Writing to a string cannot fail.
    let _ = write!(said, "\npromised: {}", line(&case.promised));
    for clause in case.findings.iter().filter_map(|finding| finding.clause.as_ref()).take(1) {
        let _ = write!(said, "\nby {}: {}", line(&clause.id), line(&clause.says));
    }
    for known in case.known() {
        let _ = write!(said, "\n{}", line(&known.words()));
    }
    format!("::{level} {properties}title={title}::{}\n", data(&said))
}

fn told(notice: &Notice) -> String {
    let about = notice.vendor.as_ref().map(|vendor| format!("{vendor}: ")).unwrap_or_default();
    format!(
        "::warning title={}::{}\n",
        property(&line(&notice.kind)),
        data(&line(&format!("{about}{}", notice.message)))
    )
}

/// Escapes what would end the message, and whatever is hidden.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\n', "%0A")
}

/// Escapes what would end a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
