//! `proviso known`: entries under `known:` in `proviso.yaml` for all violations of saved runs.

use crate::cli::commands::judge_saved::refuse_older;
use crate::cli::commands::merge_reports::read_reports;
use crate::cli::context::Context;
use crate::cli::live::{NO_REASON, ProjectSettings, case_names, entries_text, is_day, today, with_entries};
use crate::cli::output::Output;
use crate::cli::problem::{CommandError, CommandResult, Problem, did_you_mean};
use crate::cli::project_folder::SETTINGS;
use crate::cli::read_contracts::{CheckLevel, read_all_contracts, read_settings};
use proviso::contract::{Loaded, case};
use proviso::judge::verdict::Verdict;
use proviso::report::{Count, Exit, SavedRun};
use proviso::run::event::{CaseResult, FindingInfo, KnownInfo, Location, VendorInfo};
use proviso::text::source::unlinked;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// The byte-order mark.
const MARK: &str = "\u{feff}";

/// Write the violations of a saved run into `proviso.yaml` as known ones
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "An entry is known of the case, the target, the kind of departure and its place in the answer, and of nothing else. What is known\n\
    already gets no second entry, so that the same report can be taken twice; all else in the file stays as it is. `lint` counts the\n\
    entries to which no person has given a reason.\n\n\
    Examples:\n  \
    proviso run --target sandbox --report-json run.json\n  \
    proviso known --from run.json --owner payments --expires 2027-01-31\n  \
    proviso known --from run.json --owner payments --expires 2027-01-31 --dry-run     shows the entries and writes nothing",
    &[
        (Exit::Fine, "the entries are written, or there is nothing to write"),
        (Exit::Wrong, "the contracts, the command line or a report are wrong, or a report is of other contracts; nothing was written"),
        (Exit::Environment, "the file could not be written"),
    ],
))]
pub(crate) struct KnownArgs {
    /// A report that `--report-json` wrote (repeatable)
    #[arg(long, value_name = "REPORT", required = true)]
    from: Vec<PathBuf>,
    /// Who answers for living with them
    #[arg(long, value_name = "TEAM", value_parser = parse_owner)]
    owner: String,
    /// The last day on which they fail nothing, in UTC, such as 2027-01-31
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    expires: String,
    /// Print the entries and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A name that is not empty.
fn parse_owner(text: &str) -> Result<String, &'static str> {
    let owner = text.trim();
    if owner.is_empty() { Err("name who answers for them") } else { Ok(owner.to_owned()) }
}

/// A day that is not over.
fn parse_day(text: &str) -> Result<String, String> {
    let today = today();
    if !is_day(text) {
        return Err("write year, month and day, as 2027-01-31".to_owned());
    }
    if text < today.as_str() {
        return Err(format!("that day is over: today is {today}"));
    }
    Ok(text.to_owned())
}

/// Writes the entries.
pub(crate) fn write_known(args: &KnownArgs, context: &mut Context) -> CommandResult {
    let Context { project, specs, output, .. } = context;
    let mut loaded = read_all_contracts(specs, CheckLevel::Shape, output)?;
    let settings = read_settings(project, &mut loaded, output)?;
    let runs = read_reports(&args.from)?;
    let mut problems = Vec::new();
    for (path, run) in &runs {
        problems.extend(refuse_run(path, run, &loaded));
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let found = find_violations(args, &runs);
    refuse_unknown_cases(&found, &loaded)?;
    let new = without_known(&found, &settings);
    show_expired(&found, &settings, output);
    if args.dry_run {
        if !new.is_empty() {
            output.print(&entries_text(&new));
        }
        output.notice(&format!("notice: {}; nothing was written\n", counts_words(&found, &new)));
        return Ok(Exit::Fine);
    }
    if !new.is_empty() {
        write_entries(project, &loaded, &new)?;
    }
    let path = project.join(SETTINGS);
    let next = if new.is_empty() {
        String::new()
    } else {
        format!(" in {}: write a reason in place of each {NO_REASON}", path.display())
    };
    output.print(&format!("{}{next}\n", counts_words(&found, &new)));
    Ok(Exit::Fine)
}

/// The problem of a run of which nothing can be known by the contracts as they are.
fn refuse_run(path: &str, run: &SavedRun, loaded: &Loaded) -> Option<Problem> {
    if run.was_made_with(loaded) {
        return refuse_older(path, run);
    }
    let problem = Problem::new(format_args!("{path} was made with other contracts than there are now"));
    let help = format!(
        "run again; or `proviso judge {path} --report-json FILE` judges the same answers by the contracts as they are now"
    );
    Some(problem.with_help(help))
}

/// Entries for all departures of the cases that violate, each once.
fn find_violations(args: &KnownArgs, runs: &[(String, SavedRun)]) -> Vec<KnownInfo> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (_, run) in runs {
        for case in run.cases.iter().filter(|case| case.verdict == Verdict::Violates) {
            let Some(target) = run.vendors.iter().find(|info| info.vendor == case.vendor).map(target_of) else {
                continue;
            };
            for finding in &case.findings {
                if seen.insert((&case.id, target, finding.code, &finding.place)) {
                    found.push(known_entry(args, case, target, finding));
                }
            }
        }
    }
    found
}

