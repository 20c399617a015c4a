//! A case: what is promised, where it is written, and how it is arranged, sent and judged.

use super::place::{excerpt, position};
use super::{Explanation, arrange, citations, condition, outcome, words};
use crate::contract::case::Case;
use crate::contract::condition::IdSource;
use crate::contract::{Branch, Loaded, Operation, Row, Vendor};
use crate::text::source::Sources;

/// Explains a case; of a row with several, the others are named.
pub(super) fn explain(loaded: &Loaded, case: &Case, siblings: &[&str]) -> Explanation {
    let vendor = &loaded.contracts[case.row.vendor()];
    let (operation, row) = (&vendor[case.row.operation], &vendor[case.row]);
    let mut explanation = Explanation::of(&case.id)
        .part("Promised", promised(operation, row))
        .part("Written", written(&loaded.sources, operation, row))
        .part("By the clauses", clauses(&loaded.sources, operation, row));
    explanation = match &case.barred {
        Some(why) => explanation.part("Never runs", vec![why.clone()]),
        None => explanation
            .part("Arranged", arrange::steps(vendor, &case.draft))
            .part("Sent", sent(vendor, operation, case))
            .part("Judged", judged(vendor, operation, row, case)),
    };
    explanation
        .part("Needs", needs(case))
        .part("Tags", case.tags.clone())
        .part("Other cases of this row", siblings.iter().map(|id| (*id).to_owned()).collect())
}

fn promised(operation: &Operation, row: &Row) -> Vec<String> {
    let mut lines: Vec<String> =
        operation.title.iter().map(|title| format!("{title}: {} {}", operation.method, operation.url)).collect();
    lines.push(format!("when {}", condition(&row.when)));
    let several = row.then.len() > 1;
    lines.push(if several { "then one of".to_owned() } else { "then".to_owned() });
    for branch in &row.then {
        lines.extend(outcome(&operation[branch.outcome]).into_iter().map(|line| format!("  {line}")));
        if several && row.then.iter().any(|other| other.leads != branch.leads) {
            lines.extend(leads(branch).into_iter().map(|line| format!("    {line}")));
        }
    }
    lines.extend(row.because.iter().map(|why| format!("of several, because {why}")));
    if row.then.iter().all(|branch| row.then.first().is_some_and(|first| first.leads == branch.leads)) {
        lines.extend(row.then.first().and_then(leads));
    }
    lines.extend(row.inferred.iter().map(|why| format!("inferred: {why}")));
    lines
}

fn leads(branch: &Branch) -> Option<String> {
    let words: Vec<String> =
        branch.leads.iter().map(|(resource, state)| format!("the {resource} is {state}")).collect();
    (!words.is_empty()).then(|| format!("and from then on {}", words.join(" and ")))
}

fn written(sources: &Sources, operation: &Operation, row: &Row) -> Vec<String> {
    let mut lines = excerpt(sources, &row.at);
    let outcomes = operation.outcomes_of(row);
    lines.extend(outcomes.map(|outcome| format!("outcome `{}`: {}", outcome.name, position(sources, &outcome.at))));
    lines.extend(operation.page.iter().map(|page| format!("page {}, {}, read on {}", page.id, page.url, page.read)));
    lines
}

/// The clauses that a row and its outcomes cite, with what they say.
fn clauses(sources: &Sources, operation: &Operation, row: &Row) -> Vec<String> {
    let cited = operation.clauses.iter().filter(|(id, _)| {
        citations(operation, id).iter().any(|citation| match citation.kind {
            "row" => citation.name == row.name,
            _ => operation.outcomes_of(row).any(|outcome| outcome.name == citation.name),
        })
    });
    cited.map(|(id, clause)| format!("{id}: {} ({})", clause.value.says, position(sources, &clause.at))).collect()
}

fn sent(vendor: &Vendor, operation: &Operation, case: &Case) -> Vec<String> {
    let mut lines = vec![format!("{} {}", operation.method, operation.url)];
    for (placeholder, resource) in &operation.path {
        let which = match case.draft.ids.get(resource) {
            Some(IdSource::Made(_)) => "the one made up",
            _ => "the one arranged",
        };
        lines.push(format!("{{{placeholder}}} is the id of the {resource}, {which}"));
    }
    lines.extend(words::sent(vendor, &case.draft));
    lines
}

fn judged(vendor: &Vendor, operation: &Operation, row: &Row, case: &Case) -> Vec<String> {
    let mut lines = vec![match row.then.len() {
        0 | 1 => "the answer has to be as promised; every departure is told".to_owned(),
        _ => "the first of these that matches whole is the choice reported; else every departure from the nearest is told".to_owned(),
    }];
    if row.may {
        lines.push(
            "another answer is no violation, since the page says that it may be so: the case is skipped".to_owned(),
        );
    }
    if operation.reads() {
        return lines;
    }
    for branch in &row.then {
        for line in afterwards(vendor, branch, case) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// The reads that must show the state that is due after a branch.
fn afterwards(vendor: &Vendor, branch: &Branch, case: &Case) -> Vec<String> {
    let mut due: Vec<(&str, &str, &str)> = Vec::new();
    for (resource, source) in &case.draft.ids {
        let (state, who) = match source {
            IdSource::State(state) => (Some(state.as_str()), ""),
            IdSource::Foreign(_) => {
                (crate::contract::condition::right_state(vendor, resource), ", asked by its owner,")
            }
            IdSource::Misplaced => (crate::contract::condition::right_state(vendor, resource), ""),
            IdSource::Made(_) => (None, ""),
        };
        let state = branch.leads.get(resource).map(String::as_str).or(state);
        due.extend(state.map(|state| (resource.as_str(), state, who)));
    }
    let made = branch.leads.iter().filter(|(resource, _)| !case.draft.ids.contains_key(*resource));
    due.extend(made.map(|(resource, state)| (resource.as_str(), state.as_str(), "")));
    let line = |(resource, state, who): (&str, &str, &str)| -> Vec<String> {
        let read = |read: &crate::contract::case::Read| {
            let operation = &vendor[read.row.operation];
            let (method, url, name) = (&operation.method, &operation.url, &operation.name);
            format!(
                "afterwards {method} {url}{who} has to answer as {name}/{}: the {resource} is {state}",
                operation[read.row].name
            )
        };
        vendor.reads(resource, state).iter().map(read).collect()
    };
    due.into_iter().flat_map(line).collect()
}

fn needs(case: &Case) -> Vec<String> {
    if case.needs.is_empty() || case.barred.is_some() {
        return Vec::new();
    }
    let variables: Vec<String> = case.needs.iter().map(|variable| format!("${variable}")).collect();
    vec![format!("{}; on the embedded mock, nothing", variables.join(", "))]
}
