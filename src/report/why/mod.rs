//! The judgement of a saved case as a numbered story: its row, the way to its condition, each request with what was compared in its
//! answer, and the verdict that follows.

mod step_lines;
mod verdict_lines;

use crate::contract::case::Case;
use crate::contract::{Loaded, Vendor};
use crate::judge::verdict::Verdict;
use crate::report::count::Count;
use crate::report::explain::{Explanation, arrangement_steps, chosen_ways};
use crate::report::headline::{location_words, notice_words};
use crate::run::event::{CaseResult, ClauseInfo, JudgedCase, JudgedStep, Notice, Purpose, ThingInfo, UncheckedInfo};
use crate::text::visible::line;
use step_lines::{exchange_lines, finding_line};
use verdict_lines::verdict_lines;

/// A case of a saved run, and how it was judged again.
pub struct JudgedAgain<'a> {
    /// The contracts as they are now.
    pub loaded: &'a Loaded,
    /// The case, where the contracts still have it.
    pub case: Option<&'a Case>,
    /// The result of the run.
    pub then: &'a CaseResult,
    /// The result of judging it again, where there is one.
    pub now: Option<&'a CaseResult>,
    /// The steps of that; for what was seen while another case ran, those of that case.
    pub steps: Option<&'a JudgedCase>,
    /// The notices of the run on the case's vendor.
    pub notices: Vec<&'a Notice>,
    /// True if the contracts are others than those of the run.
    pub is_changed: bool,
}

impl JudgedAgain<'_> {
    /// The verdict by the saved answers. An answer that drifted conforms; its baseline is not compared again.
    fn verdict(&self) -> Verdict {
        match self.now {
            Some(now) if now.verdict == Verdict::Conforms && self.then.verdict == Verdict::Drifted => Verdict::Drifted,
            Some(now) if self.lack().is_none() => now.verdict,
            _ => self.then.verdict,
        }
    }

    /// The reason why the run's answers cannot be judged again, where they cannot.
    fn lack(&self) -> Option<&str> {
        let Some(now) = self.now else {
            let is_seen = self.then.was_seen();
            return Some(if is_seen {
                "it was seen by no request of a case"
            } else {
                "no contract has this case any more"
            });
        };
        now.reason.as_deref().filter(|reason| now.verdict != self.then.verdict && reason.starts_with(CANNOT))
    }

    /// The result that is explained: the one by the contracts as they are now, where there is one.
    fn result(&self) -> &CaseResult {
        self.now.filter(|_| self.lack().is_none()).unwrap_or(self.then)
    }

    /// The steps at a position of the saved exchanges.
    fn step(&self, position: usize) -> Option<&JudgedStep> {
        self.steps?.steps.iter().find(|step| step.exchange == position)
    }

    fn vendor(&self) -> Option<&Vendor> {
        self.loaded.contracts.vendor(&self.then.vendor)
    }
}

/// The beginning of the reason of a case that its saved answers do not suffice for.
const CANNOT: &str = "cannot be judged again: ";

/// Clauses beyond these are counted, not shown.
const CLAUSES: usize = 8;

/// The kinds of notices on the vendor's health, which explain why cases were not sent or not judged.
const HEALTH: [&str; 4] = ["dead-vendor", "refused-credentials", "live-mode", "ledger"];

/// Tells the story of a judgement.
pub fn explain_judgement(judged: &JudgedAgain<'_>) -> Explanation {
    let mut story = Story::new(format!("{}: {}", judged.then.id, judged.verdict()));
    story.tell("the row", row_lines(judged));
    story.tell("the condition", condition_lines(judged));
    if judged.then.was_seen() {
        tell_seen(judged, &mut story);
    } else {
        tell_exchanges(judged, &mut story);
    }
    story.tell("worth knowing", noted_lines(judged));
    story.tell("the verdict", verdict_lines(judged));
    story.explanation
}

/// A story whose parts are numbered.
struct Story {
    explanation: Explanation,
}

impl Story {
    fn new(title: String) -> Self {
        Self { explanation: Explanation::new(title) }
    }

    /// Adds a part; one without lines is left out.
    fn tell(&mut self, heading: &str, lines: Vec<String>) {
        let number = self.explanation.parts.len() + 1;
        let explanation = std::mem::take(&mut self.explanation);
        self.explanation = explanation.part(format!("{number}. {}", capitalised(heading)), lines);
    }
}

