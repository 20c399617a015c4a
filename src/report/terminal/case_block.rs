//! A case as a block of lines, so that a person can believe it, find it and send it again; or as one line.

use super::drift_block::drift_block;
use super::ink::{Ink, Tone};
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::report::answer_excerpt::{answer_excerpt, telling_exchange};
use crate::report::count::Count;
use crate::report::headline::{finding_words, headline, location_words, seen_before_words, shorten};
use crate::report::human_duration::HumanDuration;
use crate::report::value_diff::{GAP, value_diff};
use crate::run::event::{CaseResult, ClauseInfo, ExchangeInfo, FindingInfo, Location, Purpose};
use crate::run::typed_word;
use crate::text::visible::line;
use std::borrow::Cow;

/// Clauses beyond these are counted, not shown.
const CLAUSES: usize = 4;
/// The column of a text beside a label.
const BESIDE: usize = 12;
/// Findings beyond these are counted, not shown.
const FINDINGS: usize = 8;
/// Lines of a difference beyond these are counted, not shown.
const LINES: usize = 40;
/// A longer line of a difference, or of a contract, is cut.
const LONGEST: usize = 400;

/// A case that violates or drifted. `whole` leaves nothing out.
pub(super) fn case_block(case: &CaseResult, ink: Ink, whole: bool) -> String {
    let verdict = ink.verdict(case.verdict, case.verdict_words());
    let mut text = format!("\n{verdict} {}\n", ink.paint(Tone::Strong, &line(&case.id)));
    text += &ink.entry(2, "promised", Tone::Plain, &line(&case.promised));
    text += &clauses_block(case, ink, whole);
    text += &answer_block(case, ink);
    if let Some(reason) = &case.reason {
        text += &ink.without_breaks().entry(2, "because", Tone::Plain, reason);
    }
    text += &findings_block(case, ink, whole);
    if let Some(drift) = &case.drift {
        text += &drift_block(drift, ink, whole);
    }
    text += &location_block(ink, "row", &case.location);
    for known in case.known() {
        let words = format!("{} ({})", line(&known.words()), location_words(&known.location));
        text += &ink.entry(2, "known", Tone::Odd, &words);
    }
    if let Some(words) = seen_before_words(case) {
        text += &ink.entry(2, "before", Tone::Odd, &line(&words));
    }
    for note in &case.notes {
        text += &ink.entry(2, "note", Tone::Plain, note);
    }
    text + &curl_lines(case, ink)
}

/// The findings; those of one promise are together, with its line once after them.
fn findings_block(case: &CaseResult, ink: Ink, whole: bool) -> String {
    let shown = if whole { case.findings.len() } else { FINDINGS.min(case.findings.len()) };
    let (findings, rest) = case.findings.split_at(shown);
    let mut text = String::new();
    for same_place in findings.chunk_by(|a, b| a.location == b.location) {
        for finding in same_place {
            text += &finding_block(finding, Tone::from(case.verdict), ink, whole);
        }
        if let Some(finding) = same_place.first() {
            text += &location_block(ink, "at", &finding.location);
        }
    }
    text + &ink.not_shown(2, Count(rest.len(), "further finding"))
}

