//! Markdown for a pull request or a job's summary: counts, what does not conform, and the details folded away.

use super::coverage::{Coverage, Run};
use super::terminal::told;
use super::text::{clean, count, cut, duration, headline, line};
use super::{Exit, Rendered, Saved};
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Notice};
use std::fmt::{self, Write};

/// Comments of GitHub end at 65,536 characters; details stop some way before.
const ROOM: usize = 55_000;
/// Rows of the table beyond these are counted.
const ROWS: usize = 100;
/// Longer cells are cut.
const CELL: usize = 300;

pub(super) fn render(saved: &Saved) -> Rendered {
    let mut text = String::new();
    text += &heading(saved)?;
    saved.notices.iter().for_each(|notice| text += &told_notice(notice));
    let wrong: Vec<&CaseResult> = order(saved);
    text += &table(&wrong)?;
    text += &details(&wrong, ROOM.saturating_sub(text.chars().count()))?;
    text += &skipped(saved)?;
    Ok(text)
}

/// What does not conform, the worst first, and last what is known.
fn order(saved: &Saved) -> Vec<&CaseResult> {
    let verdicts = [Verdict::Violates, Verdict::Drifted, Verdict::Environment, Verdict::Undetermined, Verdict::Refused];
    let of = |verdict| saved.cases.iter().filter(move |case| case.verdict == verdict && !case.is_known());
    let known = saved.cases.iter().filter(|case| case.is_known());
    verdicts.into_iter().flat_map(of).chain(known).collect()
}

fn heading(saved: &Saved) -> Result<String, fmt::Error> {
    let told = match Exit::from_code(saved.summary.exit_code) {
        Some(Exit::Fine) => "the documentation still holds",
        Some(Exit::Violated) => "the vendor departs from its documentation",
        Some(Exit::NothingTested) => "nothing was tested",
        Some(Exit::Drifted) => "answers drifted from the baseline",
        Some(Exit::Refused) => "the guard refused a vendor",
        Some(Exit::Interrupted) => "the run was interrupted",
        Some(Exit::Wrong | Exit::Environment) | None => "not everything could be judged",
    };
    let mut text = format!("## Proviso: {told}\n\n");
    let judged: Vec<String> = Verdict::ALL.into_iter().map(|verdict| verdict.to_string()).collect();
    let numbers: Vec<String> =
        Verdict::ALL.into_iter().map(|verdict| saved.summary.count(verdict).to_string()).collect();
    let rule = "---:|".repeat(judged.len());
    writeln!(text, "| {} |\n|{rule}\n| {} |\n", judged.join(" | "), numbers.join(" | "))?;
    let cost = format!("{} in {}", count(saved.summary.requests, "request"), duration(saved.summary.duration));
    writeln!(text, "{} on {}, {cost}.", count(saved.cases.len(), "case"), code(&saved.target))?;
    if saved.summary.known > 0 {
        writeln!(text, "{} of those that violate are known.", saved.summary.known)?;
    }
    let coverage = Coverage::of(&[Run::from(saved)]);
    if coverage.shares().causes.total > 0 {
        writeln!(text, "Exercised: {}.", coverage.shares().words())?;
    }
    Ok(text + "\n")
}

fn told_notice(notice: &Notice) -> String {
    let about = notice.vendor.as_ref().map(|vendor| format!("{vendor}: ")).unwrap_or_default();
    format!("> **Notice** {}\n\n", code(&format!("{about}{}", notice.message.trim_end())))
}

fn table(wrong: &[&CaseResult]) -> Result<String, fmt::Error> {
    if wrong.is_empty() {
        return Ok(String::new());
    }
    let mut text = String::from("| verdict | case | what came | where |\n|---|---|---|---|\n");
    for case in wrong.iter().take(ROWS) {
        let place = format!("{}:{}", case.location.file, case.location.line);
        let cells = [code(&case.id), code(&cut(&headline(case), CELL)), code(&place)];
        writeln!(text, "| {} | {} |", case.verdict_words(), cells.map(|cell| cell.replace('|', "\\|")).join(" | "))?;
    }
    if wrong.len() > ROWS {
        writeln!(text, "\n{} not listed.", count(wrong.len() - ROWS, "further case"))?;
    }
    Ok(text + "\n")
}

fn details(wrong: &[&CaseResult], room: usize) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let mut used = 0;
    for (number, case) in wrong.iter().enumerate() {
        let block = detail(case);
        used += block.chars().count();
        if used > room {
            writeln!(text, "Details of {} left out for want of room.\n", count(wrong.len() - number, "case"))?;
            break;
        }
        text += &block;
    }
    Ok(text)
}

fn detail(case: &CaseResult) -> String {
    let page = match case.page.as_deref().filter(|page| is_plain(page)) {
        Some(page) => format!("\n<{page}>\n"),
        None => String::new(),
    };
    // Inside of a tag Markdown does not hold, so the id is HTML there.
    let id = html(&line(&case.id));
    format!(
        "<details><summary>{}: <code>{id}</code></summary>\n{page}\n{}\n\n</details>\n\n",
        case.verdict_words(),
        fenced(&told(case), "text")
    )
}

/// An address that can stand between angle brackets.
fn is_plain(page: &str) -> bool {
    let http = page.starts_with("https://") || page.starts_with("http://");
    http && page.chars().all(|character| character.is_ascii_graphic() && !"<>\\`|".contains(character))
}

fn skipped(saved: &Saved) -> Result<String, fmt::Error> {
    let skipped: Vec<&CaseResult> = saved.cases.iter().filter(|case| case.verdict == Verdict::Skipped).collect();
    if skipped.is_empty() {
        return Ok(String::new());
    }
    let mut text = format!("<details><summary>{} skipped</summary>\n\n", count(skipped.len(), "case"));
    for case in skipped.iter().take(ROWS) {
        writeln!(text, "- {} {}", code(&case.id), code(&headline(case)))?;
    }
    if skipped.len() > ROWS {
        writeln!(text, "- and {} more", skipped.len() - ROWS)?;
    }
    Ok(text + "\n</details>\n")
}

/// A text as code on one line: whatever stands in it is no Markdown, no HTML and mentions nobody.
fn code(text: &str) -> String {
    let text = line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    if text.trim().is_empty() {
        return String::new();
    }
    // Blanks at the ends are taken away again by the reader, and keep the fence apart from backticks of the text.
    if fence.len() > 1 || text.starts_with(' ') { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

/// A text as a block of code.
fn fenced(text: &str, language: &str) -> String {
    let text = clean(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('`', "&#96;")
}
