//! One case's own state while it runs: its way to the vendor, what it has exchanged and what it has made.

use crate::contract::condition::Draft;
use crate::contract::template::{Template, plain, resolve_value};
use crate::contract::{Body, Row, RowId};
use crate::http::exchange::{Exchange, Response};
use crate::judge::check::{Finding, FindingCode, parse};
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::judged_steps::{judged_step, things};
use crate::run::made::{Made, confirm_made, remove_made};
use crate::run::ownership::Ownership;
use crate::run::party::{Party, Spare};
use crate::run::run_context::RunContext;
use crate::run::saved_exchanges::SavedExchanges;
use crate::run::scope::{Held, Scope};
use crate::run::snapshot::Snapshot;
use crate::run::target_row::TargetRow;
use crate::run::transcript::Transcript;
use crate::run::vendor_client::VendorClient;
use serde_json::Value;

/// The beginning of the note of a case that began anew.
pub(super) const BEGUN_ANEW: &str = "begun anew with fresh things";

/// One case while it runs.
pub(crate) struct Lane<'r, 'a> {
    /// The way to the vendor.
    pub(crate) client: VendorClient<'r, 'a>,
    /// The exchanges so far.
    pub(crate) transcript: Transcript,
    /// The resources that were made and may have to be removed, oldest first.
    pub(crate) made: Vec<Made>,
    /// The row for whose request things are arranged.
    pub(super) row: Option<RowId>,
    /// The case's own exchange in its canonical form.
    pub(super) canonical: Option<Snapshot>,
    /// The thing that the case before has handed on, until it is used.
    pub(super) handed: Option<Spare>,
    /// The case that was about the same thing before, once it is used.
    pub(super) served_before: Option<String>,
}

impl<'r, 'a> Lane<'r, 'a> {
    /// A lane to a vendor, with nothing done.
    pub(crate) fn new(run: &'r RunContext<'a>, party: &'r Party<'a>) -> Self {
        let client = VendorClient::new(run, party);
        let (row, handed, served_before) = (None, None, None);
        Self {
            client,
            transcript: Transcript::default(),
            made: Vec::new(),
            row,
            canonical: None,
            handed,
            served_before,
        }
    }

    /// Begins anew, and notes why.
    pub(super) async fn begin_anew(&mut self, why: &str) {
        self.forget().await;
        self.transcript.notes.push(format!("{BEGUN_ANEW}: {why}"));
    }

    /// Removes what was made, and forgets everything but whose case it is, its notes, and that it has sent something.
    pub(super) async fn forget(&mut self) {
        self.remove_made().await;
        let Transcript { case, notes, .. } = std::mem::take(&mut self.transcript);
        let has_sent = self.client.has_sent;
        *self = Self::new(self.client.run, self.client.party);
        self.client.has_sent = has_sent;
        self.transcript = Transcript { case, notes, ..Transcript::default() };
    }

    /// Judges the answer to a row's request; where the run is explained, what that is derived from is noted.
    pub(super) fn judge(&mut self, target: TargetRow<'_>, exchange: &Exchange) -> Judgement {
        let VendorClient { run, scope, saved, .. } = &self.client;
        let judgement = run.judge.judge(target.row, exchange, scope);
        if run.reporter.takes_steps() {
            let position = saved.as_ref().map_or(self.transcript.observed.len(), SavedExchanges::last);
            let step = judged_step(&self.client, target, exchange, &judgement, position);
            self.transcript.judged.push(step);
        }
        judgement
    }

    /// Notes the things that the case's own request is about, where the run is explained.
    pub(super) fn note_things(&mut self) {
        if self.client.run.reporter.takes_steps() {
            self.transcript.things = things(&self.client);
        }
    }

    /// Returns whether the row for which things are arranged leads a resource on.
    pub(super) fn is_moved(&self, resource: &str) -> bool {
        let row = self.row.map(|row| &self.client.party.vendor[row]);
        row.is_some_and(|row| row.then.iter().any(|branch| branch.leads.contains_key(resource)))
    }

    /// Keeps an exchange, to be reported.
    pub(super) fn keep(&mut self, purpose: Purpose, target: TargetRow<'_>, exchange: Exchange) {
        self.transcript.keep(&self.client, purpose, target, exchange);
        for (row, message) in std::mem::take(&mut self.transcript.given_again) {
            let place = target.row.capture.get("id").map_or("body", String::as_str);
            let finding = repeated_id(&self.client.party.vendor[row], place, message);
            self.transcript.charge(&self.client, row, vec![finding]);
        }
    }

