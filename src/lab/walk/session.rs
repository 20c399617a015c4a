//! One sequence on its way at the target: each request sent as a run sends it, each answer judged by the row that is due.

use crate::contract::condition::right_state;
use crate::contract::template::Template;
use crate::contract::{Branch, RowId};
use crate::http::exchange::{Exchange, Response};
use crate::judge::check::Finding;
use crate::judge::verdict::{Judgement, Verdict};
use crate::lab::walk::belief::Belief;
use crate::lab::walk::model::{Move, NOTHING, Step, Subject, Thing};
use crate::lab::walk::reading::{Expected, Reading};
use crate::lab::walk::table::Table;
use crate::run::{CaseEnd, Held, Lane, Observation, Party, RunContext, TargetRow, state_finding};
use crate::run::{follow_answer, settle_overload, weigh_answer};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// What a step came to.
pub(crate) enum Came {
    /// Every answer is as its row has it; the cells that were met.
    Held(Vec<usize>),
    /// Nothing was learnt: it could not be asked here, or only a support call's answer, which no page promises, is otherwise.
    Passed,
    /// An answer is not as the model's state calls for.
    Broken(Box<Broken>),
    /// The sequence cannot go on.
    Stopped(CaseEnd),
}

/// How a sequence broke a row.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    /// The row that is charged.
    pub(crate) charged: RowId,
    /// How the answer departs.
    pub(crate) findings: Vec<Finding>,
}

/// A request that was answered.
pub(crate) struct Entry {
    /// The position of its step.
    pub(crate) step: usize,
    /// The request.
    pub(crate) asked: Move,
    /// The row that was due.
    pub(crate) due: RowId,
    /// What was exchanged.
    pub(crate) observed: Observation,
    /// The resources that it led on or made, each with its state from then on.
    pub(crate) led: Led,
    /// Whether another one was under way at the same time.
    pub(crate) at_once: bool,
}

/// Every id that a vendor gave, with how many it had given before.
pub(crate) type Given = RefCell<HashMap<(String, String), usize>>;

/// Resources by number, each with the state that it was led to.
pub(crate) type Led = Vec<(usize, String)>;

/// An id that was given a second time, and how many ids ago the first time was.
type Again = (String, usize);

/// Transitions, with how often they were taken by which row.
pub(crate) type Transitions = BTreeMap<TransitionKey, BTreeMap<String, usize>>;

/// Resource, state before and state after.
pub(crate) type TransitionKey = (String, Option<String>, String);

/// One sequence on its way.
pub(crate) struct Session<'r, 'a> {
    pub(super) run: &'r RunContext<'a>,
    pub(super) party: &'r Party<'a>,
    pub(super) table: &'r Table<'a>,
    given: &'r Given,
    /// What is believed.
    pub(crate) belief: Belief,
    /// The resources themselves, by number.
    pub(crate) held: BTreeMap<usize, Held>,
    pub(super) lanes: [Lane<'r, 'a>; 2],
    /// What was asked, in order.
    pub(crate) log: Vec<Entry>,
    /// Things worth knowing that change no verdict.
    pub(crate) notes: BTreeSet<String>,
    /// The transitions that were taken, with how often by which row.
    pub(crate) transitions: Transitions,
    pub(super) step: usize,
    /// The time that a lull lasts.
    pub(crate) lull: Duration,
}

impl<'r, 'a> Session<'r, 'a> {
    /// A sequence that has not begun: only what the engineer supplied is there.
    pub(crate) fn new(
        run: &'r RunContext<'a>,
        party: &'r Party<'a>,
        table: &'r Table<'a>,
        given: &'r Given,
        lull: Duration,
    ) -> Self {
        let (mut belief, mut held) = (Belief::default(), BTreeMap::new());
        for (resource, declared) in &party.vendor.file.resources {
            for (state, variable) in &declared.fixtures {
                let Some(id) = party.fixtures.get(variable) else { continue };
                let number = held.len();
                held.insert(number, Held { id: id.clone(), state: state.clone(), ..Held::default() });
                belief.add(number, &thing(resource, state, None, None, BTreeSet::new()));
            }
        }
        let lanes = [Lane::new(run, party), Lane::new(run, party)];
        let (log, notes, transitions) = (Vec::new(), BTreeSet::new(), Transitions::new());
        Self { run, party, table, given, belief, held, lanes, log, notes, transitions, step: 0, lull }
    }

