//! The stakes of an operation's clauses, worked out once.

use super::answer_clash::clashes;
use super::cause_breach::CauseBreaches;
use super::field_breach::{every_place, named_lie, place_at, refused_value, value_of_other_type};
use super::witness::{Witness, witnesses};
use super::{About, Breach, Lie, Stake};
use crate::contract::language::CodePlace;
use crate::contract::{Branch, ClauseId, Operation, Outcome, OutcomeId, Promise, Row, RowId, Subject, Vendor};
use serde_json::{Value, json};

/// The stakes of an operation's clauses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StakeTable {
    stakes: Vec<Stake>,
    witnesses: Vec<Witness>,
}

impl StakeTable {
    /// The stakes of an operation.
    pub(in crate::contract) fn of(vendor: &Vendor, operation: &Operation) -> Self {
        let mut stakes = Vec::new();
        for row in operation.rows.values() {
            let staked = StakedRow { vendor, operation, row, causes: CauseBreaches::of(vendor, operation, row) };
            for branch in &row.then {
                let outcome = &operation[branch.outcome];
                let first = stakes.len();
                for clause in operation.spelt_out(&outcome.cites) {
                    let Some(mut stake) = staked.in_outcome(clause, outcome) else { continue };
                    let mut before = stakes.iter().skip(first);
                    if before.any(|known: &Stake| known.about == stake.about) {
                        take_other_lie(&mut stake, outcome);
                    }
                    stakes.push(stake);
                }
                stakes.extend(operation.spelt_out(&row.cites).into_iter().filter_map(|id| staked.in_row(id, branch)));
            }
        }
        let reached = |outcome: &&Outcome| {
            let mut rows = operation.rows.values().filter(|row| row.not_inducible.is_none());
            rows.any(|row| row.then.iter().any(|branch| branch.outcome == outcome.id))
        };
        let witnesses = operation.outcomes.values().filter(reached).flat_map(witnesses).collect();
        Self { stakes, witnesses }
    }

    /// Every stake.
    pub fn all(&self) -> &[Stake] {
        &self.stakes
    }

    /// The witnesses of what its outcomes promise.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The stakes of a clause.
    pub fn of_clause<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = &'a Stake> {
        self.stakes.iter().filter(move |stake| stake.clause == clause)
    }

    /// The stakes in the answers of a row by an outcome.
    pub fn in_answer(&self, row: RowId, outcome: OutcomeId) -> impl Iterator<Item = &Stake> {
        self.stakes.iter().filter(move |stake| stake.row == row && stake.outcome == outcome)
    }

    /// Returns whether a clause is cited, and no answer breaks it.
    pub fn is_vacuous(&self, clause: &str) -> bool {
        let mut stakes = self.of_clause(clause).peekable();
        stakes.peek().is_some() && stakes.all(|stake| stake.breach.is_none())
    }
}

/// A row whose clauses are looked at.
struct StakedRow<'a> {
    vendor: &'a Vendor,
    operation: &'a Operation,
    row: &'a Row,
    causes: CauseBreaches<'a>,
}

