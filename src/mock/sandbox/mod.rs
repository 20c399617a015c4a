//! The embedded sandbox: answers requests by the rows of contracts, and remembers their effects.
//!
//! A request is routed by its method and path to an operation, its point in the operation's space is recognised in the world
//! as it is, and the row whose region holds the point gives its outcome and takes its transition. Nothing else is refused.

mod accepted_credentials;
mod answer_filler;
mod answer_recipe;
mod body_node;
mod entity;
mod flat_schema;
mod matching_text;
mod mock_settings;
mod mock_world;
mod no_answer;
mod outcome_choice;
mod prepared_operation;
mod proof;
mod reference_values;
mod routes;
mod row_answer;
mod scalar_value;
mod site;
#[cfg(test)]
mod tests;
mod turn;

pub use answer_recipe::ROW;
pub use mock_settings::{CAPACITY, MockError, MockSettings};
pub use outcome_choice::{OutcomeChoice, OutcomeChoiceError};
pub use proof::{Proof, ProofError};

use crate::contract::{Contracts, OperationId, VendorId};
use crate::http::exchange::{Request, Response};
use crate::mock::{Answerer, FaultPlan, Faulty, Reply, Running, Server};
use accepted_credentials::AcceptedCredentials;
use no_answer::NoAnswer;
use routes::Routes;
use row_answer::{RowAnswer, operation_routes};
use site::Site;
use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

/// A request and the row that answered it, for an onlooker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, without its query, which may hold credentials.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// `vendor/operation/row`, if a row was met.
    pub row: Option<&'a str>,
    /// The outcome that the row gave.
    pub outcome: Option<&'a str>,
    /// The sentence about what is missing, if no row was met.
    pub problem: Option<&'a str>,
    /// True where from here on the vendor forgets its oldest things to make room for new ones.
    pub crowds: bool,
}

