//! The condition on credentials: the right ones, or one of the ways in which a vendor's file says they are refused.

use super::{Choice, Condition, Dimension, Draft, Recogniser, Sight};
use crate::contract::language::{Auth, Basic, Credential};
use crate::contract::template::{Names, NoNames, Template};
use crate::contract::{Operation, Vendor};
use crate::http::exchange::Request;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::sync::Arc;

/// `when: { credentials: missing }`.
#[derive(Debug)]
pub(super) struct Credentials;

/// The account that the engineer's own credentials belong to.
pub const OURS: &str = "ours";

/// The scheme word behind which a text stands encoded.
const BASIC: &str = "Basic ";

impl Condition for Credentials {
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension> {
        let named = operation.rows.values().any(|row| row.when.0.contains_key("credentials"));
        let asked = operation.auth.as_ref().is_none_or(|auth| *auth != Auth::default());
        if !named && (vendor.file.refused.is_empty() || !asked) {
            return Vec::new();
        }
        let refused = vendor.file.refused.keys().cloned();
        let choices = std::iter::once("right".to_owned()).chain(refused).map(Choice::Named).collect();
        vec![Dimension { key: "credentials".to_owned(), kind: &Credentials, choices }]
    }

    fn samples(&self, vendor: &Vendor, _: &Dimension, choice: &Choice) -> Vec<Option<String>> {
        let refused = vendor.file.refused.get(choice.word());
        refused.map_or_else(|| vec![None], |refusal| refusal.0.iter().map(|(name, _)| name.clone()).collect())
    }

    fn arrange(&self, vendor: &Vendor, _: &Dimension, choice: &Choice, sample: Option<&str>, draft: &mut Draft) {
        let Some(refusal) = vendor.file.refused.get(choice.word()) else { return };
        let auth = refusal.0.iter().find(|(name, _)| name.as_deref() == sample);
        draft.auth = Arc::new(auth.map(|(_, auth)| auth.clone()).unwrap_or_default());
    }

    fn recogniser(
        &self,
        vendor: &Vendor,
        operation: &Operation,
        dimension: &Dimension,
        accepted: &dyn Names,
    ) -> Recogniser {
        let refusals = Refusals::of(vendor, operation, dimension, accepted);
        Box::new(move |sight| match sight.account {
            Some(_) => Some(0),
            None => refusals.find(sight),
        })
    }
}

/// A place in a request that can hold a credential, and the text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Whether it is a header, and not a query parameter.
    pub header: bool,
    /// Its name.
    pub name: String,
    /// The text before what is encoded: a scheme word and a space, or nothing.
    pub scheme: &'static str,
    /// The text, which may hold references; of Basic, both halves with the colon.
    pub text: String,
}

/// Everything that an auth puts into a request.
pub fn carriers(auth: &Auth) -> Vec<Carrier> {
    let authorization = |scheme, text| Carrier { header: true, name: "Authorization".to_owned(), scheme, text };
    let basic = auth.basic.iter().map(|Basic { user, password }| authorization(BASIC, format!("{user}:{password}")));
    let bearer = auth.bearer.iter().map(|token| authorization("Bearer ", token.clone()));
    let plain = |header| {
        move |(name, text): (&String, &String)| Carrier { header, name: name.clone(), scheme: "", text: text.clone() }
    };
    basic.chain(bearer).chain(auth.headers.iter().map(plain(true))).chain(auth.query.iter().map(plain(false))).collect()
}

/// Who may ask an operation: what the credentials of each account look like in a request.
#[derive(Debug)]
pub struct Accounts {
    accounts: Vec<(String, Vec<Ready>)>,
}

impl Accounts {
    /// The accounts that an operation of a vendor answers to, given what the vendor accepts.
    pub fn of(vendor: &Vendor, operation: &Operation, accepted: &dyn Names) -> Self {
        let auth = operation.auth.as_ref().unwrap_or(&vendor.file.auth);
        let wanted = carriers(auth);
        let replaced = |(name, credential): (&String, &Credential)| Some((name.clone(), credential.replaces.clone()?));
        let others = vendor.file.credentials.iter().filter_map(replaced);
        let accounts = std::iter::once((OURS.to_owned(), String::new())).chain(others);
        let ready = |(account, replaced): (String, String)| {
            let names = Swapped { accepted, replaced: &replaced, by: &account };
            let wanted = wanted.iter().map(|carrier| Ready::of(carrier, &names)).collect();
            (account, wanted)
        };
        Self { accounts: if wanted.is_empty() { Vec::new() } else { accounts.map(ready).collect() } }
    }

    /// The account whose credentials a request carries; `None` where they are refused.
    ///
    /// An operation without auth is answered to anybody: then it is nobody's account, which is the empty name.
    pub fn find(&self, request: &Request, query: &[(String, String)]) -> Option<&str> {
        if self.accounts.is_empty() {
            return Some("");
        }
        let carries = |(_, wanted): &&(String, Vec<Ready>)| wanted.iter().all(|ready| ready.stands_in(request, query));
        self.accounts.iter().find(carries).map(|(account, _)| account.as_str())
    }
}

/// The refused credentials of an operation, made ready to be told apart.
struct Refusals {
    /// Every place in which the operation's credentials, or refused ones, may stand.
    places: Vec<Carrier>,
    samples: Vec<Refused>,
}

