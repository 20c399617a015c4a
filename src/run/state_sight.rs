//! One read of a resource's state, and what its answer shows.

use crate::contract::Row;
use crate::contract::case::Read;
use crate::contract::language::Status;
use crate::contract::template::Template;
use crate::http::exchange::Exchange;
use crate::judge::check::Finding;
use crate::judge::verdict::{Judgement, Verdict};
use crate::run::early_end::EarlyEnd;
use crate::run::event::{Purpose, StateShown};
use crate::run::fresh_start::FreshStart;
use crate::run::lane::Lane;
use crate::run::state_view::StateView;
use crate::run::target_row::TargetRow;
use crate::run::teller::Teller;

/// The state that an answer to a read shows.
pub(super) enum StateSight {
    /// The expected state.
    AsExpected,
    /// Not the expected state: the answer is that of another state's row, or its status alone excludes it.
    Excluded {
        /// The reason, in words.
        why: String,
        /// True if no row has the answer: then the read itself may be wrong.
        is_doubtful: bool,
        /// The departures from the row of the expected state.
        findings: Vec<Finding>,
    },
    /// The answer fits no state: the departures from the row of the expected one.
    Unclear(Vec<Finding>),
}

/// Sends a read of a resource and weighs its answer; an error where there is none, or the vendor cannot answer.
pub(super) async fn weigh_read(
    lane: &mut Lane<'_, '_>,
    read: &Read,
    view: &StateView,
    purpose: Purpose,
) -> Result<StateSight, EarlyEnd> {
    let target = TargetRow::of(lane.client.party.vendor, read.row);
    let name = target.name();
    if target.operation.has_captured_url() && Template::parse(&target.operation.url).text(&lane.client.scope).is_err() {
        let why = format!("{name} was not looked at: no URL was handed out for it");
        return Err(EarlyEnd::new(Verdict::Skipped, why));
    }
    let aside = view.enter(lane);
    let sent = lane.client.send(target, &read.draft).await;
    let weighed = sent.map(|exchange| {
        let judgement = lane.judge(target, &exchange);
        let inferred = match &judgement {
            Judgement::Matches { inferred, .. } => inferred.clone(),
            _ => Vec::new(),
        };
        let sight = sight(lane, target, read, view, &exchange, judgement);
        if lane.client.run.reporter.takes_steps() {
            lane.transcript.note_state(state_shown(lane.client.run.teller, view, &sight));
        }
        lane.keep(purpose, target, exchange);
        lane.note_inferred(target, inferred);
        sight
    });
    aside.leave(lane);
    weighed?
}

/// The state that a read shows, as it is reported.
fn state_shown(teller: Teller<'_>, view: &StateView, sight: &Result<StateSight, EarlyEnd>) -> StateShown {
    let StateView { resource, id, state, .. } = view;
    match sight {
        Ok(StateSight::AsExpected) => {
            StateShown::Expected(teller.text(&format!("the {resource} {id} is `{state}`, as it must be")))
        }
        Ok(StateSight::Excluded { why, .. }) => StateShown::Another(teller.text(why)),
        Ok(StateSight::Unclear(_)) => {
            let words = format!("the answer fits no state of the {resource} {id}, which must be `{state}`");
            StateShown::Unknown(teller.text(&words))
        }
        Err(end) => StateShown::Unknown(teller.text(&end.reason)),
    }
}

fn sight(
    lane: &Lane<'_, '_>,
    target: TargetRow<'_>,
    read: &Read,
    view: &StateView,
    exchange: &Exchange,
    judgement: Judgement,
) -> Result<StateSight, EarlyEnd> {
    let name = target.name();
    let (why, fresh_start) = match judgement {
        Judgement::Matches { .. } => return Ok(StateSight::AsExpected),
        Judgement::Departs { findings, .. } => return Ok(departure(lane, target, read, view, exchange, findings)),
        Judgement::Overloaded { status, .. } => {
            (format!("{name} answered {status}"), FreshStart::after_status(status, false))
        }
        Judgement::Broken(_, why) => (format!("{name}: {why}"), None),
    };
    let why = format!("{why}, so the state afterwards is not known");
    Err(EarlyEnd { fresh_start, ..EarlyEnd::new(Verdict::Environment, why) })
}

fn departure(
    lane: &Lane<'_, '_>,
    target: TargetRow<'_>,
    read: &Read,
    view: &StateView,
    exchange: &Exchange,
    findings: Vec<Finding>,
) -> StateSight {
    let StateView { resource, id, state, .. } = view;
    let (operation, row) = (&target.operation.name, &target.row.name);
    let must = match state.as_str() {
        "unknown" => format!("nothing has made the {resource} {id}"),
        "foreign" => format!("the {resource} {id} is another account's"),
        "misplaced" => format!("the {resource} {id} is inside another parent"),
        _ => format!("the {resource} {id} must be `{state}`"),
    };
    if let Some(other) = row_of_other_state(lane, target, read, exchange) {
        let why =
            format!("afterwards {operation} answers as its row `{}`, but {must}, as in its row `{row}`", other.name);
        return StateSight::Excluded { why, is_doubtful: false, findings };
    }
    match exchange.response().map(|response| response.status) {
        Some(status) if !admits(target, status) => {
            let why =
                format!("afterwards {operation} answers {status}, but {must}, and its row `{row}` has no such status");
            StateSight::Excluded { why, is_doubtful: true, findings }
        }
        _ => StateSight::Unclear(findings),
    }
}

/// Returns whether a row documents a status.
fn admits(target: TargetRow<'_>, status: u16) -> bool {
    let mut outcomes = target.operation.outcomes_of(target.row);
    outcomes.any(|outcome| Status::is_admitted(outcome.status.as_ref(), status))
}

/// The row for another state of the resource that an answer to a read is of.
fn row_of_other_state<'t>(
    lane: &Lane<'_, '_>,
    target: TargetRow<'t>,
    read: &Read,
    exchange: &Exchange,
) -> Option<&'t Row> {
    let client = &lane.client;
    let response = exchange.response()?;
    let mut others = read.others.iter().map(|other| &target.operation[*other]);
    others.find(|other| client.run.judge.accepts(other, response, &client.scope))
}
