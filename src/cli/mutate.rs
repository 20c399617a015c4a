//! `proviso mutate`: how strong the contracts are, told by what they would not notice.

use crate::cli::args::Global;
use crate::cli::contracts::{self, plural};
use crate::cli::output::Output;
use crate::cli::select::Select;
use crate::cli::table;
use clap::ValueEnum;
use indexmap::IndexMap;
use proviso::contract::case;
use proviso::lab::agree;
use proviso::lab::mutant::{self, PageScore, Score, Survivor, Tally};
use proviso::report::Exit;
use proviso::text::visible::line;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// Break the mock's answers one promise at a time, and see which breaks no case notices
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Nothing is sent anywhere: the mock answers in this process.\n\n\
    Examples:\n  proviso mutate\n  proviso mutate links.delete --fail-under 100%\n  proviso mutate --vendor acme --format json\n\n\
    Exit codes:\n  0  the score is not below --fail-under\n  1  it is\n  2  the contracts are wrong\n  \
    3  a case does not conform although nothing is broken, so that nothing can be measured by it\n  4  there is nothing to break")]
pub(crate) struct Args {
    /// Which cases' rows are broken.
    #[command(flatten)]
    select: Select,
    /// The least share of mutants that is to be noticed, such as `100%`
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_under: Option<usize>,
    /// How many threads try mutants [default: one a core]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How the score is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How the score is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// By kind, page and rule, then every survivor with what to write; with `-v` every clause
    Text,
    /// One JSON document
    Json,
}

/// `100%`, `99.5%` or `100`, in hundredths of a percent.
fn percent(text: &str) -> Result<usize, String> {
    let wrong = || "write a share from 0% to 100%, with at most two decimals, such as `100%` or `99.5%`".to_owned();
    let text = text.strip_suffix('%').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(wrong());
    }
    let whole: usize = whole.parse().map_err(|_| wrong())?;
    let hundredths: usize = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Some(whole * 100 + hundredths).filter(|share| *share <= 10_000).ok_or_else(wrong)
}

/// Measures.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let loaded = match contracts::read_unproved(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    // A contract from which a promise was taken is measured all the same: how much it misses is what is asked for.
    let meant = agree::check(&loaded);
    if contracts::is_wrong(&meant) {
        output
            .notice(&format!("notice: the contracts have {}; `proviso lint` tells where\n", contracts::count(&meant)));
    }
    let all = case::compile(&loaded.contracts);
    args.select.tell_unmatched(&loaded.contracts, &all, output);
    let wanted = args.select.selection().select(&loaded.contracts, all.clone());
    if wanted.is_empty() {
        output.error("no case is selected", &["`proviso list` has their names".to_owned()]);
        return Exit::NothingTested;
    }
    let threads = args.jobs.map(NonZeroUsize::get).or_else(|| available_parallelism().ok().map(NonZeroUsize::get));
    let score = match mutant::measure(&loaded, &all, &wanted, threads.unwrap_or(1)) {
        Ok(score) => score,
        Err(error) => {
            output.error(&error.to_string(), &[]);
            return Exit::Wrong;
        }
    };
    match args.format {
        Format::Json => output.document(&format!("{:#}\n", document(&score, args.fail_under))),
        Format::Text => {
            let text = text(&score, output);
            output.print(&text);
        }
    }
    conclude(&score, args.fail_under)
}

fn conclude(score: &Score, fail_under: Option<usize>) -> Exit {
    let nothing = score.tally.mutants == 0;
    if !nothing && fail_under.is_some_and(|least| score.tally.share() < least) {
        Exit::Violated
    } else if !score.unsound.is_empty() {
        Exit::Environment
    } else if nothing {
        Exit::NothingTested
    } else {
        Exit::Fine
    }
}

fn document(score: &Score, fail_under: Option<usize>) -> Value {
    let mut document = json!({ "version": 1, "score": share(score.tally), "fail_under": fail_under.map(in_percent) });
    if let (Some(document), Ok(Value::Object(rest))) = (document.as_object_mut(), serde_json::to_value(score)) {
        document.extend(rest);
    }
    document
}

/// `99.99%`; 100% is only all of them.
fn share(tally: Tally) -> String {
    in_percent(tally.share())
}

fn in_percent(hundredths: usize) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, part) => format!("{whole}.{part:02}%"),
    }
}

