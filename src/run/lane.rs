//! One case on its way: bring its condition about, send its request, judge the answer, look at the state afterwards.

use crate::contract::case::{Case, Step};
use crate::contract::condition::{Draft, IdSource, right_state};
use crate::contract::template::{Template, plain, resolve_value};
use crate::contract::{Body, Operation, Outcome, Row, RowId, Vendor};
use crate::http::exchange::{Exchange, Response};
use crate::http::retry::Policy;
use crate::http::send::Connection;
use crate::judge::check::{Finding, parse};
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::build::{self, Unbuildable};
use crate::run::engine::Engine;
use crate::run::event::Purpose;
use crate::run::mark::Mark;
use crate::run::minted::learn_minted;
use crate::run::ours::Ours;
use crate::run::party::{Charge, Party, Spare};
use crate::run::replay::Replay;
use crate::run::scope::{Held, Scope};
use crate::run::snapshot::Snapshot;
pub(crate) use crate::run::stop::Stop;
use crate::run::told::Observed;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

/// A case while it runs.
pub(crate) struct Lane<'r, 'a> {
    /// The run.
    pub engine: &'r Engine<'a>,
    /// The vendor.
    pub party: &'r Party<'a>,
    /// What references stand for.
    pub scope: Scope<'r>,
    /// The mark that the last request carried which may have made something, if it carried one.
    pub(super) carried: Option<Mark>,
    /// What was exchanged so far.
    pub observed: Vec<Observed>,
    /// Things worth knowing that change no verdict.
    pub notes: Vec<String>,
    /// What was made and may have to be removed, oldest first.
    pub made: Vec<Made>,
    /// The case's own exchange in its canonical form.
    pub seen: Option<Snapshot>,
    /// What was drawn or supplied for ids and not told with an exchange yet.
    pub given: BTreeMap<String, Value>,
    /// The saved exchanges that answer in place of the vendor, where a saved run is judged again.
    pub(super) replay: Option<Replay>,
}

/// A resource that the run has made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The kind of resource.
    pub resource: String,
    /// The resource, in the state it was left in.
    pub held: Held,
    /// What was at hand when it was made: the resources inside which it lives.
    pub around: Vec<(String, Held)>,
    /// How it is known to be ours.
    pub(super) ours: Ours,
}

/// A row of a vendor's operation, at hand.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) row: &'a Row,
}

impl<'a> Target<'a> {
    pub(crate) fn of(vendor: &'a Vendor, row: RowId) -> Self {
        Self { operation: &vendor[row.operation], row: &vendor[row] }
    }

    /// The outcome at a position of the row's `then`.
    pub(super) fn outcome(&self, index: usize) -> Option<&'a Outcome> {
        self.operation.outcomes_of(self.row).nth(index)
    }

    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.operation.name, self.row.name)
    }

    /// Whether the row may make a resource that the URL does not name.
    fn creates(&self) -> bool {
        let led = self.row.then.iter().flat_map(|branch| branch.leads.keys());
        led.into_iter().any(|resource| !self.operation.binds.contains(resource))
    }
}

impl<'r, 'a> Lane<'r, 'a> {
    /// A lane for a vendor, with nothing done.
    pub(crate) fn new(engine: &'r Engine<'a>, party: &'r Party<'a>) -> Self {
        let mut scope = Scope::new(party);
        scope.mark = Some(engine.mark());
        let (observed, notes, made) = (Vec::new(), Vec::new(), Vec::new());
        let (carried, seen, given, replay) = (None, None, BTreeMap::new(), None);
        Self { engine, party, scope, carried, observed, notes, made, seen, given, replay }
    }

    /// Brings the case's condition about: every id that its request needs is at hand afterwards.
    pub(super) async fn arrange(&mut self, case: &Case) -> Result<(), Stop> {
        for resource in &self.party.vendor[case.row.operation].binds {
            if let Some(source) = case.draft.ids.get(resource) {
                self.supply(resource, source).await?;
            }
        }
        Ok(())
    }

