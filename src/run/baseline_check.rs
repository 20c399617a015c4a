//! A case's answer beside the accepted one: put into its canonical form when it comes, and compared and kept when the case ends.

use crate::contract::Operation;
use crate::contract::case::Case;
use crate::contract::condition::Draft;
use crate::http::exchange::Exchange;
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::case_end::CaseEnd;
use crate::run::event::{Baseline, DifferenceInfo, DriftInfo};
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::snapshot::{
    BadFile, Baselines, CaseExchange, Difference, Drift, Head, PromisedAnswer, Snapshot, Update, baseline_path,
    compare, drop_pending, keep_pending, normalise, read_snapshot,
};
use crate::run::target_row::TargetRow;
use crate::run::teller::{clause, promise};
use crate::run::varying::varying_values;
use crate::run::vendor_client::VendorClient;
use crate::text::line_diff::unified_diff;
use std::path::Path;

/// The part of a case's result that is about its baseline.
#[derive(Debug, Default)]
pub(super) struct BaselineResult {
    pub(super) baseline: Option<Baseline>,
    pub(super) drift: Option<DriftInfo>,
    pub(super) canonical: Option<String>,
}

/// The case's own exchange in its canonical form, made while the scope still has what its references stand for. It costs more
/// than the exchange, so it is made where a report or a baseline asks for it.
pub(super) fn canonical_form(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    draft: &Draft,
    exchange: &Exchange,
    judgement: &Judgement,
) -> Option<Snapshot> {
    let VendorClient { run, party, scope, .. } = client;
    let is_compared = || run.plan.baselines.as_ref().is_some_and(|all| all.folder(&party.destination.target).is_some());
    let response = exchange.response().filter(|_| run.plan.tell_all || is_compared())?;
    let (nearest, matched) = match judgement {
        Judgement::Matches { outcome, .. } => (*outcome, true),
        Judgement::Departs { nearest, .. } => (*nearest, false),
        Judgement::Overloaded { .. } | Judgement::Broken(..) => (0, false),
    };
    let outcome = target.outcome(nearest);
    let canonical = normalise(CaseExchange {
        operation: target.operation,
        row: target.row,
        outcome,
        draft,
        request: &exchange.request,
        response,
        varying: varying_values(party.vendor, draft, scope),
        names: scope,
        redact: &|text| run.teller.text(text),
    });
    Some(Snapshot { canonical, outcome: outcome.filter(|_| matched).map(|outcome| outcome.name.clone()) })
}

/// Compares what was seen with the accepted answer, where there is to be one; another one is drift.
pub(super) fn compare_with_baseline(
    run: &RunContext<'_>,
    party: &Party<'_>,
    case: &Case,
    end: &mut CaseEnd,
    seen: Option<&Snapshot>,
) -> BaselineResult {
    let Some(seen) = seen else { return BaselineResult::default() };
    let canonical = run.plan.tell_all.then(|| seen.canonical.text());
    let mut result = BaselineResult { canonical, ..BaselineResult::default() };
    let Some(baselines) = &run.plan.baselines else { return result };
    let Some(folder) = baselines.folder(&party.destination.target) else { return result };
    if end.verdict != Verdict::Conforms || seen.outcome.is_none() {
        return result;
    }
    match compare_with_accepted(run, party, case, baselines, &baseline_path(&folder, &case.id), seen) {
        Ok((baseline, drift)) => {
            if drift.is_some() {
                end.verdict = Verdict::Drifted;
            }
            result.baseline = Some(baseline);
            result.drift = drift;
        }
        Err(bad) => {
            result.baseline = Some(Baseline::Broken);
            let message = format!("{bad}\n{} was not compared", case.id);
            run.reporter.notice("broken-baseline", &party.vendor.name, &message);
        }
    }
    result
}

fn compare_with_accepted(
    run: &RunContext<'_>,
    party: &Party<'_>,
    case: &Case,
    baselines: &Baselines,
    accepted: &Path,
    seen: &Snapshot,
) -> Result<(Baseline, Option<DriftInfo>), BadFile> {
    let (operation, row) = (&party.vendor[case.row.operation], &party.vendor[case.row]);
    let keeps = baselines.update == Update::New;
    let keep = || {
        let head = Head { description: run.teller.text(&promise(operation, row)), case: case.id.clone() };
        let pending = keeps.then(|| keep_pending(accepted, &head, seen)).transpose()?;
        Ok(pending.map(|path| path.to_string_lossy().into_owned()))
    };
    let Some((_, before)) = read_snapshot(accepted)? else {
        keep()?;
        return Ok((Baseline::New, None));
    };
    let outcome = seen.outcome.as_ref().and_then(|name| operation.outcomes.get(name));
    let promised = PromisedAnswer::new(operation, row, outcome);
    let Some(drift) = compare(&before, seen, &promised) else {
        if keeps {
            drop_pending(accepted)?;
        }
        return Ok((Baseline::Same, None));
    };
    let info = DriftInfo {
        class: drift.class,
        differences: differences(drift, operation),
        baseline: accepted.to_string_lossy().into_owned(),
        pending: keep()?,
        diff: unified_diff(&before.canonical.text(), &seen.canonical.text()),
    };
    Ok((Baseline::Drifted, Some(info)))
}

/// The differences, with what the clauses say that speak of their places.
pub fn differences(drift: Drift, operation: &Operation) -> Vec<DifferenceInfo> {
    drift.differences.into_iter().map(|difference| difference_info(difference, operation)).collect()
}

fn difference_info(difference: Difference, operation: &Operation) -> DifferenceInfo {
    DifferenceInfo {
        class: difference.class,
        place: difference.place,
        message: difference.message,
        clause: difference.clause.and_then(|id| clause(operation, &id)),
    }
}
