//! The last lines: the cases that were not shown one by one, the counts, the coverage, and what to do next.

use super::case_block::{answer_words, excused_word, why_line};
use super::ink::{Ink, Tone};
use super::progress::VerdictCount;
use crate::judge::verdict::Verdict;
use crate::report::answer_excerpt::{answer_excerpt, telling_exchange};
use crate::report::count::Count;
use crate::report::coverage::{CaseGist, Coverage, Run};
use crate::report::exit::Exit;
use crate::report::headline::{excuse_words, headline, location_words};
use crate::report::human_duration::HumanDuration;
use crate::run::event::{CaseResult, Location, Summary};
use crate::text::visible::line;
use std::borrow::Cow;

/// Cases of one reason beyond these are counted, not named.
const NAMED: usize = 5;
/// Violations that fail nothing beyond these are counted, not named.
const EXCUSED: usize = 20;
/// Operations beyond these are not listed.
const OPERATIONS: usize = 10;

/// The parts of a run that its ending needs; small, however long the answers were.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// For coverage.
    pub(super) run: Run,
    /// The file in which the run is saved, if there is one.
    pub(super) saved: Option<String>,
    /// Cases without a result, by verdict and reason, in the order in which they came.
    groups: Vec<CaseGroup>,
    /// The first case that violates.
    first: Option<String>,
    /// Cases that violate as is known, or as was seen before, a line each behind the word for it.
    excused: Vec<(&'static str, String)>,
    /// Cases that fail and were not shown, by operation.
    hidden: Vec<(String, usize)>,
}

/// Cases without a result for one reason.
#[derive(Debug)]
struct CaseGroup {
    verdict: Verdict,
    reason: Option<String>,
    ids: Vec<String>,
    total: usize,
    location: Location,
    /// What was answered, and the beginning of the body.
    answered: Option<(String, Vec<String>)>,
    curl: Option<String>,
}

impl Ending {
    pub(super) fn keep_case(&mut self, case: &CaseResult) {
        self.run.cases.insert(CaseGist::from(case));
        match case.verdict {
            Verdict::Violates if case.is_excused() => {
                let words = line(&format!("{}: {}; {}", case.id, headline(case), excuse_words(case)));
                self.excused.push((excused_word(case).unwrap_or_default(), words));
            }
            Verdict::Violates if self.first.is_none() => self.first = Some(case.id.clone()),
            Verdict::Skipped | Verdict::Undetermined | Verdict::Environment | Verdict::Refused | Verdict::NotRun => {
                self.group_case(case);
            }
            Verdict::Conforms | Verdict::Violates | Verdict::Drifted => {}
        }
    }

    /// Remembers that a failing case was not shown.
    pub(super) fn hide_case(&mut self, id: &str) {
        let name: String = id.split_inclusive('/').take(2).collect();
        let name = name.trim_end_matches('/').to_owned();
        match self.hidden.iter_mut().find(|(known, _)| *known == name) {
            Some((_, number)) => *number += 1,
            None => self.hidden.push((name, 1)),
        }
    }

    fn group_case(&mut self, case: &CaseResult) {
        let mut groups = self.groups.iter_mut();
        if let Some(group) = groups.find(|group| group.verdict == case.verdict && group.reason == case.reason) {
            group.total += 1;
            if group.ids.len() < NAMED {
                group.ids.push(case.id.clone());
            }
            return;
        }
        let telling = telling_exchange(case);
        // A reason of several lines has the answer in it.
        let is_short = case.reason.as_ref().is_none_or(|reason| !reason.contains('\n'));
        let answered = telling.filter(|_| is_short).map(|exchange| (answer_words(exchange), answer_excerpt(exchange)));
        let curl = telling.map(|exchange| &exchange.curl).filter(|curl| !curl.is_empty());
        self.groups.push(CaseGroup {
            verdict: case.verdict,
            reason: case.reason.clone(),
            ids: vec![case.id.clone()],
            total: 1,
            location: case.location.clone(),
            answered,
            curl: curl.cloned(),
        });
    }

