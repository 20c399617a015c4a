//! Reads the contracts for a command: the vendors that it is about, proved as far as it relies on them.

use crate::cli::context::Context;
use crate::cli::live::{ProjectSettings, ProvedCases};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, Problem};
use proviso::contract::case::{Case, Selection};
use proviso::contract::{self, Loaded, lint};
use proviso::lab::agree;
use proviso::report::{Count, Exit};
use proviso::text::diagnostic::{self, Code, Diagnostic, Severity};
use std::path::Path;

/// The proof of contracts that a command relies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckLevel {
    /// The shape of files alone, for what is asked while they are being written.
    Shape,
    /// The meaning of contracts, for commands that ask no vendor.
    Meaning,
    /// That the mock can give every answer too, for commands that ask vendors. A variable of another vendor is no obstacle: the
    /// guard refuses it before anything is sent, and the user may permit it.
    Answers,
    /// The same, and that no contract sets a variable of another vendor: those of the mock are read into shells.
    OwnVariables,
}

/// Reads the contracts of the vendors that may have selected cases. Where one is wrong, all mistakes are shown instead.
pub(crate) fn read_contracts(
    specs: &Path,
    selection: &Selection,
    proof: CheckLevel,
    output: &mut Output,
) -> Result<Loaded, CommandError> {
    if !specs.exists() {
        let problem = Problem::new(format_args!("there are no contracts: `{}` does not exist", specs.display()));
        let problem = problem.with_help("`proviso init NAME` begins a contract; `proviso demo` shows a run");
        return Err(problem.with_help("`--specs DIR` names another folder").into());
    }
    let specs = [specs.to_owned()];
    let mut loaded = contract::load_where(&specs, |folder| selection.may_want(folder));
    let is_mistyped = loaded.contracts.vendors.is_empty() && loaded.mistakes.is_empty();
    if is_mistyped && selection.vendors.is_empty() && !selection.filters.is_empty() {
        // A filter that no vendor's name fits is a mistake; only the names of all cases show the nearest.
        loaded = contract::load(&specs);
    }
    loaded.mistakes.extend(match proof {
        CheckLevel::Shape => Vec::new(),
        CheckLevel::Meaning => lint::check(&loaded),
        CheckLevel::Answers | CheckLevel::OwnVariables => agree::check(&loaded),
    });
    if proof != CheckLevel::OwnVariables {
        loaded.mistakes.retain(|mistake| mistake.code != Code::ForeignVariable);
    }
    refuse_mistakes(&mut loaded, "done", output)?;
    Ok(loaded)
}

/// Reads the contracts of all vendors.
pub(crate) fn read_all_contracts(specs: &Path, proof: CheckLevel, output: &mut Output) -> Result<Loaded, CommandError> {
    read_contracts(specs, &Selection::default(), proof, output)
}

/// Reads the contracts of these vendors, or of all where none is named.
pub(crate) fn read_vendors(
    specs: &Path,
    names: &[String],
    proof: CheckLevel,
    output: &mut Output,
) -> Result<Loaded, CommandError> {
    read_contracts(specs, &Selection { vendors: names.to_vec(), ..Selection::default() }, proof, output)
}

/// Reads `proviso.yaml`. Where it is wrong, its mistakes are shown instead.
pub(crate) fn read_settings(
    project: &Path,
    loaded: &mut Loaded,
    output: &mut Output,
) -> Result<ProjectSettings, CommandError> {
    // Those of the contracts are warnings, which `lint` shows.
    loaded.mistakes.clear();
    let settings = ProjectSettings::read(project, loaded);
    refuse_mistakes(loaded, "sent", output)?;
    Ok(settings)
}

/// Proves that the mock answers cases by their rows, except those for which that is remembered. Where it does not, the mistakes are
/// shown instead.
pub(crate) fn prove_cases(loaded: &mut Loaded, cases: &[Case], context: &mut Context) -> Result<(), CommandError> {
    let mut proved = ProvedCases::read(&context.state);
    let vendor = |case: &Case| &loaded.contracts[case.row.vendor()];
    let open: Vec<&Case> = cases.iter().filter(|case| !proved.contains(vendor(case), case)).collect();
    if open.is_empty() {
        return Ok(());
    }
    let mistakes = agree::prove_cases(loaded, &open);
    if mistakes.is_empty() {
        open.into_iter().for_each(|case| proved.insert(vendor(case), case));
        // A proof that is not remembered is made again.
        let _ = proved.remember(&context.state);
    }
    loaded.mistakes = mistakes;
    refuse_mistakes(loaded, "sent", &mut context.output)
}

fn refuse_mistakes(loaded: &mut Loaded, what: &str, output: &mut Output) -> Result<(), CommandError> {
    if !has_errors(&loaded.mistakes) {
        return Ok(());
    }
    diagnostic::sort_by_place(&mut loaded.mistakes, &loaded.sources);
    let shown = diagnostic::shown_mistakes(&loaded.mistakes);
    output.eprint(&diagnostic::render_text(&shown, &loaded.sources, output.error_style));
    output.eprint(&format!("{}; nothing was {what}\n", count_mistakes(&loaded.mistakes)));
    Err(CommandError::shown(Exit::Wrong))
}

/// Returns whether a mistake makes the contracts unusable.
pub(crate) fn has_errors(mistakes: &[Diagnostic]) -> bool {
    mistakes.iter().any(|mistake| mistake.severity == Severity::Error)
}

/// `2 errors and 1 warning`.
pub(crate) fn count_mistakes(mistakes: &[Diagnostic]) -> String {
    let mut words = Vec::new();
    for (severity, noun) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let number = mistakes.iter().filter(|mistake| mistake.severity == severity).count();
        words.extend((number > 0).then(|| Count(number, noun).to_string()));
    }
    words.join(" and ")
}

/// The problem that no vendor has this name, with the nearest that one has.
pub(crate) fn unknown_vendor(name: &str, loaded: &Loaded) -> Problem {
    Problem::new(format_args!("no vendor is named `{name}`")).with_nearest(name, loaded.vendor_names())
}

/// Returns whether there is a vendor of this name, be it one that was not asked for.
pub(crate) fn is_vendor(name: &str, loaded: &Loaded) -> bool {
    loaded.contracts.vendor(name).is_some() || loaded.is_left_out(name)
}
