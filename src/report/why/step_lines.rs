//! One exchange of a story: the request, the answer, and every check that was made of it.

use crate::contract::Vendor;
use crate::report::count::Count;
use crate::report::explain::promise_words;
use crate::report::headline::{finding_words, shorten};
use crate::run::event::{
    CheckInfo, ExchangeInfo, FindingInfo, JudgedStep, OutcomeInfo, Purpose, StateShown, StepConclusion,
};
use crate::text::visible::line;
use serde_json::Value;

/// A longer value is cut.
const LONGEST: usize = 160;

/// The lines of an exchange, with the judgement of its answer where it was judged.
pub(super) fn exchange_lines(
    vendor: Option<&Vendor>,
    exchange: &ExchangeInfo,
    step: Option<&JudgedStep>,
) -> Vec<String> {
    let with = credential_words(vendor, exchange);
    let mut lines = vec![format!("{} {}{with}", exchange.method, exchange.url), answer_line(exchange)];
    match step {
        Some(step) => lines.extend(step_lines(step, exchange.purpose == Purpose::Case)),
        None if exchange.purpose == Purpose::Cleanup => {
            lines.push("its answer decides nothing in this case".to_owned());
        }
        None => {}
    }
    lines
}

/// The variables of the credentials that were sent in header fields.
fn credential_words(vendor: Option<&Vendor>, exchange: &ExchangeInfo) -> String {
    let mut names = Vec::new();
    for credential in vendor.into_iter().flat_map(|vendor| vendor.file.credentials.values()) {
        let name = format!("${}", credential.env);
        if exchange.headers.iter().any(|(_, value)| value.contains(&name)) {
            names.push(name);
        }
    }
    if names.is_empty() { String::new() } else { format!(", with {}", names.join(" and ")) }
}

/// What came back, at which try.
fn answer_line(exchange: &ExchangeInfo) -> String {
    let mut words = match (exchange.status, &exchange.failure) {
        (Some(status), None) => format!("answered {status}"),
        (Some(status), Some(failure)) => format!("answered {status}, then {failure}"),
        (None, Some(failure)) => format!("no whole answer: {failure}"),
        (None, None) => "no answer".to_owned(),
    };
    if exchange.earlier_tries > 0 {
        words += &format!(", at try {}", exchange.earlier_tries + 1);
    }
    if exchange.acted_before {
        words += "; the vendor may have acted on an earlier try";
    }
    line(&words)
}

/// The comparison with each documented outcome, and what follows; `whole` names the checks that hold too.
fn step_lines(step: &JudgedStep, whole: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for outcome in &step.outcomes {
        lines.push(comparison_line(step, outcome));
        for check in &outcome.checks {
            lines.extend(check_lines(check, whole).into_iter().map(|check| format!("  {check}")));
        }
    }
    lines.push(conclusion_line(step));
    lines.extend(step.state.as_ref().map(state_line));
    lines
}

fn comparison_line(step: &JudgedStep, outcome: &OutcomeInfo) -> String {
    let made = outcome.checks.iter().filter(|check| check.not_made.is_none());
    let failed = outcome.checks.iter().filter(|check| check.has_failed()).count();
    let among = match step.outcomes.len() {
        1 => "the only documented outcome".to_owned(),
        several => format!("one of {several} documented outcomes"),
    };
    let result = match failed {
        0 => "each holds".to_owned(),
        1 => "1 fails".to_owned(),
        several => format!("{several} fail"),
    };
    format!("compared with `{}`, {among}: {}, {result}", outcome.name, Count(made.count(), "check"))
}

/// A check: a line for each departure, or one that it holds.
fn check_lines(check: &CheckInfo, whole: bool) -> Vec<String> {
    if !check.findings.is_empty() {
        return check.findings.iter().map(finding_line).collect();
    }
    match &check.not_made {
        _ if !whole => Vec::new(),
        Some(why) => vec![format!("absent  {}: {why}", check.place)],
        None => vec![format!("holds   {}", held_words(check))],
    }
}

/// A departure, with its kind and its clause.
pub(super) fn finding_line(finding: &FindingInfo) -> String {
    let word = if finding.inferred.is_some() { "notice " } else { "fails  " };
    let clause = finding.clause.as_ref().map(|clause| format!("; {} \"{}\"", clause.id, clause.says));
    let words = line(&finding_words(finding));
    format!("{word} {words} [{}]{}", finding.code.as_str(), clause.unwrap_or_default())
}

/// What was promised at a place and came.
fn held_words(check: &CheckInfo) -> String {
    let place = &check.place;
    let came = check.actual.as_ref().map(short).unwrap_or_default();
    let words = match &check.promise {
        Value::String(promise) if came == *promise || came.is_empty() => format!("{place}: {promise}"),
        Value::String(promise) => format!("{place}: {came}, promised is {promise}"),
        schema if schema.get("const").is_some() => format!("{place} {}", promise_words(schema)),
        schema => format!("{place} {}: {came}", promise_words(schema)),
    };
    line(&words)
}

/// A value that came, in a line.
fn short(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    shorten(&text, LONGEST).into_owned()
}

/// The conclusion from the comparisons: which outcome it is, or which is nearest and why.
fn conclusion_line(step: &JudgedStep) -> String {
    let name = |position: usize| step.outcomes.get(position).map_or("", |outcome| outcome.name.as_str());
    match &step.conclusion {
        StepConclusion::Matches(position) => format!("so the answer is `{}`", name(*position)),
        StepConclusion::Departs(nearest) => {
            format!("so the answer is no documented outcome; {}", nearest_words(step, name(*nearest)))
        }
        StepConclusion::Overloaded(nearest) => {
            let nearest = nearest_words(step, name(*nearest));
            format!("so the answer is no documented outcome, and may be that of a vendor in trouble; {nearest}")
        }
        StepConclusion::Broken(why) => format!("so it cannot be compared: {why}"),
    }
}

/// The nearest outcome, and why it is.
fn nearest_words(step: &JudgedStep, nearest: &str) -> String {
    if step.outcomes.len() < 2 {
        return format!("`{nearest}` is the only one that there is");
    }
    let mut distances = Vec::new();
    for outcome in &step.outcomes {
        let departures: usize = outcome.checks.iter().map(|check| check.findings.len()).sum();
        let status = if departs_in_status(outcome) { ", one of them the status" } else { "" };
        distances.push(format!("`{}` by {}{status}", outcome.name, Count(departures, "departure")));
    }
    let least = step.outcomes.iter().map(|outcome| outcome.distance).min();
    let equals = step.outcomes.iter().filter(|outcome| Some(outcome.distance) == least).count();
    let why = match (equals, step.outcomes.iter().any(departs_in_status)) {
        (1, true) => "nearest, since another status outweighs all other departures",
        (1, false) => "nearest, since it has the fewest departures",
        _ => "the first of those that are equally near",
    };
    format!("`{nearest}` is {why}: {}", distances.join("; "))
}

fn departs_in_status(outcome: &OutcomeInfo) -> bool {
    outcome.checks.iter().any(|check| check.place == "status" && check.has_failed())
}

fn state_line(shown: &StateShown) -> String {
    match shown {
        StateShown::Expected(words) => format!("holds   state: {}", line(words)),
        StateShown::Another(words) => format!("fails   state: {} [state]", line(words)),
        StateShown::Unknown(words) => format!("unknown state: {}", line(words)),
    }
}
