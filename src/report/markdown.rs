//! Markdown for a pull request or a job's summary: counts, what does not conform, and the details folded away.

use super::count::Count;
use super::coverage::{Coverage, Run};
use super::headline::{headline, notice_words, shorten};
use super::human_duration::HumanDuration;
use super::terminal::plain_block;
use super::{Exit, Rendered, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Summary};
use crate::text::visible::{line, text as clean};
use std::fmt::{self, Write};

/// Comments of GitHub end at 65,536 characters; details stop some way before.
const ROOM: usize = 55_000;
/// Rows of the table beyond these are counted.
const ROWS: usize = 100;
/// Longer cells are cut.
const CELL: usize = 300;

/// The run as a summary.
pub(super) fn markdown(saved: &SavedRun) -> Rendered {
    let mut text = String::new();
    write_heading(&mut text, saved)?;
    for notice in &saved.notices {
        write!(text, "> **Notice** {}\n\n", code_span(notice_words(notice).trim_end()))?;
    }
    let causes = group_by_cause(wrong_cases(saved));
    write_table(&mut text, &causes)?;
    write_details(&mut text, &causes)?;
    write_skipped(&mut text, saved)?;
    Ok(text)
}

/// The verdicts of cases that do not conform, the worst first.
const WRONG: [Verdict; 6] = [
    Verdict::Violates,
    Verdict::Drifted,
    Verdict::Environment,
    Verdict::Undetermined,
    Verdict::Refused,
    Verdict::NotRun,
];

/// The cases that do not conform, the worst first, and last the violations that fail nothing.
fn wrong_cases(saved: &SavedRun) -> Vec<&CaseResult> {
    let mut wrong = Vec::new();
    for verdict in WRONG {
        wrong.extend(saved.cases.iter().filter(|case| case.verdict == verdict && !case.is_excused()));
    }
    wrong.extend(saved.cases.iter().filter(|case| case.is_seen_before()));
    wrong.extend(saved.cases.iter().filter(|case| case.is_known()));
    wrong
}

/// Cases that fail by one cause, in the order of their first.
fn group_by_cause(wrong: Vec<&CaseResult>) -> Vec<Vec<&CaseResult>> {
    let mut groups: Vec<Vec<&CaseResult>> = Vec::new();
    for case in wrong {
        let is_same = |group: &&mut Vec<&CaseResult>| {
            group.first().is_some_and(|first| {
                case.cause.is_some()
                    && (&first.vendor, first.verdict_words(), &first.cause)
                        == (&case.vendor, case.verdict_words(), &case.cause)
            })
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(case),
            None => groups.push(vec![case]),
        }
    }
    groups
}

/// Words on the further cases of a cause.
fn further_words(group: &[&CaseResult]) -> String {
    match group.len() {
        0 | 1 => String::new(),
        number => format!(" and {}", Count(number - 1, "further case")),
    }
}

fn write_heading(text: &mut String, saved: &SavedRun) -> fmt::Result {
    let title = match Exit::from_code(saved.summary.exit_code) {
        Some(Exit::Fine) if saved.summary.seen_before > 0 => "no new violation",
        Some(Exit::Fine) => "the documentation still holds",
        Some(Exit::Violated) => "the vendor departs from its documentation",
        Some(Exit::NothingTested) => "nothing was tested",
        Some(Exit::Drifted) => "answers drifted from the baseline",
        Some(Exit::Refused) => "the guard refused a vendor",
        Some(Exit::Interrupted) => "the run was interrupted",
        Some(Exit::Wrong | Exit::Environment) | None => "not everything could be judged",
    };
    let Summary { requests, duration, known, seen_before, .. } = saved.summary;
    let counts: Vec<(Verdict, usize)> = saved.summary.shown_counts().collect();
    let names: Vec<&str> = counts.iter().map(|(verdict, _)| verdict.as_str()).collect();
    let numbers: Vec<String> = counts.iter().map(|(_, number)| number.to_string()).collect();
    let rule = "---:|".repeat(names.len());
    writeln!(text, "## Proviso: {title}\n")?;
    writeln!(text, "| {} |\n|{rule}\n| {} |\n", names.join(" | "), numbers.join(" | "))?;
    let cost = format!("{} in {}", Count(requests, "request"), HumanDuration(duration));
    writeln!(text, "{} on {}, {cost}.", Count(saved.cases.len(), "case"), code_span(&saved.target))?;
    if let Some(seed) = saved.shuffle {
        writeln!(text, "They ran in the order of `--shuffle={seed}`.")?;
    }
    if known > 0 {
        writeln!(text, "{known} of those that violate are known.")?;
    }
    if seen_before > 0 {
        writeln!(text, "{seen_before} of those that violate were seen before.")?;
    }
    let shares = Coverage::of(&[Run::from(saved)]).shares();
    if shares.causes.total > 0 {
        writeln!(text, "Exercised: {}.", shares.words())?;
    }
    writeln!(text)
}

