//! Where text goes: results to the standard output, everything else to the standard error; nobody reading is no mistake.

use crate::cli::args::{Colour, Global};
use crate::cli::environment::Environment;
use proviso::report::Exit;
use proviso::text::diagnostic::Style;
use proviso::text::visible;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// The two streams of the process.
pub(crate) struct Output {
    /// Whether results carry colours.
    pub(crate) style: Style,
    /// Whether what goes to the standard error carries colours.
    pub(crate) error_style: Style,
    /// Whether only what was asked for is told.
    pub(crate) quiet: bool,
    /// How much more than usual is told.
    pub(crate) verbosity: u8,
    /// Whether nobody reads the results any more.
    closed: bool,
    /// Whether nobody reads what is no result; then nothing is left to be done about it.
    unheard: bool,
    /// Why results could not be written, if they could not.
    failure: Option<io::Error>,
}

impl Output {
    /// The streams as the arguments, the environment and the terminal would have them.
    pub(crate) fn new(global: &Global, environment: &Environment) -> Self {
        let style = |terminal: bool| match global.color {
            Colour::Always => Style::Coloured,
            Colour::Auto if terminal && !environment.no_color => Style::Coloured,
            Colour::Auto | Colour::Never => Style::Plain,
        };
        Self {
            style: style(io::stdout().is_terminal()),
            error_style: style(io::stderr().is_terminal()),
            quiet: global.quiet,
            verbosity: global.verbose,
            closed: false,
            unheard: false,
            failure: None,
        }
    }

    /// Writes a result for a person. Whatever a contract or a vendor wrote into it stays text.
    pub(crate) fn print(&mut self, text: &str) {
        self.raw(&shown(text, self.style));
    }

    /// Writes a result that is one JSON document, or several.
    pub(crate) fn document(&mut self, document: &str) {
        // A `#` is only within strings there, and some pipelines obey `##vso[` wherever it is in a line.
        self.raw(&visible::json(document).replace("##", "\\u0023#"));
    }

    /// Writes a result in a form of its own, which has made sure that nothing foreign in it is more than text.
    pub(crate) fn raw(&mut self, text: &str) {
        if self.closed {
            return;
        }
        let mut stream = io::stdout().lock();
        if let Err(error) = stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            self.closed = true;
            self.failure = Some(error).filter(|error| error.kind() != ErrorKind::BrokenPipe);
        }
    }

    /// Writes what is no result.
    pub(crate) fn tell(&mut self, text: &str) {
        let text = shown(text, self.error_style);
        self.unheard = self.unheard || io::stderr().lock().write_all(text.as_bytes()).is_err();
    }

    /// Writes what a person may want to know beside the results, unless only those were asked for.
    pub(crate) fn notice(&mut self, text: &str) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Tells what is wrong and what would be right.
    pub(crate) fn error(&mut self, message: &str, help: &[String]) {
        let (red, cyan, end) = match self.error_style {
            Style::Coloured => ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m"),
            Style::Plain => ("", "", ""),
        };
        self.tell(&format!("{red}error{end}: {}\n", visible::text(message)));
        for line in help {
            self.tell(&format!("  {cyan}help{end}: {}\n", visible::text(line)));
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
        match self.failure.take() {
            Some(error) => {
                self.error(&format!("the results could not be written: {error}"), &[]);
                if exit == Exit::Fine { Exit::Environment } else { exit }
            }
            None => exit,
        }
    }
}

/// A text as a stream can be shown it, which has colours of ours or none.
fn shown(text: &str, style: Style) -> String {
    match style {
        Style::Coloured => visible::inert(&visible::painted(text)),
        Style::Plain => visible::printable(text),
    }
}