    /// Puts a resource at hand.
    async fn supply(&mut self, resource: &str, source: &IdSource) -> Result<(), Stop> {
        match source {
            IdSource::Made(text) => {
                self.drawn_before(resource, text).iter().for_each(|drawn| self.scope.recall(drawn));
                self.scope.renew();
                let id =
                    Template::parse(text).text(&self.scope).map_err(|error| Stop::from(Unbuildable::from(error)))?;
                let drawn = self.scope.drawn().into_iter().map(|(name, value)| (format!("{resource}: {name}"), value));
                self.given.extend(drawn);
                self.scope.held.insert(resource.to_owned(), Held { id, ..Held::default() });
                Ok(())
            }
            IdSource::State(state) => self.reach(resource, state).await,
            IdSource::Foreign(credential) => {
                self.scope.acting = Some(credential.clone());
                let reached = self.right(resource).await;
                self.scope.acting = None;
                reached
            }
            IdSource::Misplaced => {
                self.right(resource).await?;
                let parent =
                    self.party.vendor.file.resources.get(resource).and_then(|resource| resource.parent.clone());
                let parent = parent.unwrap_or_default();
                self.right(&parent).await
            }
        }
    }

    async fn right(&mut self, resource: &str) -> Result<(), Stop> {
        let state = right_state(self.party.vendor, resource).unwrap_or_default().to_owned();
        self.reach(resource, &state).await
    }

    /// Puts a resource in a state at hand: the engineer's own, the canary's, or one made for this case.
    async fn reach(&mut self, resource: &str, state: &str) -> Result<(), Stop> {
        let fixture = self.party.vendor.file.resources.get(resource).and_then(|resource| resource.fixtures.get(state));
        let id = fixture.and_then(|variable| match &self.replay {
            Some(_) => self.supplied_before(resource),
            None => self.party.fixtures.get(variable).cloned(),
        });
        if let Some(id) = id {
            self.given.insert(format!("{resource}.id"), Value::String(id.clone()));
            let held = Held { id, state: state.to_owned(), ..Held::default() };
            self.scope.held.insert(resource.to_owned(), held);
            return Ok(());
        }
        let way = self.party.vendor.ways().to(resource, state).unwrap_or_default().to_vec();
        let mut steps = way.iter();
        if self.take_spare(resource) {
            steps.next();
        }
        for step in steps {
            Box::pin(self.step(resource, step)).await?;
        }
        match self.scope.held.get(resource) {
            Some(held) if held.state == state => Ok(()),
            _ => Err(Stop::new(Verdict::Undetermined, format!("no documented row leads a {resource} to `{state}`"))),
        }
    }

    /// Takes what the canary made, if it is such a resource of ours.
    fn take_spare(&mut self, resource: &str) -> bool {
        if self.scope.acting.is_some() || self.replay.is_some() {
            return false;
        }
        let mut spare = self.party.spare.borrow_mut();
        match spare.take() {
            Some(Spare { made, observed }) if made.resource == resource => {
                // To this case it is what brings its condition about, as a request of its own would have been.
                self.observed.push(Observed { purpose: Purpose::Arrange, ..observed });
                self.scope.held.insert(made.resource.clone(), made.held.clone());
                self.made.push(made);
                true
            }
            other => {
                *spare = other;
                false
            }
        }
    }

    /// Takes one step of a way. It holds when its status and captures hold; what else departs in it is charged to its own row.
    pub(super) async fn step(&mut self, resource: &str, step: &Step) -> Result<(), Stop> {
        let target = Target::of(self.party.vendor, step.row);
        for (other, source) in step.draft.ids.iter().filter(|(other, _)| *other != resource) {
            if !self.scope.held.contains_key(other) {
                self.supply(other, source).await?;
            }
        }
        self.scope.mark = Some(self.engine.mark());
        let exchange = self.send(target, &step.draft).await?;
        // Capture comes first, since what is judged may speak of what was captured.
        let captured = exchange
            .response()
            .map_or(Ok(()), |response| self.capture(target, &step.draft, resource, &step.state, response));
        let held = match &exchange.result {
            Ok(response) => self.held_branch(target, &exchange, response, &step.state, resource),
            Err(failure) => Err(Stop::new(Verdict::Environment, format!("{}: {failure}", target.name()))),
        };
        let followed = match &held {
            Ok(_) => captured.map(|()| self.lead_on(target, resource, &step.state)),
            Err(stop) => Err(stop.clone()),
        };
        self.keep(Purpose::Arrange, target, exchange);
        if let Ok(Some(findings)) = held {
            self.charge(target, findings);
        }
        followed?;
        self.confirm(target).await
    }

