//! A case's answer held against the accepted one: what is seen when it comes, and what is told and kept when the case ends.

use crate::contract::Operation;
use crate::contract::case::Case;
use crate::contract::condition::Draft;
use crate::http::exchange::Exchange;
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::engine::Engine;
use crate::run::event::{Baseline, DifferenceInfo, DriftInfo};
use crate::run::judging::Ended;
use crate::run::known::known;
use crate::run::lane::{Lane, Target};
use crate::run::party::Party;
use crate::run::snapshot::{
    BadFile, Baselines, Difference, Drift, Head, Promised, Seen, Snapshot, Update, compare, drop_pending, keep_pending,
    normalise, path, read,
};
use crate::run::told;
use crate::text::line_diff::unified_diff;
use std::path::Path;

/// What a case tells of its baseline.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) baseline: Option<Baseline>,
    pub(super) drift: Option<DriftInfo>,
    pub(super) canonical: Option<String>,
}

impl Lane<'_, '_> {
    /// Puts the case's own exchange into its canonical form, while what its references stand for is still at hand.
    pub(super) fn see(&mut self, target: Target<'_>, draft: &Draft, exchange: &Exchange, judgement: &Judgement) {
        let settings = self.engine.settings;
        // A canonical form costs more than the exchange, so it is made where a report or a baseline asks for it.
        let compared = || settings.baselines.as_ref()?.folder(&self.party.destination.target);
        let Some(response) = exchange.response().filter(|_| settings.tell_all || compared().is_some()) else { return };
        let (nearest, matched) = match judgement {
            Judgement::Matches(index) => (*index, true),
            Judgement::Departs { nearest, .. } => (*nearest, false),
            Judgement::Overloaded { .. } | Judgement::Broken(..) => (0, false),
        };
        let outcome = target.outcome(nearest);
        let known = known(self.party.vendor, draft, &self.scope);
        let teller = &self.engine.teller;
        let seen = Seen {
            operation: target.operation,
            row: target.row,
            outcome,
            draft,
            request: &exchange.request,
            response,
            known: &known,
            names: &self.scope,
            redact: &|text| teller.text(text),
        };
        let canonical = normalise(&seen);
        self.seen =
            Some(Snapshot { canonical, outcome: outcome.filter(|_| matched).map(|outcome| outcome.name.clone()) });
    }
}

impl<'a> Engine<'a> {
    /// Compares the answer of a case that conforms with its baseline, and keeps as pending what was never accepted. The verdict
    /// is `drifted` where they differ.
    pub(super) fn against_baseline(
        &self,
        party: &Party<'a>,
        case: &Case,
        ended: &mut Ended,
        seen: Option<&Snapshot>,
    ) -> Compared {
        let Some(seen) = seen else { return Compared::default() };
        let canonical = self.settings.tell_all.then(|| seen.canonical.text());
        let mut compared = Compared { canonical, ..Compared::default() };
        let baselines = self.settings.baselines.as_ref();
        let folder = baselines.and_then(|baselines| baselines.folder(&party.destination.target));
        let (Some(baselines), Some(folder)) = (baselines, folder) else { return compared };
        if ended.verdict != Verdict::Conforms || seen.outcome.is_none() {
            return compared;
        }
        let accepted = path(&folder, &case.id);
        match self.compare(party, case, baselines, &accepted, seen) {
            Ok((baseline, drift)) => {
                if drift.is_some() {
                    ended.verdict = Verdict::Drifted;
                }
                compared.baseline = Some(baseline);
                compared.drift = drift;
            }
            Err(bad) => {
                compared.baseline = Some(Baseline::Broken);
                self.notice("broken-baseline", &party.vendor.name, &format!("{bad}\n{} was not compared", case.id));
            }
        }
        compared
    }

    fn compare(
        &self,
        party: &Party<'a>,
        case: &Case,
        baselines: &Baselines,
        accepted: &Path,
        seen: &Snapshot,
    ) -> Result<(Baseline, Option<DriftInfo>), BadFile> {
        let (operation, row) = (&party.vendor[case.row.operation], &party.vendor[case.row]);
        let keeps = baselines.update == Update::New;
        let keep = || {
            let head = Head { description: self.teller.text(&told::promise(operation, row)), case: case.id.clone() };
            let pending = keeps.then(|| keep_pending(accepted, &head, seen)).transpose()?;
            Ok(pending.map(|path| path.to_string_lossy().into_owned()))
        };
        let Some((_, before)) = read(accepted)? else {
            keep()?;
            return Ok((Baseline::New, None));
        };
        let outcome = seen.outcome.as_ref().and_then(|name| operation.outcomes.get(name));
        let alternatives: Vec<String> = operation.outcomes_of(row).map(|outcome| outcome.name.clone()).collect();
        let clauses: Vec<String> = operation.cited(row).into_iter().map(str::to_owned).collect();
        let promised = Promised { outcome, alternatives: &alternatives, clauses: &clauses };
        let Some(drift) = compare(&before, seen, promised) else {
            if keeps {
                drop_pending(accepted)?;
            }
            return Ok((Baseline::Same, None));
        };
        Ok((Baseline::Drifted, Some(info(drift, operation, accepted, keep()?, &before, seen))))
    }
}

/// The differences, told with what the clauses say that speak of their places.
pub fn differences(drift: Drift, operation: &Operation) -> Vec<DifferenceInfo> {
    let told = |difference: Difference| DifferenceInfo {
        class: difference.class,
        place: difference.place,
        message: difference.message,
        clause: difference.clause.and_then(|id| told::clause(operation, &id)),
    };
    drift.differences.into_iter().map(told).collect()
}

fn info(
    drift: Drift,
    operation: &Operation,
    accepted: &Path,
    pending: Option<String>,
    before: &Snapshot,
    after: &Snapshot,
) -> DriftInfo {
    DriftInfo {
        class: drift.class,
        differences: differences(drift, operation),
        baseline: accepted.to_string_lossy().into_owned(),
        pending,
        diff: unified_diff(&before.canonical.text(), &after.canonical.text()),
    }
}
