//! What the page is made of: an index that is read at once, and the details of the cases in portions that are read when
//! one of them is looked at, so that a run of many thousand cases opens as quickly as a small one.

use super::script;
use crate::report::coverage::{Coverage, Run};
use crate::report::text::headline;
use crate::report::value_diff::value_diff;
use crate::report::{Rendered, Saved};
use crate::run::event::{
    CaseResult, ClauseInfo, DriftInfo, ExchangeInfo, FindingInfo, KnownInfo, Location, Notice, Page, Summary,
};
use serde::Serialize;
use serde_json::Value;

/// Cases of one portion.
const PORTION: usize = 50;

#[derive(Serialize)]
struct Index<'a> {
    proviso: &'a str,
    target: &'a str,
    started: &'a str,
    summary: &'a Summary,
    notices: &'a [Notice],
    pages: &'a [Page],
    coverage: Value,
    portion: usize,
    cases: Vec<Entry<'a>>,
}

/// What the list, the filters and the search need of a case.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    vendor: &'a str,
    operation: &'a str,
    row: &'a str,
    verdict: &'static str,
    known: bool,
    headline: String,
    promised: &'a str,
    seconds: f64,
}

/// What only the view of one case needs.
#[derive(Serialize)]
struct Details<'a> {
    reason: &'a Option<String>,
    findings: Vec<Departure<'a>>,
    cites: &'a [ClauseInfo],
    page: &'a Option<String>,
    location: &'a Location,
    chosen: &'a Option<String>,
    alternatives: usize,
    drift: &'a Option<DriftInfo>,
    exchanges: &'a [ExchangeInfo],
    notes: &'a [String],
}

#[derive(Serialize)]
struct Departure<'a> {
    code: &'static str,
    message: &'a str,
    place: &'a str,
    clause: &'a Option<ClauseInfo>,
    location: &'a Location,
    known: Option<String>,
    diff: Vec<(char, String)>,
}

/// The script elements that hold the run.
pub(super) fn scripts(saved: &Saved) -> Rendered {
    let mut scripts = script("index", &index(saved))?;
    for (number, cases) in saved.cases.chunks(PORTION).enumerate() {
        let details: Vec<Details<'_>> = cases.iter().map(details).collect();
        scripts += &script(&format!("cases-{number}"), &details)?;
    }
    Ok(scripts)
}

fn index(saved: &Saved) -> Index<'_> {
    Index {
        proviso: &saved.proviso,
        target: &saved.target,
        started: &saved.started,
        summary: &saved.summary,
        notices: &saved.notices,
        pages: &saved.pages,
        coverage: Coverage::of(&[Run::from(saved)]).json(),
        portion: PORTION,
        cases: saved.cases.iter().map(entry).collect(),
    }
}

fn entry(case: &CaseResult) -> Entry<'_> {
    Entry {
        id: &case.id,
        vendor: &case.vendor,
        operation: &case.operation,
        row: &case.row,
        verdict: case.verdict.as_str(),
        known: case.is_known(),
        headline: headline(case),
        promised: &case.promised,
        seconds: case.duration.as_secs_f64(),
    }
}

fn details(case: &CaseResult) -> Details<'_> {
    Details {
        reason: &case.reason,
        findings: case.findings.iter().map(departure).collect(),
        cites: &case.cites,
        page: &case.page,
        location: &case.location,
        chosen: &case.chosen,
        alternatives: case.alternatives,
        drift: &case.drift,
        exchanges: &case.exchanges,
        notes: &case.notes,
    }
}

fn departure(finding: &FindingInfo) -> Departure<'_> {
    Departure {
        code: finding.code.as_str(),
        message: &finding.message,
        place: &finding.place,
        clause: &finding.clause,
        location: &finding.location,
        known: finding.known.as_ref().map(KnownInfo::words),
        diff: value_diff(finding.expected.as_ref(), finding.actual.as_ref()),
    }
}
