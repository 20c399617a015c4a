//! `proviso completions`: what a shell needs to complete commands and flags.

use crate::cli::args::Args;
use crate::cli::context::Context;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use proviso::report::Exit;

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso completions bash > ~/.local/share/bash-completion/completions/proviso\n\
    \x20 proviso completions zsh > ~/.zfunc/_proviso\n\
    \x20 proviso completions fish > ~/.config/fish/completions/proviso.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the completions.
pub(crate) fn print_completions(args: &CompletionsArgs, context: &mut Context) -> Exit {
    let Context { output, .. } = context;
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut with_flags_of_run(Args::command()), "proviso", &mut bytes);
    output.raw(&String::from_utf8_lossy(&bytes));
    Exit::Fine
}

/// The command line with the flags of `run` on the outside too, since `run` is meant where no command is named.
fn with_flags_of_run(command: Command) -> Command {
    let run = command.find_subcommand("run").into_iter().flat_map(Command::get_arguments);
    let flags: Vec<_> = run.filter(|argument| !argument.is_positional()).cloned().collect();
    command.args(flags)
}
