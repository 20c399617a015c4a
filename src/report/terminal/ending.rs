//! The last lines: what could not be told case by case, the counts, the coverage, and what to do next.

use super::paint::{Ink, Tone};
use super::progress::words;
use crate::judge::verdict::Verdict;
use crate::report::coverage::{Coverage, Run, Seen};
use crate::report::text::{count, duration, headline, line};
use crate::run::event::{CaseResult, KnownInfo, Location, Summary};

/// Cases of one reason beyond these are counted, not named.
const NAMED: usize = 5;
/// Operations beyond these are not listed.
const OPERATIONS: usize = 10;

/// What the ending needs to remember of a run; small, whatever the answers were.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// For coverage.
    pub(super) run: Run,
    /// Cases that came to nothing, by verdict and reason, in the order in which they came.
    groups: Vec<Group>,
    /// The first case that violates.
    first: Option<String>,
    /// What is known of those that violate so, a line a case.
    known: Vec<String>,
    /// Cases that fail and were not shown, by operation.
    hidden: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Group {
    verdict: Verdict,
    reason: String,
    ids: Vec<String>,
    total: usize,
    location: Location,
    curl: Option<String>,
}

impl Memory {
    pub(super) fn keep(&mut self, case: &CaseResult) {
        self.run.cases.insert(Seen::from(case));
        match case.verdict {
            Verdict::Violates if case.is_known() => self.known.push(known(case)),
            Verdict::Violates => self.first = self.first.take().or_else(|| Some(case.id.clone())),
            Verdict::Skipped | Verdict::Undetermined | Verdict::Environment | Verdict::Refused => self.group(case),
            Verdict::Conforms | Verdict::Drifted => {}
        }
    }

    /// Remembers that a failing case was not shown.
    pub(super) fn hide(&mut self, case: &CaseResult) {
        let name = format!("{}/{}", case.vendor, case.operation);
        match self.hidden.iter_mut().find(|(known, _)| *known == name) {
            Some((_, number)) => *number += 1,
            None => self.hidden.push((name, 1)),
        }
    }

    fn group(&mut self, case: &CaseResult) {
        let reason = case.reason.clone().unwrap_or_default();
        let found = self.groups.iter_mut().find(|group| group.verdict == case.verdict && group.reason == reason);
        if let Some(group) = found {
            group.total += 1;
            if group.ids.len() < NAMED {
                group.ids.push(case.id.clone());
            }
            return;
        }
        self.groups.push(Group {
            verdict: case.verdict,
            reason,
            ids: vec![case.id.clone()],
            total: 1,
            location: case.location.clone(),
            curl: case.exchanges.last().map(|exchange| exchange.curl.clone()).filter(|curl| !curl.is_empty()),
        });
    }

    /// Cases that came to nothing, each reason once; and how many failing cases were not shown.
    pub(super) fn leftovers(&self, ink: Ink, skipped: bool, after: bool) -> String {
        let mut text = String::new();
        for verdict in [Verdict::Environment, Verdict::Undetermined, Verdict::Refused, Verdict::Skipped] {
            if verdict == Verdict::Skipped && !skipped {
                continue;
            }
            if verdict == Verdict::Skipped {
                let any = !self.known.is_empty() || self.groups.iter().any(|group| group.verdict == verdict);
                if any && (after || !text.is_empty()) {
                    text.push('\n');
                }
                self.known.iter().for_each(|known| text += &ink.entry(0, "known", Tone::Odd, known));
            }
            self.groups.iter().filter(|group| group.verdict == verdict).for_each(|group| text += &group.show(ink));
        }
        if !self.hidden.is_empty() {
            text += &self.show_hidden(ink);
        }
        text
    }

    fn show_hidden(&self, ink: Ink) -> String {
        let total: usize = self.hidden.iter().map(|(_, number)| number).sum();
        let mut text =
            format!("\n{}\n", ink.paint(Tone::Bad, &format!("{} not shown", count(total, "further failing case"))));
        for (name, number) in self.hidden.iter().take(OPERATIONS) {
            text += &ink.entry(2, "", Tone::Plain, &format!("{number:>6}  {name}"));
        }
        if self.hidden.len() > OPERATIONS {
            let more = count(self.hidden.len() - OPERATIONS, "further operation");
            text += &ink.entry(2, "", Tone::Faint, &format!("and {more}"));
        }
        text + &ink.entry(2, "", Tone::Faint, "-v shows all; --report-html FILE makes them searchable")
    }

