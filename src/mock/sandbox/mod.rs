//! The embedded sandbox: answers requests by the rows of contracts, and remembers what they led to.
//!
//! A request is routed by its method and path to an operation, its point in the operation's space is recognised in the world
//! as it stands, and the row whose region holds the point gives its outcome and takes its transition. Nothing else is refused.

mod accepted;
mod answer;
mod call;
mod choice;
mod example;
mod hand;
mod known;
mod merge;
mod pattern;
mod proof;
mod respond;
mod route;
mod scalar;
mod site;
#[cfg(test)]
mod tests;
mod told;
mod turn;
mod world;

pub use answer::ROW;
pub use choice::{Choice, ChoiceError};
pub use proof::{Proof, Refused};

use crate::contract::{Contracts, VendorId};
use crate::http::exchange::{Request, Response};
use crate::mock::{Answer, Faulty, Plan, Reply, Running, Server};
use call::Call;
use respond::Given;
use route::Routes;
use site::Site;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use thiserror::Error;
use told::Untold;

/// How many things a vendor keeps where nothing else is said.
pub const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// What may be said of a mock before it starts.
#[derive(Clone)]
pub struct Settings {
    /// Values of credentials and ids of fixtures, by the variable that a contract names for them: exactly these are accepted.
    /// For a variable that is not here, or empty, one is made up.
    pub values: HashMap<String, String>,
    /// Which of several documented outcomes a row gives; without a choice it is the first.
    pub choices: Vec<Choice>,
    /// Where random ids and keys begin, if they are to be the same every time.
    pub seed: Option<u64>,
    /// How many things each vendor keeps; beyond it the oldest are forgotten.
    pub capacity: NonZeroUsize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { values: HashMap::new(), choices: Vec::new(), seed: None, capacity: CAPACITY }
    }
}

/// The values may be credentials, so only their variables are shown.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, choices, seed, capacity } = self;
        let variables: BTreeSet<&String> = values.keys().collect();
        let mut settings = formatter.debug_struct("Settings");
        settings.field("values", &variables).field("choices", choices);
        settings.field("seed", seed).field("capacity", capacity).finish()
    }
}

/// Why a mock cannot start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MockError {
    /// A choice names nothing.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A value cannot be made up.
    #[error("no value can be made for {variable} from `{template}`; set the variable")]
    Unmakeable {
        /// The variable.
        variable: String,
        /// What the contract says of its value.
        template: String,
    },
    /// Two accounts have one key.
    #[error("{variable} and {other} hold the same value, so the two accounts cannot be told apart")]
    SameKey {
        /// The variable of one.
        variable: String,
        /// The variable of the other.
        other: String,
    },
    /// A row gives an outcome that there is not.
    #[error("{row} gives an outcome that its operation does not have")]
    NoOutcome {
        /// `vendor/operation/row`.
        row: String,
    },
}

/// A request and the row that it met, for whoever looks on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, without its query, which may hold credentials.
    pub path: &'a str,
    /// The status that was answered.
    pub status: u16,
    /// `vendor/operation/row`, if a row was met.
    pub row: Option<&'a str>,
    /// The outcome that the row gave.
    pub outcome: Option<&'a str>,
    /// What is missing, if no row was met.
    pub problem: Option<&'a str>,
    /// Whether from here on the vendor forgets its oldest things to make room for new ones.
    pub crowds: bool,
}