    /// The findings with which a step's answer still holds; an error where it does not.
    fn held_branch(
        &self,
        target: Target<'_>,
        exchange: &Exchange,
        response: &Response,
        state: &str,
        resource: &str,
    ) -> Result<Option<Vec<Finding>>, Stop> {
        let leads =
            |index: usize| target.row.then.get(index).and_then(|branch| branch.leads.get(resource)).map(String::as_str);
        let name = target.name();
        match self.engine.judge.judge_answer(target.row, response, &self.scope) {
            Judgement::Matches(index) if leads(index) == Some(state) => Ok(None),
            Judgement::Matches(index) => {
                let outcome = target.outcome(index).map_or("", |outcome| outcome.name.as_str());
                Err(Stop::new(
                    Verdict::Undetermined,
                    format!("{name} answered `{outcome}`, which does not lead to `{state}`"),
                ))
            }
            // Where only the body tells, what is already done looks like a departure of the step itself.
            _ if self.already(target, exchange, resource) => Ok(None),
            Judgement::Departs { findings, nearest }
                if leads(nearest) == Some(state) && !findings.iter().any(|finding| finding.place == "status") =>
            {
                Ok(Some(findings))
            }
            Judgement::Overloaded { status, .. } => Err(Stop::new(
                Verdict::Environment,
                format!("{name} answered {status} while the condition was brought about"),
            )),
            Judgement::Broken(_, why) => Err(Stop::new(Verdict::Environment, format!("{name}: {why}"))),
            Judgement::Departs { .. } => Err(Stop::new(
                Verdict::Undetermined,
                format!("{name} answered {} while the condition was brought about", response.status),
            )),
        }
    }

    /// Whether an answer is that of a request whose first try did its deed although its answer was lost.
    pub(super) fn already(&self, target: Target<'_>, exchange: &Exchange, resource: &str) -> bool {
        let Some(response) = exchange.response().filter(|_| exchange.may_have_acted_before()) else { return false };
        let led = target.row.then.iter().filter_map(|branch| branch.leads.get(resource));
        led.into_iter().any(|state| {
            let due = target.operation.rows.values().filter(|row| {
                row.when.0.len() == 1
                    && row.when.0.get(resource).is_some_and(|value| names(value).contains(&state.as_str()))
            });
            due.into_iter().any(|row| self.engine.judge.accepts(row, response, &self.scope))
        })
    }

    /// Changes the state of a resource that the request names.
    pub(super) fn lead_on(&mut self, target: Target<'_>, resource: &str, state: &str) {
        let bound = target.operation.binds.iter().any(|bound| bound == resource);
        if let Some(held) = self.scope.held.get_mut(resource).filter(|_| bound) {
            state.clone_into(&mut held.state);
            let id = held.id.clone();
            self.engine.ledger.moved(&self.party.vendor.name, resource, &id, state);
            self.made
                .iter_mut()
                .filter(|made| made.held.id == id)
                .for_each(|made| state.clone_into(&mut made.held.state));
        }
    }

