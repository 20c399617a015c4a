//! What a vendor's file says of values that it has not yet: patterns of ids and test keys, samples of them, variables, origins.

use super::names::is_name;
use super::patterns::compiled;
use super::scope::Scope;
use super::test_pattern;
use crate::contract::language::{CodePlace, Mode};
use crate::contract::template::{Names, Template};
use crate::contract::{Vendor, variable_prefix};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use regex::Regex;
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    credentials(scope, found);
    ids(scope, found);
    targets(scope, found);
    pointers(scope, found);
}

fn credentials(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, credential) in &scope.vendor.file.credentials {
        let at = scope.at("credentials").child(name);
        variable(scope.vendor, &credential.env, at.child("env"), found);
        let Some(test) = &credential.test else { continue };
        found.extend(test_pattern::loose(test, at.child("test")));
        match compiled(test, at.child("test")) {
            Err(mistake) => found.push(mistake),
            Ok(test) if !drawn(&credential.mock).iter().all(|value| test.is_match(value)) => found.push(
                Diagnostic::error(Code::BadSample, "the mock's value is not what a test value looks like")
                    .at(at.child("mock"), "made so")
                    .at(at.child("test"), "refused by this"),
            ),
            Ok(_) => {}
        }
    }
    for (name, resource) in &scope.vendor.file.resources {
        for (state, env) in &resource.fixtures {
            variable(scope.vendor, env, scope.at("resources").child(name).child("fixtures").child(state), found);
        }
    }
}

fn variable(vendor: &Vendor, name: &str, at: Place, found: &mut Vec<Diagnostic>) {
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    if !starts || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        found.push(
            Diagnostic::error(Code::BadVariable, format!("`{name}` is no name of an environment variable"))
                .at(at, "letters, digits and underscores are due, no digit first"),
        );
    } else if is_name(&vendor.name) && !vendor.owns(name) {
        let prefix = variable_prefix(&vendor.name);
        found.push(
            Diagnostic::error(Code::ForeignVariable, format!("`{name}` is not a variable of `{}`", vendor.name))
                .at(at, format!("must begin with `{prefix}`"))
                .help(format!("rename it, for example to `{prefix}{name}`")),
        );
    }
}

fn ids(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, resource) in &scope.vendor.file.resources {
        let (id, at) = (&resource.id, scope.at("resources").child(name).child("id"));
        let pattern = match compiled(&id.pattern, at.child("pattern")) {
            Ok(pattern) => pattern,
            Err(mistake) => {
                found.push(mistake);
                continue;
            }
        };
        let well_formed = [("new", Some(&id.new)), ("other_mode", id.other_mode.as_ref())];
        for (key, text) in well_formed.into_iter().filter_map(|(key, text)| Some((key, text?))) {
            if let Some(value) = drawn(text).iter().find(|value| !pattern.is_match(value)) {
                found.push(
                    Diagnostic::error(
                        Code::BadSample,
                        format!("`{value}` is not well formed, and an id so made is to be"),
                    )
                    .at(at.child(key), "made so")
                    .at(at.child("pattern"), "refused by this"),
                );
            }
        }
        for (sample, text) in &id.malformed {
            malformed(text, &pattern, &at, sample, found);
        }
    }
}

fn malformed(text: &str, pattern: &Regex, at: &Place, name: &str, found: &mut Vec<Diagnostic>) {
    let sample = || at.child("malformed").child(name);
    if text.is_empty() {
        found.push(
            Diagnostic::error(Code::BadSample, "an empty id is `missing`, not `malformed`")
                .at(sample(), "name it under `when` as `missing`"),
        );
    } else if drawn(text).iter().any(|value| pattern.is_match(value)) {
        found.push(
            Diagnostic::error(Code::BadSample, format!("`{text}` is well formed, and is to be malformed"))
                .at(sample(), "made so")
                .at(at.child("pattern"), "accepted by this"),
        );
    }
}