fn write_table(text: &mut String, causes: &[Vec<&CaseResult>]) -> fmt::Result {
    if causes.is_empty() {
        return Ok(());
    }
    text.push_str("| verdict | case | what came | where |\n|---|---|---|---|\n");
    for group in causes.iter().take(ROWS) {
        let Some(case) = group.first() else { continue };
        let place = format!("{}:{}", case.location.file, case.location.line);
        let id = code_span(&case.id) + &further_words(group);
        let cells = [id, code_span(&shorten(&headline(case), CELL)), code_span(&place)];
        writeln!(text, "| {} | {} |", case.verdict_words(), cells.map(|cell| cell.replace('|', "\\|")).join(" | "))?;
    }
    if causes.len() > ROWS {
        writeln!(text, "\n{} not listed.", Count(causes.len() - ROWS, "further cause"))?;
    }
    writeln!(text)
}

fn write_details(text: &mut String, causes: &[Vec<&CaseResult>]) -> fmt::Result {
    let mut room = ROOM.saturating_sub(text.chars().count());
    for (number, group) in causes.iter().enumerate() {
        let block = group_details(group);
        let Some(rest) = room.checked_sub(block.chars().count()) else {
            let left = Count(causes.len() - number, "cause");
            return writeln!(text, "Details of {left} left out for want of room.\n");
        };
        room = rest;
        text.push_str(&block);
    }
    Ok(())
}

fn group_details(group: &[&CaseResult]) -> String {
    let Some(case) = group.first() else { return String::new() };
    let page = match case.page.as_deref().filter(|page| is_plain_address(page)) {
        Some(page) => format!("\n<{page}>\n"),
        None => String::new(),
    };
    // Markdown is not read inside of a tag, so the id is HTML there.
    let id = escape_html(&line(&case.id));
    format!(
        "<details><summary>{}: <code>{id}</code>{}</summary>\n{page}\n{}\n\n{}</details>\n\n",
        case.verdict_words(),
        further_words(group),
        fenced_block(&plain_block(case)),
        further_list(group)
    )
}

/// The further cases of a cause by name.
fn further_list(group: &[&CaseResult]) -> String {
    let names: Vec<String> = group.iter().skip(1).take(ROWS).map(|case| format!("- {}", code_span(&case.id))).collect();
    if names.is_empty() { String::new() } else { format!("By the same cause:\n\n{}\n\n", names.join("\n")) }
}

/// Returns true if an address can be written between angle brackets.
fn is_plain_address(page: &str) -> bool {
    let http = page.starts_with("https://") || page.starts_with("http://");
    http && page.chars().all(|character| character.is_ascii_graphic() && !"<>\\`|".contains(character))
}

fn write_skipped(text: &mut String, saved: &SavedRun) -> fmt::Result {
    let skipped: Vec<&CaseResult> = saved.cases.iter().filter(|case| case.verdict == Verdict::Skipped).collect();
    if skipped.is_empty() {
        return Ok(());
    }
    write!(text, "<details><summary>{} skipped</summary>\n\n", Count(skipped.len(), "case"))?;
    for case in skipped.iter().take(ROWS) {
        writeln!(text, "- {} {}", code_span(&case.id), code_span(&headline(case)))?;
    }
    if skipped.len() > ROWS {
        writeln!(text, "- and {} more", skipped.len() - ROWS)?;
    }
    writeln!(text, "\n</details>")
}

/// A text as code on one line: nothing in it is Markdown or HTML, and it mentions no user.
fn code_span(text: &str) -> String {
    let text = line(text);
    let fence = "`".repeat(longest_backticks(&text) + 1);
    if text.trim().is_empty() {
        return String::new();
    }
    // Blanks at the ends are taken away again by the reader, and keep the fence apart from backticks of the text.
    if fence.len() > 1 || text.starts_with(' ') { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

/// A text as a block of code.
fn fenced_block(text: &str) -> String {
    let text = clean(text);
    let fence = "`".repeat(longest_backticks(&text).max(2) + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}

/// The length of the longest run of backticks.
fn longest_backticks(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('`', "&#96;")
}
