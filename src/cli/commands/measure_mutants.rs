//! `proviso mutate`: how strong the contracts are, measured by what they would not notice.

use crate::cli::args::CaseArgs;
use crate::cli::commands::mutant_text::{MutantText, format_share};
use crate::cli::context::Context;
use crate::cli::problem::{CommandResult, Problem};
use crate::cli::read_contracts::{CheckLevel, count_mistakes, has_errors, read_contracts};
use crate::cli::select_cases::{no_case_selected, select_cases};
use clap::ValueEnum;
use proviso::contract::case;
use proviso::lab::agree;
use proviso::lab::mutant::{self, Score};
use proviso::report::Exit;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// Break the mock's answers one promise at a time, and see which breaks no case notices
#[derive(Debug, clap::Args)]
#[command(after_long_help = Exit::help_with(
    "Nothing is sent anywhere: the mock answers in this process.\n\n\
        Examples:\n  proviso mutate\n  proviso mutate links.delete --fail-under 100%\n  \
        proviso mutate --vendor acme --format json",
    &[
        (Exit::Fine, "the score is not below --fail-under"),
        (Exit::Violated, "it is"),
        (Exit::Wrong, "the contracts are wrong"),
        (
            Exit::Environment,
            "a case does not conform although nothing is broken, so that nothing can be measured by it",
        ),
        (Exit::NothingTested, "there is nothing to break"),
    ],
))]
pub(crate) struct MutateArgs {
    /// The cases whose rows are broken.
    #[command(flatten)]
    cases: CaseArgs,
    /// The least share of mutants that is to be noticed, such as `100%`
    #[arg(long, value_name = "PERCENT", value_parser = parse_share)]
    fail_under: Option<usize>,
    /// How many threads try mutants [default: one a core]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How the score is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ScoreFormat,
}

/// The forms in which the score is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScoreFormat {
    /// By kind, page and rule, then every survivor with what to write; with `-v` every clause
    Text,
    /// One JSON document
    Json,
}

/// `100%`, `99.5%` or `100`, in hundredths of a percent.
fn parse_share(text: &str) -> Result<usize, &'static str> {
    let text = text.strip_suffix('%').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    parse_digits(whole, 3)
        .zip(parse_digits(&format!("{part:0<2}"), 2).filter(|_| !part.is_empty()))
        .map(|(whole, hundredths)| whole * 100 + hundredths)
        .filter(|share| *share <= 10_000)
        .ok_or("write a share from 0% to 100%, with at most two decimals, such as `100%` or `99.5%`")
}

/// A whole number of at most so many digits.
fn parse_digits(text: &str, most: usize) -> Option<usize> {
    let is_number = text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Measures how many mutants of the mock's answers the cases notice.
pub(crate) fn measure_mutants(args: &MutateArgs, context: &mut Context) -> CommandResult {
    let Context { specs, output, .. } = context;
    let selection = args.cases.selection(specs);
    let loaded = read_contracts(specs, &selection, CheckLevel::Shape, output)?;
    // A contract from which a promise was taken is measured all the same: how much it misses is what is asked for.
    let meant = agree::check(&loaded);
    if has_errors(&meant) {
        let mistakes = count_mistakes(&meant);
        output.notice(&format!("notice: the contracts have {mistakes}; `proviso lint` shows where\n"));
    }
    let all = case::compile(&loaded.contracts);
    let wanted = select_cases(&selection, &loaded, all.clone(), output);
    if wanted.is_empty() {
        return Err(no_case_selected());
    }
    let threads = args.jobs.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let score = mutant::measure(&loaded, &all, &wanted, threads).map_err(Problem::new)?;
    match args.format {
        ScoreFormat::Json => output.print_json(&score_document(&score, args.fail_under)?)?,
        ScoreFormat::Text => {
            let text = MutantText::new(&score, output).to_string();
            output.print(&text);
        }
    }
    Ok(conclude_score(&score, args.fail_under))
}

fn conclude_score(score: &Score, fail_under: Option<usize>) -> Exit {
    if score.tally.mutants > 0 && fail_under.is_some_and(|least| score.tally.share() < least) {
        Exit::Violated
    } else if !score.unsound.is_empty() {
        Exit::Environment
    } else if score.tally.mutants == 0 {
        Exit::NothingTested
    } else {
        Exit::Fine
    }
}

/// The score as one JSON document, with what was asked for.
fn score_document(score: &Score, fail_under: Option<usize>) -> Result<Value, Problem> {
    let (share, fail_under) = (format_share(score.tally.share()), fail_under.map(format_share));
    let mut document = json!({ "version": 1, "score": share, "fail_under": fail_under });
    let score = serde_json::to_value(score).map_err(Problem::new)?;
    if let (Value::Object(document), Value::Object(score)) = (&mut document, score) {
        document.extend(score);
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_with_or_without_its_sign() {
        let of = |text: &str| parse_share(text).ok();
        assert_eq!(
            (of("100%"), of("100"), of("99.5%"), of("0"), of("87.25%")),
            (Some(10_000), Some(10_000), Some(9_950), Some(0), Some(8_725))
        );
        for wrong in ["", "%", "101%", "-1%", "1.234%", "a", "100.01%", "1,5%", "50%%"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
