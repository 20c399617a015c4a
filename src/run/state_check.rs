//! The reads after a case's own request: they show whether the vendor's state is what the row leads to.

use crate::contract::case::{Case, Read};
use crate::contract::stake::Stake;
use crate::contract::template::Template;
use crate::contract::{Row, RowId};
use crate::judge::check::{Finding, FindingCode};
use crate::judge::verdict::Verdict;
use crate::run::case_end::CaseEnd;
use crate::run::destination::host_of;
use crate::run::early_end::EarlyEnd;
use crate::run::event::{Purpose, UncheckedInfo};
use crate::run::fresh_start::FreshStart;
use crate::run::lane::Lane;
use crate::run::state_control::{Control, SuppliedReads, read_before};
use crate::run::state_sight::{StateSight, weigh_read};
use crate::run::state_view::{StateView, views};
use crate::run::target_row::TargetRow;

/// The reads after a row's request.
pub(super) struct StateCheck<'l, 'r, 'a> {
    lane: &'l mut Lane<'r, 'a>,
    case: &'l Case,
    row: &'l Row,
    end: CaseEnd,
    /// The reads that were right before the request, of what the user supplies.
    before: SuppliedReads,
}

impl<'l, 'r, 'a> StateCheck<'l, 'r, 'a> {
    /// A check of the state that a case's row leads to, where its request came to this end.
    pub(super) fn new(lane: &'l mut Lane<'r, 'a>, case: &'l Case, before: SuppliedReads, end: CaseEnd) -> Self {
        let row = &lane.client.party.vendor[case.row];
        Self { lane, case, row, end, before }
    }

    /// Calls the reads that have a row for the state in which each resource has to be now.
    pub(super) async fn check(mut self, target: TargetRow<'_>, made: Vec<String>) -> CaseEnd {
        for resource in target.operation.binds.iter().chain(&made) {
            for view in views(self.lane, Some(self.case), resource) {
                self.check_view(&view, made.contains(resource)).await;
            }
        }
        self.end
    }

    async fn check_view(&mut self, view: &StateView, is_made: bool) {
        for read in self.lane.client.party.vendor.reads(&view.resource, &view.state) {
            match self.call_read(read, view, is_made).await {
                Ok(()) => {}
                Err(EarlyEnd { verdict: Verdict::Skipped, reason, .. }) => self.lane.transcript.notes.push(reason),
                Err(EarlyEnd { verdict, reason, fresh_start }) => self.fail(verdict, reason, fresh_start),
            }
        }
    }

    /// Ends the case another way than it conforms, unless it has ended so already.
    fn fail(&mut self, verdict: Verdict, reason: String, fresh_start: Option<FreshStart>) {
        if self.end.verdict == Verdict::Conforms {
            self.end.verdict = verdict;
            self.end.reason = Some(reason);
            self.end.fresh_start = fresh_start;
        }
    }

    /// Calls one read. An answer that excludes the expected state charges the row just run, if the same read was right before; any
    /// other departure charges the read, and then the state is not known.
    async fn call_read(&mut self, read: &Read, view: &StateView, is_made: bool) -> Result<(), EarlyEnd> {
        let target = TargetRow::of(self.lane.client.party.vendor, read.row);
        if let Some(unlooked) = self.unlooked(target) {
            self.lane.transcript.unlooked.push(unlooked);
            return Ok(());
        }
        let (why, is_doubtful, findings) = match weigh_read(self.lane, read, view, Purpose::Read).await? {
            StateSight::AsExpected => return Ok(()),
            StateSight::Unclear(findings) => {
                self.fail(Verdict::Undetermined, unclear(target, &findings), None);
                self.lane.charge(target, findings);
                return Ok(());
            }
            StateSight::Excluded { why, is_doubtful, findings } => (why, is_doubtful, findings),
        };
        if is_doubtful || is_made {
            self.end.doubted_read = Some(target.operation.id);
        }
        // What the row itself makes could not be read before.
        if is_made {
            self.charge_row(read.row, why);
            return Ok(());
        }
        match read_before(self.lane, self.case, read, view, &self.before).await {
            Ok(Control::Right) => self.charge_row(read.row, why),
            Ok(Control::Wrong(before)) => {
                let why = format!("{why}; but {before}, so the state afterwards is not known");
                self.fail(Verdict::Undetermined, why, None);
            }
            Ok(Control::None) => {
                self.fail(Verdict::Undetermined, format!("{why}; no read shows how it was before"), None);
                self.lane.charge(target, findings);
            }
            Err(EarlyEnd { reason, .. }) => {
                let why = format!("{why}; it is not known if it was so before: {reason}");
                self.fail(Verdict::Undetermined, why, None);
            }
        }
        Ok(())
    }

