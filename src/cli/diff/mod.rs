//! `proviso diff`: the same cases on two sides, compared class by class.

mod side;

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::run::{Manner, Reach, Supplies, look};
use crate::cli::select::Select;
use crate::cli::settings::Settings;
use clap::ValueEnum;
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::report::Exit;
use proviso::report::compared;
use proviso::report::comparison::{Comparison, compare};
use proviso::run::snapshot::Deny;
use side::Source;

/// Compare two sides: targets, saved runs or baselines.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "A side is a target (`mock`, `sandbox`, a name from proviso.yaml, a URL, VENDOR=URL), a run saved by --report-json\n\
    (FILE.json, or a path), or accepted answers (`baseline:NAME`, or a folder such as snapshots/mock). Targets are run, with\n\
    all that keeps a run safe; nothing is written.\n\n\
    Examples:\n  \
    proviso diff mock sandbox                    what the vendors do that the mock does not\n  \
    proviso diff baseline:sandbox sandbox        what changed since the answers were accepted\n  \
    proviso diff monday.json today.json          two saved runs\n  \
    proviso diff mock http://127.0.0.1:8080 links.delete --deny risky\n\n\
    Exit codes:\n  \
    0  compared; differences are told, and none is denied\n  \
    2  a side, the contracts or a file is wrong\n  \
    3  cases could not be compared, because the network or an arrangement failed\n  \
    4  there is no case that both sides answer\n  \
    5  there is a difference that --deny names\n  \
    6  the safety guard refused a vendor; the others were asked\n  \
    130  interrupted; what was made has been removed"
)]
pub(crate) struct Args {
    /// The side that is compared with
    #[arg(value_name = "A")]
    before: Source,
    /// The side that is compared
    #[arg(value_name = "B")]
    after: Source,
    /// Which cases.
    #[command(flatten)]
    select: Select,
    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Fail on differences that are breaking, risky, additive or cosmetic, or worse; on any `drift`; on cases `new` in B (repeatable)
    #[arg(long, value_name = "WHAT")]
    deny: Vec<Deny>,
    /// How targets are reached.
    #[command(flatten)]
    reach: Reach,
    /// How runs go about it.
    #[command(flatten)]
    manner: Manner,
    /// What an engineer supplies.
    #[command(flatten)]
    supplies: Supplies,
}

/// How a comparison is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Class by class, with the lines that differ; with `-v` nothing is left out
    Text,
    /// One JSON document
    Json,
}

/// All that is read before a side is.
struct Asked<'a> {
    args: &'a Args,
    global: &'a Global,
    environment: &'a Environment,
    settings: &'a Settings,
    loaded: &'a Loaded,
    cases: &'a [Case],
}

/// Compares.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    match comparison(args, global, environment, output) {
        Err(exit) => exit,
        Ok((comparison, sound)) => {
            match args.format {
                Format::Text => output.print(&compared(&comparison, look(output, environment))),
                Format::Json => match serde_json::to_string_pretty(&comparison) {
                    Ok(text) => output.document(&(text + "\n")),
                    Err(error) => {
                        output.error(&error.to_string(), &[]);
                        return Exit::Wrong;
                    }
                },
            }
            if sound { conclude(&comparison, &args.deny) } else { Exit::Wrong }
        }
    }
}

fn conclude(comparison: &Comparison, deny: &[Deny]) -> Exit {
    let reasons = [
        (Exit::Environment, comparison.failed()),
        (Exit::Refused, comparison.refused()),
        (Exit::Drifted, deny.iter().any(|deny| comparison.is_denied(*deny))),
        (Exit::NothingTested, comparison.compared() == 0),
    ];
    Exit::outranking(reasons.into_iter().filter_map(|(exit, given)| given.then_some(exit)))
}

/// The comparison, and whether every file could be read that it needs.
fn comparison(
    args: &Args,
    global: &Global,
    environment: &Environment,
    output: &mut Output,
) -> Result<(Comparison, bool), Exit> {
    let mut loaded = contracts::read(global, output)?;
    let settings = contracts::settings(&mut loaded, output)?;
    let all = case::compile(&loaded.contracts);
    args.select.tell_unmatched(&loaded.contracts, &all, output);
    let cases = args.select.selection().select(&loaded.contracts, all);
    if cases.is_empty() {
        output.error("no case is selected", &["`proviso list` has their names".to_owned()]);
        return Err(Exit::NothingTested);
    }
    let asked = Asked { args, global, environment, settings: &settings, loaded: &loaded, cases: &cases };
    // What needs no run is read first: a mistake in it costs no request.
    let mut sides = [None, None];
    let mut sources: Vec<(usize, &Source)> = [&args.before, &args.after].into_iter().enumerate().collect();
    sources.sort_by_key(|(_, source)| source.is_live());
    for (index, source) in sources {
        let side = side::read(source, &asked, output)?;
        if let Some(place) = sides.get_mut(index) {
            *place = Some(side);
        }
    }
    let [Some((before, one)), Some((after, other))] = sides else { return Err(Exit::Wrong) };
    let names = (args.before.to_string(), args.after.to_string());
    let comparison = compare(&loaded.contracts, &cases, (&names.0, &before), (&names.1, &after));
    Ok((comparison, one && other))
}
