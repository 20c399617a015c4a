//! One case from its first event to its last, by what the vendor answers or by what a saved run has of it.

use crate::contract::VendorId;
use crate::contract::case::Case;
use crate::judge::check::{Finding, FindingCode};
use crate::judge::verdict::Verdict;
use crate::run::answers::Answers;
use crate::run::baseline_check::{BaselineResult, compare_with_baseline};
use crate::run::canary::{settle_overload, shows_life};
use crate::run::cancel_token::{CancelReason, Panic};
use crate::run::case_end::CaseEnd;
use crate::run::case_script::case_script;
use crate::run::clauses_at_stake::ClausesAtStake;
use crate::run::event::{CaseResult, Event, ExchangeInfo};
use crate::run::health::Health;
use crate::run::lane::{BEGUN_ANEW, Lane};
use crate::run::not_run::{not_run, runnable, unsent};
use crate::run::party::Party;
use crate::run::run_case::run_case;
use crate::run::run_context::RunContext;
use crate::run::saved_exchanges::{SavedExchanges, unsaved};
use crate::run::settling::EndedCase;
use crate::run::task::Task;
use crate::run::trial_result::TrialResult;
use futures_util::FutureExt;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, sleep};

impl Task for Case {
    fn vendor(&self) -> VendorId {
        self.row.vendor()
    }

    fn case(&self) -> Option<&Case> {
        Some(self)
    }

    fn is_runnable(&self, party: &Party<'_>) -> bool {
        runnable(party, self)
    }

    fn changes(&self) -> bool {
        self.changes
    }

    async fn perform<'a>(&self, run: &RunContext<'a>, party: &Party<'a>) {
        match &run.answers {
            Answers::Sent(_) => judge_sent(run, party, self).await,
            Answers::Saved(saved) => judge_saved(run, party, self, saved.result_of(self)).await,
        }
    }
}

/// Asks the vendor, and judges what it answers.
async fn judge_sent<'a>(run: &RunContext<'a>, party: &Party<'a>, case: &Case) {
    let mut handover = party.handovers.borrow_mut().of(case);
    let handed = run.unless_cancelled(pin!(handover.receive())).await.flatten();
    let began = Instant::now();
    if let Some(end) = not_run(run, party, case) {
        return finish_case(run, party, case, end, None, began.elapsed());
    }
    run.reporter.report(Event::CaseStarted { id: case.id.clone() });
    let mut lane = Lane::new(run, party);
    lane.transcript.case.clone_from(&case.id);
    lane.handed = handed;
    let judged = run.unless_cancelled(pin!(unbroken(judge_alive(&mut lane, case)))).await;
    let end = judged
        .or_else(|| run.cancel.early_end().map(CaseEnd::from))
        .unwrap_or_else(|| CaseEnd::with(Verdict::Undetermined, "not finished".to_owned()));
    let end = if lane.client.has_sent { end } else { unless_cut(run, end) };
    handover.hand_on(&mut lane, &end);
    lane.made.extend(lane.handed.take().map(|unused| unused.made));
    lane.remove_made().await;
    if end.verdict == Verdict::Violates {
        stop_if_live(run, party, &end.findings);
        if run.plan.fail_fast && !run.reporter.are_excused(&case.id, &end.findings) {
            run.cancel.cancel(CancelReason::FailFast);
        }
    }
    finish_case(run, party, case, end, Some(&lane), began.elapsed());
}

/// The end of a case that has sent nothing: it was not run if it ended because the run did.
fn unless_cut(run: &RunContext<'_>, end: CaseEnd) -> CaseEnd {
    match (run.cancelled(), run.cancel.early_end()) {
        (Some(reason), Some(cut)) if end.reason.as_ref() == Some(&cut.reason) => unsent(reason),
        _ => end,
    }
}

/// A case's verdict. Where no answer shows what a change did, and after a fault of the server, the case begins anew with fresh things.
async fn judge_alive(lane: &mut Lane<'_, '_>, case: &Case) -> CaseEnd {
    let (run, party) = (lane.client.run, lane.client.party);
    let retry = &run.plan.retry;
    let mut end = run_case(lane, case).await;
    if lane.served_before.is_some() && matches!(end.verdict, Verdict::Violates | Verdict::Undetermined) {
        end = run_with_own(lane, case, end).await;
    }
    let mut begun = 0;
    while let Some(reason) = end.fresh_start.filter(|reason| reason.may_follow(begun, retry)) {
        let failed = party.signs.borrow_mut().now();
        if run.reporter.takes_trials() || reason.needs_sign() && !shows_life(run, party, case.row, failed).await {
            break;
        }
        sleep(retry.wait(begun)).await;
        begun += 1;
        lane.begin_anew(end.reason.as_deref().unwrap_or_default()).await;
        end = run_case(lane, case).await;
    }
    let end = settle_overload(run, party, case.row, end).await;
    blame_stranger(party, end)
}

