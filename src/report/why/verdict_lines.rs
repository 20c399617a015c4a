//! The end of a story: the verdict, and the sentence that follows from the steps before it.

use super::JudgedAgain;
use super::step_lines::finding_line;
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::report::headline::{excuse_words, finding_words};
use crate::run::event::{CaseResult, FindingInfo, JudgedStep, Purpose, StepConclusion};
use crate::text::visible::line;

/// The verdict with its reason, and what the run said where that is another one.
pub(super) fn verdict_lines(judged: &JudgedAgain<'_>) -> Vec<String> {
    let (verdict, then) = (judged.verdict(), judged.then);
    let mut lines = vec![format!("{verdict}: {}", line(&reason(judged, verdict)))];
    if let Some(lack) = judged.lack() {
        lines.push(format!("the saved run does not suffice to compare again: {}", line(lack)));
        lines.extend(then.findings.iter().map(finding_line));
    }
    match (verdict != then.verdict, judged.is_changed) {
        (true, true) => lines.push(format!("the run ended with {}; the contracts have changed since", then.verdict)),
        (true, false) => lines.push(format!("the run ended with {}, by what it did not save", then.verdict)),
        (false, true) => lines.push("the contracts have changed since the run; the verdict is the same".to_owned()),
        (false, false) => {}
    }
    let excuse = excuse_words(then);
    if !excuse.is_empty() {
        lines.push(line(&excuse));
    }
    lines
}

fn reason(judged: &JudgedAgain<'_>, verdict: Verdict) -> String {
    let result = judged.result();
    match verdict {
        Verdict::Conforms => conforming_words(judged, result),
        Verdict::Violates => violating_words(judged, result),
        Verdict::Drifted => drifted_words(judged.then),
        _ => without_verdict_words(judged, verdict, result),
    }
}

/// The reason of a verdict that says nothing of the vendor's answer, and what that means.
fn without_verdict_words(judged: &JudgedAgain<'_>, verdict: Verdict, result: &CaseResult) -> String {
    let reason = result.reason.as_deref().unwrap_or("no reason is known");
    let is_asked = judged.then.exchanges.iter().any(|exchange| exchange.purpose == Purpose::Case);
    let meaning = match verdict {
        Verdict::Environment => "; nothing is proved and nothing is broken",
        Verdict::Undetermined if !is_asked && !judged.then.was_seen() => "; so the request of the case was not sent",
        _ => "",
    };
    format!("{reason}{meaning}")
}

fn conforming_words(judged: &JudgedAgain<'_>, result: &CaseResult) -> String {
    let chosen = result.chosen.as_deref().unwrap_or_default();
    let reads = judged.then.exchanges.iter().filter(|exchange| exchange.purpose == Purpose::Read).count();
    let state = if reads > 0 { ", and every read afterwards shows the documented state" } else { "" };
    format!("the answer is the documented outcome `{chosen}`{state}")
}

fn violating_words(judged: &JudgedAgain<'_>, result: &CaseResult) -> String {
    let (states, others): (Vec<&FindingInfo>, Vec<&FindingInfo>) =
        result.findings.iter().partition(|finding| finding.code == FindingCode::State);
    let mut words = Vec::new();
    if !others.is_empty() {
        let listed: Vec<_> = others.iter().map(|finding| finding_words(finding)).collect();
        words.push(format!("the answer is no documented outcome: {}", listed.join("; ")));
    }
    if !states.is_empty() {
        let listed: Vec<_> = states.iter().map(|finding| finding.message.as_str()).collect();
        words.push(format!("the state afterwards is not the documented one: {}", listed.join("; ")));
        if judged.then.exchanges.iter().any(|exchange| exchange.purpose == Purpose::Control) {
            words.push("the same read was right before the request, so the request has caused it".to_owned());
        }
    }
    if judged.steps.is_some_and(|steps| steps.steps.iter().any(is_overloaded)) {
        words.push(
            "a 5xx counts as the vendor's own answer only between two signs of life, which the run saw and does not save"
                .to_owned(),
        );
    }
    words.join("; ")
}

fn is_overloaded(step: &JudgedStep) -> bool {
    matches!(step.conclusion, StepConclusion::Overloaded(_))
}

fn drifted_words(then: &CaseResult) -> String {
    let Some(drift) = &then.drift else { return "the answer is not the accepted one".to_owned() };
    let listed: Vec<String> = drift
        .differences
        .iter()
        .map(|difference| format!("{}: {}", difference.class.as_str(), difference.message))
        .collect();
    format!("the answer is a documented one, and not the one accepted in {}: {}", drift.baseline, listed.join("; "))
}
