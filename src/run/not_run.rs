//! The reasons why nothing is sent: to a vendor that may not be asked or does not answer as it should, or for a case that lacks a
//! variable.

use crate::contract::case::Case;
use crate::judge::verdict::Verdict;
use crate::run::arrange_case::needs_nothing;
use crate::run::cancel_token::CancelReason;
use crate::run::case_end::CaseEnd;
use crate::run::health::Health;
use crate::run::party::Party;
use crate::run::run_context::RunContext;

/// The end of a case that is not run, where it is not.
pub(super) fn not_run(run: &RunContext<'_>, party: &Party<'_>, case: &Case) -> Option<CaseEnd> {
    if let Some(why) = &case.barred {
        return Some(skipped(format!("not inducible: {why}")));
    }
    if let Some(end) = forbidden(party) {
        return Some(end);
    }
    let mut missing = missing(party, case).peekable();
    if missing.peek().is_some() {
        let missing: Vec<String> = missing.map(|variable| format!("${variable}")).collect();
        return Some(skipped(format!("set {}", missing.join(" and "))));
    }
    match run.cancelled() {
        Some(reason) => Some(unsent(reason)),
        None => unhealthy(party).filter(|_| !is_sent_anyway(party, case)),
    }
}

/// The end of a case of which nothing was sent when the run was cut short.
pub(super) fn unsent(reason: CancelReason) -> CaseEnd {
    CaseEnd::with(Verdict::NotRun, reason.words().to_owned())
}

fn skipped(why: impl Into<String>) -> CaseEnd {
    CaseEnd::with(Verdict::Skipped, why.into())
}

/// The end of everything that was to be sent to a vendor that does not answer as it should.
pub(crate) fn unhealthy(party: &Party<'_>) -> Option<CaseEnd> {
    match &*party.health.borrow() {
        Health::Dead(why) => {
            Some(CaseEnd::with(Verdict::Environment, format!("not sent: {} does not answer: {why}", party.vendor.name)))
        }
        Health::Refuses(why) | Health::Live(why) | Health::Barred(why) => {
            Some(CaseEnd::with(Verdict::Undetermined, format!("not sent: {why}")))
        }
        Health::Mistaken(why) => Some(CaseEnd::with(Verdict::Undetermined, why.clone())),
        Health::Forbidden(_) => forbidden(party),
        Health::Open => None,
    }
}

/// Returns whether that a vendor refuses the good credentials does not concern a case, which needs nothing and sends others.
fn is_sent_anyway(party: &Party<'_>, case: &Case) -> bool {
    let operation = &party.vendor[case.row.operation];
    let documented = operation.auth.as_ref().unwrap_or(&party.vendor.file.auth);
    let is_free = matches!(*party.health.borrow(), Health::Refuses(_)) && *case.draft.auth != *documented;
    is_free && needs_nothing(party, &case.draft)
}

/// The end of everything that was to be sent to a vendor that the guard does not let be asked.
fn forbidden(party: &Party<'_>) -> Option<CaseEnd> {
    match &*party.health.borrow() {
        Health::Forbidden(why) => Some(CaseEnd::with(Verdict::Refused, why.clone())),
        _ => None,
    }
}

/// The environment variables that a case needs and that are not set.
fn missing<'c>(party: &Party<'_>, case: &'c Case) -> impl Iterator<Item = &'c String> {
    case.needs.iter().filter(|variable| !party.is_supplied(variable))
}

/// Returns whether a case would be sent, as far as is known before the run.
pub fn runnable(party: &Party<'_>, case: &Case) -> bool {
    case.row.vendor() == party.vendor.id && case.barred.is_none() && missing(party, case).next().is_none()
}