    /// Takes a step.
    pub(crate) async fn take(&mut self, step: &Step) -> Came {
        let came = match step {
            Step::Ask(asked) => self.ask(asked).await,
            Step::Race(one, other) => self.race([one, other]).await,
            Step::Lull => {
                tokio::time::sleep(self.lull).await;
                Came::Passed
            }
        };
        self.step += 1;
        came
    }

    async fn ask(&mut self, asked: &Move) -> Came {
        let (Some(expected), Some(form)) = (self.expected(asked), self.table.forms.get(asked.form)) else {
            return Came::Passed;
        };
        self.stage(0, asked);
        let [lane, _] = &mut self.lanes;
        let exchange = match lane.client.send(expected.target, &form.draft).await {
            Ok(exchange) => exchange,
            Err(stop) if stop.verdict == Verdict::Skipped => {
                self.notes.insert(stop.reason);
                return Came::Passed;
            }
            Err(stop) => return Came::Stopped(stop.into()),
        };
        let (judgement, made) = weigh_answer(lane, expected.target, &form.draft, &exchange);
        let readings = if expected.agreed { Vec::new() } else { self.readings([asked], [&exchange], &[[0]]) };
        let (target, judgement) = match readings.first().and_then(|reading| reading.answers.first()) {
            Some(answer) => (answer.target, Judgement::Matches(answer.outcome)),
            None => (expected.target, judgement),
        };
        let expected = Expected { target, ..expected };
        self.answered(asked, &expected, readings, (exchange, judgement, made)).await
    }

    /// Takes an answer in, and says what it comes to.
    async fn answered(
        &mut self,
        asked: &Move,
        expected: &Expected<'a>,
        readings: Vec<Reading<'a>>,
        (exchange, judgement, made): (Exchange, Judgement, Vec<String>),
    ) -> Came {
        let target = expected.target;
        let other = match (&judgement, exchange.response()) {
            (Judgement::Departs { .. }, Some(response)) => self.betrayed(0, asked, target, response),
            _ => None,
        };
        // The first try may have changed the state that the second was told: which rows they met is not known.
        let doubtful = !expected.agreed && exchange.may_have_acted_before();
        let [lane, _] = &mut self.lanes;
        let ended = follow_answer(lane, target, exchange, judgement);
        if let Err(stop) = lane.confirm(target).await {
            return Came::Stopped(stop.into());
        }
        let ended = settle_overload(self.run, self.party, ended).await;
        let branch = ended
            .chosen
            .as_ref()
            .and_then(|name| target.row.then.iter().find(|it| target.operation[it.outcome].name == *name));
        let mut met = expected.certain_cell();
        match branch {
            Some(branch) if expected.agreed => self.follow(asked, target, branch),
            Some(_) if !doubtful => met = self.narrow(readings, &asked.numbers().collect()),
            _ => {}
        }
        let (led, given) = branch.map(|branch| self.led(asked, target, branch, &made)).unwrap_or_default();
        self.log_last(0, asked, target, led, false);
        match ended.verdict {
            _ if given.is_some() => given_again(target, given),
            Verdict::Environment | Verdict::Undetermined | Verdict::Refused => Came::Stopped(ended),
            _ if doubtful => {
                self.belief.lose(&asked.numbers().collect());
                Came::Passed
            }
            Verdict::Conforms | Verdict::Skipped | Verdict::Drifted => Came::Held(met),
            Verdict::Violates => self.departed(expected, asked, ended, other),
        }
    }