    /// The check that cannot be made where the URL of a read was not handed out, or is on a host that the contract does not list.
    fn unlooked(&self, target: TargetRow<'_>) -> Option<UncheckedInfo> {
        let read = target.name();
        if !target.operation.has_captured_url() {
            return None;
        }
        let Ok(url) = Template::parse(&target.operation.url).text(&self.lane.client.scope) else {
            let why = "no URL was handed out for it".to_owned();
            return Some(UncheckedInfo { read, why, ..UncheckedInfo::default() });
        };
        if self.lane.client.party.destination.may_call(&url) {
            return None;
        }
        let url = self.lane.client.run.teller.text(&url);
        let host = host_of(&url);
        let why = format!(
            "{url} was not fetched, since its host {host} is neither the target's nor listed under `also` in the vendor's file"
        );
        Some(UncheckedInfo { read, why, url: Some(url), host: Some(host), clauses: Vec::new() })
    }

    /// Charges the row just run with a state that it does not lead to, by the read that shows it.
    fn charge_row(&mut self, read: RowId, message: String) {
        let vendor = self.lane.client.party.vendor;
        let mut finding = state_finding_by(self.row, Some(&vendor[read.operation].name), message);
        let stakes = vendor.stakes(self.row.id.operation);
        let shown = |stake: &&Stake| stake.row == self.row.id && stake.reads.contains(&read);
        let mut effects = stakes.all().iter().filter(shown).map(|stake| &stake.clause).peekable();
        // A clause that this read shows, rather than any other effect.
        if let Some(first) = effects.peek().copied()
            && !effects.any(|clause| finding.clause.as_ref() == Some(clause))
        {
            finding.clause = Some(first.clone());
        }
        finding.read = Some(read);
        self.end.verdict = Verdict::Violates;
        self.end.reason = None;
        self.end.findings.push(finding);
    }
}

/// The reason why a state is not known whose read is neither as expected nor shows another state.
fn unclear(target: TargetRow<'_>, findings: &[Finding]) -> String {
    let words: Vec<_> = findings.iter().take(2).map(Finding::words).collect();
    format!("afterwards {}: {}; so the state is not known", target.name(), words.join(", "))
}

/// The departure of a state from what a row leads to.
pub(crate) fn state_finding(row: &Row, message: String) -> Finding {
    state_finding_by(row, None, message)
}

/// The departure of a state from what a row leads to, as an operation shows it.
fn state_finding_by(row: &Row, read: Option<&str>, message: String) -> Finding {
    let leads = row.then.iter().any(|branch| !branch.leads.is_empty());
    let at = if leads { row.at.child("leads") } else { row.at.clone() };
    let clause = effect_clause(row, read).cloned();
    Finding { clause, ..Finding::of_row(FindingCode::State, at, "state", message) }
}

/// The clause of a row that says what becomes of a thing: one with the name of the operation that shows it, else the first.
fn effect_clause<'r>(row: &'r Row, read: Option<&str>) -> Option<&'r String> {
    let mut effects = row.cites.iter().filter(|clause| clause.starts_with("effects."));
    let shown_by = |clause: &&String| read.is_some_and(|read| clause.rsplit('.').next() == read.rsplit('.').next());
    let rules = row.cites.iter().find(|clause| clause.starts_with("rule.") || clause.starts_with("rules."));
    effects.clone().find(shown_by).or_else(|| effects.next()).or(rules)
}
