//! The data of the page: an index that is read at once, and the details of the cases in portions that are read when
//! one of them is looked at, so that a run of many thousand cases opens as quickly as a small one.

use crate::judge::verdict::Verdict;
use crate::report::coverage::{Coverage, Run};
use crate::report::headline::headline;
use crate::report::value_diff::value_diff;
use crate::report::{Rendered, SavedRun};
use crate::run::event::{
    CaseResult, ClauseInfo, DriftInfo, ExchangeInfo, FindingInfo, KnownInfo, Location, Notice, Page, Summary,
};
use crate::text::visible;
use serde::Serialize;
use serde_json::Value;

/// Cases of one portion.
const PORTION: usize = 50;

/// The data that is read at once.
#[derive(Serialize)]
struct PageIndex<'a> {
    proviso: &'a str,
    target: &'a str,
    started: &'a str,
    shuffle: Option<u64>,
    summary: &'a Summary,
    notices: &'a [Notice],
    pages: &'a [Page],
    coverage: Value,
    portion: usize,
    cases: Vec<CaseEntry<'a>>,
}

/// As much of a case as the list, the filters and the search need.
#[derive(Serialize)]
struct CaseEntry<'a> {
    id: &'a str,
    vendor: &'a str,
    operation: &'a str,
    row: &'a str,
    verdict: Verdict,
    known: bool,
    before: bool,
    headline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: &'a Option<String>,
    promised: &'a str,
    seconds: f64,
}

/// The rest of a case, which only the view of one case needs.
#[derive(Serialize)]
struct CaseDetails<'a> {
    reason: &'a Option<String>,
    findings: Vec<FindingDetails<'a>>,
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
struct FindingDetails<'a> {
    code: &'static str,
    message: &'a str,
    place: &'a str,
    clause: &'a Option<ClauseInfo>,
    location: &'a Location,
    known: Option<String>,
    issue: Option<&'a str>,
    before: &'a Option<String>,
    diff: Vec<(char, String)>,
}

/// The script elements that hold the run.
pub(super) fn data_elements(saved: &SavedRun) -> Rendered {
    let index = PageIndex {
        proviso: &saved.proviso,
        target: &saved.target,
        started: &saved.started,
        shuffle: saved.shuffle,
        summary: &saved.summary,
        notices: &saved.notices,
        pages: &saved.pages,
        coverage: Coverage::of(&[Run::from(saved)]).json(),
        portion: PORTION,
        cases: saved.cases.iter().map(CaseEntry::from).collect(),
    };
    let mut elements = data_element("index", &index)?;
    for (number, cases) in saved.cases.chunks(PORTION).enumerate() {
        let details: Vec<CaseDetails<'_>> = cases.iter().map(CaseDetails::from).collect();
        elements += &data_element(&format!("cases-{number}"), &details)?;
    }
    Ok(elements)
}

/// A value inside of a script element, which ends at `</script` and turns odd at `<!--`.
fn data_element(id: &str, value: &impl Serialize) -> Rendered {
    let json = visible::json(&serde_json::to_string(value)?).replace('<', "\\u003c");
    Ok(format!("<script type=\"application/json\" id=\"{id}\">{json}</script>\n"))
}

impl<'a> From<&'a CaseResult> for CaseEntry<'a> {
    fn from(case: &'a CaseResult) -> Self {
        Self {
            id: &case.id,
            vendor: &case.vendor,
            operation: &case.operation,
            row: &case.row,
            verdict: case.verdict,
            known: case.is_known(),
            before: case.is_seen_before(),
            headline: headline(case),
            promised: &case.promised,
            cause: &case.cause,
            seconds: case.duration.as_secs_f64(),
        }
    }
}

impl<'a> From<&'a CaseResult> for CaseDetails<'a> {
    fn from(case: &'a CaseResult) -> Self {
        Self {
            reason: &case.reason,
            findings: case.findings.iter().map(FindingDetails::from).collect(),
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
}

impl<'a> From<&'a FindingInfo> for FindingDetails<'a> {
    fn from(finding: &'a FindingInfo) -> Self {
        Self {
            code: finding.code.as_str(),
            message: &finding.message,
            place: &finding.place,
            clause: &finding.clause,
            location: &finding.location,
            known: finding.known.as_ref().map(KnownInfo::words),
            issue: finding.known.as_ref().and_then(|known| known.issue.as_deref()),
            before: &finding.seen_before,
            diff: value_diff(finding.expected.as_ref(), finding.actual.as_ref()),
        }
    }
}
