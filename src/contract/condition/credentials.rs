//! The condition on credentials: the right ones, or one of the ways in which a vendor's file says they are refused.

use super::{Choice, Condition, Dimension, Draft, Recogniser, Sight};
use crate::contract::language::{Auth, Basic};
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

/// The scheme word before an encoded text.
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
    let basic = auth.basic.iter().map(|Basic { user, password }| (BASIC, format!("{user}:{password}")));
    let bearer = auth.bearer.iter().map(|token| ("Bearer ", token.clone()));
    let authorization = basic.chain(bearer).map(|(scheme, text)| {
        let name = "Authorization".to_owned();
        Carrier { header: true, name, scheme, text }
    });
    let headers = auth.headers.iter().map(|named| (true, named));
    let plain = headers.chain(auth.query.iter().map(|named| (false, named)));
    let plain =
        plain.map(|(header, (name, text))| Carrier { header, name: name.clone(), scheme: "", text: text.clone() });
    authorization.chain(plain).collect()
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
        if wanted.is_empty() {
            return Self { accounts: Vec::new() };
        }
        let credentials = vendor.file.credentials.iter();
        let others =
            credentials.filter_map(|(name, credential)| Some((name.as_str(), credential.replaces.as_deref()?)));
        let accounts = std::iter::once((OURS, "")).chain(others).map(|(account, replaced)| {
            let names = Swapped { accepted, replaced, by: account };
            (account.to_owned(), wanted.iter().map(|carrier| Ready::of(carrier, &names)).collect())
        });
        Self { accounts: accounts.collect() }
    }

    /// The account whose credentials a request carries; `None` where they are refused.
    ///
    /// An operation without auth is answered to anybody: then it is nobody's account, which is the empty name.
    pub fn find(&self, request: &Request, query: &[(String, String)]) -> Option<&str> {
        if self.accounts.is_empty() {
            return Some("");
        }
        let mut accounts = self.accounts.iter();
        let (account, _) = accounts.find(|(_, wanted)| wanted.iter().all(|ready| ready.is_in(request, query)))?;
        Some(account)
    }
}

/// The refused credentials of an operation, made ready to be told apart.
struct Refusals {
    /// Every place in which the operation's credentials, or refused ones, may stand.
    places: Vec<Carrier>,
    samples: Vec<RefusedSample>,
}

/// One way of being refused.
struct RefusedSample {
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
        let refused = vendor.file.refused.iter();
        let samples: Vec<(&str, Vec<Carrier>)> = refused
            .flat_map(|(name, refusal)| refusal.0.iter().map(|(_, auth)| (name.as_str(), carriers(auth))))
            .collect();
        let mut places = carriers(operation.auth.as_ref().unwrap_or(&vendor.file.auth));
        places.extend(samples.iter().flat_map(|(_, carriers)| carriers).cloned());
        let ready = samples.iter().map(|(name, carriers)| RefusedSample {
            choice: dimension.choices.iter().position(|choice| choice.word() == *name),
            places: places.iter().map(|place| carriers.iter().any(|carrier| carrier.is_at(place))).collect(),
            drawn: carriers.iter().any(|carrier| is_drawn(&carrier.text)),
            wanted: carriers.iter().map(|carrier| Ready::of(carrier, accepted)).collect(),
        });
        Self { samples: ready.collect(), places }
    }

    /// The refused credentials that a request carries: those that it matches, else those that it most looks like.
    fn find(&self, sight: &Sight<'_>) -> Option<usize> {
        let (request, query) = (sight.request, sight.query);
        let present: Vec<bool> = self.places.iter().map(|place| place.text_in(request, query).is_some()).collect();
        let placed: Vec<&RefusedSample> = self.samples.iter().filter(|sample| sample.places == present).collect();
        let exact = placed.iter().find(|sample| sample.wanted.iter().all(|ready| ready.is_in(request, query)));
        let found = exact.or_else(|| {
            let mut drawn = placed.iter().filter(|sample| sample.drawn);
            drawn.find(|sample| sample.wanted.iter().all(|ready| ready.has_scheme_in(request, query)))
        });
        found.or(placed.first()).copied().or(self.samples.last())?.choice
    }
}

/// Whether a text is made anew every time.
fn is_drawn(text: &str) -> bool {
    Template::parse(text).names().any(|name| crate::contract::template::draw(name).is_some())
}

impl Carrier {
    /// What it holds in a request, by its text once that is resolved.
    pub(crate) fn with_scheme(&self, text: &str) -> String {
        match self.scheme {
            BASIC => format!("{BASIC}{}", BASE64_STANDARD.encode(text)),
            scheme => format!("{scheme}{text}"),
        }
    }

    /// Whether it is in the place of another one.
    fn is_at(&self, other: &Self) -> bool {
        match (self.header, other.header) {
            (true, true) => self.name.eq_ignore_ascii_case(&other.name),
            (false, false) => self.name == other.name,
            _ => false,
        }
    }

    /// The text in its place.
    fn text_in<'a>(&self, request: &'a Request, query: &'a [(String, String)]) -> Option<&'a str> {
        if self.header {
            return request.headers.get(&self.name);
        }
        query.iter().find(|(name, _)| *name == self.name).map(|(_, value)| value.as_str())
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
        let whole = template.literal().map(|text| carrier.with_scheme(text));
        Self { carrier: carrier.clone(), template, whole }
    }

    /// Whether a request holds in the carrier's place what is asked for.
    fn is_in(&self, request: &Request, query: &[(String, String)]) -> bool {
        let Some(text) = self.carrier.text_in(request, query) else { return false };
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
    fn has_scheme_in(&self, request: &Request, query: &[(String, String)]) -> bool {
        self.carrier.text_in(request, query).is_some_and(|text| self.strip_scheme(text).is_some())
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
