//! Two requests at once about one resource: their answers must be those of one after the other, in one order or in the other.

use crate::http::exchange::Exchange;
use crate::judge::verdict::{Judgement, Verdict};
use crate::lab::walk::explanation::{ExplainedAnswer, Explanation};
use crate::lab::walk::session::{Session, StepResult, violated};
use crate::lab::walk::walk_step::Move;
use crate::run::{CaseEnd, TargetRow, follow_answer, settle_overload, state_finding};
use futures_util::future::join;

/// An answer that no row of the request explains.
struct StrangeAnswer<'a> {
    /// Its position in the log.
    entry: usize,
    target: TargetRow<'a>,
    ended: CaseEnd,
}

impl<'a> Session<'_, 'a> {
    /// Sends two requests at once.
    pub(super) async fn race(&mut self, asked: [&Move<'a>; 2]) -> StepResult {
        let [one, other] = asked;
        let (Some(first), Some(second)) = (self.expect(one), self.expect(other)) else { return StepResult::GoOn };
        let targets = [first.target, second.target];
        self.prepare_lane(0, one);
        self.prepare_lane(1, other);
        let [lane, other_lane] = &mut self.lanes;
        let sent = lane.client.send_until_answered(first.target, &self.table[one.form].draft);
        let other_sent = other_lane.client.send_until_answered(second.target, &self.table[other.form].draft);
        let exchanges = match join(sent, other_sent).await {
            (Ok(one), Ok(other)) => [one, other],
            (Err(stop), _) | (_, Err(stop)) if stop.verdict == Verdict::Skipped => {
                self.notes.insert(stop.reason);
                return StepResult::GoOn;
            }
            (Err(stop), _) | (_, Err(stop)) => return StepResult::Stopped(stop.into()),
        };
        let explanations = self.explain(asked, exchanges.each_ref(), &[[0, 1], [1, 0]]);
        if explanations.is_empty() {
            self.charge_race(asked, exchanges, targets).await
        } else {
            self.take_answers(asked, exchanges, explanations);
            StepResult::GoOn
        }
    }

    /// Takes in two answers one after the other. Where they fit in several orders, each is possible from then on.
    fn take_answers(&mut self, asked: [&Move<'a>; 2], exchanges: [Exchange; 2], explanations: Vec<Explanation<'a>>) {
        let mut exchanges = exchanges.map(Some);
        for answer in explanations.first().into_iter().flat_map(|first| &first.answers) {
            let ExplainedAnswer { at, target, outcome, .. } = *answer;
            let exchange = exchanges.get_mut(at).and_then(Option::take);
            let (Some(exchange), Some(asked), Some(lane)) = (exchange, asked.get(at), self.lanes.get_mut(at)) else {
                continue;
            };
            follow_answer(lane, target, exchange, Judgement::matches(outcome));
            let branch = target.row.then.get(outcome);
            let led = branch.map_or(Vec::new(), |branch| self.lead(asked, target, branch, &[]).0);
            self.log_last(at, asked, target, led, true);
        }
        self.narrow(explanations, asked);
    }

    /// Charges two answers that fit in no order: either no row explains one of them, or the state is wrong.
    async fn charge_race(
        &mut self,
        asked: [&Move<'a>; 2],
        exchanges: [Exchange; 2],
        targets: [TargetRow<'a>; 2],
    ) -> StepResult {
        let is_lost = exchanges.iter().any(Exchange::may_have_acted_before);
        let statuses = exchanges.each_ref().map(status);
        let mut strange = None;
        for (at, (exchange, (asked, target))) in exchanges.into_iter().zip(asked.into_iter().zip(targets)).enumerate() {
            let found = self.take_unexplained(at, exchange, asked, target).await;
            strange = strange.or(found);
        }
        match strange {
            Some(StrangeAnswer { ended, .. })
                if matches!(ended.verdict, Verdict::Environment | Verdict::Undetermined) =>
            {
                StepResult::Stopped(ended)
            }
            // The first try may have done what the second one was answered by: no order is known.
            _ if is_lost => {
                self.belief.lose(asked);
                StepResult::GoOn
            }
            Some(StrangeAnswer { entry, target, ended }) if target.operation.page.is_none() => {
                self.belief.lose(asked);
                self.report_unpromised(self.log.get(entry), target, ended.findings)
            }
            Some(StrangeAnswer { target, ended, .. }) => violated(target, ended.findings),
            None => {
                let [first, second] = targets;
                let message = format!(
                    "{} and {} at once were answered {}: in neither order do rows answer so",
                    first.operation.name,
                    second.operation.name,
                    statuses.join(" and ")
                );
                violated(first, vec![state_finding(first.row, message)])
            }
        }
    }

    /// Keeps one of two answers that fit in no order; it is returned if it is not of any row of its request.
    async fn take_unexplained(
        &mut self,
        at: usize,
        exchange: Exchange,
        asked: &Move<'a>,
        target: TargetRow<'a>,
    ) -> Option<StrangeAnswer<'a>> {
        let lane = self.lanes.get(at)?;
        let judgement = self.run.judge.judge(target.row, &exchange, &lane.client.scope);
        let response = exchange.response();
        let betrayed = response.is_some_and(|response| self.row_betrayed(at, asked, target, response).is_some());
        let is_strange = !matches!(judgement, Judgement::Matches { .. }) && !betrayed;
        let judgement = if is_strange || betrayed { judgement } else { Judgement::matches(0) };
        let ended = follow_answer(self.lanes.get_mut(at)?, target, exchange, judgement);
        let ended = settle_overload(self.run, self.party, target.row.id, ended).await;
        self.log_last(at, asked, target, Vec::new(), true);
        is_strange.then(|| StrangeAnswer { entry: self.log.len().saturating_sub(1), target, ended })
    }
}

fn status(exchange: &Exchange) -> String {
    exchange.response().map_or_else(|| "nothing".to_owned(), |response| response.status.to_string())
}
