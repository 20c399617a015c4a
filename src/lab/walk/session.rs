//! One sequence on its way at the target: each request sent as a run sends it, each answer judged by the row that the belief calls for.

use crate::contract::condition::right_state;
use crate::contract::template::Template;
use crate::contract::{Branch, RowId};
use crate::http::exchange::{Exchange, Response};
use crate::judge::check::Finding;
use crate::judge::verdict::{Judgement, Verdict};
use crate::lab::walk::belief::Belief;
use crate::lab::walk::explanation::{Expectation, Explanation};
use crate::lab::walk::possible_world::{Thing, ThingPart};
use crate::lab::walk::request_table::{Cell, RequestTable};
use crate::lab::walk::walk_step::{Move, ThingId, ThingRef, WalkStep};
use crate::lab::walk::walk_tally::WalkTally;
use crate::run::{
    CaseEnd, Charge, Held, Lane, Observation, Party, RunContext, TargetRow, follow_answer, settle_overload,
    state_finding, weigh_answer,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// A result of a step.
pub(crate) enum StepResult {
    /// The sequence can go on: every answer is as its row has it, nothing could be asked here, or only a support call's answer,
    /// which no page promises, is different.
    GoOn,
    /// An answer is not as the belief calls for.
    Violated(Box<Violation>),
    /// The sequence cannot go on.
    Stopped(CaseEnd),
}

/// A departure in a sequence.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    /// The row that is charged.
    pub(crate) charged: RowId,
    /// The departures from it.
    pub(crate) findings: Vec<Finding>,
}

/// A request that was answered.
pub(crate) struct LogEntry<'a> {
    /// The position of its step.
    pub(crate) step: usize,
    /// The request.
    pub(crate) asked: Move<'a>,
    /// The row that was expected.
    pub(crate) row: RowId,
    /// The exchange.
    pub(crate) observed: Observation,
    /// The resources that it led on or made, each with its state from then on.
    pub(crate) led: Vec<(ThingId, &'a str)>,
    /// Whether another one was under way at the same time.
    pub(crate) at_once: bool,
}

/// The ids that a vendor gave, by kind of resource, each with how many it had given before.
pub(crate) type GivenIds<'v> = RefCell<HashMap<(&'v str, String), usize>>;

/// An id that was given a second time.
pub(super) struct RepeatedId {
    id: String,
    /// How many ids ago the first time was.
    ago: usize,
}

/// One sequence on its way.
pub(crate) struct Session<'r, 'a> {
    pub(super) run: &'r RunContext<'a>,
    pub(super) party: &'r Party<'a>,
    pub(super) table: &'r RequestTable<'a>,
    given: &'r GivenIds<'a>,
    /// The possible worlds.
    pub(crate) belief: Belief<'a>,
    /// The resources themselves.
    pub(crate) held: BTreeMap<ThingId, Held>,
    pub(super) lanes: [Lane<'r, 'a>; 2],
    /// The requests, in order.
    pub(crate) log: Vec<LogEntry<'a>>,
    /// Things worth knowing that change no verdict.
    pub(crate) notes: BTreeSet<String>,
    /// The cells and transitions of this sequence.
    pub(crate) tally: WalkTally<'a>,
    step: usize,
    /// The length of a lull.
    pub(crate) lull: Duration,
}

impl<'r, 'a> Session<'r, 'a> {
    /// A sequence that has not begun: only what the engineer supplied is there.
    pub(crate) fn new(
        run: &'r RunContext<'a>,
        party: &'r Party<'a>,
        table: &'r RequestTable<'a>,
        given: &'r GivenIds<'a>,
        lull: Duration,
    ) -> Self {
        let (mut belief, mut held) = (Belief::default(), BTreeMap::new());
        for (resource, declared) in &party.vendor.file.resources {
            for (state, variable) in &declared.fixtures {
                let Some(id) = party.fixtures.get(variable) else { continue };
                let number = ThingId(held.len());
                held.insert(number, Held { id: id.clone(), state: state.clone(), ..Held::default() });
                let (account, parent, captured, part) = (None, None, Vec::new(), ThingPart::InPlay);
                belief.add(number, Thing { resource, state, account, parent, captured, part });
            }
        }
        let lanes = [Lane::new(run, party), Lane::new(run, party)];
        let (log, notes, tally) = (Vec::new(), BTreeSet::new(), WalkTally::default());
        Self { run, party, table, given, belief, held, lanes, log, notes, tally, step: 0, lull }
    }

