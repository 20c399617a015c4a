//! The thing that a clause is about.

use std::fmt;

/// The thing that a clause is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The status of the answer.
    Status,
    /// A header of the answer.
    Header(String),
    /// A field of the body, by its JSON Pointer.
    Field(String),
    /// The body as a whole.
    Body,
    /// The error code.
    Code,
    /// The cause of an answer.
    Cause,
    /// A part of the request.
    Request,
    /// The state that follows.
    Effect,
}

impl About {
    /// Returns whether a whole answer of another kind breaks the clause, and no single part of it does.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Cause | Self::Request)
    }
}

impl fmt::Display for About {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => formatter.write_str("the status"),
            Self::Header(name) => write!(formatter, "the header {name}"),
            Self::Field(pointer) => write!(formatter, "the field {pointer}"),
            Self::Body => formatter.write_str("the body"),
            Self::Code => formatter.write_str("the error code"),
            Self::Cause => formatter.write_str("the cause of the answer"),
            Self::Request => formatter.write_str("a part of the request"),
            Self::Effect => formatter.write_str("the state afterwards"),
        }
    }
}