/// A text that begins with a capital.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The row, where it is written, and the clauses of the page behind it.
fn row_lines(judged: &JudgedAgain<'_>) -> Vec<String> {
    // Of a run that is only remembered, the contracts alone have the row.
    let (result, found) = (judged.now.unwrap_or(judged.then), judged.result());
    let mut lines = vec![result.promised.clone()];
    if !result.location.file.is_empty() {
        lines.push(format!("{}: {}", location_words(&result.location), result.location.text));
    }
    lines.extend(result.page.iter().map(|page| format!("page {page}")));
    let mut clauses: Vec<&ClauseInfo> = found.findings.iter().filter_map(|finding| finding.clause.as_ref()).collect();
    clauses.dedup_by_key(|clause| &clause.id);
    if clauses.is_empty() {
        clauses.extend(&result.cites);
    }
    lines.extend(clauses.iter().take(CLAUSES).map(|clause| format!("{} \"{}\"", clause.id, clause.says)));
    if let more @ 1.. = clauses.len().saturating_sub(CLAUSES) {
        lines.push(format!(
            "and {}: `proviso explain {}/{}/{}`",
            Count(more, "further clause"),
            result.vendor,
            result.operation,
            result.row
        ));
    }
    lines
}

/// How the condition is set up, why so, and on which things.
fn condition_lines(judged: &JudgedAgain<'_>) -> Vec<String> {
    let (Some(vendor), Some(case)) = (judged.vendor(), judged.case) else { return Vec::new() };
    if let Some(why) = &case.barred {
        return vec![format!("never runs: {why}")];
    }
    let mut lines = arrangement_steps(vendor, &case.draft);
    lines.extend(chosen_ways(vendor, &case.draft).into_iter().map(|way| format!("chosen: {way}")));
    let things = judged.steps.map_or(&[][..], |steps| &steps.things);
    lines.extend(things.iter().map(thing_line));
    lines
}

fn thing_line(thing: &ThingInfo) -> String {
    let ThingInfo { resource, id, state, account } = thing;
    let state = if state.is_empty() { "which no request has made" } else { state };
    let account = account.as_ref().map(|name| format!(", of the account of ${name}")).unwrap_or_default();
    format!("in the request: the {resource} {id}, {state}{account}")
}

/// A part for each request, with what was compared in its answer.
fn tell_exchanges(judged: &JudgedAgain<'_>, story: &mut Story) {
    let mut is_sent = false;
    for (position, exchange) in judged.then.exchanges.iter().enumerate() {
        let again = if is_sent && exchange.purpose == Purpose::Arrange { " once more" } else { "" };
        let heading = format!("{}{again}: {}", exchange.purpose.words(), exchange.step);
        story.tell(&heading, exchange_lines(judged.vendor(), exchange, judged.step(position)));
        is_sent |= exchange.purpose == Purpose::Case;
    }
    if judged.then.exchanges.is_empty() {
        story.tell("the requests", vec![no_requests(judged.then)]);
    }
}

/// The reason why there is no request to tell of.
fn no_requests(then: &CaseResult) -> String {
    match then.verdict {
        Verdict::Conforms | Verdict::Violates | Verdict::Drifted => {
            "the run did not save what it sent; `--report-json FILE` does".to_owned()
        }
        _ => "nothing was sent".to_owned(),
    }
}

/// The exchange in which a departure was seen while another case ran, as that case's steps have it.
fn tell_seen(judged: &JudgedAgain<'_>, story: &mut Story) {
    let row = format!("{}/{}", judged.then.operation, judged.then.row);
    let of_row = |step: &&JudgedStep| step.row == row && !is_as_expected(step);
    let step = judged.steps.and_then(|steps| steps.steps.iter().find(of_row));
    let while_words = judged.then.seen_in().map(|case| format!(", while {case} ran")).unwrap_or_default();
    for exchange in &judged.then.exchanges {
        let heading = format!("{}{while_words}: {}", exchange.purpose.words(), exchange.step);
        let mut lines = exchange_lines(judged.vendor(), exchange, step);
        if step.is_none() {
            lines.push("not compared again, since the run saved this exchange with no case of its own".to_owned());
            lines.extend(judged.then.findings.iter().map(finding_line));
        }
        story.tell(&heading, lines);
    }
}

/// Returns whether an answer is a documented one, whole.
fn is_as_expected(step: &JudgedStep) -> bool {
    let outcomes = &step.outcomes;
    outcomes.iter().any(|outcome| outcome.distance == 0)
}

/// What changes no verdict, and what the run noticed of the vendor.
fn noted_lines(judged: &JudgedAgain<'_>) -> Vec<String> {
    let mut lines = judged.then.notes.clone();
    lines.extend(judged.then.unchecked.iter().map(UncheckedInfo::words));
    if matches!(judged.verdict(), Verdict::Environment | Verdict::Undetermined | Verdict::Refused) {
        let of_health = judged.notices.iter().filter(|notice| HEALTH.contains(&notice.kind.as_str()));
        lines.extend(of_health.map(|notice| notice_words(notice).into_owned()));
    }
    lines.iter().flat_map(|noted| noted.lines()).map(line).collect()
}
