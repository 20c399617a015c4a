//! An answerer whose answers go wrong: by a plan, or as the request itself asks.

use super::{EXCUSE, Fault, FaultPlan, FaultRule, plain_text};
use crate::http::exchange::Request;
use crate::mock::{Answerer, Reply};
use std::sync::Arc;

/// The header field by which one request asks for faults of its own, in place of the plan's.
pub const HEADER: &str = "x-proviso-fault";
/// The most rules that one header field may hold.
const MAX_RULES: usize = 16;

/// An answerer whose answers go wrong by a plan, or as the request itself asks in [`HEADER`].
pub struct Faulty {
    inner: Arc<dyn Answerer>,
    plan: FaultPlan,
}

impl Faulty {
    /// Puts a plan before an answerer; an empty plan leaves only the header field.
    pub fn new(inner: Arc<dyn Answerer>, plan: FaultPlan) -> Self {
        Self { inner, plan }
    }

    /// The fault of this request, or the complaint about the rules that it brought along.
    fn pick_fault(&self, request: &Request) -> Result<Option<Fault>, String> {
        match request.headers.get(HEADER) {
            Some(text) => Ok(self.plan.pick_from(&parse_rules(text)?, request)),
            None => Ok(self.plan.pick(request)),
        }
    }
}

fn parse_rules(text: &str) -> Result<Vec<FaultRule>, String> {
    let texts: Vec<&str> = text.split(',').map(str::trim).filter(|text| !matches!(*text, "" | "none")).collect();
    if texts.len() > MAX_RULES {
        return Err(format!("{HEADER} holds more than {MAX_RULES} faults"));
    }
    let rules = texts.iter().map(|text| text.parse::<FaultRule>());
    rules.collect::<Result<_, _>>().map_err(|error| format!("{HEADER}: {error}"))
}

impl Answerer for Faulty {
    /// A fault that comes before any effect keeps the request from the answerer behind.
    fn answer(&self, request: &Request) -> Reply {
        match self.pick_fault(request) {
            Ok(None) => self.inner.answer(request),
            Ok(Some(fault)) if fault.breakage.is_some_and(|breakage| !breakage.acts()) => {
                Reply { response: plain_text(503, EXCUSE), fault: Some(fault) }
            }
            Ok(Some(fault)) => Reply { fault: Some(fault), ..self.inner.answer(request) },
            Err(complaint) => plain_text(400, &complaint).into(),
        }
    }
}