    /// Takes a step.
    pub(crate) async fn take(&mut self, step: &WalkStep<'a>) -> StepResult {
        let result = match step {
            WalkStep::Ask(asked) => self.ask(asked).await,
            WalkStep::Race(one, other) => self.race([one, other]).await,
            WalkStep::Lull => {
                tokio::time::sleep(self.lull).await;
                StepResult::GoOn
            }
        };
        self.step += 1;
        result
    }

    async fn ask(&mut self, asked: &Move<'a>) -> StepResult {
        let Some(mut expected) = self.expect(asked) else { return StepResult::GoOn };
        let form = &self.table[asked.form];
        self.prepare_lane(0, asked);
        let [lane, _] = &mut self.lanes;
        let exchange = match lane.client.send_until_answered(expected.target, &form.draft).await {
            Ok(exchange) => exchange,
            Err(stop) if stop.verdict == Verdict::Skipped => {
                self.notes.insert(stop.reason);
                return StepResult::GoOn;
            }
            Err(stop) => return StepResult::Stopped(stop.into()),
        };
        let (mut judgement, made) = weigh_answer(lane, expected.target, &form.draft, &exchange);
        let explanations = if expected.is_agreed { Vec::new() } else { self.explain([asked], [&exchange], &[[0]]) };
        if let Some(answer) = explanations.first().and_then(|explanation| explanation.answers.first()) {
            (expected.target, judgement) = (answer.target, Judgement::matches(answer.outcome));
        }
        self.take_answer(asked, &expected, explanations, (exchange, judgement, made)).await
    }

    /// Takes in an answer that was judged, with the kinds of resources that were made.
    async fn take_answer(
        &mut self,
        asked: &Move<'a>,
        expected: &Expectation<'a>,
        explanations: Vec<Explanation<'a>>,
        (exchange, judgement, made): (Exchange, Judgement, Vec<String>),
    ) -> StepResult {
        let target = expected.target;
        let other = match (&judgement, exchange.response()) {
            (Judgement::Departs { .. }, Some(response)) => self.row_betrayed(0, asked, target, response),
            _ => None,
        };
        // The first try may have changed the state that the second one met: which rows they met is not known.
        let is_unclear = !expected.is_agreed || target.changes() && !matches!(judgement, Judgement::Matches { .. });
        let is_doubtful = is_unclear && exchange.may_have_acted_before();
        let [lane, _] = &mut self.lanes;
        let ended = follow_answer(lane, target, exchange, judgement);
        if let Err(stop) = lane.confirm(target).await {
            return StepResult::Stopped(stop.into());
        }
        let ended = settle_overload(self.run, self.party, target.row.id, ended).await;
        let branch = chosen_branch(target, &ended);
        match (branch, expected.cells.as_slice()) {
            (_, _) if is_doubtful => self.belief.lose([asked]),
            (Some(branch), _) if expected.is_agreed => self.follow(asked, target, branch),
            _ => self.narrow(explanations, [asked]),
        }
        let (led, repeated) = branch.map_or((Vec::new(), None), |branch| self.lead(asked, target, branch, &made));
        self.log_last(0, asked, target, led, false);
        match ended.verdict {
            _ if let Some(repeated) = repeated => given_again(target, &repeated),
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun => {
                StepResult::Stopped(ended)
            }
            _ if is_doubtful => StepResult::GoOn,
            Verdict::Conforms | Verdict::Skipped | Verdict::Drifted => {
                if let ([cell], true) = (expected.cells.as_slice(), expected.is_agreed) {
                    self.tally.count_cell(self.table, *cell);
                }
                StepResult::GoOn
            }
            Verdict::Violates => self.depart(expected, asked, ended, other),
        }
    }

