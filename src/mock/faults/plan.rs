//! Which fault happens to which request, counted within bounds.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::http::exchange::{Headers, Request, Response};
use crate::mock::faults::{Fault, Rule, Timing};
use crate::mock::{Answer, Reply};

/// The header field by which one request asks for faults of its own, in place of the plan's.
pub const HEADER: &str = "x-proviso-fault";
/// How many requests are remembered before the older half is forgotten.
pub(super) const MAX_TALLIES: usize = 8 * 1024;
/// The most rules that one header field may hold.
const MAX_RULES: usize = 16;

/// The rules for every request, and how often each has been looked at.
#[derive(Debug, Default)]
pub struct Plan {
    rules: Vec<Rule>,
    tallies: Mutex<Tallies>,
}

impl Plan {
    /// A plan that has seen no request yet.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules, tallies: Mutex::default() }
    }

    /// How many requests are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        let tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        tallies.recent.len() + tallies.older.len()
    }

    /// What happens to this request: the first breakage that is due, after all delays that are due.
    pub fn pick(&self, request: &Request) -> Option<Fault> {
        self.pick_from(&self.rules, request)
    }

    /// The same by a request's own rules, which are counted beside the plan's.
    fn pick_from(&self, rules: &[Rule], request: &Request) -> Option<Fault> {
        let mut fault = Fault::default();
        for (place, rule) in rules.iter().enumerate() {
            let settled = fault.breakage.is_some() && rule.fault.breakage.is_some();
            if settled || !self.is_due(place, rule, request) {
                continue;
            }
            fault.delay = fault.delay.saturating_add(rule.fault.delay);
            fault.breakage = fault.breakage.or(rule.fault.breakage);
        }
        (fault != Fault::default()).then_some(fault)
    }

    fn is_due(&self, place: usize, rule: &Rule, request: &Request) -> bool {
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

/// What makes a request the same as another: all of it, but for fields that may change from try to try.
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

/// How often each key was counted; the keys that were not seen for longest are forgotten first.
#[derive(Debug, Default)]
struct Tallies {
    recent: HashMap<u64, u64>,
    older: HashMap<u64, u64>,
}

impl Tallies {
    /// Counts a key and tells how often it was counted, this time included.
    fn count(&mut self, key: u64) -> u64 {
        if let Some(tally) = self.recent.get_mut(&key) {
            *tally = tally.saturating_add(1);
            return *tally;
        }
        if self.recent.len() >= MAX_TALLIES / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        let tally = self.older.remove(&key).unwrap_or_default().saturating_add(1);
        self.recent.insert(key, tally);
        tally
    }
}

/// An answerer whose answers go wrong by a plan, or as the request itself asks in [`HEADER`].
pub struct Faulty {
    inner: Arc<dyn Answer>,
    plan: Plan,
}

impl Faulty {
    /// Puts a plan before an answerer; an empty plan leaves only the header field.
    pub fn new(inner: Arc<dyn Answer>, plan: Plan) -> Self {
        Self { inner, plan }
    }

    /// What happens to this request, or the complaint about the rules that it brought along.
    fn pick(&self, request: &Request) -> Result<Option<Fault>, String> {
        let Some(text) = request.headers.get(HEADER) else { return Ok(self.plan.pick(request)) };
        let texts: Vec<&str> = text.split(',').map(str::trim).filter(|text| !matches!(*text, "" | "none")).collect();
        if texts.len() > MAX_RULES {
            return Err(format!("{HEADER} holds more than {MAX_RULES} faults"));
        }
        let rules = texts.iter().map(|text| text.parse()).collect::<Result<Vec<Rule>, _>>();
        Ok(self.plan.pick_from(&rules.map_err(|error| format!("{HEADER}: {error}"))?, request))
    }
}

impl Answer for Faulty {
    /// A fault that stands before the deed keeps the request from whoever would do it.
    fn answer(&self, request: &Request) -> Reply {
        match self.pick(request) {
            Ok(None) => self.inner.answer(request),
            Ok(Some(fault)) if fault.breakage.is_some_and(|breakage| !breakage.acts()) => {
                Reply { response: plain(503, "A fault on demand."), fault: Some(fault) }
            }
            Ok(Some(fault)) => Reply { fault: Some(fault), ..self.inner.answer(request) },
            Err(complaint) => plain(400, &complaint).into(),
        }
    }
}

fn plain(status: u16, text: &str) -> Response {
    let headers = Headers(vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())]);
    Response { status, headers, body: Bytes::from(format!("{text}\n")) }
}
