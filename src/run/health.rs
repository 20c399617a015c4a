//! A vendor's health in a run: its signs of life in the order of its exchanges, and the reason why nothing is sent to it, if there is one.

use crate::contract::RowId;
use std::collections::BTreeMap;

/// The reason why nothing is sent to a vendor, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// There is none.
    Open,
    /// It gives no sign of life, and what came instead.
    Dead(String),
    /// It answers, but refuses the good credentials.
    Refuses(String),
    /// It says that it is live where a test was meant.
    Live(String),
    /// Nothing may be made there, since it could not be written down.
    Barred(String),
    /// It made something, and the contract does not find the id in its answer.
    Mistaken(String),
    /// The guard does not let it be asked.
    Forbidden(String),
}

/// A moment in the order of a vendor's exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

/// A vendor's signs of life: answers that could be its own, from any of its calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignsOfLife {
    last: u64,
    /// When the request of the latest sign of each row was sent.
    latest: BTreeMap<RowId, Moment>,
    /// The number of those who wait for a sign.
    awaiting: usize,
    /// What answered as the vendor would not, first.
    stranger: Option<String>,
    certain: bool,
}

impl SignsOfLife {
    /// Those of a vendor that is known to live, and is never asked whether it does.
    pub fn certain() -> Self {
        Self { certain: true, ..Self::default() }
    }

    /// A moment after all before it.
    pub fn now(&mut self) -> Moment {
        self.last += 1;
        Moment(self.last)
    }

    /// Takes a sign that a row's request gave which was sent at a moment.
    pub fn take(&mut self, row: RowId, sent: Moment) {
        let latest = self.latest.entry(row).or_insert(sent);
        *latest = sent.max(*latest);
    }

    /// Takes an answer that could not be the vendor's.
    pub fn take_stranger(&mut self, answer: String) {
        self.stranger.get_or_insert(answer);
    }

    /// What answered as the vendor would not, first.
    pub fn stranger(&self) -> Option<&str> {
        self.stranger.as_deref()
    }

    /// Returns whether the vendor has given any sign in this run.
    pub fn are_there(&self) -> bool {
        self.certain || !self.latest.is_empty()
    }

    /// Returns whether a row's request that was sent since a moment gave a sign.
    pub fn of(&self, row: RowId, moment: Moment) -> bool {
        self.certain || self.latest.get(&row).is_some_and(|sent| *sent >= moment)
    }

    /// Returns whether an answer is to be looked at for a sign: until there is one, and while one is awaited.
    pub fn are_wanted(&self) -> bool {
        !self.certain && (self.latest.is_empty() || self.awaiting > 0)
    }

    /// Begins to look at every answer.
    pub fn begin_awaiting(&mut self) {
        self.awaiting += 1;
    }

    /// Ends what was begun.
    pub fn end_awaiting(&mut self) {
        self.awaiting = self.awaiting.saturating_sub(1);
    }

    /// Returns whether a request that was sent since a moment gave a sign.
    pub fn since(&self, moment: Moment) -> bool {
        self.certain || self.latest.values().any(|sent| *sent >= moment)
    }

    /// Returns whether a request that was sent since a moment shows that an answer to a row is the vendor's own. An operation does not
    /// vouch for itself; where the vendor has no other (`alone`), another of its rows does.
    pub fn vouch(&self, row: RowId, alone: bool, moment: Moment) -> bool {
        let mut others = self.latest.iter().filter(|(other, _)| may_vouch(**other, row, alone));
        self.certain || others.any(|(_, sent)| *sent >= moment)
    }
}

/// Returns whether a sign from one row shows that an answer to another is the vendor's own.
pub(super) fn may_vouch(sign: RowId, row: RowId, alone: bool) -> bool {
    sign.operation != row.operation || alone && sign != row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Loaded, load};
    use std::path::Path;
    use std::sync::LazyLock;

    static LOADED: LazyLock<Loaded> = LazyLock::new(|| load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")]));

    /// The row of a place in the operation of a place.
    fn row(operation: usize, place: usize) -> RowId {
        let [.., vendor] = LOADED.contracts.vendors.as_slice() else { panic!("no vendor") };
        vendor.operations[operation].rows[place].id
    }

    #[test]
    fn a_sign_counts_from_when_its_request_was_sent() {
        let mut signs = SignsOfLife::default();
        let (sent, failed) = (signs.now(), signs.now());
        signs.take(row(1, 0), sent);
        assert!(signs.are_there() && signs.since(sent) && !signs.since(failed));
        assert!(!signs.vouch(row(0, 0), false, failed), "it was sent before the failure");
        let later = signs.now();
        signs.take(row(1, 0), later);
        signs.take(row(1, 0), sent);
        assert!(signs.vouch(row(0, 0), false, failed), "an answer that comes late takes nothing back");
    }

    #[test]
    fn an_operation_does_not_vouch_for_itself() {
        let mut signs = SignsOfLife::default();
        let began = signs.now();
        let sent = signs.now();
        signs.take(row(0, 1), sent);
        assert!(!signs.vouch(row(0, 0), false, began) && !signs.vouch(row(0, 1), false, began));
        assert!(signs.vouch(row(1, 0), false, began));
        assert!(signs.vouch(row(0, 0), true, began), "where the vendor has no other operation");
        assert!(!signs.vouch(row(0, 1), true, began), "a row never does");
    }

    #[test]
    fn answers_are_looked_at_until_there_is_a_sign_and_while_one_is_awaited() {
        let mut signs = SignsOfLife::default();
        assert!(signs.are_wanted() && !signs.are_there());
        let sent = signs.now();
        signs.take(row(0, 0), sent);
        assert!(!signs.are_wanted());
        signs.begin_awaiting();
        signs.begin_awaiting();
        signs.end_awaiting();
        assert!(signs.are_wanted());
        signs.end_awaiting();
        assert!(!signs.are_wanted());
    }

    #[test]
    fn a_vendor_that_is_known_to_live_never_learns_otherwise() {
        let mut signs = SignsOfLife::certain();
        let now = signs.now();
        assert!(signs.are_there() && !signs.are_wanted());
        assert!(signs.since(now) && signs.vouch(row(0, 0), false, now));
    }

    #[test]
    fn the_first_stranger_is_remembered() {
        let mut signs = SignsOfLife::default();
        signs.take_stranger("one".to_owned());
        signs.take_stranger("another".to_owned());
        assert_eq!((signs.stranger(), signs.are_there()), (Some("one"), false));
    }
}
