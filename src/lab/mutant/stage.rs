//! The mock with one thing broken: what every request of a trial is answered by.

use super::change::{Change, Sample, row, segments};
use crate::contract::condition::carriers;
use crate::contract::{Contracts, OperationId, VendorId, placeholders};
use crate::http::exchange::{Headers, Request, Response};
use crate::mock::{Answerer, Mock, Reply};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The port of the first vendor, if the mock stood anywhere.
const FIRST_PORT: usize = 10_000;

/// Where a vendor would stand, if the mock stood anywhere: nobody listens there, and nobody is asked.
pub(super) fn origin(vendor: VendorId) -> String {
    format!("http://127.0.0.1:{}", FIRST_PORT + vendor.position())
}

/// The vendor that is asked.
fn asked(contracts: &Contracts, request: &Request) -> Option<VendorId> {
    let (_, port) = request.headers.get("host")?.rsplit_once(':')?;
    let position = port.parse::<usize>().ok()?.checked_sub(FIRST_PORT)?;
    contracts.vendors.get(position).map(|vendor| vendor.id)
}

/// What is broken, and where.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// The operation.
    pub(super) operation: OperationId,
    /// The row whose answers are changed: `vendor/operation/row`.
    pub(super) row: String,
    /// What its answers are given before.
    pub(super) grafts: Arc<Vec<(String, Value)>>,
    /// The change.
    pub(super) change: Change,
}

/// A mock and what is broken of it now.
pub(super) struct Stage {
    mock: Arc<Mock>,
    contracts: Arc<Contracts>,
    /// What was there from the start: vendor, resource, id and state.
    fixtures: Vec<(VendorId, String, String, String)>,
    scene: Mutex<Scene>,
}

#[derive(Default)]
struct Scene {
    fault: Option<Arc<Fault>>,
    /// What was exchanged, where that is wanted.
    heard: Option<Vec<Sample>>,
    /// The first id that was made, where ids are reused.
    first: Option<String>,
    /// The credentials that came with the request which made a resource, by the text of its answer.
    makers: Vec<(String, Headers)>,
    carriers: HashMap<VendorId, Vec<String>>,
}

impl Stage {
    /// A stage on which nothing is broken.
    pub(super) fn new(mock: Arc<Mock>, contracts: Arc<Contracts>) -> Self {
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

    /// Forgets everything that requests to a vendor have made or changed.
    pub(super) fn begin_again(&self, vendor: VendorId) {
        self.mock.begin_again(vendor);
    }

    /// Breaks something, and mends what was broken before.
    pub(super) fn set(&self, fault: Option<Arc<Fault>>) {
        self.fixtures
            .iter()
            .for_each(|(vendor, resource, id, state)| self.mock.put_state(*vendor, resource, id, state));
        let mut scene = self.scene();
        let carriers = std::mem::take(&mut scene.carriers);
        *scene = Scene { fault, carriers, ..Scene::default() };
    }

    /// Begins to listen.
    pub(super) fn listen(&self) {
        self.scene().heard = Some(Vec::new());
    }

    /// What was heard since.
    pub(super) fn heard(&self) -> Vec<Sample> {
        self.scene().heard.take().unwrap_or_default()
    }

    /// Whoever panicked while holding it left nothing half done.
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
            Change::WithoutEffect(resource) => self.id(&fault, resource, request).and_then(|id| {
                let state = self.mock.state_of(fault.operation.vendor, resource, &id)?;
                Some((id, state))
            }),
            _ => None,
        };
        let response = self.respond(request);
        if matches!(fault.change, Change::AsMaker) {
            self.remember(scene, &fault, request, &response);
        }
        if row(&response) != fault.row {
            return response;
        }
        match &fault.change {
            Change::WithoutEffect(resource) => {
                if let Some((id, state)) = before {
                    self.mock.put_state(fault.operation.vendor, resource, &id, &state);
                }
                response
            }
            Change::Done { resource, to, all: true } => {
                self.mock.put_all(fault.operation.vendor, resource, to);
                response
            }
            Change::Done { resource, to, all: false } => {
                if let Some(id) = self.id(&fault, resource, request) {
                    self.mock.put_state(fault.operation.vendor, resource, &id, to);
                }
                response
            }
            Change::Reuse(pointer) => reuse(&mut scene.first, pointer, response),
            Change::AsMaker => self.as_maker(scene, &fault, request).unwrap_or(response),
            change => change.answer(&fault.grafts, request, response),
        }
    }

    /// The id of a resource in a request to the operation of the fault.
    fn id(&self, fault: &Fault, resource: &str, request: &Request) -> Option<String> {
        let operation = &self.contracts[fault.operation];
        let named =
            placeholders(&operation.url).find(|name| operation.path.get(*name).is_some_and(|it| it == resource))?;
        let (written, given) = (segments(&operation.url), segments(&request.url));
        let at = written.iter().position(|segment| segment.contains(&format!("{{{named}}}")))?;
        let id = given.get(at).filter(|_| written.len() == given.len() && operation.method == request.method)?;
        Some(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned())
    }

    /// Keeps the credentials with which something was made.
    fn remember(&self, scene: &mut Scene, fault: &Fault, request: &Request, response: &Response) {
        if request.method == "GET" || response.status >= 300 {
            return;
        }
        let names = scene.carriers.entry(fault.operation.vendor).or_insert_with(|| {
            let carriers = carriers(&self.contracts[fault.operation.vendor].file.auth);
            carriers.into_iter().filter(|carrier| carrier.header).map(|carrier| carrier.name).collect()
        });
        let own = names.iter().filter_map(|name| Some((name.clone(), request.headers.get(name)?.to_owned())));
        let own = Headers(own.collect());
        scene.makers.push((String::from_utf8_lossy(&response.body).into_owned(), own));
    }

    /// The answer to a request as if whoever made its resource had sent it; what nobody made is as if the last maker had.
    fn as_maker(&self, scene: &Scene, fault: &Fault, request: &Request) -> Option<Response> {
        let binds = &self.contracts[fault.operation].binds;
        let id = binds.last().and_then(|resource| self.id(fault, resource, request)).unwrap_or_default();
        let made = |(body, _): &&(String, Headers)| !id.is_empty() && body.contains(&format!("\"{id}\""));
        let (_, credentials) = scene.makers.iter().find(made).or_else(|| scene.makers.last())?;
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
            heard.push(Sample { request: request.clone(), response: response.clone() });
        }
        response.into()
    }
}
