//! `proviso demo`: a run that needs no file of the user's, with one promise broken on purpose.

use crate::cli::args::{Args, Subcommand};
use crate::cli::commands::run_cases::run_answered;
use crate::cli::context::Context;
use crate::cli::environment::enter_folder;
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::project_folder::SPECS;
use clap::Parser;
use proviso::contract::{self, Vendor};
use proviso::report::{Count, Exit};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Show a run on the mock with one violation, without any files of yours.
///
/// The contracts are part of the program. The mock answers by them, but for one promise that it breaks on purpose. Nothing is sent
/// beyond this machine, and nothing stays on it but one report in the folder for temporary files.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  proviso demo\n  proviso demo --open",
    &[
        (Exit::Fine, "shown"),
        (Exit::Environment, "the folder for temporary files cannot be written, or the mock cannot listen"),
    ],
))]
pub(crate) struct DemoArgs {
    /// Open the report in the browser
    #[arg(long)]
    open: bool,
}

/// The contracts in the program: the path of each file under `specs/`, and its text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_contracts.rs"));
/// A promise, and what the mock of the demo answers instead.
const BROKEN: (&str, &str) = ("success: true", "success: false");
/// The folder of the contracts by which the mock of the demo answers.
const ANSWERING: &str = "answering";

/// Shows the demo.
pub(crate) fn show_demo(args: &DemoArgs, context: &mut Context) -> CommandResult {
    let folder = tempfile::tempdir().map_err(|error| unprepared(&error))?;
    let report = write_contracts(folder.path()).and_then(|()| new_report()).map_err(|error| unprepared(&error))?;
    // The places in what is printed are then those of the contracts, and not of a folder that is about to go.
    enter_folder(folder.path()).map_err(|error| unprepared(&error))?;
    let exit = run_demo(&report, context);
    // A folder that a process is in cannot be removed everywhere.
    enter_folder(report.parent().unwrap_or(Path::new("/"))).map_err(|error| unprepared(&error))?;
    drop(folder);
    match exit? {
        Exit::Violated => {}
        other => return Ok(other),
    }
    explain_demo(&report, &mut context.output);
    if args.open {
        open_report(&report, &mut context.output);
    }
    Ok(Exit::Fine)
}

fn unprepared(error: &io::Error) -> CommandError {
    Problem::new(format_args!("the demo cannot be prepared: {error}")).exit_with(Exit::Environment)
}

/// Writes the contracts twice: as they are, and with one promise broken.
fn write_contracts(folder: &Path) -> io::Result<()> {
    let broken = EMBEDDED.iter().position(|(_, text)| text.matches(BROKEN.0).count() == 1);
    for (index, (name, text)) in EMBEDDED.iter().enumerate() {
        let answered = if Some(index) == broken { text.replace(BROKEN.0, BROKEN.1) } else { (*text).to_owned() };
        for (root, text) in [(SPECS, *text), (ANSWERING, &answered)] {
            let path = folder.join(root).join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// A new file for the report, which stays.
fn new_report() -> io::Result<PathBuf> {
    let file = tempfile::Builder::new().prefix("proviso-demo-").suffix(".html").tempfile()?;
    file.into_temp_path().keep().map_err(|error| error.error)
}

/// Runs the cases in the folder that was prepared, as `proviso run` would.
fn run_demo(report: &Path, context: &mut Context) -> CommandResult {
    let answering = contract::load(&[PathBuf::from(ANSWERING)]).contracts;
    let vendors = Count(answering.vendors.len(), "vendor");
    let pages = Count(answering.vendors.iter().flat_map(Vendor::documented).count(), "page");
    let head = format!("proviso demo: {pages} of {vendors}, on a mock that breaks one promise on purpose\n");
    let typed = ["proviso", "run", "--baseline", "none", "--report-html"].map(Into::into);
    let typed = typed.into_iter().chain([report.as_os_str().to_owned()]);
    let parsed = Args::try_parse_from(typed).map_err(|error| Problem::new(error.to_string()))?;
    let Subcommand::Run(run) = parsed.command else { return Ok(Exit::Fine) };
    context.project = PathBuf::new();
    context.specs = SPECS.into();
    context.state = ".proviso".into();
    // What a pipeline shows of its own accord is for the user's contracts.
    context.environment.github_actions = false;
    context.output.print(&head);
    context.output.quiet = true;
    run_answered(&run, Some(Arc::clone(&answering)), context)
}

fn explain_demo(report: &Path, output: &mut Output) {
    let (promised, answered) = BROKEN;
    output.print(&format!(
        "\nThe mock answered `{answered}` where the page promises `{promised}`. \
         The block above shows it as a run against a vendor would.\n\
         report    {}\n\
         next      `proviso init NAME` begins a contract of your own\n",
        report.display()
    ));
}

/// Opens the report as the system opens files; where that cannot be, says so.
fn open_report(report: &Path, output: &mut Output) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let silent =
        Command::new(opener).arg(report).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = silent {
        output.eprint(&format!("notice: `{opener}` did not open the report: {error}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::{BROKEN, EMBEDDED};

    #[test]
    fn one_embedded_contract_has_the_promise_that_is_broken() {
        assert!(EMBEDDED.iter().any(|(name, _)| name.ends_with("/vendor.yaml")), "{EMBEDDED:?}");
        assert_eq!(EMBEDDED.iter().filter(|(_, text)| text.contains(BROKEN.0)).count(), 1);
    }
}
