//! `JUnit` XML, as build servers read it: a suite for every operation, a test for every case.

use super::headline::{headline, seen_before_words};
use super::terminal::plain_block;
use super::xml::XmlElement;
use super::{Rendered, SavedRun};
use crate::judge::verdict::Verdict;
use crate::run::event::CaseResult;
use crate::text::visible::line;
use std::time::Duration;

/// The run as the report of a test.
#[expect(clippy::unnecessary_wraps, reason = "a format may fail, and this one does not")]
pub(super) fn junit(saved: &SavedRun) -> Rendered {
    let suites = saved.cases.chunk_by(|a, b| a.vendor == b.vendor && a.operation == b.operation);
    let root = XmlElement::new("testsuites")
        .attribute("name", "proviso")
        .counting(&saved.cases)
        .attribute("timestamp", line(&saved.started))
        .attribute("time", seconds_text(saved.summary.duration));
    Ok(root.children(suites.map(|cases| suite_element(saved, cases))).document())
}

/// The way in which a build server counts a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TestOutcome {
    Passed,
    Skipped,
    Failed,
    Broken,
}

impl From<&CaseResult> for TestOutcome {
    fn from(case: &CaseResult) -> Self {
        match case.verdict {
            Verdict::Conforms | Verdict::Drifted => Self::Passed,
            // A violation that is known or was seen before fails no build; the property has the verdict all the same.
            Verdict::Violates if case.is_excused() => Self::Skipped,
            Verdict::Skipped => Self::Skipped,
            Verdict::Violates => Self::Failed,
            // Build servers take a skipped test for no news, and a run that was cut short is news.
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => Self::Broken,
        }
    }
}

impl TestOutcome {
    fn count_in(self, cases: &[CaseResult]) -> String {
        cases.iter().filter(|case| Self::from(*case) == self).count().to_string()
    }
}

impl XmlElement {
    /// The element with the attributes that count cases by their outcome.
    fn counting(self, cases: &[CaseResult]) -> Self {
        self.attribute("tests", cases.len().to_string())
            .attribute("skipped", TestOutcome::Skipped.count_in(cases))
            .attribute("failures", TestOutcome::Failed.count_in(cases))
            .attribute("errors", TestOutcome::Broken.count_in(cases))
    }
}

fn suite_element(saved: &SavedRun, cases: &[CaseResult]) -> XmlElement {
    let name = cases.first().map_or_else(String::new, |case| line(&format!("{}/{}", case.vendor, case.operation)));
    let mut properties = vec![property_element("target", &saved.target), property_element("proviso", &saved.proviso)];
    properties.extend(saved.shuffle.map(|seed| property_element("shuffle", &seed.to_string())));
    let tests = cases.iter().map(|case| test_element(case, &name));
    XmlElement::new("testsuite")
        .attribute("name", &name)
        .counting(cases)
        .attribute("time", seconds_text(cases.iter().map(|case| case.duration).sum()))
        .children([XmlElement::new("properties").children(properties)])
        .children(tests)
}

fn test_element(case: &CaseResult, suite: &str) -> XmlElement {
    let mut properties = vec![property_element("verdict", case.verdict.as_str())];
    for clause in &case.cites {
        properties.push(property_element("clause", &format!("{} {}", clause.id, clause.says)));
    }
    properties.extend(case.page.iter().map(|page| property_element("page", page)));
    properties.extend(case.known().into_iter().map(|known| property_element("known", &known.words())));
    properties.extend(seen_before_words(case).map(|words| property_element("seen-before", &words)));
    properties.extend(case.unchecked.iter().map(|unchecked| property_element("unchecked", &unchecked.words())));
    properties.extend(case.cause.iter().map(|cause| property_element("cause", cause)));
    properties.push(property_element("place", &format!("{}:{}", case.location.file, case.location.line)));
    let is_shown = case.verdict == Verdict::Drifted || case.is_excused();
    XmlElement::new("testcase")
        .attribute("name", line(&case.id))
        .attribute("classname", suite)
        .attribute("time", seconds_text(case.duration))
        .children([XmlElement::new("properties").children(properties)])
        .children(status_element(case))
        .children(is_shown.then(|| XmlElement::new("system-out").text(plain_block(case))))
}

/// The reason why a case did not pass.
fn status_element(case: &CaseResult) -> Option<XmlElement> {
    let verdict = case.verdict.as_str();
    match TestOutcome::from(case) {
        TestOutcome::Passed => None,
        TestOutcome::Skipped if case.is_excused() => {
            let message = line(&format!("{}: {}", case.verdict_words(), headline(case)));
            Some(XmlElement::new("skipped").attribute("message", message))
        }
        TestOutcome::Skipped => Some(XmlElement::new("skipped").attribute("message", headline(case))),
        TestOutcome::Failed => {
            let kind = case.findings.first().map_or(verdict, |finding| finding.code.as_str());
            Some(failure_element("failure", case, kind))
        }
        TestOutcome::Broken => Some(failure_element("error", case, verdict)),
    }
}

fn failure_element(name: &'static str, case: &CaseResult, kind: &str) -> XmlElement {
    XmlElement::new(name).attribute("message", headline(case)).attribute("type", kind).text(plain_block(case))
}

fn property_element(name: &str, value: &str) -> XmlElement {
    XmlElement::new("property").attribute("name", name).attribute("value", line(value))
}

fn seconds_text(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}
