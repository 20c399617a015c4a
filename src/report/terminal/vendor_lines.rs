//! Lines that show how far a long run has come where no line can be painted over: in a pipe and in a pipeline's log.

use super::case_block::case_line;
use super::ink::{Ink, Tone};
use super::progress::{Progress, VerdictCounts};
use crate::judge::verdict::Verdict;
use crate::report::count::Count;
use crate::report::human_duration::whole_seconds;
use crate::run::event::CaseResult;
use crate::text::visible::line;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

/// The time between two lines of a vendor, and before the first: a run that ends before is only reported at its end.
const SELDOM: Duration = Duration::from_secs(10);
/// Vendors beyond these are counted, not named.
const VENDORS: usize = 20;
/// Failures beyond these are reported at the end alone.
const FAILURES: usize = 50;

/// The vendors of a run on their way, and the failures as they come.
#[derive(Debug, Default)]
pub(super) struct VendorLines {
    vendors: BTreeMap<String, VendorProgress>,
    /// When lines were written last.
    written: Option<Instant>,
    /// The failures before the first lines.
    kept: String,
    /// The number of failures that were named.
    named: usize,
    /// The reasons why cases have no result, each of which is named once.
    reasons: HashSet<String>,
}

/// A vendor on its way.
#[derive(Debug, Default)]
struct VendorProgress {
    total: usize,
    done: usize,
    counts: VerdictCounts,
}

impl VendorLines {
    /// The vendors of these cases.
    pub(super) fn new(cases: &[String]) -> Self {
        let mut lines = Self::default();
        for id in cases {
            let vendor = id.split('/').next().unwrap_or_default();
            if let Some(progress) = lines.vendors.get_mut(vendor) {
                progress.total += 1;
            } else {
                let progress = VendorProgress { total: 1, ..VendorProgress::default() };
                lines.vendors.insert(vendor.to_owned(), progress);
            }
        }
        lines
    }

    /// Counts a case.
    pub(super) fn finish_case(&mut self, case: &CaseResult) {
        if let Some(progress) = self.vendors.get_mut(&case.vendor) {
            progress.done += 1;
            progress.counts.add(case.verdict);
        }
    }

    /// The line of a case that fails, from the first lines of vendors on; those before come with them.
    pub(super) fn failure_text(&mut self, case: &CaseResult, ink: Ink) -> String {
        if !self.is_named(case) {
            return String::new();
        }
        self.named += 1;
        let mut text = case_line(case, ink);
        if self.named == FAILURES {
            text += &ink.entry(0, "", Tone::Faint, "further failures are reported at the end");
        }
        if self.written.is_some() {
            return text;
        }
        self.kept += &text;
        String::new()
    }

    fn is_named(&mut self, case: &CaseResult) -> bool {
        if self.named >= FAILURES {
            return false;
        }
        match case.verdict {
            Verdict::Violates | Verdict::Drifted => !case.is_excused(),
            Verdict::Environment | Verdict::Undetermined => {
                self.reasons.insert(case.reason.clone().unwrap_or_default())
            }
            Verdict::Conforms | Verdict::Skipped | Verdict::Refused | Verdict::NotRun => false,
        }
    }

    /// The line of each vendor that is not done, if enough time has gone by.
    pub(super) fn due_text(&mut self, progress: &Progress, now: Instant, ink: Ink) -> String {
        let elapsed = progress.elapsed(now);
        let since = self.written.map_or(elapsed, |written| now.duration_since(written));
        if since < SELDOM || self.vendors.is_empty() {
            return String::new();
        }
        self.written = Some(now);
        let mut text = std::mem::take(&mut self.kept);
        let elapsed = whole_seconds(elapsed);
        let mut further = 0;
        for (number, (name, vendor)) in self.vendors.iter().filter(|(_, vendor)| vendor.done < vendor.total).enumerate()
        {
            if number < VENDORS {
                let slow = progress.slow_case(name, now);
                text += &ink.entry(0, &elapsed, Tone::Plain, &vendor.words(name, slow));
            } else {
                further += 1;
            }
        }
        if further > 0 {
            let words = format!("{} not done", Count(further, "further vendor"));
            text += &ink.entry(0, &elapsed, Tone::Faint, &words);
        }
        text
    }
}

impl VendorProgress {
    fn words(&self, name: &str, slow: Option<(&str, String)>) -> String {
        let mut words = format!("{}: {} of {}", line(name), self.done, Count(self.total, "case"));
        for count in self.counts.some() {
            words += &format!(", {count}");
        }
        if let Some((id, time)) = slow {
            words += &format!("; {} has run for {time}", line(id));
        }
        words
    }
}