/// Whoever looks on while a mock answers.
pub type Onlooker = Box<dyn Fn(&Met<'_>) + Send + Sync>;

/// The sandbox of every vendor of some contracts, at one address.
pub struct Mock {
    contracts: Arc<Contracts>,
    sites: Vec<Site>,
    calls: Vec<Call>,
    routes: Routes,
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

impl Mock {
    /// A mock of contracts that are right, as `lint` has them.
    pub fn new(contracts: Arc<Contracts>, settings: &Settings) -> Result<Self, MockError> {
        for choice in &settings.choices {
            choice::validate(choice, &contracts)?;
        }
        let mut dice = settings.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let mut made = HashMap::new();
        let (mut sites, mut calls) = (Vec::new(), Vec::new());
        for vendor in &contracts.vendors {
            let accepted = accepted::Accepted::of(vendor, settings, &mut made, &mut dice)?;
            let first = calls.len();
            for operation in &vendor.operations {
                calls.push(Call::of(vendor, operation, &accepted, &settings.choices)?);
            }
            let own = calls.get(first..).unwrap_or_default();
            sites.push(Site::new(vendor, accepted, (first, own), settings, dice.fork())?);
        }
        let routes = respond::routes(&contracts, &calls);
        Ok(Self { contracts, sites, calls, routes, origin: OnceLock::new(), onlooker: None })
    }

    /// Tells somebody of every request as it is answered.
    #[must_use]
    pub fn on_met(self, onlooker: Onlooker) -> Self {
        Self { onlooker: Some(onlooker), ..self }
    }

    /// The environment of a run against this mock: every variable of a credential or a fixture, with the value that is accepted.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (vendor, site) in self.contracts.vendors.iter().zip(&self.sites) {
            for (name, credential) in &vendor.file.credentials {
                let value = site.accepted.get(name).unwrap_or_default();
                pairs.push((credential.env.clone(), value.to_owned()));
            }
            pairs.extend(site.fixtures.iter().cloned());
        }
        let mut seen = std::collections::HashSet::new();
        pairs.retain(|(variable, _)| seen.insert(variable.clone()));
        pairs
    }

    /// Listens on an address and answers in the background, with faults by a plan or as a request itself asks for them; fails
    /// outside a tokio runtime.
    pub fn spawn(self: &Arc<Self>, addr: SocketAddr, faults: Plan) -> io::Result<Spawned> {
        let answerer = Faulty::new(Arc::clone(self) as Arc<dyn Answer>, faults);
        let running = Server::bind(addr, Arc::new(answerer))?.start();
        let origin = format!("http://{}", running.addr());
        self.stand_at(&origin);
        Ok(Spawned { running, origin })
    }

    /// The same for one vendor alone, at a free port, whatever requests it shares with others.
    pub fn spawn_vendor(self: &Arc<Self>, vendor: VendorId, ip: IpAddr, faults: Plan) -> io::Result<Spawned> {
        let alone = Alone { mock: Arc::clone(self), vendor };
        let answerer = Faulty::new(Arc::new(alone), faults);
        let running = Server::bind(SocketAddr::new(ip, 0), Arc::new(answerer))?.start();
        let origin = format!("http://{}", running.addr());
        if let Some(site) = self.sites.get(vendor.position()) {
            // A second address is as good as the first.
            let _ = site.origin.set(origin.clone());
        }
        Ok(Spawned { running, origin })
    }

    /// A vendor and where it alone answers.
    fn address(&self, vendor: VendorId) -> String {
        let name = &self.contracts[vendor].name;
        match self.sites.get(vendor.position()).and_then(|site| site.origin.get()) {
            Some(origin) => format!("{name} at {origin}"),
            None => name.clone(),
        }
    }

    /// Says where it is reached, for requests that do not: URLs in answers lead there. Only the first word counts.
    pub fn stand_at(&self, origin: &str) {
        // A second address leads to the same mock, so the first one stays right.
        let _ = self.origin.set(origin.to_owned());
    }

    /// The answer to a request of whichever vendor has it, after which the world is as the row says.
    pub fn respond(&self, request: &Request) -> Response {
        let path = path(request);
        self.tell(request, path, self.answer_within(0..self.sites.len(), request, path))
    }

    /// The answer of one vendor, which is asked alone.
    pub fn respond_as(&self, vendor: VendorId, request: &Request) -> Response {
        let path = path(request);
        let only = vendor.position();
        self.tell(request, path, self.answer_within(only..only + 1, request, path))
    }

    fn tell(&self, request: &Request, path: &str, given: Result<Given<'_>, Untold>) -> Response {
        let method = &*request.method;
        if let Some(onlooker) = &self.onlooker {
            onlooker(&match &given {
                Ok(given) => {
                    let Given { response, row, outcome, crowds } = given;
                    let (row, outcome) = (Some(*row), Some(*outcome));
                    Met { method, path, status: response.status, row, outcome, problem: None, crowds: *crowds }
                }
                Err(Untold { status, problem, .. }) => {
                    let problem = Some(problem.as_str());
                    Met { method, path, status: *status, row: None, outcome: None, problem, crowds: false }
                }
            });
        }
        given.map_or_else(|untold| untold.response(), |given| given.response)
    }
}

fn path(request: &Request) -> &str {
    request.url.split(['?', '#']).next().unwrap_or_default()
}

/// One vendor of a mock.
struct Alone {
    mock: Arc<Mock>,
    vendor: VendorId,
}

impl Answer for Alone {
    fn answer(&self, request: &Request) -> Reply {
        self.mock.respond_as(self.vendor, request).into()
    }
}

impl Answer for Mock {
    fn answer(&self, request: &Request) -> Reply {
        self.respond(request).into()
    }
}
