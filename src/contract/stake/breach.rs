//! An answer that breaks a clause: another answer than the mock's, in one thing alone.

use crate::contract::{RowId, Vendor};
use serde_json::Value;

/// An answer that breaks a clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The row whose answer it is: the case's own, or that of a read afterwards.
    pub answer: RowId,
    /// The thing in which it departs.
    pub lie: Lie,
}

/// The thing in which an answer departs.
#[derive(Debug, Clone, PartialEq)]
pub enum Lie {
    /// The status.
    Status(u16),
    /// The value of a field, or that there is none.
    Field {
        /// The JSON Pointer.
        pointer: String,
        /// The value.
        value: Option<Value>,
    },
    /// The value of a header, or that there is none.
    Header {
        /// The name.
        name: String,
        /// The value.
        value: Option<String>,
    },
    /// The body as a whole.
    Body(&'static str),
    /// All of it: the answer is that of another row of the operation.
    Row(RowId),
}

impl Breach {
    /// The answer in words, for the row whose case has to notice it.
    pub fn words(&self, vendor: &Vendor, row: RowId) -> String {
        let lie = match &self.lie {
            Lie::Status(status) => format!("the status is {status}"),
            Lie::Field { pointer, value: None } => format!("`{pointer}` is not there"),
            Lie::Field { pointer, value: Some(value) } => format!("`{pointer}` is {value}"),
            Lie::Header { name, value: None } => format!("the header {name} is not there"),
            Lie::Header { name, value: Some(value) } => format!("the header {name} is `{value}`"),
            Lie::Body("") => "the body is empty".to_owned(),
            Lie::Body(text) => format!("the body is `{text}`"),
            Lie::Row(other) => format!("the answer is that of `{}`", vendor[*other].name),
        };
        if self.answer == row {
            return lie;
        }
        format!("afterwards, of {}/{}, {lie}", vendor[self.answer.operation].name, vendor[self.answer].name)
    }
}
