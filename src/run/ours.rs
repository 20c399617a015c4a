//! Before a thing is removed by its id: where the contract says where marks are found, it has been seen with its mark.

use crate::contract::Row;
use crate::contract::language::Sweep;
use crate::contract::template::plain;
use crate::http::exchange::Response;
use crate::judge::check::parse;
use crate::judge::verdict::Verdict;
use crate::run::cleanup::{Kept, is_gone};
use crate::run::find::Lists;
use crate::run::lane::{Lane, Made, Target, names};
use crate::run::mark::Mark;
use crate::run::party::Party;
use crate::run::stop::Stop;
use serde_json::Value;

/// How it is known that a thing is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours {
    /// The vendor has shown it with its mark, or nothing in its contract shows marks.
    Seen,
    /// It is only claimed: it has to hold this mark when it is read.
    Claimed(Option<Mark>),
}

/// What a vendor shows of a thing that is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It holds its mark.
    Marked,
    /// It does not hold its mark.
    Unmarked,
    /// It is not there any more.
    Gone,
}

impl Lane<'_, '_> {
    /// How a thing is known to be ours whose id a create was answered with; an error where the answer shows an older thing.
    pub(super) fn answered_with(
        &self,
        target: Target<'_>,
        resource: &str,
        id: &str,
        body: &Value,
    ) -> Result<Ours, Stop> {
        // The embedded mock and a saved run keep no ledger, and nothing is removed there.
        let recorded = !self.party.destination.embedded && self.replay.is_none();
        let Some(sweep) = sweep_of(self.party, resource).filter(|_| recorded) else { return Ok(Ours::Seen) };
        let carried = self.carried;
        // What was asked for without a mark holds none.
        let holds = |marks: &Vec<Mark>| carried.map_or(marks.is_empty(), |mark| marks.contains(&mark));
        let ours = match marks_of(body, sweep, id) {
            Some(marks) if !holds(&marks) => return Err(self.older(target, resource, id, carried)),
            None if carried.is_some() => Ours::Claimed(carried),
            _ => Ours::Seen,
        };
        if ours == Ours::Seen {
            self.engine.ledger.shown(&self.party.vendor.name, resource, id, carried);
        }
        Ok(ours)
    }

    /// Forgets an older thing that a create was answered with, and reports it once.
    fn older(&self, target: Target<'_>, resource: &str, id: &str, mark: Option<Mark>) -> Stop {
        let holds = mark.map_or("holds a mark of another request".to_owned(), |mark| format!("does not hold {mark}"));
        let (vendor, name) = (&self.party.vendor.name, &target.operation.name);
        let why = format!("{name} answered with the {resource} {id}, which {holds}: it is older, so it is not removed");
        self.engine.ledger.older(vendor, resource, id, mark);
        if self.party.older.borrow_mut().insert(id.to_owned()) {
            self.engine.notice("older-thing", vendor, &why);
        }
        Stop::new(Verdict::Undetermined, why)
    }

    /// Reads what creates have made whose answers did not show its mark, so that nothing acts on an older thing. Where no read
    /// shows it either, the answer to its create is all that there is.
    pub(crate) async fn confirm(&mut self, target: Target<'_>) -> Result<(), Stop> {
        let claimed = |made: &Made| made.ours != Ours::Seen;
        while let Some(at) = self.made.iter().position(claimed) {
            let Some(made) = self.made.get(at).cloned() else { break };
            let Ours::Claimed(mark) = made.ours else { break };
            let (vendor, resource, id) = (&self.party.vendor.name, &made.resource, &made.held.id);
            let stop = |verdict, why: &str| Err(Stop::new(verdict, format!("the {resource} {id} is not used: {why}")));
            match Box::pin(self.seen(&made, &mut Lists::new())).await {
                Ok(Shown::Unmarked) => {
                    self.made.remove(at);
                    return Err(self.older(target, resource, id, mark));
                }
                Ok(Shown::Gone) => return stop(Verdict::Undetermined, "nothing is there when it is read"),
                Err(kept) if kept.dead => return stop(Verdict::Environment, &kept.why),
                Ok(Shown::Marked) | Err(_) => {
                    self.engine.ledger.shown(vendor, resource, id, mark);
                    self.made.iter_mut().skip(at).take(1).for_each(|made| made.ours = Ours::Seen);
                }
            }
        }
        Ok(())
    }

