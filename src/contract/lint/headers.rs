//! Header fields and media types that HTTP does not allow, fields that are the connection's own, and one header sent twice.

use super::scope::Scope;
use crate::contract::Body;
use crate::contract::condition::carriers;
use crate::contract::language::{Auth, CodePlace};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use http::header::{HeaderName, HeaderValue};
use std::collections::HashSet;

/// The fields of a request, beside `Proxy-*`, that the client writes for the connection.
const CONNECTION: [&str; 6] = ["host", "connection", "expect", "upgrade", "transfer-encoding", "content-length"];

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    for (header, text) in &file.headers {
        field(header, text, &scope.at("headers").child(header), found);
    }
    if let Some(CodePlace::Header(header)) = &file.error_code {
        name(header, scope.at("error_code").child("header"), found);
    }
    auth(&file.auth, &scope.at("auth"), found);
    for (refused, refusal) in &file.refused {
        let at = scope.at("refused").child(refused);
        for (sample, sent) in &refusal.0 {
            auth(sent, &sample.as_ref().map_or_else(|| at.clone(), |sample| at.child(sample)), found);
        }
    }
    for page in &scope.pages {
        let operation = page.operation;
        for (header, text) in operation.headers.iter().filter(|(header, text)| file.headers.get(*header) != Some(*text))
        {
            field(header, text, &operation.at.child("headers").child(header), found);
        }
        if let Some(own) = &operation.auth {
            auth(own, &operation.at.child("auth"), found);
        }
        if let Body::Raw { media: text, .. } = &operation.body {
            media(text, operation.at.child("raw").child("media"), found);
        }
        for outcome in operation.outcomes.values() {
            for header in outcome.headers.keys() {
                name(header, outcome.at.child("headers").child(header).key(), found);
            }
            if let Some(text) = &outcome.media {
                media(text, outcome.at.child("media"), found);
            }
        }
        for row in operation.rows.values() {
            let patch = row.when.0.get("headers").and_then(serde_json::Value::as_object);
            for header in patch.into_iter().flat_map(|patch| patch.keys()) {
                sent_name(header, row.at.child("when").child("headers").child(header).key(), found);
            }
        }
    }
}

fn auth(auth: &Auth, at: &Place, found: &mut Vec<Diagnostic>) {
    for (header, text) in &auth.headers {
        field(header, text, &at.child("headers").child(header), found);
    }
    let mut names = HashSet::new();
    for carrier in carriers(auth).into_iter().filter(|carrier| carrier.header) {
        if !names.insert(carrier.name.to_ascii_lowercase()) {
            found.push(
                Diagnostic::error(Code::BadHeader, format!("`{}` would be sent twice", carrier.name))
                    .at(at.clone().key(), "basic, bearer and a header of that name exclude each other"),
            );
        }
    }
}

fn field(header: &str, text: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    sent_name(header, at.clone().key(), found);
    if HeaderValue::from_str(text).is_err() {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("the value of `{header}` cannot be sent"))
                .at(at, "a header's value is one line of visible characters"),
        );
    }
}

/// The name of a field of a request: one that says where the request goes and how long it is cannot be a contract's.
fn sent_name(header: &str, at: Place, found: &mut Vec<Diagnostic>) {
    let lower = header.to_ascii_lowercase();
    if CONNECTION.contains(&lower.as_str()) || lower.starts_with("proxy-") {
        found.push(
            Diagnostic::error(
                Code::ConnectionHeader,
                format!("`{header}` belongs to the connection, not to a contract"),
            )
            .at(at, "written by the client alone")
            .help("take it away; a target's address is its `origin`, a way through a proxy is `--proxy`"),
        );
    } else {
        name(header, at, found);
    }
}

fn name(header: &str, at: Place, found: &mut Vec<Diagnostic>) {
    if HeaderName::from_bytes(header.as_bytes()).is_err() {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("`{header}` cannot be the name of a header"))
                .at(at, "letters, digits and dashes are due"),
        );
    }
}

fn media(text: &str, at: Place, found: &mut Vec<Diagnostic>) {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| HeaderName::from_bytes(part.as_bytes()).is_ok();
    if !essence.split_once('/').is_some_and(|(kind, format)| is_token(kind) && is_token(format)) {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("`{text}` is no media type"))
                .at(at, "a type and a subtype are due")
                .help("write it like `application/xml`"),
        );
    }
}
