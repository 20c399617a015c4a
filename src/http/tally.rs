//! The requests of a run, counted as they go out, and held to a bound.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The requests that have gone out, and how many may.
#[derive(Debug, Default)]
pub struct Tally {
    sent: AtomicUsize,
    most: Option<usize>,
}

impl Tally {
    /// Nothing sent, and at most so many to be sent, if there is a bound.
    pub fn new(most: Option<usize>) -> Self {
        Self { sent: AtomicUsize::new(0), most }
    }

    /// The requests that have gone out.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Returns whether there is a bound.
    pub fn is_bounded(&self) -> bool {
        self.most.is_some()
    }

    /// Counts a request that is about to go out; false if it may not, since the bound has to leave so many for others.
    pub fn take(&self, reserve: usize) -> bool {
        let may = self.most.is_none_or(|most| self.sent().saturating_add(reserve) < most);
        self.sent.fetch_add(usize::from(may), Ordering::Relaxed);
        may
    }
}

/// The share of a run's requests that an exchange may use.
#[derive(Debug, Clone, Copy)]
pub struct Allowance<'a> {
    /// The requests of the run.
    pub tally: &'a Tally,
    /// The requests that have to be left for others.
    pub reserve: usize,
}

impl Allowance<'_> {
    /// Counts a request that is about to go out; false if it may not.
    pub fn take(self) -> bool {
        self.tally.take(self.reserve)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_goes_out_beyond_the_bound_or_out_of_the_reserve() {
        let tally = Tally::new(Some(3));
        assert_eq!(
            [tally.take(2), tally.take(2), tally.take(1), tally.take(1), tally.take(0)],
            [true, false, true, false, true]
        );
        assert!(!tally.take(0));
        assert_eq!(tally.sent(), 3);
    }

    #[test]
    fn without_a_bound_requests_are_only_counted() {
        let tally = Tally::default();
        assert!((0..5).all(|_| tally.take(usize::MAX)));
        assert_eq!(tally.sent(), 5);
    }
}
