//! The case's own request, what its answer means, and what the reads afterwards show.

use crate::contract::Row;
use crate::contract::case::{Case, Read};
use crate::contract::condition::Draft;
use crate::http::exchange::Exchange;
use crate::judge::check::{Finding, FindingCode};
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::event::Purpose;
use crate::run::lane::{Lane, Target};
use crate::run::scope::Held;
use crate::run::stop::Stop;

/// What a case came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ended {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was skipped, undetermined or the environment's.
    pub reason: Option<String>,
    /// The departures.
    pub findings: Vec<Finding>,
    /// The outcome that came, where one did.
    pub chosen: Option<String>,
    /// Whether the vendor has to be asked whether it is alive before the verdict stands: its answer was 5xx.
    pub overloaded: bool,
}

impl Ended {
    /// An end without findings.
    pub(crate) fn with(verdict: Verdict, reason: impl Into<Option<String>>) -> Self {
        Self { verdict, reason: reason.into(), findings: Vec::new(), chosen: None, overloaded: false }
    }
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        Self::with(stop.verdict, stop.reason)
    }
}

impl Lane<'_, '_> {
    /// Runs a case to its end; what was made is left for the caller to remove.
    pub(super) async fn run(&mut self, case: &Case) -> Ended {
        match self.attempt(case).await {
            Ok(ended) => ended,
            Err(stop) => stop.into(),
        }
    }

    async fn attempt(&mut self, case: &Case) -> Result<Ended, Stop> {
        self.arrange(case).await?;
        let target = Target::of(self.party.vendor, case.row);
        self.scope.mark = Some(self.engine.mark());
        let exchange = self.send(target, &case.draft).await?;
        let (judgement, made) = self.weigh(target, &case.draft, &exchange);
        self.see(target, &case.draft, &exchange, &judgement);
        let ended = self.follow(target, exchange, judgement);
        if let Err(stop) = self.confirm(target).await {
            self.notes.push(stop.reason);
        }
        if ended.verdict != Verdict::Conforms || target.operation.reads() {
            return Ok(ended);
        }
        Box::pin(self.look(target, ended, made)).await
    }

    /// Captures what a request has made, and then judges its answer, which may speak of that; the kinds of resources that were made.
    pub(crate) fn weigh(&mut self, target: Target<'_>, draft: &Draft, exchange: &Exchange) -> (Judgement, Vec<String>) {
        let first = target.row.then.first().map(|branch| branch.leads.clone()).unwrap_or_default();
        let mut made: Vec<String> =
            first.keys().filter(|resource| !target.operation.binds.contains(resource)).cloned().collect();
        for (resource, state) in first.iter().filter(|(resource, _)| !target.operation.binds.contains(resource)) {
            let captured = exchange.response().map(|response| self.capture(target, draft, resource, state, response));
            // What a row makes is looked at by its id; without one there is nothing to look at.
            if let Some(Err(stop)) = captured {
                made.clear();
                self.notes.push(stop.reason);
            }
        }
        (self.engine.judge.judge(target.row, exchange, &self.scope), made)
    }

    /// Concludes from a judgement, takes the resources on to where the outcome leads that came, and keeps the exchange for the telling.
    pub(crate) fn follow(&mut self, target: Target<'_>, exchange: Exchange, judgement: Judgement) -> Ended {
        let ended = self.conclude(target, &exchange, judgement);
        let branch = ended
            .chosen
            .as_ref()
            .and_then(|chosen| target.row.then.iter().find(|branch| target.operation[branch.outcome].name == *chosen));
        for (resource, state) in branch.map(|branch| branch.leads.clone()).unwrap_or_default() {
            self.lead_on(target, &resource, &state);
        }
        self.keep(Purpose::Case, target, exchange);
        ended
    }

    /// What a judgement means for the case.
    fn conclude(&self, target: Target<'_>, exchange: &Exchange, judgement: Judgement) -> Ended {
        let chosen = |index: usize| target.outcome(index).map(|outcome| outcome.name.clone());
        match judgement {
            Judgement::Matches(index) => Ended { chosen: chosen(index), ..Ended::with(Verdict::Conforms, None) },
            _ if self.lost_and_done(target, exchange) => {
                Ended { chosen: chosen(0), ..Ended::with(Verdict::Conforms, None) }
            }
            Judgement::Departs { findings, .. } if target.row.may && !self.promised_elsewhere(target, exchange) => {
                let first = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
                Ended::with(Verdict::Skipped, format!("the page says only that it may answer so; {first}"))
            }
            Judgement::Departs { findings, .. } => Ended { findings, ..Ended::with(Verdict::Violates, None) },
            Judgement::Overloaded { status, findings } => Ended {
                findings,
                // A vendor that has too many requests says nothing of the condition, however well it is.
                overloaded: status != 429,
                ..Ended::with(Verdict::Environment, format!("the vendor answered {status} to every try"))
            },
            Judgement::Broken(crate::http::exchange::FailureKind::Unsendable, why) => {
                Ended::with(Verdict::Undetermined, why)
            }
            Judgement::Broken(_, why) => Ended::with(Verdict::Environment, why),
        }
    }

