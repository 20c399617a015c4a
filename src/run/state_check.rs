//! The reads after a case's own request: they show whether the vendor's state is what the row leads to.

use crate::contract::Row;
use crate::contract::case::Read;
use crate::contract::template::Template;
use crate::http::exchange::Exchange;
use crate::judge::check::{Finding, FindingCode};
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::case_end::CaseEnd;
use crate::run::early_end::EarlyEnd;
use crate::run::event::Purpose;
use crate::run::fresh_start::FreshStart;
use crate::run::lane::Lane;
use crate::run::scope::Held;
use crate::run::target_row::TargetRow;

/// The reads after a row's request.
pub(super) struct StateCheck<'l, 'r, 'a> {
    lane: &'l mut Lane<'r, 'a>,
    row: &'l Row,
    end: CaseEnd,
}

/// A resource, and the state in which a read has to show it.
#[derive(Clone, Copy)]
struct Expected<'s> {
    resource: &'s str,
    id: &'s str,
    state: &'s str,
}

impl<'l, 'r, 'a> StateCheck<'l, 'r, 'a> {
    /// A check of the state that a row leads to, where its request came to this end.
    pub(super) fn new(lane: &'l mut Lane<'r, 'a>, row: &'l Row, end: CaseEnd) -> Self {
        Self { lane, row, end }
    }

    /// Calls the reads that have a row for the state in which each resource has to be now.
    pub(super) async fn check(mut self, target: TargetRow<'_>, made: Vec<String>) -> CaseEnd {
        for resource in target.operation.binds.iter().chain(&made) {
            let held = self.lane.client.scope.held.get(resource).filter(|held| !held.state.is_empty());
            if let Some(held) = held.cloned() {
                self.check_resource(resource, &held).await;
            }
        }
        self.end
    }

    async fn check_resource(&mut self, resource: &str, held: &Held) {
        let expected = Expected { resource, id: &held.id, state: &held.state };
        if held.account.is_some() && self.lane.client.scope.acting.is_none() {
            self.check_state(Expected { state: "foreign", ..expected }).await;
            self.lane.client.scope.acting.clone_from(&held.account);
            self.check_state(expected).await;
            self.lane.client.scope.acting = None;
        } else if let Some((parent, own)) = self.home(resource, held) {
            self.check_state(Expected { state: "misplaced", ..expected }).await;
            // Inside the parent that it was made in, it has to be as it was.
            let asked = self.lane.client.scope.held.insert(parent.clone(), own);
            self.check_state(expected).await;
            asked.map(|asked| self.lane.client.scope.held.insert(parent, asked));
        } else {
            self.check_state(expected).await;
        }
    }

    /// The parent in which a resource was made, by its name, where the scope holds another one.
    fn home(&self, resource: &str, held: &Held) -> Option<(String, Held)> {
        let parent = self.lane.client.party.vendor.file.resources.get(resource)?.parent.as_ref()?;
        let made = self.lane.made.iter().find(|made| made.resource == resource && made.held.id == held.id)?;
        let (_, own) = made.around.iter().find(|(name, _)| name == parent)?;
        let asked = self.lane.client.scope.held.get(parent)?;
        (asked.id != own.id).then(|| (parent.clone(), own.clone()))
    }

    async fn check_state(&mut self, expected: Expected<'_>) {
        for read in self.lane.client.party.vendor.reads(expected.resource, expected.state) {
            let Err(EarlyEnd { verdict, reason, fresh_start }) = self.call_read(read, expected).await else { continue };
            if verdict == Verdict::Skipped {
                self.lane.transcript.notes.push(reason);
            } else if self.end.verdict == Verdict::Conforms {
                self.end.verdict = verdict;
                self.end.reason = Some(reason);
                self.end.fresh_start = fresh_start;
            }
        }
    }

    /// Calls one read. An answer of another state's row charges the row just run; one of no row at all charges the read.
    async fn call_read(&mut self, read: &Read, expected: Expected<'_>) -> Result<(), EarlyEnd> {
        let target = TargetRow::of(self.lane.client.party.vendor, read.row);
        let name = target.name();
        if target.operation.has_captured_url() && !self.is_handed_out(&target.operation.url) {
            let why = format!("{name} was not looked at: no URL was handed out for it");
            return Err(EarlyEnd::new(Verdict::Skipped, why));
        }
        let exchange = self.lane.client.send(target, &read.draft).await?;
        let judgement = self.lane.client.run.judge.judge(target.row, &exchange, &self.lane.client.scope);
        let other = match judgement {
            Judgement::Departs { .. } => self.row_of_other_state(target, read, &exchange),
            _ => None,
        };
        self.lane.keep(Purpose::Read, target, exchange);
        let (why, fresh_start) = match (judgement, other) {
            (Judgement::Matches(_), _) => return Ok(()),
            (Judgement::Departs { .. }, Some(other)) => {
                self.charge_row(target, other, expected);
                return Ok(());
            }
            (Judgement::Departs { findings, .. }, None) => {
                self.lane.charge(target, findings);
                return Ok(());
            }
            (Judgement::Overloaded { status, .. }, _) => {
                (format!("{name} answered {status}"), FreshStart::after_status(status, false))
            }
            (Judgement::Broken(_, why), _) => (format!("{name}: {why}"), None),
        };
        let why = format!("{why}, so the state afterwards is not known");
        Err(EarlyEnd { fresh_start, ..EarlyEnd::new(Verdict::Environment, why) })
    }

    /// The row for another state of the resource that an answer to a read is of.
    fn row_of_other_state<'t>(&self, target: TargetRow<'t>, read: &Read, exchange: &Exchange) -> Option<&'t Row> {
        let client = &self.lane.client;
        let response = exchange.response()?;
        let mut others = read.others.iter().map(|other| &target.operation[*other]);
        others.find(|other| client.run.judge.accepts(other, response, &client.scope))
    }

    /// Charges the row just run with a state that it does not lead to.
    fn charge_row(&mut self, target: TargetRow<'_>, other: &Row, expected: Expected<'_>) {
        let Expected { resource, id, state } = expected;
        let message = format!(
            "afterwards {} answers as its row `{}`, but the {resource} {id} is due to be `{state}`, as its row `{}`",
            target.operation.name, other.name, target.row.name
        );
        self.end.verdict = Verdict::Violates;
        self.end.findings.push(state_finding(self.row, message));
    }

    /// Returns whether the vendor has handed out the URL that an operation's URL refers to.
    fn is_handed_out(&self, url: &str) -> bool {
        Template::parse(url).text(&self.lane.client.scope).is_ok()
    }
}

/// The departure of a state from what a row leads to.
pub(crate) fn state_finding(row: &Row, message: String) -> Finding {
    let leads = row.then.iter().any(|branch| !branch.leads.is_empty());
    let at = if leads { row.at.child("leads") } else { row.at.clone() };
    let clause = row.cites.iter().find(|clause| clause.starts_with("effects.")).or_else(|| row.cites.first()).cloned();
    let place = "state".to_owned();
    Finding { code: FindingCode::State, message, place, at, clause, expected: None, actual: None, hidden: false }
}
