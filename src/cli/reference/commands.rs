//! The commands and their options, from the parser that reads them.

use super::{heading, table, typed};
use crate::cli::args::Args;
use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write as _;

/// Writes the chapter.
pub(super) fn write(page: &mut String) {
    let mut whole = Args::command();
    whole.build();
    heading(page, 2, "Commands");
    page.push_str("Without a command, `run` is meant. Every command takes these:\n\n");
    let everywhere: Vec<&Arg> = whole.get_arguments().filter(|argument| argument.is_global_set()).collect();
    options(page, &everywhere);
    for command in whole.get_subcommands() {
        write_command(page, "proviso", command);
    }
}

fn write_command(page: &mut String, before: &str, command: &Command) {
    if command.get_name() == "help" {
        return;
    }
    let name = format!("{before} {}", command.get_name());
    heading(page, 3, &typed(&name));
    let said = command.get_long_about().or_else(|| command.get_about());
    let _ = writeln!(page, "{}", said.map(plain).unwrap_or_default());
    let own: Vec<&Arg> = command.get_arguments().filter(|argument| is_own(argument)).collect();
    if !own.is_empty() {
        page.push('\n');
        options(page, &own);
    }
    if let Some(after) = command.get_after_long_help().or_else(|| command.get_after_help()) {
        let _ = writeln!(page, "\n```text\n{}\n```", plain(after).trim_end());
    }
    for inner in command.get_subcommands() {
        write_command(page, &name, inner);
    }
}

/// Whether an argument is a command's own: none that every command takes, and not that for help.
fn is_own(argument: &Arg) -> bool {
    !argument.is_global_set() && !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
}

fn options(page: &mut String, arguments: &[&Arg]) {
    let row = |argument: &&Arg| {
        let mut meaning = plain(argument.get_help().unwrap_or(&StyledStr::new()));
        let words: Vec<_> = argument.get_possible_values();
        let words: Vec<_> =
            words.iter().filter(|word| !word.is_hide_set()).map(|word| typed(word.get_name())).collect();
        if argument.get_num_args().is_some_and(|number| number.takes_values())
            && !words.is_empty()
            && !meaning.contains("auto, always")
        {
            let _ = write!(meaning, ": {}", super::any_of(&words));
        }
        let defaults: Vec<_> =
            argument.get_default_values().iter().map(|value| typed(value.to_string_lossy())).collect();
        if argument.get_num_args().is_some_and(|number| number.takes_values()) && !defaults.is_empty() {
            let _ = write!(meaning, " (without it: {})", defaults.join(", "));
        }
        vec![typed(spelling(argument)), meaning]
    };
    table(page, &["", "means"], arguments.iter().map(row));
}

/// How an argument is typed.
fn spelling(argument: &Arg) -> String {
    let names: Vec<_> = argument.get_value_names().into_iter().flatten().map(ToString::to_string).collect();
    let value = names.join(" ");
    let Some(long) = argument.get_long() else { return format!("[{value}]") };
    let takes = argument.get_num_args().is_some_and(|number| number.takes_values());
    let short = argument.get_short().map(|letter| format!("-{letter}, ")).unwrap_or_default();
    if takes { format!("{short}--{long} {value}") } else { format!("{short}--{long}") }
}

fn plain(text: &StyledStr) -> String {
    text.to_string()
}
