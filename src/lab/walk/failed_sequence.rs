//! A sequence that failed, and the parts of it that may fail on their own.

use crate::lab::walk::request_table::RequestTable;
use crate::lab::walk::session::{LogEntry, Session, Violation};
use crate::lab::walk::walk_step::{Move, ThingId, ThingRef, WalkStep};
use crate::run::Held;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The most resources in the requests before a failure that are suspected of it one by one.
const SUSPECTS: usize = 16;

/// A sequence that failed, with what was exchanged.
pub(crate) struct FailedSequence<'a> {
    /// The steps.
    pub(crate) steps: Vec<WalkStep<'a>>,
    /// The departure.
    pub(crate) violation: Violation,
    /// The requests.
    pub(crate) log: Vec<LogEntry<'a>>,
    /// The resources, each with its kind.
    pub(crate) things: BTreeMap<ThingId, (&'a str, Held)>,
    /// Whether it failed when it was tried alone.
    pub(crate) repeats: bool,
    /// The length of a lull.
    pub(crate) lull: Duration,
}

impl<'a> FailedSequence<'a> {
    /// Takes the log and the resources out of a session.
    pub(crate) fn take(
        session: &mut Session<'_, 'a>,
        steps: Vec<WalkStep<'a>>,
        violation: Violation,
        repeats: bool,
    ) -> Self {
        let (held, log) = (std::mem::take(&mut session.held), std::mem::take(&mut session.log));
        let known = &session.belief.first().things;
        let things = held.into_iter().filter_map(|(id, held)| Some((id, (known.get(&id)?.resource, held)))).collect();
        Self { steps, violation, log, things, repeats, lull: session.lull }
    }

    /// The requests that are worth being read: where the sequence did not fail again, those that concern its last one.
    pub(crate) fn entries(&self) -> Vec<&LogEntry<'a>> {
        let related = match self.steps.split_last() {
            Some((last, before)) if !self.repeats => slice(before, last.things(), last),
            _ => Vec::new(),
        };
        let is_related = |entry: &&LogEntry<'a>| {
            self.steps.get(entry.step).is_some_and(|step| self.repeats || related.contains(step))
        };
        self.log.iter().filter(is_related).collect()
    }
}

/// Sequences that may replace a failing one, the likeliest first: what concerns the resources that its last step names, and that
/// together with one of the requests shortly before. Lulls make every try long, so there is one or none in them.
pub(crate) fn likely_parts<'a>(steps: &[WalkStep<'a>], has_lulls: bool) -> Vec<Vec<WalkStep<'a>>> {
    let Some((last, before)) = steps.split_last() else { return Vec::new() };
    let own = last.things();
    let mut likely = vec![slice(before, own.clone(), last)];
    if has_lulls {
        let mut waited = slice(before, own.clone(), last);
        waited.insert(waited.len().saturating_sub(1), WalkStep::Lull);
        likely.push(waited);
    }
    let mut suspects: Vec<BTreeSet<ThingId>> = Vec::new();
    for things in before.iter().rev().map(WalkStep::things).filter(|things| !things.is_subset(&own)) {
        if suspects.len() < SUSPECTS && !suspects.contains(&things) {
            suspects.push(things);
        }
    }
    likely.extend(suspects.into_iter().map(|things| slice(before, &own | &things, last)));
    likely
}

/// Steps that may replace one: of two requests at once one, or one after the other; or the same of the resource and by the account of the last step.
pub(crate) fn simpler_steps<'a>(
    table: &RequestTable<'a>,
    step: &WalkStep<'a>,
    last: Option<&WalkStep<'a>>,
) -> Vec<Vec<WalkStep<'a>>> {
    match (step, last) {
        (WalkStep::Race(one, other), _) => {
            let alone = [one, other].map(|asked| vec![WalkStep::Ask(asked.clone())]);
            let both = alone.concat();
            alone.into_iter().chain([both]).collect()
        }
        (WalkStep::Ask(asked), Some(WalkStep::Ask(last))) if asked.makes.is_none() => {
            let changed = about_the_same(table, asked, last);
            let acting = Move { actor: last.actor, ..changed.clone() };
            let others = [changed, acting].into_iter().filter(|other| other != asked);
            others.map(|other| vec![WalkStep::Ask(other)]).collect()
        }
        _ => Vec::new(),
    }
}

/// A request with the resources of another one, as far as both name resources of the same kinds.
fn about_the_same<'a>(table: &RequestTable<'a>, asked: &Move<'a>, other: &Move<'a>) -> Move<'a> {
    let (kinds, others) = (&table.operation(asked.form).binds, &table.operation(other.form).binds);
    let mut changed = asked.clone();
    for (subject, kind) in changed.subjects.iter_mut().zip(kinds) {
        let meant = others.iter().zip(&other.subjects).find(|(known, _)| *known == kind);
        if let (ThingRef::Thing(_), Some((_, meant @ ThingRef::Thing(_)))) = (&subject, meant) {
            *subject = *meant;
        }
    }
    changed
}

/// The steps that concern some resources, and those that made what these live in.
fn slice<'a>(before: &[WalkStep<'a>], mut things: BTreeSet<ThingId>, last: &WalkStep<'a>) -> Vec<WalkStep<'a>> {
    for step in before.iter().rev() {
        if step.moves().filter_map(|asked| asked.makes).any(|made| things.contains(&made)) {
            things.extend(step.things());
        }
    }
    let concerned = before.iter().filter(|step| !step.things().is_disjoint(&things));
    concerned.chain([last]).cloned().collect()
}
