//! `proviso judge`: a saved run judged again, offline, after a contract was edited.

use crate::cli::args::{BaselineArgs, CaseArgs, ReportArgs};
use crate::cli::commands::read_earlier::{MetVendor, read_earlier};
use crate::cli::context::Context;
use crate::cli::live::{Audience, Setup, Supplied, uncompared};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, read_contracts, read_settings};
use crate::cli::select_cases::select_cases;
use futures_util::FutureExt;
use proviso::contract::case::{self, Case, Selection};
use proviso::contract::{Contracts, Loaded, Vendor};
use proviso::http::retry::Retry;
use proviso::http::send;
use proviso::mock::{Mock, MockSettings};
use proviso::report::{self, Count, Exit, SavedRun, Terminal};
use proviso::run::event::{CaseResult, Event, Gate, KnownInfo, Notice, Plan, ShardInfo, Summary, VendorInfo};
use proviso::run::snapshot::{Baselines, Update};
use proviso::run::{
    self, Answers, Cleanup, Destination, EarlierRuns, Listener, Opening, Party, RunPlan, SavedCases, conduct,
};
use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Judge a saved run again, offline, after a contract was edited.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Every case is judged by the exchanges that --report-json saved, as a run would judge it by the contracts as they are\n\
    now; nothing is sent and nothing is written but the reports that are asked for. What cannot be judged so is undetermined,\n\
    with the reason: a request that the contract would send otherwise now, a row that is new. What --deny and --require-all failed\n\
    in the run fails here too, and the report stays the shard that the run was, so that `proviso merge` takes it.\n\n\
    Examples:\n  \
    proviso run --target sandbox --report-json sandbox.json\n  \
    proviso judge sandbox.json                     after an edit: what the same answers are worth now\n  \
    proviso judge sandbox.json links.delete -v\n\n\
    Exit codes: as those of `proviso run`."
)]
pub(crate) struct JudgeArgs {
    /// A file that --report-json wrote
    #[arg(value_name = "SAVED")]
    saved: PathBuf,
    /// The cases.
    #[command(flatten)]
    cases: CaseArgs,
    /// The accepted answers.
    #[command(flatten)]
    baseline: BaselineArgs,
    /// The files that are written.
    #[command(flatten)]
    reports: ReportArgs,
}

/// Judges a saved run again.
pub(crate) fn judge_saved(args: &JudgeArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, environment, output, .. } = context;
    let selection = args.cases.selection(specs);
    let mut loaded = read_contracts(specs, &selection, CheckLevel::Answers, output)?;
    let known = read_settings(project, &mut loaded, output)?.known;
    let saved = read_saved(&args.saved)?;
    if saved.shard.is_some() && args.cases.shard.is_some() {
        let path = args.saved.display();
        return Err(Problem::new(format_args!("{path} is a shard already: judge it without --shard")).into());
    }
    let cases = choose_cases(args, &selection, &loaded, &saved, output)?;
    let earlier = find_earlier(args, &saved)?;
    let setup = replay_setup(&loaded, &saved)?;
    let mut reports = args.reports.open().map_err(Problem::new)?;
    reports.add(Terminal::new(Box::new(io::stdout()), output.look()).saved_in(Some(&args.saved)));
    let (baselines, _) = args.baseline.baselines(project, environment)?;
    let baselines = Some(Baselines { update: Update::No, ..baselines });
    let judging = judging_plan(baselines, known, earlier);
    let plan = plan_again(args, &loaded, &saved, &cases);
    let mut kept = Vec::new();
    let mut keep = |case| kept.push(CaseResult { exchanges: Vec::new(), ..case });
    let mut audience = Audience::new(reports, &plan.gate, &mut keep);
    let places = saved.vendors.iter().map(|info| (info.vendor.as_str(), info.target.as_str()));
    let uncompared = uncompared(&plan.gate, judging.baselines.as_ref(), places);
    audience.take(Event::Started(plan));
    for notice in uncompared {
        audience.take(Event::Notice(notice));
    }
    // What these are about is looked for again, by what is known now.
    let renewed = [Notice::STALE, Notice::INFERRED, Notice::NO_BASELINE];
    for notice in saved.notices.iter().filter(|notice| !renewed.contains(&notice.kind.as_str())) {
        audience.take(Event::Notice(notice.clone()));
    }
    let mut sink = |event| audience.take(event);
    let summary = replay(&setup, &saved, &judging, &cases, Listener::Events(&mut sink))?;
    let interrupted = saved.summary.exit_code == Exit::Interrupted.code();
    let exit = match audience.exit(interrupted) {
        // A shard without a case, which the run did not fail for either.
        Exit::NothingTested if cases.is_empty() => Exit::Fine,
        exit => exit,
    };
    let (exit, _) = audience.finish(summary, exit, output);
    show_changed(&saved, &kept, output);
    Ok(exit)
}

