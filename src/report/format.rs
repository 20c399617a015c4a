//! The kinds of report file.

use super::ctrf::ctrf;
use super::gitlab::gitlab;
use super::har::har;
use super::html::html;
use super::junit::junit;
use super::markdown::markdown;
use super::ndjson::ndjson;
use super::run_json::run_json;
use super::sarif::sarif;
use super::tap::tap;
use super::{Report, SavedRun};
use std::io;
use std::path::Path;

/// A kind of report file.
#[derive(Debug)]
pub struct Format {
    /// Its name; the option is `--report-NAME FILE`.
    pub name: &'static str,
    /// One line on what it is for.
    pub about: &'static str,
    /// The way in which it is made.
    pub making: Making,
}

/// The way in which a report file is made.
#[derive(Debug)]
pub enum Making {
    /// From the whole run, once it is over; the file is written whole or not at all.
    Whole(fn(&SavedRun) -> Rendered),
    /// Event by event, into a file that others can read meanwhile.
    Live(Open),
}

/// A report as text, or the reason why it could not be made.
pub type Rendered = Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// Opens a file that is written event by event.
pub type Open = fn(&Path) -> io::Result<Box<dyn Report + Send>>;

/// Every kind of report file.
pub static FORMATS: &[Format] = &[
    Format::whole("json", "Everything the run learnt, in a versioned shape", run_json),
    Format::whole("html", "One page that opens offline in any browser, to look through", html),
    Format::whole("junit", "JUnit XML: what violates is a failure, what could not be judged an error", junit),
    Format::whole("tap", "TAP 14, with YAML diagnostics", tap),
    Format::whole("sarif", "SARIF 2.1.0, for code scanning: every finding at its line of the contract", sarif),
    Format::whole("gitlab", "GitLab's code quality report: every finding at its line of the contract", gitlab),
    Format::whole("ctrf", "CTRF: the common test report format, JSON for pipelines and dashboards", ctrf),
    Format::whole("markdown", "A summary for a pull request", markdown),
    Format::whole("har", "HAR 1.2: every exchange, redacted, for a browser's network panel", har),
    Format::live("ndjson", "One event a line, as they happen", ndjson),
];

impl Format {
    const fn whole(name: &'static str, about: &'static str, render: fn(&SavedRun) -> Rendered) -> Self {
        Self { name, about, making: Making::Whole(render) }
    }

    const fn live(name: &'static str, about: &'static str, open: Open) -> Self {
        Self { name, about, making: Making::Live(open) }
    }
}

/// The format of a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
