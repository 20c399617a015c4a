//! Everything that is prepared before the first request: the embedded mock, credentials, the guard, the socket.

use crate::cli::live::start_embedded_mock::start_embedded_mock;
use crate::cli::live::{Goal, LiveSettings, Supplied};
use crate::cli::output::Output;
use crate::cli::problem::Problem;
use crate::cli::set_panic_hook::set_redacting_panic_hook;
use proviso::contract::Loaded;
use proviso::http::send::{self, Sender};
use proviso::mock::Spawned;
use proviso::report::Count;
use proviso::run::event::Event;
use proviso::run::guard::{Deeds, Refusal, Terms, departure, leaves, refusals};
use proviso::run::{Answers, Destination, Listener, Parties, Party, RunContext, RunPlan, Teller};
use proviso::text::secret::Redactor;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// Everything that a run needs.
pub(crate) struct Setup<'a> {
    /// The contracts.
    pub(crate) loaded: &'a Loaded,
    /// The vendors, each with its place and its credentials.
    pub(crate) parties: Parties<'a>,
    redactor: Arc<Redactor>,
    sender: Sender,
    /// The vendors of the embedded mock, which answer as long as this exists.
    mock: Vec<Spawned>,
}

impl<'a> Setup<'a> {
    /// A setup of vendors at places that are known.
    pub(crate) fn new(
        loaded: &'a Loaded,
        parties: Vec<Party<'a>>,
        redactor: Arc<Redactor>,
        sending: &send::Settings,
    ) -> Result<Self, Problem> {
        let sender = Sender::new(sending).map_err(Problem::new)?;
        Ok(Self { loaded, parties: parties.into_iter().collect(), redactor, sender, mock: Vec::new() })
    }

    /// Prepares everything for these goals; `deeds` is what is about to be done at a vendor, if anything is. A vendor that the guard
    /// refuses is reported, and is not asked.
    pub(crate) fn prepare(
        runtime: &Runtime,
        (loaded, goals): (&'a Loaded, &[Option<Goal>]),
        settings: &LiveSettings,
        mut supplied: Supplied,
        deeds: impl Fn(&Party<'_>) -> Option<Deeds>,
        output: &mut Output,
    ) -> Result<Self, Problem> {
        let _context = runtime.enter();
        let answering = settings.answering.as_ref().unwrap_or(&loaded.contracts);
        let mock = start_embedded_mock(answering, goals, &settings.choices, &mut supplied)?;
        let redactor = redact_everywhere(loaded, &supplied, output);
        let parties = place_parties(loaded, goals, &mock, &supplied, settings);
        for party in parties.iter().filter(|party| !party.destination.embedded || leaves(party, &settings.terms)) {
            if let Some(deeds) = deeds(party) {
                guard_party(party, &deeds, &settings.terms, output);
            }
        }
        let sending = send::Settings { keeps: mock.len() <= MOST_KEPT, ..settings.sending.clone() };
        Ok(Self { mock, ..Self::new(loaded, parties, redactor, &sending)? })
    }

    /// The context of a run that asks these vendors.
    pub(crate) fn send_in<'s>(&'s self, plan: &'s RunPlan, sink: &'s mut (dyn FnMut(Event) + 's)) -> RunContext<'s> {
        self.answer_in(Answers::Sent(&self.sender), plan, Listener::Events(sink))
    }

    /// The context of a run that is answered so.
    pub(crate) fn answer_in<'s>(
        &'s self,
        answers: Answers<'s>,
        plan: &'s RunPlan,
        listener: Listener<'s>,
    ) -> RunContext<'s> {
        RunContext::new(&self.loaded.contracts, answers, plan, self.teller(), listener)
    }

    /// The writer of events, which keeps secrets out.
    pub(crate) fn teller(&self) -> Teller<'_> {
        Teller { sources: &self.loaded.sources, redactor: &self.redactor }
    }

    /// Returns whether every vendor is one of the embedded mock.
    pub(crate) fn is_mocked(&self) -> bool {
        self.mock.len() == self.parties.iter().len()
    }
}

/// The runtime of a command that sends requests: one thread.
pub(crate) fn start_runtime() -> Result<Runtime, Problem> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Problem::new(format_args!("the machine gives no runtime: {error}")))
}

/// Keeps the supplied secrets out of everything that is written from now on, panics included.
fn redact_everywhere(loaded: &Loaded, supplied: &Supplied, output: &mut Output) -> Arc<Redactor> {
    let (redactor, too_short) = supplied.redactor(&loaded.contracts, &loaded.left_out);
    let redactor = Arc::new(redactor);
    set_redacting_panic_hook(&redactor);
    for notice in too_short {
        output.notice(&format!("notice: {notice}\n"));
    }
    redactor
}

fn place_parties<'a>(
    loaded: &'a Loaded,
    goals: &[Option<Goal>],
    mock: &[Spawned],
    supplied: &Supplied,
    settings: &LiveSettings,
) -> Vec<Party<'a>> {
    // One for each vendor whose goal the mock is, in their order.
    let mut mock = mock.iter();
    let mut parties = Vec::new();
    for (vendor, goal) in loaded.contracts.vendors.iter().zip(goals) {
        let destination = match goal {
            Some(Goal::Mock) => mock.next().map(|spawned| Destination::embedded(&spawned.origin)),
            Some(Goal::Elsewhere(destination)) => Some(destination.clone()),
            None => None,
        };
        let party = |place| Party::new(vendor, place, &supplied.variables, settings.rate);
        parties.extend(destination.map(party));
    }
    parties
}

/// Lets the guard look at what is about to be done at a vendor: what it refuses is reported and forbidden; else where the vendor's
/// variables go is.
fn guard_party(party: &Party<'_>, deeds: &Deeds, terms: &Terms, output: &mut Output) {
    let refused = refusals(party, deeds, terms);
    if refused.is_empty() {
        if let Some(line) = departure(party, deeds, terms) {
            output.eprint(&format!("{line}\n"));
        }
        return;
    }
    show_refusals(&refused, output);
    output.eprint(&format!("{}; nothing is sent to {}\n", Count(refused.len(), "refusal"), party.vendor.name));
    party.forbid(&refused);
}

/// Shows refusals, each with what permits it.
pub(crate) fn show_refusals(refused: &[Refusal], output: &mut Output) {
    for refusal in refused {
        let help = refusal.permit.iter().map(|permit| format!("if that is meant, type `{permit}`")).collect();
        output.error(&Problem { message: format!("refused: {}", refusal.why), help });
    }
}

/// The number of vendors of the mock to which connections are kept. Each answers at a port of its own, so that of very many the kept
/// ones would be more than a process may have open.
const MOST_KEPT: usize = 64;