    /// Concludes from a departure: another state's answer charges the row that led there; a documented call's is its own; one that
    /// no page promises is only reported.
    fn depart(&self, expected: &Expectation<'a>, asked: &Move<'a>, ended: CaseEnd, other: Option<&str>) -> StepResult {
        let target = expected.target;
        if let Some(other) = other {
            return self.charge_state(target, self.betrayal(expected, asked, other));
        }
        if target.operation.page.is_none() {
            return self.report_unpromised(self.log.last(), target, ended.findings);
        }
        violated(target, ended.findings)
    }

    /// Reports once an answer that no page promises; the walk goes on.
    pub(super) fn report_unpromised(
        &self,
        entry: Option<&LogEntry<'a>>,
        target: TargetRow<'a>,
        findings: Vec<Finding>,
    ) -> StepResult {
        if let Some(entry) = entry {
            let exchange = self.run.teller.exchange(&entry.observed);
            let charge = Charge { seen_in: String::new(), rests_on: BTreeSet::new(), findings, exchange };
            self.party.charge(target.row.id, charge);
        }
        StepResult::GoOn
    }

    /// The message that an answer is one of another state than the rows led to.
    fn betrayal(&self, expected: &Expectation<'a>, asked: &Move<'a>, other: &str) -> String {
        let cells = || expected.cells.iter().map(|cell| &self.table[*cell]);
        let last = asked.things().last();
        let named = last.and_then(|id| Some((self.belief.first().things.get(&id)?.resource, &self.held.get(&id)?.id)));
        let about = match named {
            Some((resource, id)) => {
                let states = either(cells().filter_map(|cell| cell.states.last().copied()));
                format!("the {resource} {id} is due to be {states}")
            }
            None => "nothing has this id".to_owned(),
        };
        let rows = either(cells().map(|cell| self.table.row(cell).name.as_str()));
        let name = &expected.target.operation.name;
        format!("{name} answers as its row `{other}`, but {about}, as its row {rows}")
    }

    /// A departure of the vendor's state, charged to what last led something on.
    fn charge_state(&self, target: TargetRow<'a>, message: String) -> StepResult {
        let mut before = self.log.iter().rev().skip(1);
        let charged = before.find(|entry| !entry.led.is_empty()).map_or(target.row.id, |entry| entry.row);
        let findings = vec![state_finding(&self.party.vendor[charged], message)];
        StepResult::Violated(Box::new(Violation { charged, findings }))
    }

