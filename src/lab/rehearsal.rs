//! A run rehearsed on the contracts' own mock as on a vendor's machine: what it would send and make there.

use crate::contract::Loaded;
use crate::contract::case::Case;
use crate::http::send::Sender;
use crate::lab::mutant::{Stage, Unmeasurable};
use crate::mock::{Answerer, InProcess, Mock, MockSettings};
use crate::run::event::Summary;
use crate::run::{Answers, Cleanup, Listener, Opening, RunContext, RunPlan, Teller, conduct};
use crate::text::secret::Redactor;
use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use tokio::runtime::Builder;

/// Rehearses a run of cases as `plan` has it, at vendors that answer as documented and with every variable set.
pub fn rehearse(loaded: &Loaded, cases: &[Case], plan: &RunPlan) -> Result<Summary, Unmeasurable> {
    let mock = Arc::new(Mock::new(Arc::clone(&loaded.contracts), &MockSettings::default())?);
    let variables: HashMap<String, String> = mock.environment().into_iter().collect();
    let stage = Arc::new(Stage::new(mock, Arc::clone(&loaded.contracts)));
    let sender = Sender::within(Arc::new(InProcess(Arc::clone(&stage) as Arc<dyn Answerer>)));
    let redactor = Redactor::default();
    let teller = Teller { sources: &loaded.sources, redactor: &redactor };
    let parties = stage.parties(&loaded.contracts, &variables, false);
    let plan =
        RunPlan { opening: Opening::Canary, cleanup: Cleanup::Remove, state: None, baselines: None, ..plan.clone() };
    let mut ignored = drop;
    let run = RunContext::new(&loaded.contracts, Answers::Sent(&sender), &plan, teller, Listener::Events(&mut ignored));
    let runtime = Builder::new_current_thread().enable_time().build()?;
    Ok(runtime.block_on(conduct(&run, &parties, cases, pending())))
}
