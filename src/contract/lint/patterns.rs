//! Regular expressions: whether one can be used, each found out once.

use crate::contract::template::Template;
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use jsonschema::PatternOptions;
use regex::{Error, Regex};
use serde_json::json;
use std::collections::HashMap;

/// What is known of patterns so far.
#[derive(Default)]
pub(super) struct Patterns {
    known: HashMap<String, Option<String>>,
}

impl Patterns {
    /// The mistake of a pattern that stands in a schema, where there is one.
    pub(super) fn in_schema(&mut self, pattern: &str, at: Place) -> Option<Diagnostic> {
        if let Some(name) = Template::parse(pattern).names().next() {
            let name = name.to_owned();
            return Some(misplaced(&name, at));
        }
        if !self.known.contains_key(pattern) {
            let schema = json!({ "pattern": pattern });
            let built = jsonschema::options().with_pattern_options(PatternOptions::regex()).offline().build(&schema);
            let reason = built.err().map(|_| Regex::new(pattern).err().as_ref().map_or_else(unusable, reason));
            self.known.insert(pattern.to_owned(), reason);
        }
        let reason = self.known.get(pattern)?.as_ref()?;
        Some(refused(pattern, reason, at))
    }
}

/// A pattern compiled as it stands, or the mistake of it.
pub(super) fn compiled(pattern: &str, at: Place) -> Result<Regex, Diagnostic> {
    if let Some(name) = Template::parse(pattern).names().next() {
        return Err(misplaced(name, at));
    }
    Regex::new(pattern).map_err(|error| refused(pattern, &reason(&error), at))
}

fn misplaced(name: &str, at: Place) -> Diagnostic {
    Diagnostic::error(Code::MisplacedReference, format!("`${name}` stands in a pattern, where it is not replaced"))
        .at(at, "a pattern is the same for every request")
        .help("promise a reference as a constant; `$` before a letter matches nothing in a pattern")
}

fn refused(pattern: &str, reason: &str, at: Place) -> Diagnostic {
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
    mistake
}

/// What is wrong, in one line.
fn reason(error: &Error) -> String {
    match error {
        Error::CompiledTooBig(limit) => format!("it grows beyond {limit} bytes when it is compiled"),
        Error::Syntax(text) => {
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
        _ => unusable(),
    }
}

fn unusable() -> String {
    "it is no regular expression that runs in linear time".to_owned()
}
