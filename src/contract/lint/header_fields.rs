//! Header fields and media types that HTTP does not allow, fields that are the connection's own, and one header sent twice.

use super::vendor_scope::VendorScope;
use crate::contract::condition::carriers;
use crate::contract::language::{Auth, CodePlace};
use crate::contract::{Body, Operation, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;
use std::collections::HashSet;

/// The fields of a request, beside `Proxy-*`, that the client writes for the connection.
const CONNECTION: [&str; 6] = ["host", "connection", "expect", "upgrade", "transfer-encoding", "content-length"];

pub(super) fn header_fields(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    for (header, text) in &file.headers {
        check_field(header, text, &scope.vendor_at("headers").child(header), found);
    }
    if let Some(CodePlace::Header(header)) = &file.error_code {
        check_name(header, scope.vendor_at("error_code").child("header"), found);
    }
    for (auth, at) in scope.vendor_auths() {
        check_auth(auth, &at, found);
    }
    for operation in &scope.vendor.operations {
        check_request(scope, operation, found);
        operation.rows.values().for_each(|row| check_row(row, found));
    }
    for (_, outcome) in scope.outcomes() {
        for header in outcome.headers.keys() {
            check_name(header, outcome.at.child("headers").child(header).key(), found);
        }
        if let Some(media) = &outcome.media {
            check_media(media, outcome.at.child("media"), found);
        }
    }
}

/// The request of an operation; the vendor's headers in it are reported in the vendor's file.
fn check_request(scope: &VendorScope<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    for (header, text) in own_headers(scope, operation) {
        check_field(header, text, &operation.at.child("headers").child(header), found);
    }
    if let Some(own) = &operation.auth {
        check_auth(own, &operation.at.child("auth"), found);
    }
    if let Body::Raw { media, .. } = &operation.body {
        check_media(media, operation.at.child("raw").child("media"), found);
    }
}

/// The headers of an operation that are not the vendor's.
pub(super) fn own_headers<'a>(
    scope: &VendorScope<'a>,
    operation: &'a Operation,
) -> impl Iterator<Item = (&'a String, &'a String)> {
    let shared = &scope.vendor.file.headers;
    operation.headers.iter().filter(|(header, text)| shared.get(*header) != Some(*text))
}

fn check_row(row: &Row, found: &mut Vec<Diagnostic>) {
    let at = row.at.child("when").child("headers");
    if let Some(Value::Object(patch)) = row.when.0.get("headers") {
        patch.keys().for_each(|header| check_sent_name(header, at.child(header).key(), found));
    }
}

fn check_auth(auth: &Auth, at: &Place, found: &mut Vec<Diagnostic>) {
    for (header, text) in &auth.headers {
        check_field(header, text, &at.child("headers").child(header), found);
    }
    let mut names = HashSet::new();
    for carrier in carriers(auth).into_iter().filter(|carrier| carrier.header) {
        if !names.insert(carrier.name.to_ascii_lowercase()) {
            found.push(
                Diagnostic::error(Code::BadHeader, format!("`{}` would be sent twice", carrier.name))
                    .at(at.key(), "basic, bearer and a header of that name exclude each other"),
            );
        }
    }
}

fn check_field(header: &str, text: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    check_sent_name(header, at.key(), found);
    if HeaderValue::from_str(text).is_err() {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("the value of `{header}` cannot be sent"))
                .at(at, "a header's value is one line of visible characters"),
        );
    }
}

/// The name of a field of a request: one that says where the request goes and how long it is cannot be a contract's.
fn check_sent_name(header: &str, at: Place, found: &mut Vec<Diagnostic>) {
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
        check_name(header, at, found);
    }
}

fn check_name(header: &str, at: Place, found: &mut Vec<Diagnostic>) {
    if !is_token(header) {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("`{header}` cannot be the name of a header"))
                .at(at, "letters, digits and dashes are due"),
        );
    }
}

fn check_media(text: &str, at: Place, found: &mut Vec<Diagnostic>) {
    let (essence, _) = text.split_once(';').unwrap_or((text, ""));
    if !essence.trim().split_once('/').is_some_and(|(kind, format)| is_token(kind) && is_token(format)) {
        found.push(
            Diagnostic::error(Code::BadHeader, format!("`{text}` is no media type"))
                .at(at, "a type and a subtype are due")
                .help("write it like `application/xml`"),
        );
    }
}

fn is_token(text: &str) -> bool {
    HeaderName::from_bytes(text.as_bytes()).is_ok()
}