    /// What a departure means: another state's answer charges whatever led there; a documented call's is its own; what no page
    /// promises is only told.
    fn departed(&mut self, expected: &Expected<'a>, asked: &Move, ended: CaseEnd, other: Option<String>) -> Came {
        let target = expected.target;
        if let Some(other) = other {
            return self.elsewhere(asked, expected, &other);
        }
        if target.operation.page.is_none() {
            return self.unpromised(self.log.len().saturating_sub(1), target, ended.findings);
        }
        broken(target, ended.findings)
    }

    /// An answer that no page promises is told once, and the walk goes on.
    pub(super) fn unpromised(&self, entry: usize, target: TargetRow<'a>, findings: Vec<Finding>) -> Came {
        if let Some(entry) = self.log.get(entry) {
            self.party.charge(self.run.teller, &entry.observed, target.row.id, findings);
        }
        Came::Passed
    }

    /// The vendor's state is another than the rows led to.
    fn elsewhere(&self, asked: &Move, expected: &Expected<'a>, other: &str) -> Came {
        let target = expected.target;
        let cells = || expected.cells.iter().filter_map(|at| self.table.cells.get(*at));
        let number = asked.numbers().last();
        let about = match number.and_then(|number| self.held.get(&number).zip(self.belief.thing(number))) {
            Some((Held { id, .. }, Thing { resource, .. })) => {
                let stands = either(cells().filter_map(|cell| cell.stands.last()).map(String::as_str));
                format!("the {resource} {id} is due to be {stands}")
            }
            None => "nothing has this id".to_owned(),
        };
        let rows = either(cells().map(|cell| self.table.row(cell).name.as_str()));
        let message = format!("{} answers as its row `{other}`, but {about}, as its row {rows}", target.operation.name);
        self.broken_state(target, message)
    }

    /// A departure of the vendor's state, charged to what last led something on.
    pub(super) fn broken_state(&self, target: TargetRow<'a>, message: String) -> Came {
        let failing = self.log.len().saturating_sub(1);
        let before = self.log.get(..failing).unwrap_or_default();
        let last = before.iter().rev().find(|entry| !entry.led.is_empty()).map(|entry| entry.due);
        let charged = last.unwrap_or(target.row.id);
        let row = &self.party.vendor[charged];
        Came::Broken(Box::new(Broken { charged, findings: vec![state_finding(row, message)] }))
    }

    /// The row for other states of a request's resources that an answer is of.
    pub(super) fn betrayed(
        &self,
        lane: usize,
        asked: &Move,
        target: TargetRow<'a>,
        response: &Response,
    ) -> Option<String> {
        let scope = &self.lanes.get(lane)?.client.scope;
        let cells = self.table.cells.iter().filter(|cell| cell.form == asked.form && cell.row != target.row.id);
        cells
            .map(|cell| self.table.row(cell))
            .find(|row| self.run.judge.accepts(row, response, scope))
            .map(|row| row.name.clone())
    }

    /// Makes a lane ready for a request: who sends it, and what its references stand for.
    pub(super) fn stage(&mut self, lane: usize, asked: &Move) {
        let Some(lane) = self.lanes.get_mut(lane) else { return };
        lane.client.scope.acting.clone_from(&asked.actor);
        lane.client.renew_mark();
        lane.client.scope.held.clear();
        let binds = self.table.operation(asked.form).map(|operation| operation.binds.as_slice()).unwrap_or_default();
        for (resource, subject) in binds.iter().zip(&asked.subjects) {
            let held = match subject {
                Subject::Thing(number) => self.held.get(number).cloned(),
                Subject::Forged(at) => self.table.forged.get(*at).map(|forged| {
                    lane.client.scope.renew();
                    Held {
                        id: Template::parse(&forged.text).text(&lane.client.scope).unwrap_or_default(),
                        ..Held::default()
                    }
                }),
            };
            lane.client.scope.held.insert(resource.clone(), held.unwrap_or_default());
        }
    }