    /// Puts what a request has made at hand, with what its answer is captured for.
    pub(super) fn capture(
        &mut self,
        target: Target<'_>,
        draft: &Draft,
        resource: &str,
        state: &str,
        response: &Response,
    ) -> Result<(), Stop> {
        if target.operation.binds.iter().any(|bound| bound == resource) {
            return Ok(());
        }
        let body: Value = parse(&response.body).value().unwrap_or_default();
        let captured: HashMap<String, Value> = target
            .row
            .capture
            .iter()
            .filter_map(|(name, pointer)| Some((name.clone(), body.pointer(pointer)?.clone())))
            .collect();
        let id = captured.get("id").map(plain).unwrap_or_default();
        if id.is_empty() || !self.party.is_id(resource, &id) {
            let reason = format!("{} gave no id of a {resource}: `{id}`", target.name());
            return Err(Stop::new(Verdict::Undetermined, reason));
        }
        let sent = match &*draft.body {
            Body::Json(body) => resolve_value(body, &self.scope).unwrap_or_default(),
            Body::Form(fields) => fields
                .iter()
                .map(|(name, text)| (name.clone(), Template::parse(text).resolve(&self.scope).unwrap_or_default()))
                .collect(),
            _ => Value::Null,
        };
        let held = Held { id, captured, sent, state: state.to_owned(), account: self.scope.acting.clone() };
        let around = self.scope.held.iter().map(|(name, held)| (name.clone(), held.clone())).collect();
        self.scope.held.insert(resource.to_owned(), held.clone());
        if (200..300).contains(&response.status) {
            let ours = self.answered_with(target, resource, &held.id, &body)?;
            self.made.push(Made { resource: resource.to_owned(), held, around, ours });
        }
        Ok(())
    }

    /// Builds and sends a request.
    pub(crate) async fn send(&mut self, target: Target<'_>, draft: &Draft) -> Result<Exchange, Stop> {
        if let Some(replay) = self.replay.take() {
            let answered = self.answered_before(&replay, target, draft);
            self.replay = Some(replay);
            return answered;
        }
        let request = build::request(self.party.vendor, target.operation, draft, &self.party.destination, &self.scope)?;
        let flight = self.intend(target, &request).await?;
        let creates = target.creates();
        let keyed = request.headers.get("idempotency-key").is_some();
        let settings = self.engine.settings;
        let policy = Policy {
            retry: &settings.retry,
            pace: self.party.pace.as_ref(),
            repeatable: !creates || keyed,
            until: self.engine.until.get(),
        };
        let connection = if creates { Connection::Fresh } else { Connection::Kept };
        let (judge, scope) = (&self.engine.judge, &self.scope);
        let accepts = |response: &Response| {
            response.status < 500 && response.status != 429 || judge.accepts(target.row, response, scope)
        };
        let exchange = self.engine.sender.exchange(request, connection, &policy, accepts).await;
        learn_minted(self.engine.teller.redactor, target, &exchange);
        self.engine.count(1 + exchange.earlier.len());
        if let Some(flight) = flight {
            self.land(flight, target, &exchange).await;
        }
        Ok(exchange)
    }

    /// Keeps an exchange for the telling.
    pub(super) fn keep(&mut self, purpose: Purpose, target: Target<'_>, mut exchange: Exchange) {
        let started = SystemTime::now().checked_sub(exchange.took).unwrap_or(SystemTime::UNIX_EPOCH);
        let shown = target.operation.shown(target.row);
        let long = self.engine.teller.take_long(&mut exchange, &shown);
        let mut drawn = std::mem::take(&mut self.given);
        drawn.extend(self.scope.drawn());
        self.observed.push(Observed { purpose, step: target.name(), started, exchange, long, drawn, shown });
    }

    /// Charges a departure to its own row, once a run.
    pub(super) fn charge(&self, target: Target<'_>, findings: Vec<Finding>) {
        if let Some(last) = self.observed.last() {
            self.charge_by(last, target, findings);
        }
    }

    /// The same, by what showed it.
    pub(crate) fn charge_by(&self, observed: &Observed, target: Target<'_>, findings: Vec<Finding>) {
        let charge = || Charge { seen_in: String::new(), findings, exchange: self.engine.teller.exchange(observed) };
        self.party.charges.borrow_mut().entry(target.row.id).or_insert_with(charge);
    }
}

pub(super) fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::String(name) => vec![name],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
