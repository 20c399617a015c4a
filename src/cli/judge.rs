//! `proviso judge`: a saved run judged again, offline, after a contract was edited.

use crate::cli::args::Global;
use crate::cli::baseline::Wanted;
use crate::cli::contracts::{self, plural};
use crate::cli::environment::Environment;
use crate::cli::output::Output;
use crate::cli::run::reports::close;
use crate::cli::run::supplies::{self, Supplied};
use crate::cli::run::{look, reports};
use crate::cli::select::Select;
use crate::cli::value::Shard;
use proviso::contract::case::{self, Case};
use proviso::contract::{Loaded, Vendor};
use proviso::http::send::{Sender, Settings as SendSettings};
use proviso::mock::{Mock, Settings as MockSettings};
use proviso::report::Exit;
use proviso::report::{self, Conclusion, Reports, Saved, Terminal};
use proviso::run::event::{CaseResult, Event, Gate, Notice, Plan, VendorInfo};
use proviso::run::snapshot::{Baselines, Update};
use proviso::run::{self, Destination, Engine, Party, Teller};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
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
pub(crate) struct Args {
    /// A file that --report-json wrote
    #[arg(value_name = "SAVED")]
    saved: PathBuf,
    /// Which cases.
    #[command(flatten)]
    select: Select,
    /// Which accepted answers they are compared with.
    #[command(flatten)]
    baseline: Wanted,
    /// Which files are written.
    #[command(flatten)]
    reports: reports::Wanted,
}

