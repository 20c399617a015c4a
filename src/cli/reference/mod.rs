//! `proviso reference`: the language, the codes and the commands as one page, made from the types and lists that the program itself goes by.

mod codes;
mod commands;
mod language;

use crate::cli::output::Output;
use proviso::report::Exit;
use std::fmt::Write as _;

/// Print the reference of the language, the codes and the commands, as Markdown.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso reference | less\n\
    \x20 proviso reference > specs/REFERENCE.md")]
pub(crate) struct Args {}

/// What the page begins with.
const HEAD: &str = "\
# Reference

Made by `proviso reference` from the types and lists that the program itself goes by; a test holds that this page is what it prints.
The [guide](README.md) says how to go about it.

- [The language](#the-language)
- [States](#states)
- [References](#references)
- [Names of secrets](#names-of-secrets)
- [Codes](#codes)
- [Commands](#commands)
";

/// Prints it.
pub(crate) fn run(_: &Args, output: &mut Output) -> Exit {
    let mut page = HEAD.to_owned();
    language::write(&mut page);
    codes::write(&mut page);
    commands::write(&mut page);
    output.print(&page);
    Exit::Fine
}

/// A heading.
fn heading(page: &mut String, level: usize, text: &str) {
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(page, "\n{} {text}\n", "#".repeat(level));
}

/// A table, in which no cell can end its row or its column.
fn table(page: &mut String, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let _ = writeln!(page, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

/// A word as it is typed.
fn typed(word: impl std::fmt::Display) -> String {
    format!("`{word}`")
}

/// Words in a sentence: `a`, `b` or `c`.
fn any_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