    /// Reads a thing that is only claimed to be ours, by the reads of its state, then by the vendor's list.
    pub(super) async fn seen(&mut self, made: &Made, lists: &mut Lists) -> Result<Shown, Kept> {
        let Ours::Claimed(mark) = made.ours else { return Ok(Shown::Marked) };
        let Some(sweep) = sweep_of(self.party, &made.resource) else { return Ok(Shown::Marked) };
        let unmarked = "the request that made it carried no mark, so nothing tells it from others' things";
        let mark = mark.ok_or_else(|| Kept::from(unmarked.to_owned()))?;
        let of = |marks: &[Mark]| if marks.contains(&mark) { Shown::Marked } else { Shown::Unmarked };
        let mut unread = format!("no documented call shows whether it holds {mark}");
        for read in self.party.vendor.reads(&made.resource, &made.held.state) {
            let target = Target::of(self.party.vendor, read.row);
            if !target.operation.path.values().any(|bound| *bound == made.resource) {
                continue;
            }
            let exchange = match self.send(target, &read.draft).await {
                Ok(exchange) => exchange,
                Err(stop) => {
                    unread = stop.reason;
                    continue;
                }
            };
            let response = exchange.result.as_ref().map_err(Kept::by)?;
            if self.shows_gone(target, &made.resource, response) {
                return Ok(Shown::Gone);
            }
            let body = parse(&response.body).value().unwrap_or_default();
            match marks_of(&body, sweep, &made.held.id).filter(|_| (200..300).contains(&response.status)) {
                Some(marks) => return Ok(of(&marks)),
                None => unread = format!("{} answered {} without its marks", target.operation.name, response.status),
            }
        }
        let Some(list) = self.list_of(&made.resource) else { return Err(unread.into()) };
        match self.list_once(list, &made.resource, lists).await {
            Ok(items) => items.get(&made.held.id).map(|marks| of(marks)).ok_or_else(|| unread.into()),
            Err(why) => Err(why.clone().into()),
        }
    }

    /// Whether an answer to a read says that a thing is not there any more.
    fn shows_gone(&self, target: Target<'_>, resource: &str, response: &Response) -> bool {
        let accepts = |row: &Row| self.engine.judge.accepts(row, response, &self.scope);
        let gone = target.operation.rows.values().any(|row| says_gone(self.party, row, resource) && accepts(row));
        matches!(response.status, 404 | 410) || gone && !accepts(target.row)
    }
}

/// Whether a row speaks of a thing that is not there: one that is unknown, or in a state that a removal leads to.
pub(super) fn says_gone(party: &Party<'_>, row: &Row, resource: &str) -> bool {
    let states = row.when.0.get(resource).map(names).unwrap_or_default();
    states.iter().any(|state| *state == "unknown" || is_gone(party, resource, state))
}

/// Where the contract says that marks are found.
fn sweep_of<'v>(party: &Party<'v>, resource: &str) -> Option<&'v Sweep> {
    party.vendor.file.resources.get(resource)?.sweep.as_ref()
}

/// The marks that an answer shows on the thing of an id; nothing where it does not show the fields that may hold them.
fn marks_of(answer: &Value, sweep: &Sweep, id: &str) -> Option<Vec<Mark>> {
    let inside = || match answer {
        Value::Array(items) => items.iter().find_map(|item| marks_of(item, sweep, id)),
        Value::Object(fields) => fields.values().find_map(|field| marks_of(field, sweep, id)),
        _ => None,
    };
    if answer.pointer(&sweep.id).map(plain).as_deref() == Some(id) { marks_in(answer, sweep) } else { inside() }
}

/// The marks in the fields of a thing that may hold them; nothing where none of these fields is filled.
pub(super) fn marks_in(thing: &Value, sweep: &Sweep) -> Option<Vec<Mark>> {
    let fields = sweep.marks.iter().filter_map(|mark| thing.pointer(mark)).filter(|field| !field.is_null());
    let texts: Vec<String> = fields.map(plain).collect();
    (!texts.is_empty()).then(|| texts.iter().flat_map(|text| Mark::all_in(text)).collect())
}
