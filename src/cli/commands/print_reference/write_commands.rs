//! The commands and their options, from the parser that reads them.

use super::markdown_page::{MarkdownPage, any_of, typed};
use crate::cli::args::Args;
use clap::{Arg, Command, CommandFactory};

/// Writes the chapter.
pub(super) fn write_commands(page: &mut MarkdownPage) {
    let mut whole = Args::command();
    whole.build();
    page.heading(2, "Commands");
    page.push("Without a command, `run` is meant. Every command takes these:\n\n");
    write_options(page, whole.get_arguments().filter(|argument| argument.is_global_set()));
    for command in whole.get_subcommands() {
        write_command(page, "proviso", command);
    }
}

fn write_command(page: &mut MarkdownPage, before: &str, command: &Command) {
    if command.get_name() == "help" {
        return;
    }
    let name = format!("{before} {}", command.get_name());
    page.heading(3, &typed(&name));
    if let Some(about) = command.get_long_about().or_else(|| command.get_about()) {
        page.push(&about.to_string());
    }
    page.push("\n");
    if command.get_arguments().any(is_own) {
        page.push("\n");
        write_options(page, command.get_arguments().filter(|argument| is_own(argument)));
    }
    if let Some(after) = command.get_after_long_help().or_else(|| command.get_after_help()) {
        page.push(&format!("\n```text\n{}\n```\n", after.to_string().trim_end()));
    }
    for inner in command.get_subcommands() {
        write_command(page, &name, inner);
    }
}

/// Returns whether an argument is a command's own: none that every command takes, and not that for help.
fn is_own(argument: &Arg) -> bool {
    !argument.is_global_set() && !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
}

fn write_options<'a>(page: &mut MarkdownPage, arguments: impl Iterator<Item = &'a Arg>) {
    page.columns(["", "means"]);
    arguments.for_each(|argument| page.row([&typed(spell(argument)), &describe_argument(argument)]));
}

/// An argument as it is typed.
fn spell(argument: &Arg) -> String {
    let names: Vec<_> = argument.get_value_names().into_iter().flatten().map(ToString::to_string).collect();
    let value = names.join(" ");
    let value = if argument.is_require_equals_set() { format!("[={value}]") } else { format!(" {value}") };
    match (argument.get_short(), argument.get_long()) {
        (_, None) => format!("[{}]", value.trim_start()),
        (None, Some(long)) if takes_value(argument) => format!("--{long}{value}"),
        (None, Some(long)) => format!("--{long}"),
        (Some(short), Some(long)) if takes_value(argument) => format!("-{short}, --{long}{value}"),
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
    }
}

fn describe_argument(argument: &Arg) -> String {
    let mut meaning = argument.get_help().map_or_else(String::new, ToString::to_string);
    if !takes_value(argument) {
        return meaning;
    }
    let words = argument.get_possible_values();
    let words: Vec<_> = words.iter().filter(|word| !word.is_hide_set()).map(|word| typed(word.get_name())).collect();
    if !words.is_empty() && !meaning.contains("auto, always") {
        meaning.push_str(&format!(": {}", any_of(&words)));
    }
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| typed(value.to_string_lossy())).collect();
    if !defaults.is_empty() {
        meaning.push_str(&format!(" (without it: {})", defaults.join(", ")));
    }
    meaning
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_num_args().is_some_and(|number| number.takes_values())
}
