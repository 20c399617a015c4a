//! From a draft and what its references stand for to the request that is sent.

use crate::contract::condition::{Carrier, Draft, carriers};
use crate::contract::template::{Encoded, Template, Unresolved, resolve_value};
use crate::contract::{Body, Operation, Vendor, placeholders};
use crate::http::exchange::{Headers, Request};
use crate::run::destination::Destination;
use crate::run::party::Party;
use crate::run::scope::Scope;
use crate::text::secret::percent;
use bytes::Bytes;
use indexmap::IndexMap;
use serde_json::Value;

/// The reason why a request cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unbuildable {
    /// A reference stands for nothing.
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
    /// The vendor handed out a URL on a host that nobody declared.
    #[error(
        "the vendor handed out {0}, which is neither on the target's host nor on one that the vendor's file lists under `also`"
    )]
    Elsewhere(String),
}

/// Builds a request; everything that is drawn anew is drawn anew for it.
pub(super) fn build_request(
    vendor: &Vendor,
    operation: &Operation,
    draft: &Draft,
    destination: &Destination,
    scope: &Scope<'_>,
) -> Result<Request, Unbuildable> {
    scope.renew();
    let handed_out = operation.has_captured_url();
    let mut url = if handed_out {
        handed_out_url(operation, destination, scope)?
    } else {
        documented_url(operation, destination, scope)?
    };
    let mut headers = Headers::default();
    for (name, text) in draft.headers.iter() {
        let template = Template::parse(text);
        // Who gets a URL from the vendor need not be the vendor: nothing secret goes there.
        if handed_out && template.names().any(|name| vendor.credential(name).is_some()) || scope.leaves_out(text) {
            continue;
        }
        headers.set(name, template.text(scope)?);
    }
    let mut query = texts(&draft.query, scope)?;
    for carrier in carriers(&draft.auth).into_iter().filter(|_| !handed_out) {
        let text = carried_text(&carrier, scope)?;
        if carrier.header {
            headers.set(&carrier.name, text);
        } else {
            query.push((carrier.name, text));
        }
    }
    if !query.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&pairs(&query));
    }
    let body = body(draft, scope)?;
    Ok(Request { method: operation.method.clone(), url, headers, body })
}

/// What a carrier holds in a request.
fn carried_text(carrier: &Carrier, scope: &Scope<'_>) -> Result<String, Unresolved> {
    Ok(carrier.with_scheme(&Template::parse(&carrier.text).text(scope)?))
}

/// The header fields by which a vendor's requests show that the user sends them.
pub(crate) fn auth_headers(party: &Party<'_>) -> Headers {
    let scope = Scope::new(party);
    let carried = carriers(&party.vendor.file.auth).into_iter().filter(|carrier| carrier.header);
    Headers(carried.filter_map(|carrier| Some((carrier.name.clone(), carried_text(&carrier, &scope).ok()?))).collect())
}

fn handed_out_url(operation: &Operation, destination: &Destination, scope: &Scope<'_>) -> Result<String, Unbuildable> {
    let url = Template::parse(&operation.url).text(scope)?;
    if destination.may_call(&url) { Ok(url) } else { Err(Unbuildable::Elsewhere(url)) }
}

fn documented_url(operation: &Operation, destination: &Destination, scope: &Scope<'_>) -> Result<String, Unbuildable> {
    let mut path = operation.url.clone();
    for name in placeholders(&operation.url) {
        let resource = operation.path.get(name).map_or("", String::as_str);
        let id = scope.held.get(resource).map(|held| held.id.as_str());
        let id = id.ok_or_else(|| Unresolved(format!("{resource}.id")))?;
        path = path.replace(&format!("{{{name}}}"), &percent(id));
    }
    let path = Template::parse(&path).text(&Encoded(scope))?;
    Ok(format!("{}{path}", destination.origin))
}

fn body(draft: &Draft, scope: &Scope<'_>) -> Result<Option<Bytes>, Unbuildable> {
    let text = match &*draft.body {
        Body::None => return Ok(None),
        Body::Json(value) if scope.has_unset() => resolve_value(&without_unset(value, scope), scope)?.to_string(),
        Body::Json(value) => resolve_value(value, scope)?.to_string(),
        Body::Form(fields) => pairs(&texts(fields, scope)?),
        Body::Raw { text, .. } => Template::parse(text).text(scope)?,
    };
    Ok(Some(Bytes::from(text)))
}

/// A body without the fields that are nothing but a variable without a value.
fn without_unset(value: &Value, scope: &Scope<'_>) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.as_str().is_some_and(|text| scope.leaves_out(text)));
            kept.map(|(name, value)| (name.clone(), without_unset(value, scope))).collect()
        }
        Value::Array(items) => items.iter().map(|item| without_unset(item, scope)).collect(),
        _ => value.clone(),
    }
}

fn texts(named: &IndexMap<String, String>, scope: &Scope<'_>) -> Result<Vec<(String, String)>, Unresolved> {
    let sent = named.iter().filter(|(_, text)| !scope.leaves_out(text));
    sent.map(|(name, text)| Ok((name.clone(), Template::parse(text).text(scope)?))).collect()
}

fn pairs(named: &[(String, String)]) -> String {
    let pairs: Vec<_> = named.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&")
}