/// One way of being refused.
struct Refused {
    /// The choice that it stands for.
    choice: Option<usize>,
    wanted: Vec<Ready>,
    /// For every place whether it is one of this way's.
    places: Vec<bool>,
    /// Whether something in it is made anew every time, so that it stands for any wrong value of its form.
    drawn: bool,
}

impl Refusals {
    fn of(vendor: &Vendor, operation: &Operation, dimension: &Dimension, accepted: &dyn Names) -> Self {
        let refused = &vendor.file.refused;
        let samples =
            || refused.iter().flat_map(|(name, refusal)| refusal.0.iter().map(move |(_, auth)| (name, carriers(auth))));
        let mut places = carriers(operation.auth.as_ref().unwrap_or(&vendor.file.auth));
        places.extend(samples().flat_map(|(_, carriers)| carriers));
        let ready = |(name, carriers): (&String, Vec<Carrier>)| Refused {
            choice: dimension.choices.iter().position(|choice| choice.word() == name),
            places: places.iter().map(|place| carriers.iter().any(|carrier| same_place(carrier, place))).collect(),
            drawn: carriers.iter().any(|carrier| is_drawn(&carrier.text)),
            wanted: carriers.iter().map(|carrier| Ready::of(carrier, accepted)).collect(),
        };
        let samples = samples().map(ready).collect();
        Self { places, samples }
    }

    /// The refused credentials that a request carries: those that it matches, else those that it most looks like.
    fn find(&self, sight: &Sight<'_>) -> Option<usize> {
        let (request, query) = (sight.request, sight.query);
        let present: Vec<bool> = self.places.iter().map(|place| text_of(place, request, query).is_some()).collect();
        let placed = || self.samples.iter().filter(|sample| sample.places == present);
        let exactly = || placed().find(|sample| sample.wanted.iter().all(|ready| ready.stands_in(request, query)));
        let schemes = |sample: &&Refused| sample.wanted.iter().all(|ready| ready.scheme_stands_in(request, query));
        let alike = || placed().find(|sample| sample.drawn && schemes(sample));
        let found = exactly().or_else(alike).or_else(|| placed().next()).or_else(|| self.samples.last());
        found.and_then(|sample| sample.choice)
    }
}

/// Whether a text is made anew every time.
fn is_drawn(text: &str) -> bool {
    Template::parse(text).names().any(|name| crate::contract::template::draw(name).is_some())
}

fn same_place(left: &Carrier, right: &Carrier) -> bool {
    let same_name = if left.header { left.name.eq_ignore_ascii_case(&right.name) } else { left.name == right.name };
    left.header == right.header && same_name
}

/// The text that stands in a carrier's place.
fn text_of<'a>(carrier: &Carrier, request: &'a Request, query: &'a [(String, String)]) -> Option<&'a str> {
    if carrier.header {
        request.headers.get(&carrier.name)
    } else {
        query.iter().find(|(name, _)| *name == carrier.name).map(|(_, value)| value.as_str())
    }
}

/// A carrier whose credentials are known, so that a request can be held against it at once.
#[derive(Debug)]
struct Ready {
    carrier: Carrier,
    /// The text that is asked for; what is drawn in it may be anything of its kind.
    template: Template,
    /// The one value that is asked for as it stands in the request, where nothing in it is drawn.
    whole: Option<String>,
}

impl Ready {
    fn of(carrier: &Carrier, names: &dyn Names) -> Self {
        let template = Template::parse(&carrier.text).bind(names);
        let encoded = |text: &str| match carrier.scheme {
            BASIC => BASE64_STANDARD.encode(text),
            _ => text.to_owned(),
        };
        let whole = template.literal().map(|text| format!("{}{}", carrier.scheme, encoded(text)));
        Self { carrier: carrier.clone(), template, whole }
    }

    /// Whether a request holds in the carrier's place what is asked for.
    fn stands_in(&self, request: &Request, query: &[(String, String)]) -> bool {
        let Some(text) = text_of(&self.carrier, request, query) else { return false };
        if self.whole.as_deref() == Some(text) {
            return true;
        }
        let Some(rest) = self.strip_scheme(text) else { return false };
        if self.carrier.scheme == BASIC {
            let decoded = BASE64_STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            return decoded.is_some_and(|pair| self.template.matches(&pair, &NoNames));
        }
        self.template.matches(rest, &NoNames)
    }

    /// Whether at least the scheme word in the carrier's place is the one that is asked for.
    fn scheme_stands_in(&self, request: &Request, query: &[(String, String)]) -> bool {
        text_of(&self.carrier, request, query).is_some_and(|text| self.strip_scheme(text).is_some())
    }

    fn strip_scheme<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (head, rest) = text.split_at_checked(self.carrier.scheme.len())?;
        head.eq_ignore_ascii_case(self.carrier.scheme).then_some(rest)
    }
}

/// The accepted credentials as another account has them: one stands in place of another.
struct Swapped<'a> {
    accepted: &'a dyn Names,
    replaced: &'a str,
    by: &'a str,
}

impl Names for Swapped<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        self.accepted.value(if name == self.replaced { self.by } else { name })
    }
}