    /// Keeps the resources that an outcome leads on or makes; the id that the vendor had given before, if it gave one again.
    pub(super) fn led(
        &mut self,
        asked: &Move,
        target: TargetRow<'a>,
        branch: &Branch,
        made: &[String],
    ) -> (Led, Option<Again>) {
        let (mut led, mut again) = (Vec::new(), None);
        for (resource, state) in &branch.leads {
            let bound = target.operation.binds.iter().position(|bound| bound == resource);
            match bound.and_then(|at| asked.subjects.get(at)) {
                Some(Subject::Thing(number)) => {
                    if let Some(held) = self.held.get_mut(number) {
                        held.state.clone_from(state);
                    }
                    led.push((*number, state.clone()));
                }
                Some(Subject::Forged(_)) => {}
                None if asked.makes != NOTHING && made.contains(resource) => {
                    again = self.made(asked, resource, state);
                    led.push((asked.makes, state.clone()));
                }
                None => {
                    self.notes.insert(format!("{} gave no id of a {resource}", target.operation.name));
                }
            }
        }
        (led, again)
    }

    fn made(&mut self, asked: &Move, resource: &str, state: &str) -> Option<Again> {
        let [lane, _] = &self.lanes;
        let held = lane.client.scope.held.get(resource)?.clone();
        let captured = held.captured.keys().cloned().collect();
        let declared = self.party.vendor.file.resources.get(resource)?.parent.as_ref();
        let binds = self.table.operation(asked.form)?.binds.iter();
        let parent = binds.zip(&asked.subjects).find(|(bound, _)| Some(*bound) == declared);
        let parent = parent.and_then(|(_, subject)| subject.number());
        let mut given = self.given.borrow_mut();
        let count = given.len();
        let before = given.insert((resource.to_owned(), held.id.clone()), count);
        let id = held.id.clone();
        self.belief.add(asked.makes, &thing(resource, state, asked.actor.clone(), parent, captured));
        self.held.insert(asked.makes, held);
        before.map(|before| (id, count.saturating_sub(before)))
    }

    /// Takes the exchange that a lane has just kept into the log.
    pub(super) fn log_last(&mut self, lane: usize, asked: &Move, target: TargetRow<'a>, led: Led, at_once: bool) {
        let Some(observed) = self.lanes.get_mut(lane).and_then(|lane| lane.transcript.observed.pop()) else { return };
        self.log.push(Entry { step: self.step, asked: asked.clone(), due: target.row.id, observed, led, at_once });
    }

    /// Removes what the sequence has made. Where the vendor lost track, or the state is not certain, it is removed in whatever state it is.
    pub(crate) async fn close(&mut self, lost: bool) {
        let [lane, _] = &mut self.lanes;
        for made in &mut lane.made {
            let known = self.held.iter().find(|(_, held)| held.id == made.held.id);
            let state = known.filter(|_| !lost).map(|(number, _)| self.belief.certain_state(*number));
            let state = match state {
                None if !lost => None,
                Some(Some(state)) => Some(state),
                _ => right_state(self.party.vendor, &made.resource),
            };
            if let Some(state) = state {
                state.clone_into(&mut made.held.state);
            }
        }
        lane.remove_made().await;
        lane.transcript.observed.clear();
    }
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

/// An id stands for one resource for good.
fn given_again(target: TargetRow<'_>, given: Option<Again>) -> Came {
    let (id, ago) = given.unwrap_or_default();
    let message = format!("{} gives the id {id}, which it gave before, {ago} ids ago", target.operation.name);
    broken(target, vec![state_finding(target.row, message)])
}

/// What a row itself is charged with.
pub(super) fn broken(target: TargetRow<'_>, findings: Vec<Finding>) -> Came {
    Came::Broken(Box::new(Broken { charged: target.row.id, findings }))
}

fn thing(
    resource: &str,
    state: &str,
    account: Option<String>,
    parent: Option<usize>,
    captured: BTreeSet<String>,
) -> Thing {
    Thing {
        resource: resource.to_owned(),
        state: state.to_owned(),
        account,
        parent,
        captured,
        retired: false,
        lost: false,
    }
}
