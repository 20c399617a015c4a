//! Reads the contracts for a command that needs them whole, and tells what is wrong with them.

use crate::cli::args::Global;
use crate::cli::output::Output;
use crate::cli::settings::{self, Settings};
use proviso::contract::lint;
use proviso::contract::{self, Loaded};
use proviso::lab::agree;
use proviso::report::Exit;
use proviso::text::diagnostic::{self, Code, Diagnostic, Severity};
use std::path::Path;

/// The contracts under `--specs`, proved to mean something; where one is wrong, all mistakes are told instead.
pub(crate) fn read(global: &Global, output: &mut Output) -> Result<Loaded, Exit> {
    usable(but_guarded(checked(global, agree::check)), output)
}

/// The contracts under `--specs`, for whoever asks nobody: what they say of each other is proved, the mock's answers are not.
pub(crate) fn read_for_listing(global: &Global, output: &mut Output) -> Result<Loaded, Exit> {
    usable(but_guarded(checked(global, lint::check)), output)
}

/// The contracts under `--specs`, for a mock whose variables are read into shells: no contract sets one that is not its vendor's.
pub(crate) fn read_for_serving(global: &Global, output: &mut Output) -> Result<Loaded, Exit> {
    usable(checked(global, agree::check), output)
}

fn checked(global: &Global, check: fn(&Loaded) -> Vec<Diagnostic>) -> Loaded {
    let mut loaded = contract::load(std::slice::from_ref(&global.specs));
    let meant = check(&loaded);
    loaded.mistakes.extend(meant);
    loaded
}

/// Leaves out what the guard refuses before anything is sent, since an engineer may permit that.
fn but_guarded(mut loaded: Loaded) -> Loaded {
    loaded.mistakes.retain(|mistake| mistake.code != Code::ForeignVariable);
    loaded
}

/// The contracts under `--specs` as far as they can be understood, for what is asked while they are being written.
pub(crate) fn read_unproved(global: &Global, output: &mut Output) -> Result<Loaded, Exit> {
    usable(contract::load(std::slice::from_ref(&global.specs)), output)
}

fn usable(mut loaded: Loaded, output: &mut Output) -> Result<Loaded, Exit> {
    if !is_wrong(&loaded.mistakes) {
        return Ok(loaded);
    }
    diagnostic::sort(&mut loaded.mistakes, &loaded.sources);
    output.tell(&diagnostic::text(&loaded.mistakes, &loaded.sources, output.error_style));
    output.tell(&format!("{}; nothing was done\n", count(&loaded.mistakes)));
    Err(Exit::Wrong)
}

/// What `proviso.yaml` says; where it is wrong, its mistakes are told instead.
pub(crate) fn settings(loaded: &mut Loaded, output: &mut Output) -> Result<Settings, Exit> {
    // Those of the contracts are warnings, and told by `lint`.
    loaded.mistakes.clear();
    let settings = settings::read(Path::new(settings::FILE), loaded);
    if !is_wrong(&loaded.mistakes) {
        return Ok(settings);
    }
    diagnostic::sort(&mut loaded.mistakes, &loaded.sources);
    output.tell(&diagnostic::text(&loaded.mistakes, &loaded.sources, output.error_style));
    output.tell(&format!("{}; nothing was sent\n", count(&loaded.mistakes)));
    Err(Exit::Wrong)
}

/// Whether a mistake makes the contracts unusable.
pub(crate) fn is_wrong(mistakes: &[Diagnostic]) -> bool {
    mistakes.iter().any(|mistake| mistake.severity == Severity::Error)
}

/// `2 errors and 1 warning`.
pub(crate) fn count(mistakes: &[Diagnostic]) -> String {
    let of = |severity, word: &str| {
        let count = mistakes.iter().filter(|mistake| mistake.severity == severity).count();
        (count > 0).then(|| plural(count, word))
    };
    let words = [of(Severity::Error, "error"), of(Severity::Warning, "warning")];
    words.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

/// A number with its noun: `1 case`, `2 cases`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}