/// Values that a text with something drawn in it may come to: those at the ends of each class of letters, and one that has all.
fn drawn(text: &str) -> Vec<String> {
    let template = Template::parse(text);
    if let Some(text) = template.literal() {
        return vec![text.to_owned()];
    }
    let letters = ["0123456789abcdefghijklmnopqrstuvwxyz", "0", "z", "9", "a"];
    let made = letters.iter().filter_map(|letters| template.text(&Extreme(letters)).ok());
    let mut made: Vec<String> = made.collect();
    made.dedup();
    made
}

/// Draws the same letters again and again.
struct Extreme(&'static str);

impl Names for Extreme {
    fn value(&self, name: &str) -> Option<Value> {
        // Asked for the length alone; the letters are chosen here, so that one contract has one answer.
        let drawn = crate::contract::template::draw(name)?;
        let length = drawn.as_str()?.len();
        let allowed: Vec<char> = match name {
            "uuid" => return Some(uuid(self.0).into()),
            _ if name.starts_with("hex") => self.0.chars().filter(char::is_ascii_hexdigit).collect(),
            _ if name.starts_with("digits") => self.0.chars().filter(char::is_ascii_digit).collect(),
            _ => self.0.chars().collect(),
        };
        let allowed = if allowed.is_empty() { vec!['0'] } else { allowed };
        Some(allowed.into_iter().cycle().take(length).collect::<String>().into())
    }
}

fn uuid(letters: &str) -> String {
    let mut letters: Vec<char> = letters.chars().filter(char::is_ascii_hexdigit).collect();
    if letters.is_empty() {
        letters.push('0');
    }
    let mut letters = letters.into_iter().cycle();
    "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"
        .chars()
        .map(|letter| if letter == 'x' { letters.next().unwrap_or('0') } else { letter })
        .collect()
}

fn targets(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    for (name, target) in &file.targets {
        let at = scope.at("targets").child(name);
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
        if target.mode == Mode::Key && !file.credentials.values().any(|credential| credential.test.is_some()) {
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
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port.strip_prefix(':').or_else(|| port.is_empty().then_some("1"))),
        None => rest.split_once(':').map_or((rest, Some("1")), |(host, port)| (host, Some(port))),
    };
    let is_ipv6 = rest.starts_with('[') && host.parse::<std::net::Ipv6Addr>().is_ok();
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    let is_host = is_ipv6 || (!rest.starts_with('[') && host.split('.').all(is_label));
    is_host && port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0) && !port.starts_with('+'))
}

fn pointers(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let file = &scope.vendor.file;
    if let Some(CodePlace::Body(text)) = &file.error_code {
        pointer(text, scope.at("error_code"), found);
    }
    for (name, resource) in &file.resources {
        let Some(sweep) = &resource.sweep else { continue };
        let at = scope.at("resources").child(name).child("sweep");
        pointer(&sweep.id, at.child("id"), found);
        if !sweep.items.is_empty() {
            pointer(&sweep.items, at.child("items"), found);
        }
        for (index, mark) in sweep.marks.iter().enumerate() {
            pointer(mark, at.child("marks").index(index), found);
        }
    }
    for page in &scope.pages {
        for row in page.operation.rows.values() {
            for (name, text) in &row.capture {
                pointer(text, row.at.child("capture").child(name), found);
            }
        }
        for outcome in page.operation.outcomes.values() {
            for (index, text) in outcome.secret.iter().enumerate() {
                pointer(text, outcome.at.child("secret").index(index), found);
            }
            for (index, text) in outcome.shown_here().enumerate() {
                pointer(text, outcome.at.child("shown").index(index), found);
            }
        }
    }
}

fn pointer(text: &str, at: Place, found: &mut Vec<Diagnostic>) {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if !text.starts_with('/') || !escapes {
        found.push(
            Diagnostic::error(Code::BadPointer, format!("`{text}` is no JSON Pointer"))
                .at(at, "a pointer begins with `/`")
                .help(format!("write it like `/{}`", text.trim_start_matches(['/', '.', '$']).replace('.', "/"))),
        );
    }
}
