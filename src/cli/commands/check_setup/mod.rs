//! `proviso doctor`: what would make a first run fail, found before it.

mod connection_checks;
mod setup_check;
mod value_checks;

use crate::cli::args::{CaseArgs, PaceArgs, SupplyArgs, TargetArgs, parse_duration};
use crate::cli::commands::check_setup::connection_checks::{Surroundings, check_probes, unasked};
use crate::cli::commands::check_setup::setup_check::{CheckGroup, SetupCheck, SetupReport};
use crate::cli::commands::check_setup::value_checks::{Values, check_values, count_runnable};
use crate::cli::context::Context;
use crate::cli::environment::Environment;
use crate::cli::live::{LiveSettings, Setup, find_goals, start_runtime};
use crate::cli::problem::CommandResult;
use crate::cli::project_folder::SETTINGS;
use crate::cli::read_contracts::{CheckLevel, prove_cases, read_contracts, read_settings};
use crate::cli::select_cases::{no_case_selected, select_cases};
use clap::ValueEnum;
use proviso::contract::Loaded;
use proviso::contract::case::{self, Case};
use proviso::report::{Count, Exit};
use proviso::run::guard::{Deeds, Terms, departure, leaves, refusals};
use proviso::run::snapshot::{BaselineChoice, Baselines, ROOT, Update};
use proviso::run::{Party, check_ledger, probe, typed_word};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// The target without `--target`, where every vendor declares it.
const SANDBOX: &str = "sandbox";

/// Check what would make a run fail, before the first one.
///
/// Checked are the contracts, the variables and their form, the guard, the way to each vendor, both clocks, whether the vendor
/// answers and lets us in, and the folders that a run writes. A vendor is sent up to four reads that need nothing: nothing
/// is made, changed or removed there. Without --target, the sandbox is meant if every
/// vendor declares one, else the mock; and then nothing leaves this machine: only a target that is typed is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Examples:\n  \
        proviso doctor                             what is on this machine, for every vendor's sandbox\n  \
        proviso doctor --target sandbox            and the way there, and the vendors themselves\n  \
        proviso doctor --target sandbox acme       one vendor\n  \
        proviso doctor --target https://staging.acme.example --cacert ca.pem\n  \
        proviso doctor --format json",
    &[
        (Exit::Fine, "nothing would keep a run from judging; there may be warnings"),
        (Exit::Wrong, "the contracts or the command line are wrong; nothing was sent"),
        (Exit::Environment, "something would keep a run from judging"),
        (Exit::NothingTested, "no case is selected"),
        (Exit::Refused, "the safety guard refuses a vendor, and says what permits it"),
    ],
))]
pub(crate) struct DoctorArgs {
    /// The cases.
    #[command(flatten)]
    cases: CaseArgs,
    /// How the checks are written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DoctorFormat,
    /// The target.
    #[command(flatten)]
    target: TargetArgs,
    /// How long a read and its answer may take [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    timeout: Option<Duration>,
    /// The supplied values.
    #[command(flatten)]
    supplies: SupplyArgs,
}

/// The forms in which checks are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DoctorFormat {
    /// A line for each check, with what to do below it; with `-q` only what is not as it should be
    Text,
    /// One JSON document
    Json,
}

/// Everything that the checks of vendors share.
struct Examination<'e> {
    cases: &'e [Case],
    given: &'e HashMap<String, String>,
    settings: &'e LiveSettings,
    baselines: &'e Baselines,
    surroundings: Surroundings<'e>,
    /// True if the target was typed, so that it may be asked.
    is_typed: bool,
}