/// Judges.
pub(crate) fn run(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Exit {
    match judged(args, global, environment, output) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn judged(args: &Args, global: &Global, environment: &Environment, output: &mut Output) -> Result<Exit, Exit> {
    let mut loaded = contracts::read(global, output)?;
    let known = contracts::settings(&mut loaded, output)?.excused;
    let wrong = |why: String, output: &mut Output| {
        output.error(&why, &[]);
        Exit::Wrong
    };
    let saved = report::read(&args.saved).map_err(|error| wrong(error.to_string(), output))?;
    if saved.vendors.is_empty() {
        let help = "run again with --report-json: since then the file says where each vendor was met";
        output.error(&format!("{} was written by an older proviso", args.saved.display()), &[help.to_owned()]);
        return Err(Exit::Wrong);
    }
    if let (Some(_), Some(_)) = (&saved.shard, args.select.shard) {
        return Err(wrong(format!("{} is a shard already: judge it without --shard", args.saved.display()), output));
    }
    let cases = selected(args, &loaded, &saved, output)?;
    let supplied = made_up(&loaded).map_err(|why| wrong(why, output))?;
    let (redactor, _) = supplies::redactor(&loaded.contracts, &supplied);
    let parties = parties(&loaded, &saved.vendors, &supplied.variables).map_err(|why| wrong(why, output))?;
    let sender = Sender::new(&SendSettings::default()).map_err(|error| wrong(error.to_string(), output))?;
    let mut reports = Reports::open(&args.reports.0).map_err(|error| wrong(error.to_string(), output))?;
    reports.add(Terminal::new(Box::new(std::io::stdout()), look(output, environment)));
    let (baselines, _) = args.baseline.baselines(environment).map_err(|error| wrong(error.to_string(), output))?;
    let baselines = Baselines { update: Update::No, ..baselines };
    let settings = run::Settings { tell_all: true, baselines: Some(baselines), known, ..run::Settings::default() };
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let plan = plan(args, &loaded, &saved, &cases);
    let (mut kept, mut notices, mut conclusion) = (Vec::new(), Vec::new(), Conclusion::new(&plan.gate));
    let mut sink = |event: Event| {
        reports.tell(&event);
        match event {
            Event::CaseFinished(case) => {
                conclusion.add(&case);
                kept.push(CaseResult { exchanges: Vec::new(), ..*case });
            }
            Event::Notice(notice) => notices.push(notice),
            _ => {}
        }
    };
    sink(Event::Started(plan));
    // Known violations are looked for again, in what is known now.
    let noticed = saved.notices.iter().filter(|notice| notice.kind != Notice::STALE);
    noticed.for_each(|notice| sink(Event::Notice(notice.clone())));
    let engine = Engine::new(&loaded.contracts, &sender, &settings, teller, &mut sink);
    let mut summary = futures_util::FutureExt::now_or_never(engine.judge_again(&parties, &cases, &saved.cases))
        .ok_or_else(|| {
            wrong("a saved run made somebody wait: this is a mistake in proviso itself".to_owned(), output)
        })?;
    drop(engine);
    let interrupted = saved.summary.exit_code == Exit::Interrupted.code();
    let exit = match conclusion.exit(&notices, interrupted) {
        // A shard without a case, which the run did not fail for either.
        Exit::NothingTested if cases.is_empty() => Exit::Fine,
        exit => exit,
    };
    summary.exit_code = exit.code();
    reports.tell(&Event::Finished(summary));
    let exit = close(reports, exit, output);
    tell_changed(&saved, &kept, output);
    Ok(exit)
}

/// The plan of the saved run, by the contracts as they are now. Whatever failed the run fails it again.
fn plan(args: &Args, loaded: &Loaded, saved: &Saved, cases: &[Case]) -> Plan {
    let mut gate = saved.gate.clone();
    gate.add(Gate { require_all: false, deny: args.baseline.denied() });
    Plan {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: saved.target.clone(),
        started: saved.started.clone(),
        gate,
        contracts: loaded.digest.clone(),
        shard: saved.shard.clone().or(args.select.shard.map(Shard::info)),
        cases: cases.iter().map(|case| case.id.clone()).collect(),
        pages: run::pages(&loaded.contracts, cases),
        vendors: saved.vendors.clone(),
    }
}

/// The cases of the saved run that there still are, and those of rows that are new since. Others were not selected then.
fn selected(args: &Args, loaded: &Loaded, saved: &Saved, output: &mut Output) -> Result<Vec<Case>, Exit> {
    let all = case::compile(&loaded.contracts);
    args.select.tell_unmatched(&loaded.contracts, &all, output);
    let ids: HashSet<&str> = saved.cases.iter().map(|case| case.id.as_str()).collect();
    let known: HashSet<&str> = all.iter().map(|case| case.id.as_str()).collect();
    let mut gone: Vec<&str> = ids.difference(&known).filter(|id| !id.ends_with("/seen")).copied().collect();
    gone.sort_unstable();
    if !gone.is_empty() {
        let what = plural(gone.len(), "saved case");
        output.notice(&format!("gone      {what} that no contract has any more: {}\n", gone.join(", ")));
    }
    let is_new = |case: &Case| {
        let page = saved.pages.iter().find(|page| case.id.starts_with(&format!("{}/{}/", page.vendor, page.operation)));
        page.is_some_and(|page| page.rows.iter().all(|row| row.row != loaded.contracts[case.row].name))
    };
    let cases = args.select.selection().select(&loaded.contracts, all.clone());
    let cases: Vec<Case> = cases.into_iter().filter(|case| ids.contains(case.id.as_str()) || is_new(case)).collect();
    let is_empty_part = saved.shard.is_some() && saved.cases.is_empty();
    if cases.is_empty() && !is_empty_part {
        let help = format!("`proviso explain` and the report itself name them; it has {}", plural(ids.len(), "case"));
        output.error(&format!("no case of {} is selected", args.saved.display()), &[help]);
        return Err(Exit::NothingTested);
    }
    Ok(cases)
}

/// Credentials that fit the contracts, in place of those that no report holds: a request that is built with them is the saved
/// one, once both are without secrets.
fn made_up(loaded: &Loaded) -> Result<Supplied, String> {
    let mock = Mock::new(Arc::new(loaded.contracts.clone()), &MockSettings::default());
    let variables = mock.map_err(|error| error.to_string())?.environment().into_iter().collect();
    Ok(Supplied { variables, secret: Vec::new() })
}

fn parties<'a>(
    loaded: &'a Loaded,
    met: &[VendorInfo],
    variables: &HashMap<String, String>,
) -> Result<Vec<Party<'a>>, String> {
    let vendors = loaded.contracts.vendors.iter();
    let found = vendors.filter_map(|vendor| {
        let info = met.iter().find(|info| info.vendor == vendor.name)?;
        let party = |destination| {
            let mut party = Party::new(vendor, destination, variables, None);
            party.live_then = Some(info.live);
            party
        };
        Some(destination(vendor, info).map(party))
    });
    found.collect()
}

fn destination(vendor: &Vendor, info: &VendorInfo) -> Result<Destination, String> {
    if info.target == "mock" {
        return Ok(Destination::embedded(&info.origin));
    }
    let declared = Destination::declared(vendor, &info.target).filter(|declared| declared.origin == info.origin);
    declared.map_or_else(|| Destination::url(vendor, &info.target, &info.origin).map_err(|error| error.to_string()), Ok)
}

/// Tells whose verdict is another one than in the saved run.
fn tell_changed(saved: &Saved, results: &[CaseResult], output: &mut Output) {
    let before: HashMap<&str, &CaseResult> = saved.cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let mut changed = 0;
    for case in results {
        let Some(then) = before.get(case.id.as_str()).filter(|then| then.verdict != case.verdict) else { continue };
        changed += 1;
        output.print(&format!("changed   {}: {} then, {} now\n", case.id, then.verdict, case.verdict));
    }
    if changed == 0 && !output.quiet {
        output.print("changed   nothing: every verdict is as it was\n");
    }
}