    /// Cases without a result, each reason once; and how many failing cases were not shown.
    pub(super) fn leftovers(&self, ink: Ink, skipped: bool, after: bool) -> String {
        let mut text = String::new();
        for verdict in [Verdict::Environment, Verdict::Undetermined, Verdict::Refused, Verdict::NotRun] {
            text += &self.groups_text(verdict, ink);
        }
        if skipped {
            let mut quiet = self.excused_text(ink);
            quiet += &self.groups_text(Verdict::Skipped, ink);
            if !quiet.is_empty() && (after || !text.is_empty()) {
                text.push('\n');
            }
            text += &quiet;
        }
        if !self.hidden.is_empty() {
            text += &self.hidden_text(ink);
        }
        text
    }

    /// Lines of the violations that fail nothing, the known ones first.
    fn excused_text(&self, ink: Ink) -> String {
        let mut text = String::new();
        for word in ["known", "before"] {
            let lines: Vec<&String> =
                self.excused.iter().filter(|(own, _)| *own == word).map(|(_, line)| line).collect();
            for line in lines.iter().take(EXCUSED) {
                text += &ink.entry(0, word, Tone::Odd, line);
            }
            if let more @ 1.. = lines.len().saturating_sub(EXCUSED) {
                text += &ink.entry(0, word, Tone::Faint, &format!("and {}; -v names all", Count(more, "further case")));
            }
        }
        text
    }

    fn groups_text(&self, verdict: Verdict, ink: Ink) -> String {
        self.groups
            .iter()
            .filter(|group| group.verdict == verdict)
            .map(|group| group.text(self.saved.as_deref(), ink))
            .collect()
    }

    fn hidden_text(&self, ink: Ink) -> String {
        let total: usize = self.hidden.iter().map(|(_, number)| number).sum();
        let head = format!("{} not shown", Count(total, "further failing case"));
        let mut text = format!("\n{}\n", ink.paint(Tone::Bad, &head));
        for (name, number) in self.hidden.iter().take(OPERATIONS) {
            text += &ink.entry(2, "", Tone::Plain, &format!("{number:>6}  {name}"));
        }
        if self.hidden.len() > OPERATIONS {
            let more = Count(self.hidden.len() - OPERATIONS, "further operation");
            text += &ink.entry(2, "", Tone::Faint, &format!("and {more}"));
        }
        text + &ink.entry(2, "", Tone::Faint, "-v shows all; --report-html FILE makes them searchable")
    }

    /// The counts, the coverage, and what to do next.
    pub(super) fn closing(&self, summary: &Summary, ink: Ink) -> String {
        let mut text = format!("\n{}", counts_line(summary, ink));
        let shares = Coverage::of(std::slice::from_ref(&self.run)).shares();
        if shares.causes.total > 0 {
            text += &ink.entry(0, "coverage", Tone::Plain, &shares.words());
        }
        if let Some(first) = &self.first {
            text += &ink.entry(0, "next", Tone::Plain, &format!("proviso explain {first}"));
        }
        for advice in self.advice(summary) {
            text += &ink.entry(0, "next", Tone::Plain, advice);
        }
        if summary.exit_code == Exit::Interrupted.code() {
            let all: usize = summary.counts.values().sum();
            let words = match summary.count(Verdict::NotRun) {
                0 => format!("by an interruption, after all of {}", Count(all, "case")),
                unsent => format!("early, by an interruption: {unsent} of {} were not run", Count(all, "case")),
            };
            text += &ink.entry(0, "ended", Tone::Plain, &words);
        }
        text
    }

    /// The next things to do, but for explaining the first case that violates.
    fn advice(&self, summary: &Summary) -> Vec<&'static str> {
        let mut advice = Vec::new();
        let is_cut = summary.count(Verdict::NotRun) > 0 || summary.exit_code == Exit::Interrupted.code();
        if is_cut {
            advice.push("proviso --failed, which runs what was not run as well");
        } else if self.first.is_some() {
            advice.push("proviso --failed");
        }
        if summary.count(Verdict::Drifted) > 0 {
            advice.push("proviso review");
        }
        let is_told = is_cut || self.first.is_some();
        if !is_told && summary.count(Verdict::Environment) > 0 {
            advice.push("proviso --failed, once the target answers again");
        } else if !is_told && summary.count(Verdict::Undetermined) > 0 {
            advice.push("mend what the reasons above name, then `proviso --failed`");
        }
        let tested = summary.counts.iter().any(|(verdict, number)| verdict.is_tested() && *number > 0);
        if !tested && self.groups.is_empty() {
            advice.push("no case was selected: `proviso list` names them all");
        } else if !tested && !is_cut {
            advice.push("nothing was tested: set what the reasons above name, or run against the mock");
        } else if advice.is_empty() && self.run.target == "mock" {
            advice.push("`--target sandbox` asks the vendors themselves");
        }
        advice
    }
}