/// Runs a case once more with a thing of its own. If only then it conforms, what it came to before remains: that was no other case's
/// answer; but a case before it may have left the thing otherwise than it seemed.
async fn run_with_own(lane: &mut Lane<'_, '_>, case: &Case, end: CaseEnd) -> CaseEnd {
    let Some(before) = lane.served_before.take() else { return end };
    let (canonical, transcript) = (lane.canonical.take(), std::mem::take(&mut lane.transcript));
    lane.transcript.case.clone_from(&case.id);
    lane.forget().await;
    let with_own = run_case(lane, case).await;
    if with_own.verdict != Verdict::Conforms {
        return with_own;
    }
    (lane.canonical, lane.transcript) = (canonical, transcript);
    lane.transcript.notes.push(format!("with a thing of its own it conforms; {before} was about the same one before"));
    end
}

/// The beginning of the reason of a case that a stranger answered.
const STRANGER: &str = "what answers at ";

/// Where nothing has answered as the vendor would in the whole run, a departure is not the vendor's.
fn blame_stranger(party: &Party<'_>, end: CaseEnd) -> CaseEnd {
    let signs = party.signs.borrow();
    match signs.stranger().filter(|_| !signs.are_there()) {
        Some(answer) if end.verdict != Verdict::Skipped => {
            let (vendor, origin) = (&party.vendor.name, &party.destination.origin);
            CaseEnd::with(Verdict::Environment, format!("{STRANGER}{origin} is not {vendor}: {answer}"))
        }
        _ => end,
    }
}

/// A case's work; where it panics, that is reported instead, and the other cases go on.
fn unbroken(work: impl Future<Output = CaseEnd>) -> impl Future<Output = CaseEnd> {
    AssertUnwindSafe(work).catch_unwind().map(|end| end.unwrap_or_else(|panic| panicked(&panic)))
}

fn panicked(panic: &Panic) -> CaseEnd {
    let text = panic.downcast_ref::<&str>().copied();
    let why = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("");
    CaseEnd::with(Verdict::Undetermined, format!("this is a mistake in proviso itself: it panicked: {why}"))
}

/// Away from this machine, an answer that is a live one ends the vendor's cases at once.
pub(crate) fn stop_if_live(run: &RunContext<'_>, party: &Party<'_>, findings: &[Finding]) {
    let live = findings.iter().any(|finding| finding.code == FindingCode::LiveMode);
    if live && !party.destination.is_loopback() {
        let why = format!("{} says that it is live where a test was meant", party.vendor.name);
        run.reporter.notice("live-mode", &party.vendor.name, &format!("{why}; none of its other cases is sent"));
        party.health.replace(Health::Live(why));
    }
}

/// Judges a case by what was saved of it, by contracts that may have been changed since.
async fn judge_saved<'a>(run: &RunContext<'a>, party: &Party<'a>, case: &Case, saved: Option<&CaseResult>) {
    let took = saved.map_or(Duration::ZERO, |saved| saved.duration);
    let saved = match judgeable(case, saved) {
        Ok(saved) => saved,
        Err(end) => return finish_case(run, party, case, *end, None, took),
    };
    let mut lane = Lane::new(run, party);
    lane.transcript.case.clone_from(&case.id);
    lane.client.scope.live_then = party.live_then;
    lane.client.saved = Some(SavedExchanges::of(saved));
    // Of the attempts before the last one nothing was saved but that they were made.
    lane.transcript.notes.extend(saved.notes.iter().filter(|note| note.starts_with(BEGUN_ANEW)).cloned());
    let mut end = run_case(&mut lane, case).await;
    // Whether the vendor was alive cannot be asked any more; the verdict of that time shows it.
    if saved.verdict != Verdict::Environment {
        end.blame_vendor();
    } else if let Some(stranger) = saved.reason.as_ref().filter(|reason| reason.starts_with(STRANGER)) {
        // What a stranger answered is charged to no row.
        party.charges.take();
        end = CaseEnd::with(Verdict::Environment, stranger.clone());
    }
    spare_secrets(&mut end, party, case);
    finish_case(run, party, case, end, Some(&lane), took);
}

