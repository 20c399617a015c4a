//! The command that is meant: `run` where none is named, and none where a word looks like a mistyped one.

use crate::cli::problem::Problem;
use clap::Command;
use proviso::text::diagnostic::suggest;
use std::ffi::OsString;

/// The command that is meant where none is named.
const DEFAULT: &str = "run";
/// Commands of other tools, what is meant by each, and what that does.
const FOREIGN: [(&str, &str, &str); 9] = [
    ("test", "run", ", which runs the cases"),
    ("verify", "run", ", which runs the cases"),
    ("check", "lint", ", which finds mistakes in contracts"),
    ("validate", "lint", ", which finds mistakes in contracts"),
    ("mock", "serve", ", which serves the contracts as a mock"),
    ("server", "serve", ", which serves the contracts as a mock"),
    ("start", "serve", ", which serves the contracts as a mock"),
    ("new", "init", " NAME, which begins a contract"),
    ("clean", "sweep", ", which removes what killed runs have left at the vendors"),
];
/// The options that clap itself answers for every command.
const ASIDE: [&str; 4] = ["-h", "--help", "-V", "--version"];

/// The arguments with the command in them.
pub(super) fn insert_command(command: &mut Command, typed: Vec<OsString>) -> Result<Vec<OsString>, Problem> {
    let mut typed = join_seed(typed);
    command.build();
    let at = skip_global(command, &typed);
    match typed.get(at).map(|word| word.to_string_lossy()) {
        Some(word) if ASIDE.contains(&word.as_ref()) || is_command(command, &word) => return Ok(typed),
        Some(word) if !word.starts_with('-') => refuse_mistyped(command, &word)?,
        _ => {}
    }
    typed.insert(at.min(typed.len()), DEFAULT.into());
    Ok(typed)
}

/// Joins the option whose value may be left out with a number behind it, which would be a part of a case's name otherwise.
fn join_seed(typed: Vec<OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for word in typed {
        let is_number =
            word.to_str().is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
        match joined.last_mut().filter(|last| is_number && *last == "--shuffle") {
            Some(option) => {
                option.push("=");
                option.push(word);
            }
            None => joined.push(word),
        }
    }
    joined
}

/// The position of the first argument that is neither a global flag nor its value.
fn skip_global(command: &Command, typed: &[OsString]) -> usize {
    let mut at = 1;
    let mut words = typed.iter().skip(1);
    while let Some(width) = words.next().and_then(|word| global_width(command, word.to_str()?)) {
        at += width;
        if width > 1 {
            words.next();
        }
    }
    at
}

/// The number of arguments that a global flag is together with its value; `None` for anything else.
fn global_width(command: &Command, word: &str) -> Option<usize> {
    if ASIDE.contains(&word) {
        return None;
    }
    if let Some(long) = word.strip_prefix("--") {
        let (name, inline) = long.split_once('=').map_or((long, false), |(name, _)| (name, true));
        let argument = command.get_arguments().find(|argument| argument.get_long() == Some(name))?;
        return Some(if argument.get_action().takes_values() && !inline { 2 } else { 1 });
    }
    let letters = word.strip_prefix('-').filter(|letters| !letters.is_empty())?;
    letters.chars().all(|letter| is_switch(command, letter)).then_some(1)
}

fn is_switch(command: &Command, letter: char) -> bool {
    command.get_arguments().any(|known| known.get_short() == Some(letter) && !known.get_action().takes_values())
}

fn is_command(command: &Command, word: &str) -> bool {
    command.get_subcommands().any(|known| known.get_name() == word)
}

/// Refuses a word that is nearly a command of ours, or is one of another tool.
fn refuse_mistyped(command: &Command, word: &str) -> Result<(), Problem> {
    let foreign = FOREIGN.iter().find(|(foreign, ..)| *foreign == word);
    // A word with a command at its end is one of its own: many rows are named `unknown`.
    let names = command.get_subcommands().map(Command::get_name).filter(|name| !word.ends_with(name));
    let near = || suggest(word, names);
    let (meant, what) = match foreign {
        Some((_, meant, what)) => (*meant, *what),
        None => match near() {
            Some(meant) => (meant, ""),
            None => return Ok(()),
        },
    };
    let problem = Problem::new(format_args!("there is no command `{word}`"));
    let problem = problem.with_help(format!("did you mean `proviso {meant}`{what}?"));
    Err(problem.with_help(format!("`proviso {DEFAULT} {word}` runs the cases with `{word}` in their names")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Args;
    use clap::CommandFactory;

    fn route(line: &str) -> Result<String, Problem> {
        let typed = line.split(' ').map(OsString::from).collect();
        let routed = insert_command(&mut Args::command(), typed)?;
        Ok(routed.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn run_is_meant_where_no_command_is_named() {
        for (line, expected) in [
            ("proviso", "proviso run"),
            ("proviso --target sandbox", "proviso run --target sandbox"),
            ("proviso links.delete", "proviso run links.delete"),
            ("proviso unknown", "proviso run unknown"),
            ("proviso --specs lint -v", "proviso --specs lint -v run"),
            ("proviso --specs=x -qv list", "proviso --specs=x -qv list"),
            ("proviso --specs x list", "proviso --specs x list"),
            ("proviso --specs", "proviso --specs run"),
            ("proviso -vj4", "proviso run -vj4"),
            ("proviso --list", "proviso run --list"),
            ("proviso --shuffle 7 links", "proviso run --shuffle=7 links"),
            ("proviso run --shuffle 7 8", "proviso run --shuffle=7 8"),
            ("proviso run --shuffle links 7", "proviso run --shuffle links 7"),
            ("proviso --help", "proviso --help"),
            ("proviso help lint", "proviso help lint"),
        ] {
            assert_eq!(route(line).unwrap(), expected);
        }
    }

    #[test]
    fn a_word_that_looks_like_a_command_is_no_filter() {
        for (word, meant) in [
            ("lnit", "lint"),
            ("sevre", "serve"),
            ("lists", "list"),
            ("explian", "explain"),
            ("Lint", "lint"),
            ("test", "run"),
            ("check", "lint"),
            ("validate", "lint"),
            ("mock", "serve"),
        ] {
            let problem = route(&format!("proviso {word}")).unwrap_err();
            assert!(
                problem.help.iter().any(|help| help.contains(&format!("`proviso {meant}`"))),
                "{word}: {problem:?}"
            );
        }
        assert_eq!(route("proviso run lnit").unwrap(), "proviso run lnit");
    }
}
