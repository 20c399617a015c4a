//! The subject of a clause, by its id and by the outcome that cites it: one answer for everyone who asks.

use crate::contract::language::Status;
use crate::contract::{Outcome, Promise};
use serde_json::Value;

/// The subject of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The status of the answer.
    Status,
    /// An error code.
    Code(&'a str),
    /// A header of the answer.
    Header(&'a str),
    /// The body as a whole.
    Body,
    /// A field of the body, at any depth.
    Field(&'a str),
    /// The cause of an answer, which a row cites.
    Cause,
}

/// The two parts of a clause's id: `404.unknown` is `unknown` in the section `404`. A code may have dots of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClauseId<'a> {
    /// The part before the first dot.
    pub section: &'a str,
    /// The part after it.
    pub name: &'a str,
}

impl<'a> ClauseId<'a> {
    /// Reads an id; one without a dot has no parts.
    pub fn parse(id: &'a str) -> Option<Self> {
        let (section, name) = id.split_once('.')?;
        Some(Self { section, name })
    }

    /// Whether the clause is in the section of the error codes.
    pub fn is_code(self) -> bool {
        self.section == "errors"
    }

    /// Whether the clause speaks of the request.
    pub fn is_request(self) -> bool {
        self.section == "request"
    }

    /// Whether the clause speaks of the state afterwards.
    pub fn is_effect(self) -> bool {
        self.section == "effects"
    }

    /// The status that the section names.
    pub fn status(self) -> Option<Documented> {
        Documented::parse(self.section)
    }

    /// The subject of the clause where an outcome cites it.
    pub fn in_outcome(self, outcome: &Outcome) -> Subject<'a> {
        let Self { name, .. } = self;
        if self.is_code() {
            Subject::Code(name)
        } else if name == "status" && self.status().is_some() {
            Subject::Status
        } else if matches!(&outcome.body, Promise::Json(shape) if constrains(&shape.schema, name)) {
            Subject::Field(name)
        } else if promises_header(outcome, name) {
            Subject::Header(name)
        } else if name == "body" {
            Subject::Body
        } else {
            Subject::Field(name)
        }
    }

    /// The subject of the clause where a row cites it.
    pub fn in_row(self) -> Subject<'a> {
        if self.is_code() { Subject::Code(self.name) } else { Subject::Cause }
    }
}

/// The status that a section names: `404`, or `5xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documented {
    /// One status.
    Exact(u16),
    /// All statuses of a hundred, by its first digit.
    Class(u16),
}

impl Documented {
    /// Reads the name of a section.
    pub fn parse(section: &str) -> Option<Self> {
        if let Some(class) = section.strip_suffix("xx") {
            return class.parse().ok().filter(|class| (1..=5).contains(class)).map(Self::Class);
        }
        section.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::Exact)
    }

    /// Whether a status is the one, or one of the class.
    pub fn admits(self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => status == exact,
            Self::Class(class) => status / 100 == class,
        }
    }

    /// Whether an outcome documents the status.
    pub fn is_of(self, outcome: &Outcome) -> bool {
        match (&outcome.status, self) {
            (Some(status), Self::Exact(exact)) => status.admits(exact),
            (Some(Status::Class(hundred)), Self::Class(class)) => *hundred == class,
            (Some(Status::Exact(list)), Self::Class(class)) => list.iter().any(|status| status / 100 == class),
            (None, _) => false,
        }
    }
}

/// Whether a clause's name is that of a header; `content_type` is `Content-Type`.
pub fn names_header(name: &str, header: &str) -> bool {
    header.replace('-', "_").eq_ignore_ascii_case(&name.replace('-', "_"))
}

fn promises_header(outcome: &Outcome, name: &str) -> bool {
    let has_media = outcome.media.is_some() || matches!(outcome.body, Promise::Json(_));
    outcome.headers.keys().any(|header| names_header(name, header))
        || has_media && names_header(name, http::header::CONTENT_TYPE.as_str())
}

/// Whether a schema says anything of a field of a name, at any depth.
pub fn constrains(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(keyword, value)| match (keyword.as_str(), value) {
            ("properties", Value::Object(fields)) => {
                fields.contains_key(name) || fields.values().any(|field| constrains(field, name))
            }
            ("const", constant) => holds_key(constant, name),
            ("enum" | "examples" | "not" | "required", _) => false,
            (_, value) => constrains(value, name),
        }),
        Value::Array(items) => items.iter().any(|item| constrains(item, name)),
        _ => false,
    }
}

/// Whether a constant has a key of a name, at any depth.
fn holds_key(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => map.contains_key(name) || map.values().any(|value| holds_key(value, name)),
        Value::Array(items) => items.iter().any(|item| holds_key(item, name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_ends_at_its_first_dot_and_a_code_may_have_more() {
        let code = ClauseId::parse("errors.card.declined").unwrap();
        assert_eq!(code.in_row(), Subject::Code("card.declined"));
        assert_eq!(ClauseId::parse("4xx.status").unwrap().status(), Some(Documented::Class(4)));
        assert_eq!(ClauseId::parse("404.unknown").unwrap().in_row(), Subject::Cause);
        assert_eq!(ClauseId::parse("request.method").unwrap().status(), None);
        assert_eq!(ClauseId::parse("none"), None);
    }

    #[test]
    fn a_name_of_a_header_has_dashes_or_underscores() {
        assert!(names_header("content_type", "Content-Type") && names_header("Location", "location"));
        assert!(!names_header("location", "Content-Location"));
    }
}