impl CaseGroup {
    fn text(&self, saved: Option<&str>, ink: Ink) -> String {
        let reason = match self.reason.as_deref() {
            None | Some("") => Cow::from("no reason is known"),
            Some(reason) => Cow::from(reason),
        };
        if matches!(self.verdict, Verdict::Skipped | Verdict::NotRun) {
            return self.unsent_line(&reason, ink);
        }
        let head = format!("{} {}:", ink.verdict(self.verdict, self.verdict.as_str()), Count(self.total, "case"));
        let reason = ink.without_breaks().entry(2, "", Tone::Plain, &reason);
        let mut text = format!("\n{head}\n{reason}");
        for id in &self.ids {
            text += &ink.entry(4, "", Tone::Faint, id);
        }
        if self.total > self.ids.len() {
            text += &ink.entry(4, "", Tone::Faint, &format!("and {} more", self.total - self.ids.len()));
        }
        if !self.location.file.is_empty() {
            text += &ink.entry(2, "row", Tone::Strong, &location_words(&self.location));
        }
        if let Some((words, body)) = &self.answered {
            text += &ink.entry(2, "answered", Tone::Plain, words);
            body.iter().for_each(|line| text += &ink.unbroken(12, Tone::Faint, line));
        }
        if let Some(curl) = self.curl.as_ref().filter(|_| self.answered.is_some()) {
            text += &ink.without_breaks().entry(2, "again", Tone::Plain, curl);
        }
        if let Some(first) = self.ids.first() {
            text += &why_line(saved, first, ink);
        }
        text
    }

    /// Cases that were not sent, in one line, which keeps a good run short.
    fn unsent_line(&self, reason: &str, ink: Ink) -> String {
        let more = match self.total {
            1 => String::new(),
            total => format!(" and {} more", total - 1),
        };
        let reason = line(reason);
        let first = self.ids.iter().take(1);
        let (label, tone) = (self.verdict.as_str(), Tone::from(self.verdict));
        first.map(|first| ink.entry(0, label, tone, &format!("{first}{more}: {reason}"))).collect()
    }
}

/// How many violations are known and how many were seen before, where any are.
fn excused_counts(summary: &Summary) -> Option<String> {
    match (summary.known, summary.seen_before) {
        (0, 0) => None,
        (known, 0) => Some(format!("{known} known")),
        (0, before) => Some(format!("{before} seen before")),
        (known, before) => Some(format!("{known} known, {before} seen before")),
    }
}

/// The verdict counts in one line.
pub(super) fn counts_line(summary: &Summary, ink: Ink) -> String {
    let mut counts = Vec::new();
    for verdict in Verdict::ALL.into_iter().filter(|verdict| summary.count(*verdict) > 0) {
        let count = VerdictCount(verdict, summary.count(verdict));
        let words = match (verdict, excused_counts(summary)) {
            (Verdict::Violates, Some(excused)) => format!("{count} ({excused})"),
            _ => count.to_string(),
        };
        counts.push(ink.verdict(verdict, &words));
    }
    let counts = if counts.is_empty() { Cow::from("no case was judged") } else { Cow::from(counts.join(", ")) };
    let requests = Count(summary.requests, "request");
    let made = if summary.things > 0 { format!(" and {} made", Count(summary.things, "thing")) } else { String::new() };
    let cost = format!("{requests}{made} in {}", HumanDuration(summary.duration));
    format!("{counts}; {}\n", ink.paint(Tone::Faint, &cost))
}
