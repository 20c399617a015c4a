//! `JUnit` XML, as build servers read it: a suite for every operation, a test for every case.

use super::terminal::told;
use super::text::{headline, line};
use super::{Rendered, Saved};
use crate::event::CaseResult;
use crate::verdict::Verdict;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

pub(super) fn render(saved: &Saved) -> Rendered {
    let mut report = Report::new("proviso");
    report.timestamp = saved.started.parse().ok();
    report.set_time(saved.summary.duration);
    let same = |a: &CaseResult, b: &CaseResult| a.vendor == b.vendor && a.operation == b.operation;
    for cases in saved.cases.chunk_by(same) {
        report.add_test_suite(suite(saved, cases));
    }
    Ok(report.to_string()?)
}

fn suite(saved: &Saved, cases: &[CaseResult]) -> TestSuite {
    let name = cases.first().map(|case| format!("{}/{}", case.vendor, case.operation)).unwrap_or_default();
    let mut suite = TestSuite::new(line(&name));
    suite.set_time(cases.iter().map(|case| case.duration).sum::<Duration>());
    suite.add_property(Property::new("target", line(&saved.target)));
    suite.add_property(Property::new("proviso", line(&saved.proviso)));
    suite.add_test_cases(cases.iter().map(|case| test(case, &name)));
    suite
}

fn test(case: &CaseResult, suite: &str) -> TestCase {
    let mut test = TestCase::new(line(&case.id), status(case));
    test.set_classname(line(suite));
    test.set_time(case.duration);
    test.add_property(Property::new("verdict", case.verdict.as_str()));
    for clause in &case.cites {
        test.add_property(Property::new("clause", line(&format!("{} {}", clause.id, clause.says))));
    }
    if let Some(page) = &case.page {
        test.add_property(Property::new("page", line(page)));
    }
    for known in case.known() {
        test.add_property(Property::new("known", line(&known.words())));
    }
    test.add_property(Property::new("place", line(&format!("{}:{}", case.location.file, case.location.line))));
    if case.verdict == Verdict::Drifted || case.is_known() {
        test.set_system_out(told(case));
    }
    test
}

fn status(case: &CaseResult) -> TestCaseStatus {
    let (mut status, kind) = match case.verdict {
        Verdict::Conforms | Verdict::Drifted => return TestCaseStatus::success(),
        Verdict::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(headline(case));
            return status;
        }
        // What is known fails nobody's build; the property says that it violates all the same.
        Verdict::Violates if case.is_known() => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(line(&format!("{}: {}", case.verdict_words(), headline(case))));
            return status;
        }
        Verdict::Violates => {
            let kind = case.findings.first().map_or(case.verdict.as_str(), |finding| finding.code.as_str());
            (TestCaseStatus::non_success(NonSuccessKind::Failure), kind)
        }
        Verdict::Environment | Verdict::Undetermined => {
            (TestCaseStatus::non_success(NonSuccessKind::Error), case.verdict.as_str())
        }
    };
    status.set_message(headline(case)).set_type(kind).set_description(told(case));
    status
}
