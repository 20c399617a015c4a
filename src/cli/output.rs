//! The two streams: results go to the standard output, everything else to the standard error. It is not a mistake that no one reads.

use crate::cli::args::{Colour, GlobalArgs};
use crate::cli::environment::Environment;
use crate::cli::problem::Problem;
use proviso::report::{Exit, Level, TerminalLook};
use proviso::text::diagnostic::Style;
use proviso::text::visible;
use serde::Serialize;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Instant;

/// The two streams of the process.
pub(crate) struct Output {
    /// The style of results.
    pub(crate) style: Style,
    /// The style of the standard error.
    pub(crate) error_style: Style,
    /// Only what was asked for is written.
    pub(crate) quiet: bool,
    /// The number of `-v`: more is written than usual.
    pub(crate) verbosity: u8,
    /// A report may change lines that it has written: on a terminal, but not in a pipeline.
    live: bool,
    results: Results,
    /// The standard error is not read any more; nothing can be done about that.
    unread: bool,
}

/// The stream of results.
enum Results {
    /// They are written.
    Open,
    /// They are not read any more.
    Closed,
    /// They could not be written.
    Failed(io::Error),
}

impl Output {
    /// The streams as the arguments, the environment and the terminal would have them.
    pub(crate) fn new(global: &GlobalArgs, environment: &Environment) -> Self {
        let terminal = io::stdout().is_terminal();
        Self {
            style: global.color.style(terminal, environment),
            error_style: global.color.style(io::stderr().is_terminal(), environment),
            quiet: global.quiet,
            verbosity: global.verbose,
            live: terminal && environment.value("CI").is_none(),
            results: Results::Open,
            unread: false,
        }
    }

    /// The way in which reports look here.
    pub(crate) fn look(&self) -> TerminalLook {
        let level = match (self.quiet, self.verbosity) {
            (true, _) => Level::Quiet,
            (false, 0) => Level::Normal,
            (false, 1) => Level::Verbose,
            (false, _) => Level::Exchanges,
        };
        TerminalLook {
            level,
            colour: self.style == Style::Coloured,
            live: self.live,
            width: terminal_width,
            now: Instant::now,
        }
    }

    /// The way in which reports look on the standard error.
    pub(crate) fn error_look(&self) -> TerminalLook {
        TerminalLook { colour: self.error_style == Style::Coloured, live: false, ..self.look() }
    }

    /// Writes a result for a person. A text that a contract or a vendor wrote stays text.
    pub(crate) fn print(&mut self, text: &str) {
        self.raw(&shown(text, self.style));
    }

    /// Writes a result that is one JSON document, or several.
    pub(crate) fn document(&mut self, document: &str) {
        // A `#` is only within strings there, and some pipelines obey `##vso[` wherever it is in a line.
        self.raw(&visible::json(document).replace("##", "\\u0023#"));
    }

    /// Writes a result as one JSON document.
    pub(crate) fn print_json(&mut self, result: &impl Serialize) -> Result<(), Problem> {
        let document = serde_json::to_string_pretty(result).map_err(Problem::new)?;
        self.document(&(document + "\n"));
        Ok(())
    }

    /// Writes a result in a form of its own, which has made sure that nothing foreign in it is more than text.
    pub(crate) fn raw(&mut self, text: &str) {
        if !matches!(self.results, Results::Open) {
            return;
        }
        let mut stream = io::stdout().lock();
        if let Err(error) = stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            let is_closed = error.kind() == ErrorKind::BrokenPipe;
            self.results = if is_closed { Results::Closed } else { Results::Failed(error) };
        }
    }

    /// Writes what is not a result.
    pub(crate) fn eprint(&mut self, text: &str) {
        let text = shown(text, self.error_style);
        self.unread = self.unread || io::stderr().lock().write_all(text.as_bytes()).is_err();
    }

    /// Writes what a person may want to know beside the results, unless only those were asked for.
    pub(crate) fn notice(&mut self, text: &str) {
        if !self.quiet {
            self.eprint(text);
        }
    }

    /// Writes what is wrong and what would help.
    pub(crate) fn error(&mut self, problem: &Problem) {
        let (red, cyan, end) = match self.error_style {
            Style::Coloured => ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m"),
            Style::Plain => ("", "", ""),
        };
        self.eprint(&format!("{red}error{end}: {}\n", visible::text(&problem.message)));
        for line in &problem.help {
            self.eprint(&format!("  {cyan}help{end}: {}\n", visible::text(line)));
        }
    }

    /// A heading, in bold where colours are wanted.
    pub(crate) fn bold(&self, text: &str) -> String {
        let text = visible::line(text);
        match self.style {
            Style::Coloured => format!("\x1b[1m{text}\x1b[0m"),
            Style::Plain => text,
        }
    }

    /// The exit code, changed where results could not be written.
    pub(crate) fn finish(mut self, exit: Exit) -> Exit {
        let Results::Failed(error) = std::mem::replace(&mut self.results, Results::Closed) else { return exit };
        self.error(&Problem::new(format_args!("the results could not be written: {error}")));
        if exit == Exit::Fine { Exit::Environment } else { exit }
    }
}

impl Colour {
    fn style(self, terminal: bool, environment: &Environment) -> Style {
        match self {
            Self::Always => Style::Coloured,
            Self::Auto if (terminal || environment.force_color) && !environment.no_color => Style::Coloured,
            Self::Auto | Self::Never => Style::Plain,
        }
    }
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| width.0.into())
}

/// A text as a stream may have it, with colours of ours or none.
fn shown(text: &str, style: Style) -> String {
    match style {
        Style::Coloured => visible::inert(&visible::painted(text)),
        Style::Plain => visible::printable(text),
    }
}