/// The saved result of a case, where it can be judged by; the case's end where not: it never was sent, or nothing was saved.
fn judgeable<'s>(case: &Case, saved: Option<&'s CaseResult>) -> Result<&'s CaseResult, Box<CaseEnd>> {
    if let Some(why) = &case.barred {
        return Err(Box::new(CaseEnd::with(Verdict::Skipped, format!("not inducible: {why}"))));
    }
    let saved = saved.ok_or_else(|| Box::new(CaseEnd::from(unsaved("it is new since the run"))))?;
    if !saved.exchanges.is_empty() {
        return Ok(saved);
    }
    Err(Box::new(match saved.verdict {
        Verdict::Skipped | Verdict::NotRun | Verdict::Environment | Verdict::Undetermined | Verdict::Refused => {
            CaseEnd::with(saved.verdict, saved.reason.clone())
        }
        _ => unsaved("its exchanges were not saved").into(),
    }))
}

/// Takes away what is only found because a secret is in the answer as its name.
fn spare_secrets(end: &mut CaseEnd, party: &Party<'_>, case: &Case) {
    let (operation, row) = (&party.vendor[case.row.operation], &party.vendor[case.row]);
    let before = end.findings.len();
    end.findings.retain(|finding| {
        let marked = || operation.outcomes_of(row).any(|outcome| outcome.secret.contains(&finding.place));
        !(is_named(finding.actual.as_ref()) && (finding.hidden || marked()))
    });
    if before > 0 && end.findings.is_empty() {
        *end = unsaved("what is promised of a secret in its answer, which was not saved").into();
    }
}

/// Returns whether a value that came is, or may be, the name of a secret.
fn is_named(actual: Option<&Value>) -> bool {
    actual.and_then(Value::as_str).is_some_and(|text| text.contains('$'))
}

/// Reports a case's end.
fn finish_case<'a>(
    run: &RunContext<'a>,
    party: &Party<'a>,
    case: &Case,
    mut end: CaseEnd,
    lane: Option<&Lane<'_, 'a>>,
    took: Duration,
) {
    if run.reporter.takes_trials() {
        let CaseEnd { verdict, reason, mut findings, inferred, .. } = end;
        findings.extend(inferred);
        let charged = party.charges.take().into_keys().collect();
        return run.reporter.report_trial(TrialResult { case: case.id.clone(), verdict, reason, findings, charged });
    }
    if let Some(lane) = lane.filter(|_| run.reporter.takes_steps()) {
        run.reporter.report_steps(lane.transcript.judged_case());
    }
    run.reporter.note_inferred(&case.id, &party.vendor.name, &end.inferred);
    let seen = lane.and_then(|lane| lane.canonical.as_ref());
    let BaselineResult { baseline, drift, canonical } = compare_with_baseline(run, party, case, &mut end, seen);
    let exchanges = match lane {
        Some(lane) if run.plan.tell_all || !matches!(end.verdict, Verdict::Conforms | Verdict::Skipped) => {
            exchanges_of(run, lane)
        }
        _ => Vec::new(),
    };
    let ClausesAtStake { exercised, unchecked, witnessed } = ClausesAtStake::of(party.vendor, case.row, &end, lane);
    run.reporter.report_unchecked(&case.id, &party.vendor.name, &unchecked);
    let notes = lane.into_iter().flat_map(|lane| &lane.transcript.notes).map(|note| run.teller.text(note)).collect();
    let is_sound = matches!(end.verdict, Verdict::Conforms | Verdict::Skipped | Verdict::Drifted);
    let script = lane.filter(|_| !is_sound).and_then(|lane| match &lane.client.saved {
        Some(saved) => saved.script(),
        None => case_script(&run.teller, party.vendor, &lane.transcript.observed),
    });
    let result = CaseResult {
        reason: end.reason.map(|reason| run.teller.text(&reason)),
        chosen: end.chosen,
        exercised,
        unchecked,
        witnessed,
        baseline,
        drift,
        canonical,
        script,
        exchanges,
        notes,
        duration: took,
        ..run.reporter.row_result(case.id.clone(), case.row, end.verdict, &end.findings, end.held_against)
    };
    let rests_on = lane.map(|lane| lane.transcript.arranged_by()).unwrap_or_default();
    run.reporter.finish(EndedCase { result, row: case.row, rests_on, doubted_read: end.doubted_read });
}

/// The exchanges of a case, or those that were saved.
fn exchanges_of(run: &RunContext<'_>, lane: &Lane<'_, '_>) -> Vec<ExchangeInfo> {
    match &lane.client.saved {
        Some(saved) => saved.all(),
        None => lane.transcript.observed.iter().map(|observed| run.teller.exchange(observed)).collect(),
    }
}