fn text(score: &Score, output: &Output) -> String {
    let mut text = String::new();
    if !output.quiet {
        text.push_str(&section(output, "By kind", &kinds(score)));
        text.push_str(&section(output, "By page", &pages(score, output.verbosity > 0)));
        let rules = score.rules.iter().map(|(rule, count)| vec![rule.says().to_owned(), count.to_string()]);
        text.push_str(&section(output, "Equivalent by rule", &rules.collect::<Vec<_>>()));
        let left = score.left_out.iter().map(|left| vec![format!("{}  {}", left.row, left.why)]);
        text.push_str(&section(output, "Left out", &left.collect::<Vec<_>>()));
    }
    let unsound = score.unsound.iter().map(|left| vec![format!("{}  {}", left.row, left.why)]);
    text.push_str(&section(output, "Not sound although nothing is broken", &unsound.collect::<Vec<_>>()));
    if !score.survivors.is_empty() {
        text.push_str(&format!("{}\n", output.bold("Survivors")));
        for ((row, clause), own) in by_clause(&score.survivors) {
            text.push_str(&line(&format!("  {row}{clause}")));
            text.push('\n');
            for (advice, changes) in own {
                changes.iter().for_each(|change| text.push_str(&format!("    {}\n", line(change))));
                text.push_str(&format!("    write  {}\n", line(&advice)));
            }
        }
        text.push('\n');
    }
    if !output.quiet {
        text.push_str(&pace(score));
    }
    let Tally { mutants, killed, equivalent } = score.tally;
    format!("{text}{mutants} mutants, {killed} killed, {equivalent} equivalent\n")
}

/// How long it took, in a line.
fn pace(score: &Score) -> String {
    let seconds = score.took.as_secs_f64().max(0.001);
    #[expect(clippy::cast_precision_loss, reason = "as many mutants as a float cannot count are never made")]
    let rate = score.tally.mutants as f64 / seconds;
    format!(
        "{} of {} noticed, in {seconds:.2} s: {rate:.0} a second\n",
        share(score.tally),
        plural(score.tally.mutants - score.tally.equivalent, "mutant")
    )
}

fn section(output: &Output, heading: &str, rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = table::lines(rows).iter().map(|row| format!("  {}\n", line(row))).collect();
    format!("{}\n{}\n", output.bold(heading), lines.concat())
}

fn cells(name: String, tally: Tally) -> Vec<String> {
    let count = |number: usize, word: &str| if number == 0 { String::new() } else { format!("{number} {word}") };
    vec![
        name,
        share(tally),
        count(tally.mutants, "mutants"),
        count(tally.killed, "killed"),
        count(tally.equivalent, "equivalent"),
        count(tally.survived(), "survived"),
    ]
}

fn kinds(score: &Score) -> Vec<Vec<String>> {
    score.kinds.iter().map(|(kind, tally)| cells(kind.words().to_owned(), *tally)).collect()
}

/// Every page; of its clauses those that are not held, or all.
fn pages(score: &Score, all: bool) -> Vec<Vec<String>> {
    let of = |(name, page): (&String, &PageScore)| {
        let mut rows = vec![cells(name.clone(), page.tally)];
        for (clause, tally) in page.clauses.iter().filter(|(_, tally)| all || tally.survived() > 0) {
            let name = if clause.is_empty() { "(no clause)" } else { clause };
            rows.push(cells(format!("  {name}"), *tally));
        }
        rows
    };
    score.pages.iter().flat_map(of).collect()
}

/// Changes by the line to write against them.
type ByAdvice = IndexMap<String, Vec<String>>;

/// Survivors by row and clause, and in each by the line to write.
fn by_clause(survivors: &[Survivor]) -> IndexMap<(String, String), ByAdvice> {
    let mut groups: IndexMap<(String, String), ByAdvice> = IndexMap::new();
    for survivor in survivors {
        let clause = match (&survivor.clause, &survivor.says) {
            (Some(id), Some(says)) => format!("  {id}: {says}"),
            (Some(id), None) => format!("  {id}"),
            (None, _) => String::new(),
        };
        let advice = &survivor.advice;
        let place = advice.under.trim_start_matches('/').replace('/', ".");
        let advice = format!("{}  under {place} ({}:{})", advice.write, advice.file, advice.line);
        let changes = groups.entry((survivor.row.clone(), clause)).or_default().entry(advice).or_default();
        changes.push(format!("{}: {}", survivor.kind.words(), survivor.change));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_with_or_without_its_sign() {
        let of = |text: &str| percent(text).ok();
        assert_eq!(
            (of("100%"), of("100"), of("99.5%"), of("0"), of("87.25%")),
            (Some(10_000), Some(10_000), Some(9_950), Some(0), Some(8_725))
        );
        for wrong in ["", "%", "101%", "-1%", "1.234%", "a", "100.01%", "1,5%", "50%%"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_share_is_told_as_exactly_as_it_is_held() {
        assert_eq!(
            (in_percent(10_000), in_percent(9_999), in_percent(50)),
            ("100%".to_owned(), "99.99%".to_owned(), "0.50%".to_owned())
        );
    }
}