/// Judges cases of a saved run again; since nothing is sent, nothing is waited for.
pub(super) fn replay<'a>(
    setup: &'a Setup<'a>,
    saved: &'a SavedRun,
    plan: &'a RunPlan,
    cases: &[Case],
    listener: Listener<'a>,
) -> Result<Summary, Problem> {
    let answers = Answers::Saved(SavedCases::from(saved.cases.as_slice()));
    let run = setup.answer_in(answers, plan, listener);
    let summary = conduct(&run, &setup.parties, cases, pending()).now_or_never();
    summary.ok_or_else(|| Problem::new("a saved run waited for an answer: this is a mistake in proviso itself"))
}

/// A plan by which nothing is sent: one case after another is judged, and nothing is made or removed.
pub(super) fn judging_plan(baselines: Option<Baselines>, known: Vec<KnownInfo>, earlier: EarlierRuns) -> RunPlan {
    RunPlan {
        jobs: 1,
        retry: Retry::default(),
        max_time: None,
        max_requests: None,
        fail_fast: false,
        tell_all: true,
        state: None,
        wind_down: RunPlan::WIND_DOWN,
        baselines,
        known,
        earlier,
        opening: Opening::Nothing,
        cleanup: Cleanup::Leave,
    }
}

/// The violations that are not new: those of the runs that are named, and those that the saved run marked as seen before.
fn find_earlier(args: &JudgeArgs, saved: &SavedRun) -> Result<EarlierRuns, Vec<Problem>> {
    let met: Vec<MetVendor<'_>> =
        saved.vendors.iter().map(|info| (info.vendor.as_str(), info.target.as_str())).collect();
    let mut earlier = read_earlier(&args.baseline.since, &met)?;
    saved.cases.iter().for_each(|case| earlier.add_marked(case));
    Ok(earlier)
}

/// The problem of a report that does not say where each vendor was met.
pub(super) fn refuse_older(path: &str, saved: &SavedRun) -> Option<Problem> {
    let met: HashSet<&str> = saved.vendors.iter().map(|info| info.vendor.as_str()).collect();
    if !met.is_empty() && saved.cases.iter().all(|case| met.contains(case.vendor.as_str())) {
        return None;
    }
    let problem = Problem::new(format_args!("{path} was written by an older proviso"));
    Some(problem.with_help("run again with --report-json: since then the file says where each vendor was met"))
}

/// Reads a saved run that can be judged again.
pub(super) fn read_saved(path: &Path) -> Result<SavedRun, Problem> {
    let help = "`--report-json FILE` writes reports";
    let saved = report::read_run(path).map_err(|error| Problem::unread_report(&error, help))?;
    if let Some(problem) = refuse_older(&path.display().to_string(), &saved) {
        return Err(problem);
    }
    Ok(saved)
}

/// The plan of the saved run, by the contracts as they are now. Everything that failed the run fails it again.
fn plan_again(args: &JudgeArgs, loaded: &Loaded, saved: &SavedRun, cases: &[Case]) -> Plan {
    let mut plan = Plan { version: env!("CARGO_PKG_VERSION").to_owned(), ..saved.plan() };
    plan.gate.add(Gate { require_all: false, deny: args.baseline.denied() });
    plan.contracts.clone_from(&loaded.digest);
    plan.shard = plan.shard.or(args.cases.shard.map(ShardInfo::from));
    plan.cases = cases.iter().map(|case| case.id.clone()).collect();
    plan.pages = run::pages(&loaded.contracts, cases);
    for info in &mut plan.vendors {
        if let Some(vendor) = loaded.contracts.vendor(&info.vendor) {
            info.contracts.clone_from(&vendor.digest);
        }
    }
    plan
}