    /// The row for other states of a request's resources that an answer is of.
    pub(super) fn row_betrayed(
        &self,
        lane: usize,
        asked: &Move<'a>,
        target: TargetRow<'a>,
        response: &Response,
    ) -> Option<&'a str> {
        let scope = &self.lanes.get(lane)?.client.scope;
        let is_other = |cell: &&Cell<'_>| cell.form == asked.form && cell.row != target.row.id;
        let mut others = self.table.cells.iter().filter(is_other).map(|cell| self.table.row(cell));
        others.find(|row| self.run.judge.accepts(row, response, scope)).map(|row| row.name.as_str())
    }

    /// Prepares a lane for a request: the account that sends it, and the resources that its references name.
    pub(super) fn prepare_lane(&mut self, lane: usize, asked: &Move<'a>) {
        let Some(lane) = self.lanes.get_mut(lane) else { return };
        lane.client.scope.acting = asked.actor.map(str::to_owned);
        lane.client.renew_mark();
        lane.client.scope.held.clear();
        for (resource, subject) in self.table.operation(asked.form).binds.iter().zip(&asked.subjects) {
            let held = match *subject {
                ThingRef::Thing(id) => self.held.get(&id).cloned(),
                ThingRef::Forged(id) => {
                    lane.client.scope.renew();
                    let id = Template::parse(&self.table[id].text).text(&lane.client.scope).ok();
                    id.map(|id| Held { id, ..Held::default() })
                }
            };
            lane.client.scope.held.insert(resource.clone(), held.unwrap_or_default());
        }
    }

    /// Keeps the resources that an outcome leads on or makes; the id that the vendor had given before, if it gave one again.
    pub(super) fn lead(
        &mut self,
        asked: &Move<'a>,
        target: TargetRow<'a>,
        branch: &'a Branch,
        made: &[String],
    ) -> (Vec<(ThingId, &'a str)>, Option<RepeatedId>) {
        let (mut led, mut repeated) = (Vec::new(), None);
        for (resource, state) in &branch.leads {
            let bound = target.operation.binds.iter().position(|bound| bound == resource);
            match (bound.and_then(|at| asked.subjects.get(at)), asked.makes) {
                (Some(subject), _) => {
                    let Some(id) = subject.thing() else { continue };
                    if let Some(held) = self.held.get_mut(&id) {
                        held.state.clone_from(state);
                    }
                    led.push((id, state.as_str()));
                }
                (None, Some(id)) if made.contains(resource) => {
                    repeated = self.keep_made(id, asked, target, (resource, state));
                    led.push((id, state));
                }
                (None, _) => {
                    self.notes.insert(format!("{} gave no id of a {resource}", target.operation.name));
                }
            }
        }
        (led, repeated)
    }

    fn keep_made(
        &mut self,
        number: ThingId,
        asked: &Move<'a>,
        target: TargetRow<'a>,
        (resource, state): (&'a str, &'a str),
    ) -> Option<RepeatedId> {
        let [lane, _] = &self.lanes;
        let held = lane.client.scope.held.get(resource)?.clone();
        let captured = target.row.capture.keys().map(String::as_str);
        let captured = captured.filter(|name| held.captured.contains_key(*name)).collect();
        let declared = self.party.vendor.file.resources.get(resource)?.parent.as_ref();
        let bound = target.operation.binds.iter().position(|bound| Some(bound) == declared);
        let parent = bound.and_then(|at| asked.subjects.get(at)?.thing());
        let mut given = self.given.borrow_mut();
        let count = given.len();
        let before = given.insert((resource, held.id.clone()), count);
        let repeated = before.map(|before| RepeatedId { id: held.id.clone(), ago: count.saturating_sub(before) });
        let (account, part) = (asked.actor, ThingPart::InPlay);
        self.belief.add(number, Thing { resource, state, account, parent, captured, part });
        self.held.insert(number, held);
        repeated
    }

    /// Takes the exchange that a lane has just kept into the log.
    pub(super) fn log_last(
        &mut self,
        lane: usize,
        asked: &Move<'a>,
        target: TargetRow<'a>,
        led: Vec<(ThingId, &'a str)>,
        at_once: bool,
    ) {
        let Some(observed) = self.lanes.get_mut(lane).and_then(|lane| lane.transcript.observed.pop()) else { return };
        self.log.push(LogEntry { step: self.step, asked: asked.clone(), row: target.row.id, observed, led, at_once });
    }

    /// Removes what the sequence has made. Where the vendor lost track, or a state is not certain, it is removed in whatever state it is.
    pub(crate) async fn close(&mut self, is_lost: bool) {
        let [lane, _] = &mut self.lanes;
        for made in &mut lane.made {
            let known = self.held.iter().find(|(_, held)| held.id == made.held.id);
            let state = match known {
                Some((id, _)) if !is_lost => self.belief.certain_state(*id),
                None if !is_lost => continue,
                _ => None,
            };
            if let Some(state) = state.or_else(|| right_state(self.party.vendor, &made.resource)) {
                state.clone_into(&mut made.held.state);
            }
        }
        lane.remove_made().await;
        lane.transcript.observed.clear();
    }
}

/// The outcome's branch of the row that an end chose, if it chose one.
fn chosen_branch<'a>(target: TargetRow<'a>, ended: &CaseEnd) -> Option<&'a Branch> {
    let chosen = ended.chosen.as_ref()?;
    target.row.then.iter().find(|branch| target.operation[branch.outcome].name == *chosen)
}

/// Words of which one is right, each once.
fn either<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for word in words.map(|word| format!("`{word}`")) {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct.join(" or ")
}

/// An id is one resource's for good.
fn given_again(target: TargetRow<'_>, repeated: &RepeatedId) -> StepResult {
    let RepeatedId { id, ago } = repeated;
    let message = format!("{} gives the id {id}, which it gave before, {ago} ids ago", target.operation.name);
    violated(target, vec![state_finding(target.row, message)])
}

/// A violation that a row itself is charged with.
pub(super) fn violated(target: TargetRow<'_>, findings: Vec<Finding>) -> StepResult {
    StepResult::Violated(Box::new(Violation { charged: target.row.id, findings }))
}