/// Checks the setup of a run, and sends nothing but reads.
pub(crate) fn check_setup(args: &DoctorArgs, context: &mut Context) -> CommandResult {
    let selection = args.cases.selection(&context.specs);
    let mut loaded = read_contracts(&context.specs, &selection, CheckLevel::Answers, &mut context.output)?;
    let supplied = args.supplies.gather(&context.environment)?;
    let project = read_settings(&context.project, &mut loaded, &mut context.output)?;
    let cases = select_cases(&selection, &loaded, case::compile(&loaded.contracts), &mut context.output);
    if cases.is_empty() {
        return Err(no_case_selected());
    }
    let targets = chosen_targets(args, &loaded, &cases);
    let mut goals = find_goals(&targets, &loaded, &project)?;
    for (vendor, goal) in loaded.contracts.vendors.iter().zip(&mut goals) {
        if !cases.iter().any(|case| case.row.vendor() == vendor.id) {
            *goal = None;
        }
    }
    prove_cases(&mut loaded, &cases, context)?;
    // Each read is sent once: what passes on a second try is worth a word before a first run.
    let pace = PaceArgs { retry: Some(0), timeout: args.timeout, ..PaceArgs::default() };
    let settings = LiveSettings::new(&args.target.reach, &pace, &project, context)?;
    let given = supplied.variables.clone();
    let runtime = start_runtime().map_err(|problem| problem.exit_with(Exit::Environment))?;
    let output = &mut context.output;
    let setup = Setup::prepare(&runtime, (&loaded, &goals), &settings, supplied, |_| None, output)?;
    let baselines = Baselines { root: context.project.join(ROOT), choice: BaselineChoice::Own, update: Update::No };
    let surroundings = Surroundings {
        has_proxy: settings.terms.way.proxy.is_some(),
        connect_to: &settings.terms.way.connect_to,
        unused_proxy: unused_proxy(&settings.terms, &context.environment),
    };
    let read = (setup.parties.iter().len(), cases.len());
    let mut project_checks = check_project(read, &context.project, &context.state);
    let is_typed = !args.target.target.is_empty();
    if !is_typed {
        project_checks.push(explain_target(&targets));
    }
    let examination = Examination {
        cases: &cases,
        given: &given,
        settings: &settings,
        baselines: &baselines,
        surroundings,
        is_typed,
    };
    let mut groups = vec![CheckGroup { vendor: None, target: None, origin: None, checks: project_checks }];
    groups.extend(runtime.block_on(examination.check_vendors(&setup)));
    let report = SetupReport::new(groups, setup.teller());
    match args.format {
        DoctorFormat::Text => report.print(&setup.teller().text(&next_command(args, &targets, report.exit())), output),
        DoctorFormat::Json => output.print_json(&report)?,
    }
    Ok(report.exit())
}

/// The targets as typed, or else the sandbox, where every vendor declares one.
fn chosen_targets(args: &DoctorArgs, loaded: &Loaded, cases: &[Case]) -> Vec<String> {
    let mut targets = args.target.target.clone();
    let mut vendors = cases.iter().map(|case| &loaded.contracts[case.row.vendor()]);
    if targets.is_empty() && vendors.all(|vendor| vendor.file.targets.contains_key(SANDBOX)) {
        targets.push(String::from(SANDBOX));
    }
    targets
}

/// What to do next, with the same cases at these targets.
fn next_command(args: &DoctorArgs, targets: &[String], exit: Exit) -> String {
    let named = targets.iter().map(|target| format!(" --target {}", typed_word(target)));
    let typed: String = args.cases.typed().into_iter().chain(named).collect();
    match exit {
        Exit::Fine if args.target.target.is_empty() && !targets.is_empty() => {
            format!("run `proviso doctor{typed}`, which asks the vendors too")
        }
        Exit::Fine => format!("run `proviso{typed}`"),
        _ => format!("correct what is wrong, then run `proviso doctor{typed}` again"),
    }
}

/// The variable of the environment that other tools take a proxy from, where one is set and none was typed.
fn unused_proxy(terms: &Terms, environment: &Environment) -> Option<&'static str> {
    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    names.into_iter().find(|name| terms.way.proxy.is_none() && environment.value(name).is_some())
}

/// The target that was chosen where none was typed.
fn explain_target(targets: &[String]) -> SetupCheck {
    let chosen = match targets {
        [] => "the mock, since not every vendor declares a sandbox",
        _ => "the sandbox, which every vendor declares",
    };
    SetupCheck::ok("target", format!("{chosen}; `--target` names another"))
}