/// The cases of the saved run that there still are, and those of rows that are new since. Others were not selected then.
fn choose_cases(
    args: &JudgeArgs,
    selection: &Selection,
    loaded: &Loaded,
    saved: &SavedRun,
    output: &mut Output,
) -> Result<Vec<Case>, CommandError> {
    let all = case::compile(&loaded.contracts);
    let ids: HashSet<&str> = saved.cases.iter().map(|case| case.id.as_str()).collect();
    let gone = gone_cases(saved, loaded, &all);
    let mut cases = select_cases(selection, loaded, all, output);
    if !gone.is_empty() {
        let what = Count(gone.len(), "saved case");
        output.notice(&format!("gone      {what} that no contract has any more: {}\n", gone.join(", ")));
    }
    cases.retain(|case| ids.contains(case.id.as_str()) || is_new_row(case, &loaded.contracts, saved));
    let is_empty_part = saved.shard.is_some() && saved.cases.is_empty();
    if cases.is_empty() && !is_empty_part {
        let problem = Problem::new(format_args!("no case of {} is selected", args.saved.display()));
        let help = format!("`proviso explain` and the report itself name them; it has {}", Count(ids.len(), "case"));
        return Err(problem.with_help(help).exit_with(Exit::NothingTested));
    }
    Ok(cases)
}

/// The saved cases that no contract has any more, by name.
fn gone_cases<'a>(saved: &'a SavedRun, loaded: &Loaded, all: &[Case]) -> Vec<&'a str> {
    let known: HashSet<&str> = all.iter().map(|case| case.id.as_str()).collect();
    let mut gone: Vec<&str> =
        saved.cases.iter().filter(|case| is_gone(case, &known, loaded)).map(|case| case.id.as_str()).collect();
    gone.sort_unstable();
    gone.dedup();
    gone
}

/// Returns whether a saved case is one that no contract has any more, as far as the vendors tell that were read.
pub(super) fn is_gone(case: &CaseResult, known: &HashSet<&str>, loaded: &Loaded) -> bool {
    !known.contains(case.id.as_str()) && !case.id.ends_with("/seen") && !loaded.is_left_out(&case.vendor)
}

fn is_new_row(case: &Case, contracts: &Contracts, saved: &SavedRun) -> bool {
    let page = saved.pages.iter().find(|page| case.id.starts_with(&format!("{}/{}/", page.vendor, page.operation)));
    page.is_some_and(|page| page.rows.iter().all(|row| row.row != contracts[case.row].name))
}

/// Everything that judges the saved run again, with credentials that fit the contracts instead of those that no report holds: a
/// request that is built with them is the saved one, once both are without secrets.
pub(super) fn replay_setup<'a>(loaded: &'a Loaded, saved: &SavedRun) -> Result<Setup<'a>, Problem> {
    let mock = Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default()).map_err(Problem::new)?;
    let mut supplied = Supplied::from(&mock);
    supplied.variables.extend(saved.vendors.iter().flat_map(|info| info.variables.clone()));
    let (redactor, _) = supplied.redactor(&loaded.contracts, &loaded.left_out);
    let mut parties = Vec::new();
    for vendor in &loaded.contracts.vendors {
        if let Some(info) = saved.vendors.iter().find(|info| info.vendor == vendor.name) {
            let destination = saved_destination(vendor, info)?;
            let mut party = Party::new(vendor, destination, &supplied.variables, None);
            party.live_then = Some(info.live);
            parties.push(party);
        }
    }
    Setup::new(loaded, parties, Arc::new(redactor), &send::Settings::default())
}

fn saved_destination(vendor: &Vendor, info: &VendorInfo) -> Result<Destination, Problem> {
    if info.target == "mock" {
        return Ok(Destination::embedded(&info.origin));
    }
    match Destination::declared(vendor, &info.target) {
        Some(declared) if declared.origin == info.origin => Ok(declared),
        _ => Destination::url(vendor, &info.target, &info.origin).map_err(Problem::new),
    }
}

/// Shows the cases whose verdict is another one than in the saved run.
fn show_changed(saved: &SavedRun, results: &[CaseResult], output: &mut Output) {
    let before: HashMap<&str, &CaseResult> = saved.cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let mut changed = 0;
    for case in results {
        if let Some(then) = before.get(case.id.as_str()).filter(|then| then.verdict != case.verdict) {
            changed += 1;
            output.print(&format!("changed   {}: {} then, {} now\n", case.id, then.verdict, case.verdict));
        }
    }
    if changed == 0 && !output.quiet {
        output.print("changed   nothing: every verdict is as it was\n");
    }
}
