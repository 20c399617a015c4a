//! Patterns of ids and of test keys, beside the samples that a vendor's file has of them.

use super::drawn_texts::drawn_texts;
use super::patterns::compile_pattern;
use super::test_pattern::test_pattern;
use super::vendor_scope::VendorScope;
use crate::contract::language::Ids;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use regex::Regex;

pub(super) fn samples(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    for (name, credential) in &scope.vendor.file.credentials {
        if let Some(test) = &credential.test {
            check_test_key(test, &credential.mock, &scope.credential_at(name), found);
        }
    }
    for (name, resource) in &scope.vendor.file.resources {
        let at = scope.vendor_at("resources").child(name).child("id");
        match compile_pattern(&resource.id.pattern, at.child("pattern")) {
            Ok(pattern) => check_ids(&resource.id, &pattern, &at, found),
            Err(mistake) => found.push(mistake),
        }
    }
}

fn check_test_key(test: &str, mock: &str, at: &Place, found: &mut Vec<Diagnostic>) {
    found.extend(test_pattern(test, at.child("test")));
    match compile_pattern(test, at.child("test")) {
        Err(mistake) => found.push(mistake),
        Ok(test) if drawn_texts(mock).iter().all(|value| test.is_match(value)) => {}
        Ok(_) => found.push(
            Diagnostic::error(Code::BadSample, "the mock's value is not what a test value looks like")
                .at(at.child("mock"), "made so")
                .at(at.child("test"), "refused by this"),
        ),
    }
}

fn check_ids(id: &Ids, pattern: &Regex, at: &Place, found: &mut Vec<Diagnostic>) {
    check_well_formed(&at.child("new"), &id.new, pattern, at, found);
    if let Some(text) = &id.other_mode {
        check_well_formed(&at.child("other_mode"), text, pattern, at, found);
    }
    if id.other_mode_env.is_some() && id.other_mode.is_none() {
        found.push(
            Diagnostic::error(Code::BadSample, "an id of the other mode is supplied, and its form is not known")
                .at(at.child("other_mode_env"), "supplied here")
                .help("add `other_mode`, the form of such ids"),
        );
    }
    for (sample, text) in &id.unknown {
        check_well_formed(&at.child("unknown").child(sample), text, pattern, at, found);
    }
    for (sample, text) in &id.malformed {
        found.extend(well_formed_sample(text, pattern, at, sample));
    }
}

fn check_well_formed(sample: &Place, text: &str, pattern: &Regex, at: &Place, found: &mut Vec<Diagnostic>) {
    if let Some(value) = drawn_texts(text).iter().find(|value| !pattern.is_match(value)) {
        found.push(
            Diagnostic::error(Code::BadSample, format!("`{value}` is not well formed, and an id so made is to be"))
                .at(sample, "made so")
                .at(at.child("pattern"), "refused by this")
                .help("mend the sample, or the pattern where the vendor has such ids"),
        );
    }
}

/// The mistake of a malformed sample that is well formed, or missing.
fn well_formed_sample(text: &str, pattern: &Regex, at: &Place, name: &str) -> Option<Diagnostic> {
    let sample = at.child("malformed").child(name);
    if text.is_empty() {
        let mistake = Diagnostic::error(Code::BadSample, "an empty id is `missing`, not `malformed`");
        return Some(mistake.at(sample, "name it under `when` as `missing`"));
    }
    drawn_texts(text).iter().any(|value| pattern.is_match(value)).then(|| {
        Diagnostic::error(Code::BadSample, format!("`{text}` is well formed, and is to be malformed"))
            .at(sample, "made so")
            .at(at.child("pattern"), "accepted by this")
    })
}
