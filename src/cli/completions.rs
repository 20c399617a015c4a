//! `proviso completions`: what a shell needs to complete commands and flags.

use crate::cli::output::Output;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use proviso::report::Exit;

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso completions bash > ~/.local/share/bash-completion/completions/proviso\n\
    \x20 proviso completions zsh > ~/.zfunc/_proviso\n\
    \x20 proviso completions fish > ~/.config/fish/completions/proviso.fish")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints them.
pub(crate) fn run(args: &Args, output: &mut Output) -> Exit {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "proviso", &mut bytes);
    output.raw(&String::from_utf8_lossy(&bytes));
    Exit::Fine
}

/// The command line with the flags of `run` on the outside too, since `run` is meant where no command is named.
fn command() -> Command {
    let command = crate::cli::args::Args::command();
    let run: Vec<clap::Arg> = command
        .find_subcommand("run")
        .map(|run| run.get_arguments().filter(|argument| !argument.is_positional()).cloned().collect())
        .unwrap_or_default();
    command.args(run)
}
