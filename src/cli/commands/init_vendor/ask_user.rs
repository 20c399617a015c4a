//! Questions at a terminal, one line each; an empty line takes what is in brackets.

use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem};
use proviso::report::Exit;
use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::str::FromStr;

/// The user, who is asked only at a terminal.
pub(super) struct User {
    asked: bool,
}

impl User {
    /// The user behind the standard input, unless nothing is to be asked.
    pub(super) fn new(asked: bool) -> Self {
        Self { asked: asked && io::stdin().is_terminal() && io::stderr().is_terminal() }
    }

    /// The value as typed on the command line, or else as answered, or else the usual one.
    pub(super) fn ask<T: FromStr<Err: Display>>(
        &self,
        given: Option<T>,
        question: &str,
        usual: &str,
        output: &mut Output,
    ) -> Result<T, CommandError> {
        if let Some(given) = given {
            return Ok(given);
        }
        loop {
            let answer = if self.asked { read_answer(question, usual, output)? } else { String::new() };
            let text = if answer.is_empty() { usual } else { &answer };
            match text.parse() {
                Ok(value) => return Ok(value),
                Err(error) if self.asked => output.eprint(&format!("{error}\n")),
                Err(error) => return Err(Problem::new(error).into()),
            }
        }
    }
}

/// The line that the user types; an end of the input is an end of the command.
fn read_answer(question: &str, usual: &str, output: &mut Output) -> Result<String, CommandError> {
    let usual = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
    output.eprint(&format!("{question}{usual}: "));
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(1..) => Ok(line.trim().to_owned()),
        _ => Err(Problem::new("no answer: nothing was written").exit_with(Exit::Wrong)),
    }
}