/// The checks of what is read and written on this machine, after the contracts of so many vendors and cases were read.
fn check_project((vendors, cases): (usize, usize), project: &Path, state: &Path) -> Vec<SetupCheck> {
    let (vendors, cases) = (Count(vendors, "vendor"), Count(cases, "case"));
    let is_there = project.join(SETTINGS).exists();
    let settings = if is_there { "read without a mistake" } else { "there is none, and none is needed" };
    let ledger = match check_ledger(state) {
        Ok(()) => SetupCheck::ok("state", format!("{} can be written", state.display())),
        Err(why) => SetupCheck::wrong("state", why)
            .with("a run would make nothing: get the right to write there, or name another folder by `--state DIR`"),
    };
    vec![
        SetupCheck::ok("contracts", format!("{vendors} with {cases}, read without a mistake")),
        SetupCheck::ok(SETTINGS, settings),
        ledger,
    ]
}

impl Examination<'_> {
    async fn check_vendors(&self, setup: &Setup<'_>) -> Vec<CheckGroup> {
        let mut groups = Vec::new();
        for party in &setup.parties {
            groups.push(CheckGroup {
                vendor: Some(String::from(&*party.vendor.name)),
                target: Some(String::from(&*party.destination.target)),
                origin: Some(String::from(&*party.destination.origin)),
                checks: self.check_vendor(setup, party).await,
            });
        }
        groups
    }

    async fn check_vendor(&self, setup: &Setup<'_>, party: &Party<'_>) -> Vec<SetupCheck> {
        let terms = &self.settings.terms;
        let deeds = Deeds::of(party, self.cases).filter(|deeds| deeds.asks).unwrap_or(Deeds::probing(party));
        let own: Vec<&Case> = self.cases.iter().filter(|case| is_own(party, case)).collect();
        let mut checks = vec![count_runnable(party, &own)];
        if party.destination.embedded {
            checks.push(SetupCheck::ok("variables", "the mock makes its own values"));
        } else {
            let values = Values { party, given: self.given, cases: &own, deeds: &deeds, terms };
            checks.extend(check_values(&values));
        }
        checks.push(check_guard(party, &deeds, terms));
        if is_refused(party, &Deeds::probing(party), terms) {
            checks.extend(unasked("the guard refuses it, so that nothing was sent"));
        } else if !self.is_typed && leaves(party, terms) {
            checks.extend(unasked("no target was typed, so that nothing leaves this machine; `--target` asks"));
        } else {
            // As in a run: where it makes things, an answer has to tell the vendor from others.
            party.may_change.set(deeds.changes);
            let mut sink = |_| {};
            let run = setup.send_in(&self.settings.plan, &mut sink);
            checks.extend(check_probes(party, &probe(&run, party).await, &self.surroundings));
        }
        checks.extend(check_baselines(party, self.baselines));
        checks
    }
}

fn is_own(party: &Party<'_>, case: &Case) -> bool {
    case.row.vendor() == party.vendor.id && case.barred.is_none()
}

/// Returns whether the guard refuses deeds; at the embedded mock, only the way there may be refused.
fn is_refused(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> bool {
    !refusals(party, deeds, terms).is_empty()
}

/// The word of the guard on a run.
fn check_guard(party: &Party<'_>, deeds: &Deeds, terms: &Terms) -> SetupCheck {
    let refused = refusals(party, deeds, terms);
    if refused.is_empty() {
        let says = departure(party, deeds, terms).unwrap_or_else(|| String::from("nothing leaves this machine"));
        return SetupCheck::ok("guard", says);
    }
    let mut check = SetupCheck::refused("guard", format!("a run is refused, for {}", Count(refused.len(), "reason")));
    for refusal in &refused {
        check = check.with(refusal.why.as_str());
        if let Some(permit) = &refusal.permit {
            check = check.with(format!("if that is meant, type `{permit}`"));
        }
    }
    check
}

/// The accepted answers that a run is compared with; the mock needs none.
fn check_baselines(party: &Party<'_>, baselines: &Baselines) -> Option<SetupCheck> {
    if party.destination.embedded {
        return None;
    }
    let says = match baselines.vendor_folder(&party.destination.target, &party.vendor.name) {
        None => String::from("a URL has none of its own; `--baseline NAME` compares with those of a target"),
        Some(folder) if folder.is_dir() => format!("{} has accepted answers", folder.display()),
        Some(_) => String::from("there are none yet: a run keeps its answers for `proviso review`"),
    };
    Some(SetupCheck::ok("baselines", says))
}