    /// Charges the last exchange's departures to its own row, once a run.
    pub(super) fn charge(&self, target: TargetRow<'_>, findings: Vec<Finding>) {
        self.transcript.charge(&self.client, target.row.id, findings);
    }

    /// Notes an id that a create has given; one that it has given before in this run is no new thing's.
    fn note_given(&mut self, target: TargetRow<'_>, resource: &str, id: &str) {
        let is_new = self.client.party.given.borrow_mut().insert((resource.to_owned(), id.to_owned()));
        if !is_new && self.client.saved.is_none() && !self.client.run.reporter.takes_trials() {
            self.transcript
                .given_again
                .push((target.row.id, format!("the {resource} {id} was given before in this run")));
        }
    }

    /// Notes what the last exchange departs in from what no page says; a trial is told of it as of a charge.
    pub(super) fn note_inferred(&self, target: TargetRow<'_>, findings: Vec<Finding>) {
        let VendorClient { run, party, .. } = &self.client;
        if run.reporter.takes_trials() && !findings.is_empty() {
            return self.charge(target, findings);
        }
        run.reporter.note_inferred(&self.transcript.case, &party.vendor.name, &findings);
    }

    /// Reads what was made and not shown with its mark.
    pub(crate) async fn confirm(&mut self, target: TargetRow<'_>) -> Result<(), EarlyEnd> {
        confirm_made(&mut self.client, &mut self.made, target).await
    }

    /// Removes what was made.
    pub(crate) async fn remove_made(&mut self) {
        remove_made(&mut self.client, &mut self.transcript, &mut self.made).await;
    }

    /// Changes the state of a resource that the request names.
    pub(super) fn lead_on(&mut self, target: TargetRow<'_>, resource: &str, state: &str) {
        let VendorClient { run, party, scope, .. } = &mut self.client;
        if let Some(held) = scope.held.get_mut(resource).filter(|_| target.binds(resource)) {
            state.clone_into(&mut held.state);
            run.ledger.moved(&party.vendor.name, resource, &held.id, state);
            let same = self.made.iter_mut().filter(|made| made.held.id == held.id);
            same.for_each(|made| state.clone_into(&mut made.held.state));
        }
    }

    /// Holds what a request has made, with what its answer is captured for.
    pub(super) fn capture(
        &mut self,
        target: TargetRow<'_>,
        draft: &Draft,
        resource: &str,
        state: &str,
        response: &Response,
    ) -> Result<(), EarlyEnd> {
        if target.binds(resource) {
            return Ok(());
        }
        let body = parse(&response.body).value().unwrap_or(Value::Null);
        let captured = target.row.capture.iter();
        let captured = captured.filter_map(|(name, pointer)| Some((name.clone(), body.pointer(pointer)?.clone())));
        let mut held = Held { captured: captured.collect(), ..Held::default() };
        held.id = held.captured.get("id").map_or_else(String::new, plain);
        if held.id.is_empty() || !self.client.party.is_id(resource, &held.id) {
            let reason = format!("{} gave no id of a {resource}: `{}`", target.name(), held.id);
            return Err(EarlyEnd::new(Verdict::Undetermined, reason));
        }
        self.note_given(target, resource, &held.id);
        held.sent = sent_body(draft, &self.client.scope);
        state.clone_into(&mut held.state);
        held.account.clone_from(&self.client.scope.acting);
        let scope = &mut self.client.scope;
        let around = scope.held.iter().map(|(name, held)| (name.clone(), held.clone())).collect();
        scope.held.insert(resource.to_owned(), held.clone());
        if (200..300).contains(&response.status) {
            let ownership = Ownership::by_answer(&self.client, target, resource, &held.id, &body)?;
            if self.client.saved.is_none() && !self.client.party.destination.embedded {
                self.client.run.count_thing();
            }
            self.made.push(Made { resource: resource.to_owned(), held, around, ownership });
        }
        Ok(())
    }
}

/// The departure of an id that is not a new thing's.
fn repeated_id(row: &Row, place: &str, message: String) -> Finding {
    Finding::of_row(FindingCode::FieldValue, row.at.child("capture"), place, message)
}

/// The body that a request was sent with, as far as it has fields.
fn sent_body(draft: &Draft, scope: &Scope<'_>) -> Value {
    match &*draft.body {
        Body::Json(body) => resolve_value(body, scope).unwrap_or(Value::Null),
        Body::Form(fields) => fields
            .iter()
            .map(|(name, text)| (name.clone(), Template::parse(text).resolve(scope).unwrap_or(Value::Null)))
            .collect(),
        _ => Value::Null,
    }
}
