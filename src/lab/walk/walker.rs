//! A vendor's walk from its first step to what is told of it; where it fails, down to the shortest sequence that still does.

use crate::contract::VendorId;
use crate::judge::check::FindingCode;
use crate::judge::verdict::Verdict;
use crate::lab::walk::Settings;
use crate::lab::walk::choice::Choice;
use crate::lab::walk::failure::{Seen, failure, likely, simpler};
use crate::lab::walk::model::Step;
use crate::lab::walk::session::{Broken, Came, Given, Session, Transitions};
use crate::lab::walk::shrink::shrink;
use crate::lab::walk::table::Table;
use crate::lab::walk::tally;
use crate::lab::walk::told::{Unpromised, Walked};
use crate::run::{Canary, CaseEnd, Party, RunContext, Task, auth_names, stop_if_live, unhealthy};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::pin::pin;

/// How many sequences are tried at most to find a shorter one.
const TRIED: usize = 400;
/// A sequence of so few steps is tried more often before it counts as one that does not fail: the vendor may count requests
/// of its own, or two at once may miss each other.
const FEW: usize = 12;

/// The walk of a vendor, as a task of a run.
pub(super) struct VendorWalk<'w> {
    pub(super) vendor: VendorId,
    pub(super) settings: &'w Settings,
    /// What the walks came to.
    pub(super) told: &'w RefCell<Vec<Walked>>,
}

impl Task for VendorWalk<'_> {
    fn vendor(&self) -> VendorId {
        self.vendor
    }

    fn is_runnable(&self, party: &Party<'_>) -> bool {
        party.vendor.id == self.vendor
    }

    async fn perform<'a>(&self, run: &RunContext<'a>, party: &Party<'a>) {
        walk(run, party, self.settings, self.told).await;
    }
}

/// Walks a vendor, and tells what came of it before what was made is removed.
async fn walk<'a>(run: &RunContext<'a>, party: &Party<'a>, settings: &Settings, tell: &RefCell<Vec<Walked>>) {
    let declared = &party.vendor.file.credentials;
    let set = declared.iter().filter(|(name, _)| party.credentials.contains_key(*name));
    let set: BTreeSet<String> =
        set.map(|(_, credential)| credential.env.clone()).chain(party.fixtures.keys().cloned()).collect();
    let table = Table::of(party.vendor, &set);
    let given = Given::default();
    let session = Session::new(run, party, &table, &given, settings.lull);
    let met = vec![0; table.cells.len()];
    let mut walker =
        Walker { run, party, table: &table, given: &given, settings, session, steps: Vec::new(), met, seen: None };
    let ended = walker.go().await;
    let (shortest, tried) = match walker.seen.take() {
        Some(first) => walker.shortest(first).await,
        None => (None, 0),
    };
    tell.borrow_mut().push(walker.told(ended, shortest.as_ref(), tried));
    walker.session.close(shortest.is_some()).await;
}

/// A vendor's walk on its way.
struct Walker<'r, 'a> {
    run: &'r RunContext<'a>,
    party: &'r Party<'a>,
    table: &'r Table<'a>,
    given: &'r Given,
    settings: &'r Settings,
    session: Session<'r, 'a>,
    /// The steps that were taken.
    steps: Vec<Step>,
    /// How often each cell was met.
    met: Vec<usize>,
    /// How it failed, if it did.
    seen: Option<Broken>,
}

impl Walker<'_, '_> {
    /// Takes the steps; why not all of them, if so.
    async fn go(&mut self) -> Option<CaseEnd> {
        if let Some(ended) = unhealthy(self.party) {
            return Some(ended);
        }
        let used = auth_names(&self.party.vendor.file.auth);
        let unset = used.iter().filter(|name| !self.party.credentials.contains_key(*name));
        let unset = unset.filter_map(|name| self.party.vendor.file.credentials.get(name));
        let unset: BTreeSet<String> = unset.map(|credential| format!("${}", credential.env)).collect();
        if !unset.is_empty() {
            let unset: Vec<String> = unset.into_iter().collect();
            return Some(CaseEnd::with(Verdict::Skipped, format!("set {}", unset.join(" and "))));
        }
        Canary::new(self.run, self.party).meet().await;
        if let Some(ended) = unhealthy(self.party) {
            return Some(ended);
        }
        let run = self.run;
        match run.unless_cancelled(pin!(self.take_all())).await {
            Some(ended) => ended,
            None => run.cancel.early_end().map(CaseEnd::from),
        }
    }

    async fn take_all(&mut self) -> Option<CaseEnd> {
        let first = self.session.held.len();
        let mut choice = Choice::new(self.table, self.settings.seed, self.settings.resources, first);
        let lulls = if self.settings.lull.is_zero() { 0 } else { LULLS };
        for at in 1..=self.settings.steps {
            let lull = lulls > 0 && at % (self.settings.steps / (lulls + 1)).max(1) == 0;
            let step = if lull { Some(Step::Lull) } else { choice.step(&mut self.session.belief, &self.met) };
            let Some(step) = step else {
                let why = self.table.cells.iter().find_map(|cell| cell.barred.clone());
                return Some(CaseEnd::with(Verdict::Skipped, why.unwrap_or_else(|| "no row can be met".to_owned())));
            };
            self.steps.push(step.clone());
            match self.session.take(&step).await {
                Came::Held(cells) => {
                    for cell in cells {
                        self.met.iter_mut().skip(cell).take(1).for_each(|count| *count += 1);
                    }
                }
                Came::Passed => {}
                Came::Broken(broken) => {
                    self.seen = Some(*broken);
                    return None;
                }
                Came::Stopped(ended) => return Some(ended),
            }
        }
        None
    }