/// The name by which an entry names the target of a run: its own, or its URL.
fn target_of(info: &VendorInfo) -> &str {
    if info.target == "url" { &info.origin } else { &info.target }
}

fn known_entry(args: &KnownArgs, case: &CaseResult, target: &str, finding: &FindingInfo) -> KnownInfo {
    KnownInfo {
        case: case.id.clone(),
        target: Some(target.to_owned()),
        finding: finding.code,
        place: Some(finding.place.clone()),
        reason: NO_REASON.to_owned(),
        owner: args.owner.clone(),
        expires: args.expires.clone(),
        issue: None,
        expired: false,
        location: Location::default(),
    }
}

/// Refuses a report that names a case which the contracts do not have.
fn refuse_unknown_cases(found: &[KnownInfo], loaded: &Loaded) -> Result<(), Vec<Problem>> {
    let names = case_names(&case::compile(&loaded.contracts), loaded);
    let unknown: BTreeSet<&str> =
        found.iter().map(|known| known.case.as_str()).filter(|case| !names.contains(*case)).collect();
    let mut problems = Vec::new();
    for case in unknown {
        let help = did_you_mean(case, names.iter().map(String::as_str));
        let problem = Problem::new(format_args!("no case is named `{case}`, which the report says violates"));
        problems.push(Problem { help: help.into_iter().collect(), ..problem });
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Those of which no entry says the same yet, or more.
fn without_known(found: &[KnownInfo], settings: &ProjectSettings) -> Vec<KnownInfo> {
    // There may be thousands of both.
    let mut by_case: HashMap<&str, Vec<&KnownInfo>> = HashMap::new();
    for old in &settings.known {
        by_case.entry(&old.case).or_default().push(old);
    }
    let mut new = found.to_vec();
    new.retain(|known| {
        let olds = by_case.get(known.case.as_str()).map_or(&[][..], Vec::as_slice);
        !olds.iter().any(|old| is_told_by(known, old))
    });
    new
}

/// Returns whether an older entry says what a new one would say: the same, or more of it for as long as its day is not over.
fn is_told_by(new: &KnownInfo, old: &KnownInfo) -> bool {
    let is_same = old.target == new.target && old.place == new.place;
    let is_wider =
        (old.target.is_none() || old.target == new.target) && (old.place.is_none() || old.place == new.place);
    old.case == new.case && old.finding == new.finding && (is_same || is_wider && !old.expired)
}

/// Shows the entries whose day is over and that a new one would repeat.
fn show_expired(found: &[KnownInfo], settings: &ProjectSettings, output: &mut Output) {
    for old in settings.known.iter().filter(|old| old.expired) {
        let is_there = found.iter().any(|new| is_told_by(new, old));
        if is_there {
            let Location { file, line, column, .. } = &old.location;
            let place = format!("{file}:{line}:{column}");
            output.notice(&format!(
                "notice: {place}: {} was known until {}; write another day there\n",
                old.case, old.expires
            ));
        }
    }
}

/// `wrote 14 entries, 2 violations were known already`.
fn counts_words(found: &[KnownInfo], new: &[KnownInfo]) -> String {
    let old = found.len() - new.len();
    match (new.len(), old) {
        (0, 0) => "no violation".to_owned(),
        (0, old) => format!("no new entry, {} known already", Count(old, "violation")),
        (_, 0) => Count(new.len(), "new entry").to_string(),
        (_, old) => format!("{}, {} known already", Count(new.len(), "new entry"), Count(old, "violation")),
    }
}

/// Puts the entries into the file, or begins one.
fn write_entries(project: &Path, loaded: &Loaded, new: &[KnownInfo]) -> Result<(), CommandError> {
    let path = project.join(SETTINGS);
    let read = loaded.sources.iter().find(|(_, source)| source.path() == path);
    let text = read.map_or("", |(_, source)| source.text());
    let text = with_entries(text, new).map_err(|why| {
        let problem = Problem::new(format_args!("the entries cannot be put into {}: {why}", path.display()));
        problem.with_help("`--dry-run` prints them, so that you can put them there")
    })?;
    // The reader of YAML drops a byte-order mark, which editors that wrote it expect again.
    let is_marked = fs::read(&path).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()));
    let text = if is_marked { format!("{MARK}{text}") } else { text };
    let folder = if project.as_os_str().is_empty() { Path::new(".") } else { project };
    unlinked::replace(folder, &path, text.as_bytes()).map_err(|error| {
        Problem::new(format_args!("cannot write {}: {error}", path.display())).exit_with(Exit::Environment)
    })
}
