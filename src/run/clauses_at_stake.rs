//! The clauses that a case could have found broken, those that its departures break, and those whose check could not be made.

use crate::contract::shape::is_at_or_below;
use crate::contract::stake::{About, Stake, StakeTable, is_known_by};
use crate::contract::{Operation, Outcome, Row, RowId, Vendor};
use crate::judge::check::{Finding, FindingCode, fits, parse};
use crate::judge::verdict::Verdict;
use crate::run::case_end::CaseEnd;
use crate::run::event::{FindingInfo, Purpose, UncheckedInfo};
use crate::run::lane::Lane;
use crate::run::pages::alternative_words;
use crate::run::teller::{Observation, clause};
use serde_json::Value;

/// The clauses of a case.
#[derive(Debug, Default)]
pub(super) struct ClausesAtStake {
    /// Those that could have been found broken.
    pub(super) exercised: Vec<String>,
    /// The checks that were due and not made, with the clauses that they would have exercised.
    pub(super) unchecked: Vec<UncheckedInfo>,
    /// The witnesses that came.
    pub(super) witnessed: Vec<String>,
}

impl ClausesAtStake {
    /// The clauses of a case that came to an end.
    pub(super) fn of(vendor: &Vendor, row: RowId, end: &CaseEnd, lane: Option<&Lane<'_, '_>>) -> Self {
        let Some(lane) = lane else { return Self::default() };
        let mut unchecked = lane.transcript.unlooked.clone();
        let is_judged = matches!(end.verdict, Verdict::Conforms | Verdict::Violates | Verdict::Drifted);
        let Some(outcome) = end.held_against.filter(|_| is_judged) else {
            return Self { unchecked, ..Self::default() };
        };
        let status =
            own_exchange(lane).and_then(|observed| observed.exchange.response()).map(|response| response.status);
        // Of a status that is none of its own, an outcome says that it should have been one.
        let status = status.filter(|_| !end.findings.iter().any(|finding| finding.code == FindingCode::Status));
        let looked_at = lane.transcript.looked_at();
        let mut exercised: Vec<String> = Vec::new();
        for stake in vendor.stakes(row.operation).in_answer(row, outcome).filter(|stake| stake.is_open(status)) {
            if exercised.contains(&stake.clause) {
                continue;
            }
            if stake.is_looked_at(&looked_at) {
                exercised.push(stake.clause.clone());
            } else {
                note_lost(vendor, stake, &mut unchecked);
            }
        }
        let witnessed = witnessed(&vendor[row.operation], vendor.stakes(row.operation), row, end, lane);
        Self { exercised, unchecked, witnessed }
    }
}

/// The exchange of a case's own request.
fn own_exchange<'l>(lane: &'l Lane<'_, '_>) -> Option<&'l Observation> {
    lane.transcript.observed.iter().find(|observed| observed.purpose == Purpose::Case)
}

/// The witnesses that came in a case's own answer, in words.
fn witnessed(operation: &Operation, table: &StakeTable, row: RowId, end: &CaseEnd, lane: &Lane<'_, '_>) -> Vec<String> {
    if end.verdict == Verdict::Violates {
        return Vec::new();
    }
    let row = &operation[row];
    let chosen = end.chosen.as_deref().filter(|_| row.then.len() > 1);
    let mut witnessed: Vec<String> = chosen.map(|chosen| alternative_words(row, chosen)).into_iter().collect();
    let mut wanted = table.witnesses().iter().filter(|witness| Some(witness.outcome) == end.held_against).peekable();
    let own = own_exchange(lane).filter(|_| wanted.peek().is_some());
    let response = own.and_then(|observed| observed.exchange.response());
    if let Some(body) = response.and_then(|response| parse(&response.body).value()) {
        let fits = |schema: &Value, value: &Value| fits(schema, &lane.client.scope, value);
        witnessed.extend(wanted.filter(|witness| witness.is_seen(&body, fits)).map(|witness| witness.words(operation)));
    }
    witnessed
}

/// Notes a clause with the read that would have exercised it.
fn note_lost(vendor: &Vendor, stake: &Stake, unchecked: &mut [UncheckedInfo]) {
    let names = stake.reads.iter().map(|read| format!("{}/{}", vendor[read.operation].name, vendor[*read].name));
    let names: Vec<String> = names.collect();
    let mut missed = unchecked.iter_mut().filter(|unchecked| names.contains(&unchecked.read));
    if let Some(missed) = missed.next() {
        missed.clauses.push(stake.clause.clone());
    }
}