    /// Whether the first try did the deed although its answer was lost, so that a later one is told that it is done.
    fn lost_and_done(&self, target: Target<'_>, exchange: &Exchange) -> bool {
        target.operation.binds.iter().any(|resource| self.already(target, exchange, resource))
    }

    /// Whether an answer is one that a row with `leads` promises: then the vendor did what only that row's condition allows.
    fn promised_elsewhere(&self, target: Target<'_>, exchange: &Exchange) -> bool {
        let Some(response) = exchange.response() else { return false };
        let leading = |row: &&Row| row.then.iter().any(|branch| !branch.leads.is_empty());
        target.operation.rows.values().filter(leading).any(|row| self.engine.judge.accepts(row, response, &self.scope))
    }

    /// Calls the reads that have a row for the state that is due now.
    async fn look(&mut self, target: Target<'_>, mut ended: Ended, made: Vec<String>) -> Result<Ended, Stop> {
        let mut resources = target.operation.binds.clone();
        resources.extend(made);
        for resource in resources {
            let Some(held) = self.scope.held.get(&resource).cloned().filter(|held| !held.state.is_empty()) else {
                continue;
            };
            let foreign = held.account.is_some() && self.scope.acting.is_none();
            let home = self.home(&resource, &held).filter(|_| !foreign);
            let due = match &home {
                Some(_) => "misplaced",
                None if foreign => "foreign",
                None => held.state.as_str(),
            };
            self.look_as(&resource, due, &held, target.row, &mut ended).await;
            if let Some((parent, own)) = home {
                // Inside the parent that it was made in, it has to be as it was.
                let asked = self.scope.held.insert(parent.clone(), own);
                self.look_as(&resource, &held.state, &held, target.row, &mut ended).await;
                asked.map(|asked| self.scope.held.insert(parent, asked));
            }
            if foreign {
                self.scope.acting.clone_from(&held.account);
                self.look_as(&resource, &held.state, &held, target.row, &mut ended).await;
                self.scope.acting = None;
            }
        }
        Ok(ended)
    }

    /// The parent in which a resource was made, by its name, where it is another one than at hand.
    fn home(&self, resource: &str, held: &Held) -> Option<(String, Held)> {
        let parent = self.party.vendor.file.resources.get(resource)?.parent.as_ref()?;
        let made = self.made.iter().find(|made| made.resource == resource && made.held.id == held.id)?;
        let (_, own) = made.around.iter().find(|(name, _)| name == parent)?;
        (self.scope.held.get(parent)?.id != own.id).then(|| (parent.clone(), own.clone()))
    }

    async fn look_as(&mut self, resource: &str, due: &str, held: &Held, row: &Row, ended: &mut Ended) {
        for read in self.party.vendor.reads(resource, due) {
            if let Err(stop) = self.look_by(read, resource, due, held, row, ended).await {
                match stop.verdict {
                    Verdict::Skipped => self.notes.push(stop.reason),
                    verdict if ended.verdict == Verdict::Conforms => {
                        ended.verdict = verdict;
                        ended.reason = Some(stop.reason);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Calls one read. An answer of another state's row charges the row just run; one of no row at all charges the read.
    async fn look_by(
        &mut self,
        read: &Read,
        resource: &str,
        due: &str,
        held: &Held,
        row: &Row,
        ended: &mut Ended,
    ) -> Result<(), Stop> {
        let target = Target::of(self.party.vendor, read.row);
        if target.operation.has_captured_url() && self.handed_out(&target.operation.url).is_none() {
            return Err(Stop::new(
                Verdict::Skipped,
                format!("{} was not looked at: no URL was handed out for it", target.name()),
            ));
        }
        let exchange = self.send(target, &read.draft).await?;
        let judgement = self.engine.judge.judge(target.row, &exchange, &self.scope);
        let judge = &self.engine.judge;
        let betrays = |response| {
            let others = read.others.iter().map(|other| &target.operation[*other]);
            others.into_iter().find(|other| judge.accepts(other, response, &self.scope)).map(|other| other.name.clone())
        };
        let other = match (&judgement, exchange.response()) {
            (Judgement::Departs { .. }, Some(response)) => betrays(response),
            _ => None,
        };
        self.keep(Purpose::Read, target, exchange);
        match (judgement, other) {
            (Judgement::Matches(_), _) => Ok(()),
            (Judgement::Departs { .. }, Some(other)) => {
                let message = format!(
                    "afterwards {} answers as its row `{other}`, but the {resource} {} is due to be `{due}`, as its row `{}`",
                    target.operation.name, held.id, target.row.name
                );
                ended.verdict = Verdict::Violates;
                ended.findings.push(state_finding(row, message));
                Ok(())
            }
            (Judgement::Departs { findings, .. }, None) => {
                self.charge(target, findings);
                Ok(())
            }
            (Judgement::Overloaded { status, .. }, _) => Err(Stop::new(
                Verdict::Environment,
                format!("{} answered {status}, so the state afterwards is not known", target.name()),
            )),
            (Judgement::Broken(_, why), _) => Err(Stop::new(
                Verdict::Environment,
                format!("{}: {why}, so the state afterwards is not known", target.name()),
            )),
        }
    }

    /// The URL that the vendor handed out, where an operation's URL is one.
    fn handed_out(&self, url: &str) -> Option<String> {
        crate::contract::template::Template::parse(url).text(&self.scope).ok()
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
