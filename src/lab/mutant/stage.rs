//! The mock with one thing broken, which answers every request of a trial.

use super::change::{MutantChange, Sample, row, segments};
use crate::contract::condition::carriers;
use crate::contract::{Contracts, OperationId, Vendor, VendorId, placeholders};
use crate::http::exchange::{Headers, Request, Response};
use crate::mock::{Answerer, Mock, Reply};
use crate::run::{Destination, Parties, Party, auth_headers};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The port of the first vendor, if the mock had any.
const FIRST_PORT: usize = 10_000;

/// The origin that a vendor would have, if the mock had one: nothing listens there, and nothing is asked.
fn origin(vendor: VendorId) -> String {
    format!("http://127.0.0.1:{}", FIRST_PORT + vendor.position())
}

/// The vendor that is asked.
fn asked(contracts: &Contracts, request: &Request) -> Option<VendorId> {
    let (_, port) = request.headers.get("host")?.rsplit_once(':')?;
    let position = port.parse::<usize>().ok()?.checked_sub(FIRST_PORT)?;
    contracts.vendors.get(position).map(|vendor| vendor.id)
}

/// A change, and the row of which answers are changed.
#[derive(Debug, Clone)]
pub(super) struct PlantedFault {
    /// The operation.
    pub(super) operation: OperationId,
    /// The row whose answers are changed: `vendor/operation/row`.
    pub(super) row: String,
    /// The parts that its answers are given before.
    pub(super) grafts: Arc<Vec<(String, Value)>>,
    /// The change.
    pub(super) change: MutantChange,
}

/// A mock, and the part of it that is broken now.
pub(crate) struct Stage {
    mock: Arc<Mock>,
    contracts: Arc<Contracts>,
    /// The resources that were there from the start: vendor, resource, id and state.
    fixtures: Vec<(VendorId, String, String, String)>,
    scene: Mutex<Scene>,
}

#[derive(Default)]
struct Scene {
    fault: Option<Arc<PlantedFault>>,
    /// The exchanges, where they are wanted.
    heard: Option<Vec<Arc<Sample>>>,
    /// The first id that was made, where ids are reused.
    first: Option<String>,
    /// The credentials that came with the request which made a resource, by the text of its answer.
    makers: Vec<(String, Headers)>,
    carriers: HashMap<VendorId, Vec<String>>,
    /// The credentials by which each vendor lets requests in.
    let_in: HashMap<VendorId, Headers>,
}

impl Stage {
    /// A stage on which nothing is broken.
    pub(crate) fn new(mock: Arc<Mock>, contracts: Arc<Contracts>) -> Self {
        let variables: HashMap<String, String> = mock.environment().into_iter().collect();
        let mut fixtures = Vec::new();
        for vendor in &contracts.vendors {
            for (resource, declared) in &vendor.file.resources {
                let supplied =
                    declared.fixtures.iter().filter_map(|(state, variable)| Some((state, variables.get(variable)?)));
                fixtures.extend(supplied.map(|(state, id)| (vendor.id, resource.clone(), id.clone(), state.clone())));
            }
        }
        Self { mock, contracts, fixtures, scene: Mutex::default() }
    }

