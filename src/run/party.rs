//! A vendor as a run meets it: where it answers, its health, and what several cases share of it.

use crate::contract::case::referred;
use crate::contract::condition::Draft;
use crate::contract::language::WrittenResource;
use crate::contract::{RowId, Vendor};
use crate::http::pace::{Pace, Rate};
use crate::judge::check::Finding;
use crate::run::destination::Destination;
use crate::run::event::VendorInfo;
use crate::run::guard::Refusal;
use crate::run::handover::Handovers;
use crate::run::health::{Health, SignsOfLife};
use crate::run::made::Made;
use crate::run::scope::{Credentials, Modes, Scope};
use crate::run::teller::{Observation, Teller};
use crate::text::secret::Secret;
use regex::Regex;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio::sync::Mutex;

/// A read or a step that departs from its own row, seen while another case ran.
#[derive(Debug, Clone)]
pub struct Charge {
    /// The case that made the request.
    pub seen_in: String,
    /// The rows whose requests came before it and may have left another state than they document.
    pub rests_on: BTreeSet<RowId>,
    /// The departures.
    pub findings: Vec<Finding>,
    /// The exchange that showed it, told.
    pub exchange: crate::run::event::ExchangeInfo,
}

/// A resource that was made and that another case may be about.
pub struct Spare {
    /// The resource.
    pub made: Made,
    /// The exchange that made it.
    pub observed: Observation,
    /// The case that was about it last; none where the canary has made it.
    pub served: Option<String>,
}

/// A vendor in a run.
pub struct Party<'a> {
    /// Its contract.
    pub vendor: &'a Vendor,
    /// The place where its requests go.
    pub destination: Destination,
    /// Its credentials in this run.
    pub credentials: Credentials,
    /// The environment variables that hold fixtures: name to value.
    pub fixtures: HashMap<String, String>,
    /// Its pace, where one is kept.
    pub pace: Option<Pace>,
    /// The reason why nothing is sent to it, if there is one.
    pub health: RefCell<Health>,
    /// Its signs of life.
    pub signs: RefCell<SignsOfLife>,
    /// True if the run changes anything there, so that a canary may as well.
    pub may_change: Cell<bool>,
    /// Held while it is asked, so that many failing cases ask once.
    pub asking: Mutex<()>,
    /// The resource that the canary made, for the first case that needs such a one.
    pub spare: RefCell<Option<Spare>>,
    /// The number of ready things that are used up, by their variable.
    pub(super) used_up: RefCell<BTreeMap<String, usize>>,
    /// Who hands things on to whom.
    pub(super) handovers: RefCell<Handovers>,
    /// The ids of older things that creates were answered with.
    pub older: RefCell<BTreeSet<String>>,
    /// The ids that creates have given: resource and id.
    pub(super) given: RefCell<BTreeSet<(String, String)>>,
    /// The charges against rows other than the case's own.
    pub charges: RefCell<BTreeMap<RowId, Vec<Charge>>>,
    /// True if its key was a live one in the saved run that is judged again.
    pub live_then: Option<bool>,
    /// True if a credential is a live one.
    pub(super) modes: Modes,
    /// The rows whose first answer has come, of those that make something: until then one request at a time makes it.
    pub(super) answered: RefCell<BTreeSet<RowId>>,
    /// Held while such a first request is under way.
    pub(super) making: Mutex<()>,
    /// The patterns of resources' ids.
    patterns: RefCell<HashMap<String, Option<Regex>>>,
}

impl<'a> Party<'a> {
    /// A vendor that nobody has asked anything yet, with what the engineer supplies for it: variables by name.
    pub fn new(
        vendor: &'a Vendor,
        destination: Destination,
        variables: &HashMap<String, String>,
        rate: Option<Rate>,
    ) -> Self {
        let given = |variable: &String| variables.get(variable).filter(|value| !value.is_empty());
        let credentials = vendor.file.credentials.iter();
        let credentials = credentials.filter_map(|(name, credential)| {
            let value = given(&credential.env).map(String::as_str).or(credential.default_value())?;
            Some((name.clone(), Secret::new(value)))
        });
        let fixtures = vendor.file.resources.values().flat_map(WrittenResource::variables);
        let fixtures = fixtures.filter_map(|variable| Some((variable.clone(), given(variable)?.clone())));
        Self {
            vendor,
            destination,
            credentials: credentials.collect(),
            fixtures: fixtures.collect(),
            pace: rate.map(Pace::new),
            health: RefCell::new(Health::Open),
            signs: RefCell::default(),
            may_change: Cell::new(false),
            asking: Mutex::new(()),
            spare: RefCell::new(None),
            used_up: RefCell::default(),
            handovers: RefCell::default(),
            older: RefCell::default(),
            given: RefCell::default(),
            charges: RefCell::default(),
            live_then: None,
            modes: Modes::default(),
            answered: RefCell::default(),
            making: Mutex::new(()),
            patterns: RefCell::default(),
        }
    }

    /// The place where it was met, as it is reported.
    pub fn told(&self, teller: Teller<'_>) -> VendorInfo {
        VendorInfo {
            vendor: self.vendor.name.clone(),
            target: teller.text(&self.destination.target),
            origin: teller.text(&self.destination.origin),
            live: Scope::new(self).live(),
            contracts: self.vendor.digest.clone(),
            variables: Scope::new(self).variables(|value| teller.text(value)),
        }
    }

    /// Takes the guard's word: nothing is sent to it in this run.
    pub fn forbid(&self, refusals: &[Refusal]) {
        let why = refusals.iter().map(|refusal| match &refusal.permit {
            Some(permit) => format!("{}; `{permit}` permits it", refusal.why),
            None => refusal.why.clone(),
        });
        self.health.replace(Health::Forbidden(why.collect::<Vec<_>>().join("; ")));
    }

    /// Returns whether the user supplies an environment variable of the vendor.
    pub(super) fn is_supplied(&self, variable: &str) -> bool {
        let credential = self.vendor.file.credentials.iter().find(|(_, credential)| credential.env == variable);
        match credential {
            Some((name, _)) => self.credentials.contains_key(name),
            None => self.fixtures.contains_key(variable),
        }
    }

    /// Returns whether every credential is supplied that a request refers to.
    pub(super) fn has_credentials(&self, draft: &Draft) -> bool {
        let names = referred(draft);
        let mut credentials = names.iter().filter_map(|name| self.vendor.credential(name));
        credentials.all(|(name, _)| self.credentials.contains_key(name))
    }

    /// Charges a row with departures: of those that rest on the same rows, with the first.
    pub(crate) fn charge(&self, row: RowId, charge: Charge) {
        let mut charges = self.charges.borrow_mut();
        let known = charges.entry(row).or_default();
        if known.iter().all(|known| known.rests_on != charge.rests_on) {
            known.push(charge);
        }
    }

    /// Returns whether a text is an id of a resource.
    pub fn is_id(&self, resource: &str, text: &str) -> bool {
        let Some(declared) = self.vendor.file.resources.get(resource) else { return true };
        let mut patterns = self.patterns.borrow_mut();
        let pattern = patterns.entry(resource.to_owned()).or_insert_with(|| Regex::new(&declared.id.pattern).ok());
        pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}
