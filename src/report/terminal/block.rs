//! A failing case, told so that a person can believe it, find it and send it again.

use super::drift;
use super::paint::{Ink, Tone};
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::report::text::{count, cut, duration, headline, line, wrong};
use crate::report::value_diff::{GAP, value_diff};
use crate::run::event::{CaseResult, ClauseInfo, ExchangeInfo, FindingInfo, Location, Purpose};

/// Clauses beyond these are counted, not shown.
const CLAUSES: usize = 4;
/// Where what stands beside a label begins.
const BESIDE: usize = 12;
/// Findings beyond these are counted, not shown.
const FINDINGS: usize = 8;
/// Lines of a difference beyond these are counted, not shown.
const LINES: usize = 40;
/// A longer line of a difference, or of a contract, is cut.
const LONGEST: usize = 400;

/// A case that violates or drifted. `whole` leaves nothing out.
pub(super) fn failing(case: &CaseResult, ink: Ink, whole: bool) -> String {
    let mut text =
        format!("\n{} {}\n", ink.verdict(case.verdict, case.verdict_words()), ink.paint(Tone::Strong, &line(&case.id)));
    text += &ink.entry(2, "promised", Tone::Plain, &line(&case.promised));
    text += &clauses(case, ink, whole);
    text += &answered(case, ink);
    if let Some(reason) = &case.reason {
        text += &ink.entry(2, "because", Tone::Plain, &line(reason));
    }
    let shown = if whole { usize::MAX } else { FINDINGS };
    // Findings of one promise stand together, and its line is told once after them.
    let together = |a: &FindingInfo, b: &FindingInfo| a.location == b.location;
    for findings in case.findings.get(..shown).unwrap_or(&case.findings).chunk_by(together) {
        for finding in findings {
            text += &departure(finding, Tone::of(case.verdict), ink, whole);
        }
        text += &findings.first().map(|finding| place(ink, "at", &finding.location)).unwrap_or_default();
    }
    if case.findings.len() > shown {
        let more = count(case.findings.len() - shown, "further finding");
        text += &ink.entry(2, "", Tone::Faint, &format!("{more} not shown; -v shows all"));
    }
    text += &case.drift.as_ref().map(|drift| drift::block(drift, ink, whole)).unwrap_or_default();
    text += &place(ink, "row", &case.location);
    for known in case.known() {
        let at = format!("{}:{}:{}", known.location.file, known.location.line, known.location.column);
        text += &ink.entry(2, "known", Tone::Odd, &format!("{} ({at})", line(&known.words())));
    }
    for note in &case.notes {
        text += &ink.entry(2, "note", Tone::Plain, note);
    }
    text += &curls(case, ink);
    text
}

/// The statements by which the answer is wrong: those that findings name, or else all that the row cites.
fn clauses(case: &CaseResult, ink: Ink, whole: bool) -> String {
    let mut named: Vec<&ClauseInfo> = Vec::new();
    let drifted = case.drift.iter().flat_map(|drift| &drift.differences);
    let drifted = drifted.filter_map(|difference| difference.clause.as_ref());
    for clause in case.findings.iter().filter_map(|finding| finding.clause.as_ref()).chain(drifted) {
        if !named.iter().any(|known| known.id == clause.id) {
            named.push(clause);
        }
    }
    let named = if named.is_empty() { case.cites.iter().collect() } else { named };
    let shown = if whole { usize::MAX } else { CLAUSES };
    let mut text = String::new();
    for (number, clause) in named.iter().take(shown).enumerate() {
        let (indent, label) = if number == 0 { (2, "by") } else { (BESIDE, "") };
        text += &ink.entry(indent, label, Tone::Plain, &format!("{} \"{}\"", clause.id, clause.says));
    }
    if named.len() > shown {
        let more = format!("and {} more; -v shows all", named.len() - shown);
        text += &ink.entry(BESIDE, "", Tone::Faint, &more);
    }
    if let Some(page) = &case.page {
        text += &ink.entry(2, "page", Tone::Plain, page);
    }
    text
}