    /// The vendors as a run meets them here, each let in by the credentials of these variables; as the embedded mock, or as vendors that
    /// keep what is made.
    pub(crate) fn parties<'a>(
        &self,
        contracts: &'a Contracts,
        variables: &HashMap<String, String>,
        embedded: bool,
    ) -> Parties<'a> {
        let met = |vendor: &'a Vendor| {
            let destination = Destination { embedded, ..Destination::embedded(&origin(vendor.id)) };
            Party::new(vendor, destination, variables, None)
        };
        let parties: Parties<'a> = contracts.vendors.iter().map(met).collect();
        for party in &parties {
            self.let_in(party.vendor.id, auth_headers(party));
        }
        parties
    }

    /// Forgets everything that requests to a vendor have made or changed.
    pub(super) fn begin_again(&self, vendor: VendorId) {
        self.mock.begin_again(vendor);
    }

    /// Breaks something, and mends what was broken before.
    pub(super) fn set(&self, fault: Option<Arc<PlantedFault>>) {
        self.fixtures
            .iter()
            .for_each(|(vendor, resource, id, state)| self.mock.put_state(*vendor, resource, id, state));
        let mut scene = self.scene();
        let (carriers, let_in) = (std::mem::take(&mut scene.carriers), std::mem::take(&mut scene.let_in));
        *scene = Scene { fault, carriers, let_in, ..Scene::default() };
    }

    /// Begins to listen.
    pub(super) fn listen(&self) {
        self.scene().heard = Some(Vec::new());
    }

    /// The exchanges since then.
    pub(super) fn heard(&self) -> Vec<Arc<Sample>> {
        self.scene().heard.take().into_iter().flatten().collect()
    }

    /// A thread that panicked with the lock left nothing half done.
    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mock's own answer.
    fn respond(&self, request: &Request) -> Response {
        asked(&self.contracts, request)
            .map_or_else(|| self.mock.respond(request), |vendor| self.mock.respond_as(vendor, request))
    }

    /// The answer of the mock, changed where the fault says so.
    fn play(&self, scene: &mut Scene, request: &Request) -> Response {
        let Some(fault) = scene.fault.clone() else { return self.respond(request) };
        let before = match &fault.change {
            MutantChange::WithoutEffect(resource) => self.id(&fault, resource, request).and_then(|id| {
                let state = self.mock.state_of(fault.operation.vendor, resource, &id)?;
                Some((id, state))
            }),
            _ => None,
        };
        let response = self.respond(request);
        if matches!(fault.change, MutantChange::AsMaker) {
            self.remember(scene, &fault, request, &response);
        }
        if row(&response) != fault.row {
            return response;
        }
        match &fault.change {
            MutantChange::WithoutEffect(resource) => {
                if let Some((id, state)) = before {
                    self.mock.put_state(fault.operation.vendor, resource, &id, &state);
                }
                response
            }
            MutantChange::Done { resource, to, all: true } => {
                self.mock.put_all(fault.operation.vendor, resource, to);
                response
            }
            MutantChange::Done { resource, to, all: false } => {
                if let Some(id) = self.id(&fault, resource, request) {
                    self.mock.put_state(fault.operation.vendor, resource, &id, to);
                }
                response
            }
            MutantChange::Reuse(pointer) => reuse(&mut scene.first, pointer, response),
            MutantChange::AsMaker => self.as_maker(scene, &fault, request).unwrap_or(response),
            change => change.answer(&fault.grafts, request, response),
        }
    }

    /// The id of a resource in a request to the operation of the fault.
    fn id(&self, fault: &PlantedFault, resource: &str, request: &Request) -> Option<String> {
        let operation = &self.contracts[fault.operation];
        let named =
            placeholders(&operation.url).find(|name| operation.path.get(*name).is_some_and(|it| it == resource))?;
        let placeholder = format!("{{{named}}}");
        let at = segments(&operation.url).position(|segment| segment.contains(&placeholder))?;
        let is_asked = segments(&operation.url).count() == segments(&request.url).count();
        let id = segments(&request.url).nth(at).filter(|_| is_asked && operation.method == request.method)?;
        Some(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned())
    }

    /// Keeps the credentials by which a vendor lets requests in.
    fn let_in(&self, vendor: VendorId, credentials: Headers) {
        self.scene().let_in.insert(vendor, credentials);
    }

    /// The credentials in a request.
    fn credentials(&self, scene: &mut Scene, vendor: VendorId, request: &Request) -> Headers {
        let names = scene.carriers.entry(vendor).or_insert_with(|| {
            let carriers = carriers(&self.contracts[vendor].file.auth);
            carriers.into_iter().filter(|carrier| carrier.header).map(|carrier| carrier.name).collect()
        });
        let own = names.iter().filter_map(|name| Some((name.clone(), request.headers.get(name)?.to_owned())));
        Headers(own.collect())
    }

    /// Keeps the credentials with which something was made.
    fn remember(&self, scene: &mut Scene, fault: &PlantedFault, request: &Request, response: &Response) {
        if request.method == "GET" || response.status >= 300 {
            return;
        }
        let own = self.credentials(scene, fault.operation.vendor, request);
        scene.makers.push((String::from_utf8_lossy(&response.body).into_owned(), own));
    }

    /// The answer to a request as if the account that made its resource had sent it, or else the last account that made any.
    fn as_maker(&self, scene: &Scene, fault: &PlantedFault, request: &Request) -> Option<Response> {
        let binds = &self.contracts[fault.operation].binds;
        let id = binds.last().and_then(|resource| self.id(fault, resource, request)).filter(|id| !id.is_empty());
        let maker = id.and_then(|id| {
            let quoted = format!("\"{id}\"");
            scene.makers.iter().find(|(body, _)| body.contains(&quoted))
        });
        let made_by = maker.or_else(|| scene.makers.last()).map(|(_, credentials)| credentials);
        let credentials = made_by.or_else(|| scene.let_in.get(&fault.operation.vendor))?;
        let mut request = request.clone();
        for (name, value) in credentials.iter() {
            request.headers.set(name, value);
        }
        Some(self.respond(&request))
    }
}

/// An answer with the first id that was made in place of its own.
fn reuse(first: &mut Option<String>, pointer: &str, response: Response) -> Response {
    let body = serde_json::from_slice::<Value>(&response.body).ok();
    let Some(id) = body.as_ref().and_then(|body| body.pointer(pointer)).and_then(Value::as_str) else {
        return response;
    };
    let first = first.get_or_insert_with(|| id.to_owned());
    let body = String::from_utf8_lossy(&response.body).replace(id, first);
    Response { body: body.into(), ..response }
}

impl Answerer for Stage {
    fn answer(&self, request: &Request) -> Reply {
        let mut scene = self.scene();
        let response = self.play(&mut scene, request);
        if let Some(heard) = &mut scene.heard {
            heard.push(Arc::new(Sample { request: request.clone(), response: response.clone() }));
        }
        response.into()
    }
}
