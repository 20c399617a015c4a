//! Two requests at once about one resource: their answers must be those of one after the other, in one order or in the other.

use crate::http::exchange::Exchange;
use crate::judge::verdict::{Judgement, Verdict};
use crate::lab::walk::model::Move;
use crate::lab::walk::reading::{AnswerReading, Reading};
use crate::lab::walk::session::{Came, Session, broken};
use crate::run::{TargetRow, follow_answer, settle_overload, state_finding};
use futures_util::future::join;

impl<'a> Session<'_, 'a> {
    /// Sends two requests at once.
    pub(super) async fn race(&mut self, asked: [&Move; 2]) -> Came {
        let [one, other] = asked;
        let (Some(expected), Some(other_expected)) = (self.expected(one), self.expected(other)) else {
            return Came::Passed;
        };
        let (first, second) = (expected.target, other_expected.target);
        let (Some(form), Some(other_form)) = (self.table.forms.get(one.form), self.table.forms.get(other.form)) else {
            return Came::Passed;
        };
        self.stage(0, one);
        self.stage(1, other);
        let [lane, other_lane] = &mut self.lanes;
        let sent = join(lane.client.send(first, &form.draft), other_lane.client.send(second, &other_form.draft)).await;
        let exchanges = match sent {
            (Ok(one), Ok(other)) => [one, other],
            (Err(stop), _) | (_, Err(stop)) if stop.verdict == Verdict::Skipped => {
                self.notes.insert(stop.reason);
                return Came::Passed;
            }
            (Err(stop), _) | (_, Err(stop)) => return Came::Stopped(stop.into()),
        };
        let [exchange, other_exchange] = &exchanges;
        let readings = self.readings(asked, [exchange, other_exchange], &[[0, 1], [1, 0]]);
        if readings.is_empty() {
            return self.out_of_order(asked, exchanges, [first, second]).await;
        }
        self.in_order(asked, exchanges, readings)
    }

    /// Takes two answers one after the other. Where they fit in several orders, both are possible from then on.
    fn in_order(&mut self, asked: [&Move; 2], exchanges: [Exchange; 2], readings: Vec<Reading<'a>>) -> Came {
        let mut exchanges = exchanges.map(Some);
        for answer in readings.first().into_iter().flat_map(|reading| &reading.answers) {
            let AnswerReading { at, target, outcome, .. } = *answer;
            let exchange = exchanges.get_mut(at).and_then(Option::take);
            let (Some(exchange), Some(asked)) = (exchange, asked.get(at)) else { continue };
            if let Some(lane) = self.lanes.get_mut(at) {
                follow_answer(lane, target, exchange, Judgement::Matches(outcome));
            }
            let led = target.row.then.get(outcome).map(|branch| self.led(asked, target, branch, &[]));
            self.log_last(at, asked, target, led.map(|(led, _)| led).unwrap_or_default(), true);
        }
        Came::Held(self.narrow(readings, &asked.into_iter().flat_map(Move::numbers).collect()))
    }

    /// Says what is wrong with two answers that fit in no order: either one of them is nobody's, or the state is.
    async fn out_of_order(&mut self, asked: [&Move; 2], exchanges: [Exchange; 2], targets: [TargetRow<'a>; 2]) -> Came {
        let lost = exchanges.iter().any(Exchange::may_have_acted_before);
        let statuses: Vec<String> = exchanges.iter().map(status).collect();
        let mut alone = None;
        for (at, (exchange, (asked, target))) in exchanges.into_iter().zip(asked.into_iter().zip(targets)).enumerate() {
            let Some(lane) = self.lanes.get_mut(at) else { continue };
            let judgement = self.run.judge.judge(target.row, &exchange, &lane.client.scope);
            let matches = matches!(judgement, Judgement::Matches(_));
            let response = exchange.response().cloned();
            let ended = follow_answer(lane, target, exchange, if matches { Judgement::Matches(0) } else { judgement });
            let betrayed = response.and_then(|response| self.betrayed(at, asked, target, &response));
            let ended = settle_overload(self.run, self.party, ended).await;
            self.log_last(at, asked, target, Vec::new(), true);
            if !matches && betrayed.is_none() && alone.is_none() {
                alone = Some((self.log.len().saturating_sub(1), target, ended));
            }
        }
        match alone {
            Some((_, _, ended)) if matches!(ended.verdict, Verdict::Environment | Verdict::Undetermined) => {
                Came::Stopped(ended)
            }
            // The first try may have done what the second was told: no order is known.
            _ if lost => {
                self.belief.lose(&asked.into_iter().flat_map(Move::numbers).collect());
                Came::Passed
            }
            Some((entry, target, ended)) if target.operation.page.is_none() => {
                self.belief.lose(&asked.into_iter().flat_map(Move::numbers).collect());
                self.unpromised(entry, target, ended.findings)
            }
            Some((_, target, ended)) => broken(target, ended.findings),
            None => {
                let [first, second] = targets;
                let message = format!(
                    "{} and {} at once were answered {}: in neither order do rows answer so",
                    first.operation.name,
                    second.operation.name,
                    statuses.join(" and ")
                );
                broken(first, vec![state_finding(first.row, message)])
            }
        }
    }
}

fn status(exchange: &Exchange) -> String {
    exchange.response().map_or_else(|| "nothing".to_owned(), |response| response.status.to_string())
}
