//! The condition on credentials: the right ones, or one of the ways in which a vendor's file says they are refused.

use super::{Condition, Dimension, Draft, Sight};
use crate::contract::language::{Auth, Basic};
use crate::contract::template::{Names, Template};
use crate::contract::{Operation, Vendor};
use crate::exchange::Request;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// `when: { credentials: missing }`.
pub(super) struct Credentials;

/// The account that the engineer's own credentials belong to.
pub const OURS: &str = "ours";

impl Condition for Credentials {
    fn dimensions(&self, vendor: &Vendor, operation: &Operation) -> Vec<Dimension> {
        let named = operation.rows.values().any(|row| row.when.0.contains_key("credentials"));
        let asked = operation.auth.as_ref().is_none_or(|auth| *auth != Auth::default());
        if !named && (vendor.file.refused.is_empty() || !asked) {
            return Vec::new();
        }
        let refused = vendor.file.refused.keys().cloned();
        let choices = std::iter::once("right".to_owned()).chain(refused).collect();
        vec![Dimension { key: "credentials".to_owned(), kind: &Credentials, choices }]
    }

    fn named(&self, value: &Value) -> Vec<String> {
        names(value)
    }

    fn samples(&self, vendor: &Vendor, _: &Dimension, choice: &str) -> Vec<Option<String>> {
        let refused = vendor.file.refused.get(choice);
        refused.map_or_else(|| vec![None], |refusal| refusal.0.iter().map(|(name, _)| name.clone()).collect())
    }

    fn arrange(&self, vendor: &Vendor, _: &Dimension, choice: &str, sample: Option<&str>, draft: &mut Draft) {
        let Some(refusal) = vendor.file.refused.get(choice) else { return };
        let auth = refusal.0.iter().find(|(name, _)| name.as_deref() == sample);
        draft.auth = auth.map(|(_, auth)| auth.clone()).unwrap_or_default();
    }

    fn recognise(&self, dimension: &Dimension, sight: &Sight<'_>) -> Option<usize> {
        if account(sight.vendor, sight.operation, sight.request, sight.query, sight.accepted).is_some() {
            return Some(0);
        }
        let refused = refusal(sight)?;
        dimension.choices.iter().position(|choice| choice == refused)
    }
}

/// The names in a value that is one name or a list of them.
pub(super) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
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
    let basic = auth.basic.iter().map(|Basic { user, password }| authorization("Basic ", format!("{user}:{password}")));
    let bearer = auth.bearer.iter().map(|token| authorization("Bearer ", token.clone()));
    let plain = |header| {
        move |(name, text): (&String, &String)| Carrier { header, name: name.clone(), scheme: "", text: text.clone() }
    };
    basic.chain(bearer).chain(auth.headers.iter().map(plain(true))).chain(auth.query.iter().map(plain(false))).collect()
}

/// The account whose credentials a request carries as the operation asks; `None` where they are refused.
///
/// An operation without auth is answered to anybody: then it is nobody's account, which is the empty name.
pub fn account<'a>(
    vendor: &'a Vendor,
    operation: &Operation,
    request: &Request,
    query: &[(String, String)],
    accepted: &dyn Names,
) -> Option<&'a str> {
    let auth = operation.auth.as_ref().unwrap_or(&vendor.file.auth);
    if *auth == Auth::default() {
        return Some("");
    }
    let others = vendor
        .file
        .credentials
        .iter()
        .filter_map(|(name, credential)| Some((name.as_str(), credential.replaces.as_deref()?)));
    let accounts = std::iter::once((OURS, "")).chain(others);
    let wanted = carriers(auth);
    accounts
        .map(|(account, replaced)| (account, Swapped { accepted, replaced, by: account }))
        .find(|(_, names)| wanted.iter().all(|carrier| carried(carrier, request, query, names)))
        .map(|(account, _)| account)
}

/// The refused credentials that a request carries: those that it matches, else those that it most looks like.
fn refusal<'a>(sight: &Sight<'a>) -> Option<&'a str> {
    let refused = &sight.vendor.file.refused;
    let auth = sight.operation.auth.as_ref().unwrap_or(&sight.vendor.file.auth);
    let samples =
        || refused.iter().flat_map(|(name, refusal)| refusal.0.iter().map(move |(_, auth)| (name.as_str(), auth)));
    let mut places: Vec<Carrier> = carriers(auth);
    places.extend(samples().flat_map(|(_, auth)| carriers(auth)));
    let present = |carrier: &Carrier| text_of(carrier, sight.request, sight.query).is_some();
    let same_places = |auth: &Auth| {
        let wanted = carriers(auth);
        let holds =
            |place: &Carrier| wanted.iter().any(|carrier| carrier.header == place.header && same_name(carrier, place));
        places.iter().all(|place| holds(place) == present(place))
    };
    let exact =
        |auth: &Auth| carriers(auth).iter().all(|carrier| carried(carrier, sight.request, sight.query, sight.accepted));
    let schemes = |auth: &Auth| {
        let starts = |carrier: &Carrier| {
            let text = text_of(carrier, sight.request, sight.query).unwrap_or_default();
            text.get(..carrier.scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(carrier.scheme))
        };
        carriers(auth).iter().all(starts)
    };
    let drawn = |auth: &Auth| auth.texts().iter().any(|(_, text)| is_drawn(text));
    let exactly = samples().find(|(_, auth)| same_places(auth) && exact(auth));
    let alike = || samples().find(|(_, auth)| same_places(auth) && schemes(auth) && drawn(auth));
    let placed = || samples().find(|(_, auth)| same_places(auth));
    exactly.or_else(alike).or_else(placed).or_else(|| samples().last()).map(|(name, _)| name)
}

/// Whether a text is made anew every time, so that it stands for any wrong value of its form.
fn is_drawn(text: &str) -> bool {
    Template::parse(text).names().any(|name| crate::contract::template::draw(name).is_some())
}

fn same_name(left: &Carrier, right: &Carrier) -> bool {
    if left.header { left.name.eq_ignore_ascii_case(&right.name) } else { left.name == right.name }
}

/// The text that stands in a carrier's place.
fn text_of<'a>(carrier: &Carrier, request: &'a Request, query: &'a [(String, String)]) -> Option<&'a str> {
    if carrier.header {
        request.headers.get(&carrier.name)
    } else {
        query.iter().find(|(name, _)| *name == carrier.name).map(|(_, value)| value.as_str())
    }
}

/// Whether a request holds in a carrier's place what the carrier asks for.
fn carried(carrier: &Carrier, request: &Request, query: &[(String, String)], names: &dyn Names) -> bool {
    let Some(text) = text_of(carrier, request, query) else { return false };
    let Some((scheme, rest)) = text.split_at_checked(carrier.scheme.len()) else { return false };
    if !scheme.eq_ignore_ascii_case(carrier.scheme) {
        return false;
    }
    let template = Template::parse(&carrier.text);
    if carrier.scheme == "Basic " {
        let decoded = BASE64_STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        return decoded.is_some_and(|pair| template.matches(&pair, names));
    }
    template.matches(rest, names)
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
