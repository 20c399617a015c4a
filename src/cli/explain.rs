//! x
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}
pub(crate) fn run(_: &Args, _: &Global, _: &mut Output) -> Exit {
    Exit::Fine
}
