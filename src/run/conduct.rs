//! The conductor: whatever asks vendors, or judges what they answered, goes through this one function.

use crate::run::answers::Answers;
use crate::run::bystander::Bystanders;
use crate::run::canary::Canary;
use crate::run::cancel_token::CancelReason;
use crate::run::event::Summary;
use crate::run::handover::settle_handovers;
use crate::run::leftovers::Leftovers;
use crate::run::not_run::unhealthy;
use crate::run::parties::Parties;
use crate::run::party::Party;
use crate::run::run_context::RunContext;
use crate::run::run_plan::{Cleanup, Opening};
use crate::run::task::Task;
use futures_util::StreamExt;
use std::panic::resume_unwind;
use tokio::time::{Instant, timeout};

/// The number of vendors at which what is done once for each is done at once.
const MET_AT_ONCE: usize = 64;

/// Does tasks as the plan of a run has it, and reports what happens; `interrupted` ends when the user wants the run to end. Where
/// the plan removes what is made, that is done in every case, and what then remains is reported. A panic goes on only after that.
pub async fn conduct<'a, T: Task>(
    run: &RunContext<'a>,
    parties: &Parties<'a>,
    tasks: &[T],
    interrupted: impl Future<Output = ()>,
) -> Summary {
    let began = Instant::now();
    run.reporter.look_for_known(parties);
    let leftovers = Leftovers::new(run, parties);
    let panicked = run.cancel.until_cancelled(perform_all(run, parties, tasks), interrupted).await.err();
    run.reporter.finish_rest();
    if panicked.is_some() {
        // The state of the tasks is gone with them; the ledger knows it all.
        run.cancel.cancel(CancelReason::Interrupted);
        let _ = timeout(run.plan.wind_down, leftovers.remove()).await;
    }
    if run.plan.cleanup == Cleanup::Remove {
        leftovers.report();
    }
    if let Some(panic) = panicked {
        resume_unwind(panic);
    }
    run.reporter.summary(run.requests(), run.things(), began.elapsed())
}

async fn perform_all<'a, T: Task>(run: &RunContext<'a>, parties: &Parties<'a>, tasks: &[T]) {
    for task in tasks.iter().filter(Task::changes) {
        let party = parties.find(task.vendor()).filter(|party| task.is_runnable(party));
        party.into_iter().for_each(|party| party.may_change.set(true));
    }
    if run.plan.opening == Opening::Canary {
        meet_all(run, parties, tasks).await;
    }
    let mut bystanders = Vec::new();
    if run.plan.opening == Opening::Canary && run.plan.cleanup == Cleanup::Remove {
        settle_handovers(parties, tasks);
        bystanders = at_once(run, parties.iter().map(|party| Bystanders::gather(run, party, tasks))).await;
    }
    run.reporter.expect(tasks.iter().filter_map(Task::row));
    let running = futures_util::stream::iter(tasks);
    running
        .for_each_concurrent(run.plan.jobs.max(1), |task| async move {
            if let Some(party) = parties.find(task.vendor()) {
                task.perform(run, party).await;
            }
        })
        .await;
    run.reporter.finish_rest();
    at_once(run, bystanders.into_iter().map(Bystanders::dismiss)).await;
    // What a stranger answered is charged to no row.
    let met =
        parties.iter().filter(|party| matches!(run.answers, Answers::Saved(_)) || party.signs.borrow().are_there());
    met.for_each(|party| run.reporter.report_charges(party));
    run.reporter.report_stale();
    run.reporter.report_inferred();
    Leftovers::new(run, parties).remove().await;
}

/// Does what is done once for each vendor, some at once unless cases come one by one; the results in their order.
async fn at_once<T>(run: &RunContext<'_>, work: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let limit = if run.plan.jobs > 1 { MET_AT_ONCE } else { 1 };
    futures_util::stream::iter(work.map(Box::pin)).buffered(limit).collect().await
}

/// Asks each vendor with a task that would be sent whether it is alive.
async fn meet_all<'a, T: Task>(run: &RunContext<'a>, parties: &Parties<'a>, tasks: &[T]) {
    let asked = parties.iter().filter(|party| is_asked(party, tasks));
    at_once(run, asked.map(|party| Canary::new(run, party).meet())).await;
}

fn is_asked<T: Task>(party: &Party<'_>, tasks: &[T]) -> bool {
    unhealthy(party).is_none() && tasks.iter().any(|task| task.is_runnable(party))
}