    /// The counts, the coverage, and what to do next.
    pub(super) fn closing(&self, summary: &Summary, ink: Ink) -> String {
        let mut text = String::from("\n");
        text += &counts(summary, ink);
        let coverage = Coverage::of(std::slice::from_ref(&self.run));
        if coverage.shares().causes.total > 0 {
            text += &ink.entry(0, "coverage", Tone::Plain, &coverage.shares().words());
        }
        for advice in self.advice(summary) {
            text += &ink.entry(0, "next", Tone::Plain, &advice);
        }
        text
    }

    fn advice(&self, summary: &Summary) -> Vec<String> {
        let mut advice = Vec::new();
        if let Some(first) = &self.first {
            advice.push(format!("proviso explain {first}"));
            advice.push("proviso --failed".to_owned());
        }
        if summary.count(Verdict::Drifted) > 0 {
            advice.push("proviso review".to_owned());
        }
        if self.first.is_none() && summary.count(Verdict::Environment) + summary.count(Verdict::Undetermined) > 0 {
            advice.push("proviso --failed, once the target answers again: of some cases nothing was learnt".to_owned());
        }
        let tested = summary.counts.iter().any(|(verdict, number)| verdict.is_tested() && *number > 0);
        if !tested && self.groups.is_empty() {
            advice.push("no case was selected: `proviso list` names them all".to_owned());
        } else if !tested {
            advice.push("nothing was tested: set what the reasons above name, or run against the mock".to_owned());
        } else if advice.is_empty() && self.run.target == "mock" {
            advice.push("`--target sandbox` asks the vendors themselves".to_owned());
        }
        advice
    }
}

/// A case that is known to violate, in one line.
fn known(case: &CaseResult) -> String {
    let words: Vec<String> = case.known().into_iter().map(KnownInfo::words).collect();
    line(&format!("{}: {}; {}", case.id, headline(case), words.join("; ")))
}

impl Group {
    fn show(&self, ink: Ink) -> String {
        let reason = if self.reason.is_empty() { "no reason is known" } else { &line(&self.reason) };
        if self.verdict == Verdict::Skipped {
            // What cannot run is no news; a line each keeps a good run short.
            let first = self.ids.first().map(String::as_str).unwrap_or_default();
            let cases = if self.total == 1 { first.to_owned() } else { format!("{first} and {} more", self.total - 1) };
            return ink.entry(0, "skipped", Tone::Faint, &format!("{cases}: {reason}"));
        }
        let head = format!("{} {}:", ink.verdict(self.verdict, self.verdict.as_str()), count(self.total, "case"));
        let mut text = format!("\n{head}\n{}", ink.entry(2, "", Tone::Plain, reason));
        for id in &self.ids {
            text += &ink.entry(4, "", Tone::Faint, id);
        }
        if self.total > self.ids.len() {
            text += &ink.entry(4, "", Tone::Faint, &format!("and {} more", self.total - self.ids.len()));
        }
        let Location { file, line, column, .. } = &self.location;
        if !file.is_empty() {
            text += &ink.entry(2, "row", Tone::Strong, &format!("{file}:{line}:{column}"));
        }
        if let Some(curl) = &self.curl {
            text += &Ink { width: None, ..ink }.entry(2, "again", Tone::Plain, curl);
        }
        text
    }
}

/// The verdict counts in one line.
pub(super) fn counts(summary: &Summary, ink: Ink) -> String {
    let told = Verdict::ALL.into_iter().filter(|verdict| summary.count(*verdict) > 0);
    let known = match summary.known {
        0 => String::new(),
        known => format!(" ({known} known)"),
    };
    let words = |verdict| match verdict {
        Verdict::Violates => words(verdict, summary.count(verdict)) + &known,
        _ => words(verdict, summary.count(verdict)),
    };
    let told: Vec<String> = told.map(|verdict| ink.verdict(verdict, &words(verdict))).collect();
    let told = if told.is_empty() { "no case was judged".to_owned() } else { told.join(", ") };
    let cost = format!("{} in {}", count(summary.requests, "request"), duration(summary.duration));
    format!("{told}; {}\n", ink.paint(Tone::Faint, &cost))
}
