//! Regular expressions: whether one can be used, each found out once.

use crate::contract::template::Template;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use jsonschema::PatternOptions;
use regex::{Error, Regex};
use serde_json::json;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The patterns of schemas that were looked at, and why each cannot be used.
#[derive(Default)]
pub(super) struct Patterns<'a> {
    known: HashMap<&'a str, Option<String>>,
}

impl<'a> Patterns<'a> {
    /// The mistake of a pattern in a schema, where there is one.
    pub(super) fn check(&mut self, pattern: &'a str, at: Place) -> Option<Diagnostic> {
        if let Some(name) = Template::parse(pattern).names().next() {
            return Some(misplaced_reference(name, at));
        }
        let reason = match self.known.entry(pattern) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(reason_in_schema(pattern)),
        };
        reason.as_ref().map(|reason| bad_pattern(pattern, reason, at))
    }
}

/// The reason why a schema cannot have a pattern.
fn reason_in_schema(pattern: &str) -> Option<String> {
    let schema = json!({ "pattern": pattern });
    let built = jsonschema::options().with_pattern_options(PatternOptions::regex()).offline().build(&schema);
    built.is_err().then(|| match Regex::new(pattern) {
        Err(error) => reason_of(&error),
        Ok(_) => NOT_LINEAR.to_owned(),
    })
}

/// Compiles a pattern outside a schema, or finds the mistake of it.
pub(super) fn compile_pattern(pattern: &str, at: Place) -> Result<Regex, Diagnostic> {
    if let Some(name) = Template::parse(pattern).names().next() {
        return Err(misplaced_reference(name, at));
    }
    Regex::new(pattern).map_err(|error| bad_pattern(pattern, &reason_of(&error), at))
}

fn misplaced_reference(name: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::MisplacedReference, format!("`${name}` stands in a pattern, where it is not replaced"))
        .at(at, "a pattern is the same for every request")
        .help("promise a reference as a constant; `$` before a letter matches nothing in a pattern")
}

fn bad_pattern(pattern: &str, reason: &str, at: Place) -> Diagnostic {
    let mut shown: String = pattern.chars().take(40).collect();
    if shown.len() < pattern.len() {
        shown.push_str("...");
    }
    let mistake =
        Diagnostic::error(Code::BadPattern, format!("`{shown}` is no pattern that can be used")).at(at, reason);
    if reason.contains("look-around") || reason.contains("backreference") {
        return mistake
            .help("patterns run in linear time; say the same by `not`, `enum` or several patterns under `allOf`");
    }
    if reason.contains("bytes") {
        return mistake.help("write smaller counts, or no counts inside of others");
    }
    mistake.help("close what is opened; `\\[`, `\\(`, `\\.` and the like are the signs themselves")
}

const NOT_LINEAR: &str = "it is no regular expression that runs in linear time";

/// The words for an error, in one line.
fn reason_of(error: &Error) -> String {
    match error {
        Error::CompiledTooBig(limit) => format!("it grows beyond {limit} bytes when it is compiled"),
        Error::Syntax(text) => {
            let (_, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text));
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
        _ => NOT_LINEAR.to_owned(),
    }
}