impl StakedRow<'_> {
    /// The stake of a clause that an outcome cites.
    fn in_outcome(&self, clause: &str, outcome: &Outcome) -> Option<Stake> {
        let id = ClauseId::parse(clause)?;
        let (about, lie) = match id.in_outcome(outcome) {
            Subject::Status => (About::Status, self.causes.other_status(outcome)),
            Subject::Code(code) => (About::Code, self.code_lie(outcome, code)),
            Subject::Header(name) => {
                let name = name.replace('_', "-");
                (About::Header(name.clone()), self.unless_may(Lie::Header { name, value: None }))
            }
            Subject::Body => (About::Body, body_lie(outcome).and_then(|lie| self.unless_may(lie))),
            Subject::Field(name) => self.field_lie(outcome, name),
            Subject::Cause => (About::Cause, self.causes.of_cause()),
        };
        let breach = lie.map(|lie| Breach { answer: self.row.id, lie });
        Some(self.stake(clause, id, about, outcome, breach))
    }

    /// The stake of a clause that the row cites, where this branch came; none in an answer of which it does not speak.
    fn in_row(&self, clause: &str, branch: &Branch) -> Option<Stake> {
        let id = ClauseId::parse(clause)?;
        let outcome = &self.operation[branch.outcome];
        if id.status().is_some_and(|status| !status.is_of(outcome)) {
            return None;
        }
        if id.is_effect() && !branch.leads.is_empty() {
            return Some(self.effect(clause, id, branch));
        }
        let (about, lie) = match id.in_row() {
            Subject::Code(_) => (About::Code, self.causes.of_cause()),
            _ if id.is_request() => (About::Request, self.causes.of_request()),
            _ => (About::Cause, self.causes.of_cause()),
        };
        let breach = lie.map(|lie| Breach { answer: self.row.id, lie });
        Some(self.stake(clause, id, about, outcome, breach))
    }

    fn stake(&self, clause: &str, id: ClauseId<'_>, about: About, outcome: &Outcome, breach: Option<Breach>) -> Stake {
        let (clause, status) = (clause.to_owned(), id.status());
        Stake { clause, about, row: self.row.id, outcome: outcome.id, status, reads: Vec::new(), breach }
    }

    /// The stake of a clause on the state afterwards: the reads that show it, and one that answers as for another state.
    fn effect(&self, clause: &str, id: ClauseId<'_>, branch: &Branch) -> Stake {
        let seen_by = self.row.seen_by.get(clause);
        let reads = branch.leads.iter().flat_map(|(resource, state)| self.vendor.reads(resource, state));
        let mut shown = Vec::new();
        let mut breach = None;
        for read in reads {
            let operation = &self.vendor[read.row.operation];
            if seen_by.is_some_and(|seen_by| *seen_by != operation.name) {
                continue;
            }
            let other = read.others.iter().find(|other| {
                let theirs = operation.outcomes_of(&self.vendor[**other]).next();
                let mut own = operation.outcomes_of(&self.vendor[read.row]);
                theirs.is_some_and(|theirs| own.all(|own| clashes(own, theirs)))
            });
            if let Some(other) = other {
                shown.push(read.row);
                breach.get_or_insert(Breach { answer: read.row, lie: Lie::Row(*other) });
            }
        }
        let outcome = &self.operation[branch.outcome];
        Stake { reads: shown, ..self.stake(clause, id, About::Effect, outcome, breach) }
    }

    fn field_lie(&self, outcome: &Outcome, name: &str) -> (About, Option<Lie>) {
        let Promise::Json(shape) = &outcome.body else { return (About::Body, None) };
        let lie = named_lie(&shape.schema, name);
        let pointer = match &lie {
            Some(Lie::Field { pointer, .. }) => pointer.clone(),
            _ => format!("/{name}"),
        };
        let lie = if self.row.may { self.causes.instead_at(outcome, &pointer) } else { lie };
        (About::Field(pointer), lie)
    }

    /// An answer with another error code.
    fn code_lie(&self, outcome: &Outcome, code: &str) -> Option<Lie> {
        if self.row.may {
            return self.causes.of_cause();
        }
        let other = |schema: &Value| refused_value(schema).unwrap_or_else(|| json!("something_else"));
        match (&outcome.code, &outcome.body) {
            (Some(CodePlace::Header(name)), _)
                if outcome.headers.keys().any(|known| known.eq_ignore_ascii_case(name)) =>
            {
                Some(Lie::Header { name: name.clone(), value: Some("something_else".to_owned()) })
            }
            // Of no item of a list is it the code where there is none.
            (Some(CodePlace::Body(pointer)), Promise::Json(_)) if pointer.contains("/*") => {
                let list = pointer.split("/*").next().unwrap_or_default();
                Some(Lie::Field { pointer: list.to_owned(), value: Some(json!([])) })
            }
            (Some(CodePlace::Body(pointer)), Promise::Json(shape)) if place_at(&shape.schema, pointer).is_some() => {
                let value = place_at(&shape.schema, pointer).map(|place| other(place.schema));
                Some(Lie::Field { pointer: pointer.clone(), value })
            }
            (_, Promise::Json(shape)) => every_place(&shape.schema)
                .into_iter()
                .find(|place| place.schema.get("const").is_some_and(|constant| constant == code))
                .and_then(|place| place.lie()),
            _ => None,
        }
    }

    /// A lie, unless another answer than documented is no violation in this row.
    fn unless_may(&self, lie: Lie) -> Option<Lie> {
        if self.row.may { self.causes.of_cause() } else { Some(lie) }
    }
}

/// Has a second clause on a field broken by a value of another type, which breaks whatever is said of the field.
fn take_other_lie(stake: &mut Stake, outcome: &Outcome) {
    let Promise::Json(shape) = &outcome.body else { return };
    if let Some(Breach { lie: Lie::Field { pointer, value: value @ Some(_) }, .. }) = &mut stake.breach
        && let Some(other) = place_at(&shape.schema, pointer).and_then(|place| value_of_other_type(place.schema))
    {
        *value = Some(other);
    }
}

/// Another body as a whole.
fn body_lie(outcome: &Outcome) -> Option<Lie> {
    match &outcome.body {
        Promise::Nothing => None,
        Promise::Empty => Some(Lie::Body("something else")),
        Promise::Text => Some(Lie::Body("")),
        Promise::Json(_) => Some(Lie::Body("no JSON")),
    }
}
