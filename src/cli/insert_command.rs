//! The command that is meant: `run` where none is named, and none where a word looks like a mistyped one.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use proviso::text::diagnostic::suggest;
use std::ffi::OsString;

/// The command that is meant where none is named.
const DEFAULT: &str = "run";
/// The options that clap itself answers for every command.
const ASIDE: [&str; 4] = ["-h", "--help", "-V", "--version"];

/// The arguments with the command in them.
pub(super) fn insert_command(command: &mut Command, mut typed: Vec<OsString>) -> Result<Vec<OsString>, clap::Error> {
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

fn refuse_mistyped(command: &mut Command, word: &str) -> Result<(), clap::Error> {
    let Some(meant) = suggest(word, command.get_subcommands().map(Command::get_name)) else { return Ok(()) };
    let meant = ContextValue::Strings(vec![meant.to_owned()]);
    let mut error = clap::Error::new(ErrorKind::InvalidSubcommand).with_cmd(command);
    error.insert(ContextKind::InvalidSubcommand, ContextValue::String(word.to_owned()));
    error.insert(ContextKind::SuggestedSubcommand, meant);
    let tip = format!("the cases with `{word}` in their names are run by `proviso {DEFAULT} {word}`");
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error.insert(ContextKind::Usage, ContextValue::StyledStr(command.render_usage()));
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Args;
    use clap::CommandFactory;

    fn route(line: &str) -> Result<String, clap::Error> {
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
            ("proviso --specs lint -v", "proviso --specs lint -v run"),
            ("proviso --specs=x -qv list", "proviso --specs=x -qv list"),
            ("proviso --specs x list", "proviso --specs x list"),
            ("proviso --specs", "proviso --specs run"),
            ("proviso -vj4", "proviso run -vj4"),
            ("proviso --list", "proviso run --list"),
            ("proviso --help", "proviso --help"),
            ("proviso help lint", "proviso help lint"),
        ] {
            assert_eq!(route(line).unwrap(), expected);
        }
    }

    #[test]
    fn a_word_that_looks_like_a_command_is_no_filter() {
        for word in ["lnit", "sevre", "lists", "explian", "Lint"] {
            assert_eq!(route(&format!("proviso {word}")).unwrap_err().kind(), ErrorKind::InvalidSubcommand, "{word}");
        }
        assert_eq!(route("proviso run lnit").unwrap(), "proviso run lnit");
    }
}