/// Names of each departure the clauses that it breaks.
pub(super) fn name_broken(vendor: &Vendor, row: RowId, findings: &[Finding], told: &mut [FindingInfo]) {
    let (operation, table) = (&vendor[row.operation], vendor.stakes(row.operation));
    let mut is_whole_named = false;
    // What no page says breaks no clause.
    let promised = findings.iter().zip(told).filter(|(finding, _)| finding.inferred.is_none());
    for (finding, told) in promised {
        let is_whole = !is_whole_named && is_of_another_kind(operation, &operation[row], finding);
        is_whole_named |= is_whole;
        let mut broken = broken_by(table, row, finding, is_whole).into_iter();
        if told.clause.is_none() {
            told.clause = broken.next().and_then(|id| clause(operation, id));
        }
        let first = told.clause.as_ref().map(|clause| clause.id.as_str());
        told.also = broken.filter(|id| Some(*id) != first).map(str::to_owned).collect();
    }
}

/// The clauses that a departure breaks, the nearest first, each once.
fn broken_by<'a>(table: &'a StakeTable, row: RowId, finding: &Finding, is_whole: bool) -> Vec<&'a str> {
    let own = table.all().iter().filter(|stake| stake.row == row);
    // What is none of the outcomes breaks the causes of them all.
    let of_outcome =
        own.filter(|stake| stake.about.is_whole() || finding.outcome.is_none_or(|outcome| stake.outcome == outcome));
    let mut broken: Vec<(usize, &str)> = Vec::new();
    for stake in of_outcome {
        if let Some(distance) = distance(stake, finding, is_whole)
            && !broken.iter().any(|(_, known)| *known == stake.clause)
        {
            broken.push((distance, &stake.clause));
        }
    }
    // Of fields around the place, only the nearest is broken.
    let nearest = broken.iter().map(|(distance, _)| *distance).filter(|distance| *distance < WHOLE).min();
    broken.retain(|(distance, _)| *distance == WHOLE || Some(*distance) == nearest);
    broken.sort_by_key(|(distance, _)| *distance);
    broken.into_iter().map(|(_, clause)| clause).collect()
}

/// The distance of what an answer breaks as a whole.
const WHOLE: usize = usize::MAX;

/// How far a clause is from a departure; none where it is not broken by it.
fn distance(stake: &Stake, finding: &Finding, is_whole: bool) -> Option<usize> {
    let place = finding.place.as_str();
    let is_broken = match &stake.about {
        About::Field(pointer) if is_at_or_below(place, pointer) => return Some(place.len() - pointer.len()),
        About::Field(pointer) => place == "body" || place.starts_with('/') && is_at_or_below(pointer, place),
        About::Status => finding.code == FindingCode::Status,
        About::Code => finding.code == FindingCode::ErrorCode || is_whole,
        About::Header(name) => place.strip_prefix("header ").is_some_and(|known| known.eq_ignore_ascii_case(name)),
        About::Body => place == "body",
        About::Effect => finding.read.is_some_and(|read| stake.reads.contains(&read)),
        About::Cause | About::Request => return is_whole.then_some(WHOLE),
    };
    is_broken.then_some(0)
}

/// Whether a departure says that the answer is one of another kind altogether: by its status, its code, a value by which another
/// outcome is known, or, where no status is documented, by any value.
fn is_of_another_kind(operation: &Operation, row: &Row, finding: &Finding) -> bool {
    match finding.code {
        FindingCode::Status | FindingCode::ErrorCode => true,
        FindingCode::FieldValue | FindingCode::FieldType | FindingCode::FieldMissing => {
            let own = finding.outcome.map(|outcome| &operation[outcome]);
            let others = operation.outcomes.values().filter(|other| Some(other.id) != finding.outcome);
            let is_of = |other: &Outcome| {
                finding.actual.as_ref().is_some_and(|actual| is_known_by(other, &finding.place, actual))
            };
            own.is_some_and(|own| own.status.is_none()) || others.into_iter().any(is_of)
        }
        // A state that nothing leads to was led to by what should have been refused.
        FindingCode::State => row.then.iter().all(|branch| branch.leads.is_empty()),
        _ => false,
    }
}