/// The statements by which the answer is wrong: those that findings name, or else all that the row cites.
fn clauses_block(case: &CaseResult, ink: Ink, whole: bool) -> String {
    let drifted = case.drift.iter().flat_map(|drift| &drift.differences);
    let clauses = case.findings.iter().filter_map(|finding| finding.clause.as_ref());
    let clauses = clauses.chain(drifted.filter_map(|difference| difference.clause.as_ref()));
    let mut named: Vec<&ClauseInfo> = Vec::new();
    for clause in clauses {
        if !named.iter().any(|known| known.id == clause.id) {
            named.push(clause);
        }
    }
    if named.is_empty() {
        named.extend(&case.cites);
    }
    let shown = if whole { named.len() } else { CLAUSES };
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

/// The request of the case itself, or the last that led to it, and its answer with the beginning of the body.
fn answer_block(case: &CaseResult, ink: Ink) -> String {
    let mut text = String::new();
    let read = has_state_finding(case).then(|| last_exchange(case, Purpose::Read)).flatten();
    for (label, exchange) in [("answered", telling_exchange(case)), ("then", read)] {
        let Some(exchange) = exchange else { continue };
        text += &ink.entry(2, label, Tone::Plain, &answer_words(exchange));
        answer_excerpt(exchange).iter().for_each(|line| text += &ink.unbroken(BESIDE, Tone::Faint, line));
    }
    text
}

fn has_state_finding(case: &CaseResult) -> bool {
    case.findings.iter().any(|finding| finding.code == FindingCode::State)
}

/// A request and its answer in one line.
pub(super) fn answer_words(exchange: &ExchangeInfo) -> String {
    let outcome = match (exchange.status, &exchange.failure) {
        (Some(status), None) => Cow::from(status.to_string()),
        (Some(status), Some(failure)) => Cow::from(format!("{status}, then {failure}")),
        (None, Some(failure)) => Cow::from(failure),
        (None, None) => Cow::from("nothing"),
    };
    let took = HumanDuration(exchange.took);
    let mut words = format!("{outcome} to {} {}, after {took}", exchange.method, exchange.url);
    if exchange.earlier_tries > 0 {
        words += &format!(", at try {}", exchange.earlier_tries + 1);
    }
    words
}

fn last_exchange(case: &CaseResult, purpose: Purpose) -> Option<&ExchangeInfo> {
    case.exchanges.iter().rev().find(|exchange| exchange.purpose == purpose)
}

fn finding_block(finding: &FindingInfo, tone: Tone, ink: Ink, whole: bool) -> String {
    let before = if finding.seen_before.is_some() { ", seen before" } else { "" };
    let head = format!("{} [{}]{before}", line(&finding_words(finding)), finding.code.as_str());
    let mut text = ink.entry(2, "*", tone, &head);
    if finding.expected.is_some() || finding.actual.is_some() {
        let lines: Vec<(Tone, String)> =
            value_diff(finding.expected.as_ref(), finding.actual.as_ref()).iter().map(diff_line).collect();
        text += &ink.code_lines(&lines, if whole { usize::MAX } else { LINES });
    }
    text
}

fn diff_line((sign, text): &(char, String)) -> (Tone, String) {
    let tone = match *sign {
        '-' => Tone::Bad,
        '+' => Tone::Good,
        GAP => Tone::Faint,
        _ => Tone::Plain,
    };
    let text = format!("{sign} {}", shorten(&line(text), LONGEST));
    (tone, text.trim_end().to_owned())
}

/// The place in the contract, and the line that is there.
fn location_block(ink: Ink, label: &str, location: &Location) -> String {
    if location.file.is_empty() {
        return String::new();
    }
    let mut entry = ink.entry(2, label, Tone::Strong, &location_words(location));
    if !location.text.is_empty() {
        entry += &ink.entry(BESIDE, "", Tone::Faint, &shorten(&line(&location.text), LONGEST));
    }
    entry
}

/// The command that sends the request again; and the read that gave it away, where the state afterwards is wrong.
fn curl_lines(case: &CaseResult, ink: Ink) -> String {
    let read = if has_state_finding(case) { last_exchange(case, Purpose::Read) } else { None };
    let request = last_exchange(case, Purpose::Case).or(case.exchanges.last());
    let mut commands: Vec<&str> = request.into_iter().chain(read).map(|exchange| exchange.curl.as_str()).collect();
    commands.dedup();
    commands.retain(|command| !command.is_empty());
    commands.into_iter().map(|command| ink.without_breaks().entry(2, "again", Tone::Plain, command)).collect()
}

/// The command that explains the judgement of a case, where the run is saved in a file.
pub(super) fn why_line(saved: Option<&str>, id: &str, ink: Ink) -> String {
    let Some(path) = saved else { return String::new() };
    let path = typed_word(path);
    ink.without_breaks().entry(2, "why", Tone::Plain, &format!("proviso explain --why {path} {id}"))
}

/// The word for a violation that is known, or was seen before.
pub(super) fn excused_word(case: &CaseResult) -> Option<&'static str> {
    if case.is_known() { Some("known") } else { case.is_seen_before().then_some("before") }
}

/// One line on a case.
pub(super) fn case_line(case: &CaseResult, ink: Ink) -> String {
    let word = excused_word(case).unwrap_or(case.verdict.as_str());
    let word = ink.verdict(case.verdict, &format!("{word:<12}"));
    let mut words = line(&case.id);
    if case.reason.is_some() || !case.findings.is_empty() {
        words += &line(&format!(": {}", headline(case)));
    } else if let Some(chosen) = case.chosen.as_ref().filter(|_| case.alternatives > 1) {
        words += &line(&format!(": answers {chosen}, one of {}", case.alternatives));
    }
    let took = ink.paint(Tone::Faint, &HumanDuration(case.duration).to_string());
    let mut text = format!("{word} {words} {took}\n");
    if matches!(case.verdict, Verdict::Conforms | Verdict::Skipped) {
        for note in &case.notes {
            text += &ink.entry(13, "note", Tone::Faint, note);
        }
    }
    text
}
