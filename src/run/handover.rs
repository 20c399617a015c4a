//! Things that are handed on. A case that leaves what it was about as it was gives it to the next case that needs such a thing, so that
//! a run makes fewer things at a vendor and sends fewer requests. Who gives to whom is settled before the run, whatever its speed.

use crate::contract::RowId;
use crate::contract::case::Case;
use crate::contract::condition::{Draft, IdSource};
use crate::judge::verdict::Verdict;
use crate::run::case_end::CaseEnd;
use crate::run::event::Purpose;
use crate::run::lane::Lane;
use crate::run::parties::Parties;
use crate::run::party::{Party, Spare};
use crate::run::ready::are_ready;
use crate::run::task::Task;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::oneshot::{Receiver, Sender, channel};
use tokio::time::timeout;

/// The most cases that one thing serves: each waits for the one before it.
const MOST: usize = 4;
/// The time that a case waits for the one before it; then it makes a thing of its own.
const PATIENCE: Duration = Duration::from_secs(10);

/// The cases of a vendor that hand things on, and those that wait for one; by their ids.
#[derive(Default)]
pub(super) struct Handovers {
    givers: HashMap<String, Sender<Spare>>,
    takers: HashMap<String, Receiver<Spare>>,
}

/// What a case is given and gives.
#[derive(Default)]
pub(super) struct Handover {
    from: Option<Receiver<Spare>>,
    to: Option<Sender<Spare>>,
}

/// A thing that some case needs: its kind, and the row that makes it.
type Need = (String, RowId);

impl Handovers {
    /// Has one case hand on to another.
    fn link(&mut self, giver: &str, taker: &str) {
        let (sender, receiver) = channel();
        self.givers.insert(giver.to_owned(), sender);
        self.takers.insert(taker.to_owned(), receiver);
    }

    /// Takes out what concerns a case, which begins now.
    pub(super) fn of(&mut self, case: &Case) -> Handover {
        Handover { from: self.takers.remove(&case.id), to: self.givers.remove(&case.id) }
    }
}

/// Settles which case hands on to which, in the order in which they begin. Nothing is made at the embedded mock that would be worth it.
pub(super) fn settle_handovers<T: Task>(parties: &Parties<'_>, tasks: &[T]) {
    // The last case with each kind of thing that leaves it as it is, and how many it has served by then.
    let mut open: HashMap<Need, (&str, usize)> = HashMap::new();
    for case in tasks.iter().filter_map(Task::case) {
        let party = parties.find(case.vendor()).filter(|party| !party.destination.embedded && case.is_runnable(party));
        let Some((party, (need, is_kept))) = party.and_then(|party| Some((party, need_of(party, case)?))) else {
            continue;
        };
        let giver = open.remove(&need).filter(|(_, served)| *served < MOST);
        if let Some((giver, _)) = giver {
            party.handovers.borrow_mut().link(giver, &case.id);
        }
        if is_kept {
            open.insert(need, (&case.id, giver.map_or(1, |(_, served)| served + 1)));
        }
    }
}

impl Handover {
    /// The thing of the case before, once that has ended and left it as it was.
    pub(super) async fn receive(&mut self) -> Option<Spare> {
        timeout(PATIENCE, self.from.take()?).await.ok()?.ok()
    }

    /// Hands on what a case was about, if it is as it was when it was made.
    pub(super) fn hand_on(self, lane: &mut Lane<'_, '_>, end: &CaseEnd) {
        let Some(to) = self.to.filter(|_| end.verdict == Verdict::Conforms && lane.made.len() == 1) else { return };
        let arranged = lane.transcript.observed.iter().find(|it| it.purpose == Purpose::Arrange).cloned();
        let Some((observed, made)) = arranged.and_then(|observed| Some((observed, lane.made.pop()?))) else { return };
        let spare = Spare { made, observed, served: Some(lane.transcript.case.clone()) };
        if let Err(spare) = to.send(spare) {
            lane.made.push(spare.made);
        }
    }
}

/// The thing that a case is about, if it has to be made by one request alone and is the only one; and whether the case leaves it as
/// it is then.
fn need_of(party: &Party<'_>, case: &Case) -> Option<(Need, bool)> {
    let (resource, state) = only_made(&case.draft)?;
    let declared = party.vendor.file.resources.get(resource)?;
    let fixture = declared.fixtures.get(state).filter(|variable| party.fixtures.contains_key(*variable));
    if fixture.is_some() || declared.parent.is_some() || are_ready(party, resource) {
        return None;
    }
    let way = party.vendor.ways().to(resource, state)?;
    let leads_nowhere = party.vendor[case.row].then.iter().all(|branch| branch.leads.is_empty());
    Some(((resource.to_owned(), way.first()?.row), way.len() == 1 && leads_nowhere))
}

/// The only thing that a request names and that is to be in some state, where every other id is just drawn.
fn only_made(draft: &Draft) -> Option<(&str, &str)> {
    let mut found = None;
    for (resource, source) in &draft.ids {
        match source {
            IdSource::State(state) if found.is_none() => found = Some((resource.as_str(), state.as_str())),
            IdSource::Made(_) => {}
            _ => return None,
        }
    }
    found
}