/// A function that looks on while a mock answers.
pub type Onlooker = Box<dyn Fn(&ServedRequest<'_>) + Send + Sync>;

/// The sandbox of every vendor of some contracts, at one address.
pub struct Mock {
    contracts: Arc<Contracts>,
    /// The parts of the vendors, in the order of the contracts.
    sites: Vec<Site>,
    routes: Routes<OperationId>,
    origin: OnceLock<String>,
    onlooker: Option<Onlooker>,
}

/// A mock that answers on a socket, until this is dropped.
#[derive(Debug)]
pub struct Spawned {
    /// The server.
    pub running: Running,
    /// Scheme, host and port to reach it at.
    pub origin: String,
}

impl Spawned {
    fn bind(addr: SocketAddr, answerer: Arc<dyn Answerer>, faults: FaultPlan) -> io::Result<Self> {
        let running = Server::bind(addr, Arc::new(Faulty::new(answerer, faults)))?.start();
        Ok(Self { origin: format!("http://{}", running.addr()), running })
    }
}

impl Mock {
    /// A mock of contracts without mistakes.
    pub fn new(contracts: Arc<Contracts>, settings: &MockSettings) -> Result<Self, MockError> {
        for choice in &settings.choices {
            choice.validate(&contracts)?;
        }
        let mut dice = settings.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let mut made = HashMap::new();
        let mut sites = Vec::new();
        for vendor in &contracts.vendors {
            let accepted = AcceptedCredentials::new(vendor, settings, &mut made, &mut dice)?;
            sites.push(Site::new(vendor, accepted, settings, dice.fork())?);
        }
        let routes = operation_routes(&contracts);
        Ok(Self { contracts, sites, routes, origin: OnceLock::new(), onlooker: None })
    }

    /// The part of a vendor.
    #[expect(clippy::indexing_slicing, reason = "there is a site for each of the contracts' vendors")]
    fn site(&self, vendor: VendorId) -> &Site {
        &self.sites[vendor.position()]
    }

    /// Shows every request as it is answered to an onlooker.
    #[must_use]
    pub fn with_onlooker(self, onlooker: Onlooker) -> Self {
        Self { onlooker: Some(onlooker), ..self }
    }

    /// The environment of a run against this mock: every variable of a credential or a fixture, with the value that is accepted.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (vendor, site) in self.contracts.vendors.iter().zip(&self.sites) {
            let variables = vendor.file.credentials.values().map(|credential| credential.env.as_str());
            pairs.extend(variables.zip(site.accepted.values()));
            pairs.extend(site.fixtures.iter().map(|(variable, id)| (variable.as_str(), id.as_str())));
        }
        let mut seen = HashSet::new();
        pairs.retain(|(variable, _)| seen.insert(*variable));
        pairs.into_iter().map(|(variable, value)| (variable.to_owned(), value.to_owned())).collect()
    }

    /// Listens on an address and answers in the background, with faults by a plan or as a request itself asks for them; fails
    /// outside a tokio runtime.
    pub fn spawn(self: &Arc<Self>, addr: SocketAddr, faults: FaultPlan) -> io::Result<Spawned> {
        let spawned = Spawned::bind(addr, Arc::clone(self) as Arc<dyn Answerer>, faults)?;
        self.set_origin(&spawned.origin);
        Ok(spawned)
    }

    /// The same for one vendor alone, at a free port, even for requests that it shares with others.
    pub fn spawn_vendor(self: &Arc<Self>, vendor: VendorId, ip: IpAddr, faults: FaultPlan) -> io::Result<Spawned> {
        let alone = VendorAlone { mock: Arc::clone(self), vendor };
        let spawned = Spawned::bind(SocketAddr::new(ip, 0), Arc::new(alone), faults)?;
        // A second address is as good as the first.
        let _ = self.site(vendor).origin.set(spawned.origin.clone());
        Ok(spawned)
    }

    /// A vendor and the address where it alone answers.
    fn address(&self, vendor: VendorId) -> String {
        let name = &self.contracts[vendor].name;
        self.site(vendor).origin.get().map_or_else(|| name.clone(), |origin| format!("{name} at {origin}"))
    }

    /// Sets the address for requests that do not name one: URLs in answers lead there. Only the first word counts.
    pub fn set_origin(&self, origin: &str) {
        // A second address leads to the same mock, so the first one stays right.
        let _ = self.origin.set(origin.to_owned());
    }

    /// The answer to a request of the vendor that has it, after which the world is as the row leads it.
    pub fn respond(&self, request: &Request) -> Response {
        self.respond_and_show(None, request)
    }

    /// The answer of one vendor, which is asked alone.
    pub fn respond_as(&self, vendor: VendorId, request: &Request) -> Response {
        self.respond_and_show(Some(vendor), request)
    }

    fn respond_and_show(&self, only: Option<VendorId>, request: &Request) -> Response {
        let path = request.url.split_once(['?', '#']).map_or(request.url.as_str(), |(path, _)| path);
        let answer = self.answer_by_row(only, request, path);
        if let Some(onlooker) = &self.onlooker {
            onlooker(&ServedRequest::new(request, path, &answer));
        }
        match answer {
            Ok(answer) => answer.response,
            Err(no_answer) => no_answer.into_response(),
        }
    }

    /// The state of a resource of a vendor; none where there is no such resource.
    pub fn state_of(&self, vendor: VendorId, resource: &str, id: &str) -> Option<String> {
        self.site(vendor).lock().world.find(resource, id).map(|entity| entity.state.to_string())
    }

    /// Forgets everything that a vendor's requests have made or changed.
    pub fn begin_again(&self, vendor: VendorId) {
        self.site(vendor).begin_again();
    }

    /// Puts a resource into a state without regard to rows, as only a fault would; nothing happens where there is none.
    pub fn put_state(&self, vendor: VendorId, resource: &str, id: &str, to: &str) {
        if let Some(entity) = self.site(vendor).lock().world.find_mut(resource, id) {
            entity.state = to.into();
        }
    }

    /// The same with every resource of a kind.
    pub fn put_all(&self, vendor: VendorId, resource: &str, to: &str) {
        self.site(vendor).lock().world.change_all(resource, |entity| entity.state = to.into());
    }
}

impl<'a> ServedRequest<'a> {
    fn new(request: &'a Request, path: &'a str, answer: &'a Result<RowAnswer<'_>, NoAnswer>) -> Self {
        let method = request.method.as_str();
        match answer {
            Ok(RowAnswer { response, row, outcome, crowds }) => {
                let (row, outcome) = (Some(*row), Some(*outcome));
                Self { method, path, status: response.status, row, outcome, problem: None, crowds: *crowds }
            }
            Err(no_answer) => Self {
                method,
                path,
                status: no_answer.status,
                row: None,
                outcome: None,
                problem: Some(&no_answer.problem),
                crowds: false,
            },
        }
    }
}

/// One vendor of a mock.
struct VendorAlone {
    mock: Arc<Mock>,
    vendor: VendorId,
}

impl Answerer for VendorAlone {
    fn answer(&self, request: &Request) -> Reply {
        self.mock.respond_as(self.vendor, request).into()
    }
}

impl Answerer for Mock {
    fn answer(&self, request: &Request) -> Reply {
        self.respond(request).into()
    }
}
