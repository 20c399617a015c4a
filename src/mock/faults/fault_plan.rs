//! The plan of faults: the rules for every request, and how often each request has met them, counted within bounds.

use super::{Fault, FaultRule, Timing};
use crate::http::exchange::Request;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// The most requests that are remembered before the older half is forgotten.
pub(super) const MAX_TALLIES: usize = 8 * 1024;

/// The rules for every request, and how often each has been looked at.
#[derive(Debug, Default)]
pub struct FaultPlan {
    rules: Vec<FaultRule>,
    tallies: Mutex<Tallies>,
}

impl FaultPlan {
    /// A plan that has seen no request yet.
    pub fn new(rules: Vec<FaultRule>) -> Self {
        Self { rules, tallies: Mutex::default() }
    }

    /// The number of requests that are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        let tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.recent.len() + tallies.older.len()
    }

    /// The fault of this request: the first breakage that its rules call for, after all delays that they call for.
    pub fn pick(&self, request: &Request) -> Option<Fault> {
        self.pick_from(&self.rules, request)
    }

    /// The same by a request's own rules, which are counted beside the plan's.
    pub(super) fn pick_from(&self, rules: &[FaultRule], request: &Request) -> Option<Fault> {
        let mut fault = Fault::NONE;
        for (place, rule) in rules.iter().enumerate() {
            let settled = fault.breakage.is_some() && rule.fault.breakage.is_some();
            if settled || !self.hits(place, rule, request) {
                continue;
            }
            fault.delay = fault.delay.saturating_add(rule.fault.delay);
            fault.breakage = fault.breakage.or(rule.fault.breakage);
        }
        (fault != Fault::NONE).then_some(fault)
    }

    fn hits(&self, place: usize, rule: &FaultRule, request: &Request) -> bool {
        if rule.method.as_ref().is_some_and(|method| *method != request.method) {
            return false;
        }
        let mut key = DefaultHasher::new();
        (place, rule).hash(&mut key);
        match rule.timing {
            Timing::Always => true,
            Timing::First(count) => {
                hash_request(request, &mut key);
                self.count(key.finish()) <= u64::from(count)
            }
            Timing::Percent(percent) => {
                let (seen, percent) = (self.count(key.finish()), u64::from(percent));
                seen.wrapping_mul(percent) / 100 > (seen - 1).wrapping_mul(percent) / 100
            }
        }
    }

    fn count(&self, key: u64) -> u64 {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).count(key)
    }
}

/// Hashes what makes a request the same as another: all of it, but for fields that may change from try to try.
fn hash_request(request: &Request, hasher: &mut impl Hasher) {
    (&request.method, &request.url, &request.body).hash(hasher);
    for field in request.headers.iter().filter(|(name, _)| !changes_by_try(name)) {
        field.hash(hasher);
    }
}

fn changes_by_try(name: &str) -> bool {
    let fleeting = ["connection", "date", "traceparent", "tracestate", "x-request-id"];
    fleeting.iter().any(|known| name.eq_ignore_ascii_case(known)) || name.to_ascii_lowercase().contains("retry")
}

/// The count of each key; the keys that were not seen for longest are forgotten first.
#[derive(Debug, Default)]
struct Tallies {
    recent: HashMap<u64, u64>,
    older: HashMap<u64, u64>,
}

impl Tallies {
    /// Counts a key and returns how often it was counted, this time included.
    fn count(&mut self, key: u64) -> u64 {
        if let Some(tally) = self.recent.get_mut(&key) {
            *tally = tally.saturating_add(1);
            return *tally;
        }
        if self.recent.len() >= MAX_TALLIES / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        let tally = self.older.remove(&key).map_or(1, |tally| tally.saturating_add(1));
        self.recent.insert(key, tally);
        tally
    }
}