/// The request of the case itself, and what came of it.
fn answered(case: &CaseResult, ink: Ink) -> String {
    let Some(exchange) = last(case, Purpose::Case) else { return String::new() };
    let outcome = match (exchange.status, &exchange.failure) {
        (Some(status), None) => status.to_string(),
        (Some(status), Some(failure)) => format!("{status}, then {failure}"),
        (None, Some(failure)) => failure.clone(),
        (None, None) => "nothing".to_owned(),
    };
    let tries = match exchange.earlier_tries {
        0 => String::new(),
        earlier => format!(", at try {}", earlier + 1),
    };
    let said = format!("{outcome} to {} {}, after {}{tries}", exchange.method, exchange.url, duration(exchange.took));
    ink.entry(2, "answered", Tone::Plain, &said)
}

fn last(case: &CaseResult, purpose: Purpose) -> Option<&ExchangeInfo> {
    case.exchanges.iter().rev().find(|exchange| exchange.purpose == purpose)
}

fn departure(finding: &FindingInfo, tone: Tone, ink: Ink, whole: bool) -> String {
    let head = format!("{} [{}]", line(&wrong(finding)), finding.code.as_str());
    let mut text = ink.entry(2, "*", tone, &head);
    if finding.expected.is_some() || finding.actual.is_some() {
        text += &difference(finding, ink, whole);
    }
    text
}

fn difference(finding: &FindingInfo, ink: Ink, whole: bool) -> String {
    let lines = value_diff(finding.expected.as_ref(), finding.actual.as_ref());
    let shown = if whole { usize::MAX } else { LINES };
    let mut text = String::new();
    for (sign, part) in lines.iter().take(shown) {
        let tone = match *sign {
            '-' => Tone::Bad,
            '+' => Tone::Good,
            GAP => Tone::Faint,
            _ => Tone::Plain,
        };
        let written = format!("{sign} {}", cut(&line(part), LONGEST));
        text += &ink.unbroken(4, tone, written.trim_end());
    }
    if lines.len() > shown {
        text +=
            &ink.entry(4, "", Tone::Faint, &format!("{} not shown; -v shows all", count(lines.len() - shown, "line")));
    }
    text
}

/// Where it is written in the contract, and the line that stands there.
fn place(ink: Ink, label: &str, location: &Location) -> String {
    if location.file.is_empty() {
        return String::new();
    }
    let Location { file, line: row, column, text } = location;
    let mut entry = ink.entry(2, label, Tone::Strong, &format!("{file}:{row}:{column}"));
    if !text.is_empty() {
        let room = ink.width.map_or(LONGEST, |width| width.saturating_sub(14).max(20));
        entry += &ink.unbroken(BESIDE, Tone::Faint, &cut(&line(text), room));
    }
    entry
}

/// The command that sends the request again; and the read that gave it away, where the state afterwards is wrong.
fn curls(case: &CaseResult, ink: Ink) -> String {
    let state = case.findings.iter().any(|finding| finding.code == FindingCode::State);
    let read = if state { last(case, Purpose::Read) } else { None };
    let request = last(case, Purpose::Case).or(case.exchanges.last());
    // Never broken, so that it can be copied.
    let unbroken = Ink { width: None, ..ink };
    let mut commands: Vec<&str> = request.into_iter().chain(read).map(|exchange| exchange.curl.as_str()).collect();
    commands.dedup();
    commands.retain(|command| !command.is_empty());
    commands.into_iter().map(|command| unbroken.entry(2, "again", Tone::Plain, command)).collect()
}

/// One line on a case.
pub(super) fn single(case: &CaseResult, ink: Ink) -> String {
    let word = if case.is_known() { "known" } else { case.verdict.as_str() };
    let word = ink.verdict(case.verdict, &format!("{word:<12}"));
    let why = match (&case.reason, case.findings.first(), &case.chosen) {
        (Some(_), ..) | (None, Some(_), _) => format!(": {}", headline(case)),
        (None, None, Some(chosen)) if case.alternatives > 1 => {
            format!(": answers {chosen}, one of {}", case.alternatives)
        }
        _ => String::new(),
    };
    let took = ink.paint(Tone::Faint, &duration(case.duration));
    let mut text = format!("{word} {}{} {took}\n", line(&case.id), line(&why));
    if matches!(case.verdict, Verdict::Conforms | Verdict::Skipped) {
        for note in &case.notes {
            text += &ink.entry(13, "note", Tone::Faint, note);
        }
    }
    text
}
