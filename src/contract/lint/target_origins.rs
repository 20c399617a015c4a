//! Targets: origins that are more or less than scheme, host and port, and modes that no key could pick.

use super::vendor_scope::VendorScope;
use crate::contract::language::Mode;
use crate::text::diagnostic::{Code, Diagnostic};
use std::net::Ipv6Addr;

pub(super) fn target_origins(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    let has_test_value = file.credentials.values().any(|credential| credential.test.is_some());
    for (name, target) in &file.targets {
        let at = scope.vendor_at("targets").child(name);
        let also = target.also.iter().enumerate().map(|(index, origin)| (origin, at.child("also").index(index)));
        for (origin, at) in std::iter::once((&target.origin, at.child("origin"))).chain(also) {
            if !is_origin(origin) {
                found.push(
                    Diagnostic::error(Code::BadOrigin, format!("`{origin}` is no origin"))
                        .at(at, "scheme, host and port alone are due")
                        .help("write it like `https://api.example.com`; the path stands in each request"),
                );
            }
        }
        if target.mode == Mode::Key && !has_test_value {
            found.push(
                Diagnostic::error(Code::NoTestValue, "no credential says what a test value looks like")
                    .at(at.child("mode"), "the key in use is to pick test or live")
                    .help("say `test: REGEX` of the credential that does"),
            );
        }
    }
}

/// Whether a text is a scheme, a host and perhaps a port.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    if let Some((address, port)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return address.parse::<Ipv6Addr>().is_ok() && is_port;
    }
    match rest.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(rest),
    }
}

fn is_host(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    })
}

fn is_port(text: &str) -> bool {
    !text.starts_with('+') && text.parse::<u16>().is_ok_and(|port| port > 0)
}
