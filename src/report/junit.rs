//! `JUnit` XML, as build servers read it: a suite for every operation, a test for every case.

use super::terminal::told;
use super::text::{headline, line};
use super::xml::Element;
use super::{Rendered, Saved};
use crate::judge::verdict::Verdict;
use crate::run::event::CaseResult;
use std::time::Duration;

#[expect(clippy::unnecessary_wraps, reason = "a format may fail, and this one does not")]
pub(super) fn render(saved: &Saved) -> Rendered {
    let same = |a: &CaseResult, b: &CaseResult| a.vendor == b.vendor && a.operation == b.operation;
    let root = counted(Element::new("testsuites").attribute("name", "proviso"), &saved.cases)
        .attribute("timestamp", line(&saved.started))
        .attribute("time", seconds(saved.summary.duration));
    Ok(root.children(saved.cases.chunk_by(same).map(|cases| suite(saved, cases))).document())
}

/// How a build server counts a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Skipped,
    Failed,
    Broken,
}

impl Outcome {
    fn of(case: &CaseResult) -> Self {
        match case.verdict {
            Verdict::Conforms | Verdict::Drifted => Self::Passed,
            // What is known fails nobody's build; the property says that it violates all the same.
            Verdict::Violates if case.is_known() => Self::Skipped,
            Verdict::Skipped => Self::Skipped,
            Verdict::Violates => Self::Failed,
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused => Self::Broken,
        }
    }
}

/// The element with the attributes that count cases by their outcome.
fn counted(element: Element, cases: &[CaseResult]) -> Element {
    let number = |outcome| cases.iter().filter(|case| Outcome::of(case) == outcome).count().to_string();
    element
        .attribute("tests", cases.len().to_string())
        .attribute("skipped", number(Outcome::Skipped))
        .attribute("failures", number(Outcome::Failed))
        .attribute("errors", number(Outcome::Broken))
}

fn suite(saved: &Saved, cases: &[CaseResult]) -> Element {
    let name = cases.first().map(|case| line(&format!("{}/{}", case.vendor, case.operation))).unwrap_or_default();
    let properties = [property("target", &saved.target), property("proviso", &saved.proviso)];
    counted(Element::new("testsuite").attribute("name", name.as_str()), cases)
        .attribute("time", seconds(cases.iter().map(|case| case.duration).sum()))
        .children([Element::new("properties").children(properties)])
        .children(cases.iter().map(|case| test(case, &name)))
}

fn test(case: &CaseResult, suite: &str) -> Element {
    let clauses = case.cites.iter().map(|clause| property("clause", &format!("{} {}", clause.id, clause.says)));
    let known = case.known().into_iter().map(|known| property("known", &known.words()));
    let place = property("place", &format!("{}:{}", case.location.file, case.location.line));
    let properties = std::iter::once(property("verdict", case.verdict.as_str()))
        .chain(clauses)
        .chain(case.page.iter().map(|page| property("page", page)))
        .chain(known)
        .chain([place]);
    let shown =
        (case.verdict == Verdict::Drifted || case.is_known()).then(|| Element::new("system-out").text(told(case)));
    Element::new("testcase")
        .attribute("name", line(&case.id))
        .attribute("classname", suite)
        .attribute("time", seconds(case.duration))
        .children([Element::new("properties").children(properties)])
        .children(status(case))
        .children(shown)
}

/// What says that a case did not pass, and why.
fn status(case: &CaseResult) -> Option<Element> {
    let word = || case.verdict.as_str();
    match Outcome::of(case) {
        Outcome::Passed => None,
        Outcome::Skipped if case.is_known() => {
            let message = line(&format!("{}: {}", case.verdict_words(), headline(case)));
            Some(Element::new("skipped").attribute("message", message))
        }
        Outcome::Skipped => Some(Element::new("skipped").attribute("message", headline(case))),
        Outcome::Failed => {
            Some(explained("failure", case, case.findings.first().map_or_else(word, |finding| finding.code.as_str())))
        }
        Outcome::Broken => Some(explained("error", case, word())),
    }
}

fn explained(element: &'static str, case: &CaseResult, kind: &str) -> Element {
    Element::new(element).attribute("message", headline(case)).attribute("type", kind).text(told(case))
}

fn property(name: &str, value: &str) -> Element {
    Element::new("property").attribute("name", name).attribute("value", line(value))
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}
