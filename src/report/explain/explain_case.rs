//! A case: its promise, its place, and how it is arranged, sent and judged.

use super::arrangement::arrangement_steps;
use super::condition_words::{condition_words, leads_words};
use super::excerpt::{excerpt, page_words, position_words};
use super::explain_clause::cites;
use super::outcome_words::outcome_words;
use super::request_lines::request_lines;
use super::{Explanation, Lines, citations};
use crate::contract::case::Case;
use crate::contract::condition::{IdSource, right_state};
use crate::contract::{Branch, Loaded, Operation, Row, Vendor};
use crate::text::source::Sources;

/// A case in its contracts.
pub(super) struct CaseContext<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
    row: &'a Row,
    pub(super) case: &'a Case,
}

impl<'a> CaseContext<'a> {
    /// The case in the contracts that it was made of.
    pub(super) fn new(loaded: &'a Loaded, case: &'a Case) -> Self {
        let vendor = &loaded.contracts[case.row.vendor()];
        Self { vendor, operation: &vendor[case.row.operation], row: &vendor[case.row], case }
    }

    /// The name of its row: `acme/links.delete/live`.
    pub(super) fn row_name(&self) -> String {
        self.vendor.row_name(self.row.id)
    }
}

/// Explains a case; of a row with several, the others are named.
pub(super) fn explain_case(loaded: &Loaded, case: &Case, siblings: &[&str]) -> Explanation {
    let context = CaseContext::new(loaded, case);
    let explanation = Explanation::new(&case.id)
        .part("Promised", context.promised())
        .part("Written", context.written(&loaded.sources))
        .part("By the clauses", context.clauses(&loaded.sources));
    let explanation = match &case.barred {
        Some(why) => explanation.part("Never runs", [why]),
        None => explanation
            .part("Arranged", arrangement_steps(context.vendor, &case.draft))
            .part("Sent", context.sent())
            .part("Judged", context.judged()),
    };
    explanation
        .part("Needs", needed_variables(case))
        .part("Tags", &case.tags)
        .part("Other cases of this row", siblings.iter().copied())
}

impl CaseContext<'_> {
    fn promised(&self) -> Lines {
        let Self { operation, row, .. } = self;
        let mut lines = Lines::default();
        lines.extend(operation.title.iter().map(|title| format!("{title}: {} {}", operation.method, operation.url)));
        lines.push(format!("when {}", condition_words(&row.when)));
        lines.push(if row.then.len() > 1 { "then one of" } else { "then" });
        // Where all branches lead to the same states, these are written once, at the end.
        let same = row.then.iter().all(|branch| row.then.first().is_some_and(|first| first.leads == branch.leads));
        for branch in &row.then {
            let documented = outcome_words(&operation[branch.outcome]);
            lines.extend(documented.into_iter().map(|line| format!("  {line}")));
            if !same {
                lines.extend(leads_words(branch).map(|line| format!("    {line}")));
            }
        }
        lines.extend(row.because.iter().map(|why| format!("of several, because {why}")));
        if same {
            lines.extend(row.then.first().and_then(leads_words));
        }
        lines.extend(row.inferred.iter().map(|why| format!("inferred: {why}")));
        lines
    }

    fn written(&self, sources: &Sources) -> Vec<String> {
        let mut lines = excerpt(sources, &self.row.at);
        let outcomes = self.operation.outcomes_of(self.row);
        lines.extend(
            outcomes.map(|outcome| format!("outcome `{}`: {}", outcome.name, position_words(sources, &outcome.at))),
        );
        lines.extend(self.operation.page.iter().map(|page| format!("page {}", page_words(page))));
        lines
    }

    /// The clauses that the row and its outcomes cite, with their statements.
    fn clauses(&self, sources: &Sources) -> Vec<String> {
        let clauses = self.operation.clauses.iter();
        let cited = clauses.filter(|(id, _)| cites(self.operation, self.row, &citations(self.operation, id)));
        let lines =
            cited.map(|(id, clause)| format!("{id}: {} ({})", clause.value.says, position_words(sources, &clause.at)));
        lines.collect()
    }

    fn sent(&self) -> Vec<String> {
        let mut lines = vec![format!("{} {}", self.operation.method, self.operation.url)];
        for (placeholder, resource) in &self.operation.path {
            let which = match self.case.draft.ids.get(resource) {
                Some(IdSource::Made(_)) => "the one made up",
                Some(IdSource::Supplied(_)) => "the one that you supply",
                _ => "the one arranged",
            };
            lines.push(format!("{{{placeholder}}} is the id of the {resource}, {which}"));
        }
        lines.extend(request_lines(self.vendor, &self.case.draft));
        lines
    }

    fn judged(&self) -> Lines {
        let mut lines = Lines::default();
        lines.push(match self.row.then.len() {
            0 | 1 => "the answer has to be as promised; every departure is reported",
            _ => "the first of these that matches whole is the choice reported; else every departure from the nearest is reported",
        });
        if self.row.may {
            lines.push("another answer is no violation, since the page says that it may be so: the case is skipped");
        }
        if self.operation.reads() {
            return lines;
        }
        for branch in &self.row.then {
            for line in self.states_after(branch).iter().flat_map(|state| state.read_lines(self.vendor)) {
                lines.push_once(line);
            }
        }
        lines
    }

    /// The states that are expected after a branch: of the resources in the request, and of those that it makes.
    fn states_after<'a>(&'a self, branch: &'a Branch) -> Vec<StateAfter<'a>> {
        let ids = &self.case.draft.ids;
        let mut states = Vec::new();
        for (resource, source) in ids {
            let (before, asked_by) = match source {
                IdSource::State(state) => (Some(state.as_str()), ""),
                IdSource::Foreign(_) => (right_state(self.vendor, resource), ", asked by its owner,"),
                IdSource::Misplaced => (right_state(self.vendor, resource), ""),
                IdSource::Made(_) | IdSource::Supplied(_) => (None, ""),
            };
            let state = branch.leads.get(resource).map(String::as_str).or(before);
            states.extend(state.map(|state| StateAfter { resource, state, asked_by }));
        }
        let made = branch.leads.iter().filter(|(resource, _)| !ids.contains_key(*resource));
        states.extend(made.map(|(resource, state)| StateAfter { resource, state, asked_by: "" }));
        states
    }
}

/// A state that has to be there after the request, and who has to ask for it.
struct StateAfter<'a> {
    resource: &'a str,
    state: &'a str,
    asked_by: &'static str,
}

impl StateAfter<'_> {
    /// The reads that have to show the state.
    fn read_lines(&self, vendor: &Vendor) -> Vec<String> {
        let Self { resource, state, asked_by } = self;
        let lines = vendor.reads(resource, state).iter().map(|read| {
            let Operation { method, url, name, .. } = &vendor[read.row.operation];
            let answer = format!("{name}/{}: the {resource} is {state}", vendor[read.row].name);
            format!("afterwards {method} {url}{asked_by} has to answer as {answer}")
        });
        lines.collect()
    }
}

fn needed_variables(case: &Case) -> Option<String> {
    if case.needs.is_empty() || case.barred.is_some() {
        return None;
    }
    let variables: Vec<String> = case.needs.iter().map(|variable| format!("${variable}")).collect();
    Some(format!("{}; on the embedded mock, nothing", variables.join(", ")))
}
