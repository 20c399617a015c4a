//! A problem as the user sees it, and the error that ends a command.

use crate::cli::output::Output;
use proviso::report::{Exit, ReadError};
use proviso::text::diagnostic::suggest;
use std::fmt::Display;

/// A sentence on what is wrong, and lines on what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The sentence.
    pub(crate) message: String,
    /// The lines.
    pub(crate) help: Vec<String>,
}

impl Problem {
    /// A problem of which there is nothing more to write than this.
    pub(crate) fn new(message: impl Display) -> Self {
        Self { message: message.to_string(), help: Vec::new() }
    }

    /// A report that cannot be read: one of another version needs another proviso, and for any other this line helps.
    pub(crate) fn unread_report(error: &ReadError, help: &str) -> Self {
        let is_later = matches!(error, ReadError::Version { .. });
        Self::new(error).with_help(if is_later { "a later version of proviso reads it: update this one" } else { help })
    }

    /// The same with one more line of help.
    pub(crate) fn with_help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// The same with the nearest of the words that would have been right, where one is near.
    pub(crate) fn with_nearest<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.help.extend(did_you_mean(word, known));
        self
    }

    /// The error that ends a command with this exit.
    pub(crate) fn exit_with(self, exit: Exit) -> CommandError {
        CommandError { exit, problems: vec![self] }
    }
}

/// The nearest of the words that would have been right, as a question.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(word, known).map(|meant| format!("did you mean `{meant}`?"))
}

/// The end of a command that cannot go on.
#[derive(Debug)]
pub(crate) struct CommandError {
    exit: Exit,
    /// The problems that are not shown yet.
    problems: Vec<Problem>,
}

impl CommandError {
    /// The end of a command that has shown its problems already.
    pub(crate) fn shown(exit: Exit) -> Self {
        Self { exit, problems: Vec::new() }
    }

    /// Shows the problems.
    pub(crate) fn show(self, output: &mut Output) -> Exit {
        self.problems.iter().for_each(|problem| output.error(problem));
        self.exit
    }
}

/// A problem ends a command as a wrong command line does.
impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        problem.exit_with(Exit::Wrong)
    }
}

impl From<Vec<Problem>> for CommandError {
    fn from(problems: Vec<Problem>) -> Self {
        Self { exit: Exit::Wrong, problems }
    }
}

/// The exit of a command that was carried out, or why it was not.
pub(crate) type CommandResult = Result<Exit, CommandError>;