    /// Looks for the shortest sequence that fails in the same way; how many were tried.
    async fn shortest(&mut self, broken: Broken) -> (Option<Seen>, usize) {
        let first = Seen::of(&mut self.session, self.steps.clone(), broken.clone(), false);
        let code = broken.findings.first().map(|finding| finding.code);
        if code == Some(FindingCode::LiveMode) {
            stop_if_live(self.run, self.party, &broken.findings);
            return (Some(first), 0);
        }
        let best = RefCell::new(first);
        let (tried, requests, over) = (Cell::new(0), Cell::new(0), Cell::new(false));
        let most = 4 * self.settings.steps + 200;
        let fails = async |part: &[Step]| -> Option<usize> {
            for _ in 0..if part.len() <= FEW { 4 } else { 2 } {
                if part.is_empty() || over.get() || tried.get() >= TRIED || requests.get() >= most {
                    return None;
                }
                tried.set(tried.get() + 1);
                let mut session = Session::new(self.run, self.party, self.table, self.given, self.settings.lull);
                let mut found = None;
                for (at, step) in part.iter().enumerate() {
                    match session.take(step).await {
                        Came::Held(_) | Came::Passed => {}
                        Came::Broken(broken) => {
                            let same = broken.findings.first().map(|finding| finding.code) == code;
                            found = same.then_some((at + 1, *broken));
                            break;
                        }
                        Came::Stopped(_) => {
                            over.set(true);
                            break;
                        }
                    }
                }
                requests.set(requests.get() + session.log.len());
                session.close(true).await;
                if let Some((length, broken)) = found {
                    let steps = part.iter().take(length).cloned().collect();
                    best.replace(Seen::of(&mut session, steps, broken, true));
                    return Some(length);
                }
            }
            None
        };
        let likely = likely(&self.steps, !self.settings.lull.is_zero());
        let simpler = |step: &Step, last: Option<&Step>| simpler(self.table, step, last);
        let shrinking = async {
            let shortest = shrink(self.steps.clone(), likely, simpler, &fails).await;
            // Nothing shorter failed, so nobody has seen yet whether it fails again.
            if shortest.len() == self.steps.len() {
                fails(&shortest).await;
            }
        };
        self.run.unless_cancelled(pin!(shrinking)).await;
        (Some(best.into_inner()), tried.get())
    }

    fn told(&self, ended: Option<CaseEnd>, seen: Option<&Seen>, tried: usize) -> Walked {
        let teller = &self.run.teller;
        let ended = match seen {
            Some(_) => CaseEnd::with(Verdict::Violates, None),
            None => ended.unwrap_or_else(|| CaseEnd::with(Verdict::Conforms, None)),
        };
        let unpromised: Vec<Unpromised> = self
            .party
            .charges
            .take()
            .into_iter()
            .map(|(row, charge)| {
                let operation = &self.party.vendor[row.operation];
                let findings = charge.findings.iter().map(|finding| teller.finding(finding, operation)).collect();
                Unpromised { step: format!("{}/{}", operation.name, operation[row].name), findings }
            })
            .collect();
        // What no page promises is no violation, but a walk that cannot go where it should has not shown much.
        let verdict = match ended.verdict {
            Verdict::Conforms if !unpromised.is_empty() => Verdict::Undetermined,
            verdict => verdict,
        };
        let reason = ended.reason.map(|reason| teller.text(&reason));
        let actors: BTreeSet<_> = self.steps.iter().flat_map(Step::moves).map(|asked| &asked.actor).collect();
        let transitions: &Transitions = &self.session.transitions;
        Walked {
            vendor: self.party.vendor.name.clone(),
            verdict,
            reason,
            steps: self.steps.len(),
            requests: self.steps.iter().map(|step| step.moves().count()).sum(),
            races: self.steps.iter().filter(|step| matches!(step, Step::Race(..))).count(),
            made: transitions
                .iter()
                .filter(|((_, from, _), _)| from.is_none())
                .flat_map(|(_, rows)| rows.values())
                .sum(),
            accounts: actors.len(),
            transitions: tally::transitions(self.table, transitions),
            pairs: tally::pairs(self.table, &self.met),
            never: tally::never(self.table),
            unpromised,
            failure: seen.map(|seen| failure(self.party, self.table, teller, seen, (self.steps.len(), tried))),
            notes: self.session.notes.iter().map(|note| teller.text(note)).collect(),
        }
    }
}

/// How often a walk leaves everything alone for a while.
const LULLS: usize = 3;
